//! Personal digests of the whole workspace: what holds for who chose nothing, and whether there are any.

use super::{
    super::{
        called, every_day,
        fields::Fields,
        waiting::{Outcome, Place, fill, open as open_waiting},
        zones,
    },
    Metadata, actor,
    round::{beside, marked, unmarked},
};
use crate::{
    admin::{self, AdminError, Change, Report, Scope, Seen, WorkspaceOverview},
    config::DailySection,
    interaction::{
        Choice, State, View, home,
        view::{Modal, actions, button, checkboxes, confirmed, external, hinted, input, notice, option, section, time},
    },
    model::{Weekdays, parse_zone},
    store::MemberRecord,
    workspace::Workspace,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) const CALLBACK: &str = "admin_daily";
pub(super) const TITLE: &str = "Personal digests";
pub(super) const PREVIEW: &str = "admin_daily_preview";
pub(super) const OFF: &str = "admin_daily_off";
const TIME: &str = "admin_daily_time";
const DAYS: &str = "admin_daily_days";
pub(in crate::interaction::modals) const ZONE: &str = "admin_daily_zone";
const SECTIONS: &str = "admin_daily_sections";
/// So many words stand above the form.
const MOST_NOTES: usize = 12;

/// Opens it, for admins.
pub(in crate::interaction) async fn open(workspace: &Workspace, member: &MemberRecord, trigger: &str) {
    let waiting = open_waiting(workspace, Some(trigger), Place::Alone, (TITLE, "One moment…")).await;
    let Some(waiting) = waiting else { return };
    match stands(workspace, member).await {
        Ok(daily) => waiting.fill(&view(&daily, workspace.settings.digest.show_cost, workspace.now())).await,
        Err(error) => {
            home::log_admin(&error);
            waiting.say(TITLE, &error.words()).await;
        }
    }
}

/// How they stand, for an admin.
async fn stands(workspace: &Workspace, member: &MemberRecord) -> Result<WorkspaceOverview, AdminError> {
    let actor = actor(member);
    if !admin::rights(workspace, &actor).await?.admin {
        let why = "only admins of the workspace decide about its digests";
        admin::note_refused(workspace, &actor, "workspace", why).await?;
        return Err(AdminError::NotAllowed(why.to_owned()));
    }
    admin::overview(workspace).await
}

/// What stands in the form.
fn seen(daily: &WorkspaceOverview) -> Seen {
    let mut sections: Vec<_> = daily.sections.iter().map(String::as_str).collect();
    sections.sort_unstable();
    let fields: [&[&str]; 4] = [&[&daily.time], &[&daily.days], &[&daily.zone], &sections];
    Seen::of(fields)
}

/// As it stands, with what was filled in as far as it can be read.
fn filled(daily: WorkspaceOverview, state: &State) -> WorkspaceOverview {
    let text = |id: &str, stands: &str| state.of(id, id).one().unwrap_or(stands).to_owned();
    let days = state.of(DAYS, DAYS).many().join(",").parse::<Weekdays>();
    WorkspaceOverview {
        time: text(TIME, &daily.time),
        days: days.map_or_else(|_| daily.days.clone(), |days| days.to_string()),
        zone: text(ZONE, &daily.zone),
        sections: state.of(SECTIONS, SECTIONS).many().to_vec(),
        ..daily
    }
}

/// What was changed in `form` since `seen`, over what others changed meanwhile.
fn over(form: WorkspaceOverview, before: &Seen, stands: WorkspaceOverview) -> WorkspaceOverview {
    let now = seen(&form);
    let left = |field| before.is_left(&now, field);
    WorkspaceOverview {
        time: if left(0) { stands.time } else { form.time },
        days: if left(1) { stands.days } else { form.days },
        zone: if left(2) { stands.zone } else { form.zone },
        sections: if left(3) { stands.sections } else { form.sections },
        ..stands
    }
}

fn view(daily: &WorkspaceOverview, show_cost: bool, now: DateTime<Utc>) -> Value {
    let metadata = Metadata { version: Some(daily.version), seen: Some(seen(daily)), ..Metadata::default() };
    shown(daily, show_cost, now, (metadata, &[]))
}

