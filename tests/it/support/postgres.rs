//! One throwaway PostgreSQL for all tests of the process. Its shell waits for the end of a pipe that the process holds,
//! so the server ends with the process, also when that is killed.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

const USER: &str = "postgres";
/// `$1`: the programs, `$2`: the folder. No `fsync`: what a crash of the machine loses is nobody's.
const SERVER: &str = r#"
    "$1/initdb" -D "$2/data" -U recap -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 &&
    "$1/pg_ctl" -D "$2/data" -l "$2/log" -w -o "-F -k $2 -c listen_addresses='' -c max_connections=300" start >>"$2/log" &&
    echo ready && cat >/dev/null
    "$1/pg_ctl" -D "$2/data" -m immediate stop >>"$2/log" 2>&1
    cd / && rm -rf "$2""#;

static URL: LazyLock<String> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().prefix("recap-postgres-").tempdir().unwrap().keep();
    let mut shell = command(&folder);
    shell.args(["sh", "-c", SERVER, "sh"]).arg(programs()).arg(&folder).current_dir(&folder);
    let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell starts");
    let mut line = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert_eq!(line, "ready\n", "PostgreSQL does not start:\n{log}");
    // Kept until the process ends, and with it the server.
    std::mem::forget(shell);
    format!("postgres://recap@{}/postgres", folder.to_string_lossy().replace('/', "%2F"))
});

/// Where the shared server answers.
pub async fn url() -> String {
    tokio::task::spawn_blocking(|| URL.clone()).await.unwrap()
}

/// PostgreSQL refuses to run as root.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("env");
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        let id = |flag| {
            let output = Command::new("id").args([flag, USER]).output().unwrap().stdout;
            String::from_utf8(output).unwrap().trim().parse().expect("there is a user `postgres`: run `.ci/setup`")
        };
        chown(folder, Some(id("-u")), Some(id("-g"))).unwrap();
        command = Command::new("setpriv");
        command.args([&format!("--reuid={USER}"), &format!("--regid={USER}"), "--clear-groups"]);
    }
    command
}

/// Debian keeps them out of the path, by version.
pub fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file());
    programs.max().expect("PostgreSQL is missing: run `.ci/setup`")
}
