//! The child's side: turns this process into the embedded ClickHouse.

use std::ffi::{CString, OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufRead, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::EngineError;
use super::access;
use super::library::EngineLibrary;
use super::lock::DirectoryLock;

/// How long the engine of a parent that was just killed may take to let go of the data directory.
const PREDECESSOR_LEAVES: Duration = Duration::from_secs(10);
/// How long an orderly exit may take before the process is ended by force.
const EXIT_PATIENCE: Duration = Duration::from_secs(3);
/// A first line of standard input that is longer holds no password.
const LONGEST_PASSWORD: u64 = 1 << 10;
/// The engine's threads inherit what ClickHouse expects of a main thread.
const STACK_BYTES: usize = 16 << 20;

/// Starts the HTTP interface, then blocks for ever: when its last query ends, the engine does.
const STATEMENTS: &str = "SYSTEM START LISTEN HTTP; SELECT count() FROM system.numbers WHERE sleepEachRow(1) \
     SETTINGS max_block_size=1, function_sleep_max_microseconds_per_block=0";

/// What `recap clickhouse` hosts.
#[derive(Debug, Clone)]
pub struct HostOptions {
    /// Where tables live.
    pub data_dir: PathBuf,
    /// The loopback port of the HTTP interface.
    pub port: u16,
    /// Where `make engine` unpacked the engine.
    pub engine_dir: PathBuf,
    /// Who may ask.
    pub users: Users,
    /// Whether the engine keeps `system.query_log`.
    pub query_log: bool,
    /// Whether the process ends when its standard input does.
    pub exit_with_parent: bool,
}

/// Who may ask a hosted engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Users {
    /// Those of a ClickHouse `users_config`.
    File(PathBuf),
    /// `recap`, whose password is the first line of standard input.
    PasswordFromInput,
    /// `recap`, with a new password, which stands in a file of the data directory.
    NewPassword,
}

/// Blocks until the engine ends, which is always an error.
fn host(options: &HostOptions) -> Result<(), EngineError> {
    // Before the thread that reads the rest.
    let users = users(options)?;
    if options.exit_with_parent {
        std::thread::spawn(exit_at_end_of_input);
    }
    let path = EngineLibrary::find(&options.engine_dir)?;
    let _lock = DirectoryLock::take(&options.data_dir, "engine.lock", PREDECESSOR_LEAVES)?;
    let settings = write_settings(options, users)?;
    let arguments = arguments(options, &settings)?;
    let library = EngineLibrary::load(path)?;
    let reason = library.run(arguments)?.unwrap_or_default();
    Err(EngineError::Ended { reason })
}

/// Serves ClickHouse on 127.0.0.1 from a thread with the stack that it expects, and hands its outcome to `ended`.
pub fn spawn(
    options: HostOptions,
    ended: impl FnOnce(Result<(), EngineError>) + Send + 'static,
) -> io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name("clickhouse".into()).stack_size(STACK_BYTES).spawn(move || ended(host(&options)))
}

/// The parent holds the other end of standard input, so its end is the parent's, even after `kill -9`.
fn exit_at_end_of_input() {
    let mut buffer = [0; 64];
    loop {
        match io::stdin().read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(1..) => {}
            Ok(0) | Err(_) => break,
        }
    }
    std::thread::spawn(|| {
        std::thread::sleep(EXIT_PATIENCE);
        std::process::abort();
    });
    std::process::exit(0);
}

fn arguments(options: &HostOptions, settings: &Path) -> Result<Vec<CString>, EngineError> {
    let option = |name: &str, value: &OsStr| {
        let mut argument = OsString::from(name);
        argument.push(value);
        CString::new(argument.as_bytes()).map_err(|_| EngineError::Path { path: value.into() })
    };
    Ok(vec![
        option("clickhouse", OsStr::new(""))?,
        option("--config-file=", settings.as_os_str())?,
        option("--path=", options.data_dir.as_os_str())?,
        option("--listen_host=", OsStr::new("127.0.0.1"))?,
        option("--http_port=", OsStr::new(&options.port.to_string()))?,
        option("--query=", OsStr::new(STATEMENTS))?,
    ])
}

/// The file or the password of who may ask.
#[derive(Debug)]
enum Known {
    File(PathBuf),
    Password(SecretString),
}

fn users(options: &HostOptions) -> Result<Known, EngineError> {
    match &options.users {
        Users::File(path) => {
            let fault = |source| EngineError::UsersConfig { path: path.clone(), source };
            path.canonicalize().map(Known::File).map_err(fault)
        }
        Users::PasswordFromInput => password(io::stdin().lock()).map(Known::Password).map_err(EngineError::Password),
        Users::NewPassword => access::new_password().map(Known::Password).map_err(EngineError::Password),
    }
}

