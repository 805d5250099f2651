//! Through `PgBouncer` as Debian has it.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::process::Stdio;
use std::time::Duration;

use futures::future::join_all;
use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use test_support::{SmtpServer, TestDatabase, TestFolder, end_with_test};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::program::{MASTER_KEY, Program, Serving, TIMEOUT};
use crate::world::open_account;

/// A running `PgBouncer`, killed with its value.
struct PgBouncer {
    port: u16,
    _process: Child,
    _folder: TestFolder,
}

impl PgBouncer {
    async fn start(database_url: &str, settings: &str) -> Self {
        let server: PgConnectOptions = database_url.parse().expect("a URL");
        let socket = server.get_socket().expect("the cluster of the tests listens on a socket").display().to_string();
        let folder = TestFolder::create().expect("a temporary folder can be made");
        let path = folder.path();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port is free").port();
        let (users, log) = (path.join("users.txt"), path.join("log"));
        fs::write(&users, format!("\"{}\" \"\"\n", server.get_username())).expect("is written");
        let config = format!(
            "[databases]\n* = host={socket} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = trust\nauth_file = {}\nlogfile = {}\npool_mode = transaction\ndefault_pool_size = 4\n{settings}\n",
            server.get_port(),
            users.display(),
            log.display(),
        );
        fs::write(path.join("pgbouncer.ini"), config).expect("is written");
        let mut command = Command::new("/usr/sbin/pgbouncer");
        command.arg(path.join("pgbouncer.ini")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        end_with_test(command.as_std_mut());
        // It does not run as root: then it runs as who runs Postgres.
        let owner = fs::metadata(&socket).expect("the socket is there");
        if rustix::process::geteuid().is_root() {
            for file in [path.to_owned(), users, path.join("pgbouncer.ini")] {
                chown(&file, Some(owner.uid()), Some(owner.gid())).expect("root may");
            }
            fs::set_permissions(path, Permissions::from_mode(0o755)).expect("root may");
            command.uid(owner.uid()).gid(owner.gid());
        }
        let process = command.spawn().expect("pgbouncer is installed: scripts/install-test-tools");
        let accepts = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(TIMEOUT, accepts).await.unwrap_or_else(|_| panic!("pgbouncer: {}", fs::read_to_string(&log).unwrap_or_default()));
        Self { port, _process: process, _folder: folder }
    }

    fn url(&self, database_url: &str) -> String {
        let server: PgConnectOptions = database_url.parse().expect("a URL");
        format!("postgres://{}@127.0.0.1:{}/{}", server.get_username(), self.port, server.get_database().expect("one is named"))
    }
}

async fn everything_works_through(settings: &str) {
    let (database, smtp) = (TestDatabase::create().await, SmtpServer::start().await);
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(&database.pool()).await.expect("empties it");
    let bouncer = PgBouncer::start(database.url(), settings).await;
    let url = bouncer.url(database.url());
    let variables = [("DATABASE_URL", url.as_str()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let run = async |arguments: &[&str]| {
        let ended = Program::run(arguments, &variables).await;
        assert_eq!(ended.code, Some(0), "{arguments:?}: {ended:?}");
    };
    // Two at once take turns.
    tokio::join!(run(&["migrate"]), run(&["migrate"]));

    let roster = Serving::start_with(&url, smtp.port(), &[("ROSTER_DATABASE_ACQUIRE_TIMEOUT", "30")]).await;
    let (admin, _) = open_account(&roster).await;
    let rows: Vec<_> = (0..50)
        .map(|number| json!({ "email": format!("user{number}@acme.example"), "role": "VIEWER", "authMethods": ["password"] }))
        .collect();
    let invited =
        admin.ask("mutation($input: InviteUsersInput!) { inviteUsers(input: $input) { invited } }", json!({ "input": { "rows": rows } }));
    assert_eq!(invited.await.body["data"]["inviteUsers"]["invited"], 50);
    let list = "{ users(first: 20, filter: {search: \"user\"}) { totalCount nodes { email } } auditLog(first: 3) { nodes { id } } }";
    for _ in 0..10 {
        for answer in join_all((0..20).map(|_| admin.ask(list, json!({})))).await {
            assert!(answer.code().is_none() && answer.body["data"]["users"]["totalCount"] == 50, "{answer:?}");
        }
    }
    smtp.wait_for("user49@acme.example", 1).await;
    for path in ["/history/export", "/users/export"] {
        let answer = admin.client.get(format!("{}{path}", roster.url)).bearer_auth(admin.token.as_deref().expect("is signed in"));
        let answer = answer.send().await.expect("answers");
        assert_eq!(answer.status(), 200);
        assert!(answer.text().await.expect("comes to its end").contains("user49@acme.example"), "{path}");
    }
    run(&["projections", "rebuild"]).await;
    run(&["projections", "verify"]).await;
    run(&["keys", "rotate"]).await;
    run(&["history", "export", "--account", "acme"]).await;
    assert_eq!(reqwest::get(format!("{}/readyz", roster.url)).await.expect("answers").status(), 200);
    let faults = |log: &str| Some(log.lines().filter(|line| line.contains("\"ERROR\"")).map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(roster.program.logged("its log", faults).await, Vec::<String>::new());
}

#[tokio::test]
async fn everything_works_through_a_pooler_of_transactions() {
    everything_works_through("").await;
}

#[tokio::test]
async fn everything_works_through_a_pooler_that_ignores_options() {
    everything_works_through("ignore_startup_parameters = options,extra_float_digits").await;
}
