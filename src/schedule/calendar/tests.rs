//! Calendars as people and programs write them, and as nobody should.

use super::{CALENDAR_YEARS, CalendarError, LARGEST_CALENDAR, parse_calendar};
use proptest::prelude::*;

/// The dates of `text`, or what is wrong with it.
fn told(text: &str) -> String {
    match parse_calendar(text, 2024..=2027) {
        Ok(dates) => dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Err(error) => error.to_string(),
    }
}

/// A calendar of one event with these lines.
fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

#[test]
fn a_list_has_a_date_a_line_with_comments_and_names() {
    for (text, expected) in [
        ("2026-12-25\n2026-12-26\n", "2026-12-25 2026-12-26"),
        (
            "\u{feff}# Holidays\r\n\r\n  2026-12-25 Christmas # really\r\n2026-01-01\tNew Year\r\n",
            "2026-01-01 2026-12-25",
        ),
        ("2026-12-25,Christmas\n2026-12-25;again", "2026-12-25"),
        // Of a list every date is told.
        ("1999-12-31", "1999-12-31"),
        ("", ""),
        ("# nothing\n", ""),
        ("2026-12-25\n\n2026-02-30\n", "line 3: `2026-02-30` is not a date: write it as 2026-12-25"),
        ("25.12.2026", "line 1: `25.12.2026` is not a date: write it as 2026-12-25"),
        ("+2026-12-25", "line 1: `+2026-12-25` is not a date: write it as 2026-12-25"),
        ("2026-12-25Christmas", "line 1: `2026-12-25Christmas` is not a date: write it as 2026-12-25"),
        ("<!DOCTYPE html>\u{1b}[31m", "line 1: `<!DOCTYPE` is not a date: write it as 2026-12-25"),
        ("0000-01-01", "line 1: `0000-01-01` is not a date: write it as 2026-12-25"),
    ] {
        assert_eq!(told(text), expected, "{text:?}");
    }
}

#[test]
fn an_event_makes_the_dates_off_that_it_touches() {
    for (lines, expected) in [
        ("DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas", "2026-12-25"),
        // The end of an all-day event is the day after it.
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", "2026-12-24 2026-12-25 2026-12-26"),
        ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225", "2026-12-25"),
        ("DTSTART;VALUE=DATE:20261225\nDURATION:P2D", "2026-12-25 2026-12-26"),
        (
            "DTSTART:20261225\nDURATION:P1W",
            "2026-12-25 2026-12-26 2026-12-27 2026-12-28 2026-12-29 2026-12-30 2026-12-31",
        ),
        // With a time, the dates up to the moment before the end, as written.
        (
            "DTSTART;TZID=Europe/Berlin:20261224T140000\nDTEND;TZID=Europe/Berlin:20261226T000000",
            "2026-12-24 2026-12-25",
        ),
        ("DTSTART:20261224T230000Z\nDTEND:20261225T230000Z", "2026-12-24 2026-12-25"),
        ("DTSTART:20261224T230000Z", "2026-12-24"),
        ("DTSTART:20261224T230000\nDURATION:PT1H30M", "2026-12-24 2026-12-25"),
        ("DTSTART:20261224T230000\nDTEND:20261224T220000", "2026-12-24"),
        // Holidays are often marked as free time.
        ("DTSTART;VALUE=DATE:20261225\nTRANSP:TRANSPARENT\nSTATUS:TENTATIVE", "2026-12-25"),
        ("DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED", ""),
        ("dtstart;value=date:20261225\nX-MICROSOFT;A=\"b:c\":\\n", "2026-12-25"),
        // Folded lines, an alarm inside, what lies outside of the years.
        ("DTSTART;VALUE=DA\n TE:202612\n\t25\nDESCRIPTION:a\n : b", "2026-12-25"),
        ("DTSTART:20261225\nBEGIN:VALARM\nDTSTART:20261226\nTRIGGER:-PT5M\nEND:VALARM", "2026-12-25"),
        ("DTSTART:20231225\nDTEND:20240102", "2024-01-01"),
        ("DTSTART:20271231\nDTEND:99991231", "2027-12-31"),
        ("DTSTART:19991231", ""),
    ] {
        assert_eq!(told(&event(lines)), expected, "{lines}");
    }
}

