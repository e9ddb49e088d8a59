//! How an answer gets to who asked: in the reply where it is quick, else through `response_url`.

use crate::{
    interaction::{Place, Reply},
    message::Message,
    slack::{Response, ResponseUrl, SlackError, Updated},
    workspace::Workspace,
};
use std::time::Duration;
use tokio::{sync::oneshot, time::timeout};

/// Slack waits for three seconds; an answer that takes longer than this comes by itself.
const SOON: Duration = Duration::from_millis(900);

/// Whether an answer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::interaction) enum Pace {
    /// It is nearly always there at once.
    Quick,
    /// It is asked of others, or nobody reads the reply.
    Later,
}

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(in crate::interaction) struct Destination {
    pub(in crate::interaction) respond: Option<ResponseUrl>,
    /// The message that was clicked.
    pub(in crate::interaction) place: Option<Place>,
}

/// Does `work`, which goes on after the reply, and answers with what comes of it; `None` is no answer.
pub(in crate::interaction) async fn give(
    workspace: &Workspace,
    to: Destination,
    pace: Pace,
    work: impl Future<Output = Option<Response>> + Send + 'static,
) -> Reply {
    let Some(respond) = to.respond else {
        return match work.await {
            Some(response) => without_url(workspace, to.place.as_ref(), response).await,
            None => Reply::Nothing,
        };
    };
    let (quickly, mut answered) = oneshot::channel();
    if pace == Pace::Later {
        // Before the work begins, or it could answer to nobody.
        answered.close();
    }
    let of_work = workspace.clone();
    workspace.tasks.spawn(async move {
        let Some(response) = work.await else { return };
        if let Err(response) = quickly.send(response) {
            send(&of_work, &respond, response).await;
        }
    });
    if pace == Pace::Later {
        return Reply::Nothing;
    }
    let in_time = if let Ok(response) = timeout(SOON, &mut answered).await {
        response.ok()
    } else {
        // From here on it comes by itself; what came in this very moment stands in the reply.
        answered.close();
        answered.try_recv().ok()
    };
    match in_time {
        Some(Response::Ephemeral(message)) => Reply::Say(message),
        Some(Response::Replace(_) | Response::Delete) | None => Reply::Nothing,
    }
}

async fn send(workspace: &Workspace, to: &ResponseUrl, response: Response) {
    let mut outcome = workspace.client.respond(to, &response).await;
    if let (Err(SlackError::Refused { .. }), Some(settled)) = (&outcome, settled(&response)) {
        outcome = workspace.client.respond(to, &settled).await;
    }
    if let Err(error) = outcome {
        tracing::warn!(error = &error as &dyn std::error::Error, "an answer did not reach who asked");
    }
}

/// The same without newer blocks, where it has any.
fn settled(response: &Response) -> Option<Response> {
    match response {
        Response::Ephemeral(message) if message.has_rich_blocks() => {
            Some(Response::Ephemeral(message.without_rich_blocks()))
        }
        Response::Replace(message) if message.has_rich_blocks() => {
            Some(Response::Replace(message.without_rich_blocks()))
        }
        _ => None,
    }
}

/// Without a `response_url` a posted message is updated by its address, and all else stands in the reply.
async fn without_url(workspace: &Workspace, place: Option<&Place>, response: Response) -> Reply {
    match (response, place) {
        (
            Response::Replace(message),
            Some(Place::Message { channel, ts, ephemeral: false, delivery: Some(delivery), .. }),
        ) => {
            let updated = workspace.client.update_snapshot(channel, ts, &message.to_json(), false, delivery).await;
            match updated {
                Ok(Updated::Done { .. }) => Reply::Nothing,
                Ok(Updated::Refused { code }) => {
                    tracing::info!(slack.code = code, "a message was not updated after a click");
                    Reply::Nothing
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a message was not updated after a click");
                    Reply::Nothing
                }
            }
        }
        (Response::Ephemeral(message) | Response::Replace(message), _) => say(message),
        (Response::Delete, _) => Reply::Nothing,
    }
}

fn say(message: Message) -> Reply {
    Reply::Say(message)
}
