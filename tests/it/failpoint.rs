//! The places that can fail, held against the list of their names.

use recap::failpoint::NAMES;
use std::{collections::BTreeSet, fs, path::Path};

/// What `text` hits, without its comments and its tests.
fn hits(text: &str) -> Vec<&str> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let starts = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    starts
        .flat_map(|line| line.split("failpoint::hit(").skip(1))
        .map(|rest| rest.split(['"', ')']).nth(1).unwrap())
        .collect()
}

/// Every name that a file of `folder` hits.
fn hits_below(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(hits_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(hits(&fs::read_to_string(&path).unwrap()).into_iter().map(str::to_owned));
        }
    }
    found
}

#[test]
fn the_failpoints_that_are_hit_are_those_on_the_list() {
    let hit = hits_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert_eq!(hit, NAMES.map(str::to_owned).into(), "one that is not on the list can never be armed");
}

#[test]
fn a_hit_is_seen_in_code_alone() {
    let text = "fn f() {\n    failpoint::hit(\"a.b\");\n    // failpoint::hit(\"c.d\");\n    crate::failpoint::hit(\"e.f\"); }\n\
                #[cfg(test)]\nmod tests { fn g() { failpoint::hit(\"g.h\"); } }";
    assert_eq!(hits(text), ["a.b", "e.f"]);
}
