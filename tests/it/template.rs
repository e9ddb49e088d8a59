//! Templates against what digests really serialise to, and `recap template check`.

use chrono::NaiveDate;
use recap::{
    digest::{Change, ChartDay, DailyDigest, Label, Measure, ModelShare, Period, Ranked, Sections, Streak},
    message::{Templates, check, lint, text},
};
use serde_json::Value;
use std::{fs, process::Command};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, day).unwrap_or_default()
}

/// A digest in which nothing is absent.
fn whole() -> DailyDigest {
    DailyDigest {
        period: Period {
            first: day(15),
            last: day(15),
            several_days: false,
            up_to: Some("18:00".to_owned()),
            zone: "Europe/Berlin".to_owned(),
        },
        empty: false,
        sections: Sections::ALL,
        sessions: Measure { total: 12, change: Some(Change { difference: 3, percent: Some(33) }) },
        cost: Measure { total: 4.82, change: Some(Change { difference: 0.74, percent: Some(18) }) },
        input_tokens: 142_000,
        output_tokens: 38_000,
        cache_read_tokens: 1_204_000,
        cache_creation_tokens: 96_000,
        cache_hit_percent: Some(83),
        top_skills: vec![Ranked { rank: 1, name: Label("commit".to_owned()), uses: 8 }],
        more_skills: 0,
        models: vec![ModelShare { name: Label("sonnet-4".to_owned()), requests: 212, percent: 100 }],
        more_models: 0,
        streak: Some(Streak { days: 5, at_least: false }),
        chart: vec![ChartDay { date: day(15), sessions: 12 }],
        first: true,
        opt_out: true,
        next: day(16).and_hms_opt(9, 0, 0),
    }
}

/// The names below `value`, as paths; of a list, those of its first entry.
fn names(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                found.push(format!("{path}.{name}"));
                names(inner, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(items) => {
            for item in items.iter().take(1) {
                names(item, &format!("{path}[]"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_samples_have_the_names_of_a_real_digest() {
    let mut real = Vec::new();
    names(&serde_json::to_value(whole()).unwrap(), "", &mut real);
    real.sort();
    let samples = check::samples_of("daily");
    assert_eq!(samples.len(), 6);
    for (sample, context) in samples {
        let mut made_up = Vec::new();
        names(&context, "", &mut made_up);
        if sample == "worst" || sample == "typical" {
            made_up.sort();
            assert_eq!(made_up, real, "{sample}");
        }
        assert!(made_up.iter().all(|name| real.contains(name)), "{sample}");
    }
}

#[test]
fn a_real_digest_renders_within_slacks_limits() {
    let message = Templates::embedded().render("daily", &whole()).unwrap();
    assert_eq!(lint::faults(&message), []);
    insta::assert_snapshot!(text::render(&message), @"
    Your Claude Code Daily Digest — Wed, Jan 15, 2025 (up to 18:00)
    Sessions: 12 (+3 vs avg)          Cost: $4.82 (+$0.74 vs avg)
    Tokens: 142K in / 38K out         Cache hit rate: 83%
    Top skills
    1. /commit (8x)
    Models
    sonnet-4 (100%)
    5-day streak. Keep it going.
    Sessions by day: Wed 12
    This is your first digest. The next one comes on Thursday, January 16 at 09:00. To get no more of them, choose Stop these messages in the menu of this message.
    Wed, Europe/Berlin · cost estimated at API prices · only you see this
    [My week]  [Settings]  [⋯ Pause until Monday | Pause a week | Stop these messages]
    ");
}

#[test]
fn template_check_needs_no_settings_and_names_file_place_and_nearest_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("daily.json"), r#"{"text": "{{ sesions.total }}", "blocks": []}"#).unwrap();
    let check = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_recap")).args(["template", "check"]).args(arguments).output();
        let output = output.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, stdout, stderr) = check(&[]);
    assert_eq!((code, stdout.lines().count(), stderr.as_str()), (Some(0), 26, ""));
    let (code, stdout, stderr) = check(&[folder.path().to_str().unwrap()]);
    assert_eq!(code, Some(1));
    let faults: Vec<_> = stdout.lines().filter(|line| !line.starts_with("ok ")).collect();
    assert_eq!(
        faults,
        ["error  `daily.json#/text`: variable `sesions.total` does not exist; did you mean `sessions`?"]
    );
    assert!(stderr.contains("\nhint: "), "{stderr}");
}
