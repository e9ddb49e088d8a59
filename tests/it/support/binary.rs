//! The binary as somebody runs it, without this machine's own settings.

use std::process::Stdio;

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The command `recap`, without this machine's own settings.
pub fn command() -> tokio::process::Command {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_recap"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("RECAP_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs `recap` with `arguments` in `environment`.
pub async fn recap(arguments: &[&str], environment: &[(String, String)]) -> Ran {
    let environment = environment.iter().map(|(name, value)| (name, value));
    let mut command = command();
    command.args(arguments).envs(environment);
    let output = command.output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
