//! A schema-driven fuzzer on the API: whatever the description allows or forbids, the answer is one that it describes.

use super::{
    TOKEN,
    real::{door, monday},
};
use std::{path::Path, time::Duration};
use tokio::process::Command;

/// How long the fuzzer may take, its installation included.
const PATIENCE: Duration = Duration::from_mins(5);

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_fuzzer_sends_is_answered_as_described() {
    let app = monday().await;
    let door = door(&app).await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut fuzzer = Command::new(root.join(".ci/fuzz"));
    fuzzer.arg(&door.url).env("RECAP_FUZZ_TOKEN", TOKEN).kill_on_drop(true);
    let done = tokio::time::timeout(PATIENCE, fuzzer.output()).await.expect("the fuzzer ends in time").unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
}
