//! The child's side: turns this process into the embedded ClickHouse.

use std::ffi::{CString, OsStr, OsString};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::EngineError;
use super::library::EngineLibrary;
use super::lock::DirectoryLock;

/// How long the engine of a parent that was just killed may take to let go of the data directory.
const PREDECESSOR_LEAVES: Duration = Duration::from_secs(10);
/// How long an orderly exit may take before the process is ended by force.
const EXIT_PATIENCE: Duration = Duration::from_secs(3);
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
    /// ClickHouse's `users_config`.
    pub users_config: Option<PathBuf>,
    /// Whether the engine keeps `system.query_log`.
    pub query_log: bool,
    /// Whether the process ends when its standard input does.
    pub exit_with_parent: bool,
}

/// Blocks until the engine ends, which is always an error.
fn host(options: &HostOptions) -> Result<(), EngineError> {
    if options.exit_with_parent {
        std::thread::spawn(exit_at_end_of_input);
    }
    let path = EngineLibrary::find(&options.engine_dir)?;
    let _lock = DirectoryLock::take(&options.data_dir, "engine.lock", PREDECESSOR_LEAVES)?;
    let settings = write_settings(options)?;
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

fn write_settings(options: &HostOptions) -> Result<PathBuf, EngineError> {
    let users = match &options.users_config {
        None => None,
        Some(path) => {
            Some(path.canonicalize().map_err(|source| EngineError::UsersConfig { path: path.clone(), source })?)
        }
    };
    let fault = |source| EngineError::DataDirectory { path: options.data_dir.clone(), source };
    let file = options.data_dir.canonicalize().map_err(fault)?.join("engine.xml");
    std::fs::write(&file, settings(users.as_deref(), options.query_log, std::process::id())).map_err(fault)?;
    Ok(file)
}

/// The engine's settings. The macro lets the parent tell its own child from a stranger on the same port; half of
/// the memory and small caches leave room for what else runs on the machine.
fn settings(users_config: Option<&Path>, query_log: bool, process: u32) -> String {
    let mut xml = format!(
        "<clickhouse>\n  <macros><recap_host>{process}</recap_host></macros>\n  \
         <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>\n  \
         <mark_cache_size>268435456</mark_cache_size>\n  \
         <primary_index_cache_size>134217728</primary_index_cache_size>\n"
    );
    if let Some(path) = users_config {
        let path = path.to_string_lossy().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        xml.push_str("  <users_config>");
        xml.push_str(&path);
        xml.push_str("</users_config>\n");
    }
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
        let xml = settings(Some(Path::new("/tmp/a & b/<users>.xml")), false, 42);
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
            users_config: None,
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
            users_config: Some(directory.path().join("none.xml")),
            query_log: false,
            exit_with_parent: false,
        };
        let error = write_settings(&options).unwrap_err();
        assert!(error.to_string().contains("none.xml"), "{error}");
    }
}
