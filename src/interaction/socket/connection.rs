//! One connection: what comes is acknowledged before it is worked on, and a silent one counts as dead.

use super::{
    Link,
    frame::{Envelope, Frame, acknowledgement},
    standing::{SocketStanding, Stands},
};
use crate::{
    clock::Clock,
    interaction::{Answered, Desk, Inbound, Reply, Route, desk::way},
    slack::SocketAddress,
    telemetry::metrics::{self, RequestOutcome},
};
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{net::TcpStream, sync::mpsc, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Error, Message, protocol::WebSocketConfig},
};
use tokio_util::sync::CancellationToken;

/// Name look-up, TCP, TLS and the handshake together.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Whoever does not take a frame for so long is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// After so long without a word we ask whether somebody is there; Slack itself does so more often.
const ASK_AFTER: Duration = Duration::from_secs(20);
/// So many questions without a word, and the connection is dead: a minute.
const UNANSWERED: u32 = 3;
/// The largest frame: as the largest body over HTTP.
const LARGEST: usize = 1024 * 1024;
/// How long an acknowledgement may wait for its answer; Slack gives up after 3 s.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_millis(1_500);
/// How long answers that are under way may take when the daemon ends.
const FINISH_WITHIN: Duration = Duration::from_secs(2);

/// How a connection ended, or that it will.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    Stopped,
    /// Slack asks for a new one; this one still hears.
    Renew,
    Disabled,
    Lost(&'static str),
}

#[derive(Debug)]
pub(super) struct Connection {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    desk: Desk,
    clock: Clock,
    standing: SocketStanding,
    stands: Option<Stands>,
    acknowledge: mpsc::UnboundedSender<String>,
    acknowledged: mpsc::UnboundedReceiver<String>,
}

impl Connection {
    /// # Errors
    /// A clause, without the address.
    pub(super) async fn open(address: &SocketAddress, link: &Link) -> Result<Self, String> {
        let limits = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
        let opening = connect_async_with_config(address.as_str(), Some(limits), true);
        let (stream, _) = match timeout(CONNECT_WITHIN, opening).await {
            Ok(opened) => opened.map_err(|error| why(&error).to_owned())?,
            Err(_) => return Err("Slack's socket does not answer".to_owned()),
        };
        let (acknowledge, acknowledged) = mpsc::unbounded_channel();
        Ok(Self {
            stream,
            desk: link.desk.clone(),
            clock: link.clock.clone(),
            standing: link.standing.clone(),
            stands: None,
            acknowledge,
            acknowledged,
        })
    }

    /// Works until the connection ends or shall be renewed; in the latter case it may go on.
    pub(super) async fn serve(&mut self, stop: &CancellationToken) -> End {
        let mut asked = 0;
        let end = loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.finish().await;
                    break End::Stopped;
                }
                Some(words) = self.acknowledged.recv() => {
                    if !self.send(Message::text(words)).await {
                        break End::Lost("Slack takes nothing any more");
                    }
                }
                message = self.stream.next() => {
                    asked = 0;
                    if let Some(end) = self.hear(message) {
                        break end;
                    }
                }
                () = self.clock.sleep(ASK_AFTER) => {
                    asked += 1;
                    if asked >= UNANSWERED || !self.send(Message::Ping(Vec::new().into())).await {
                        break End::Lost("Slack fell silent");
                    }
                }
            }
        };
        if end != End::Renew {
            self.stands = None;
        }
        end
    }

    fn hear(&mut self, message: Option<Result<Message, Error>>) -> Option<End> {
        match message {
            Some(Ok(Message::Text(text))) => match Frame::read(&text) {
                Frame::Hello if self.stands.is_none() => {
                    tracing::info!("a connection of Socket Mode stands");
                    self.stands = Some(self.standing.stands());
                }
                Frame::Envelope(envelope) => self.take(envelope),
                Frame::Renew => return Some(End::Renew),
                Frame::Disabled => return Some(End::Disabled),
                Frame::Hello | Frame::Other => {}
            },
            Some(Ok(Message::Close(_))) | None => return Some(End::Lost("Slack closed the connection")),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Some(End::Lost(why(&error))),
        }
        None
    }

    /// Acknowledges at once, unless somebody waits for an answer that the acknowledgement may carry.
    fn take(&self, envelope: Envelope) {
        let Envelope { id, kind, accepts_answer, payload } = envelope;
        let route = match kind.as_str() {
            "slash_commands" => Route::Commands,
            "interactive" => Route::Interactions,
            "events_api" => Route::Events,
            kind => {
                tracing::info!(kind, "Slack sent an envelope of an unknown type, it is ignored");
                return self.acknowledge(acknowledgement(&id, None));
            }
        };
        let inbound = match route.read_payload(payload, &id, self.desk.client()) {
            Ok(inbound) => inbound,
            Err(fault) => {
                tracing::warn!(fault = %fault, route = ?route, "what Slack sent cannot be read");
                metrics::request(route.label(), RequestOutcome::Malformed);
                return self.acknowledge(acknowledgement(&id, None));
            }
        };
        let waits = accepts_answer && inbound.iter().any(wants_answer);
        if !waits {
            self.acknowledge(acknowledgement(&id, None));
        }
        let (desk, acknowledge) = (self.desk.clone(), self.acknowledge.clone());
        self.desk.spawn(async move {
            let later = inbound.iter().find_map(way);
            let answered = desk.answer(route, inbound, ACKNOWLEDGE_WITHIN).await;
            let words = match &answered {
                _ if !waits => None,
                // Without a word Slack tells who waits that it did not work.
                Answered::Failed(Reply::Nothing) => return,
                Answered::Reply(reply) | Answered::Failed(reply) => Some(acknowledgement(&id, reply.body())),
                Answered::Later => Some(acknowledgement(&id, None)),
            };
            if words.is_none_or(|words| acknowledge.send(words).is_err()) {
                desk.say_late(answered, later.as_ref()).await;
            }
        });
    }

    fn acknowledge(&self, words: String) {
        // The other end is ours, and lives as long as this.
        let _ = self.acknowledge.send(words);
    }

    async fn send(&mut self, message: Message) -> bool {
        matches!(timeout(SEND_WITHIN, self.stream.send(message)).await, Ok(Ok(())))
    }

    /// Answers under way are waited for, and nothing new is taken.
    async fn finish(&mut self) {
        let (nobody, _) = mpsc::unbounded_channel();
        self.acknowledge = nobody;
        let rest = async {
            while let Some(words) = self.acknowledged.recv().await {
                if self.stream.send(Message::text(words)).await.is_err() {
                    return;
                }
            }
            let _ = self.stream.close(None).await;
        };
        let _ = timeout(FINISH_WITHIN, rest).await;
    }
}

/// Whether somebody waits for the answer: of a click Slack shows none.
fn wants_answer(inbound: &Inbound) -> bool {
    matches!(inbound, Inbound::Command(_) | Inbound::Submission(_) | Inbound::Suggestion(_))
}

/// In words of ours: the error's own may hold the address.
fn why(error: &Error) -> &'static str {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => "Slack closed the connection",
        Error::Io(_) => "the connection to Slack's socket broke, or none came about",
        Error::Tls(_) => "Slack's socket shows no certificate that holds",
        Error::Capacity(_) => "Slack sent a frame that is too large",
        Error::Http(_) | Error::HttpFormat(_) | Error::Url(_) => "Slack's socket refuses the connection",
        _ => "what answers does not speak as a socket of Slack's does",
    }
}
