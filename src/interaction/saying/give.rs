//! How an answer gets to who asked: in the reply where it is quick, else through `response_url`.

use super::plain;
use crate::{
    interaction::{
        Place, Reply,
        caught::{caught, failed},
    },
    message::Message,
    model::{ChannelId, MemberId},
    slack::{Response, ResponseUrl, SlackError, Updated, send_to_channel},
    workspace::Workspace,
};
use std::time::Duration;
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Slack waits for three seconds; an answer that takes longer than this comes by itself.
const SOON: Duration = Duration::from_millis(900);

/// Who has heard nothing for so long wonders whether anything came of it.
const STILL_AFTER: Duration = Duration::from_secs(8);
const STILL: &str = "This takes longer than usual. The answer comes here as soon as it is there.";
/// Before Slack is given an answer again that it did not take, where it does not say when.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Whatever it says: whoever asked has given up by then.
const LATEST_AGAIN: Duration = Duration::from_secs(30);

/// Whether an answer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::interaction) enum Pace {
    /// It is nearly always there at once.
    Quick,
    /// It is asked of others, or nobody reads the reply.
    Later,
    /// As [`Pace::Later`], and where all goes well nothing is said: nobody is told to wait.
    Silent,
}

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(in crate::interaction) struct Destination {
    pub(in crate::interaction) respond: Option<ResponseUrl>,
    /// Where it was clicked.
    pub(in crate::interaction) place: Option<Place>,
    pub(in crate::interaction) who: MemberId,
    /// Cancelled once something came: from then on nobody is told to wait.
    pub(in crate::interaction) heard: CancellationToken,
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
            Some(response) => without_url(workspace, to.place.as_ref(), &to.who, response).await,
            None => Reply::Nothing,
        };
    };
    let (quickly, mut answered) = oneshot::channel();
    if pace == Pace::Silent {
        to.heard.cancel();
    }
    if pace != Pace::Quick {
        // Before the work begins, or it could answer to nobody.
        answered.close();
    }
    let of_work = workspace.clone();
    workspace.tasks.spawn(async move {
        let still = async {
            let still = Response::Ephemeral(plain(STILL));
            if let Err(error) = of_work.client.respond(&respond, &still).await {
                tracing::info!(error = %error, slack.code = error.code(), "who waits was not told so");
            }
        };
        let done = patiently(caught(work), (STILL_AFTER, &to.heard), still).await;
        let Some(response) = done.unwrap_or_else(|| Some(Response::Ephemeral(failed()))) else { return };
        if let Err(response) = quickly.send(response) {
            send(&of_work, &respond, (to.place.as_ref(), &to.who), response).await;
        }
    });
    if pace != Pace::Quick {
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

/// Does `work`; where it takes longer than `after` and nothing was heard of it until then, `tell` comes before its end.
async fn patiently<T>(
    work: impl Future<Output = T>,
    (after, heard): (Duration, &CancellationToken),
    tell: impl Future<Output = ()>,
) -> T {
    tokio::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => return done,
        () = sleep(after) => {}
    }
    if heard.is_cancelled() {
        return work.await;
    }
    tokio::join!(work, tell).0
}

/// Answers at once, and is done when Slack has it: for work that goes on after its answer.
pub(in crate::interaction) async fn deliver(workspace: &Workspace, to: &Destination, response: Response) {
    to.heard.cancel();
    match &to.respond {
        Some(respond) => send(workspace, respond, (to.place.as_ref(), &to.who), response).await,
        None => drop(without_url(workspace, to.place.as_ref(), &to.who, response).await),
    }
}

/// Through the address that Slack gave; where Slack does not take it there, in another way, for whoever hears nothing asks
/// again. What Slack took without saying so stands there twice then, for the same eyes.
async fn send(workspace: &Workspace, to: &ResponseUrl, (place, who): (Option<&Place>, &MemberId), response: Response) {
    let mut outcome = workspace.client.respond(to, &response).await;
    if let (Err(SlackError::Refused { .. }), Some(settled)) = (&outcome, settled(&response)) {
        outcome = workspace.client.respond(to, &settled).await;
    }
    if let Err(SlackError::Later { retry_after, .. }) = &outcome {
        sleep(again_after(*retry_after)).await;
        outcome = workspace.client.respond(to, &response).await;
    }
    let Err(error) = outcome else { return };
    tracing::info!(error = %error, slack.code = error.code(), "Slack does not take an answer where it was asked for");
    // To a command there is no reply any more.
    if let Reply::Say(message) = without_url(workspace, place, who, response).await
        && !told_directly(workspace, who, &message).await
    {
        tracing::warn!("an answer did not reach who asked");
    }
}

