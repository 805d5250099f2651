//! Finds and stops servers that an earlier process left behind, and only then removes the files they would have removed.
//!
//! A process id in a file proves nothing, since ids are reused. What does is a server process whose working folder is the
//! cluster's: Postgres and all its children stay there for life.

use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::error::{Doing, Error};

/// How long to wait after each request, from the polite to the last one.
const REQUESTS: [(Signal, Duration); 3] =
    [(Signal::INT, Duration::from_secs(20)), (Signal::QUIT, Duration::from_secs(6)), (Signal::KILL, Duration::from_secs(4))];
const PAUSE: Duration = Duration::from_millis(20);

/// Ends every server process of this cluster and returns when none is left.
pub(crate) fn stop(cluster: &Path) -> Result<(), Error> {
    let mut found = processes(cluster);
    if found.is_empty() {
        return Ok(());
    }
    tracing::warn!(pids = ?found, "stopping Postgres processes that were left behind");
    for (request, timeout) in REQUESTS {
        let deadline = Instant::now() + timeout;
        let mut asked = Vec::new();
        while Instant::now() < deadline {
            // A postmaster passes the request on. Backends that lose theirs meanwhile become heads, and are asked then.
            for pid in heads(&found) {
                if !asked.contains(&pid) {
                    signal(pid, request);
                    asked.push(pid);
                }
            }
            thread::sleep(PAUSE);
            found = processes(cluster);
            if found.is_empty() {
                return Ok(());
            }
        }
    }
    Err(Error::OrphanStays { folder: cluster.to_owned(), pids: found })
}

/// Removes the lock file of a server that is gone. Call after [`stop`], holding the folder's lock.
pub(crate) fn clear(cluster: &Path) -> Result<(), Error> {
    let path = cluster.join("postmaster.pid");
    match fs::remove_file(&path) {
        Ok(()) => {
            tracing::info!("the last Postgres here did not end properly; it will recover now");
            Ok(())
        }
        Err(refused) if refused.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(refused) => Err(refused).doing(|| format!("remove {}", path.display())),
    }
}

fn signal(pid: u32, request: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // It may have ended meanwhile; whether it did is looked up again anyway.
        let _ = kill_process(pid, request);
    }
}

/// The postmaster, or the backends that lost theirs: processes whose parent is not among the others.
#[cfg(target_os = "linux")]
fn heads(found: &[u32]) -> Vec<u32> {
    found.iter().copied().filter(|pid| parent(*pid).is_none_or(|parent| !found.contains(&parent))).collect()
}

#[cfg(target_os = "linux")]
fn parent(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

/// The living server processes of this cluster. A shell in that folder is not one.
#[cfg(target_os = "linux")]
pub(crate) fn processes(cluster: &Path) -> Vec<u32> {
    use std::os::unix::fs::MetadataExt;

    // Compared by device and inode: the folder may have been moved or reached through another mount.
    let identity = |path: &Path| fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()));
    let Some(wanted) = identity(cluster) else { return Vec::new() };
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &u32| {
            let process = Path::new("/proc").join(pid.to_string());
            identity(&process.join("cwd")) == Some(wanted)
                && fs::read_to_string(process.join("comm"))
                    .is_ok_and(|name| matches!(name.trim_end(), "postgres" | "postmaster" | "initdb"))
        })
        .collect()
}

/// Without /proc there is only the file to ask; the program's name guards against a reused id.
#[cfg(not(target_os = "linux"))]
pub(crate) fn processes(cluster: &Path) -> Vec<u32> {
    let pid = || -> Option<u32> {
        let pid = fs::read_to_string(cluster.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()?;
        let output = std::process::Command::new("ps").args(["-o", "comm=", "-p"]).arg(u32::to_string(&pid)).output().ok()?;
        let name = String::from_utf8_lossy(&output.stdout);
        Path::new(name.trim()).file_name().is_some_and(|name| name == "postgres").then_some(pid)
    };
    pid().into_iter().collect()
}

#[cfg(not(target_os = "linux"))]
fn heads(found: &[u32]) -> Vec<u32> {
    found.to_vec()
}
