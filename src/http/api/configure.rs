//! `POST /api/admin/reports/configure`: what is sent, when and where.

use super::{Caller, body, fields::Fields, office};
use crate::{
    admin::{Change, Configured, Report, Scope},
    http::{
        desk::AdminDesk,
        problem::{FieldError, Problem},
    },
};
use axum::{Extension, Json, body::Body, extract::State, http::HeaderMap};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ReportName {
    /// The personal daily digest.
    Daily,
    /// A team's weekly summary.
    Weekly,
}

/// The words of [`ReportName`].
pub(super) const REPORTS: [(&str, Report); 2] = [("daily", Report::Daily), ("weekly", Report::Weekly)];

/// A change of a team's, of a member's, or (neither named) of the workspace's reports. What is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Configure)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "this is the schema; the body is read field by field, for all faults at once")]
pub(super) struct ConfigureBody {
    report: ReportName,
    /// A team's name. Where there is no team of this name, one is made if the body says who is on it and `create` is not
    /// false; the answer's `created` tells so.
    team: Option<String>,
    /// True: make this team, and refuse a name that is taken. False: change this team, and refuse a name that no team has.
    create: Option<bool>,
    /// A member's e-mail address, or id in Slack.
    member: Option<String>,
    /// Nothing can be enabled before its preview was shown to this token; a member's digest can only be switched off.
    enabled: Option<bool>,
    /// The local time, as `09:30`.
    #[schema(example = "09:00")]
    time: Option<String>,
    /// `mon-fri` or `mon,wed`; of a weekly, one day.
    #[schema(example = "mon-fri")]
    days: Option<String>,
    /// An IANA time zone.
    #[schema(example = "Europe/Berlin")]
    zone: Option<String>,
    /// A channel's id, where a team's summary goes.
    #[schema(example = "C0123456789")]
    channel: Option<String>,
    /// Names of sections, as settings write them.
    sections: Option<Vec<String>>,
    /// Of a team: e-mail addresses. Of `members`, `usergroup` and `attribute` the one that is given replaces the others.
    members: Option<Vec<String>>,
    /// Of a team: a Slack user group's id.
    usergroup: Option<String>,
    /// Of a team: a value of the telemetry attribute, or `key=value`.
    attribute: Option<String>,
    /// Of a team: addresses that do not count.
    exclude: Option<Vec<String>>,
    /// Of a team: who is told, and may edit it.
    owners: Option<Vec<String>>,
    /// Of a team: with fewer active members a summary says how many were active, and nothing else.
    min_active: Option<u32>,
    /// The version that was seen; where it has changed since, the change is refused.
    version: Option<i64>,
}

/// What holds after the change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Configured)]
pub(super) struct ConfiguredAnswer {
    enabled: bool,
    /// The next times at which it is sent.
    next: Vec<DateTime<Utc>>,
    version: i64,
    /// Whether a team was made by it.
    created: bool,
    /// What else there is to know, as sentences.
    notes: Vec<String>,
    /// Addresses of the change that nobody in Slack has now; they are kept, for people may join later.
    not_in_slack: Vec<String>,
}