/// As long as Slack asks for, within reason.
fn again_after(asked_for: Option<Duration>) -> Duration {
    asked_for.unwrap_or_default().clamp(AGAIN_AFTER, LATEST_AGAIN)
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

/// Without a `response_url` a posted message is updated by its address. Of what answers a click Slack shows nothing, so words
/// come beside what was clicked, or else in the direct conversation; those to a command stand in the reply.
async fn without_url(workspace: &Workspace, place: Option<&Place>, who: &MemberId, response: Response) -> Reply {
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
        (Response::Ephemeral(message) | Response::Replace(message), None) => Reply::Say(message),
        (Response::Ephemeral(message) | Response::Replace(message), Some(place)) => {
            let beside = match place {
                Place::Message { channel, .. } => told_beside(workspace, channel, who, &message).await,
                Place::View(_) => false,
            };
            if !beside && !told_directly(workspace, who, &message).await {
                tracing::warn!("an answer did not reach who clicked");
            }
            Reply::Nothing
        }
        (Response::Delete, _) => Reply::Nothing,
    }
}

/// For the eyes of `who` alone, in `channel`; false where Slack does not take it.
async fn told_beside(workspace: &Workspace, channel: &ChannelId, who: &MemberId, message: &Message) -> bool {
    let mut told = workspace.client.tell_alone(channel, who, message).await;
    if matches!(told, Err(SlackError::Refused { .. })) && message.has_rich_blocks() {
        told = workspace.client.tell_alone(channel, who, &message.without_rich_blocks()).await;
    }
    if let Err(error) = &told {
        tracing::info!(error = %error, slack.code = error.code(), "an answer cannot stand beside what was clicked");
    }
    told.is_ok()
}

async fn told_directly(workspace: &Workspace, who: &MemberId, message: &Message) -> bool {
    let Ok(channel) = workspace.client.open_dm(who).await else { return false };
    let plain = message.has_rich_blocks().then(|| message.without_rich_blocks());
    send_to_channel(&workspace.client, &channel, message, plain.as_ref()).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[tokio::test(start_paused = true)]
    async fn who_waits_long_is_told_so_once_and_before_the_answer() {
        for (takes, expected) in [(7, vec!["done"]), (9, vec!["still", "done"]), (600, vec!["still", "done"])] {
            let told = RefCell::new(Vec::new());
            let work = async {
                sleep(Duration::from_secs(takes)).await;
                "done"
            };
            let done =
                patiently(work, (STILL_AFTER, &CancellationToken::new()), async { told.borrow_mut().push("still") })
                    .await;
            told.borrow_mut().push(done);
            assert_eq!(told.into_inner(), expected, "{takes} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_heard_something_is_not_told_to_wait() {
        for (heard_after, expected) in [(1, false), (7, false), (9, true)] {
            let (heard, told) = (CancellationToken::new(), RefCell::new(false));
            let work = async {
                sleep(Duration::from_secs(heard_after)).await;
                heard.cancel();
                sleep(Duration::from_secs(20)).await;
            };
            patiently(work, (STILL_AFTER, &heard), async { *told.borrow_mut() = true }).await;
            assert_eq!(told.into_inner(), expected, "{heard_after} s");
        }
    }

    #[test]
    fn an_answer_is_given_again_when_slack_says_and_not_much_later() {
        for (asked_for, waits) in [(None, 1), (Some(0), 1), (Some(5), 5), (Some(30), 30), (Some(3600), 30)] {
            assert_eq!(again_after(asked_for.map(Duration::from_secs)), Duration::from_secs(waits), "{asked_for:?}");
        }
    }
}
