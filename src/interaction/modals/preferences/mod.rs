//! Preferences: whether and when the digest comes, what is in it, and whether somebody is named.

mod form;
mod shown;
#[cfg(test)]
mod tests;
mod values;

use super::waiting::{Outcome, Place, answer, settled, show};
use crate::{
    interaction::{Reply, Submission, home, saying, view::notice},
    personal::{self, PersonalError, Standing, Surface},
    store::MemberRecord,
    workspace::Workspace,
};
pub(super) use form::{CALLBACK, ZONE, called, every_day};
use form::{DIGEST, Form, TITLE, Usual};
use serde_json::Value;
use shown::Shown;
use values::Wanted;

/// Opens them; false where it was too late.
pub(super) async fn open(workspace: &Workspace, member: &MemberRecord, trigger: &str) -> bool {
    let view = match stands(workspace, member).await {
        Ok((standing, usual)) => Form::of(&standing).view(&usual, workspace.now()),
        Err(error) => {
            super::log(&error);
            notice(TITLE, &[&error.words()])
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
                if matches!(outcome, Outcome::Show(_)) {
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
    let Some(shown) = Shown::read(&submission.view.private_metadata) else {
        return Ok(Outcome::wrong(DIGEST, "This form cannot be read any more. Please close it and open it again."));
    };
    let (standing, usual) = stands(workspace, &member).await?;
    let read = values::read(&submission.view.state, &shown, &usual, &standing.preferences, workspace.now());
    let wanted = match read {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(Outcome::Errors(faults)),
    };
    if wanted == Wanted::default() {
        return Ok(Outcome::Show(notice(TITLE, &["Nothing was changed.", &saying::status(&standing)])));
    }
    personal::change_preferences(workspace, &member, &wanted.preferences, Surface::Modal).await?;
    let mut told = None;
    let mut named = wanted.named;
    match wanted.digest {
        // After the preferences: the answer says when the next one comes.
        Some(true) => {
            let opted_in = personal::opt_in(workspace, &member, Surface::Modal).await?;
            let view = home::welcome(&opted_in, &personal::look_for(workspace, &member).await);
            // A submission is answered once, so in a form that every workspace draws.
            told = Some(settled(&view).unwrap_or(view));
        }
        Some(false) => {
            personal::opt_out(workspace, &member, Surface::Modal).await?;
            // That takes back the name too, which this form leaves as it is.
            named = named.or(Some(standing.consents.named));
        }
        None => {}
    }
    if let Some(named) = named {
        personal::name_me(workspace, &member, named, Surface::Modal).await?;
    }
    let told = match told {
        Some(told) => told,
        None => told_saved(&personal::standing(workspace, &member).await?, wanted.named),
    };
    Ok(Outcome::Show(told))
}

/// What holds from now on: a form that closes without a word leaves its reader wondering.
fn told_saved(standing: &Standing, named: Option<bool>) -> Value {
    let status = saying::status(standing);
    let named = named.map(|named| {
        if named { "Team summaries name you when you are MVP of the week." } else { "Team summaries do not name you." }
    });
    let words: Vec<_> = ["Saved.", status.as_str()].into_iter().chain(named).collect();
    notice(TITLE, &words)
}

/// How things stand with the member, and what holds who chose nothing.
async fn stands(workspace: &Workspace, member: &MemberRecord) -> Result<(Standing, Usual), PersonalError> {
    let standing = personal::standing(workspace, member).await?;
    let rules = workspace.rules().await?;
    let digest = &workspace.settings.digest;
    let sections = rules.sections_for(None).map_or_else(|| super::listed(digest), <[_]>::to_vec);
    Ok((standing, Usual::of(&rules, sections, digest.show_cost, member)))
}
