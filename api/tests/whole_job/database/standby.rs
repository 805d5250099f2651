//! A server over a standby, which is promoted.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use test_support::{OwnCluster, TestFolder, own_cluster};
use tokio::process::Command;
use tokio::time::Instant;

use crate::person::Person;
use crate::program::{Serving, TIMEOUT};
use crate::world::{PASSWORD, World};

/// A copy of a cluster that follows it until it is promoted. It is stopped with its value.
struct Standby {
    bin: PathBuf,
    data: PathBuf,
    owner: (u32, u32),
    folder: TestFolder,
}

impl Standby {
    async fn of(cluster: &OwnCluster) -> Self {
        let report = cluster.postgres().report();
        let socket = fs::metadata(&report.socket_dir).expect("the socket is there");
        let folder = TestFolder::create().expect("a temporary folder can be made");
        let (owner, data) = ((socket.uid(), socket.gid()), folder.path().join("data"));
        if rustix::process::geteuid().is_root() {
            chown(folder.path(), Some(owner.0), Some(owner.1)).expect("root may");
        }
        let standby = Self { bin: report.bin_dir.clone(), data, owner, folder };
        let source = format!("host={} user=roster", report.socket_dir.display());
        standby
            .run("pg_basebackup", &["--dbname", &source, "--pgdata", text(&standby.data), "--write-recovery-conf", "--checkpoint=fast"])
            .await;
        // A standby must allow as much as its primary.
        let same = "select string_agg(format('-c %s=%s', name, setting), ' ') from pg_settings where name in ('max_connections',
            'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions', 'max_locks_per_transaction')";
        let same: String = sqlx::query_scalar(same).fetch_one(&cluster.pool()).await.expect("answers");
        let settings = format!("-c listen_addresses= -c unix_socket_directories={} {same}", standby.folder.path().display());
        standby.run("pg_ctl", &["start", "--wait", "--pgdata", text(&standby.data), "--options", &settings, "--log", "/dev/null"]).await;
        standby
    }

    async fn promote(&self) {
        self.run("pg_ctl", &["promote", "--wait", "--pgdata", text(&self.data)]).await;
    }

    async fn run(&self, program: &str, arguments: &[&str]) {
        let status = self.command(program, arguments).status().await.expect("it stands beside postgres");
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }

    /// As who runs Postgres.
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if rustix::process::geteuid().is_root() {
            command.uid(self.owner.0).gid(self.owner.1);
        }
        command
    }

    fn url(&self, url: &str, socket: &Path) -> String {
        let encode = |path: &Path| text(path).replace('/', "%2F");
        url.replace(&encode(socket), &encode(self.folder.path()))
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        let stop = ["stop", "--wait", "--mode=immediate", "--pgdata", text(&self.data)];
        drop(self.command("pg_ctl", &stop).into_std().status());
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are text")
}

async fn readiness(roster: &Serving) -> (u16, Value) {
    let answer = reqwest::get(format!("{}/readyz", roster.url)).await.expect("answers");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn a_standby_of_its_own_cluster_is_not_ready_until_it_is_promoted() {
    let cluster = own_cluster().await;
    let world = World::start_over(cluster.create_database().await, &[]).await;
    let standby = Standby::of(&cluster).await;
    let url = standby.url(world.database.url(), &cluster.postgres().report().socket_dir);
    let roster = Serving::start_with(&url, world.smtp.port(), &[]).await;
    let admin = Person { url: roster.url.clone(), ..world.admin.clone() };
    let (status, body) = readiness(&roster).await;
    assert!(status == 503 && body["problems"][0].as_str().is_some_and(|problem| problem.contains("read-only")), "{status} {body}");
    assert_eq!(admin.viewer().await.as_deref(), Some("Ada@Acme.example"), "it can be read");
    let sign_in = json!({ "account": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "TOKEN" });
    assert_eq!(Person::visitor(&roster.url).attempt("signIn", sign_in.clone()).await.code(), Some("UNAVAILABLE"));

    standby.promote().await;
    let begun = Instant::now();
    while readiness(&roster).await.0 != 200 {
        assert!(begun.elapsed() < TIMEOUT, "it is not ready: {:?}", readiness(&roster).await);
    }
    for _ in 0..12 {
        let answer = Person::visitor(&roster.url).attempt("signIn", sign_in.clone()).await;
        assert!(answer.code().is_none() && answer.body["data"]["signIn"]["token"].is_string(), "{answer:?}");
    }
}
