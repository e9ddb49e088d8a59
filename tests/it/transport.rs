//! What Slack sends, over HTTP and over Socket Mode, until somebody answers it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

mod http;
mod late;
pub mod slack;
mod socket;
mod socket_life;

use async_trait::async_trait;
use futures::future::{BoxFuture, FutureExt};
use recap::{
    interaction::{Answers, Inbound, Reply},
    message::Message,
};
use serde_json::json;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::timeout;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(40);

type Script = dyn Fn(Inbound) -> BoxFuture<'static, Reply> + Send + Sync;

/// Answers as a test says, and keeps what it was asked.
struct Scripted {
    script: Box<Script>,
    heard: Mutex<Vec<Inbound>>,
}

impl Scripted {
    fn of<Answering>(script: impl Fn(Inbound) -> Answering + Send + Sync + 'static) -> Arc<Self>
    where
        Answering: Future<Output = Reply> + Send + 'static,
    {
        Arc::new(Self { script: Box::new(move |inbound| script(inbound).boxed()), heard: Mutex::default() })
    }

    /// Always the same.
    fn saying(reply: Reply) -> Arc<Self> {
        Self::of(move |_| std::future::ready(reply.clone()))
    }

    fn heard(&self) -> Vec<Inbound> {
        self.heard.lock().unwrap().clone()
    }
}

#[async_trait]
impl Answers for Scripted {
    async fn answer(&self, inbound: Inbound) -> Reply {
        self.heard.lock().unwrap().push(inbound.clone());
        (self.script)(inbound).await
    }
}

fn hello() -> Reply {
    Reply::Say(Message { text: "Hello, Ada".into(), blocks: vec![json!({ "type": "divider" })] })
}

async fn within<T>(what: &str, waiting: impl Future<Output = T>) -> T {
    timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("not in time: {what}"))
}
