//! "Delete my data", asked once more before it is done.

use super::waiting::{Outcome, Place, answer, show};
use crate::{
    interaction::{
        Reply, Submission, home,
        view::{Modal, notice, section},
    },
    personal,
    workspace::Workspace,
};
use serde_json::Value;

pub(super) const CALLBACK: &str = "delete";
const TITLE: &str = "Delete my data";

/// Opens the question; false where it was too late.
pub(in crate::interaction) async fn open(workspace: &Workspace, trigger: &str) -> bool {
    show(workspace, trigger, Place::Alone, &view()).await.is_some()
}

/// Deletes the data of whoever sent it off.
pub(super) async fn submit(workspace: &Workspace, submission: Submission) -> Reply {
    let (inside, id) = (workspace.clone(), submission.view.id.clone());
    answer(workspace, &id, TITLE, async move {
        let member = &submission.by.member;
        let deleted = match personal::member(&inside, member).await {
            Ok(record) => personal::delete_data(&inside, &record).await,
            Err(error) => Err(error),
        };
        Outcome::Show(match deleted {
            Ok(()) => {
                home::publish_soon(&inside, member);
                notice(TITLE, &[DELETED])
            }
            Err(error) => {
                super::log(&error);
                notice(TITLE, &[&error.words()])
            }
        })
    })
    .await
}

const DELETED: &str = "Your preferences, your consents and the history of your digests are deleted. You get no digest unless \
     you turn it on yourself again.";

fn view() -> Value {
    Modal::new(CALLBACK, TITLE)
        .submit("Delete my data")
        .block(section(
            "This deletes what Recap keeps about you: your preferences, what you agreed to, the history of your digests, \
             and your wish to be named. You get no digest any more.",
        ))
        .block(section(
            "What stays: the fact that you deleted it, and a note that you are not to be subscribed again. The usage data \
             itself is not Recap's: your company keeps it, and Recap only reads it. Being on a team also stays, for that \
             is your team's list.",
        ))
        .json()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::lint;

    #[test]
    fn what_goes_and_what_stays_is_said_before() {
        let view = view();
        assert_eq!(lint::view_faults(&view), []);
        let said = view.to_string();
        assert!(said.contains("This deletes") && said.contains("What stays"), "{said}");
        assert_eq!(lint::view_faults(&notice(TITLE, &[DELETED])), []);
    }
}
