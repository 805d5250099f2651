//! `roster dev`: nothing installed, nothing configured.

use std::{fs, path::Path, time::Duration};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::Client;
use rustix::process::{Signal, kill_process_group};
use serde_json::{Value, json};
use test_support::{TestDatabase, TestFolder};
use tokio::time::{sleep, timeout};

use crate::program::{Program, TIMEOUT};

const PASSWORD: &str = "seven lighthouses hum quietly";
const ACCEPT: &str = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { token userErrors { code } } }";
const COUNT: &str =
    "query($input: UserFilter!) { viewer { user { role } } users(filter: $input) { totalCount nodes { name lastActiveAt } } }";

/// A data folder of a test's own.
struct Home {
    folder: TestFolder,
    client: Client,
}

/// A `roster dev` that is ready.
struct Dev {
    program: Program,
    url: String,
    greeting: String,
}

impl Home {
    fn new() -> Self {
        Self { folder: TestFolder::create().expect("a folder can be made"), client: Client::new() }
    }

    fn data(&self) -> String {
        self.folder.path().join("data").to_str().expect("the path is text").to_owned()
    }

    async fn dev(&self, arguments: &[&str]) -> Dev {
        let arguments = [&["dev", "--listen", "127.0.0.1:0"], arguments].concat();
        let program = Program::start(&arguments, &[("ROSTER_DATA_DIR", &self.data())]);
        let greeting = program.printed("the greeting", |text| text.contains("Ctrl-C stops.").then(|| text.to_owned())).await;
        let url = after(&greeting, "Roster is ready at ").expect("it says where");
        Dev { program, url, greeting }
    }

    /// Runs another command over the same data.
    async fn operate(&self, arguments: &[&str]) -> String {
        let ended = Program::run(arguments, &[("ROSTER_DATA_DIR", &self.data())]).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.printed
    }

    async fn ask(&self, dev: &Dev, token: Option<&str>, query: &str, input: Value) -> Value {
        let mut request = self.client.post(format!("{}/graphql", dev.url)).timeout(TIMEOUT);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let body = json!({ "query": query, "variables": { "input": input } });
        let mut answer: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"].take()
    }

    async fn sign_in(&self, dev: &Dev) -> Value {
        const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { user { email } } userErrors { code } } }";
        let input = json!({ "account": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "TOKEN" });
        self.ask(dev, None, SIGN_IN, input).await["signIn"].take()
    }

    async fn opens_account(&self, dev: &Dev) {
        const OPEN: &str = "mutation($input: OpenAccountInput!) { openAccount(input: $input) { token userErrors { code } } }";
        let token = after(&dev.greeting, &format!("{}/welcome/", dev.url)).expect("it shows a welcome link");
        let input = json!({ "token": token, "name": "Acme", "slug": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "TOKEN" });
        let opened = self.ask(dev, None, OPEN, input).await;
        assert_eq!(opened["openAccount"]["userErrors"], json!([]), "{opened}");
    }

    /// The processes that work in the data folder, or were told of it.
    fn processes(&self) -> Vec<String> {
        let data = self.data();
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let commands = processes.filter_map(|process| {
            let command = fs::read(process.path().join("cmdline")).ok()?;
            let place = fs::read_link(process.path().join("cwd")).ok();
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            (command.contains(&data) || place.is_some_and(|place| place.starts_with(Path::new(&data)))).then_some(command)
        });
        commands.collect()
    }

    async fn is_left_alone(&self) {
        let gone = async {
            while !self.processes().is_empty() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(TIMEOUT, gone).await.unwrap_or_else(|_| panic!("still there: {:?}", self.processes()));
    }
}

/// The word after a text.
fn after(text: &str, beginning: &str) -> Option<String> {
    let (_, rest) = text.split_once(beginning)?;
    rest.split_whitespace().next().map(str::to_owned)
}

