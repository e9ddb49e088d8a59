//! Filters on dates and times, in English (US).

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use minijinja::{Error, ErrorKind, Value};

/// Monday first; the first three letters are the short form.
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The first three letters are the short form.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Wednesday, January 15`.
pub(super) fn long_date(value: &Value) -> Result<String, Error> {
    let date = date(value)?;
    Ok(format!("{}, {} {}", WEEKDAYS[day_of_week(date)], MONTHS[date.month0() as usize], date.day()))
}

/// `Wed, Jan 15, 2025`.
pub(super) fn short_date(value: &Value) -> Result<String, Error> {
    Ok(with_year(date(value)?))
}

/// `Wed`.
pub(super) fn weekday(value: &Value) -> Result<String, Error> {
    Ok(WEEKDAYS[day_of_week(date(value)?)][..3].to_owned())
}

/// `09:00`.
pub(super) fn time(value: &Value) -> Result<String, Error> {
    let text = text(value)?;
    let moment = text.parse::<NaiveDateTime>().map_err(|_| not_a("local date and time", text))?;
    Ok(moment.format("%H:%M").to_string())
}

/// `{{ first | date_range(last) }}`: one date, or `Fri, Jan 17 – Sun, Jan 19, 2025`, or with both years where
/// they differ.
pub(super) fn date_range(first: &Value, last: &Value) -> Result<String, Error> {
    let (from, to) = (date(first)?, date(last)?);
    if from == to {
        return short_date(first);
    }
    let first = if from.year() == to.year() { short(from) } else { with_year(from) };
    Ok(format!("{first} – {}", with_year(to)))
}

/// `{{ first | week_range(last) }}`, without weekdays: `Jan 13 – 19, 2025`, `Jan 27 – Feb 2, 2025` or with both years.
pub(super) fn week_range(first: &Value, last: &Value) -> Result<String, Error> {
    let (from, to) = (date(first)?, date(last)?);
    let (year, day) = (to.year(), to.day());
    Ok(match (from.year() == year, from.month() == to.month()) {
        _ if from == to => format!("{}, {year}", month_day(to)),
        (true, true) => format!("{} – {day}, {year}", month_day(from)),
        (true, false) => format!("{} – {}, {year}", month_day(from), month_day(to)),
        (false, _) => format!("{}, {} – {}, {year}", month_day(from), from.year(), month_day(to)),
    })
}

fn month_day(date: NaiveDate) -> String {
    format!("{} {}", &MONTHS[date.month0() as usize][..3], date.day())
}

fn short(date: NaiveDate) -> String {
    format!("{}, {}", &WEEKDAYS[day_of_week(date)][..3], month_day(date))
}

fn with_year(date: NaiveDate) -> String {
    format!("{}, {}", short(date), date.year())
}

fn day_of_week(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

fn date(value: &Value) -> Result<NaiveDate, Error> {
    let text = text(value)?;
    let day = text.split_once('T').map_or(text, |(day, _)| day);
    day.parse().map_err(|_| not_a("date", text))
}

fn text(value: &Value) -> Result<&str, Error> {
    value.as_str().ok_or_else(|| not_a("date", &value.to_string()))
}

fn not_a(kind: &str, text: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("`{}` is not a {kind}", text.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_long_short_and_as_ranges() {
        let value = |text: &str| Value::from(text);
        assert_eq!(long_date(&value("2025-01-15")).unwrap(), "Wednesday, January 15");
        assert_eq!(short_date(&value("2025-01-05")).unwrap(), "Sun, Jan 5, 2025");
        assert_eq!(weekday(&value("2025-01-15")).unwrap(), "Wed");
        assert_eq!(long_date(&value("2025-01-16T09:00:00")).unwrap(), "Thursday, January 16");
        assert_eq!(time(&value("2025-01-16T09:00:00")).unwrap(), "09:00");
        for (first, last, shown) in [
            ("2025-01-15", "2025-01-15", "Wed, Jan 15, 2025"),
            ("2025-01-17", "2025-01-19", "Fri, Jan 17 – Sun, Jan 19, 2025"),
            ("2025-12-30", "2026-01-01", "Tue, Dec 30, 2025 – Thu, Jan 1, 2026"),
        ] {
            assert_eq!(date_range(&value(first), &value(last)).unwrap(), shown);
        }
        for (first, last, shown) in [
            ("2025-01-13", "2025-01-19", "Jan 13 – 19, 2025"),
            ("2025-01-27", "2025-02-02", "Jan 27 – Feb 2, 2025"),
            ("2024-12-30", "2025-01-05", "Dec 30, 2024 – Jan 5, 2025"),
            ("2025-01-13", "2025-01-13", "Jan 13, 2025"),
        ] {
            assert_eq!(week_range(&value(first), &value(last)).unwrap(), shown);
        }
        assert!(long_date(&value("yesterday")).unwrap_err().to_string().contains("`yesterday` is not a date"));
    }
}
