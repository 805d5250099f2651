//! The running server: spawned and waited for by a thread of its own, stopped by signals.

use std::{
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid},
};
use tokio::{
    sync::{oneshot, watch},
    time,
};

use crate::{
    binaries::Binaries,
    cluster, confine,
    error::Error,
    lock::{Layout, Lock},
    log::{self, Tail},
    orphan,
    owner::RunsAs,
    socket,
};

/// After the polite request, and after the rude one.
const FAST_SHUTDOWN: Duration = Duration::from_secs(30);
const IMMEDIATE_SHUTDOWN: Duration = Duration::from_secs(10);

/// Settings that keep the server private, quiet about people, and the same everywhere.
///
/// The least level that is logged is `log`, which ranks above `error` there: what a statement did wrong is told to the one who
/// sent it, and its text may quote personal data.
const SETTINGS: [(&str, &str); 11] = [
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_destination", "stderr"),
    ("logging_collector", "off"),
    ("log_line_prefix", ""),
    ("log_error_verbosity", "terse"),
    ("log_min_messages", "log"),
    ("log_min_error_statement", "panic"),
    ("log_statement", "none"),
];

/// A server process and what is needed to signal it safely. Dropping it asks the server to stop.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) pid: u32,
    pub(crate) tail: Tail,
    /// `None` once the process was waited for: from then on its id may be another's.
    alive: Arc<Mutex<Option<Pid>>>,
    exit: watch::Receiver<Option<ExitStatus>>,
}

/// Starts the server. Its thread keeps the folder's lock until the server has ended.
pub(crate) async fn spawn(
    layout: Layout,
    lock: Lock,
    binaries: &Binaries,
    runs_as: RunsAs,
    socket_folder: &Path,
    settings: &[(String, String)],
) -> Result<Server, Error> {
    let command = command(&layout, binaries, &runs_as, socket_folder, settings);
    let (send_spawned, spawned) = oneshot::channel();
    thread::Builder::new()
        .name("postgres".to_owned())
        .spawn(move || keep(command, &layout, lock, &runs_as, send_spawned))
        .map_err(|source| Error::Io { doing: "start a thread".to_owned(), source })?;
    spawned.await.unwrap_or_else(|_| Err(Error::Start { reason: "its thread ended".to_owned(), said: String::new() }))
}

fn command(layout: &Layout, binaries: &Binaries, runs_as: &RunsAs, socket_folder: &Path, settings: &[(String, String)]) -> Command {
    let mut command = confine::command(&binaries.program("postgres"), runs_as, Signal::INT);
    command.arg("-D").arg(layout.cluster()).arg("-p").arg(socket::PORT.to_string());
    // A list: quoted, so that a comma or a space in the path stays part of it.
    let quoted = socket_folder.to_string_lossy().replace('"', "\"\"");
    command.arg("-c").arg(format!("unix_socket_directories=\"{quoted}\""));
    let given = settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in SETTINGS.into_iter().chain(given) {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// The life of the server's thread. It must outlive the server, whose parent-death signal is tied to this very thread.
fn keep(mut command: Command, layout: &Layout, lock: Lock, runs_as: &RunsAs, spawned: oneshot::Sender<Result<Server, Error>>) {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(refused) => {
            // The receiver is gone only if the start was given up.
            let _ = spawned.send(Err(cluster::not_spawned(refused, layout, runs_as, "postgres")));
            return;
        }
    };
    let tail = Tail::default();
    let reader = child.stderr.take().map(|stderr| {
        let tail = tail.clone();
        thread::spawn(move || log::forward(stderr, &tail))
    });
    let (send_exit, exit) = watch::channel(None);
    let alive = Arc::new(Mutex::new(i32::try_from(child.id()).ok().and_then(Pid::from_raw)));
    let server = Server { pid: child.id(), tail, alive: Arc::clone(&alive), exit };
    // If the start was given up, this drops the server, which stops it.
    drop(spawned.send(Ok(server)));
    let status = wait(&mut child, &alive);
    // A postmaster that was killed leaves backends behind, which keep the log and the shared memory.
    if let Err(error) = orphan::stop(&layout.cluster()) {
        tracing::warn!(%error, "the next start will try again");
    } else if let Some(reader) = reader {
        // It ends with the server's last process.
        let _ = reader.join();
    }
    if let Err(error) = socket::remove(layout, runs_as) {
        tracing::warn!(%error, "the socket's folder stays behind until the next start");
    }
    drop(lock);
    send_exit.send_replace(status);
}

/// Waits without reaping first, so that no signal reaches an id that already belongs to another process.
fn wait(child: &mut Child, alive: &Mutex<Option<Pid>>) -> Option<ExitStatus> {
    let pid = *alive.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pid) = pid {
        while matches!(waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT), Err(Errno::INTR)) {}
    }
    let mut alive = alive.lock().unwrap_or_else(PoisonError::into_inner);
    *alive = None;
    child.wait().ok()
}

impl Server {
    /// Resolves when the server has ended, its files are cleared and the folder is free.
    pub(crate) async fn exited(&self) -> Option<ExitStatus> {
        let mut exit = self.exit.clone();
        match exit.wait_for(Option::is_some).await {
            Ok(status) => *status,
            Err(_) => None,
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = *alive {
            // A child that was not waited for exists, if only as a zombie: this cannot fail in a way that matters.
            let _ = kill_process(pid, signal);
        }
    }

    /// Fast shutdown: open transactions are rolled back, everything is written. Then, if that takes too long, an immediate one,
    /// which loses nothing either but makes the next start recover.
    pub(crate) async fn stop(&self) -> Result<(), Error> {
        for (signal, timeout) in [(Signal::INT, FAST_SHUTDOWN), (Signal::QUIT, IMMEDIATE_SHUTDOWN)] {
            self.signal(signal);
            if time::timeout(timeout, self.exited()).await.is_ok() {
                return Ok(());
            }
        }
        Err(Error::WillNotStop { pid: self.pid })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal(Signal::INT);
    }
}
