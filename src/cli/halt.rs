//! `recap halt` and `recap resume`: stops all sending within one message, and lets it go on.

use super::{Context, Failure, answer, state};
use crate::store::{AuditEntry, HALTED, Store};

/// Stop sending, within one message; planning goes on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What falls due meanwhile waits for `recap resume`, within the limits for being late; then it is recorded as missed.")]
pub struct HaltArguments {}

/// Let sending go on after `recap halt`
#[derive(Debug, clap::Args)]
pub struct ResumeArguments {}

/// Stops sending.
pub async fn halt(_: HaltArguments, context: &Context) -> Result<(), Failure> {
    let store = state::existing_store(context).await?;
    let since = context.clock.now().to_rfc3339();
    if !store.swap_value(HALTED, None, Some(&since)).await.map_err(state::explained)? {
        return answer("sending is halted already; `recap resume` lets it go on\n");
    }
    audit(&store, context, "sending.halt").await?;
    answer("sending is halted; `recap resume` lets it go on\n")
}

/// Lets sending go on.
pub async fn resume(_: ResumeArguments, context: &Context) -> Result<(), Failure> {
    let store = state::existing_store(context).await?;
    if store.value(HALTED).await.map_err(state::explained)?.is_none() {
        return answer("sending was not halted\n");
    }
    store.set_value(HALTED, None).await.map_err(state::explained)?;
    audit(&store, context, "sending.resume").await?;
    answer("sending goes on\n")
}

async fn audit(store: &Store, context: &Context, action: &str) -> Result<(), Failure> {
    let entry = AuditEntry {
        at: context.clock.now(),
        actor: "cli".to_owned(),
        action: action.to_owned(),
        subject: "workspace".to_owned(),
        detail: String::new(),
    };
    store.audit(&entry).await.map_err(state::explained)
}
