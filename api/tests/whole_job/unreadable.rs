//! One event that cannot be read is shown as such by every reader, and stops no one else.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use test_support::TestFolder;

use crate::export::{events, exported, rows};
use crate::follower::Follower;
use crate::other_accounts::open_beta;
use crate::person::Person;
use crate::program::{MASTER_KEY, Program};
use crate::world::World;

/// What can be wrong with an event, done to the user `$1` of the account `$2`: how it is stored, and whether commands about the user go on.
struct Kind {
    name: &'static str,
    sql: &'static str,
    stored: &'static str,
    refuses: bool,
}

/// An event more in a stream, with a type, a version and a payload.
macro_rules! event {
    ($stream:literal, $id:literal, $kind:literal, $version:literal, $payload:literal) => {
        concat!(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id) ",
            "select '", $stream, "', ", $id, ", 1 + count(*), '", $kind, "', '", $version, "', '", $payload, "', '{}', $2::uuid, $1::uuid ",
            "from events where aggregate_type = '", $stream, "' and aggregate_id = ", $id
        )
    };
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "wrapped key",
        sql: "update person_keys set wrapped_key = '\\x00' where person_id = $1::uuid and account_id = $2::uuid",
        stored: "user.Invited.v1",
        refuses: true,
    },
    Kind {
        name: "sealed value",
        sql: "update events set payload = jsonb_set(payload, '{Invited,email,sealed}', '\"AAAA\"') \
              where event_type = 'Invited' and aggregate_id = $1 and account_id = $2::uuid",
        stored: "user.Invited.v1",
        refuses: true,
    },
    Kind {
        name: "metadata",
        sql: "update events set metadata = '[7]' where event_type = 'Invited' and aggregate_id = $1 and account_id = $2::uuid",
        stored: "user.Invited.v1",
        refuses: false,
    },
    Kind { name: "type", sql: event!("user", "$1", "Knighted", "1", r#"{"Knighted": {}}"#), stored: "user.Knighted.v1", refuses: true },
    Kind {
        name: "stream",
        sql: event!("badge", "'badge-' || $1", "Worn", "1", r#"{"Worn": {}}"#),
        stored: "badge.Worn.v1",
        refuses: false,
    },
    Kind { name: "version", sql: event!("user", "$1", "Left", "9", r#"{"Left": {}}"#), stored: "user.Left.v9", refuses: true },
    Kind { name: "payload", sql: event!("user", "$1", "Left", "1", r#"{"Left": 7}"#), stored: "user.Left.v1", refuses: true },
];

const LOG: &str = "query($filter: EventFilter) { auditLog(first: 100, direction: ASC, filter: $filter) { totalCount
    nodes { id cursor type storedType unreadable recordedAt summary address actor { kind } user { id } changes { field } } } }";

const PAST: &str =
    "query($from: AsOf!, $at: AsOf!) { users(first: 100, asOf: $at) { nodes { id: userId } } userChanges(from: $from) { nodes { kind } } }";

async fn asked(person: &Person, query: &str, variables: Value, field: &str) -> Value {
    let mut answer = person.ask(query, variables).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"][field].take()
}

async fn log(person: &Person, filter: Value) -> Vec<Value> {
    let mut log = asked(person, LOG, json!({ "filter": filter }), "auditLog").await;
    let Value::Array(nodes) = log["nodes"].take() else { panic!("{log}") };
    assert_eq!(log["totalCount"], nodes.len(), "counts agree with pages");
    nodes
}

fn ids<'a>(events: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    events.into_iter().map(|event| event["id"].as_str().expect("an id").to_owned()).collect()
}

fn unreadable(events: &[Value]) -> Vec<&Value> {
    events.iter().filter(|event| event["type"] == "UNREADABLE").collect()
}

/// Two accounts; in one of them each kind of unreadable event, each with a user of its own.
struct Damaged {
    world: World,
    beta: Person,
    /// The user of each kind.
    victims: Vec<String>,
    /// Where the events of `acme` began to be followed.
    begin: String,
    /// An instant before anything was damaged.
    before: String,
}

impl Damaged {
    async fn start() -> Self {
        let world = World::start().await;
        let beta = open_beta(&world).await;
        let before = crate::past::clock(&world).await;
        let begin = world.event_cursor(&world.admin).await;
        let mut victims = vec![];
        for number in 0..KINDS.len() {
            victims.push(world.invite(&format!("victim{number}@acme.example"), "VIEWER").await);
        }
        world.until_mail_is_settled().await;
        world.until_events_show().await;
        // What the past has already is found by the readers, what it has not by its writer.
        let written = "select (select place from feed_checkpoints order by place desc limit 1) = (
            select int4send(generation) || int8send(xid::text::bigint) || int8send(position)
            from events order by generation desc, xid desc, position desc limit 1)";
        world.until(written, "the past is written").await;
        let mut connection = world.database.pool().acquire().await.expect("connects");
        sqlx::raw_sql("set session_replication_role = replica").execute(&mut *connection).await.expect("lifts the trigger");
        for (kind, victim) in KINDS.iter().zip(&victims) {
            let damage = sqlx::query(kind.sql).bind(victim).bind(world.account_id.to_string());
            assert_eq!(damage.execute(&mut *connection).await.expect(kind.name).rows_affected(), 1, "{}", kind.name);
        }
        connection.close().await.expect("closes");
        world.until_events_show().await;
        assert_eq!(unreadable(&log(&world.admin, json!({})).await).len(), KINDS.len());
        world.until("select count(*) = 7 from unreadable_events", "every unreadable event is remembered").await;
        Self { world, beta, victims, begin, before }
    }

    fn variables(&self) -> [(&str, &str); 2] {
        [("DATABASE_URL", self.world.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)]
    }

    /// The one event of `acme` that is unreadable because of a kind.
    fn of_kind<'a>(&self, events: &'a [Value], number: usize) -> &'a Value {
        let kind = &KINDS[number];
        let is_it = |event: &&&Value| {
            event["storedType"] == kind.stored && event["id"].as_str().is_some_and(|id| id.contains(&self.victims[number]))
        };
        let found: Vec<_> = unreadable(events).iter().filter(is_it).copied().collect();
        let [event] = found[..] else { panic!("{}: {found:?}", kind.name) };
        event
    }
}

