//! Bolt for JavaScript beside Recap: the package from npm, one process.

use super::load::SIGNING_SECRET;
use std::{path::Path, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// Starts it, and waits until it listens.
pub async fn start(port: u16, answer: &str) -> Child {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("node");
    command.arg(folder.join("benches/interaction/bolt.js")).current_dir(folder).kill_on_drop(true);
    command.env("NODE_ENV", "production").env("NODE_PATH", folder.join(".tools/bolt/node_modules"));
    command.env("PORT", port.to_string()).env("SIGNING_SECRET", SIGNING_SECRET).env("ANSWER", answer);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("node");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first = lines.next_line().await.expect("its output");
    assert_eq!(first.as_deref(), Some("ready"), "Bolt does not start: run `.ci/bench`");
    child
}