fn shown(daily: &WorkspaceOverview, show_cost: bool, now: DateTime<Utc>, more: (Metadata, &[String])) -> Value {
    let (metadata, notes) = more;
    let status = if daily.enabled {
        "They are enabled: who agreed gets one."
    } else {
        "They are not enabled. They can be enabled from the preview."
    };
    let mut buttons = vec![button(PREVIEW, "Preview")];
    if daily.enabled {
        let what = "Nobody gets a daily digest any more until an admin enables them again.";
        buttons.push(confirmed(button(OFF, "Turn off"), "Turn off all digests?", what, "Turn off"));
    }
    let days = daily.days.parse::<Weekdays>().ok();
    let days: Vec<_> = days.into_iter().flat_map(Weekdays::days).map(|day| day.to_string().to_lowercase()).collect();
    let zone = daily.zone.parse::<Tz>().ok().map(|zone| zones::choice(zone, now));
    let find = external("Type a city, or an offset such as +5:30", zone.as_ref());
    let modal = Modal::new(CALLBACK, TITLE)
        .submit("Save")
        .metadata(metadata.write())
        .blocks(notes.iter().take(MOST_NOTES).map(|note| section(note)))
        .block(section(status))
        .block(actions(buttons))
        .block(hinted(
            input(TIME, "Time", time(daily.time.parse().ok())),
            "In everybody's own time zone, for who chose no time of their own. So it is with all of these.",
        ))
        .block(input(DAYS, "Days", checkboxes(&every_day(), &days)))
        .block(hinted(input(ZONE, "Time zone", find), "For people of whom Slack knows none."))
        .block(input(SECTIONS, "What it shows", checkboxes(&offered(show_cost), &daily.sections)));
    marked(modal.json(), metadata.round)
}

fn offered(show_cost: bool) -> Vec<Choice> {
    let all = DailySection::ALL.into_iter().filter(|(_, section)| show_cost || *section != DailySection::Cost);
    all.map(|(name, section)| option(called(section), name)).collect()
}

/// What somebody wants to change; none where nothing is.
fn change(
    daily: &WorkspaceOverview,
    state: &State,
    version: Option<i64>,
    show_cost: bool,
) -> Result<Option<Change>, BTreeMap<String, String>> {
    let mut fields = Fields::of(state);
    let time = fields.time(TIME).map(|time| time.to_string());
    let days = fields.days(DAYS);
    let zone = match fields.one(ZONE).map(parse_zone) {
        Some(Ok(zone)) => Some(zone.name().to_owned()),
        _ => fields.fault(ZONE, "Choose one of the time zones that are offered."),
    };
    let offered = offered(show_cost);
    let is_offered = |name: &String| offered.iter().any(|choice| choice.value == *name);
    let chosen = fields.sections(SECTIONS, offered.iter().map(|choice| choice.value.as_str()));
    // What cannot be seen here now is kept.
    let hidden = daily.sections.iter().filter(|name| !is_offered(name)).cloned();
    let chosen: Option<Vec<_>> = chosen.map(|chosen| chosen.into_iter().chain(hidden).collect());
    let is_same = |chosen: &Vec<String>| {
        chosen.len() == daily.sections.len() && chosen.iter().all(|name| daily.sections.contains(name))
    };
    let mut change = Change::of(Report::Daily, Scope::Workspace);
    let nothing = change.clone();
    change.time = time.filter(|time| *time != daily.time);
    change.days = days.filter(|days| daily.days.parse() != Ok(*days)).map(|days| days.to_string());
    change.zone = zone.filter(|zone| *zone != daily.zone);
    change.sections = chosen.filter(|chosen| !is_same(chosen));
    let differs = change != nothing;
    fields.done(differs.then_some(Change { version, ..change }))
}

