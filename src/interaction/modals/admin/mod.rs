//! What admins and owners decide in Slack: teams, personal digests of the workspace, previews, invitations. Who may do what is
//! asked at each step; nothing that a modal carries is believed.

mod daily;
mod invite;
mod list;
mod metadata;
mod people;
mod preview;
mod round;
mod team;

use super::waiting::{Outcome, Place};
use crate::{
    admin::{AdminError, FieldFault, Subject},
    interaction::{Action, Reply, Submission, home, payload::Place as From},
    personal,
    store::MemberRecord,
    workspace::Workspace,
};
pub(super) use daily::ZONE as DAILY_ZONE;
pub(in crate::interaction) use daily::{open as open_daily, switch_off as switch_off_daily};
pub(in crate::interaction) use invite::open as open_invitation;
pub(in crate::interaction) use list::open as open_teams;
pub(super) use list::{FIND, found};
use metadata::Metadata;
pub(in crate::interaction) use preview::open as open_preview;
pub(super) use team::ZONE as TEAM_ZONE;
pub(in crate::interaction) use team::{open as open_team, open_new as open_new_team};

pub(super) const PREFIX: &str = "admin_";
/// After somebody else was faster.
const KEPT: &str = "What you changed is kept below. Look at it, and save it again.";

/// A click or choice in one of these modals.
pub(super) async fn act(workspace: &Workspace, action: Action) {
    let From::View(view) = &action.place else { return };
    let member = match personal::member(workspace, &action.by.member).await {
        Ok(member) => member,
        Err(error) => return super::log(&error),
    };
    let trigger = action.by.trigger.as_deref().unwrap_or_default();
    let chosen = action.chosen.one().unwrap_or_default();
    match action.action_id.as_str() {
        team::KIND => team::kind_chosen(workspace, &member, view).await,
        team::CHANNEL => team::channel_chosen(workspace, &member, view).await,
        team::PREVIEW => {
            let Some(team) = Metadata::read(&view.private_metadata).team else { return };
            open_preview(workspace, &member, trigger, Place::OnTop, Subject::Weekly { team }).await;
        }
        preview::CHANNEL => {
            let Some(team) = Metadata::read(&view.private_metadata).team else { return };
            team::open_in(workspace, &member, &view.id, &team).await;
        }
        team::OFF => team::switch_off(workspace, &member, view).await,
        team::REMOVE => team::remove(workspace, &member, view).await,
        daily::PREVIEW => {
            open_preview(workspace, &member, trigger, Place::OnTop, Subject::Daily { member: None }).await;
        }
        daily::OFF => daily::switched_off(workspace, &member, view).await,
        list::FIND => open_team(workspace, &member, trigger, Place::OnTop, chosen).await,
        id if id.starts_with(list::OPEN) => open_team(workspace, &member, trigger, Place::OnTop, chosen).await,
        invite::CHANNEL => invite::channel_chosen(workspace, &member, &view.id, chosen).await,
        _ => tracing::info!("a click in a modal on something that Recap does not know, it is ignored"),
    }
}

/// One of these modals was sent off.
pub(super) async fn submit(workspace: &Workspace, submission: Submission) -> Reply {
    let (inside, id) = (workspace.clone(), submission.view.id.clone());
    let title = match submission.view.callback_id.as_str() {
        team::CALLBACK => team::TITLE,
        daily::CALLBACK => daily::TITLE,
        preview::CALLBACK => preview::TITLE,
        invite::CALLBACK => invite::TITLE,
        _ => {
            tracing::info!("a modal that Recap does not know was sent off, it is ignored");
            return Reply::Nothing;
        }
    };
    super::waiting::answer(workspace, &id, title, async move {
        let member = match personal::member(&inside, &submission.by.member).await {
            Ok(member) => member,
            Err(error) => {
                super::log(&error);
                return Outcome::Show(crate::interaction::view::notice(title, &[&error.words()]));
            }
        };
        let outcome = match title {
            team::TITLE => team::submitted(&inside, &member, &submission.view).await,
            daily::TITLE => daily::submitted(&inside, &member, &submission.view).await,
            preview::TITLE => preview::submitted(&inside, &member, &submission.view).await,
            _ => invite::submitted(&inside, &member, &submission.view).await,
        };
        if matches!(outcome, Outcome::Clear | Outcome::Show(_)) {
            home::publish_soon(&inside, &member.id);
        }
        outcome
    })
    .await
}

/// What is wrong with a change, beside the blocks that `block_of` names; what has none stands beside `other`.
fn refused(error: &AdminError, other: &str, block_of: impl Fn(&str) -> Option<&'static str>) -> Outcome {
    home::log_admin(error);
    let AdminError::Invalid(faults) = error else { return Outcome::wrong(other, error.words()) };
    let mut errors = std::collections::BTreeMap::<String, String>::new();
    for FieldFault { field, reason } in faults {
        let (block, words) = match block_of(field) {
            Some(block) => (block, sentence(reason)),
            None => (other, sentence(&format!("{field}: {reason}"))),
        };
        let known = errors.entry(block.to_owned()).or_default();
        *known = if known.is_empty() { words } else { format!("{known} {words}") };
    }
    if errors.is_empty() { Outcome::wrong(other, error.words()) } else { Outcome::Errors(errors) }
}

/// Why something is not done, as sentences.
fn words(error: &AdminError) -> String {
    match error {
        AdminError::Invalid(faults) if !faults.is_empty() => {
            faults.iter().map(|fault| sentence(&fault.reason)).collect::<Vec<_>>().join(" ")
        }
        error => error.words(),
    }
}

/// A clause as a sentence, without the marks of settings.
fn sentence(clause: &str) -> String {
    let clause = clause.replace('`', "\"");
    let mut letters = clause.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let end = if clause.ends_with(['.', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Who acts, by name of the audit.
fn actor(member: &MemberRecord) -> crate::admin::Actor {
    home::actor(member)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn all_faults_of_a_change_stand_beside_their_blocks() {
        let fault = |field, reason: &str| FieldFault { field, reason: reason.to_owned() };
        let error = AdminError::Invalid(vec![
            fault("time", "`25:00` is not a time of day"),
            fault("channel", "it is archived."),
            fault("exclude", "`x` is no address"),
            fault("days", "`funday` is not a weekday"),
        ]);
        let block_of = |field: &str| match field {
            "time" | "days" => Some("a_time"),
            "channel" => Some("a_channel"),
            _ => None,
        };
        let Outcome::Errors(errors) = refused(&error, "other", block_of) else { panic!("errors") };
        let expected = [
            ("a_channel", "It is archived."),
            ("a_time", "\"25:00\" is not a time of day. \"funday\" is not a weekday."),
            ("other", "Exclude: \"x\" is no address."),
        ];
        assert_eq!(errors, expected.map(|(block, words)| (block.to_owned(), words.to_owned())).into());
        let changed = refused(&AdminError::Changed(Vec::new()), "other", block_of);
        let words = BTreeMap::from([("other".to_owned(), AdminError::Changed(Vec::new()).words())]);
        assert_eq!(changed, Outcome::Errors(words));
    }
}