/// Change what is sent, when and where
///
/// All faults are told at once, and then nothing is changed. Every change is audited under the token's name.
#[utoipa::path(
    post, path = "/api/admin/reports/configure", tag = "reports", request_body = ConfigureBody,
    responses((status = 200, description = "Changed.", body = ConfiguredAnswer))
)]
pub(super) async fn configure(
    State(desk): State<AdminDesk>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ConfiguredAnswer>, Problem> {
    let (change, faults) = change(body::object(&headers, body).await?);
    let office = office(&desk)?;
    if !faults.is_empty() {
        // What could be read is looked at too, so that all that is wrong is told at once.
        let more = office.faults(&caller.actor(), &change).await?.into_iter().map(FieldError::from);
        let more: Vec<_> = more.filter(|more| faults.iter().all(|known| known.field != more.field)).collect();
        return Err(Problem::invalid([faults, more].concat()));
    }
    let configured = office.configure(&caller.actor(), &change).await?;
    let Configured { enabled, next, version, created, notes, not_in_slack } = configured;
    let not_in_slack = not_in_slack.into_iter().map(String::from).collect();
    Ok(Json(ConfiguredAnswer { enabled, next, version, created, notes, not_in_slack }))
}

/// The change that a body asks for, as far as it can be read, and what cannot.
fn change(body: Map<String, Value>) -> (Change, Vec<FieldError>) {
    let mut fields = Fields::of(body);
    let named = fields.has("report");
    let given = fields.choice("report", &REPORTS);
    if !named {
        fields.fault("report", "is missing: `daily` or `weekly`");
    }
    let (team, member) = (fields.text("team"), fields.text("member"));
    let mut change = Change {
        enabled: fields.flag("enabled"),
        time: fields.text("time"),
        days: fields.text("days"),
        zone: fields.text("zone"),
        channel: fields.text("channel"),
        sections: fields.texts("sections"),
        members: fields.texts("members"),
        usergroup: fields.text("usergroup"),
        attribute: fields.text("attribute"),
        exclude: fields.texts("exclude"),
        owners: fields.texts("owners"),
        min_active: fields.whole("min_active"),
        create: fields.flag("create"),
        version: fields.whole("version"),
        ..Change::of(given.unwrap_or(Report::Daily), Scope::Workspace)
    };
    if team.is_some() && member.is_some() {
        fields.fault("member", "cannot stand beside `team`");
    }
    // Of a report that nobody can tell, the fields of a team's say which it was to be.
    let weekly = given.map_or(team.is_some() || is_of_a_team(&change), |report| report == Report::Weekly);
    change.report = if weekly { Report::Weekly } else { Report::Daily };
    change.scope = match (team, member) {
        (Some(team), None) => Scope::Team(team),
        (Some(team), Some(_)) if weekly => Scope::Team(team),
        (_, Some(member)) => Scope::Member(member),
        (None, None) => Scope::Workspace,
    };
    if given.is_some() && !weekly && matches!(change.scope, Scope::Member(_)) && fields.has("team") {
        fields.fault("team", "a daily digest is a person's, and no team's");
    }
    (change, fields.finish())
}

fn is_of_a_team(change: &Change) -> bool {
    change.channel.is_some() || change.members.is_some() || change.usergroup.is_some() || change.attribute.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use utoipa::PartialSchema;

    fn faults(body: &Value) -> Vec<String> {
        let (_, faults) = change(body.as_object().unwrap().clone());
        faults.iter().map(|fault| format!("{}: {}", fault.field, fault.reason)).collect()
    }

    #[test]
    fn a_whole_change_is_read() {
        let body = json!({"report": "weekly", "team": "platform", "enabled": true, "time": "10:00", "days": "tue",
            "zone": "Europe/Berlin", "channel": "C1", "sections": ["mvp"], "members": ["ada@example.com"],
            "exclude": [], "owners": ["ada@example.com"], "min_active": 4, "version": 7});
        let (change, faults) = change(body.as_object().unwrap().clone());
        assert_eq!(faults, []);
        assert_eq!(change.scope, Scope::Team("platform".into()));
        assert_eq!((change.report, change.enabled, change.min_active), (Report::Weekly, Some(true), Some(4)));
        assert_eq!((change.version, change.usergroup, change.exclude), (Some(7), None, Some(vec![])));
    }

    #[test]
    fn what_cannot_be_read_takes_nothing_along() {
        let body =
            json!({"report": "daily", "enabled": "yes", "time": "25:00", "zone": "Europe/Berlni", "colour": "red"});
        assert_eq!(faults(&body), ["enabled: must be true or false, not text", "colour: is no field of this request"]);
        let (change, _) = change(body.as_object().unwrap().clone());
        assert_eq!((change.time.as_deref(), change.zone.as_deref()), (Some("25:00"), Some("Europe/Berlni")));
    }

    #[test]
    fn what_is_missing_or_contradicts_itself_is_told() {
        assert_eq!(faults(&json!({})), ["report: is missing: `daily` or `weekly`"]);
        assert_eq!(faults(&json!({"report": "monthly"})), ["report: must be `daily` or `weekly`"]);
        let both = json!({"report": "daily", "team": "a", "member": "b"});
        let expected = ["member: cannot stand beside `team`", "team: a daily digest is a person's, and no team's"];
        assert_eq!(faults(&both), expected);
        let (change, faults) = change(json!({"team": "a", "channel": "C1"}).as_object().unwrap().clone());
        assert_eq!((change.report, change.scope, faults.len()), (Report::Weekly, Scope::Team("a".into()), 1));
    }

    #[test]
    fn the_schema_names_what_is_read() {
        let schema = serde_json::to_value(ConfigureBody::schema()).unwrap();
        let named: Vec<_> = schema["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(schema["additionalProperties"], false);
        for name in &named {
            // A field that is read, and has the wrong type, is a fault of its own kind.
            let told = faults(&json!({"report": "daily", name.as_str(): {"a": 1}}));
            assert!(
                told.iter().any(|fault| fault.starts_with(name) && !fault.contains("no field")),
                "{name}: {told:?}"
            );
        }
    }
}
