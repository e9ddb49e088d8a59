//! The pages for people, held against the code: links, commands, settings, and what is quoted.

use recap::{
    config::Settings,
    message::{Templates, check::samples_of, text},
    telemetry::metrics::CATALOGUE,
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const PAGES: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "blocks/README.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The fenced blocks of a page, each with its language.
fn fenced(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("\n```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').unwrap()).collect()
}

/// What stands between single backticks, outside of fenced blocks.
fn quoted(page: &str) -> Vec<&str> {
    let prose = page.split("\n```").step_by(2);
    prose.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

/// The targets of a page's links to files.
fn links(page: &str) -> Vec<&str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with('#')).collect()
}

/// The words of a command line after `recap`, in a line of a shell block; none where it runs something else.
fn words(line: &str) -> Option<Vec<String>> {
    let line = line.split(" #").next().unwrap_or_default();
    let line = line.split(" > ").next().unwrap_or_default();
    let mut words = line.split_whitespace().skip_while(|word| word.contains('=') && !word.starts_with('-'));
    match words.next()? {
        "recap" => {}
        "docker" if words.next() == Some("run") => {
            words.find(|word| *word == "recap")?;
        }
        _ => return None,
    }
    Some(words.map(str::to_owned).collect())
}

/// Parses `words` as the binary does; the settings are out of reach, so nothing is asked or sent.
fn exit_code(words: &[String], help: bool) -> Option<i32> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_recap"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("RECAP_")) {
        command.env_remove(name);
    }
    command.env("RECAP_CONFIG", folder.path().join("none.toml")).current_dir(folder.path()).args(words);
    command.args(help.then_some("--help")).output().unwrap().status.code()
}

#[test]
fn every_link_to_a_file_resolves() {
    let mut seen = 0;
    for name in PAGES {
        let folder = root().join(name).parent().map(PathBuf::from).unwrap();
        for target in links(&page(name)) {
            let file = target.split('#').next().unwrap_or_default();
            assert!(folder.join(file).exists(), "{name} links to `{target}`");
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} links were found");
}

#[test]
fn every_file_that_is_named_exists() {
    for name in PAGES {
        let text = page(name);
        let paths = quoted(&text).into_iter().filter(|text| {
            ["src/", "tests/", "blocks/", "config/", "benches/", ".ci/"].iter().any(|start| text.starts_with(start))
        });
        for path in paths.filter(|path| !path.contains(['*', '<'])) {
            assert!(root().join(path).exists(), "{name} names `{path}`");
        }
    }
}

#[test]
fn every_command_line_of_the_readme_is_one_that_recap_takes() {
    let readme = page("README.md");
    let shell: Vec<_> = fenced(&readme).into_iter().filter(|(language, _)| *language == "sh").collect();
    let lines: Vec<_> = shell.iter().flat_map(|(_, block)| block.lines()).filter_map(words).collect();
    assert!(lines.len() > 6, "only {lines:?} were found");
    for line in lines.iter().filter(|line| !line.is_empty()) {
        assert_eq!(exit_code(line, true), Some(0), "recap {} --help", line.join(" "));
        assert_ne!(exit_code(line, false), Some(2), "recap {}", line.join(" "));
    }
}

#[test]
fn every_command_that_is_named_in_passing_exists() {
    let mut commands = BTreeSet::new();
    for name in PAGES {
        let text = page(name);
        for command in quoted(&text).into_iter().filter_map(|text| text.strip_prefix("recap ")) {
            commands.insert(command.replace("EMAIL", "ada@example.com").replace("NAME", "platform"));
        }
    }
    assert!(commands.len() > 10, "only {commands:?} were found");
    commands.retain(|command| cfg!(feature = "standin") || !command.starts_with("demo"));
    for command in commands {
        let words: Vec<_> = command.split_whitespace().map(str::to_owned).collect();
        assert_eq!(exit_code(&words, true), Some(0), "recap {command}");
    }
}

#[test]
fn every_variable_and_every_settings_file_that_is_shown_is_accepted() {
    let mut variables = BTreeSet::new();
    for name in PAGES {
        let text = page(name);
        for rest in text.split("RECAP__").skip(1) {
            let end = rest.find(|letter: char| !letter.is_ascii_uppercase() && letter != '_').unwrap_or(rest.len());
            variables.insert(format!("RECAP__{}", &rest[..end]));
        }
        for (_, block) in fenced(&text).into_iter().filter(|(language, _)| *language == "toml") {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("recap.toml");
            fs::write(&file, block).unwrap();
            assert_eq!(Settings::load(Some(&file), []).err().map(|faults| faults.to_string()), None, "{name}");
        }
    }
    variables.remove("RECAP__SECTION__KEY");
    assert!(variables.len() > 5, "only {variables:?} were found");
    for variable in variables {
        let faults = Settings::load(None, [(variable.clone(), "1".to_owned())]).err();
        let told = faults.map(|faults| faults.to_string()).unwrap_or_default();
        assert!(!told.contains("is not a known"), "{told}");
    }
}

#[test]
fn the_digest_in_the_readme_is_what_a_preview_prints() {
    let samples = samples_of("daily");
    let (_, typical) = samples.iter().find(|(name, _)| *name == "typical").unwrap();
    let message = Templates::embedded().render("daily", typical).unwrap();
    let readme = page("README.md");
    let drawn = fenced(&readme).into_iter().find(|(language, _)| *language == "text").unwrap().1;
    assert_eq!(drawn.trim_end(), text::render(&message).trim_end());
}

#[test]
fn every_error_of_the_readme_is_one_that_recap_tells() {
    let mut sources = String::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let readme = page("README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("When something goes wrong")).unwrap();
    let rows: Vec<_> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 10, "only {rows:?} were found");
    for row in rows {
        let error = row.split('|').nth(1).unwrap();
        for words in error.split(['…', ';']).map(str::trim).filter(|words| !words.is_empty()) {
            assert!(sources.contains(words), "`{words}` is in no error");
        }
    }
}

#[test]
fn the_metrics_of_the_readme_are_those_of_the_catalogue() {
    let readme = page("README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("Metrics")).unwrap();
    let rows: Vec<_> = section.lines().filter(|line| line.starts_with("| `")).collect();
    let catalogue: Vec<_> = CATALOGUE.iter().map(|metric| format!("| `{}` | {} |", metric.name, metric.help)).collect();
    assert_eq!(rows, catalogue);
}

#[test]
fn the_table_of_modules_is_the_one_that_is_held() {
    let architecture = page("ARCHITECTURE.md");
    let section = architecture.split("\n## ").find(|section| section.starts_with("Modules")).unwrap();
    for (module, may) in crate::layering::TABLE.into_iter().filter(|(module, _)| *module != "cli") {
        let names = |row: &&str| quoted(row).first() == Some(&module);
        let row = section.lines().filter(|line| line.starts_with('|')).find(names);
        let row = row.unwrap_or_else(|| panic!("`{module}` has no row"));
        let last = row.trim_end_matches(['|', ' ']).rsplit('|').next().unwrap();
        assert_eq!(quoted(last), may, "{module}");
        assert_eq!(
            row.contains(&format!("*`{module}`*")),
            !is_in_source(module),
            "whether `{module}` is still to come"
        );
    }
}

fn is_in_source(module: &str) -> bool {
    let source = root().join("src");
    source.join(module).is_dir() || source.join(format!("{module}.rs")).is_file()
}