/// Makes the change. What was filled in is never lost: it is shown again where nothing came of it.
pub(super) async fn submitted(workspace: &Workspace, member: &MemberRecord, view: &View) -> Outcome {
    let (marked, view) = (view, &unmarked(view));
    let errors = match saved(workspace, member, view).await {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(faults)) => faults,
        Err(error @ AdminError::Changed(_)) => {
            if let Ok(form) = again(workspace, member, view, &error).await {
                return Outcome::Show(form);
            }
            return super::refused(&error, TIME, block_of);
        }
        Err(error) => match super::refused(&error, TIME, block_of) {
            Outcome::Errors(errors) => errors,
            outcome => return outcome,
        },
    };
    let errors = beside(errors, marked);
    let Ok(daily) = admin::overview(workspace).await else { return Outcome::Errors(errors) };
    let daily = filled(daily, &view.state);
    let notes: Vec<_> = ["Nothing was changed.".to_owned()].into_iter().chain(errors.values().cloned()).collect();
    let (metadata, cost) = (Metadata::read(&view.private_metadata), workspace.settings.digest.show_cost);
    let form = shown(&daily, cost, workspace.now(), (metadata, &notes));
    Outcome::Again(errors, form)
}

async fn saved(
    workspace: &Workspace,
    member: &MemberRecord,
    view: &View,
) -> Result<Result<Outcome, BTreeMap<String, String>>, AdminError> {
    let daily = stands(workspace, member).await?;
    let version = Metadata::read(&view.private_metadata).version;
    let change = match change(&daily, &view.state, version, workspace.settings.digest.show_cost) {
        Ok(Some(change)) => change,
        Ok(None) => return Ok(Ok(Outcome::Clear)),
        Err(faults) => return Ok(Err(faults)),
    };
    let notes = admin::configure(workspace, &actor(member), &change).await?.notes;
    let notes: Vec<_> = notes.iter().take(10).map(String::as_str).collect();
    Ok(Ok(match notes.as_slice() {
        [] => Outcome::Clear,
        notes => Outcome::Show(notice(TITLE, &[&["It is saved."], notes].concat())),
    }))
}

/// The form after somebody else was faster: with what they changed, and what was changed here.
async fn again(
    workspace: &Workspace,
    member: &MemberRecord,
    view: &View,
    error: &AdminError,
) -> Result<Value, AdminError> {
    home::log_admin(error);
    let stands = stands(workspace, member).await?;
    let before = Metadata::read(&view.private_metadata).seen.unwrap_or_default();
    let metadata = Metadata {
        version: Some(stands.version),
        seen: Some(seen(&stands)),
        round: Some(stands.version),
        ..Metadata::default()
    };
    let cost = workspace.settings.digest.show_cost;
    let offered = offered(cost);
    // What the form does not offer was not taken away by it.
    let hidden = |name: &String| offered.iter().all(|choice| choice.value != *name);
    let hidden: Vec<_> = stands.sections.iter().filter(|name| hidden(name)).cloned().collect();
    let mut form = filled(stands.clone(), &view.state);
    form.sections.extend(hidden);
    let form = over(form, &before, stands);
    let notes = [super::words(error), super::KEPT.to_owned()];
    Ok(shown(&form, cost, workspace.now(), (metadata, &notes)))
}

/// Where a field of a change stands in the form.
fn block_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "time" => TIME,
        "days" | "day" => DAYS,
        "zone" => ZONE,
        "sections" => SECTIONS,
        _ => return None,
    })
}

/// Turned off from the modal.
pub(super) async fn switched_off(workspace: &Workspace, member: &MemberRecord, shown: &View) {
    let version = Metadata::read(&shown.private_metadata).version;
    let changed = async {
        off(workspace, member, version).await?;
        stands(workspace, member).await.map_err(AdminError::after_saving)
    };
    let then = match changed.await {
        Ok(daily) => view(&daily, workspace.settings.digest.show_cost, workspace.now()),
        Err(error) => {
            home::log_admin(&error);
            notice(TITLE, &[&super::words(&error)])
        }
    };
    home::publish_soon(workspace, &member.id);
    fill(workspace, &shown.id, &then).await;
}

/// Turned off from App Home, where there is no modal to say anything but a no.
pub(in crate::interaction) async fn switch_off(workspace: &Workspace, member: &MemberRecord, trigger: &str) {
    if let Err(error) = off(workspace, member, None).await {
        home::log_admin(&error);
        let words = super::words(&error);
        super::super::waiting::show(workspace, trigger, Place::Alone, &notice(TITLE, &[&words])).await;
    }
    home::publish_soon(workspace, &member.id);
}

