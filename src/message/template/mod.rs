//! Message templates: JSON whose string leaves are minijinja, compiled once and rendered without I/O.

pub(super) mod clean;
mod compile;
mod dates;
mod environment;
mod error;
mod filters;
mod names;
mod node;
pub(super) mod numbers;
mod render;
mod scan;
mod simple;

use super::Message;
use compile::Compiler;
pub use error::{RenderError, TemplateError};
use minijinja::{Environment, Value as Context, value::Serde};
use node::Template;
use serde::Serialize;
use std::{collections::BTreeMap, fmt, fs, io, path::Path};

/// The templates of this release: file name and JSON.
pub(crate) const EMBEDDED: [(&str, &str); 7] = [
    ("alert.json", include_str!("../../../blocks/alert.json")),
    ("daily.json", include_str!("../../../blocks/daily.json")),
    ("invitation.json", include_str!("../../../blocks/invitation.json")),
    ("notice.json", include_str!("../../../blocks/notice.json")),
    ("run_report.json", include_str!("../../../blocks/run_report.json")),
    ("usage.json", include_str!("../../../blocks/usage.json")),
    ("weekly.json", include_str!("../../../blocks/weekly.json")),
];

/// A template file larger than this is no template.
const LARGEST_FILE: u64 = 256 * 1024;

/// All templates, compiled.
pub struct Templates {
    environment: Environment<'static>,
    by_name: BTreeMap<&'static str, Template>,
}

impl Templates {
    /// The templates that this binary carries.
    ///
    /// # Panics
    /// Never in a released binary: a test compiles what is embedded.
    pub fn embedded() -> Self {
        Self::compile(|_| Ok(None)).unwrap_or_else(|error| unreachable!("an embedded template: {error}"))
    }

    /// The embedded templates, each replaced by the file of the same name in `folder` where there is one.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, a file's name is not a template's, or a template does not compile.
    pub fn with_overrides(folder: &Path) -> Result<Self, TemplateError> {
        refuse_unknown_files(folder)?;
        Self::compile(|file| read_override(folder, file))
    }

    fn compile(
        replacement: impl Fn(&'static str) -> Result<Option<String>, TemplateError>,
    ) -> Result<Self, TemplateError> {
        let mut templates = Self { environment: environment::new(), by_name: BTreeMap::new() };
        for (file, embedded) in EMBEDDED {
            templates.add(file, replacement(file)?.as_deref().unwrap_or(embedded))?;
        }
        Ok(templates)
    }

    /// The one template of `file`, from `folder` where it is there.
    pub(super) fn only(file: &'static str, folder: Option<&Path>) -> Result<Self, TemplateError> {
        let embedded = EMBEDDED.iter().find(|(known, _)| *known == file).map_or("", |(_, json)| json);
        let replaced = folder.map(|folder| read_override(folder, file)).transpose()?.flatten();
        let mut templates = Self { environment: environment::new(), by_name: BTreeMap::new() };
        templates.add(file, replaced.as_deref().unwrap_or(embedded))?;
        Ok(templates)
    }

    fn add(&mut self, file: &'static str, json: &str) -> Result<(), TemplateError> {
        let template = Compiler::new(&mut self.environment, file).template(json)?;
        self.by_name.insert(file.trim_end_matches(".json"), template);
        Ok(())
    }

    /// Variables that template `name` uses, taken branch or not, and that none of `contexts` has.
    pub(super) fn unknown_variables<C: Serialize>(&self, name: &str, contexts: &[C]) -> Vec<TemplateError> {
        let contexts: Vec<_> = contexts.iter().map(|context| Context::from(Serde(context))).collect();
        let template = self.by_name.get(name).into_iter();
        template.flat_map(|template| names::unknown(&self.environment, template, &contexts)).collect()
    }

    /// The names that [`render`](Self::render) knows.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.by_name.keys().copied()
    }

    /// Renders template `name` (`alert`, `daily`, `invitation`, `notice`, `run_report`, `usage`, `weekly`) over `context`.
    ///
    /// # Errors
    /// When there is no such template, the context lacks a variable, or the template runs too long.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<Message, RenderError> {
        let Some(template) = self.by_name.get(name) else {
            return Err(TemplateError::new(name, "is not a template").nearest(name, self.names()));
        };
        render::message(&self.environment, template, &Context::from(Serde(context)))
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Templates").field("names", &self.by_name.keys()).finish_non_exhaustive()
    }
}

pub(super) fn refuse_unknown_files(folder: &Path) -> Result<(), TemplateError> {
    let unreadable = |error| TemplateError::unreadable(folder.display(), error);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_template = Path::new(&name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if !is_template && (name.starts_with('.') || name == "README.md" || entry.path().is_dir()) {
            continue;
        }
        if !EMBEDDED.iter().any(|(file, _)| *file == name) {
            let place = entry.path().display().to_string();
            return Err(TemplateError::new(place, "is not the name of a template")
                .nearest(&name, EMBEDDED.iter().map(|(file, _)| *file)));
        }
    }
    Ok(())
}

fn read_override(folder: &Path, file: &str) -> Result<Option<String>, TemplateError> {
    let path = folder.join(file);
    let size = match fs::metadata(&path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(TemplateError::unreadable(path.display(), error)),
    };
    if size > LARGEST_FILE {
        return Err(TemplateError::new(path.display().to_string(), "is larger than 256 KiB"));
    }
    fs::read_to_string(&path).map(Some).map_err(|error| TemplateError::unreadable(path.display(), error))
}
