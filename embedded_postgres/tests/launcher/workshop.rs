//! Folders, statements, foreign processes and waiting, for the tests in this folder.

use std::{
    fmt::Debug,
    fs, io,
    io::{BufRead, BufReader, Read},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use embedded_postgres::{Config, EmbeddedPostgres};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection, Executor, PgConnection};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// A folder of one test that goes with it.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// One that every user may pass through.
    pub(crate) fn open() -> Self {
        Self::with_mode(0o711)
    }

    /// One that only we may pass through, like a home folder.
    pub(crate) fn closed() -> Self {
        Self::with_mode(0o700)
    }

    fn with_mode(mode: u32) -> Self {
        let path = std::env::temp_dir().join(format!("launcher-{}", &Uuid::new_v4().simple().to_string()[..12]));
        fs::DirBuilder::new().mode(mode).create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    pub(crate) fn cluster(&self) -> PathBuf {
        self.data().join("cluster")
    }

    pub(crate) fn config(&self) -> Config {
        Config::new(self.data()).database("example")
    }

    pub(crate) async fn start(&self) -> EmbeddedPostgres {
        EmbeddedPostgres::start(self.config()).await.unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for pid in server_processes(&self.cluster()) {
            kill(pid, Signal::KILL);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) async fn execute(url: &str, statement: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute(statement).await?;
    connection.close().await
}

pub(crate) async fn ask(url: &str, question: &str) -> String {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(question).fetch_one(&mut connection).await.unwrap()
}

/// Writes rows that [`count_rows`] finds again.
pub(crate) async fn write_rows(url: &str) {
    execute(url, "create table kept as select number from generate_series(1, 1000) as number").await.unwrap();
}

pub(crate) async fn count_rows(url: &str) -> String {
    ask(url, "select count(*)::text from kept").await
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

pub(crate) fn kill(pid: u32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(pid.try_into().unwrap()).unwrap(), signal);
}

/// Every process that works in this cluster, by the kernel's word.
pub(crate) fn server_processes(cluster: &Path) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    processes.filter(|pid: &u32| fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == cluster)).collect()
}

/// How long tests wait for what must happen: only what never happens takes so long.
pub(crate) const TIMEOUT: Duration = Duration::from_mins(3);

/// Waits until something is so.
pub(crate) async fn until<State: Debug>(what: &str, state: impl Fn() -> State, enough: impl Fn(&State) -> bool) {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let now = state();
        if enough(&now) {
            return;
        }
        assert!(Instant::now() < deadline, "still waiting for: {what}; now {now:?}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Another process that owns a cluster: the example `serve`.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) child: Child,
    _output: BufReader<ChildStdout>,
    pub(crate) server: u32,
    pub(crate) url: String,
}

impl Owner {
    pub(crate) fn start(folder: &Folder) -> Self {
        let tests = std::env::current_exe().unwrap();
        let serve = tests.parent().unwrap().parent().unwrap().join("examples/serve");
        let mut child = Command::new(serve).arg(folder.data()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            line.trim().to_owned()
        };
        let server = line().parse().unwrap();
        let url = line();
        Self { child, _output: output, server, url }
    }

    /// Ends it as the out-of-memory killer would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop and returns what it logged.
    pub(crate) fn interrupt(mut self) -> String {
        kill(self.child.id(), Signal::INT);
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

/// A server on a stopped cluster that no launcher knows of.
pub(crate) fn start_by_hand(bin_dir: &Path, folder: &Folder) -> io::Result<Child> {
    let owner = fs::metadata(folder.cluster())?;
    let socket = folder.data().join("socket");
    fs::create_dir_all(&socket)?;
    std::os::unix::fs::chown(&socket, Some(owner.uid()), Some(owner.gid()))?;
    Command::new(bin_dir.join("postgres"))
        .arg("-D")
        .arg(folder.cluster())
        .args(["-c", "listen_addresses=", "-k"])
        .arg(socket)
        .uid(owner.uid())
        .gid(owner.gid())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}
