use super::{
    form::*,
    shown::Shown,
    values::{Wanted, read},
};
use crate::{
    config,
    interaction::{Chosen, State},
    message::{Message, lint, text},
    model::Covers,
    store::{Preferences, PreferencesChange},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

fn now() -> DateTime<Utc> {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

fn usual() -> Usual {
    Usual {
        time: "09:00".parse().unwrap(),
        weekdays: "mon-fri".parse().unwrap(),
        zone: Tz::Europe__Berlin,
        zone_of_slack: true,
        covers: config::Covers::Auto,
        sections: ["sessions", "cost", "tokens"].map(str::to_owned).to_vec(),
        show_cost: true,
    }
}

fn form() -> Form {
    Form { digest: true, named: false, preferences: Preferences::default() }
}

fn one(value: &str) -> Chosen {
    Chosen::One(value.to_owned())
}

fn many(values: &[&str]) -> Chosen {
    Chosen::Many(values.iter().map(|value| (*value).to_owned()).collect())
}

/// The form of somebody who leaves everything as usual, but for these.
fn state(more: &[(&str, Chosen)]) -> State {
    let own = [
        (DIGEST, one("on")),
        (TIME, one("09:00")),
        (DAYS, many(&["mon", "tue", "wed", "thu", "fri"])),
        (ZONE_FROM, one("slack")),
        (ZONE, Chosen::Nothing),
        (SECTIONS, many(&["tokens", "sessions", "cost"])),
        (COVERS, one("auto")),
        (NAMED, Chosen::Nothing),
        (PAUSE, Chosen::Nothing),
    ];
    let all = own.into_iter().chain(more.iter().cloned());
    State(all.map(|(id, value)| (id.to_owned(), BTreeMap::from([(id.to_owned(), value)]))).collect())
}

fn filled(more: &[(&str, Chosen)]) -> Result<Wanted, BTreeMap<String, String>> {
    read(&state(more), &form().shown(&usual(), now()), &usual(), &Preferences::default(), now())
}

fn drawn(view: &Value) -> String {
    let asked = |block: &Value| -> Option<String> {
        let element = &block["element"];
        let options = element["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        let options: Vec<_> = options.iter().map(|option| option["text"]["text"].as_str().unwrap()).collect();
        let initial = element.as_object()?.iter().find(|(key, _)| key.starts_with("initial"));
        let initial = initial.map(|(_, initial)| match initial {
            Value::Array(initial) => {
                initial.iter().map(|one| one["value"].as_str().unwrap()).collect::<Vec<_>>().join(",")
            }
            Value::Object(initial) => initial["value"].as_str().unwrap().to_owned(),
            initial => initial.as_str().unwrap().to_owned(),
        });
        let options = if options.is_empty() { String::new() } else { format!(": {}", options.join(" | ")) };
        let initial = initial.as_deref().unwrap_or("none");
        Some(format!("{}{options} = {initial}", block["label"]["text"].as_str()?))
    };
    let blocks = view["blocks"].as_array().unwrap().iter().map(|block| {
        asked(block).unwrap_or_else(|| {
            text::render(&Message { text: String::new(), blocks: vec![block.clone()] }).trim_end().to_owned()
        })
    });
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_modal_shows_what_holds_now() {
    let view = form().view(&usual(), now());
    assert_eq!(lint::view_faults(&view), []);
    insta::assert_snapshot!(drawn(&view), @r#"
    Daily digest: On | Off = on
    Time = 09:00
    Days: Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday = mon,tue,wed,thu,fri
    Time zone: As in Slack (Europe/Berlin) | Another one, chosen below = slack
    Another time zone = none
    What it shows: Sessions | Estimated cost | Tokens | Top skills | Streak | Comparison with your average | Cache hit rate | Chart of the last 7 days | Models = sessions,cost,tokens
    What it covers: By its time: before noon the days before, later the day so far | The whole days before | Up to the time it comes = auto
    Team summaries: Name me when I am MVP of the week = none
    Pause until = none
    Only you see your digest. Team summaries count you whether you are named or not.
    "#);
}

#[test]
fn the_modal_shows_what_was_chosen() {
    let chosen = Preferences {
        time: Some("18:30".parse().unwrap()),
        zone: Some(Tz::Asia__Kathmandu),
        weekdays: Some("sat,sun".parse().unwrap()),
        covers: Some(Covers::Evening),
        days_off: None,
        sections: Some(vec!["models".to_owned()]),
        pause_until: Some("2026-01-31T18:15:00Z".parse().unwrap()),
    };
    let view = Form { digest: false, named: true, preferences: chosen }.view(&usual(), now());
    assert_eq!(lint::view_faults(&view), []);
    insta::assert_snapshot!(drawn(&view), @r#"
    Daily digest: On | Off = off
    Time = 18:30
    Days: Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday = sat,sun
    Time zone: As in Slack (Europe/Berlin) | Another one, chosen below = own
    Another time zone = Asia/Kathmandu
    What it shows: Sessions | Estimated cost | Tokens | Top skills | Streak | Comparison with your average | Cache hit rate | Chart of the last 7 days | Models = models
    What it covers: By its time: before noon the days before, later the day so far | The whole days before | Up to the time it comes = evening
    Team summaries: Name me when I am MVP of the week = named
    Pause until = 2026-02-01
    Only you see your digest. Team summaries count you whether you are named or not.
    "#);
}

#[test]
fn the_modal_keeps_to_slacks_limits_whatever_the_settings_are() {
    for covers in [config::Covers::Auto, config::Covers::Morning, config::Covers::Evening] {
        for (show_cost, zone_of_slack) in [(true, true), (false, false)] {
            let zone = Tz::America__Argentina__ComodRivadavia;
            let usual = Usual { zone, zone_of_slack, covers, show_cost, ..usual() };
            let view = form().view(&usual, now());
            assert_eq!(lint::view_faults(&view), []);
            assert_eq!(view.to_string().contains("\"cost\""), show_cost);
        }
    }
}

#[test]
fn what_is_as_usual_is_left_to_the_defaults() {
    assert_eq!(filled(&[]), Ok(Wanted::default()));
    let evening_here = Usual { covers: config::Covers::Evening, ..usual() };
    let evening = state(&[(COVERS, one("evening"))]);
    let shown = form().shown(&evening_here, now());
    let wanted = read(&evening, &shown, &evening_here, &Preferences::default(), now()).unwrap();
    assert_eq!(wanted.preferences.covers, Some(None));
}

#[test]
fn what_was_changed_elsewhere_while_the_form_was_open_stays() {
    let shown = form().shown(&usual(), now());
    let chosen = Preferences {
        time: Some("07:00".parse().unwrap()),
        sections: Some(vec!["models".to_owned()]),
        pause_until: Some("2026-01-31T18:15:00Z".parse().unwrap()),
        ..Preferences::default()
    };
    // An admin changed what is usual, they themselves other things.
    let usual = Usual { time: "10:00".parse().unwrap(), weekdays: "sat".parse().unwrap(), ..usual() };
    assert_eq!(read(&state(&[]), &shown, &usual, &chosen, now()), Ok(Wanted::default()));
    let wanted = read(&state(&[(TIME, one("18:30"))]), &shown, &usual, &chosen, now()).unwrap();
    let expected = PreferencesChange { time: Some("18:30".parse().ok()), ..PreferencesChange::default() };
    assert_eq!(wanted, Wanted { preferences: expected, ..Wanted::default() });
}

#[test]
fn what_was_shown_is_read_again_and_nothing_else() {
    let chosen = Preferences {
        zone: Some(Tz::America__Argentina__ComodRivadavia),
        pause_until: Some("2026-01-31T18:15:00Z".parse().unwrap()),
        ..Preferences::default()
    };
    let shown = Form { preferences: chosen, ..form() }.shown(&usual(), now());
    assert_eq!(Shown::read(&shown.write()), Some(shown.clone()));
    let view = form().view(&usual(), now());
    assert_eq!(Shown::read(view["private_metadata"].as_str().unwrap()), Some(form().shown(&usual(), now())));
    let forged = [
        ("\"digest\":true", "\"digest\":1"),
        ("09:00", "25:00"),
        ("mon-fri", "someday"),
        ("America/", "Mars/"),
        ("auto", "night"),
        ("\"sessions\"", "\"salary\""),
        ("2026-01-31", "2026-01-32"),
        ("{", "{\"member\":\"U0ADA\","),
    ];
    for (from, to) in forged {
        let text = shown.write();
        assert!(text.contains(from), "{from}: {text}");
        assert_eq!(Shown::read(&text.replace(from, to)), None, "{to}");
    }
    for text in ["", "{}", "null", "[]", &format!("{}{}", shown.write(), " ".repeat(3_000))] {
        assert_eq!(Shown::read(text), None, "{text}");
    }
}

#[test]
fn what_differs_is_kept() {
    let Wanted { digest, named, preferences } = filled(&[
        (DIGEST, one("off")),
        (TIME, one("18:30")),
        (DAYS, many(&["sun", "sat"])),
        (ZONE_FROM, one("own")),
        (ZONE, one("Asia/Kathmandu")),
        (SECTIONS, many(&["models", "sessions"])),
        (COVERS, one("morning")),
        (NAMED, many(&["named"])),
        (PAUSE, one("2026-02-01")),
    ])
    .unwrap();
    assert_eq!((digest, named), (Some(false), Some(true)));
    let expected = Preferences {
        time: Some("18:30".parse().unwrap()),
        zone: Some(Tz::Asia__Kathmandu),
        weekdays: Some("sat,sun".parse().unwrap()),
        covers: Some(Covers::Morning),
        days_off: None,
        sections: Some(vec!["sessions".to_owned(), "models".to_owned()]),
        pause_until: Some("2026-01-31T18:15:00Z".parse().unwrap()),
    };
    assert_eq!(preferences, PreferencesChange { days_off: None, ..PreferencesChange::to(&expected) });
}

#[test]
fn what_is_wrong_stands_beside_its_block() {
    for (block, value, part) in [
        (DIGEST, one("perhaps"), "on or off"),
        (TIME, one("25:00"), "Choose a time"),
        (TIME, Chosen::Nothing, "Choose a time"),
        (DAYS, Chosen::Nothing, "at least one day"),
        (DAYS, many(&["mon-sun"]), "days of the week"),
        (DAYS, many(&["funday"]), "days of the week"),
        (ZONE_FROM, Chosen::Nothing, "Choose one"),
        (ZONE, one("Mars/Olympus"), "time zones that are offered"),
        (SECTIONS, many(&[]), "at least one part"),
        (SECTIONS, many(&["sessions", "salary"]), "parts that are offered"),
        (COVERS, one("night"), "Choose one"),
        (PAUSE, one("2026-01-15"), "after today"),
        (PAUSE, one("2026-01-14"), "after today"),
        (PAUSE, one("2028-01-01"), "a year at most"),
        (PAUSE, one("soon"), "Choose a day"),
    ] {
        let wrong = filled(&[(block, value.clone())]).unwrap_err();
        assert_eq!(wrong.len(), 1, "{block} {value:?}: {wrong:?}");
        assert!(wrong[block].contains(part), "{block} {value:?}: {wrong:?}");
    }
    assert!(filled(&[(ZONE_FROM, one("own"))]).unwrap_err().contains_key(ZONE));
    // Chosen below, and not meant above: which of the two is wished is asked.
    assert!(filled(&[(ZONE, one("Asia/Tokyo"))]).unwrap_err().contains_key(ZONE_FROM));
    let shown = form().shown(&usual(), now());
    let all = read(&State::default(), &shown, &usual(), &Preferences::default(), now()).unwrap_err();
    assert_eq!(all.len(), 6, "{all:?}");
}

#[test]
fn what_the_modal_does_not_ask_stays() {
    let before = Preferences {
        days_off: Some(vec!["2026-12-24".parse().unwrap()]),
        zone: Some(Tz::Asia__Tokyo),
        pause_until: Some("2026-01-20T07:30:00Z".parse().unwrap()),
        ..Preferences::default()
    };
    // The zone goes back to Slack's although the menu still shows the old one; the pause that stands is not moved by it.
    let shown = Form { preferences: before.clone(), ..form() }.shown(&usual(), now());
    let sent = state(&[(ZONE, one("Asia/Tokyo")), (PAUSE, one("2026-01-20"))]);
    let after = read(&sent, &shown, &usual(), &before, now()).unwrap().preferences.onto(before.clone());
    assert_eq!((after.zone, after.days_off, after.pause_until), (None, before.days_off, before.pause_until));
}

#[test]
fn costs_that_the_owner_does_not_show_cannot_be_chosen_and_are_not_lost() {
    let hidden = Usual { show_cost: false, ..usual() };
    let chosen = state(&[(SECTIONS, many(&["sessions", "tokens"]))]);
    let shown = form().shown(&hidden, now());
    let nothing = Preferences::default();
    let after = read(&chosen, &shown, &hidden, &nothing, now()).unwrap();
    assert_eq!(after.preferences.sections, None, "the default, whose costs come back with the setting");
    assert!(read(&state(&[]), &shown, &hidden, &nothing, now()).unwrap_err().contains_key(SECTIONS));
    let models = state(&[(SECTIONS, many(&["sessions", "models"]))]);
    let after = read(&models, &shown, &hidden, &nothing, now()).unwrap().preferences.sections.unwrap().unwrap();
    assert_eq!(after, ["sessions", "models", "cost"]);
}

fn hostile() -> impl Strategy<Value = Chosen> {
    let value = prop_oneof![
        "\\PC{0,40}",
        Just("on".to_owned()),
        Just("own".to_owned()),
        Just("Europe/Berlin".to_owned()),
        Just("9999-12-31".to_owned()),
        Just("-262143-01-01".to_owned()),
        Just("24:00".to_owned()),
        Just("mon".to_owned()),
        Just("sessions".to_owned()),
    ];
    prop_oneof![
        Just(Chosen::Nothing),
        value.clone().prop_map(Chosen::One),
        proptest::collection::vec(value, 0..5).prop_map(Chosen::Many),
    ]
}

proptest! {
    #[test]
    fn whatever_is_sent_is_preferences_that_hold_or_faults_of_blocks_that_are_there(
        values in proptest::collection::vec(hostile(), 9),
    ) {
        let ids = [DIGEST, TIME, DAYS, ZONE_FROM, ZONE, SECTIONS, COVERS, NAMED, PAUSE];
        let sent: Vec<_> = ids.into_iter().zip(values).collect();
        match filled(&sent) {
            Ok(wanted) => {
                let preferences = wanted.preferences.onto(Preferences::default());
                let after = preferences.pause_until;
                prop_assert!(after.is_none_or(|until| until > now() && until < now() + chrono::TimeDelta::days(368)));
                let form = Form { digest: true, named: false, preferences };
                prop_assert_eq!(lint::view_faults(&form.view(&usual(), now())), vec![]);
            }
            Err(faults) => prop_assert!(faults.keys().all(|block| ids.contains(&block.as_str())) && !faults.is_empty()),
        }
    }
}
