//! Secrets: given as they are, or as the path of a file that holds them.

use super::{
    layers::{Layer, origin_of},
    section::{Section, kind},
};
use ::config::{Value, ValueKind};
use secrecy::{ExposeSecret, SecretString};

impl Section<'_> {
    /// The secret under `key` or in the file that `<key>_file` names; the later layer's form wins.
    pub(super) fn secret(&mut self, key: &str) -> Option<SecretString> {
        self.secret_and_origin(key).map(|(secret, _)| secret)
    }

    /// A secret whose form matters; the fault must not quote it.
    pub(super) fn checked_secret(
        &mut self,
        key: &str,
        check: impl FnOnce(&str) -> Result<(), String>,
    ) -> Option<SecretString> {
        let (secret, origin) = self.secret_and_origin(key)?;
        match check(secret.expose_secret()) {
            Ok(()) => Some(secret),
            Err(reason) => {
                self.fault_at(key, &origin, reason);
                None
            }
        }
    }

    fn secret_and_origin(&mut self, key: &str) -> Option<(SecretString, String)> {
        let file_key = format!("{key}_file");
        match (self.given(key), self.given(&file_key)) {
            (Some((value, _)), Some((file, _))) if Layer::of(&value) == Layer::of(&file) => {
                self.fault(&file_key, &file, format_args!("cannot stand beside `{key}`; keep one of the two"));
                None
            }
            (Some((value, text)), file)
                if file.as_ref().is_none_or(|(file, _)| Layer::of(file) < Layer::of(&value)) =>
            {
                Some((text.into(), origin_of(&value)))
            }
            (_, Some((file, path))) => Some((self.secret_from(&file_key, &file, &path)?, origin_of(&file))),
            (_, None) => None,
        }
    }

    fn given(&mut self, key: &str) -> Option<(Value, String)> {
        let value = self.take(key)?;
        match &value.kind {
            ValueKind::String(text) if text.is_empty() => None,
            ValueKind::String(text) => {
                let text = text.clone();
                Some((value, text))
            }
            _ => {
                self.fault(key, &value, format_args!("must be text, not {}", kind(&value)));
                None
            }
        }
    }

    /// The path is not quoted: it may be the secret itself, put under the wrong key.
    fn secret_from(&mut self, key: &str, value: &Value, path: &str) -> Option<SecretString> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let secret = text.trim_end_matches(['\r', '\n']);
                if secret.is_empty() {
                    self.fault(key, value, "names a file that is empty");
                    return None;
                }
                Some(secret.into())
            }
            Err(error) => {
                self.fault(key, value, format_args!("names a file that cannot be read: {error}"));
                None
            }
        }
    }

    /// The names of a table of secrets, `_file` left off, with where each came from.
    pub(super) fn secret_names(&self) -> Vec<(String, String)> {
        let mut names: Vec<_> = self
            .entries()
            .map(|(key, value)| (key.strip_suffix("_file").unwrap_or(key).to_owned(), origin_of(value)))
            .collect();
        names.sort();
        names.dedup_by(|a, b| a.0 == b.0);
        names
    }
}
