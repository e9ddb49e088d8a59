//! One throwaway PostgreSQL for all tests of the process. Its shell waits for the end of a pipe that the process holds,
//! so the server ends with the process, also when that is killed; a signal to all of them is left to the process.

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
    trap "" INT TERM HUP
    "$1/initdb" -D "$2/data" -U recap -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 &&
    "$1/pg_ctl" -D "$2/data" -l "$2/log" -w -o "-F -k $2 -c listen_addresses='' -c max_connections=300" start >>"$2/log" &&
    echo ready && cat >/dev/null
    "$1/pg_ctl" -D "$2/data" -m immediate stop >>"$2/log" 2>&1
    cd / && rm -rf "$2""#;

/// `$1`: the programs, `$2`: the folder of the server. Each transaction gets another connection.
const POOLER: &str = r#"
    trap "" INT TERM HUP
    cat >"$2/pooler.ini" <<-END
	[databases]
	* = host=$2 user=recap
	[pgbouncer]
	listen_addr =
	unix_socket_dir = $2
	listen_port = 6432
	auth_type = any
	pool_mode = transaction
	default_pool_size = 3
	ignore_startup_parameters = extra_float_digits
	END
    /usr/sbin/pgbouncer -q "$2/pooler.ini" >"$2/log" 2>&1 & pooler=$!
    until "$1/pg_isready" -q -h "$2" -p 6432; do kill -0 $pooler || exit 1; done
    echo ready && cat >/dev/null
    kill $pooler"#;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().prefix("recap-postgres-").tempdir().unwrap().keep();
    start(SERVER, &folder);
    folder
});

static POOLER_PORT: LazyLock<u16> = LazyLock::new(|| {
    start(POOLER, &FOLDER);
    6432
});

fn start(script: &str, folder: &Path) {
    let mut shell = as_postgres(folder);
    shell.args(["sh", "-c", script, "sh"]).arg(programs()).arg(folder).current_dir(folder);
    let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell starts");
    let mut line = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert_eq!(line, "ready\n", "PostgreSQL does not start:\n{log}");
    // Its standard input stays open until the process ends.
    std::mem::forget(shell);
}

fn url_at(port: u16) -> String {
    format!("postgres://recap@{}:{port}/postgres", FOLDER.to_string_lossy().replace('/', "%2F"))
}

/// Where the shared server answers.
pub async fn url() -> String {
    tokio::task::spawn_blocking(|| url_at(5432)).await.unwrap()
}

/// Where a pooler in transaction mode answers for it.
pub async fn pooled_url() -> String {
    tokio::task::spawn_blocking(|| url_at(*POOLER_PORT)).await.unwrap()
}

/// PostgreSQL refuses to run as root.
fn as_postgres(folder: &Path) -> Command {
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
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file());
    programs.max().expect("PostgreSQL is missing: run `.ci/setup`")
}
