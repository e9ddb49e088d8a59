//! What takes longer than Slack waits: a modal that opens at once and is filled later, a submission that is answered later.

use crate::{
    interaction::{
        ModalReply, Reply,
        caught::caught,
        view::{Modal, notice},
    },
    message::Message,
    slack::{SlackError, ViewHandle},
    workspace::Workspace,
};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

/// Slack waits for three seconds, the way there and back included, and both transports for less.
const PATIENCE: Duration = Duration::from_secs(1);

/// Slack's words for blocks that a workspace does not draw yet.
const REFUSED_BLOCKS: [&str; 2] = ["invalid_blocks", "invalid_arguments"];

/// Where a modal opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::interaction) enum Place {
    /// By itself.
    Alone,
    /// On top of the one whose button was pressed.
    OnTop,
}

/// A modal that is open and waits for what it is to show.
#[derive(Debug)]
pub(in crate::interaction) struct Waiting {
    workspace: Workspace,
    handle: ViewHandle,
}

/// Opens a modal that says `words`; none where it is too late, or Slack does not answer.
pub(in crate::interaction) async fn open(
    workspace: &Workspace,
    trigger: Option<&str>,
    place: Place,
    (title, words): (&str, &str),
) -> Option<Waiting> {
    let handle = show(workspace, trigger?, place, &notice(title, &[words])).await?;
    Some(Waiting { workspace: workspace.clone(), handle })
}

/// Opens `view` as it is; none where it is too late, or Slack does not answer.
pub(in crate::interaction) async fn show(
    workspace: &Workspace,
    trigger: &str,
    place: Place,
    view: &Value,
) -> Option<ViewHandle> {
    let opened = match place {
        Place::Alone => workspace.client.open_view(trigger, view).await,
        Place::OnTop => workspace.client.push_view(trigger, view).await,
    };
    opened.unwrap_or_else(|error| {
        tracing::warn!(error = %error, slack.code = error.code(), "a modal could not be opened");
        None
    })
}

impl Waiting {
    /// Fills it; once again in plain sections where Slack refuses newer blocks.
    pub(in crate::interaction) async fn fill(self, view: &Value) {
        fill(&self.workspace, &self.handle.id, view).await;
    }

    pub(in crate::interaction) async fn say(self, title: &str, words: &str) {
        self.fill(&notice(title, &[words])).await;
    }
}

/// Replaces the modal `id` by `view`; once again in plain sections where Slack refuses newer blocks.
pub(in crate::interaction) async fn fill(workspace: &Workspace, id: &str, view: &Value) {
    let mut answer = workspace.client.update_view(id, None, view).await;
    if let (Err(SlackError::Refused { code, .. }), Some(settled)) = (&answer, settled(view))
        && REFUSED_BLOCKS.contains(&code.as_str())
    {
        tracing::warn!(slack.code = code, "Slack refused the form of a modal, it is filled with plain sections");
        answer = workspace.client.update_view(id, None, &settled).await;
    }
    if let Err(error) = answer {
        tracing::warn!(error = %error, slack.code = error.code(), "a modal could not be filled");
    }
}

/// The view with the same numbers in plain sections; none where nothing in it is new to any workspace, or it asks something.
pub(super) fn settled(view: &Value) -> Option<Value> {
    let blocks = view.get("blocks")?.as_array()?.clone();
    let message = Message { text: String::new(), blocks };
    let asks = message.blocks.iter().any(|block| block["type"] == "input");
    (message.has_rich_blocks() && !asks).then(|| {
        let mut settled = view.clone();
        settled["blocks"] = Value::Array(message.without_rich_blocks().blocks);
        settled
    })
}

/// What comes of a submission.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::interaction) enum Outcome {
    /// All is done; all modals close.
    Clear,
    /// What is wrong, by block id.
    Errors(BTreeMap<String, String>),
    /// The same; and what is shown where the form is gone by then: it again, with what was filled in.
    Again(BTreeMap<String, String>, Value),
    Show(Value),
}

impl Outcome {
    pub(in crate::interaction) fn wrong(block: &str, words: impl Into<String>) -> Self {
        Self::Errors(BTreeMap::from([(block.to_owned(), words.into())]))
    }

    fn reply(self) -> Reply {
        match self {
            Self::Clear => Reply::Modal(ModalReply::Clear),
            Self::Errors(errors) | Self::Again(errors, _) => Reply::Modal(ModalReply::Errors(errors)),
            Self::Show(view) => Reply::Modal(ModalReply::Update(view)),
        }
    }

    /// What stands in the modal when the answer comes after Slack stopped waiting.
    fn later(self, title: &str) -> Value {
        match self {
            Self::Clear => notice(title, &["Done."]),
            Self::Show(view) | Self::Again(_, view) => view,
            Self::Errors(errors) => {
                let lines: Vec<_> = errors.values().map(String::as_str).collect();
                notice(title, &[&["Nothing was changed."], &lines[..]].concat())
            }
        }
    }
}

/// Answers the submission of the modal `id` with what comes of `work`: at once where that is quick. Else the modal says that it
/// goes on, and then what came of it.
pub(in crate::interaction) async fn answer(
    workspace: &Workspace,
    id: &str,
    title: &'static str,
    work: impl Future<Output = Outcome> + Send + 'static,
) -> Reply {
    let mut work = workspace.tasks.spawn(async move { caught(work).await.unwrap_or_else(|| failed(title)) });
    let outcome = match tokio::time::timeout(PATIENCE, &mut work).await {
        Ok(outcome) => return outcome.unwrap_or_else(|_| failed(title)).reply(),
        Err(_) => work,
    };
    let (workspace, id) = (workspace.clone(), id.to_owned());
    workspace.tasks.clone().spawn(async move {
        let outcome = outcome.await.unwrap_or_else(|_| failed(title));
        fill(&workspace, &id, &outcome.later(title)).await;
    });
    Reply::Modal(ModalReply::Update(Modal::new("notice", title).clears().block(still()).json()))
}

fn still() -> Value {
    crate::interaction::view::section("This takes a little longer. You can close this: it goes on.")
}

/// After a panic, of which the log tells.
fn failed(title: &str) -> Outcome {
    let words = "Something went wrong on Recap's side. Please look whether it was done, and try again.";
    Outcome::Show(notice(title, &[words]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::lint;
    use serde_json::json;

    #[test]
    fn a_view_is_settled_once_and_only_where_that_changes_it() {
        let chart = json!({"type": "data_visualization", "title": "Sessions by day", "chart": {"type": "pie",
            "segments": [{"label": "Mon", "value": 3}]}});
        let view = Modal::new("week", "My week").block(chart).json();
        let settled_view = settled(&view).unwrap();
        assert_eq!(settled_view["blocks"][0]["text"]["text"], "Sessions by day: Mon 3");
        assert_eq!(lint::view_faults(&settled_view), []);
        assert_eq!(settled(&settled_view), None);
    }

    #[test]
    fn a_late_outcome_is_told_in_the_modal() {
        let late = Outcome::wrong("team_channel", "This channel is archived.").later("Team");
        assert_eq!(lint::view_faults(&late), []);
        let shown = late.to_string();
        assert!(shown.contains("Nothing was changed.") && shown.contains("This channel is archived."), "{shown}");
        assert_eq!(lint::view_faults(&Outcome::Clear.later("Team")), []);
    }
}