#[tokio::test]
async fn own_cluster_an_empty_start_is_found_again_even_after_a_kill() {
    let home = Home::new();
    let first = home.dev(&["--no-demo"]).await;
    assert!(!first.greeting.contains("Sign in"), "{}", first.greeting);
    home.opens_account(&first).await;
    assert!(!home.processes().is_empty());
    // A terminal sends Ctrl-C to all of a program's processes.
    kill_process_group(first.program.id(), Signal::INT).expect("it takes signals");
    let ended = first.program.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(home.processes(), Vec::<String>::new(), "Ctrl-C leaves nothing behind");
    assert!(!Path::new(&home.data()).join("database.url").exists());

    let second = home.dev(&["--no-demo"]).await;
    assert!(second.greeting.contains(&format!("{}/acme/sign-in", second.url)), "{}", second.greeting);
    assert!(!second.greeting.contains("/welcome/"), "{}", second.greeting);
    assert_eq!(home.sign_in(&second).await["viewer"]["user"]["email"], "ada@acme.example");
    second.program.signal(Signal::KILL);
    assert_eq!(second.program.ended().await.code, None);

    let third = home.dev(&["--no-demo"]).await;
    assert_eq!(home.sign_in(&third).await["viewer"]["user"]["email"], "ada@acme.example");
    third.program.signal(Signal::TERM);
    assert_eq!(third.program.ended().await.code, Some(0));
    home.is_left_alone().await;
    // With no server running, a command starts the database for itself.
    assert!(home.operate(&["user", "list", "--account", "acme"]).await.contains("ada@acme.example"));
    home.is_left_alone().await;
}

