//! Roster behind `PgBouncer`, which is killed and started again.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::Stdio,
    time::Instant,
};

use test_support::{TestFolder, end_with_test};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::timeout,
};

use crate::pause;
use crate::postgres::Postgres;
use crate::program::TIMEOUT;
use crate::trial::Trial;
use crate::world::World;

/// A `PgBouncer` that hands every transaction to a session of its own choice.
struct Pooler {
    child: Child,
    port: u16,
    folder: TestFolder,
}

impl Pooler {
    async fn start(postgres: &Postgres) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port is free").port();
        let folder = TestFolder::create().expect("a temporary folder can be made");
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=roster\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = transaction\nmax_client_conn = 200\ndefault_pool_size = 20\n",
            postgres.address().port()
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).and_then(|()| fs::set_permissions(&file, fs::Permissions::from_mode(0o644))).expect("it can be written");
        let child = spawn(&file);
        let pooler = Self { child, port, folder };
        pooler.until_it_listens().await;
        pooler
    }

    fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Kills it with every connection, and starts it again.
    async fn restart(&mut self) {
        self.child.kill().await.expect("it ends when it is killed");
        self.child = spawn(&self.folder.path().join("pgbouncer.ini"));
        self.until_it_listens().await;
    }

    async fn until_it_listens(&self) {
        let listens = async {
            while TcpStream::connect(self.address()).await.is_err() {
                pause().await;
            }
        };
        timeout(TIMEOUT, listens).await.expect("PgBouncer listens: run scripts/install-test-tools if it is not there");
    }
}

fn spawn(settings: &PathBuf) -> Child {
    let installed = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|path| PathBuf::from(path).exists());
    let mut command = Command::new(installed.unwrap_or("pgbouncer"));
    // It refuses to be root.
    if rustix::process::geteuid().is_root() {
        command.args(["--user", "nobody"]);
    }
    command.arg("--quiet").arg(settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    end_with_test(command.as_std_mut());
    command.spawn().expect("PgBouncer is installed: run scripts/install-test-tools")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_may_be_killed_under_load() {
    let postgres = Postgres::start().await;
    let mut pooler = Pooler::start(&postgres).await;
    let address = pooler.address();
    let mut trial = Trial::start_over(14, "kill -9 of PgBouncer", World::start_behind(postgres, address).await).await;
    while trial.again().await {
        pooler.restart().await;
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}