/// The first line; an end before it is an error.
fn password(input: impl BufRead) -> io::Result<SecretString> {
    let mut line = String::new();
    input.take(LONGEST_PASSWORD).read_line(&mut line)?;
    match line.strip_suffix('\n') {
        None | Some("") => Err(io::Error::new(io::ErrorKind::InvalidData, "standard input has no line with one")),
        Some(password) => Ok(password.into()),
    }
}

/// Writes what the engine reads at its start, and where a person finds a password that nobody else knows.
fn write_settings(options: &HostOptions, known: Known) -> Result<PathBuf, EngineError> {
    let fault = |source| EngineError::DataDirectory { path: options.data_dir.clone(), source };
    let directory = options.data_dir.canonicalize().map_err(fault)?;
    let users = match known {
        Known::File(path) => path,
        Known::Password(password) => {
            let path = directory.join("engine-users.xml");
            write_private(&path, &access::users(&password)).map_err(fault)?;
            if options.users == Users::NewPassword {
                let file = directory.join("engine.password");
                write_private(&file, &format!("{}\n", password.expose_secret())).map_err(fault)?;
            }
            path
        }
    };
    let file = directory.join("engine.xml");
    write_private(&file, &settings(&users, options.query_log, std::process::id())).map_err(fault)?;
    Ok(file)
}

/// Replaces `path` by a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    // The mode is given to a new file only.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    File::options().create_new(true).write(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

/// The engine's settings. The macro lets the parent tell its own child from a stranger on the same port; half of
/// the memory and small caches leave room for what else runs on the machine.
fn settings(users: &Path, query_log: bool, process: u32) -> String {
    let mut xml = format!(
        "<clickhouse>\n  <macros><recap_host>{process}</recap_host></macros>\n  \
         <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>\n  \
         <mark_cache_size>268435456</mark_cache_size>\n  \
         <primary_index_cache_size>134217728</primary_index_cache_size>\n"
    );
    xml.push_str("  <users_config>");
    xml.push_str(&access::xml_text(&users.to_string_lossy()));
    xml.push_str("</users_config>\n");
    if query_log {
        xml.push_str(
            "  <query_log><database>system</database><table>query_log</table>\
             <flush_interval_milliseconds>1000</flush_interval_milliseconds></query_log>\n",
        );
    }
    xml.push_str("</clickhouse>\n");
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_name_the_users_file_as_xml_text() {
        let xml = settings(Path::new("/tmp/a & b/<users>.xml"), false, 42);
        assert!(xml.contains("<users_config>/tmp/a &amp; b/&lt;users&gt;.xml</users_config>"), "{xml}");
        assert!(xml.contains("<recap_host>42</recap_host>"), "{xml}");
        assert!(!xml.contains("query_log"), "{xml}");
    }

    #[test]
    fn the_engine_listens_on_the_loopback_only() {
        let options = HostOptions {
            data_dir: "/data".into(),
            port: 8123,
            engine_dir: ".engine".into(),
            users: Users::NewPassword,
            query_log: false,
            exit_with_parent: false,
        };
        let arguments = arguments(&options, Path::new("/data/engine.xml")).unwrap();
        let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_str().unwrap()).collect();
        assert_eq!(
            arguments[..5],
            [
                "clickhouse",
                "--config-file=/data/engine.xml",
                "--path=/data",
                "--listen_host=127.0.0.1",
                "--http_port=8123"
            ]
        );
    }

    #[test]
    fn a_users_file_that_is_not_there_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let options = HostOptions {
            data_dir: directory.path().into(),
            port: 1,
            engine_dir: ".engine".into(),
            users: Users::File(directory.path().join("none.xml")),
            query_log: false,
            exit_with_parent: false,
        };
        let error = users(&options).unwrap_err();
        assert!(error.to_string().contains("none.xml"), "{error}");
    }

    #[test]
    fn a_password_is_a_whole_line_and_stands_in_files_of_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(password(&b"secret\nmore"[..]).unwrap().expose_secret(), "secret");
        for none in [&b""[..], b"\n", b"cut of"] {
            assert!(password(none).is_err(), "{none:?}");
        }
        let directory = tempfile::tempdir().unwrap();
        let options = HostOptions {
            data_dir: directory.path().into(),
            port: 1,
            engine_dir: ".engine".into(),
            users: Users::NewPassword,
            query_log: false,
            exit_with_parent: false,
        };
        fs::write(directory.path().join("engine.password"), "an earlier one, for everybody").unwrap();
        write_settings(&options, Known::Password("secret".into())).unwrap();
        assert_eq!(fs::read_to_string(directory.path().join("engine.password")).unwrap(), "secret\n");
        for name in ["engine.password", "engine-users.xml", "engine.xml"] {
            let mode = directory.path().join(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
