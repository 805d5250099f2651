//! The disk of Postgres is full, and then there is room again. It is a small file system in memory, where this process may mount one;
//! otherwise the kernel refuses to let the files of Postgres grow.

use std::{
    env, fs,
    io::Write,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};

use test_support::{TestFolder, cluster, end_with_test};
use tokio::process::Command;

use crate::pause;
use crate::postgres::{Postgres, succeed};
use crate::trial::{TIMEOUT, Trial};
use crate::world::World;

const TEST: &str = "kinds::disk::a_full_disk_loses_nothing";

/// Tells the test that it may mount file systems: they are seen by no one else, and vanish with it, however it ends.
const INSIDE: &str = "FAULTS_OWN_MOUNTS";

/// Room for an empty cluster, its log of changes, and some minutes of work.
const SIZE: &str = "size=320m,mode=0711";

enum Disk {
    /// A file system that is full with this file.
    Small { ballast: PathBuf },
    /// The files of the server with this data directory cannot grow while it is full.
    Limited { data: PathBuf },
}

impl Disk {
    /// Starts a Postgres on it.
    async fn start(is_own: bool) -> (Self, Postgres) {
        let settings = [("max_wal_size", "64MB"), ("min_wal_size", "32MB")];
        let folder = TestFolder::create().expect("a temporary folder can be made");
        let place = folder.path().join("disk");
        fs::create_dir(&place).expect("the folder can be written");
        if is_own {
            succeed(Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(&place)).await;
        }
        let ballast = place.join("ballast");
        let postgres = Postgres::start_in(place, Some(folder), &settings).await;
        cluster::prepare_template(&postgres.url_of("postgres")).await.expect("the schema can be made");
        let disk = if is_own { Self::Small { ballast } } else { Self::Limited { data: postgres.data() } };
        (disk, postgres)
    }

    async fn fill(&self) {
        match self {
            Self::Small { ballast } => fill_with(ballast),
            Self::Limited { data } => limit(data, "0").await,
        }
    }

    async fn make_room(&self) {
        match self {
            Self::Small { ballast } => fs::remove_file(ballast).expect("it can be removed"),
            Self::Limited { data } => limit(data, "unlimited").await,
        }
    }
}

/// Takes what is left of a file system.
fn fill_with(ballast: &Path) {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(ballast).expect("a file can be made");
    let megabyte = vec![1; 1 << 20];
    while file.write_all(&megabyte).is_ok() {}
    while file.write_all(&megabyte[..4096]).is_ok() {}
}

/// No process of this cluster can write past this size of a file.
async fn limit(data: &Path, size: &str) {
    let owner = fs::metadata(data).expect("the cluster is there");
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        fs::read_link(entry.path().join("cwd")).is_ok_and(|folder| folder == data).then_some(pid)
    });
    for process in processes {
        let mut prlimit = Command::new("prlimit");
        prlimit.arg(format!("--pid={process}")).arg(format!("--fsize={size}:")).stderr(Stdio::null());
        // As the user whose processes they are, which needs no privileges. One may have ended in this very moment.
        let _ = prlimit.uid(owner.uid()).gid(owner.gid()).current_dir("/").status().await;
    }
}

/// Repeats this test with mounts of its own; answers whether that is possible here.
async fn runs_with_own_mounts() -> bool {
    let allowed = Command::new("unshare").args(["--mount", "--", "true"]).output().await;
    if !allowed.is_ok_and(|output| output.status.success()) {
        println!("full disk: this process may not mount a file system, so the size of files is limited instead");
        return false;
    }
    let mut command = Command::new("unshare");
    command.args(["--mount", "--kill-child", "--fork", "--"]).arg(env::current_exe().expect("it runs"));
    command.args(["--exact", TEST, "--nocapture"]).env(INSIDE, "1").kill_on_drop(true);
    end_with_test(command.as_std_mut());
    let status = command.status().await;
    assert!(status.as_ref().is_ok_and(std::process::ExitStatus::success), "{status:?}");
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing() {
    let is_own = env::var_os(INSIDE).is_some();
    if !is_own && runs_with_own_mounts().await {
        return;
    }
    let (disk, postgres) = Disk::start(is_own).await;
    let mut trial = Trial::start_over(10, "full disk", World::start(postgres).await).await;
    while trial.again().await {
        let failures = |trial: &Trial| trial.world.journal.notes().failed();
        let before = failures(&trial);
        let began = Instant::now();
        while failures(&trial) < before + 3 {
            assert!(began.elapsed() < TIMEOUT, "no one notices that the disk is full");
            // Also what a checkpoint has given back, and what processes have started since.
            disk.fill().await;
            pause().await;
        }
        disk.make_room().await;
        // Without room for its log Postgres ends; with room for some files only, it goes on.
        if trial.world.postgres.has_ended().await {
            trial.world.postgres.start_again().await;
            trial.world.servers.lead_to(&trial.world.postgres);
        }
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}
