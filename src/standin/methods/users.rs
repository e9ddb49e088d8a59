//! The directory: `users.list` page by page, `users.info` and `users.lookupByEmail`.

use super::cursor;
use crate::standin::{
    call::Call,
    refusal::{Answer, Refusal},
    state::State,
    workspace::Person,
};
use chrono::Offset;
use serde_json::{Value, json};

/// The most that Slack puts on one page.
const LARGEST_PAGE: usize = 1_000;

pub(super) fn list(state: &mut State, call: &Call) -> Answer {
    let size = match call.limit()? {
        None | Some(0) if state.workspace().people.len() > LARGEST_PAGE => return Err(Refusal::new("limit_required")),
        None | Some(0) => LARGEST_PAGE,
        Some(limit) if limit > LARGEST_PAGE => return Err(Refusal::new("invalid_limit")),
        Some(limit) => limit,
    };
    let start = match call.text("cursor") {
        None => 0,
        Some(cursor) => {
            let first = cursor::read("user", &cursor).and_then(|id| state.workspace().place_of(&id));
            first.ok_or_else(|| Refusal::new("invalid_cursor"))?
        }
    };
    let mut rest = state.workspace().everybody_from(start);
    let page = rest.by_ref().take(size);
    let members: Vec<_> = page.map(|person| shown(state, &person, call.flag("include_locale"))).collect();
    let next = rest.next().map(|person| cursor::write("user", &person.id)).unwrap_or_default();
    Ok(json!({
        "members": members,
        "cache_ts": state.now().timestamp(),
        "response_metadata": { "next_cursor": next },
    }))
}

pub(super) fn info(state: &mut State, call: &Call) -> Answer {
    let id = call.required("user", "user_not_found")?;
    let person = state.person(&id).ok_or_else(|| Refusal::new("user_not_found"))?;
    Ok(json!({ "user": shown(state, person, call.flag("include_locale")) }))
}

/// Slack mostly does not find deactivated members by address.
pub(super) fn by_email(state: &mut State, call: &Call) -> Answer {
    let address = call.required("email", "users_not_found")?;
    let finds_deactivated = state.workspace().finds_deactivated;
    let person = state.person_by_address(&address).filter(|person| finds_deactivated || !person.deleted);
    let person = person.ok_or_else(|| Refusal::new("users_not_found"))?;
    Ok(json!({ "user": shown(state, person, false) }))
}

pub(in crate::standin) fn shown(state: &State, person: &Person, with_locale: bool) -> Value {
    let team_id = person.team_id.as_ref().unwrap_or(&state.workspace().team_id);
    let mut profile = json!({
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.real_name,
        "display_name_normalized": person.real_name,
        "title": "",
        "phone": "",
        "status_text": "",
        "status_emoji": "",
        "team": team_id,
    });
    if let Some(email) = person.email.as_ref().filter(|_| state.need("users:read.email").is_ok()) {
        profile["email"] = json!(email);
    }
    let mut user = json!({
        "id": person.id,
        "team_id": team_id,
        "name": person.real_name.to_lowercase().replace(' ', "."),
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": false,
        "updated": 1_700_000_000,
    });
    if person.deleted {
        return user;
    }
    user["real_name"] = json!(person.real_name);
    user["is_admin"] = json!(person.is_admin || person.is_owner || person.is_primary_owner);
    user["is_owner"] = json!(person.is_owner || person.is_primary_owner);
    user["is_primary_owner"] = json!(person.is_primary_owner);
    user["is_restricted"] = json!(person.is_restricted || person.is_ultra_restricted);
    user["is_ultra_restricted"] = json!(person.is_ultra_restricted);
    if let Some(zone) = &person.tz {
        user["tz"] = json!(zone);
        user["tz_label"] = json!(zone);
        user["tz_offset"] = json!(offset(zone, state));
    }
    if with_locale {
        user["locale"] = json!(person.locale);
    }
    user
}

/// The zone's present offset in seconds, as Slack adds it.
fn offset(zone: &str, state: &State) -> i32 {
    zone.parse::<chrono_tz::Tz>().map_or(0, |zone| state.now().with_timezone(&zone).offset().fix().local_minus_utc())
}