#[tokio::test]
async fn every_reader_shows_every_kind_of_unreadable_event_and_everybody_else_sees_nothing_of_it() {
    let damaged = Damaged::start().await;
    let Damaged { world, beta, victims, begin, before } = &damaged;
    let later = world.invite("later@acme.example", "VIEWER").await;
    let also = beta.run("inviteUser", json!({ "email": "also@beta.example", "role": "VIEWER", "authMethods": ["password"] })).await;
    let also = also.user()["id"].as_str().expect("an id").to_owned();
    world.until_mail_is_settled().await;
    let now = crate::past::clock(world).await;

    // The audit log and its filters.
    let all = log(&world.admin, json!({})).await;
    assert_eq!(unreadable(&all).len(), KINDS.len());
    for (number, kind) in KINDS.iter().enumerate() {
        let event = damaged.of_kind(&all, number);
        assert!(event["cursor"].is_string() && event["recordedAt"].is_string() && event["unreadable"].is_string(), "{event}");
        assert!(event["summary"].as_str().is_some_and(|summary| summary.contains(kind.stored)), "{event}");
        assert_eq!((&event["changes"], &event["address"]), (&json!([]), &Value::Null));
        let history = asked(
            &world.admin,
            "query($id: ID!) { user(id: $id) { history(first: 100) { totalCount nodes { id type } } } }",
            json!({ "id": victims[number] }),
            "user",
        )
        .await;
        let nodes = history["history"]["nodes"].as_array().expect("a list");
        assert_eq!((history["history"]["totalCount"].as_u64(), unreadable(nodes).len()), (Some(nodes.len() as u64), 1), "{}", kind.name);
    }
    assert!(ids(&all).contains(&format!("{later}:1")), "what comes later is there");
    let filtered = log(&world.admin, json!({ "types": ["UNREADABLE"] })).await;
    assert_eq!(ids(&filtered), ids(unreadable(&all)));
    let invited = log(&world.admin, json!({ "types": ["INVITED"] })).await;
    assert_eq!(unreadable(&invited).len(), 3, "they are found by what they are stored as, too");
    assert_eq!(log(&world.admin, json!({ "types": ["UNREADABLE", "LEFT"] })).await.len(), KINDS.len());

    // Subscriptions.
    let mut follower =
        Follower::subscribe(&world.roster.url, &world.admin, json!({ "after": begin, "filter": { "types": ["UNREADABLE"] } })).await;
    let (heard, _) = follower.take(KINDS.len()).await;
    assert_eq!(heard.into_iter().collect::<BTreeSet<_>>(), ids(unreadable(&all)));
    let mut follower = Follower::after(&world.roster.url, &world.admin, begin).await;
    while follower.next().await["id"] != format!("{later}:1") {}

    // Exports.
    let exported_events = events(&exported(&world.admin, "/history/export").await);
    let lines: BTreeSet<_> = exported_events.iter().filter(|event| event.data.unreadable.is_some()).map(|event| event.id.clone()).collect();
    assert_eq!(lines, ids(unreadable(&all)));
    assert!(exported_events.iter().all(|event| event.data.sealed.is_object()), "what is stored leaves as it is");
    let only = events(&exported(&world.admin, "/history/export?type=UNREADABLE&sealed=true").await);
    assert_eq!(only.iter().map(|event| event.id.clone()).collect::<BTreeSet<_>>(), lines);
    assert!(only.iter().all(|event| event.data.unreadable.is_some() && event.data.plain.is_none()));
    let table = rows(&exported(&world.admin, "/history/export?format=csv").await);
    let of_table: BTreeSet<_> = table.iter().filter(|row| row["type"] == "UNREADABLE").map(|row| row["id"].clone()).collect();
    assert_eq!((of_table, table.len() >= all.len()), (lines, true));

    // The past goes on, and so do commands about others.
    let arguments = json!({ "from": { "at": before }, "at": { "at": now } });
    let past = asked(&world.admin, PAST, arguments.clone(), "users").await;
    assert!(ids(past["nodes"].as_array().expect("a list")).contains(&later));
    for (kind, victim) in KINDS.iter().zip(victims) {
        let answer = world.admin.attempt("updateUser", json!({ "id": victim, "role": "EDITOR" })).await;
        assert_eq!(answer.code(), kind.refuses.then_some("INTERNAL"), "{}: {answer:?}", kind.name);
    }
    world.admin.run("updateUser", json!({ "id": later, "role": "EDITOR" })).await.done();

    // The other account sees nothing of it.
    let theirs = log(beta, json!({})).await;
    assert!(unreadable(&theirs).is_empty() && log(beta, json!({ "types": ["UNREADABLE"] })).await.is_empty());
    assert!(events(&exported(beta, "/history/export").await).iter().all(|event| event.data.unreadable.is_none()));
    let past = asked(beta, PAST, arguments, "users").await;
    assert!(ids(past["nodes"].as_array().expect("a list")).contains(&also));
    beta.run("updateUser", json!({ "id": also, "role": "EDITOR" })).await.done();

    // Each is one alarm, however often it is read.
    let alarms = |log: &str| log.lines().filter(|line| line.contains("\"ERROR\"") && line.contains("an event cannot be read")).count();
    world.roster.program.logged("an alarm for each", |log| (alarms(log) >= KINDS.len()).then_some(())).await;
    log(&world.admin, json!({})).await;
    let logged = world.roster.program.logged("the log", |log| Some(log.to_owned())).await;
    assert_eq!(alarms(&logged), KINDS.len(), "{logged}");
}

