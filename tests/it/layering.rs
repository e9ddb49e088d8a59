//! Who may use whom: the table of ARCHITECTURE.md, held against every path in `src/`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Each module with what it may use, itself apart.
pub const TABLE: [(&str, &[&str]); 25] = [
    ("model", &[]),
    ("clock", &[]),
    // What all may use needs these only, and so cannot close a circle.
    ("config", &["model", "schedule", "digest"]),
    ("telemetry", &["config"]),
    ("failpoint", &["clock"]),
    ("schedule", &["model"]),
    ("warehouse", &["model", "schedule"]),
    ("digest", &["model", "schedule", "warehouse"]),
    ("message", &["model"]),
    ("report", &["model", "schedule", "warehouse", "digest", "message"]),
    ("store", &["model"]),
    ("planner", &["model", "schedule", "store"]),
    ("team", &["model", "schedule", "warehouse", "digest", "message", "report", "store", "planner"]),
    ("delivery", &["model", "store", "slack"]),
    ("slack", &["model", "store", "planner", "schedule", "message", "report"]),
    ("workspace", &["message", "planner", "slack", "store", "warehouse"]),
    ("personal", &PEOPLE),
    ("admin", &PEOPLE),
    (
        "interaction",
        &[
            "model",
            "schedule",
            "digest",
            "message",
            "report",
            "store",
            "planner",
            "team",
            "slack",
            "workspace",
            "personal",
            "admin",
        ],
    ),
    (
        "http",
        &[
            "model",
            "schedule",
            "digest",
            "message",
            "report",
            "store",
            "planner",
            "slack",
            "workspace",
            "admin",
            "interaction",
        ],
    ),
    (
        "daemon",
        &[
            "model",
            "schedule",
            "warehouse",
            "digest",
            "message",
            "report",
            "store",
            "planner",
            "team",
            "delivery",
            "slack",
            "workspace",
            "interaction",
            "http",
        ],
    ),
    ("standin", &["model", "message"]),
    ("sample", &["model", "message"]),
    ("cli", &ALL),
    ("main", &["cli"]),
];
/// What every module may use.
const FOR_ALL: [&str; 4] = ["config", "clock", "telemetry", "failpoint"];
/// What `cli` may use: everything but `main`.
const ALL: [&str; 19] = [
    "model",
    "schedule",
    "warehouse",
    "digest",
    "message",
    "report",
    "store",
    "planner",
    "team",
    "delivery",
    "slack",
    "workspace",
    "personal",
    "admin",
    "interaction",
    "http",
    "daemon",
    "standin",
    "sample",
];
/// What answers people works with: all that a report is made of.
const PEOPLE: [&str; 11] =
    ["model", "schedule", "warehouse", "digest", "message", "report", "store", "planner", "team", "slack", "workspace"];
/// Crates that only some modules touch: who does not know ClickHouse cannot ask it.
const CRATES: [(&str, &[&str]); 2] =
    [("clickhouse", &["warehouse", "sample", "cli"]), ("slack_morphism", &["slack", "cli"])];

/// A use of `used` that stands in `file`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Use {
    module: String,
    used: String,
    file: PathBuf,
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code without its comments.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn identifier(text: &str) -> Option<&str> {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    Some(&text[..end]).filter(|name| !name.is_empty())
}

