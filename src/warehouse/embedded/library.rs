//! Loads the engine's shared library and calls the one C function that Recap needs; the only `unsafe` code.
#![expect(unsafe_code, reason = "loading a library and calling into C cannot be checked by the compiler")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use libloading::{Library, Symbol};

use super::EngineError;

type QueryCommandLine = unsafe extern "C" fn(c_int, *mut *mut c_char) -> *mut c_void;
type ResultError = unsafe extern "C" fn(*mut c_void) -> *const c_char;

/// The engine, loaded into this process.
#[derive(Debug)]
pub struct EngineLibrary {
    // Never unloaded: its threads outlive every call.
    library: ManuallyDrop<Library>,
    path: PathBuf,
}

impl EngineLibrary {
    /// The library's file in `engine_dir`, if it is there.
    pub fn find(engine_dir: &Path) -> Result<PathBuf, EngineError> {
        let unpacked = engine_dir.join("package").join("libchdb.so");
        let flat = engine_dir.join("libchdb.so");
        if unpacked.is_file() {
            Ok(unpacked)
        } else if flat.is_file() {
            Ok(flat)
        } else {
            Err(EngineError::Missing { path: unpacked })
        }
    }

    /// Loads the library at `path`; fails if it is no library or not this engine.
    pub fn load(path: PathBuf) -> Result<Self, EngineError> {
        // A bare file name would be searched for in the system's directories.
        let path = path.canonicalize().unwrap_or(path);
        // SAFETY: the library's initialisers are ClickHouse's own; the file is the package whose hash
        // `make engine` verified, and this process is a child that does nothing else.
        let library = unsafe { Library::new(&path) };
        let library = library.map_err(|source| EngineError::Damaged { path: path.clone(), source })?;
        let engine = Self { library: ManuallyDrop::new(library), path };
        engine.query_command_line()?;
        engine.result_error()?;
        Ok(engine)
    }

    /// Runs ClickHouse's local mode with `arguments` (the first is the program's name) and blocks until it ends;
    /// says why it ended, where the engine does.
    pub fn run(&self, arguments: Vec<CString>) -> Result<Option<String>, EngineError> {
        let run = self.query_command_line()?;
        let error = self.result_error()?;
        // Given away for good, as a program's own arguments are: the engine may keep or change them.
        let mut pointers: Vec<*mut c_char> = arguments.into_iter().map(CString::into_raw).collect();
        let count = c_int::try_from(pointers.len()).unwrap_or(c_int::MAX);
        pointers.push(std::ptr::null_mut());
        // SAFETY: `pointers` holds `count` writable NUL-terminated strings, never freed, and the final null of a
        // C `argv`; it outlives the call.
        let result = unsafe { run(count, pointers.as_mut_ptr()) };
        if result.is_null() {
            return Ok(None);
        }
        // SAFETY: `result` is the non-null result just returned, which nobody freed.
        let message = unsafe { error(result) };
        if message.is_null() {
            return Ok(None);
        }
        // SAFETY: the message is a NUL-terminated string owned by `result`, which is never freed.
        let message = unsafe { CStr::from_ptr(message) };
        Ok(Some(message.to_string_lossy().into_owned()))
    }

    fn query_command_line(&self) -> Result<Symbol<'_, QueryCommandLine>, EngineError> {
        // SAFETY: the type is the declaration of `chdb_query_cmdline` in chdb.h.
        unsafe { self.library.get(b"chdb_query_cmdline\0") }.map_err(|source| self.damaged(source))
    }

    fn result_error(&self) -> Result<Symbol<'_, ResultError>, EngineError> {
        // SAFETY: the type is the declaration of `chdb_result_error` in chdb.h.
        unsafe { self.library.get(b"chdb_result_error\0") }.map_err(|source| self.damaged(source))
    }

    fn damaged(&self, source: libloading::Error) -> EngineError {
        EngineError::Damaged { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_library_is_named_with_the_command_that_fetches_it() {
        let directory = tempfile::tempdir().unwrap();
        let error = EngineLibrary::find(directory.path()).unwrap_err();
        let path = directory.path().join("package/libchdb.so");
        assert_eq!(
            error.to_string(),
            format!("the embedded ClickHouse is not installed: there is no `{}`", path.display())
        );
        assert!(error.hint().contains("`make engine`"), "{}", error.hint());
    }

    #[test]
    fn a_file_that_is_no_library_is_damaged() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("libchdb.so");
        std::fs::write(&path, "not a library").unwrap();
        let error = EngineLibrary::load(EngineLibrary::find(directory.path()).unwrap()).unwrap_err();
        assert!(matches!(error, EngineError::Damaged { .. }), "{error:?}");
        assert!(error.hint().contains("`make engine`"), "{}", error.hint());
    }
}
