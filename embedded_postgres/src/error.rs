//! What may go wrong while starting or stopping the server, each said so that the reader knows what to do next.

use std::{io, path::PathBuf, process::ExitStatus};

/// Why Postgres could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No usable `postgres` and `initdb` on this machine.
    #[error("Postgres {wanted} is not installed: run `{command}`, or name the folder of its programs, or set DATABASE_URL")]
    NotInstalled {
        /// What was looked for: a major version, or "15 or newer".
        wanted: String,
        /// The command that would install it here.
        command: String,
    },
    /// The configured folder has no usable programs.
    #[error("{} does not hold the programs `postgres` and `initdb` of Postgres {wanted}", folder.display())]
    NotInFolder {
        /// The folder that was configured.
        folder: PathBuf,
        /// What was looked for: a major version, or "15 or newer".
        wanted: String,
    },
    /// The package manager could not install Postgres.
    #[error("`{command}` failed ({status}): {said}")]
    Install {
        /// The command that failed.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it printed.
        said: String,
    },
    /// Another live process runs the cluster of this folder.
    #[error("{} is already in use by process {pid}: stop that one first, or choose another data folder", folder.display())]
    InUse {
        /// The data folder.
        folder: PathBuf,
        /// The process that holds it.
        pid: String,
    },
    /// The folder holds something else, and taking it over would change its owner and mode.
    #[error("{} holds files that are not ours: name an empty or a new folder", folder.display())]
    NotOurs {
        /// The data folder.
        folder: PathBuf,
    },
    /// The cluster belongs to a user we cannot act for.
    #[error("{} belongs to user id {owner}, but this process runs as user id {ours}", folder.display())]
    Owner {
        /// The cluster's folder.
        folder: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Who we are.
        ours: u32,
    },
    /// The user that must run the server cannot get into its folder.
    #[error("user id {owner} owns {} but may not pass through {}: make that folder traversable (chmod o+x)", folder.display(), closed.display())]
    Unreachable {
        /// The cluster's folder.
        folder: PathBuf,
        /// Who owns it.
        owner: u32,
        /// The closed folder above it.
        closed: PathBuf,
    },
    /// Root, no other user can reach the folder, and the kernel gives no user namespace.
    #[error("Postgres refuses to run as root, no other user can reach {}, and a user namespace is not allowed here: choose a data folder \
             whose parent folders are traversable, or start as another user", folder.display())]
    NoUser {
        /// The data folder.
        folder: PathBuf,
        /// What the kernel said.
        source: io::Error,
    },
    /// A server left behind by an earlier process does not end.
    #[error("processes {pids:?} still use {} and do not stop: end them, then start again", folder.display())]
    OrphanStays {
        /// The cluster's folder.
        folder: PathBuf,
        /// Who is left.
        pids: Vec<u32>,
    },
    /// The user id of this process has no name, as in some containers.
    #[error("Postgres needs an entry in /etc/passwd for the user id of this process: {said}")]
    NoUserName {
        /// The end of what `initdb` printed.
        said: String,
    },
    /// `initdb` failed.
    #[error("initdb failed ({status}): {said}")]
    Initialise {
        /// How it ended.
        status: ExitStatus,
        /// The end of what it printed.
        said: String,
    },
    /// The server ended, or did not become ready, while starting.
    #[error("Postgres did not start ({reason}): {said}")]
    Start {
        /// How it ended, or how long we waited.
        reason: String,
        /// The end of its log.
        said: String,
    },
    /// A database could not be created.
    #[error("database {database:?} could not be created: {said}")]
    CreateDatabase {
        /// Its name.
        database: String,
        /// What `psql` printed.
        said: String,
    },
    /// The server ignored every request to stop.
    #[error("Postgres (process {pid}) does not stop")]
    WillNotStop {
        /// The server's process.
        pid: u32,
    },
    /// The operating system refused something.
    #[error("cannot {doing}")]
    Io {
        /// What was attempted, as in "cannot …".
        doing: String,
        /// Why it failed.
        source: io::Error,
    },
}

/// Adds what was being done to an error of the operating system.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|source| Error::Io { doing: what(), source: source.into() })
    }
}

/// The last lines of a program's output, for an error message.
pub(crate) fn tail(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(5)..].join(" | ")
}