#[tokio::test]
async fn the_operators_commands_name_what_they_cannot_read_go_on_with_the_rest_and_fail() {
    let damaged = Damaged::start().await;
    let Damaged { world, victims, .. } = &damaged;
    let other = world.invite("other@acme.example", "VIEWER").await;
    world.until_mail_is_settled().await;
    world.until_events_show().await;
    world.sql("update users set name = 'Mallory' where email = 'other@acme.example'").await;
    let variables = damaged.variables();
    let verified = Program::run(&["projections", "verify"], &variables).await;
    assert_eq!(verified.code, Some(1), "{verified:?}");
    let rebuilt = Program::run(&["projections", "rebuild"], &variables).await;
    assert_eq!(rebuilt.code, Some(1), "{rebuilt:?}");
    for (kind, victim) in KINDS.iter().zip(victims) {
        for ended in [&verified, &rebuilt] {
            let said = ended.logged.lines().filter(|line| line.contains(victim) && line.contains("cannot be compared")).count();
            assert_eq!(said, 1, "{}: {ended:?}", kind.name);
        }
    }
    let name: Option<String> = sqlx::query_scalar("select name from users where id = $1::uuid")
        .bind(&other)
        .fetch_one(&world.database.pool())
        .await
        .expect("answers");
    assert_eq!(name, None, "others are repaired");
    let again = Program::run(&["projections", "verify"], &variables).await;
    assert!(again.code == Some(1) && again.logged.contains("events that cannot be read: 7"), "{again:?}");

    let folder = TestFolder::create().expect("a folder");
    let file = folder.path().join("acme.ndjson");
    let file = file.to_str().expect("a path");
    let exported = Program::run(&["history", "export", "--account", "acme", "--output", file], &variables).await;
    assert_eq!(exported.code, Some(0), "an export is whole, also with what cannot be read: {exported:?}");
    assert_eq!(fs::read_to_string(file).expect("it is there").matches("\"unreadable\":").count(), KINDS.len());
    for replay in [["replay", "--account", "acme"], ["replay", "--from", file]] {
        let replayed = Program::run(&replay, &variables).await;
        assert_eq!(replayed.code, Some(1), "{replayed:?}");
        assert!(replayed.printed.contains("other@acme.example") && replayed.printed.contains("victim3@acme.example"), "{replayed:?}");
        assert!(!replayed.printed.contains("victim0@acme.example"), "no one knows who that is: {replayed:?}");
        assert!(
            replayed.logged.contains("Knighted in version 1") && replayed.logged.contains("events that cannot be read: 7"),
            "{replayed:?}"
        );
    }
}
