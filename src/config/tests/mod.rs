//! Whole settings: what is documented, how layers meet, every fault, and secrets.

mod documented;
mod faults;
mod layers;
mod secrets;

use super::{Faults, Settings};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

/// A settings file and variables, and a folder for what they name.
struct Given {
    folder: TempDir,
    file: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

impl Given {
    fn nothing() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), file: None, variables: Vec::new() }
    }

    fn file(text: &str) -> Self {
        let mut given = Self::nothing();
        given.file = Some(given.with("recap.toml", text));
        given
    }

    fn variable(mut self, name: &str, text: &str) -> Self {
        self.variables.push((name.to_owned(), text.to_owned()));
        self
    }

    fn with(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn load(&self) -> Result<Settings, Faults> {
        Settings::load(self.file.as_deref(), self.variables.clone())
    }

    /// The faults' lines, the folder left out.
    fn faults(&self) -> Vec<String> {
        let folder = format!("{}/", self.folder.path().display());
        self.load().unwrap_err().iter().map(|fault| fault.to_string().replace(&folder, "")).collect()
    }
}