async fn off(workspace: &Workspace, member: &MemberRecord, version: Option<i64>) -> Result<(), AdminError> {
    let change = Change { enabled: Some(false), version, ..Change::of(Report::Daily, Scope::Workspace) };
    admin::configure(workspace, &actor(member), &change).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{interaction::Chosen, message::lint};

    fn daily() -> WorkspaceOverview {
        WorkspaceOverview {
            enabled: true,
            time: "09:00".into(),
            days: "mon-fri".into(),
            zone: "Europe/Berlin".into(),
            sections: vec!["sessions".into(), "cost".into()],
            subscribed: 3,
            next: None,
            halted: false,
            stopped: None,
            version: 4,
        }
    }

    fn state(more: &[(&str, Chosen)]) -> State {
        let many = |values: &[&str]| Chosen::Many(values.iter().map(|value| (*value).to_owned()).collect());
        let own = [
            (TIME, Chosen::One("09:00".into())),
            (DAYS, many(&["mon", "tue", "wed", "thu", "fri"])),
            (ZONE, Chosen::One("Europe/Berlin".into())),
            (SECTIONS, many(&["cost", "sessions"])),
        ];
        let all = own.into_iter().chain(more.iter().cloned());
        State(all.map(|(id, value)| (id.to_owned(), BTreeMap::from([(id.to_owned(), value)]))).collect())
    }

    #[test]
    fn what_was_left_as_it_was_is_not_asked_for() {
        let of = |more: &[(&str, Chosen)]| change(&daily(), &state(more), Some(4), true);
        assert_eq!(of(&[]), Ok(None));
        let time = of(&[(TIME, Chosen::One("10:30".into()))]).unwrap().unwrap();
        let expected = Change::of(Report::Daily, Scope::Workspace);
        assert_eq!(time, Change { time: Some("10:30".into()), version: Some(4), ..expected });
        let days = of(&[(DAYS, Chosen::Many(vec!["mon".into(), "wed".into()]))]).unwrap().unwrap();
        assert_eq!(days.days.as_deref(), Some("mon,wed"));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let wrong = change(&daily(), &State::default(), None, true).unwrap_err();
        assert_eq!(wrong.keys().map(String::as_str).collect::<Vec<_>>(), [DAYS, SECTIONS, TIME, ZONE]);
    }

    #[test]
    fn what_was_changed_here_stands_over_what_others_changed_meanwhile() {
        let before = seen(&daily());
        let mine = filled(daily(), &state(&[(TIME, Chosen::One("17:45".into()))]));
        let stands = WorkspaceOverview { time: "10:00".into(), zone: "Asia/Tokyo".into(), version: 5, ..daily() };
        let merged = over(mine, &before, stands.clone());
        assert_eq!(merged, WorkspaceOverview { time: "17:45".into(), ..stands.clone() });
        assert_eq!(over(filled(daily(), &state(&[])), &before, stands.clone()), stands);
    }

    #[test]
    fn costs_that_nobody_sees_are_not_taken_away_by_a_form_without_them() {
        let chosen = [(SECTIONS, Chosen::Many(vec!["sessions".into()]))];
        assert_eq!(change(&daily(), &state(&chosen), None, false), Ok(None));
        assert!(change(&daily(), &state(&[]), None, false).is_err(), "what is not offered cannot be chosen");
    }

    #[test]
    fn the_modal_keeps_to_slacks_limits_however_it_stands() {
        let now = "2026-01-15T12:00:00Z".parse().unwrap();
        for enabled in [true, false] {
            let view = view(&WorkspaceOverview { enabled, ..daily() }, true, now);
            assert_eq!(lint::view_faults(&view), []);
            assert_eq!(view.to_string().contains(OFF), enabled);
        }
        let odd = WorkspaceOverview { days: "never".into(), zone: "Mars".into(), sections: Vec::new(), ..daily() };
        assert_eq!(lint::view_faults(&view(&odd, false, now)), []);
    }
}
