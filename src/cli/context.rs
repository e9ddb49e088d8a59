//! What a command that needs settings is given.

use super::Failure;
use crate::{
    clock::Clock,
    config::{PREFIX, Settings},
    telemetry,
};
use std::{
    env,
    path::{Path, PathBuf},
};

/// The settings and the clock.
#[derive(Debug, Clone)]
pub struct Context {
    pub settings: Settings,
    pub clock: Clock,
}

impl Context {
    /// Reads the settings from `config` (else from the file that `RECAP_CONFIG` names) and the environment, and
    /// starts the log as they say.
    ///
    /// # Errors
    /// When the settings have faults.
    pub fn load(config: Option<&Path>) -> Result<Self, Failure> {
        let file = settings_file(config);
        let settings = Settings::load(file.as_deref(), variables()?).map_err(|faults| {
            let named_by = if config.is_some() { "`--config`" } else { "`RECAP_CONFIG`" };
            Failure::new(faults).hint(hint(file.as_deref(), named_by))
        })?;
        telemetry::start(settings.log);
        let clock = Clock::system();
        #[cfg(feature = "failpoints")]
        let clock = crate::failpoint::clock_from_environment()?.unwrap_or(clock);
        Ok(Self { settings, clock })
    }
}

/// The settings file that is named: `config`, else what `RECAP_CONFIG` says.
pub fn settings_file(config: Option<&Path>) -> Option<PathBuf> {
    let named = || env::var_os("RECAP_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
    config.map(Path::to_path_buf).or_else(named)
}

/// What to do about faults: first of all, the file must be there.
fn hint(file: Option<&Path>, named_by: &str) -> String {
    match file {
        Some(file) if std::fs::metadata(file).is_err() => format!(
            "check the path that {named_by} names; `recap default-config > {}` starts a settings file there",
            file.display()
        ),
        Some(file) if file.is_dir() || std::fs::File::open(file).is_err() => {
            format!("{named_by} must name a file that Recap may read")
        }
        _ => "`recap default-config` prints every key with its default and what it means".to_owned(),
    }
}

/// The variables that may be settings; `env::vars` would panic on one that is not UTF-8.
fn variables() -> Result<Vec<(String, String)>, Failure> {
    env::vars_os()
        .filter_map(|(name, value)| name.into_string().ok().map(|name| (name, value)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .map(|(name, value)| match value.into_string() {
            Ok(value) => Ok((name, value)),
            Err(_) => Err(Failure::new(format!("the variable `{name}` is not UTF-8"))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_no_reason_to_read_about_keys() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("nofile.toml");
        let told = Context::load(Some(&missing)).unwrap_err().to_string();
        let hint = format!(
            "hint: check the path that `--config` names; `recap default-config > {}` starts a settings file there",
            missing.display()
        );
        assert_eq!(told.lines().last(), Some(hint.as_str()), "{told}");
        let told = Context::load(Some(folder.path())).unwrap_err().to_string();
        assert_eq!(told.lines().last(), Some("hint: `--config` must name a file that Recap may read"), "{told}");
    }

    #[test]
    fn faults_are_told_one_a_line_with_a_hint() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("recap.toml");
        std::fs::write(&file, "[log]\nlevel = 'loud'\nfromat = 'json'").unwrap();
        let told = Context::load(Some(&file)).unwrap_err().to_string();
        let lines: Vec<_> = told.lines().collect();
        assert_eq!(lines.len(), 4, "{told}");
        assert_eq!(lines[0], "error: the settings have 2 faults");
        assert!(
            lines[1].starts_with("  `log.level` (file ") && lines[2].starts_with("  `log.fromat` (file "),
            "{told}"
        );
        assert!(lines[3].starts_with("hint: `recap default-config`"), "{told}");
    }
}
