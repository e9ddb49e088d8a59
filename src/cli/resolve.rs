//! `recap resolve`: settles by hand what nobody else could find out.

use super::{Context, Failure, answer, state};
use crate::{model::DeliveryId, store::ByHand};
use clap::ValueEnum;

/// Settle a delivery whose outcome is unknown
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Recap finds out by itself what became of most; this is for a conversation that it may not read. Look into the
conversation first: a message that is sent again is there twice.

Examples:
  recap resolve 6f1c0b6e5d8e4d0bb1b6f0c2a9d3e471 arrived
  recap resolve 6f1c0b6e5d8e4d0bb1b6f0c2a9d3e471 resend")]
pub struct Arguments {
    /// The delivery's id, as `recap explain` and the notice to owners show it
    #[arg(value_name = "DELIVERY", value_parser = id)]
    delivery: DeliveryId,
    /// What is true of it
    #[arg(value_enum)]
    verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Verdict {
    /// It stands in the conversation
    Arrived,
    /// It does not: send it again
    Resend,
}

fn id(text: &str) -> Result<DeliveryId, String> {
    let id = text.trim().to_lowercase();
    if id.len() == 32 && id.chars().all(|letter| letter.is_ascii_hexdigit()) {
        return Ok(DeliveryId(id));
    }
    Err("a delivery's id has 32 hexadecimal digits".to_owned())
}

/// Settles it, or says why it cannot be.
pub async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let store = state::existing_store(context).await?;
    let id = &arguments.delivery;
    let arrived = arguments.verdict == Verdict::Arrived;
    match store.settle_by_hand(id, arrived, "cli", context.clock.now()).await.map_err(state::explained)? {
        ByHand::Done => answer(if arrived { "recorded as sent\n" } else { "it is sent again\n" }),
        ByHand::NoSuch => {
            Err(Failure::new(format!("there is no delivery `{id}`")).hint("`recap explain EMAIL` shows the ids"))
        }
        ByHand::NotUnknown(state) => Err(Failure::new(format!("the delivery is `{state}`, not unknown"))
            .hint("only an unknown outcome is settled by hand")),
    }
}
