//! Everything that readers see of an account, of a time that is over.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::done;
use crate::person::Person;
use crate::world::World;

/// What readers see of the time before `end`.
#[derive(Debug, PartialEq)]
pub(super) struct Look {
    pub(super) user: String,
    pub(super) middle: String,
    pub(super) end: String,
    audit_log: Vec<Value>,
    history: Vec<Value>,
    users_as_of: Vec<Value>,
    changes: Vec<Value>,
    export: Vec<String>,
    replay: String,
    verified: bool,
}

const AUDIT_LOG: &str = "query($after: String, $filter: EventFilter) {
    auditLog(first: 7, after: $after, filter: $filter, direction: ASC) {
        totalCount nodes { id type at recordedAt cursor user { id } changes { field from to } } pageInfo { hasNextPage endCursor } } }";
const HISTORY: &str = "query($id: ID!) { user(id: $id) { history(first: 20, direction: ASC) { nodes { id type cursor } } } }";
const USERS: &str = "query($at: DateTime!) { users(asOf: { at: $at }, orderBy: { field: EMAIL, direction: ASC }) {
    totalCount nodes { userId email name role status version } } }";
const CHANGES: &str = "query($from: DateTime!, $to: DateTime!) { userChanges(from: { at: $from }, to: { at: $to }) {
    nodes { kind before { email role status } after { email name role status } } } }";

/// The answer to one field, which must not fail.
pub(super) async fn ask(person: &Person, query: &str, arguments: Value, field: &str) -> Value {
    let mut answer = person.ask(query, arguments).await;
    assert_eq!(answer.code(), None, "{query}: {:?}", answer.body);
    answer.body["data"][field].take()
}

/// The nodes of a list.
pub(super) async fn list(person: &Person, query: &str, arguments: Value, field: &str) -> Vec<Value> {
    ask(person, query, arguments, field).await["nodes"].as_array().expect("a list").clone()
}

pub(super) async fn look(world: &World, user: &str, middle: &str, end: &str) -> Look {
    let (admin, url) = (&world.admin, world.database.url());
    let export = done(&["history", "export", "--account", "acme", "--before", end], url).await;
    let mut export: Vec<_> = export.lines().map(str::to_owned).collect();
    let last: Value = serde_json::from_str(&export.pop().expect("a last line")).expect("JSON");
    assert_eq!(last["data"]["events"], export.len(), "the export says how many events it has: {last}");
    let verify = done(&["projections", "verify"], url).await;
    Look {
        user: user.to_owned(),
        middle: middle.to_owned(),
        end: end.to_owned(),
        audit_log: audit_log(admin, end).await,
        history: ask(admin, HISTORY, json!({ "id": user }), "user").await["history"]["nodes"].as_array().expect("a list").clone(),
        users_as_of: list(admin, USERS, json!({ "at": middle }), "users").await,
        changes: list(admin, CHANGES, json!({ "from": middle, "to": end }), "userChanges").await,
        export,
        replay: done(&["replay", "--account", "acme", "--until", end, "--format", "ndjson"], url).await,
        verified: verify.contains("every row is as the events have it"),
    }
}

/// All pages, and the count.
async fn audit_log(admin: &Person, end: &str) -> Vec<Value> {
    let (mut events, mut after) = (vec![], Value::Null);
    loop {
        let arguments = json!({ "after": after, "filter": { "recorded": { "before": end } } });
        let page = ask(admin, AUDIT_LOG, arguments, "auditLog").await;
        events.extend(page["nodes"].as_array().expect("a list").clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], events.len());
            return events;
        }
    }
}

impl World {
    /// The clock of the database, once every event shows.
    pub(super) async fn settled_clock(&self) -> String {
        self.until_events_show().await;
        let clock = sqlx::query_scalar("select clock_timestamp()").fetch_one(&self.database.pool()).await;
        let at: DateTime<Utc> = clock.expect("the database answers");
        at.to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}
