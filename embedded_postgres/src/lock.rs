//! The data folder and its lock: one process at a time, and a second one is told who the first is.
//!
//! The lock is the kernel's (`flock`), so it ends with the process that holds it, however that ends. The file's text, the
//! holder's process id, is only for the message.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process,
};

use crate::error::{Doing, Error};

const FILE: &str = "roster.lock";

/// The parts of our data folder.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The folder itself, absolute and without links.
    pub(crate) folder: PathBuf,
}

impl Layout {
    /// Creates the folder if need be. Refuses a folder with foreign files, because it is about to be closed to others.
    pub(crate) fn prepare(folder: &Path) -> Result<Self, Error> {
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).doing(|| format!("create {}", parent.display()))?;
        }
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(refused) if refused.kind() != io::ErrorKind::AlreadyExists => {
                return Err(refused).doing(|| format!("create {}", folder.display()));
            }
            _ => {}
        }
        let folder = fs::canonicalize(folder).doing(|| format!("open {}", folder.display()))?;
        let entries = fs::read_dir(&folder).doing(|| format!("read {}", folder.display()))?;
        // A new file system is empty except for `lost+found`.
        if !folder.join(FILE).exists() && entries.flatten().any(|entry| entry.file_name() != "lost+found") {
            return Err(Error::NotOurs { folder });
        }
        Ok(Self { folder })
    }

    /// What Postgres calls its data directory.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.folder.join("cluster")
    }

    /// Where a cluster is made before it is renamed, so that an incomplete one is never taken for a complete one.
    pub(crate) fn unfinished_cluster(&self) -> PathBuf {
        self.folder.join("cluster.unfinished")
    }

    /// Where the socket is, unless that path is too long for one.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// Remembers a socket folder outside, so that the next start can remove what a killed process left.
    pub(crate) fn socket_elsewhere(&self) -> PathBuf {
        self.folder.join("socket.path")
    }
}

/// Holds the data folder for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    pub(crate) fn take(layout: &Layout) -> Result<Self, Error> {
        let path = layout.folder.join(FILE);
        let doing = || format!("lock {}", path.display());
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path).doing(doing)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                // Empty in the instant between the other's lock and its writing.
                let _ = file.read_to_string(&mut pid);
                let pid = if pid.trim().is_empty() { "(just starting)".to_owned() } else { pid.trim().to_owned() };
                return Err(Error::InUse { folder: layout.folder.clone(), pid });
            }
            Err(TryLockError::Error(refused)) => return Err(refused).doing(doing),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", process::id())).doing(doing)?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child of another thread that is between fork and exec has a copy.
        let _ = self.file.unlock();
    }
}
