//! One process per data directory, by a file lock that the system releases however its holder ends.

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::EngineError;

/// How often a held lock is tried again.
const RETRY_EVERY: Duration = Duration::from_millis(50);

/// A data directory that no other process uses in the same role.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Makes `directory` if missing and locks the file `name` in it; blocks up to `patience` while another holds it.
    pub fn take(directory: &Path, name: &str, patience: Duration) -> Result<Self, EngineError> {
        let fault = |source| EngineError::DataDirectory { path: directory.to_owned(), source };
        // Usage data is personal: nobody else on the machine reads it.
        DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(fault)?;
        let file = File::options().create(true).append(true).open(directory.join(name)).map_err(fault)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(fault(error)),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    return Err(EngineError::InUse { path: directory.to_owned() });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(RETRY_EVERY),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_locked_once_and_free_again_when_its_holder_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("deep/data");
        let first = DirectoryLock::take(&data, "a.lock", Duration::ZERO).unwrap();

        let second = DirectoryLock::take(&data, "a.lock", Duration::ZERO).unwrap_err();
        assert_eq!(second.to_string(), format!("the data directory `{}` is in use by another Recap", data.display()));
        DirectoryLock::take(&data, "b.lock", Duration::ZERO).unwrap();

        drop(first);
        DirectoryLock::take(&data, "a.lock", Duration::ZERO).unwrap();
    }

    #[test]
    fn a_new_data_directory_is_closed_to_other_users() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let _lock = DirectoryLock::take(&data, "a.lock", Duration::ZERO).unwrap();
        assert_eq!(data.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
