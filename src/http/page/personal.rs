//! The workspace's personal digests: when they come, what they say, and whether there are any.

use super::{
    form::Form,
    layout::Moment,
    team_form::{DAYS, days_of, lists},
    visit::{Trouble, Visit, sentence, with_notes},
};
use crate::{
    admin::{AdminError, Change, Report, Scope, Seen, WorkspaceOverview},
    config::DailySection,
    model::parse_zone,
};
use axum::{body::Body, http::HeaderMap, response::Response};
use chrono_tz::Tz;
use minijinja::context;

const HERE: &str = "/admin/personal";
/// The fields of the form.
const FIELDS: [&str; 4] = ["time", "days", "zone", "sections"];

/// What the form holds: as it stands, or as it was typed.
struct Typed {
    time: String,
    days: Vec<String>,
    zone: String,
    sections: Vec<String>,
    version: String,
    /// What stood there when the form was opened.
    seen: String,
}

impl Typed {
    fn as_it_stands(now: &WorkspaceOverview) -> Self {
        let stands = Self {
            time: now.time.clone(),
            days: days_of(&now.days),
            zone: now.zone.clone(),
            sections: now.sections.clone(),
            version: now.version.to_string(),
            seen: String::new(),
        };
        Self { seen: stands.fields().write(), ..stands }
    }

    fn fields(&self) -> Seen {
        let mut sections = self.sections.clone();
        sections.sort_unstable();
        let (days, sections) = (self.days.join(","), sections.join(","));
        let fields: [&[&str]; 4] = [&[&self.time], &[&days], &[&self.zone], &[&sections]];
        Seen::of(fields)
    }

    /// What was changed here, over what others changed meanwhile.
    fn over(self, now: &WorkspaceOverview) -> Self {
        let (seen, own, stands) = (Seen::read(&self.seen), self.fields(), Self::as_it_stands(now));
        let left = |field| seen.is_left(&own, field);
        Self {
            time: if left(0) { stands.time } else { self.time },
            days: if left(1) { stands.days } else { self.days },
            zone: if left(2) { stands.zone } else { self.zone },
            sections: if left(3) { stands.sections } else { self.sections },
            version: stands.version,
            seen: stands.seen,
        }
    }

    fn of(form: &Form) -> Self {
        let all = |name: &str| form.all(name).map(str::to_owned).collect();
        let text = |name: &str| form.text(name).to_owned();
        Self {
            time: text("time"),
            days: all("days"),
            zone: text("zone"),
            sections: all("sections"),
            version: text("version"),
            seen: text("seen"),
        }
    }

    /// What was changed of what stood there.
    fn change(&self, stood: &WorkspaceOverview) -> Change {
        let before = Self::as_it_stands(stood);
        let changed = |now: &String, before: &String| (now != before).then(|| now.clone());
        Change {
            time: changed(&self.time, &before.time),
            zone: changed(&self.zone, &before.zone),
            days: (self.days != before.days).then(|| self.days.join(",")),
            sections: lists(&self.sections, &before.sections),
            version: self.version.parse().ok(),
            ..Change::of(Report::Daily, Scope::Workspace)
        }
    }
}

pub(super) async fn show(visit: Visit) -> Result<Response, Response> {
    draw(&visit, None, Trouble::none()).await.map_err(|error| visit.failure(error))
}

async fn draw(visit: &Visit, typed: Option<Typed>, trouble: Trouble) -> Result<Response, AdminError> {
    let stands = visit.office.overview().await?;
    let previewed = visit.office.was_previewed(&visit.actor(), Report::Daily, &Scope::Workspace).await?;
    let typed = typed.unwrap_or_else(|| Typed::as_it_stands(&stands));
    let zone = parse_zone(&stands.zone).unwrap_or(Tz::UTC);
    let sections: Vec<_> = DailySection::ALL.iter().map(|(name, _)| *name).collect();
    Ok(visit.page_with(
        "personal.html",
        trouble.status,
        context! {
            here => "personal", previewed,
            enabled => stands.enabled,
            subscribed => stands.subscribed,
            next => stands.next.map(|at| Moment::of(at, zone)),
            all_days => DAYS, all_sections => sections,
            time => typed.time, days => typed.days, zone => typed.zone, sections => typed.sections,
            version => typed.version, seen => typed.seen,
            faults => trouble.by_field(), others => trouble.beside(&FIELDS), trouble => trouble.words.as_deref(),
        },
    ))
}

pub(super) async fn change(visit: Visit, headers: HeaderMap, body: Body) -> Result<Response, Response> {
    let form = Form::read(&visit, &headers, body).await?;
    let typed = Typed::of(&form);
    let switched = match form.text("do") {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    };
    let outcome = async {
        let change = match switched {
            None => typed.change(&visit.office.overview().await?),
            Some(enabled) => {
                let version = typed.version.parse().ok();
                Change { enabled: Some(enabled), version, ..Change::of(Report::Daily, Scope::Workspace) }
            }
        };
        visit.office.configure(&visit.actor(), &change).await
    };
    let error = match (outcome.await, switched) {
        (Ok(configured), _) => {
            let words = match switched {
                None => "Saved.",
                Some(true) => "Personal digests are enabled for this workspace.",
                Some(false) => "Personal digests are switched off. Nobody gets one until they are enabled again.",
            };
            return Ok(visit.done(HERE, with_notes(words, configured.notes)));
        }
        (Err(error), Some(_))
            if matches!(error, AdminError::Changed(_) | AdminError::NotPreviewed | AdminError::Invalid(_)) =>
        {
            return Ok(visit.not_done(HERE, sentence(&error.words())));
        }
        (Err(error), _) => error,
    };
    let drawn = async {
        let typed = match error {
            AdminError::Changed(_) => typed.over(&visit.office.overview().await?),
            _ => typed,
        };
        draw(&visit, Some(typed), Trouble::of(error)?).await
    };
    drawn.await.map_err(|error| visit.failure(error))
}