#[test]
fn a_recurring_event_does_so_until_the_years_end() {
    for (lines, expected) in [
        ("DTSTART:20001225\nRRULE:FREQ=YEARLY", "2024-12-25 2025-12-25 2026-12-25 2027-12-25"),
        ("DTSTART:20240101\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2024-11-28 2025-11-27 2026-11-26 2027-11-25"),
        ("DTSTART:20241128\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR;COUNT=2", "2024-11-29 2025-11-28"),
        ("DTSTART:20240229\nRRULE:FREQ=YEARLY", "2024-02-29"),
        (
            "DTSTART:20261224\nDTEND:20261226\nRRULE:FREQ=DAILY;INTERVAL=5;COUNT=2",
            "2026-12-24 2026-12-25 2026-12-29 2026-12-30",
        ),
        ("DTSTART:20261201\nRRULE:FREQ=WEEKLY;UNTIL=20261215", "2026-12-01 2026-12-08 2026-12-15"),
        ("DTSTART:20261201T090000\nRRULE:FREQ=WEEKLY;UNTIL=20261215;BYHOUR=9", "2026-12-01 2026-12-08 2026-12-15"),
        // The end is UTC, the event in Berlin.
        (
            "DTSTART;TZID=Europe/Berlin:20261201T000000\nRRULE:FREQ=DAILY;UNTIL=20261201T230000Z",
            "2026-12-01 2026-12-02",
        ),
        ("DTSTART:20261201\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20261202,20261203", "2026-12-01 2026-12-04"),
        (
            "DTSTART;TZID=Europe/Berlin:20261201T090000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261202T080000Z",
            "2026-12-01 2026-12-03",
        ),
        ("DTSTART:20261201T090000\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20261202T100000", "2026-12-01 2026-12-02"),
        ("DTSTART:20261201\nRDATE:20261224,20261231\nEXDATE:20261231", "2026-12-01 2026-12-24"),
        ("DTSTART:20261201T090000\nRDATE;VALUE=PERIOD:20261224T090000/PT1H", "2026-12-01 2026-12-24"),
        ("DTSTART:20300101\nRRULE:FREQ=YEARLY", ""),
        ("DTSTART:20260101\nRRULE:FREQ=YEARLY;UNTIL=20250101", ""),
    ] {
        assert_eq!(told(&event(lines)), expected, "{lines}");
    }
}

#[test]
fn an_instance_that_was_moved_counts_where_it_went() {
    let both = |moved: &str| {
        let series = "BEGIN:VEVENT\nUID:a\nDTSTART:20261201\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n";
        told(&format!("BEGIN:VCALENDAR\n{series}BEGIN:VEVENT\n{moved}\nEND:VEVENT\nEND:VCALENDAR"))
    };
    assert_eq!(both("UID:a\nRECURRENCE-ID:20261202\nDTSTART:20261210"), "2026-12-01 2026-12-03 2026-12-10");
    assert_eq!(both("UID:a\nRECURRENCE-ID:20261202\nDTSTART:20261210\nSTATUS:CANCELLED"), "2026-12-01 2026-12-03");
    assert_eq!(both("UID:b\nRECURRENCE-ID:20261202\nDTSTART:20261202"), "2026-12-01 2026-12-02 2026-12-03");
}

