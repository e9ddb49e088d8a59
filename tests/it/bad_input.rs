//! Whatever is wrong: one sentence with a hint, exit 1, and nothing half sent.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod clickhouse;
mod people;
mod slack;

use crate::support::{
    events::{Tables, insert, prompt},
    installation::Installation,
};

const PREVIEW: [&str; 4] = ["preview", "daily", "--member", "ada@example.com"];
const SEND: [&str; 4] = ["send", "daily", "--member", "ada@example.com"];

/// A database in the exporter's Map schema, with one event of Ada's.
async fn database() -> String {
    let database = Tables::Map.create().await;
    insert(Tables::Map, &database, &[prompt("2025-01-15 10:00:00", "ada@example.com", "s")]).await;
    database
}

/// Neither a preview nor a sending works, and both say the same: `sentence`, and `hint` below it.
async fn both_fail(installation: &Installation, sentence: &str, hint: &str) {
    for command in [PREVIEW, SEND] {
        let told = installation.fails(&command).await;
        let (error, advice) = told.split_once('\n').unwrap();
        assert!(error.contains(sentence), "{command:?}: {told}");
        assert!(advice.contains(hint), "{command:?}: {told}");
    }
}
