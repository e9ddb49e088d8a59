use super::*;
use chrono::{NaiveDate, Weekday};
use proptest::prelude::*;

fn words(text: &str) -> Words {
    read(text, &["/usage"])
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn words_are_known_whatever_their_case_and_spaces() {
    for (text, meant) in [
        ("", Words::Today),
        ("  \u{a0}\u{2003} ", Words::Today),
        ("today", Words::Today),
        ("usage", Words::Today),
        ("/usage", Words::Today),
        ("/usage /usage week", Words::Week),
        ("/usage week", Words::Week),
        ("usage week", Words::Week),
        ("/week", Words::Week),
        ("Week?", Words::Week),
        ("my week", Words::Week),
        ("ON", Words::On),
        ("\u{a0}Opt\u{a0}In\u{a0}", Words::On),
        ("opt\u{2011}in", Words::On),
        ("opt-in please", Words::On),
        ("start", Words::On),
        ("subscribe", Words::On),
        ("\u{201c}off\u{201d}", Words::Off),
        ("OPT OUT", Words::Off),
        ("opt\u{2013}out", Words::Off),
        ("stop it.", Words::Off),
        ("unsubscribe", Words::Off),
        ("o\u{200b}ff", Words::Off),
        ("resume", Words::Resume),
        ("prefs", Words::Settings),
        ("Preferences", Words::Settings),
        ("settings!", Words::Settings),
        ("help me", Words::Help),
        ("?", Words::Help),
        ("name me", Words::NameMe(true)),
        ("don\u{2019}t name me", Words::NameMe(false)),
        ("delete my data", Words::Delete),
        ("team", Words::Team(None)),
        ("team \u{201c}Platform Core\u{201d}", Words::Team(Some("Platform Core".into()))),
        ("why", Words::Why(None)),
        ("why yesterday?", Words::Why(Some(Date::Yesterday))),
        ("why monday", Words::Why(Some(Date::Weekday(Weekday::Mon)))),
        ("why 2026-11-20", Words::Why(Some(Date::On(date("2026-11-20"))))),
        ("why so", Words::Why(None)),
        ("why 20.11.", Words::Unusable(Form::Why)),
        ("wek", Words::Unknown { typed: "wek".into(), nearest: Some("week") }),
        ("preferenses", Words::Unknown { typed: "preferenses".into(), nearest: Some("settings") }),
        ("on fire", Words::Unknown { typed: "on fire".into(), nearest: Some("on") }),
        ("xyzzy", Words::Unknown { typed: "xyzzy".into(), nearest: None }),
    ] {
        assert_eq!(words(text), meant, "{text:?}");
    }
    assert_eq!(read("stats week", &["/stats", "/usage"]), Words::Week);
}

#[test]
fn pauses_are_said_in_many_ways() {
    for (text, meant) in [
        ("pause", Some(For::Weeks(1))),
        ("pause 1w", Some(For::Weeks(1))),
        ("pause 1 W", Some(For::Weeks(1))),
        ("pause 2 weeks", Some(For::Weeks(2))),
        ("pause for a week", Some(For::Weeks(1))),
        ("pause week", Some(For::Weeks(1))),
        ("snooze 3d", Some(For::Days(3))),
        ("pause one day", Some(For::Days(1))),
        ("pause until monday", Some(For::Until(Date::Weekday(Weekday::Mon)))),
        ("pause till Fri", Some(For::Until(Date::Weekday(Weekday::Fri)))),
        ("pause until next monday.", Some(For::Until(Date::Weekday(Weekday::Mon)))),
        ("pause until 2026-12-01", Some(For::Until(Date::On(date("2026-12-01"))))),
        ("pause until 2026\u{2013}12\u{2013}01", Some(For::Until(Date::On(date("2026-12-01"))))),
        ("pause tomorrow", Some(For::Until(Date::Tomorrow))),
        ("pause until tomorrow", Some(For::Until(Date::Tomorrow))),
        ("pause 99999999999w", None),
        ("pause -1w", None),
        ("pause until", None),
        ("pause forever", None),
        ("pause 1.5w", None),
        ("pause w", None),
    ] {
        let meant = meant.map_or(Words::Unusable(Form::Pause), Words::Pause);
        assert_eq!(words(text), meant, "{text:?}");
    }
}

#[test]
fn times_are_said_in_many_ways() {
    for (text, meant) in [
        ("time 09:30", "09:30"),
        ("time 9:30", "09:30"),
        ("time 9.30", "09:30"),
        ("time 9h30", "09:30"),
        ("time 0930", "09:30"),
        ("time 9am", "09:00"),
        ("time 9 AM", "09:00"),
        ("time 9:30 p.m.", "21:30"),
        ("time 12am", "00:00"),
        ("time 12 pm", "12:00"),
        ("time 17", "17:00"),
        ("at noon", "12:00"),
        ("time to 8:05", "08:05"),
        ("time \u{ff19}:00", ""),
        ("time 25:00", ""),
        ("time 9:5", ""),
        ("time 13pm", ""),
        ("time 0am", ""),
        ("time soon", ""),
        ("time 09:30:00", ""),
        ("time :", ""),
        ("time +9", ""),
    ] {
        let meant =
            if meant.is_empty() { Words::Unusable(Form::Time) } else { Words::Time(Some(meant.parse().unwrap())) };
        assert_eq!(words(text), meant, "{text:?}");
    }
    assert_eq!(words("time"), Words::Time(None));
}

#[test]
fn people_are_mentioned_in_many_ways() {
    let id = |id: &str| Preview::Of(Who::Id(MemberId(id.into())));
    let email = || Preview::Of(Who::Email(MemberEmail::parse("ada@example.com").unwrap()));
    let weekly = |name: &str| Preview::Weekly(Some(name.into()));
    for (text, meant) in [
        ("preview", Preview::Own),
        ("preview daily", Preview::Own),
        ("preview <@U123|ada>", id("U123")),
        ("preview daily <@U123>", id("U123")),
        ("preview <@u123|ada lovelace>", id("U123")),
        ("preview @ada", Preview::Of(Who::Name("ada".into()))),
        ("preview daily @Ada Lovelace", Preview::Of(Who::Name("Ada Lovelace".into()))),
        ("preview Ada@Example.com", email()),
        ("preview <mailto:ada@example.com|ada@example.com>", email()),
        ("preview weekly", Preview::Weekly(None)),
        ("preview weekly platform", weekly("platform")),
        ("preview team \u{2018}Data Platform\u{2019}", weekly("Data Platform")),
        ("preview Platform", weekly("Platform")),
        ("preview <@U1 OR 1=1>", weekly("<@U1 OR 1=1>")),
        ("preview <https://evil.example|ada>", weekly("<https://evil.example|ada>")),
    ] {
        assert_eq!(words(text), Words::Preview(meant), "{text:?}");
    }
}

#[test]
fn weekdays_lie_ahead_or_back() {
    let wednesday = date("2025-01-15");
    for (day, ahead, back) in [
        (Weekday::Mon, "2025-01-20", "2025-01-13"),
        (Weekday::Wed, "2025-01-22", "2025-01-15"),
        (Weekday::Fri, "2025-01-17", "2025-01-10"),
    ] {
        let day = Date::Weekday(day);
        assert_eq!((day.ahead(wednesday), day.back(wednesday)), (Some(date(ahead)), Some(date(back))));
    }
    assert_eq!(Date::Tomorrow.ahead(NaiveDate::MAX), None);
    assert_eq!(Date::Weekday(Weekday::Mon).back(NaiveDate::MIN), None);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read(text in any::<String>(), tail in "\\PC{0,60}") {
        let _ = words(&text);
        for word in ["pause", "time", "why", "preview", "team", "preview daily", "pause until"] {
            let _ = words(&format!("{word} {tail}"));
            let _ = words(&format!("{word} {text}"));
        }
    }

    #[test]
    fn every_minute_of_the_day_is_read_back(hour in 0_u32..24, minute in 0_u32..60) {
        let meant = Words::Time(Some(format!("{hour:02}:{minute:02}").parse().unwrap()));
        for text in [
            format!("time {hour}:{minute:02}"),
            format!("time {hour:02}{minute:02}"),
            format!("TIME {}:{minute:02} {}", (hour + 11) % 12 + 1, if hour < 12 { "am" } else { "pm" }),
        ] {
            prop_assert_eq!(words(&text), meant.clone());
        }
    }

    #[test]
    fn no_text_changes_anything_but_by_its_own_words(text in "[a-z ]{0,30}") {
        let effective = matches!(words(&text), Words::On | Words::Off | Words::Resume | Words::NameMe(_));
        let said = KEYWORDS.iter().any(|(keyword, said)| said.iter().chain([keyword]).any(|said| text.contains(said)));
        prop_assert!(!effective || said);
    }
}
