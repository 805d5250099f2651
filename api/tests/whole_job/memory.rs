//! What strangers and members can send at a server, and the memory that it takes: little, and given back afterwards.
//!
//! Measured is the memory that the process has for itself (`RssAnon`): the pages of a debug build's file are many, and shared. The
//! peak is the system's own (`VmHWM`), so nothing is missed between two looks, and nothing depends on how fast the machine is.

use std::fs;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep};

use crate::program::TIMEOUT;
use crate::world::{PASSWORD, World};
use test_support::SocketClient;

const MEBIBYTE: u64 = 1024 * 1024;
/// What the process may have for itself at any moment.
const MOST: u64 = 100 * MEBIBYTE;
/// How many requests are under way at once.
const AT_ONCE: usize = 40;
const INVITE: &str = "mutation($input: InviteUsersInput!) { inviteUsers(input: $input) { invited } }";
const CHANGE: &str = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code } } }";

/// Looks at the memory of a server.
struct Memory {
    folder: String,
}

impl Memory {
    fn of(world: &World) -> Self {
        Self { folder: format!("/proc/{}", world.roster.program.id().as_raw_nonzero()) }
    }

    /// A line of the process's status, in bytes.
    fn read(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("{}/status", self.folder)).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).expect("Linux tells it");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    fn now(&self) -> u64 {
        self.read("RssAnon")
    }

    /// Lets the peak begin again.
    fn forget_peak(&self) {
        fs::write(format!("{}/clear_refs", self.folder), "5").expect("the process is this user's");
    }

    /// The most since then. The pages of the file only become more, so this is never too little by what they were less.
    fn peak(&self) -> u64 {
        self.read("VmHWM").saturating_sub(self.read("RssFile"))
    }

    /// Waits until no more than this is left.
    async fn falls_to(&self, most: u64, what: &str) {
        let deadline = Instant::now() + TIMEOUT;
        while self.now() > most {
            assert!(Instant::now() < deadline, "after {what}: {} of {} kB are left", self.now() / 1024, most / 1024);
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Sends requests, so many at once, and looks at nothing but that each is answered.
async fn flood(world: &World, requests: impl Iterator<Item = Value>) {
    let person = &world.admin;
    let send = |body: Value| async move {
        let request = person.client.post(format!("{}/graphql", person.url)).timeout(TIMEOUT);
        let request = request.bearer_auth(person.token.as_deref().unwrap_or_default());
        let answer = request.json(&body).send().await.expect("the server answers");
        drop(answer.bytes().await.expect("the server answers"));
    };
    stream::iter(requests.map(send)).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
}

fn sign_in(number: usize, password: &str) -> Value {
    const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
    let input = json!({ "account": "acme", "email": format!("user{number}@acme.example"), "password": password, "transport": "TOKEN" });
    json!({ "query": SIGN_IN, "variables": { "input": input } })
}

fn query(text: &str) -> Value {
    json!({ "query": text })
}

async fn failed_sign_ins(world: &World, count: usize) {
    flood(world, (0..count).map(|number| sign_in(number, "a wrong password"))).await;
}

async fn long_passwords(world: &World, count: usize) {
    let long = "pass phrase ".repeat(300);
    flood(world, (0..count).map(|number| sign_in(number, &long))).await;
    let weak = "a".repeat(256);
    let input = json!({ "currentPassword": PASSWORD, "newPassword": weak, "transport": "TOKEN" });
    flood(world, (0..count).map(|_| json!({ "query": CHANGE, "variables": { "input": input } }))).await;
}

async fn big_bodies(world: &World, count: usize) {
    let bodies = (0..count).map(|number| match number % 3 {
        0 => json!({ "query": "{ __typename }", "pad": "x".repeat(1024 * 1024 - 100) }),
        1 => json!({ "query": "{ __typename }", "pad": "x".repeat(3 * 1024 * 1024) }),
        _ => json!({ "query": "{ __typename }", "variables": { "a": vec![0; 19_000] } }),
    });
    flood(world, bodies).await;
}

async fn many_aliases(world: &World, count: usize) {
    let aliases = |field: &str, count: usize| (0..count).map(|n| format!("a{n}: {field}")).collect::<Vec<_>>().join(" ");
    let lists = query(&format!("{{ {} }}", aliases("users(first: 100) { nodes { id } }", 20)));
    let counts = query(&format!("{{ {} }}", aliases("auditLog(first: 0) { totalCount }", 190)));
    let names = query(&format!("{{ {} }}", aliases("__typename", 200)));
    flood(world, (0..count).map(|number| [&lists, &counts, &names][number % 3].clone())).await;
}

async fn asked_for_resets(world: &World, count: usize) {
    const ASK: &str = "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { userErrors { code } } }";
    let input = |number: usize| json!({ "account": "acme", "email": format!("user{number}@acme.example") });
    flood(world, (0..count).map(|number| json!({ "query": ASK, "variables": { "input": input(number) } }))).await;
}

async fn deep_pages(world: &World, count: usize) {
    let events =
        query("{ auditLog(first: 100) { nodes { id type summary actor { user { email } } user { email } changes { field from to } } } }");
    let users = query("{ users(first: 100) { totalCount nodes { id email name history(first: 5) { nodes { id } } } } }");
    let introspection = json!({ "query": include_str!("introspection.graphql") });
    flood(world, (0..count).map(|number| [&events, &users, &introspection][number % 3].clone())).await;
}

async fn many_sockets(world: &World, count: usize) {
    let open = |_| async {
        let mut client = SocketClient::enter(&world.roster.url, world.admin.token.as_deref()).await;
        for id in ["1", "2", "3", "4"] {
            client.subscribe(id, "subscription { userEvents { type } }", json!({})).await;
        }
        client
    };
    let clients: Vec<_> = stream::iter(0..count).map(open).buffer_unordered(AT_ONCE).collect().await;
    drop(clients);
}

/// An attack with a part of its usual requests.
type Attack = for<'a> fn(&'a World, usize) -> BoxFuture<'a, ()>;

const ATTACKS: [(&str, Attack); 7] = [
    ("failed sign-ins", |world, part| failed_sign_ins(world, 160 / part).boxed()),
    ("long passwords", |world, part| long_passwords(world, 40 / part).boxed()),
    ("big bodies", |world, part| big_bodies(world, 120 / part).boxed()),
    ("many aliases", |world, part| many_aliases(world, 90 / part).boxed()),
    ("resets", |world, part| asked_for_resets(world, 1_200 / part).boxed()),
    ("deep pages", |world, part| deep_pages(world, 60 / part).boxed()),
    ("many sockets", |world, part| many_sockets(world, 300 / part).boxed()),
];

#[tokio::test(flavor = "multi_thread")]
async fn after_every_attack_the_memory_stays_low_and_comes_back() {
    let most = "1000000";
    let unlimited = [("ROSTER_ATTEMPTS_PER_ADDRESS", most), ("ROSTER_ATTEMPTS_PER_USER", most), ("ROSTER_ATTEMPTS_PER_ACCOUNT", most)];
    let world = World::start_with(&unlimited).await;
    let invite: Vec<_> = (0..300)
        .map(|number| json!({ "email": format!("user{number}@acme.example"), "role": "VIEWER", "authMethods": ["password"] }))
        .collect();
    let answer = world.admin.ask(INVITE, json!({ "input": { "rows": invite } })).await;
    assert_eq!(answer.body["data"]["inviteUsers"]["invited"], 300, "{:?}", answer.body);
    world.until_mail_is_settled().await;
    let memory = Memory::of(&world);
    // What is made once and kept, such as connections, is part of the size at rest.
    for (_, attack) in ATTACKS {
        attack(&world, 10).await;
    }
    // It rests when it does not become smaller any more.
    let mut rest = memory.now();
    loop {
        sleep(Duration::from_secs(1)).await;
        let now = memory.now();
        if now >= rest {
            break;
        }
        rest = now;
    }
    println!("at rest: {} kB", rest / 1024);
    for (what, attack) in ATTACKS {
        memory.forget_peak();
        attack(&world, 1).await;
        let peak = memory.peak();
        println!("{what}: {} kB at most, {} kB right after", peak / 1024, memory.now() / 1024);
        assert!(peak < MOST, "{what}: {} kB", peak / 1024);
    }
    memory.falls_to(rest + rest / 5, "all attacks").await;
    println!("in the end: {} kB", memory.now() / 1024);
    assert!(world.admin.viewer().await.is_some());
}