/// The first names after `start`: one, or those of a `{…}` list.
fn names_after(rest: &str) -> Vec<&str> {
    let Some(list) = rest.strip_prefix('{') else { return identifier(rest).into_iter().collect() };
    let (mut names, mut depth, mut expecting) = (Vec::new(), 1, true);
    for (position, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => expecting = true,
            letter if letter.is_whitespace() => {}
            _ if expecting && depth == 1 => {
                names.extend(identifier(&list[position..]));
                expecting = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// The top-level modules that `text` names, at `depth` modules below the crate's root; `main.rs`, at 0, is outside.
fn used_modules(text: &str, depth: usize) -> BTreeSet<String> {
    let code = code(text);
    let starts =
        if depth == 0 { vec!["recap::".to_owned()] } else { vec!["crate::".to_owned(), "super::".repeat(depth)] };
    let mut used = BTreeSet::new();
    for start in starts {
        for (position, found) in code.match_indices(start.as_str()) {
            let before = code[..position].chars().next_back();
            let continues = before.is_some_and(|letter| letter.is_alphanumeric() || "_:".contains(letter));
            if !continues {
                used.extend(names_after(&code[position + found.len()..]).into_iter().map(str::to_owned));
            }
        }
    }
    used
}

/// Whether `text` names the external crate `name`, and not a module of that name beside it.
fn uses_crate(text: &str, name: &str) -> bool {
    let code = code(text);
    let path = format!("{name}::");
    !code.contains(&format!("mod {name};"))
        && code.match_indices(&path).any(|(position, _)| {
            let before = code[..position].chars().next_back();
            !before.is_some_and(|letter| letter.is_alphanumeric() || "_:".contains(letter))
        })
}

/// Every use of a top-level module or watched crate in `source`, the crate's root apart.
fn uses(source: &Path) -> Vec<Use> {
    let mut uses = Vec::new();
    for file in rust_files(source) {
        let inside: Vec<_> = file.strip_prefix(source).unwrap().with_extension("").iter().map(PathBuf::from).collect();
        let module = inside[0].to_string_lossy().into_owned();
        if module == "lib" {
            continue;
        }
        let depth = inside.iter().filter(|part| !["mod", "main"].contains(&&*part.to_string_lossy())).count();
        let text = fs::read_to_string(&file).unwrap();
        let known = |name: &String| *name != module && TABLE.iter().any(|(other, _)| other == name);
        let crates = CRATES.iter().map(|(name, _)| *name).filter(|name| uses_crate(&text, name));
        let crates = crates.map(|name| format!("{name}::"));
        for used in used_modules(&text, depth).into_iter().filter(known).chain(crates) {
            uses.push(Use { module: module.clone(), used, file: file.clone() });
        }
    }
    uses
}

fn allowed(one: &Use) -> bool {
    if let Some(name) = one.used.strip_suffix("::") {
        return CRATES.iter().any(|(watched, users)| *watched == name && users.contains(&one.module.as_str()));
    }
    let may = TABLE.iter().find(|(module, _)| *module == one.module).map(|(_, may)| *may).unwrap_or_default();
    let for_all =
        FOR_ALL.contains(&one.used.as_str()) && !FOR_ALL.contains(&one.module.as_str()) && one.module != "main";
    for_all || may.contains(&one.used.as_str())
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn modules_use_only_what_the_architecture_lets_them_use() {
    let uses = uses(&source());
    let wrong: Vec<_> = uses.iter().filter(|one| !allowed(one)).collect();
    assert!(wrong.is_empty(), "these uses are not in the table: {wrong:#?}");
    for (module, used) in [("main", "cli"), ("cli", "config"), ("digest", "schedule"), ("schedule", "model")] {
        assert!(uses.iter().any(|one| one.module == module && one.used == used), "{module} → {used} was not seen");
    }
}

#[test]
fn every_module_has_a_row() {
    let mut modules = BTreeSet::new();
    for entry in fs::read_dir(source()).unwrap() {
        modules.insert(entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned());
    }
    modules.remove("lib");
    assert!(modules.len() >= 15, "only {modules:?} were found");
    let rowless: Vec<_> = modules.iter().filter(|name| !TABLE.iter().any(|(module, _)| module == name)).collect();
    assert!(rowless.is_empty(), "{rowless:?} stand in src/ and not in the table");
}

#[test]
fn every_way_of_naming_a_module_is_seen() {
    for (text, depth, expected) in [
        ("use crate::slack::Client;", 1, vec!["slack"]),
        (
            "use crate::{\n    model::{MemberEmail, Weekdays},\n    store,\n    slack::{self, client::Post},\n};",
            1,
            vec!["model", "slack", "store"],
        ),
        ("fn f() { let x = crate::daemon::run(); }", 1, vec!["daemon"]),
        ("pub use super::super::warehouse::Row;", 2, vec!["warehouse"]),
        ("use super::{rows, digest};", 1, vec!["digest", "rows"]),
        ("use recap::http;", 0, vec!["http"]),
        ("// use crate::slack\n/// [`crate::store`]", 1, vec![]),
        ("let a = other_crate::slack::X;", 1, vec![]),
    ] {
        assert_eq!(used_modules(text, depth).into_iter().collect::<Vec<_>>(), expected, "{text}");
    }
    assert!(uses_crate("use clickhouse::Client;", "clickhouse"));
    assert!(!uses_crate("use crate::config::clickhouse::X;", "clickhouse"));
    assert!(!uses_crate("mod clickhouse;\npub use clickhouse::ClickHouse;", "clickhouse"));
}

#[test]
fn a_use_against_the_table_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let plant = |path: &str, text: &str| {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    plant("digest/mod.rs", "use crate::{model::Label, slack::Client};");
    plant("slack/home/view.rs", "use super::super::super::warehouse::Row;\nuse clickhouse::Client;");
    plant("clock.rs", "use crate::config::Settings;");
    plant("main.rs", "use recap::{cli, daemon};");
    plant("cli/mod.rs", "use crate::{daemon, config};");
    let mut wrong: Vec<_> = uses(folder.path()).into_iter().filter(|one| !allowed(one)).collect();
    wrong.sort();
    let wrong: Vec<_> = wrong.iter().map(|one| format!("{} → {}", one.module, one.used)).collect();
    assert_eq!(
        wrong,
        ["clock → config", "digest → slack", "main → daemon", "slack → clickhouse::", "slack → warehouse",]
    );
}
