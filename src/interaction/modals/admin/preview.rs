//! A preview, through the real path; only what was shown here can be enabled here.

use super::{
    super::waiting::{Outcome, Place, open as open_waiting},
    Metadata, actor,
};
use crate::{
    admin::{self, AdminError, Change, Preview, Report, Scope, Subject},
    config::Enrollment,
    interaction::{
        View, home,
        view::{Modal, actions, button, context, divider, header, held, notice, section},
    },
    store::MemberRecord,
    workspace::Workspace,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

pub(super) const CALLBACK: &str = "admin_preview";
pub(super) const TITLE: &str = "Preview";
/// Leads from a team without a channel to its editor.
pub(super) const CHANNEL: &str = "admin_preview_channel";
const MOST_NOTES: usize = 10;
/// So many times are named.
const MOST_TIMES: usize = 5;
/// What Enable does, as people are enrolled.
const TO_WHO_AGREED: &str = "With Enable it comes to who agreed, at the times that each of them has.";
const TO_WHO_DID_NOT_OBJECT: &str = "With Enable it comes to everybody with usage who did not opt out.";

/// Whether what is previewed is enabled already, and whether who looks may enable it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    enabled: bool,
    may_enable: Enabling,
    version: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Enabling {
    Yes,
    /// Personal digests, which come to whom this says.
    Digests(&'static str),
    No,
    /// The team has no channel; whether who looks may choose one.
    WithoutChannel {
        may_choose: bool,
    },
}

/// Opens it, to be filled as soon as it is made.
pub(in crate::interaction) async fn open(
    workspace: &Workspace,
    member: &MemberRecord,
    trigger: &str,
    place: Place,
    subject: Subject,
) {
    let words = (TITLE, "Preparing the preview…");
    let Some(waiting) = open_waiting(workspace, Some(trigger), place, words).await else { return };
    match made(workspace, member, &subject).await {
        Ok((preview, standing)) => waiting.fill(&view(&subject, &preview, standing)).await,
        Err(error) => {
            home::log_admin(&error);
            waiting.say(TITLE, &error.words()).await;
        }
    }
}

async fn made(
    workspace: &Workspace,
    member: &MemberRecord,
    subject: &Subject,
) -> Result<(Preview, Standing), AdminError> {
    let actor = actor(member);
    // What is enabled later is what stood before the preview was made: a change meanwhile makes it another one.
    let standing = match subject {
        Subject::Daily { member } => {
            let daily = admin::overview(workspace).await?;
            let may_enable = member.is_none() && admin::rights(workspace, &actor).await?.admin;
            let may_enable = match (may_enable, workspace.settings.digest.enrollment) {
                (false, _) => Enabling::No,
                (true, Enrollment::OptIn) => Enabling::Digests(TO_WHO_AGREED),
                (true, Enrollment::OptOut) => Enabling::Digests(TO_WHO_DID_NOT_OBJECT),
            };
            Standing { enabled: daily.enabled, may_enable, version: daily.version }
        }
        Subject::Weekly { team } => {
            let teams = admin::team_overview(workspace, &actor).await?;
            let team = teams.iter().find(|known| known.name == *team);
            let enabled = team.is_some_and(|team| team.weekly.enabled_at.is_some());
            let may_enable = match team.map(|team| &team.weekly.channel) {
                None => Enabling::No,
                Some(Some(_)) => Enabling::Yes,
                Some(None) => {
                    let may_choose = admin::rights(workspace, &actor).await?.admin;
                    Enabling::WithoutChannel { may_choose }
                }
            };
            Standing { enabled, may_enable, version: team.map_or(0, |team| team.version) }
        }
    };
    Ok((admin::preview(workspace, &actor, subject).await?, standing))
}

fn view(subject: &Subject, preview: &Preview, standing: Standing) -> Value {
    let team = match subject {
        Subject::Daily { .. } => None,
        Subject::Weekly { team } => Some(team.clone()),
    };
    let metadata = Metadata { team, version: Some(standing.version), ..Metadata::default() };
    let mut modal = Modal::new(CALLBACK, TITLE).metadata(metadata.write());
    if preview.sample {
        modal = modal.block(section("The numbers are made up."));
    }
    let notes = preview.notes.iter().take(MOST_NOTES).map(|note| section(note));
    modal = modal.blocks(notes).block(divider()).blocks(held(&preview.message)).block(divider());
    let when = if preview.why_not.is_some() { "When it would come" } else { "When it comes" };
    modal = modal.block(header(when));
    if let Some(why) = preview.hindrance() {
        modal = modal.block(section(&format!("{why} By the schedule it would come:")));
    }
    modal = modal.block(section(&times(&preview.next, preview.zone)));
    if standing.enabled {
        return modal.block(context("It is enabled.")).json();
    }
    match standing.may_enable {
        Enabling::Yes => {
            let words = "It is not enabled. With Enable it comes at these times from now on.";
            modal.block(context(words)).submit("Enable").json()
        }
        Enabling::Digests(words) => {
            modal.block(context(&format!("It is not enabled. {words}"))).submit("Enable").json()
        }
        Enabling::No => modal.block(context("It is not enabled.")).json(),
        Enabling::WithoutChannel { may_choose: true } => {
            let words = "It is not enabled. It can be, once the team has a channel for its summary.";
            modal.block(context(words)).block(actions(vec![button(CHANNEL, "Choose a channel")])).json()
        }
        Enabling::WithoutChannel { may_choose: false } => {
            let words = "It is not enabled. It can be, once an admin has chosen a channel for its summary.";
            modal.block(context(words)).json()
        }
    }
}

/// The next times, one a line.
fn times(next: &[DateTime<Utc>], zone: Tz) -> String {
    if next.is_empty() {
        return "No time is known: the schedule has no day that is left.".to_owned();
    }
    next.iter().take(MOST_TIMES).map(|next| home::at(*next, zone)).collect::<Vec<_>>().join("\n")
}

/// Enables what was previewed; who asks, and whether they were shown it, is found out anew.
pub(super) async fn submitted(workspace: &Workspace, member: &MemberRecord, shown: &View) -> Outcome {
    let metadata = Metadata::read(&shown.private_metadata);
    let (report, scope, enabled) = match metadata.team {
        Some(team) => (Report::Weekly, Scope::Team(team), "It is enabled. It comes:"),
        None => (Report::Daily, Scope::Workspace, "It is enabled. Who chose no other time gets it:"),
    };
    let change = Change { enabled: Some(true), version: metadata.version, ..Change::of(report, scope) };
    match admin::configure(workspace, &actor(member), &change).await {
        Ok(configured) => {
            let zone = home::zone_of(workspace, member).await;
            let next = format!("{enabled}\n{}", times(&configured.next, zone));
            let notes = configured.notes.iter().take(MOST_NOTES).map(String::as_str);
            Outcome::Show(notice(TITLE, &[next.as_str()].into_iter().chain(notes).collect::<Vec<_>>()))
        }
        Err(error) => {
            home::log_admin(&error);
            Outcome::Show(notice(TITLE, &[&error.words()]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Message, lint, text};
    use serde_json::json;

    fn preview(blocks: Vec<Value>, notes: Vec<String>) -> Preview {
        let next = ["2026-01-19T08:00:00Z", "2026-03-30T07:00:00Z"].map(|at| at.parse().unwrap()).to_vec();
        let message = Message { text: "Claude Code weekly.".to_owned(), blocks };
        Preview { message, next, zone: Tz::Europe__Berlin, sample: true, notes, why_not: None }
    }

    const NEW: Standing = Standing { enabled: false, may_enable: Enabling::Yes, version: 7 };

    fn platform() -> Subject {
        Subject::Weekly { team: "Platform".to_owned() }
    }

    #[test]
    fn a_preview_shows_the_message_its_times_and_then_the_button() {
        let blocks = vec![
            json!({"type": "header", "text": {"type": "plain_text", "text": "Claude Code weekly — Platform"}}),
            json!({"type": "actions", "elements": [{"type": "button", "action_id": "weekly_see_mine",
                "text": {"type": "plain_text", "text": "See my numbers"}}]}),
        ];
        let view = view(&platform(), &preview(blocks, vec!["Recap is not in #platform.".to_owned()]), NEW);
        assert_eq!(lint::view_faults(&view), []);
        let drawn = text::render(&Message { text: String::new(), blocks: view["blocks"].as_array().unwrap().clone() });
        insta::assert_snapshot!(drawn, @r"
        The numbers are made up.
        Recap is not in #platform.
        ---
        Claude Code weekly — Platform
        [See my numbers]
        ---
        When it comes
        Mon, Jan 19 at 09:00 (Europe/Berlin)
        Mon, Mar 30 at 09:00 (Europe/Berlin)
        It is not enabled. With Enable it comes at these times from now on.
        ");
        assert_eq!(view["submit"]["text"], "Enable");
        assert_eq!(Metadata::read(view["private_metadata"].as_str().unwrap()).version, Some(7));
    }

    #[test]
    fn what_is_enabled_or_anothers_to_enable_has_no_button() {
        for standing in [Standing { enabled: true, ..NEW }, Standing { may_enable: Enabling::No, ..NEW }] {
            let view = view(&platform(), &preview(Vec::new(), Vec::new()), standing);
            assert_eq!((view.get("submit"), lint::view_faults(&view)), (None, Vec::new()), "{standing:?}");
        }
    }

    #[test]
    fn personal_digests_come_to_who_agreed_and_what_keeps_them_from_the_reader_is_said() {
        let daily = Subject::Daily { member: None };
        let standing = Standing { may_enable: Enabling::Digests(TO_WHO_AGREED), ..NEW };
        let why_not = |why: &str| Preview { why_not: Some(why.to_owned()), ..preview(Vec::new(), Vec::new()) };
        let strange = view(&daily, &why_not("You have not opted in."), standing).to_string();
        assert!(strange.contains("You have not opted in. By the schedule it would come:"), "{strange}");
        assert!(strange.contains("It is not enabled. With Enable it comes to who agreed"), "{strange}");
        assert!(!strange.contains("at these times"), "{strange}");
        let willing =
            view(&daily, &why_not("Personal digests are not enabled for this workspace."), standing).to_string();
        assert!(
            !willing.contains("By the schedule it would come") && willing.contains("When it would come"),
            "{willing}"
        );
        assert_eq!(view(&daily, &why_not("You have not opted in."), standing)["submit"]["text"], "Enable");
    }

    #[test]
    fn the_largest_message_fits_the_modal() {
        let section = json!({"type": "section", "text": {"type": "plain_text", "text": "x".repeat(230)}});
        let blocks = vec![section; 50];
        let view = view(&platform(), &preview(blocks, vec!["n".repeat(5_000); 50]), NEW);
        assert_eq!(lint::view_faults(&view), []);
    }
}
