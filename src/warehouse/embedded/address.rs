//! Where a long-running engine answers, written into its data directory for other commands that read the same data.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use super::access::Access;
use super::ask;

/// The file in the data directory.
const NAME: &str = "engine.url";
const QUESTION: &str = "SELECT path FROM system.disks WHERE name = 'default' FORMAT TSVRaw";

/// An address that was told; forgotten again when this is dropped.
#[derive(Debug)]
pub struct Told {
    file: PathBuf,
}

impl Told {
    /// Writes `access` into `directory`, whole or not at all, for its owner's eyes only.
    pub fn write(directory: &Path, access: &Access) -> io::Result<Self> {
        let (file, new) = (directory.join(NAME), directory.join(format!("{NAME}.new")));
        // A killed writer's, if any: the mode is given to a new file only.
        forget(&new)?;
        let mut written: File = File::options().create_new(true).write(true).mode(0o600).open(&new)?;
        let Access { url, user, password } = access;
        written.write_all(format!("{url}\n{user}\n{}\n", password.expose_secret()).as_bytes())?;
        fs::rename(&new, &file)?;
        Ok(Self { file })
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if let Err(error) = forget(&self.file) {
            tracing::warn!(%error, "cannot remove the address of the embedded ClickHouse");
        }
    }
}

/// Removes what a killed engine told; called by who holds the lock of `directory`.
pub fn clear(directory: &Path) -> io::Result<()> {
    forget(&directory.join(NAME))
}

fn forget(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The engine that another Recap runs on `directory`: only one that answers now, and that says itself that its tables
/// are there.
pub async fn find(directory: &Path) -> Option<Access> {
    let access = read(&fs::read_to_string(directory.join(NAME)).ok()?)?;
    let directory = directory.canonicalize().ok()?;
    let path = ask::ask(&ask::client().ok()?, &access, QUESTION).await?;
    (Path::new(&path).canonicalize().ok()? == directory).then_some(access)
}

fn read(told: &str) -> Option<Access> {
    let mut lines = told.lines().map(str::to_owned);
    Some(Access { url: lines.next()?, user: lines.next()?, password: lines.next()?.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn access(url: &str) -> Access {
        Access { url: url.into(), user: "recap".into(), password: "secret".into() }
    }

    #[test]
    fn an_address_is_for_its_owner_only_and_forgotten_with_its_engine() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(NAME);
        fs::write(directory.path().join("engine.url.new"), "what a killed engine left").unwrap();
        let told = Told::write(directory.path(), &access("http://127.0.0.1:4000")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "http://127.0.0.1:4000\nrecap\nsecret\n");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        drop(told);
        assert!(!file.exists());
        clear(directory.path()).unwrap();
    }

    #[tokio::test]
    async fn an_address_where_nobody_or_somebody_else_answers_is_none() {
        let directory = tempfile::tempdir().unwrap();
        assert!(find(directory.path()).await.is_none());
        // A server of another directory, as after a reuse of the port.
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let elsewhere = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = io::Read::read(&mut stream, &mut [0; 4096]).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n/usr\n").unwrap();
        });
        {
            let _told = Told::write(directory.path(), &access(&elsewhere)).unwrap();
            assert!(find(directory.path()).await.is_none(), "{elsewhere}");
        }
        server.join().unwrap();
        for url in ["http://127.0.0.1:1", "not an address"] {
            let _told = Told::write(directory.path(), &access(url)).unwrap();
            assert!(find(directory.path()).await.is_none(), "{url}");
        }
    }
}
