//! `recap consent`: somebody's word, recorded by hand.

use super::{Context, Failure, answer, state};
use crate::{
    model::MemberEmail,
    personal::{holds, wording},
    planner::{Rules, refresh_member},
    store::{Activity, Consent, ConsentKind, MemberRecord, Store},
};
use clap::ValueEnum;

/// Where a consent came from that was recorded by hand.
const SURFACE: &str = "cli";

/// Record that somebody agreed to personal digests, or no longer does
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every consent is kept with the name of who recorded it. `on` never overrides a member's own opt-out.

Examples:
  recap consent ada@example.com on --by grace
  recap consent ada@example.com on --by grace --named
  recap consent ada@example.com off --by grace")]
pub struct Arguments {
    /// The member's e-mail address in Slack
    #[arg(value_name = "EMAIL")]
    member: MemberEmail,
    /// Whether they get a daily digest
    #[arg(value_enum)]
    choice: Choice,
    /// Who records it; stands in the audit
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: String,
    /// They also agreed to be named in team summaries
    #[arg(long)]
    named: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    On,
    Off,
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err("a name has 1 to 100 characters and no control characters".to_owned());
    }
    Ok(name.to_owned())
}

/// Records the consent, and says when the next digest comes.
pub async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    if arguments.named && arguments.choice == Choice::Off {
        return Err(Failure::new("`--named` goes with `on` only").hint("`off` takes back being named as well"));
    }
    let (store, member) = match arguments.choice {
        Choice::On => {
            let store = state::store_of_token(context).await?;
            let member = state::member(context, &store, &arguments.member).await?;
            (store, member)
        }
        Choice::Off => {
            let store = state::store(context).await?;
            // Whoever is known may be out, whatever became of them; somebody new is looked up.
            let known = store.member_by_email(&arguments.member).await.map_err(state::explained)?;
            let member = match known {
                Some(member) => member,
                None => state::member(context, &store, &arguments.member).await?,
            };
            (store, member)
        }
    };
    let kinds: &[ConsentKind] = match (arguments.choice, arguments.named) {
        (Choice::On, true) => &[ConsentKind::OptIn, ConsentKind::Named],
        (Choice::On, false) => &[ConsentKind::OptIn],
        (Choice::Off, _) => &[ConsentKind::OptOut, ConsentKind::Unnamed],
    };
    if arguments.choice == Choice::On {
        refuse_own_opt_out(&store, &member, &arguments.member).await?;
    }
    let now = context.clock.now();
    let standing = store.consents_of(&member.id).await.map_err(state::explained)?;
    // Said again, it changes nothing: what is due from before stays due.
    for kind in kinds.iter().filter(|kind| !holds(&standing, **kind)) {
        let consent = Consent {
            member: member.id.clone(),
            kind: *kind,
            at: now,
            surface: SURFACE.to_owned(),
            actor: arguments.by.clone(),
            wording: wording(*kind).to_owned(),
        };
        store.record_consent(&consent).await.map_err(state::explained)?;
    }
    let rules = Rules::of(&context.settings, &store, now).await.map_err(state::explained)?;
    refresh_member(&store, &rules, &member.id, now).await.map_err(state::explained)?;
    answer(&told(&store, &member, &arguments).await?)
}

/// A member's own no stands until they take it back themselves.
async fn refuse_own_opt_out(store: &Store, member: &MemberRecord, email: &MemberEmail) -> Result<(), Failure> {
    let consents = store.consents_of(&member.id).await.map_err(state::explained)?;
    let own = consents.digest.is_some_and(|consent| consent.kind == ConsentKind::OptOut && consent.is_own());
    if own || consents.suppressed {
        return Err(Failure::new(format!("`{email}` opted out themselves, and that stands"))
            .hint("only they can opt in again, in Slack"));
    }
    Ok(())
}

async fn told(store: &Store, member: &MemberRecord, arguments: &Arguments) -> Result<String, Failure> {
    let email = &arguments.member;
    let subscription = store.subscription("daily", &member.id.0).await.map_err(state::explained)?;
    Ok(match subscription.map(|subscription| (subscription.activity, subscription.next_due, subscription.zone)) {
        Some((Activity::On, Some(next), zone)) => {
            let local = next.with_timezone(&zone);
            format!("{email} gets a daily digest, next on {}\n", local.format("%a %Y-%m-%d at %H:%M %Z"))
        }
        _ if arguments.choice == Choice::Off => format!("{email} gets no daily digest\n"),
        Some((Activity::Off(reason), ..)) if reason != "not_enabled" => {
            format!(
                "{email} agreed, and gets nothing as long as this holds: {}\n",
                crate::digest::reasons::reason_in_words(&reason)
            )
        }
        _ => format!("{email} agreed, and gets a daily digest once personal digests are enabled\n"),
    })
}
