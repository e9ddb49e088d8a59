//! What a change of a team changes, as the audit tells it.

use super::configure::difference;
use crate::{config::Membership, model::Weekdays, planner::TeamWeekly, store::ReportConfig};

/// What a change changes, for the audit: no address stands in it.
pub(super) fn changes(before: Option<&TeamWeekly>, standing: &ReportConfig, config: &ReportConfig) -> Vec<String> {
    let shown = |value: Option<String>, by_file: Option<String>| value.or(by_file).unwrap_or_else(|| "none".to_owned());
    let old = |of: fn(&TeamWeekly) -> String| before.map(of);
    let mut changes = Vec::new();
    let mut tell = |field: &str, was: Option<String>, is: Option<String>, by_file: Option<String>| {
        changes.extend(difference(field, &shown(was, by_file.clone()), &shown(is, by_file)));
    };
    let (was, is) = (standing, config);
    let text = |value: Option<String>| value;
    tell("enabled", flag(was.enabled), flag(is.enabled), old(|team| team.enabled_at.is_some().to_string()));
    tell(
        "time",
        was.time.map(|time| time.to_string()),
        is.time.map(|time| time.to_string()),
        old(|team| team.schedule.time.to_string()),
    );
    tell(
        "days",
        was.weekdays.map(|days| days.to_string()),
        is.weekdays.map(|days| days.to_string()),
        old(|team| Weekdays::from(team.schedule.day).to_string()),
    );
    tell(
        "zone",
        was.zone.map(|zone| zone.to_string()),
        is.zone.map(|zone| zone.to_string()),
        old(|team| team.schedule.zone.to_string()),
    );
    tell(
        "channel",
        text(was.channel.clone()),
        text(is.channel.clone()),
        old(|team| team.channel.as_ref().map_or_else(|| "none".to_owned(), |channel| channel.0.clone())),
    );
    tell(
        "sections",
        names(was.sections.as_ref()),
        names(is.sections.as_ref()),
        old(|team| team.sections.iter().map(|section| section.name()).collect::<Vec<_>>().join(",")),
    );
    tell(
        "min_active",
        was.min_active.map(|least| least.to_string()),
        is.min_active.map(|least| least.to_string()),
        old(|team| team.min_active.to_string()),
    );
    changes.extend(membership_change(before, was, is));
    changes.extend(list_change(
        "exclude",
        was.exclude.as_ref(),
        is.exclude.as_ref(),
        before.map(|team| team.exclude.len()),
    ));
    changes.extend(list_change(
        "owners",
        was.owners.as_ref(),
        is.owners.as_ref(),
        before.map(|team| team.owners.len()),
    ));
    changes
}

fn flag(value: Option<bool>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn names(value: Option<&Vec<String>>) -> Option<String> {
    value.map(|names| names.join(","))
}

fn membership_change(before: Option<&TeamWeekly>, was: &ReportConfig, is: &ReportConfig) -> Option<String> {
    if (&was.members, &was.usergroup, &was.attribute) == (&is.members, &is.usergroup, &is.attribute) {
        return None;
    }
    let told = |config: &ReportConfig| {
        let members = config.members.as_ref().map(|members| format!("{} listed", members.len()));
        members
            .or_else(|| config.usergroup.as_ref().map(|group| format!("user group {group}")))
            .or_else(|| config.attribute.as_ref().map(|value| format!("attribute {value}")))
    };
    let by_file = before.map(|team| match &team.membership {
        Membership::Members(members) => format!("{} listed", members.len()),
        Membership::Usergroup(group) => format!("user group {group}"),
        Membership::Attribute { value, .. } => format!("attribute {value}"),
    });
    let was = told(was).or(by_file).unwrap_or_else(|| "none".to_owned());
    Some(format!("people {was} → {}", told(is).unwrap_or_else(|| "none".to_owned())))
}

fn list_change<T: PartialEq>(
    field: &str,
    was: Option<&Vec<T>>,
    is: Option<&Vec<T>>,
    by_file: Option<usize>,
) -> Option<String> {
    let count = |list: Option<&Vec<T>>| list.map(Vec::len).or(by_file).unwrap_or(0);
    (was != is).then(|| format!("{field} {} → {}", count(was), count(is)))
}
