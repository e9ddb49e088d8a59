//! Modals: preferences, "My week", and what admins and owners decide.

mod admin;
mod delete;
mod fields;
mod preferences;
mod waiting;
mod week;
mod zones;

use super::{
    Action, Reply, Submission, Suggestion,
    caught::{FAILED, caught},
    view::notice,
};
use crate::{
    config::{DailySection, Digest},
    personal::PersonalError,
    store::MemberRecord,
    workspace::Workspace,
};
pub(super) use admin::{
    open_daily, open_invitation, open_new_team, open_preview, open_team, open_teams, switch_off_daily,
};
pub(super) use delete::open as open_delete;
use preferences::{called, every_day};
pub(super) use waiting::{Place, open as open_waiting, show};
pub(super) use week::freshness;

/// How the action ids begin that are answered here.
pub(super) const PREFIXES: [&str; 3] = ["preferences_", "week_", "admin_"];

/// A click or choice in a modal, or a button that opens one.
pub(super) fn act(workspace: &Workspace, action: Action) -> Reply {
    if action.action_id.starts_with(admin::PREFIX) {
        // Admins are looked up in Slack, and Slack waits for its answer.
        let workspace = workspace.clone();
        workspace.tasks.clone().spawn(async move {
            let trigger = action.by.trigger.clone();
            if caught(Box::pin(admin::act(&workspace, action))).await.is_none() {
                let words = notice("Recap", &[FAILED]);
                show(&workspace, trigger.as_deref().unwrap_or_default(), Place::OnTop, &words).await;
            }
        });
    }
    Reply::Nothing
}

/// A modal was sent off.
pub(super) async fn submit(workspace: &Workspace, submission: Submission) -> Reply {
    match submission.view.callback_id.clone().as_str() {
        preferences::CALLBACK => preferences::submit(workspace, submission).await,
        delete::CALLBACK => delete::submit(workspace, submission).await,
        callback if callback.starts_with(admin::PREFIX) => admin::submit(workspace, submission).await,
        _ => {
            tracing::info!("a modal that Recap does not know was sent off, it is ignored");
            Reply::Nothing
        }
    }
}

/// Options for what was typed.
pub(super) async fn suggest(workspace: &Workspace, suggestion: Suggestion) -> Reply {
    match suggestion.action_id.as_str() {
        preferences::ZONE | admin::TEAM_ZONE | admin::DAILY_ZONE => {
            Reply::Options(zones::suggest(&suggestion.typed, workspace.now()))
        }
        admin::FIND => Reply::Options(admin::found(workspace, &suggestion).await),
        _ => Reply::Options(Vec::new()),
    }
}

/// Opens the preferences; false where the trigger had expired.
pub(super) async fn open_preferences(workspace: &Workspace, member: &MemberRecord, trigger: &str) -> bool {
    preferences::open(workspace, member, trigger).await
}

/// Opens "My week": at once with a word that it is being counted, then with the numbers; false where the trigger had
/// expired.
pub(super) async fn open_week(workspace: &Workspace, member: &MemberRecord, trigger: &str) -> bool {
    week::open(workspace, member, trigger).await
}

/// The names of the sections that the settings list.
fn listed(digest: &Digest) -> Vec<String> {
    let listed = DailySection::ALL.into_iter().filter(|(_, section)| digest.listed.contains(section));
    listed.map(|(name, _)| name.to_owned()).collect()
}

/// What failed on our side stands in the log; what a person did is no failure.
pub(super) fn log(error: &PersonalError) {
    match error {
        PersonalError::NotAMember | PersonalError::NoAddress | PersonalError::Unusable(_) => {
            tracing::debug!("a member was told no");
        }
        error => tracing::warn!(error = error as &dyn std::error::Error, "a member could not be answered"),
    }
}