#[test]
fn a_faulty_calendar_names_the_line() {
    let nested = format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(100_000));
    for (text, expected) in [
        (event("SUMMARY:x"), "line 2: the event has no DTSTART"),
        (event("DTSTART:2026-12-25"), "line 3: `2026-12-25` is not a date or time of iCalendar, as in 20261225"),
        (event("DTSTART:20260230"), "line 3: `20260230` is not a date or time of iCalendar, as in 20261225"),
        (event("DTSTART:20261225\nDTEND:20261224"), "line 4: the event ends before it begins"),
        (event("DTSTART:20261225\nDURATION:P"), "line 4: `P` is not a length of time, as in P1D"),
        (
            event("DTSTART:20261225\nDURATION:P99999999999999999999D"),
            "line 4: `P99999999999999999999D` is not a length of time, as in P1D",
        ),
        (event("DTSTART:20261225\nDURATION:PTT"), "line 4: `PTT` is not a length of time, as in P1D"),
        (
            event("DTSTART:20261225\nSUMMARY:a\n b\nEXDATE:x"),
            "line 6: `x` is not a date or time of iCalendar, as in 20261225",
        ),
        (event("DTSTART:20261225\nRRULE:FREQ=HOURLY"), "line 4: the event recurs within a day, so it is no day off"),
        (
            event("DTSTART:20261225\nRRULE:FREQ=DAILY;BYHOUR=9,10"),
            "line 4: the event recurs within a day, so it is no day off",
        ),
        (
            event("DTSTART:20261225\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
            "line 2: the event's rule never comes true",
        ),
        (event("what is this"), "line 3: `what is this` is no part of a calendar"),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR".into(),
            "line 3: ends `VCALENDAR`, but `VEVENT` began on line 2",
        ),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225".into(), "line 2: `VEVENT` begins and does not end"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR".into(), "line 3: ends `VCALENDAR`, which did not begin"),
        (nested, "line 9: nests deeper than a calendar does"),
    ] {
        assert_eq!(told(&text), expected);
    }
    let unreadable = told(&event("DTSTART:20261225\nRRULE:FREQ=SOMETIMES"));
    assert!(unreadable.starts_with("line 4: the rule `FREQ=SOMETIMES` cannot be read: "), "{unreadable}");
}

#[test]
fn what_would_take_for_ever_is_refused() {
    let at_most = |text: &str| parse_calendar(text, CALENDAR_YEARS).unwrap_err().to_string();
    assert_eq!(parse_calendar(&"#".repeat(LARGEST_CALENDAR + 1), CALENDAR_YEARS), Err(CalendarError::TooLarge));
    let daily = "BEGIN:VEVENT\nDTSTART:00010101\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
    assert_eq!(
        at_most(&format!("BEGIN:VCALENDAR\n{daily}END:VCALENDAR")),
        "line 2: the events come to more than 100000 days"
    );
    let long = "BEGIN:VEVENT\nDTSTART:20000101\nDTEND:99991231\nEND:VEVENT\n".repeat(10_000);
    assert_eq!(
        at_most(&format!("BEGIN:VCALENDAR\n{long}END:VCALENDAR")),
        "line 10: the events come to more than 100000 days"
    );
    let rare = "BEGIN:VEVENT\nDTSTART:20240229\nRRULE:FREQ=YEARLY;UNTIL=20250101\nEND:VEVENT\n".repeat(600);
    assert_eq!(at_most(&format!("BEGIN:VCALENDAR\n{rare}END:VCALENDAR")), "line 2002: more than 500 events recur");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(BEGIN:VCALENDAR\n)?[ -~\n\u{e4}]{0,200}") {
        let _ = parse_calendar(&text, CALENDAR_YEARS);
    }

    #[test]
    fn any_event_is_read_or_refused(
        start in "[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|2[0-9])(T[0-2][0-9]0000Z?)?",
        end in "[0-9]{8}",
        duration in "-?P([0-9]{1,20}[WD])?(T[0-9]{1,3}[HMS])?",
        rule in "FREQ=(YEARLY|MONTHLY|WEEKLY)(;INTERVAL=[0-9]{1,5})?(;COUNT=[0-9]{1,3})?(;UNTIL=[0-9]{8}(T000000Z)?)?\
            (;BYMONTH=-?[0-9]{1,2})?(;BYMONTHDAY=-?[0-9]{1,2})?(;BYDAY=(-?[0-9]{0,2}(MO|SU),?){1,3})?(;BYSETPOS=-?[0-9]{1,3})?\
            (;BYWEEKNO=-?[0-9]{1,2})?(;BYYEARDAY=-?[0-9]{1,3})?(;WKST=(SU|WE))?",
        zone in "(;TZID=(Europe/Berlin|Pacific/Apia|\"W. Europe Standard Time\"))?",
    ) {
        for lasts in [format!("DTEND:{end}"), format!("DURATION:{duration}")] {
            let _ = parse_calendar(&event(&format!("DTSTART{zone}:{start}\n{lasts}\nRRULE:{rule}")), CALENDAR_YEARS);
        }
    }
}
