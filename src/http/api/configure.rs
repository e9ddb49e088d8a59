//! `POST /api/admin/reports/configure`: what is sent, when and where.

use super::{Caller, body, fields::Fields, office};
use crate::{
    admin::{Change, Configured, Report, Scope},
    config::{DailySection, TeamSection},
    http::{
        desk::AdminDesk,
        problem::{FieldError, Problem},
    },
    model::{LocalTime, Weekdays, parse_zone},
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
    let change = change(body::object(&headers, body).await?).map_err(Problem::invalid)?;
    let configured = office(&desk)?.configure(&caller.actor(), &change).await?;
    let Configured { enabled, next, version, created, notes } = configured;
    Ok(Json(ConfiguredAnswer { enabled, next, version, created, notes }))
}

/// The change that a body asks for, or everything that is wrong with its form.
fn change(body: Map<String, Value>) -> Result<Change, Vec<FieldError>> {
    let mut fields = Fields::of(body);
    let given = fields.choice("report", &REPORTS);
    let report = given.unwrap_or(Report::Daily);
    let (team, member) = (fields.text("team"), fields.text("member"));
    let scope = match (team, member) {
        (Some(_), Some(_)) => {
            fields.fault("member", "cannot stand beside `team`");
            Scope::Workspace
        }
        (Some(team), None) => Scope::Team(team),
        (None, Some(member)) => Scope::Member(member),
        (None, None) => Scope::Workspace,
    };
    let change = Change {
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
        ..Change::of(report, scope)
    };
    let mut faults = fields.finish();
    if given.is_none() && !faults.iter().any(|fault| fault.field == "report") {
        faults.push(FieldError::new("report", "is missing: `daily` or `weekly`"));
    }
    if faults.is_empty() {
        return Ok(change);
    }
    // What can be read is not tried any further, so what is wrong with it is found here.
    faults.extend(forms(&change));
    Err(faults)
}

/// What is wrong with the values, as far as it can be said without asking anybody.
fn forms(change: &Change) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut check = |field: &'static str, text: &Option<String>, parse: &dyn Fn(&str) -> Option<String>| {
        faults.extend(text.as_deref().and_then(parse).map(|reason| FieldError::new(field, reason)));
    };
    check("time", &change.time, &|text| text.parse::<LocalTime>().err().map(|error| error.to_string()));
    check("days", &change.days, &|text| text.parse::<Weekdays>().err().map(|error| error.to_string()));
    check("zone", &change.zone, &|text| parse_zone(text).err().map(|error| error.to_string()));
    let known = |name: &str| match change.report {
        Report::Daily => DailySection::ALL.iter().any(|(known, _)| *known == name),
        Report::Weekly => TeamSection::ALL.iter().any(|(known, _)| *known == name),
    };
    for name in change.sections.iter().flatten().filter(|name| !known(name.trim())) {
        let shown: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
        faults.push(FieldError::new("sections", format!("`{shown}` is no section")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use utoipa::PartialSchema;

    fn faults(body: &Value) -> Vec<String> {
        let faults = change(body.as_object().unwrap().clone()).unwrap_err();
        faults.iter().map(|fault| format!("{}: {}", fault.field, fault.reason)).collect()
    }

    #[test]
    fn a_whole_change_is_read() {
        let body = json!({"report": "weekly", "team": "platform", "enabled": true, "time": "10:00", "days": "tue",
            "zone": "Europe/Berlin", "channel": "C1", "sections": ["mvp"], "members": ["ada@example.com"],
            "exclude": [], "owners": ["ada@example.com"], "min_active": 4, "version": 7});
        let change = change(body.as_object().unwrap().clone()).unwrap();
        assert_eq!(change.scope, Scope::Team("platform".into()));
        assert_eq!((change.report, change.enabled, change.min_active), (Report::Weekly, Some(true), Some(4)));
        assert_eq!((change.version, change.usergroup, change.exclude), (Some(7), None, Some(vec![])));
    }

    #[test]
    fn a_body_with_five_faults_is_told_all_five() {
        let body = json!({"report": "daily", "enabled": "yes", "time": "25:00", "days": "funday", "zone": "Europe/Berlni",
            "colour": "red"});
        assert_eq!(
            faults(&body),
            [
                "enabled: must be true or false, not text",
                "colour: is no field of this request",
                "time: `25:00` is not a time of day: write it as 09:00",
                "days: `funday` is not a weekday: write mon, tue, wed, thu, fri, sat or sun",
                "zone: `Europe/Berlni` is not an IANA time zone; did you mean `Europe/Berlin`?",
            ]
        );
    }

    #[test]
    fn what_is_missing_or_contradicts_itself_is_told() {
        assert_eq!(faults(&json!({})), ["report: is missing: `daily` or `weekly`"]);
        assert_eq!(faults(&json!({"report": "monthly"})), ["report: must be `daily` or `weekly`"]);
        let body = json!({"report": "daily", "team": "a", "member": "b", "sections": ["mvp"]});
        assert_eq!(faults(&body), ["member: cannot stand beside `team`", "sections: `mvp` is no section"]);
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
