//! What can be judged without asking anybody: the templates.

use super::line::Line;
use crate::{config::Settings, message::check::check};

/// The embedded templates, or the folder's in their place, held against samples and Slack's limits.
pub fn templates(settings: &Settings) -> Vec<Line> {
    let folder = settings.messages.templates_dir.as_deref();
    let found = check(folder);
    let hint = match folder {
        Some(folder) => format!("mend the file, and try it with `recap template check {}`", folder.display()),
        None => "this release is broken: report it with the output of `recap template check`".to_owned(),
    };
    let errors: Vec<Line> = found
        .iter()
        .filter_map(|line| {
            let problem = line.problem.as_ref()?;
            let sample = line.sample.map_or_else(String::new, |sample| format!(" with sample `{sample}`"));
            Some(Line::error("templates", format!("`{}`{sample}: {problem}", line.template), hint.as_str()))
        })
        .collect();
    if !errors.is_empty() {
        return errors;
    }
    let origin = match folder {
        Some(folder) => format!("with those of `{}` in place of the embedded ones", folder.display()),
        None => "all of them embedded".to_owned(),
    };
    vec![Line::ok("templates", format!("{} samples render within Slack's limits, {origin}", found.len()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(key: &str, value: &str) -> Settings {
        Settings::load(None, [(key.to_owned(), value.to_owned())]).unwrap()
    }

    #[test]
    fn a_template_with_a_typo_is_an_error_that_names_its_place() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("daily.json"), r#"{"text": "{{ sesions.total }}", "blocks": []}"#).unwrap();
        let lines = templates(&settings("RECAP__MESSAGES__TEMPLATES_DIR", folder.path().to_str().unwrap()));
        assert_eq!(lines.len(), 1);
        assert!(lines[0].message.contains("daily.json#/text") && lines[0].message.contains("`sessions`"), "{lines:?}");
        assert!(templates(&settings("RECAP__LOG__LEVEL", "info"))[0].hint.is_none());
    }
}
