//! The table of what costs too much or cannot be: each is refused with its code, soon, with little memory, and the server lives on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::{Answer, Roster};

/// How many times as long a refusal may take as the answer to the largest body that is allowed, on the same machine a moment before. The
/// slowest, 2,000 unknown fields, took 6 to 13 times as long; what grows faster than the request does takes thousands of times as long.
const TIMES: u32 = 40;
/// How often a refusal is tried that took too long: perhaps something else kept the machine busy.
const TRIES: usize = 3;
const MEBIBYTE: u64 = 1024 * 1024;
/// How much the process may grow by one request.
const LITTLE: u64 = 50 * MEBIBYTE;

/// What it is, the body, and the code.
type Case = (&'static str, String, &'static str);

fn query(text: &str) -> String {
    json!({ "query": text }).to_string()
}

fn with(text: &str, variables: &Value) -> String {
    json!({ "query": text, "variables": variables }).to_string()
}

/// A piece for every number, one after the other.
fn many(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

fn of_the_document() -> Vec<Case> {
    let bomb = |levels: usize| {
        let fragments = many(levels, |n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }} ", n + 1));
        query(&format!("{{ ...F0 }} fragment F{levels} on Query {{ viewer {{ user {{ id }} }} }} {fragments}"))
    };
    let cycle = many(1_000, |n| format!("fragment F{n} on Query {{ ...F{} }} ", (n + 1) % 1_000));
    let types =
        |levels: usize| format!("{{ __schema {{ types {{ {}name{} }} }} }}", "fields { type { ".repeat(levels), " } }".repeat(levels));
    let users = "users(first: 100) { nodes { id email name role status } }";
    let literal = |open: &str, close: &str| {
        query(&format!("{{ users(filter: {{search: {}1{}}}) {{ totalCount }} }}", open.repeat(20_000), close.repeat(20_000)))
    };
    vec![
        ("2,000 unknown fields", query(&format!("{{ {} }}", "nothing ".repeat(2_000))), "GRAPHQL_VALIDATION_FAILED"),
        ("selections 20,000 deep", query(&format!("{}id{}", "{ viewer ".repeat(20_000), " }".repeat(20_000))), "QUERY_TOO_COMPLEX"),
        ("lists 20,000 deep", literal("[", "]"), "QUERY_TOO_COMPLEX"),
        ("objects 20,000 deep", literal("{a:", "}"), "QUERY_TOO_COMPLEX"),
        (
            "a type 20,000 deep",
            query(&format!("query($a: {}Int{}) {{ viewer {{ user {{ id }} }} }}", "[".repeat(20_000), "]".repeat(20_000))),
            "QUERY_TOO_COMPLEX",
        ),
        ("introspection too deep", query(&types(8)), "QUERY_TOO_COMPLEX"),
        (
            "introspection too wide",
            query(&format!("{{ {} }}", "__schema { types { name kind description } } ".repeat(401))),
            "QUERY_TOO_COMPLEX",
        ),
        ("a list within aliases", query(&format!("{{ {} }}", many(10, |n| format!("a{n}: {users} ")))), "QUERY_TOO_COMPLEX"),
        (
            "the largest page of everything",
            query(&format!("{{ users(first: 100) {{ nodes {{ {} }} }} }}", "id email ".repeat(26))),
            "QUERY_TOO_COMPLEX",
        ),
        ("201 aliases", query(&format!("{{ {} }}", many(201, |n| format!("a{n}: __typename ")))), "QUERY_TOO_COMPLEX"),
        (
            "11 sign-ins",
            query(&format!("mutation {{ {} }}", many(11, |n| format!("a{n}: signOut {{ userErrors {{ code }} }} ")))),
            "QUERY_TOO_COMPLEX",
        ),
        ("2,001 root fields", query(&format!("{{ {} }}", "__typename ".repeat(2_001))), "QUERY_TOO_COMPLEX"),
        ("tokens", query(&"{}".repeat(2_501)), "QUERY_TOO_COMPLEX"),
        ("a long text", query(&format!("{{ __typename }} #{}", "x".repeat(900_000))), "QUERY_TOO_COMPLEX"),
        (
            "2,490 unknown directives",
            query(&format!("{{ viewer {} {{ user {{ id }} }} }}", "@a".repeat(2_490))),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "a directive 700 times",
            query(&format!("{{ viewer {} {{ user {{ id }} }} }}", "@include(if: true) ".repeat(700))),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("fragments that double 20 times", bomb(20), "QUERY_TOO_COMPLEX"),
        ("fragments that double 300 times", bomb(300), "QUERY_TOO_COMPLEX"),
        ("a cycle of 1,000 fragments", query(&format!("{{ ...F0 }} {cycle}")), "QUERY_TOO_COMPLEX"),
        ("a cycle of one fragment", query("{ ...F } fragment F on Query { ...F }"), "GRAPHQL_VALIDATION_FAILED"),
        (
            "a cycle through a field",
            query("{ ...F } fragment F on Query { viewer { user { ...G } } } fragment G on User { ... { ...G } }"),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "a fragment 1,001 times",
            query(&format!("{{ {} }} fragment F on Query {{ viewer {{ user {{ id }} }} }}", "...F ".repeat(1_001))),
            "QUERY_TOO_COMPLEX",
        ),
    ]
}

/// Lists, counts, and lists within lists: what the database would have to do is bounded, also where nothing much is answered.
fn of_the_database() -> Vec<Case> {
    let aliased = |count: usize, field: &str| query(&format!("{{ {} }}", many(count, |n| format!("a{n}: {field} "))));
    let in_users = |field: &str| query(&format!("{{ users(first: 100) {{ nodes {{ {field} }} }} }}"));
    let rows: Vec<_> =
        (0..3).map(|n| json!({ "email": format!("u{n}@acme.example"), "role": "VIEWER", "authMethods": ["password"] })).collect();
    let bulk =
        "mutation($input: InviteUsersInput!) { inviteUsers(input: $input) { results { user { history(first: 0) { totalCount } } } } }";
    let cases = vec![
        ("190 pages of the audit log", aliased(190, "auditLog(first: 100) { nodes { id } }")),
        ("190 counts of the audit log", aliased(190, "auditLog(first: 0) { totalCount }")),
        ("190 counts of users", aliased(190, r#"users(first: 0, filter: { search: "a" }) { totalCount }"#)),
        ("190 counts of refused attempts", aliased(190, "refusedAttempts(first: 0) { totalCount }")),
        ("190 counts of keys", aliased(190, "apiKeys(first: 0) { totalCount }")),
        ("190 statistics", aliased(190, "userStats { total }")),
        ("190 counts of one page", query(&format!("{{ auditLog(first: 0) {{ {} }} }}", many(190, |n| format!("a{n}: totalCount "))))),
        ("190 lists of sessions", aliased(190, "viewer { sessions { id } }")),
        ("190 sessions", query(&format!("{{ viewer {{ {} }} }}", many(190, |n| format!("a{n}: sessions {{ id }} "))))),
        ("a history of each user", in_users("history(first: 50) { nodes { id } }")),
        ("three empty histories of each user", in_users(&many(3, |n| format!("a{n}: history(first: 0) {{ __typename }} ")))),
        ("a count for each user", in_users("history(first: 0) { totalCount }")),
        (
            "histories of those who are named by histories",
            in_users("history(first: 2) { nodes { user { history(first: 1) { nodes { id } } } } }"),
        ),
        ("the sessions of each user", in_users("sessions { id }")),
        ("a count for each row", with(bulk, &json!({ "input": { "dryRun": true, "rows": rows } }))),
    ];
    cases.into_iter().map(|(what, body)| (what, body, "QUERY_TOO_COMPLEX")).collect()
}

fn of_the_body() -> Vec<Case> {
    const SEARCH: &str = "query($filter: UserFilter) { users(filter: $filter) { totalCount } }";
    let one = query("{ viewer { user { id } } }");
    let deep = |levels: usize, open: &str, close: &str| {
        format!(r#"{{"query":"{SEARCH}","variables":{{"filter":{}1{}}}}}"#, open.repeat(levels), close.repeat(levels))
    };
    let searching = |json: &str| format!(r#"{{"query":"{SEARCH}","variables":{{"filter":{{"search":{json}}}}}}}"#);
    vec![
        ("a batch of one", format!("[{one}]"), "BAD_REQUEST"),
        ("a batch of 1,000", format!("[{}{one}]", format!("{one},").repeat(999)), "BAD_REQUEST"),
        ("a batch of nothings", format!("[{}]", "0,".repeat(400_000) + "0"), "PAYLOAD_TOO_LARGE"),
        ("JSON lists 20,000 deep", deep(20_000, "[", "]"), "PAYLOAD_TOO_LARGE"),
        ("JSON lists 10,000 deep", deep(10_000, "[", "]"), "BAD_REQUEST"),
        ("JSON objects 20,000 deep", deep(20_000, "{\"a\":", "}"), "PAYLOAD_TOO_LARGE"),
        ("a list of 20,001 values", with(SEARCH, &json!({ "filter": { "role": vec!["ADMIN"; 20_001] } })), "PAYLOAD_TOO_LARGE"),
        ("a mebibyte of small objects", searching(&format!("[{}0]", "{\"a\":0},".repeat(130_000))), "PAYLOAD_TOO_LARGE"),
        ("two mebibytes", searching(&format!("\"{}\"", "x".repeat(2 * 1024 * 1024))), "PAYLOAD_TOO_LARGE"),
        ("a lone surrogate in JSON", searching(r#""a\ud800b""#), "BAD_REQUEST"),
        ("a lone second surrogate in JSON", searching(r#""\udc00""#), "BAD_REQUEST"),
        ("a lone surrogate in a literal", query(r#"{ users(filter: {search: "\ud800"}) { totalCount } }"#), "GRAPHQL_PARSE_FAILED"),
        ("NUL in JSON", searching(r#""a\u0000""#), "BAD_USER_INPUT"),
        ("NUL in a literal", query(r#"{ users(filter: {search: "a\u0000"}) { totalCount } }"#), "BAD_USER_INPUT"),
        ("NUL in the document", query("{ viewer { user { id } } \0 }"), "BAD_USER_INPUT"),
        ("no UTF-8 by a number", r#"{"query":"{ viewer { \u12"}"#.to_owned(), "BAD_REQUEST"),
    ]
}

fn of_the_input() -> Vec<Case> {
    let users = |arguments: &str| query(&format!("{{ users({arguments}) {{ nodes {{ id }} }} }}"));
    let variables = |kind: &str, argument: &str, value: Value| {
        with(&format!("query($value: {kind}) {{ users({argument}: $value) {{ nodes {{ id }} }} }}"), &json!({ "value": value }))
    };
    vec![
        ("an unknown enum value", users("filter: {role: [BOSS]}"), "GRAPHQL_VALIDATION_FAILED"),
        ("an unknown enum value in JSON", variables("UserFilter", "filter", json!({ "status": ["GONE"] })), "GRAPHQL_VALIDATION_FAILED"),
        ("an unknown input field", variables("UserFilter", "filter", json!({ "nothing": 1 })), "GRAPHQL_VALIDATION_FAILED"),
        ("first and last", users("first: 1, last: 1"), "BAD_USER_INPUT"),
        ("a negative page", users("first: -1"), "BAD_USER_INPUT"),
        ("a page of 101", users("first: 101"), "BAD_USER_INPUT"),
        ("a page of 2 ^ 31 - 1", users("last: 2147483647"), "BAD_USER_INPUT"),
        ("a page of 2 ^ 31", users("first: 2147483648"), "GRAPHQL_VALIDATION_FAILED"),
        ("a page of 1e400", users("first: 1e400"), "GRAPHQL_PARSE_FAILED"),
        ("a page of 2 ^ 64 in JSON", variables("Int", "first", json!(18_446_744_073_709_551_615_u64)), "GRAPHQL_VALIDATION_FAILED"),
        ("more to skip than 10,000", users("first: 1, skip: 10001"), "BAD_USER_INPUT"),
        ("less than nothing to skip", users("first: 1, skip: -1"), "BAD_USER_INPUT"),
        ("half a page", users("first: 0.5"), "GRAPHQL_VALIDATION_FAILED"),
        ("a cursor that is not one", users(r#"after: "x""#), "BAD_USER_INPUT"),
        ("an empty cursor", users(r#"after: """#), "BAD_USER_INPUT"),
        ("a cursor of 60,000 characters", users(&format!(r#"after: "{}""#, "A".repeat(60_000))), "BAD_USER_INPUT"),
        ("a cursor of a mebibyte", variables("String", "after", json!("A".repeat(1_000_000))), "BAD_USER_INPUT"),
        ("a cursor that is no text", variables("String", "after", json!("ä\u{202e}💥")), "BAD_USER_INPUT"),
        (
            "an id of a mebibyte",
            with("query($id: ID!) { user(id: $id) { id } }", &json!({ "id": "a".repeat(1_000_000) })),
            "BAD_USER_INPUT",
        ),
        ("no id", with("query($id: ID!) { user(id: $id) { id } }", &json!({ "id": null })), "BAD_USER_INPUT"),
    ]
}

/// The most memory that the server has had, in bytes, since [`forget_peak`].
fn peak(roster: &Roster) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", roster.program.id().as_raw_nonzero())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

/// Lets the peak begin again. Where a machine does not allow it, a request counts as far as it goes beyond all before it.
fn forget_peak(roster: &Roster) {
    drop(std::fs::write(format!("/proc/{}/clear_refs", roster.program.id().as_raw_nonzero()), "5"));
}

async fn timed(roster: &Roster, token: &str, body: &str) -> (Answer, Duration) {
    let began = Instant::now();
    let answer = Answer::of(roster.post().bearer_auth(token).body(body.to_owned())).await;
    (answer, began.elapsed())
}

/// How long the largest body takes that is allowed: the longest of some.
async fn largest_allowed(roster: &Roster, token: &str) -> Duration {
    let body = json!({ "query": "{ viewer { user { id } } }", "pad": "x".repeat(900_000) }).to_string();
    let mut longest = Duration::ZERO;
    for _ in 0..5 {
        let (answer, took) = timed(roster, token, &body).await;
        assert_eq!((answer.status, answer.code()), (200, None));
        longest = longest.max(took);
    }
    longest
}

#[tokio::test]
async fn whatever_costs_too_much_or_cannot_be_is_refused_soon_with_little_memory_and_the_server_lives_on() {
    let roster = Roster::start(&[]).await;
    let token = roster.open_account().await;
    let (mut costly, allowed) = (vec![], largest_allowed(&roster, &token).await);
    println!("the largest body that is allowed: {} ms", allowed.as_millis());
    for (what, body, code) in [of_the_document(), of_the_database(), of_the_body(), of_the_input()].concat() {
        forget_peak(&roster);
        let before = peak(&roster);
        let (answer, took) = timed(&roster, &token, &body).await;
        let grown = peak(&roster).saturating_sub(before);
        println!("{what}: {code}, {} ms, {} kB more", took.as_millis(), grown / 1024);
        let shown = answer.body.to_string();
        assert_eq!(answer.code(), Some(code), "{what}: {} {shown:.300}", answer.status);
        assert!(answer.status < 500 && shown.len() < 20_000, "{what}: {} {shown:.300}", answer.status);
        if grown > LITTLE {
            costly.push(format!("{what}: {grown} bytes more"));
        }
        let mut tries = vec![took];
        while tries.iter().min().is_some_and(|took| *took > allowed * TIMES) && tries.len() < TRIES {
            tries.push(timed(&roster, &token, &body).await.1);
        }
        if tries.iter().all(|took| *took > allowed * TIMES) {
            costly.push(format!("{what}: {tries:?}, the largest body that is allowed: {allowed:?}"));
        }
        let next = roster.ask(Some(&token), "{ viewer { user { role } } }", json!({})).await;
        assert_eq!(next.body["data"]["viewer"]["user"]["role"], "ADMIN", "after {what}");
    }
    assert_eq!(costly, Vec::<String>::new());
}
