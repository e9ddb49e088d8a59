//! Rows beside the sample's: costs and tokens that cannot be, and teams told in other ways.

use super::{
    dice::Dice,
    facts::{self, Fact, Request, Teams},
};
use crate::support::events::{self, Event};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use recap::model::MemberEmail;

/// Days before the end that have such rows.
const DAYS: u64 = 20;
const ROWS: u64 = 14;

/// A cost in dollars, input and output tokens as the row has them; then what counts of each, and whether it is implausible.
type Amounts = ([&'static str; 3], (i64, [u64; 2], bool));

const AMOUNTS: [Amounts; 9] = [
    (["0.25", "10", "20"], (250_000_000, [10, 20], false)),
    (["-3.5", "10", "20"], (0, [10, 20], true)),
    (["nan", "10", "20"], (0, [10, 20], true)),
    (["inf", "10", "20"], (0, [10, 20], true)),
    (["1e9", "10", "20"], (0, [10, 20], true)),
    (["a lot", "10", "20"], (0, [10, 20], true)),
    (["0.5", "-7", "20"], (500_000_000, [0, 20], true)),
    (["0.5", "10", "9e15"], (500_000_000, [10, 0], true)),
    (["-1", "-1", "-1"], (0, [0, 0], true)),
];

/// Rows of `members` up to `end`, and what they count as.
pub fn extras(members: &[MemberEmail], end: DateTime<Utc>, dice: &mut Dice) -> (Vec<Event>, Vec<Fact>) {
    (0..ROWS).map(|row| extra(row, dice.pick(members).as_str(), end, dice)).unzip()
}

fn extra(row: u64, email: &str, end: DateTime<Utc>, dice: &mut Dice) -> (Event, Fact) {
    let ago = TimeDelta::milliseconds(i64::try_from(1 + dice.below(DAYS * 86_400_000)).unwrap());
    let at = end.trunc_subsecs(3) - ago;
    // Each of them returns to one session, now and then.
    let session = format!("extra-{email}");
    let (texts, (cost_nanos, [input, output], implausible)) = *dice.pick(&AMOUNTS);
    let event = events::event("api_request", &at.format("%Y-%m-%d %H:%M:%S%.3f").to_string())
        .set("user.email", email)
        .set("session.id", &session)
        .set("request_id", &format!("extra-request-{row}"))
        .set("model", "claude-opus-4-5-20251101")
        .set("cost_usd", texts[0])
        .set("input_tokens", texts[1])
        .set("output_tokens", texts[2]);
    let named = |team: Option<&str>, department: Option<&str>| Teams {
        team: team.map(str::to_owned),
        department: department.map(str::to_owned),
    };
    let (event, teams) = match dice.below(4) {
        0 => (event.set("team", " Payments "), named(Some("Payments"), None)),
        1 => (event.resource("team", "Payments"), named(Some("Payments"), None)),
        2 => (event.set("team.id", "  ").set("department", "Engineering"), named(None, Some("Engineering"))),
        _ => (event, named(None, None)),
    };
    let model = "claude-opus-4-5".into();
    let request = Request { cost_nanos, tokens: [input, output, 0, 0], model, implausible };
    (event, facts::request(at, email, session, teams, request))
}
