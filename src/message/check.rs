//! Every template against every sample and Slack's limits.

use super::{
    Message, lint,
    template::{self, EMBEDDED, TemplateError, Templates},
};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// The samples that this binary carries: the template's name, the sample's, and its context.
const SAMPLES: [(&str, &str, &str); 26] = [
    ("daily", "typical", include_str!("../../blocks/samples/daily-typical.json")),
    ("daily", "empty", include_str!("../../blocks/samples/daily-empty.json")),
    ("daily", "worst", include_str!("../../blocks/samples/daily-worst.json")),
    ("daily", "first", include_str!("../../blocks/samples/daily-first.json")),
    ("daily", "evening", include_str!("../../blocks/samples/daily-evening.json")),
    ("daily", "several-days", include_str!("../../blocks/samples/daily-several-days.json")),
    ("alert", "typical", include_str!("../../blocks/samples/alert-typical.json")),
    ("alert", "channel", include_str!("../../blocks/samples/alert-channel.json")),
    ("alert", "worst", include_str!("../../blocks/samples/alert-worst.json")),
    ("invitation", "typical", include_str!("../../blocks/samples/invitation-typical.json")),
    ("invitation", "no-cost", include_str!("../../blocks/samples/invitation-no-cost.json")),
    ("notice", "no-identity", include_str!("../../blocks/samples/notice-no-identity.json")),
    ("notice", "unknown", include_str!("../../blocks/samples/notice-unknown.json")),
    ("notice", "workspace", include_str!("../../blocks/samples/notice-workspace.json")),
    ("run_report", "typical", include_str!("../../blocks/samples/run_report-typical.json")),
    ("run_report", "worst", include_str!("../../blocks/samples/run_report-worst.json")),
    ("usage", "today", include_str!("../../blocks/samples/usage-today.json")),
    ("usage", "nothing-yet", include_str!("../../blocks/samples/usage-nothing-yet.json")),
    ("usage", "week", include_str!("../../blocks/samples/usage-week.json")),
    ("weekly", "typical", include_str!("../../blocks/samples/weekly-typical.json")),
    ("weekly", "small-team", include_str!("../../blocks/samples/weekly-small-team.json")),
    ("weekly", "first-week", include_str!("../../blocks/samples/weekly-first-week.json")),
    ("weekly", "worst", include_str!("../../blocks/samples/weekly-worst.json")),
    ("weekly", "nobody-named", include_str!("../../blocks/samples/weekly-nobody-named.json")),
    ("weekly", "ties", include_str!("../../blocks/samples/weekly-ties.json")),
    ("weekly", "zero", include_str!("../../blocks/samples/weekly-zero.json")),
];

/// What was found about one template, or about one template with one sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckLine {
    /// `daily.json`, or a file that is no template.
    pub template: String,
    pub sample: Option<&'static str>,
    /// Nothing where all is well.
    pub problem: Option<String>,
}

/// Checks the embedded templates, or those of `folder` in their place: syntax, names, rendering and Slack's limits.
pub fn check(folder: Option<&Path>) -> Vec<CheckLine> {
    let mut lines = Vec::new();
    if let Some(error) = folder.and_then(|folder| template::refuse_unknown_files(folder).err()) {
        lines.push(CheckLine { template: error.place.clone(), sample: None, problem: Some(explained(&error)) });
    }
    for (file, _) in EMBEDDED {
        let problem = |error: &TemplateError| CheckLine {
            template: file.to_owned(),
            sample: None,
            problem: Some(explained(error)),
        };
        match Templates::only(file, folder) {
            Ok(templates) => {
                let samples = samples_of(file.trim_end_matches(".json"));
                let contexts: Vec<_> = samples.iter().map(|(_, context)| context).collect();
                let unknown = templates.unknown_variables(file.trim_end_matches(".json"), &contexts);
                lines.extend(unknown.iter().map(problem));
                if unknown.is_empty() {
                    for (sample, context) in &samples {
                        one(&templates, file, sample, context, &mut lines);
                    }
                }
            }
            Err(error) => lines.push(problem(&error)),
        }
    }
    lines
}

/// The samples of template `name` with their contexts.
pub fn samples_of(name: &str) -> Vec<(&'static str, Value)> {
    SAMPLES
        .into_iter()
        .filter(|(template, _, _)| *template == name)
        .filter_map(|(_, sample, json)| Some((sample, serde_json::from_str(json).ok()?)))
        .collect()
}

fn one(templates: &Templates, file: &str, sample: &'static str, context: &Value, lines: &mut Vec<CheckLine>) {
    let line = |problem| CheckLine { template: file.to_owned(), sample: Some(sample), problem };
    let problems: Vec<_> = match templates.render(file.trim_end_matches(".json"), context) {
        Ok(message) => faults(&message),
        Err(error) => vec![explained(&error)],
    };
    if problems.is_empty() {
        lines.push(line(None));
    }
    lines.extend(problems.into_iter().map(|problem| line(Some(problem))));
}

/// The faults of a message, and those of its plain form.
fn faults(message: &Message) -> Vec<String> {
    let mut faults: Vec<_> = lint::faults(message).iter().map(ToString::to_string).collect();
    if faults.is_empty() {
        let plain = lint::faults(&message.without_rich_blocks());
        faults.extend(plain.iter().map(|fault| format!("without charts and tables, {fault}")));
    }
    faults
}

fn explained(error: &TemplateError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn problems(json: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("daily.json"), json).unwrap();
        check(Some(folder.path())).into_iter().filter_map(|line| line.problem).collect()
    }

    #[test]
    fn the_embedded_templates_hold_with_every_sample() {
        let lines = check(None);
        assert_eq!(lines.len(), SAMPLES.len());
        assert!(lines.iter().all(|line| line.problem.is_none()), "{lines:?}");
    }

    #[test]
    fn a_typo_is_found_in_a_branch_that_no_sample_takes() {
        let json = r#"{"text": "a", "blocks": [{"$if": "empty and not empty", "then": [
            {"$each": "top_skills", "as": "skill", "do": {"type": "section",
                "text": {"type": "plain_text", "text": "{{ skill.nmae }}"}}}]}]}"#;
        assert_eq!(
            problems(json),
            ["`daily.json#/blocks/0/then/0/do/text/text`: variable `skill.nmae` does not exist; did you mean `name`?"]
        );
    }

    #[test]
    fn what_slack_would_refuse_is_found_with_the_sample_that_shows_it() {
        let json = r#"{"text": "a", "blocks": [{"type": "header", "text": {"type": "plain_text",
            "text": "{{ period.zone }}{{ period.zone }}{{ period.zone }}{{ period.zone }}{{ period.zone }}"}}]}"#;
        assert_eq!(problems(json), ["`/blocks/0/text/text`: has 160 characters, more than 150"]);
    }

    #[test]
    fn a_file_that_is_no_template_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("dayly.json"), "{}").unwrap();
        let problem = check(Some(folder.path())).remove(0).problem.unwrap();
        assert!(
            problem.ends_with("dayly.json`: is not the name of a template; did you mean `daily.json`?"),
            "{problem}"
        );
    }
}