#[tokio::test]
async fn own_cluster_the_demo_shows_every_status_and_other_commands_work_beside_it() {
    let home = Home::new();
    let dev = home.dev(&[]).await;
    let token = after(&dev.greeting, &format!("{}/nimbus/invitations/", dev.url)).expect("it shows the reader's link");
    let accepted = home.ask(&dev, None, ACCEPT, json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" })).await;
    let token = accepted["acceptInvitation"]["token"].as_str().expect("the link makes its reader a user").to_owned();
    for (status, at_least) in [("ACTIVE", 20), ("INACTIVE", 2), ("PENDING_INVITATION", 3), ("EXPIRED_INVITATION", 2), ("DELETED", 2)] {
        let counted = home.ask(&dev, Some(&token), COUNT, json!({ "status": [status] })).await;
        assert_eq!(counted["viewer"]["user"]["role"], "ADMIN");
        assert!(counted["users"]["totalCount"].as_u64() >= Some(at_least), "{status}: {counted}");
    }

    let listed = home.operate(&["user", "list", "--account", "nimbus"]).await;
    for status in [" active ", " inactive ", " pending invitation ", " expired invitation "] {
        assert!(listed.contains(status), "{listed}");
    }
    home.operate(&["user", "invite", "--account", "nimbus", "--email", "new@nimbus.example"]).await;
    assert!(dev.greeting.contains(&format!("{}/mail-previews\n", dev.url)), "{}", dev.greeting);
    let previews = home.client.get(format!("{}/mail-previews/access-removed", dev.url)).send().await.unwrap();
    assert_eq!(previews.status(), 200);
    assert!(previews.text().await.unwrap().contains("Your access to Acme Observability was removed"));
    let arrives = async {
        while !home.client.get(format!("{}/mailbox", dev.url)).send().await.unwrap().text().await.unwrap().contains("new@nimbus.example") {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TIMEOUT, arrives).await.expect("the running server sends what another command has invited");
    let beside = Program::run(&["dev", "--listen", "127.0.0.1:0"], &[("ROSTER_DATA_DIR", &home.data())]).await;
    assert_eq!(beside.code, Some(1), "one data folder has one `roster dev`: {beside:?}");
    assert!(beside.logged.contains("is already in use by process"), "{beside:?}");
    dev.program.signal(Signal::INT);
    assert_eq!(dev.program.ended().await.code, Some(0));
    home.is_left_alone().await;
}

/// Two months ago, when no one of the demo had been deleted yet; a day off the day on which someone was promoted.
fn two_months_ago() -> String {
    (Utc::now() - TimeDelta::days(61)).to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[tokio::test]
async fn own_cluster_the_demo_has_a_past() {
    const THEN: &str = "query($input: DateTime!) { users(asOf: { at: $input }) { totalCount } }";
    const CHANGES: &str = "query($input: DateTime!) { userChanges(from: { at: $input }, first: 100) { nodes { kind } } }";
    const LOG: &str = "query($input: EventFilter) { auditLog(first: 100, filter: $input) { totalCount nodes { at recordedAt } } }";
    let home = Home::new();
    let dev = home.dev(&[]).await;
    let token = after(&dev.greeting, &format!("{}/nimbus/invitations/", dev.url)).expect("it shows the reader's link");
    let accepted = home.ask(&dev, None, ACCEPT, json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" })).await;
    let token = accepted["acceptInvitation"]["token"].as_str().expect("the link makes its reader a user").to_owned();
    let then = two_months_ago();

    let users = home.ask(&dev, Some(&token), THEN, json!(then)).await;
    assert_eq!(users["users"]["totalCount"], 24, "who had been invited by then");
    let changes = home.ask(&dev, Some(&token), CHANGES, json!(then)).await;
    let nodes = changes["userChanges"]["nodes"].as_array().expect("a list");
    let of_kind = |kind: &str| nodes.iter().filter(|change| change["kind"] == kind).count();
    // 14 people of the demo and the reader; Idris and Oskar were deleted; Greta was promoted, and Noah and Petra were deactivated.
    assert_eq!((of_kind("CAME"), of_kind("WENT"), of_kind("CHANGED")), (15, 2, 3), "{changes}");

    let whole = home.ask(&dev, Some(&token), LOG, json!({})).await["auditLog"]["totalCount"].as_u64().expect("a number");
    let mut counts = vec![];
    for recorded in [json!({ "before": then }), json!({ "from": then })] {
        let log = home.ask(&dev, Some(&token), LOG, json!({ "recorded": recorded })).await["auditLog"].take();
        for event in log["nodes"].as_array().expect("a list") {
            let [at, recorded_at] = ["at", "recordedAt"].map(|field| event[field].as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok()));
            let apart = recorded_at.expect("an instant") - at.expect("an instant");
            assert!(apart.abs() < TimeDelta::minutes(5), "{event}");
        }
        counts.push(log["totalCount"].as_u64().expect("a number"));
    }
    assert!(counts[0] > 70 && counts[1] > 40 && counts[0] + counts[1] == whole, "{counts:?} of {whole}");

    let replayed = home.operate(&["replay", "--account", "nimbus", "--until", &then, "--format", "ndjson"]).await;
    assert_eq!(replayed.lines().count(), 24, "{replayed}");
    dev.program.signal(Signal::INT);
    assert_eq!(dev.program.ended().await.code, Some(0));
    home.is_left_alone().await;
}

#[tokio::test]
async fn over_a_given_postgres_the_data_folder_keeps_the_master_key() {
    let (home, database) = (Home::new(), TestDatabase::create().await);
    let data = home.data();
    let variables = [("ROSTER_DATA_DIR", data.as_str()), ("DATABASE_URL", database.url()), ("ROSTER_LISTEN", "127.0.0.1:0")];
    for opens in [true, false] {
        let program = Program::start(&["dev", "--no-demo"], &variables);
        let greeting = program.printed("the greeting", |text| text.contains("Ctrl-C stops.").then(|| text.to_owned())).await;
        let dev = Dev { program, url: after(&greeting, "Roster is ready at ").expect("it says where"), greeting };
        if opens {
            home.opens_account(&dev).await;
        } else {
            assert_eq!(home.sign_in(&dev).await["viewer"]["user"]["email"], "ada@acme.example");
        }
        dev.program.signal(Signal::INT);
        assert_eq!(dev.program.ended().await.code, Some(0));
    }
    fs::remove_file(Path::new(&data).join("master.key")).unwrap();
    let lost = Program::run(&["dev", "--no-demo"], &variables).await;
    assert!(lost.logged.contains("master.key is missing, but the database contains a history"), "{lost:?}");
    assert_eq!(lost.code, Some(1));
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_is_named() {
    let ended = Program::run(&["dev"], &[("ROSTER_DATA_DIR", "/proc/no/such/place")]).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.logged.starts_with("roster: the data folder /proc/no/such/place cannot be created: "), "{ended:?}");
}

/// The lines of the program's source in which something stands, by file.
fn lines_with(text: &str) -> Vec<String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace");
    let mut folders: Vec<_> =
        ["domain", "event_store", "projections", "commands", "api"].map(|layer| workspace.join(layer).join("src")).into();
    let mut found = vec![];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = fs::read_to_string(&path).unwrap();
                let name = path.strip_prefix(workspace).unwrap().display();
                found.extend(source.lines().filter(|line| line.contains(text)).map(|line| format!("{name}: {}", line.trim())));
            }
        }
    }
    found.sort();
    found
}

/// Readers of an audit log rely on it: the database dates what is recorded.
#[test]
fn nothing_but_the_demo_is_backdated() {
    let expected = [
        "api/src/cli/dev.rs: let commands = start_commands().await?.backdating();",
        "commands/src/lib.rs: Self { store: Arc::new(self.store.backdating()), commit_queues: None, ..self }",
    ];
    assert_eq!(lines_with(".backdating()"), expected);
}
