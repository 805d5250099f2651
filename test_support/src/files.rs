//! The files of clusters that no server runs on: to change them, to copy them, and to serve them again.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
};

use embedded_postgres::{Config, EmbeddedPostgres};
use tokio::process::Command;

use crate::{OwnCluster, TestFolder};

/// How many transaction ids one file of `pg_xact` holds, and its size in bytes.
const IDS_OF_A_FILE: u64 = 1 << 20;
const FILE_BYTES: usize = 256 * 1024;

/// A cluster that is not running.
#[derive(Debug)]
pub struct ClusterFiles {
    folder: TestFolder,
    bin_dir: PathBuf,
}

impl ClusterFiles {
    /// A new cluster without our databases.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn create() -> Self {
        let folder = TestFolder::create().expect("a temporary folder can be made");
        let config = Config { install: true, ..Config::new(folder.path().join("postgres")) }.setting("fsync", "off");
        let postgres = EmbeddedPostgres::start(config).await.expect("a cluster for this test starts");
        let bin_dir = postgres.report().bin_dir.clone();
        postgres.stop().await.expect("it stops");
        Self { folder, bin_dir }
    }

    /// Where Postgres keeps the data.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("postgres/cluster")
    }

    /// A folder next to the data, which the server may write to.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join("postgres").join(name);
        fs::create_dir_all(&folder).expect("a folder can be made");
        self.give(&folder);
        folder
    }

    /// Writes a file into the data, such as `recovery.signal`.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        let file = self.data().join(name);
        fs::write(&file, bytes).expect("the file can be written");
        self.give(&file);
    }

    /// Lets the next transaction have this id, as after a long life.
    ///
    /// # Panics
    /// When `pg_resetwal` fails.
    pub async fn set_next_transaction(&self, xid: u64) {
        let data = self.data();
        self.run("pg_resetwal", &["-x", &xid.to_string(), "-D", &data.to_string_lossy()]).await;
        self.write(&format!("pg_xact/{:04X}", xid / IDS_OF_A_FILE), &vec![0; FILE_BYTES]);
    }

    /// Runs a program of Postgres as the owner of the files.
    ///
    /// # Panics
    /// When it fails.
    pub async fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(self.bin_dir.join(program));
        let (uid, gid) = self.owner();
        if rustix::process::geteuid().is_root() {
            command.uid(uid).gid(gid);
        }
        command.args(arguments).current_dir(self.folder.path().join("postgres"));
        let output = command.output().await.unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{program}: {said}");
    }

    /// Makes a cluster of the same release out of this one, with all its databases, as an upgrade to another release does.
    ///
    /// # Panics
    /// When `pg_upgrade` fails.
    pub async fn upgrade(self) -> Self {
        let new = Self::create().await;
        let socket = new.folder("upgrade");
        let arguments = [("-b", &self.bin_dir), ("-B", &self.bin_dir), ("-d", &self.data()), ("-D", &new.data()), ("-s", &socket)];
        let arguments = arguments.iter().flat_map(|(option, path)| [(*option).to_owned(), path.display().to_string()]);
        let arguments: Vec<_> = arguments.chain(["-U".to_owned(), "roster".to_owned()]).collect();
        // Both servers run as the owner of the new files, who is that of the old ones as well.
        new.run("pg_upgrade", &arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
        new
    }

    /// Starts a server over the files, with these settings.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(self, settings: &[(&str, &str)]) -> OwnCluster {
        OwnCluster::serve(self.folder, settings).await
    }

    fn owner(&self) -> (u32, u32) {
        let folder = fs::metadata(self.folder.path().join("postgres")).expect("the folder is there");
        (folder.uid(), folder.gid())
    }

    fn give(&self, path: &Path) {
        let (uid, gid) = self.owner();
        chown(path, Some(uid), Some(gid)).expect("it can be given to the server's user");
    }
}

impl OwnCluster {
    /// Stops the server.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn stop(self) -> ClusterFiles {
        let bin_dir = self.postgres().report().bin_dir.clone();
        ClusterFiles { folder: self.stop_server().await, bin_dir }
    }

    /// A copy of the running server's files, as `pg_basebackup` makes it.
    ///
    /// # Panics
    /// When it fails.
    pub async fn base_backup(&self) -> ClusterFiles {
        let bin_dir = self.postgres().report().bin_dir.clone();
        let files = ClusterFiles { folder: TestFolder::create().expect("a temporary folder can be made"), bin_dir };
        let outer = files.folder.path().join("postgres");
        fs::create_dir(&outer).expect("a folder can be made");
        // A folder of the embedded server is known by its lock.
        fs::write(outer.join("roster.lock"), "").expect("the file can be written");
        let served = fs::metadata(&self.postgres().report().socket_dir).expect("the socket is there");
        chown(&outer, Some(served.uid()), Some(served.gid())).expect("it can be given to the server's user");
        let (data, url) = (files.data(), self.postgres().url("postgres"));
        files.run("pg_basebackup", &["-D", &data.to_string_lossy(), "-X", "stream", "-c", "fast", "-d", &url]).await;
        files
    }
}
