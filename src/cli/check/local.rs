//! What can be judged without asking anybody: the store's settings and the templates.

use super::line::Line;
use crate::{config::Settings, message::check::check};
use secrecy::ExposeSecret;

/// Which form of store is configured, never its address: that may hold a password.
pub fn store(settings: &Settings) -> Line {
    let url = settings.store.url.expose_secret();
    let form = match url.split_once(':') {
        Some(("sqlite", path)) => {
            let path = path.split('?').next().unwrap_or_default();
            format!("the SQLite file `{path}` is configured")
        }
        _ => format!("a PostgreSQL database is configured, with the schema `{}`", settings.store.schema),
    };
    Line::ok("store", format!("{form}; it was not opened, for this release keeps nothing in it yet"))
}

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
    fn a_store_is_told_without_its_password() {
        let postgres = store(&settings("RECAP__STORE__URL", "postgres://recap:pass-word@db.example.com/recap"));
        assert!(postgres.message.contains("PostgreSQL") && postgres.message.contains("`recap`"), "{postgres:?}");
        assert!(!format!("{postgres:?}").contains("pass-word"), "{postgres:?}");
        let sqlite = store(&settings("RECAP__STORE__URL", "sqlite:data/state.sqlite?mode=rwc"));
        assert!(sqlite.message.contains("`data/state.sqlite`"), "{sqlite:?}");
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
