//! A disk that gets full: a small filesystem of its own where the system lets us mount one, else a limit on the size
//! of the files that a daemon writes.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// The size of the small filesystem; a ledger of some hundred people fits.
const SIZE: &str = "24m";

/// Where the ledger of a world is that will have no room.
#[derive(Debug)]
pub struct Disk {
    folder: TempDir,
    mounted: bool,
}

impl Disk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={SIZE}"), "recap-torture"]);
        let mounted = succeeds(mount.arg(folder.path()));
        Self { folder, mounted }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }

    /// Nothing more can be written: to the disk, or by this process, which must ignore the signal SIGXFSZ.
    pub fn fill(&self, process: u32) {
        if !self.mounted {
            assert!(succeeds(&mut limit(process, "0:unlimited")), "`prlimit` sets a limit");
            return;
        }
        let mut ballast = File::create(self.ballast()).unwrap();
        let (mut size, bytes) = (1 << 20, vec![7; 1 << 20]);
        while size > 0 {
            if ballast.write_all(&bytes[..size]).is_err() {
                size /= 2;
            }
        }
    }

    /// There is room again.
    pub fn relieve(&self, process: u32) {
        if self.mounted {
            std::fs::remove_file(self.ballast()).unwrap();
        } else {
            assert!(succeeds(&mut limit(process, "unlimited:unlimited")), "`prlimit` takes the limit back");
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            succeeds(Command::new("umount").args(["--lazy"]).arg(self.folder.path()));
        }
    }
}

fn limit(process: u32, size: &str) -> Command {
    let mut command = Command::new("prlimit");
    command.args([format!("--pid={process}"), format!("--fsize={size}")]);
    command
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
