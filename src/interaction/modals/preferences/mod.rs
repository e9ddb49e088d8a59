//! Preferences: whether and when the digest comes, what is in it, and whether somebody is named.

mod form;
#[cfg(test)]
mod tests;
mod values;

use super::waiting::{Outcome, Place, answer, show};
use crate::{
    interaction::{Reply, Submission, home},
    personal::{self, PersonalError, Standing, Surface},
    store::MemberRecord,
    workspace::Workspace,
};
pub(super) use form::{CALLBACK, ZONE, called, every_day};
use form::{DIGEST, Form, TITLE, Usual};

/// Opens them; false where it was too late.
pub(super) async fn open(workspace: &Workspace, member: &MemberRecord, trigger: &str) -> bool {
    let view = match stands(workspace, member).await {
        Ok((standing, usual)) => Form::of(&standing).view(&usual, workspace.now()),
        Err(error) => {
            super::log(&error);
            crate::interaction::view::notice(TITLE, &[&error.words()])
        }
    };
    show(workspace, trigger, Place::Alone, &view).await.is_some()
}

/// Takes them over, for whoever sent them: nothing in the modal says whose they are.
pub(super) async fn submit(workspace: &Workspace, submission: Submission) -> Reply {
    let (inside, id) = (workspace.clone(), submission.view.id.clone());
    answer(workspace, &id, TITLE, async move {
        match saved(&inside, &submission).await {
            Ok(outcome) => {
                if outcome == Outcome::Done {
                    home::publish_soon(&inside, &submission.by.member);
                }
                outcome
            }
            Err(error) => {
                super::log(&error);
                Outcome::wrong(DIGEST, error.words())
            }
        }
    })
    .await
}

async fn saved(workspace: &Workspace, submission: &Submission) -> Result<Outcome, PersonalError> {
    let member = personal::member(workspace, &submission.by.member).await?;
    let (standing, usual) = stands(workspace, &member).await?;
    let read = values::read(&submission.view.state, &usual, &standing.preferences, workspace.now());
    let form = match read {
        Ok(form) => form,
        Err(faults) => return Ok(Outcome::Errors(faults)),
    };
    let before = Form::of(&standing);
    if form.preferences != before.preferences {
        personal::set_preferences(workspace, &member, form.preferences, Surface::Modal).await?;
    }
    if form.digest && !before.digest {
        personal::opt_in(workspace, &member, Surface::Modal).await?;
    }
    if !form.digest && before.digest {
        personal::opt_out(workspace, &member, Surface::Modal).await?;
    }
    // A no to digests takes back the name too, which the same form may give.
    let named = before.named && (form.digest || !before.digest);
    if form.named != named {
        personal::name_me(workspace, &member, form.named, Surface::Modal).await?;
    }
    Ok(Outcome::Done)
}

/// How things stand with the member, and what holds who chose nothing.
async fn stands(workspace: &Workspace, member: &MemberRecord) -> Result<(Standing, Usual), PersonalError> {
    let standing = personal::standing(workspace, member).await?;
    let rules = workspace.rules().await?;
    let configured = workspace.store.report_config("daily", "workspace").await?.and_then(|config| config.sections);
    let digest = &workspace.settings.digest;
    let sections = configured.unwrap_or_else(|| super::listed(digest));
    Ok((standing, Usual::of(&rules, sections, digest.show_cost, member)))
}
