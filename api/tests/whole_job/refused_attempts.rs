//! What was tried and refused, as admins and editors see it: sign-ins that failed and changes that were forbidden, and nothing else.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::other_accounts::open_beta;
use crate::person::Person;
use crate::program::TIMEOUT;
use crate::world::{PASSWORD, World};

const ATTEMPTS: &str = "query($first: Int, $after: String, $filter: RefusedAttemptFilter) {
    refusedAttempts(first: $first, after: $after, filter: $filter) {
        totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        nodes { id at operation code summary requestId address actor { kind user { email } } user { email } } } }";
const EVE: &str = "eve@acme.example";
const WRONG: &str = "typed-passw0rd-of-no-one";

async fn attempts(person: &Person, arguments: Value) -> Value {
    let mut answer = person.ask(ATTEMPTS, arguments).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"]["refusedAttempts"].take()
}

/// The list once it has so many, the newest first.
pub(crate) async fn so_many(person: &Person, count: usize, filter: Value) -> Vec<Value> {
    let listed = newest(person, count, filter).await;
    assert_eq!(listed.len(), count);
    listed
}

/// At most 100 of these attempts, the newest first, as soon as there are so many in all; then there are not more.
pub(crate) async fn newest(person: &Person, count: usize, filter: Value) -> Vec<Value> {
    let listed = async {
        loop {
            let arguments = json!({ "first": 100, "filter": filter });
            let total = attempts(person, arguments.clone()).await["totalCount"].as_u64().expect("a number");
            if usize::try_from(total).expect("it fits") >= count {
                assert_eq!(total, u64::try_from(count).expect("it fits"));
                // Read again: the entries are read before they are counted.
                let mut page = attempts(person, arguments).await;
                return page["nodes"].as_array_mut().map(std::mem::take).expect("a list");
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TIMEOUT, listed).await.unwrap_or_else(|_| panic!("there are no {count} refused attempts"))
}

/// An editor, and an account in which six attempts were refused, each seen before the next was made.
async fn tried(world: &World) -> Person {
    let eve = world.member(EVE, "EDITOR").await;
    let refuse = async |email: &str, password: &str, code: &str| {
        assert_eq!(world.visitor().sign_in("acme", email, password).await.refused(), (code, None));
    };
    refuse(EVE, WRONG, "INVALID_CREDENTIALS").await;
    refuse("typed.address@acme.example", WRONG, "INVALID_CREDENTIALS").await;
    let tom = world.member("tom@acme.example", "VIEWER").await;
    world.admin.run("deactivateUser", json!({ "id": tom.id })).await.done();
    refuse("tom@acme.example", PASSWORD, "ACCESS_DEACTIVATED").await;
    let invite = json!({ "email": "typed.address@acme.example", "role": "VIEWER", "authMethods": ["password"] });
    assert_eq!(eve.attempt("inviteUser", invite).await.code(), Some("FORBIDDEN"));
    let delete = json!({ "id": world.admin.id, "confirmEmail": "typed.address@acme.example" });
    assert_eq!(eve.attempt("deleteUser", delete).await.code(), Some("FORBIDDEN"));
    // Neither who only looks, nor who is not signed in, nor whom a rule refuses has tried to change what they may not.
    assert_eq!(eve.ask("{ users { totalCount } }", json!({})).await.code(), Some("FORBIDDEN"));
    assert_eq!(world.visitor().attempt("deactivateUser", json!({ "id": eve.id })).await.code(), Some("UNAUTHENTICATED"));
    assert_eq!(world.admin.run("deactivateUser", json!({ "id": world.admin.id })).await.refused().0, "CANNOT_DEACTIVATE_SELF");
    assert_eq!(world.visitor().sign_in("elsewhere", EVE, WRONG).await.refused(), ("INVALID_CREDENTIALS", None));
    assert_eq!(
        eve.run("signIn", json!({ "account": "acme", "email": "Ada@acme.example", "password": WRONG, "transport": "TOKEN" }))
            .await
            .refused()
            .0,
        "INVALID_CREDENTIALS"
    );
    eve
}

#[tokio::test]
async fn what_is_refused_is_told_with_who_whom_why_and_from_where_and_nothing_that_was_typed() {
    let world = World::start().await;
    let eve = tried(&world).await;
    let listed = so_many(&world.admin, 6, json!({})).await;
    let told: Vec<_> = listed
        .iter()
        .rev()
        .map(|attempt| {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let (actor, user) = (&attempt["actor"], &attempt["user"]["email"]);
            format!(
                "{} {} by {} {} upon {}: {}",
                text(&attempt["operation"]),
                text(&attempt["code"]),
                text(&actor["kind"]),
                text(&actor["user"]["email"]),
                text(user),
                text(&attempt["summary"])
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "signIn INVALID_CREDENTIALS by VISITOR - upon eve@acme.example: A sign-in with a password was refused: the address or the password is wrong.",
            "signIn INVALID_CREDENTIALS by VISITOR - upon -: A sign-in with a password was refused: the address or the password is wrong.",
            "signIn ACCESS_DEACTIVATED by VISITOR - upon tom@acme.example: A sign-in with a password was refused: the user is deactivated.",
            "inviteUser FORBIDDEN by USER eve@acme.example upon -: The change inviteUser was refused: the permissions do not allow it.",
            "deleteUser FORBIDDEN by USER eve@acme.example upon Ada@Acme.example: The change deleteUser was refused: the permissions do not allow it.",
            "signIn INVALID_CREDENTIALS by USER eve@acme.example upon Ada@Acme.example: A sign-in with a password was refused: the address or the password is wrong.",
        ]
    );
    for attempt in &listed {
        assert_eq!((&attempt["address"], attempt["requestId"].as_str().map(str::len)), (&json!("127.0.0.1"), Some(36)), "{attempt}");
        assert!(attempt["at"].as_str().is_some_and(|at| at.starts_with("20")), "{attempt}");
    }
    let rows: Vec<String> =
        sqlx::query_scalar("select t::text from refused_attempts t").fetch_all(&world.database.pool()).await.expect("answers");
    assert!(rows.len() == 6 && rows.iter().all(|row| !row.contains("typed") && !row.contains('@')), "{rows:?}");

    let by_eve = so_many(&eve, 6, json!({})).await;
    let seen: Vec<_> = by_eve.iter().map(|attempt| (&attempt["user"]["email"], &attempt["actor"]["user"]["email"])).collect();
    assert!(seen.iter().all(|(user, actor)| **user != "Ada@Acme.example" && **user != "tom@acme.example" && **actor != "Ada@Acme.example"));
    assert_eq!(seen[5].0, EVE, "editors see themselves, and no one else");
    let viewer = world.member("viewer@acme.example", "VIEWER").await;
    assert_eq!(viewer.ask(ATTEMPTS, json!({})).await.code(), Some("FORBIDDEN"));
    assert_eq!(world.visitor().ask(ATTEMPTS, json!({})).await.code(), Some("UNAUTHENTICATED"));
    let bea = open_beta(&world).await;
    assert_eq!(attempts(&bea, json!({})).await["totalCount"], 0, "another account's are no one's");
    let foreign = attempts(&world.admin, json!({ "first": 1 })).await["pageInfo"]["endCursor"].take();
    for (arguments, what) in [
        (json!({ "after": foreign }), "a place in another account's list"),
        (json!({ "after": "MQ" }), "no cursor"),
        (json!({ "first": 101 }), "too large"),
        (json!({ "first": -1 }), "negative"),
    ] {
        assert_eq!(bea.ask(ATTEMPTS, arguments).await.code(), Some("BAD_USER_INPUT"), "{what}");
    }
}

#[tokio::test]
async fn refused_attempts_come_in_pages_and_are_narrowed_to_a_span_an_actor_a_user_and_codes() {
    let world = World::start().await;
    let eve = tried(&world).await;
    let whole = so_many(&world.admin, 6, json!({})).await;
    let (mut seen, mut after) = (vec![], Value::Null);
    for pages in 1.. {
        let page = attempts(&world.admin, json!({ "first": 4, "after": after })).await;
        assert_eq!((&page["pageInfo"]["hasPreviousPage"], &page["totalCount"]), (&json!(pages == 2), &json!(6)));
        assert_eq!(page["pageInfo"]["endCursor"], page["edges"].as_array().expect("a list").last().expect("not empty")["cursor"]);
        seen.extend(page["nodes"].as_array().expect("a list").clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(pages, 2);
            break;
        }
    }
    assert_eq!(seen, whole, "the newest come first, each once");

    let narrowed = async |filter: Value| attempts(&world.admin, json!({ "filter": filter })).await["nodes"].take();
    let expected =
        |wanted: &dyn Fn(&Value) -> bool| Value::from(whole.iter().filter(|attempt| wanted(attempt)).cloned().collect::<Vec<_>>());
    let by_eve = expected(&|attempt| attempt["actor"]["user"]["email"] == EVE);
    assert_eq!((by_eve.as_array().map(Vec::len), narrowed(json!({ "actor": eve.id })).await), (Some(3), by_eve));
    let upon_admin = expected(&|attempt| attempt["user"]["email"] == "Ada@Acme.example");
    assert_eq!((upon_admin.as_array().map(Vec::len), narrowed(json!({ "user": world.admin.id })).await), (Some(2), upon_admin));
    let two = ["FORBIDDEN", "ACCESS_DEACTIVATED"];
    let of_codes = expected(&|attempt| two.iter().any(|code| attempt["code"] == *code));
    assert_eq!((of_codes.as_array().map(Vec::len), narrowed(json!({ "codes": two })).await), (Some(3), of_codes));
    assert_eq!(narrowed(json!({ "codes": [] })).await, json!(whole));
    let middle = &whole[3]["at"];
    assert_eq!(narrowed(json!({ "at": { "from": middle } })).await, json!(whole[..4]));
    assert_eq!(narrowed(json!({ "at": { "before": middle } })).await, json!(whole[4..]));
    for no_one in ["nobody", "01935a6e-0000-7000-8000-000000000000"] {
        assert_eq!(narrowed(json!({ "user": no_one })).await, json!([]));
        assert_eq!(narrowed(json!({ "actor": no_one })).await, json!([]));
    }
}

#[tokio::test]
async fn attempts_that_cannot_be_written_are_logged_once_without_persons_and_those_of_the_last_moment_are_kept() {
    let world = World::start().await;
    world.sql("alter table refused_attempts rename to gone").await;
    assert_eq!(world.visitor().sign_in("acme", EVE, WRONG).await.refused(), ("INVALID_CREDENTIALS", None));
    let lost = |log: &str| log.contains("refused attempts could not be written").then_some(());
    world.roster.program.logged("that attempts are lost", lost).await;
    world.sql("alter table gone rename to refused_attempts").await;
    assert_eq!(world.visitor().sign_in("acme", EVE, WRONG).await.refused(), ("INVALID_CREDENTIALS", None));
    so_many(&world.admin, 1, json!({})).await;
    for _ in 0..3 {
        assert_eq!(world.visitor().sign_in("acme", EVE, WRONG).await.refused(), ("INVALID_CREDENTIALS", None));
    }
    world.roster.program.signal(Signal::TERM);
    let ended = world.roster.program.ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.logged);
    let count: i64 = sqlx::query_scalar("select count(*) from refused_attempts").fetch_one(&world.database.pool()).await.expect("answers");
    assert_eq!(count, 4);
    assert!(!ended.logged.contains('@') && !ended.logged.contains("passw0rd"), "{}", ended.logged);
}

#[tokio::test]
async fn a_flood_is_answered_while_nothing_can_be_written_and_is_logged_once() {
    const TOO_FAST: &str = "attempts are refused faster than they are kept";
    let world = World::start().await;
    let mut held = world.database.pool().begin().await.expect("begins");
    sqlx::raw_sql("lock table refused_attempts").execute(&mut *held).await.expect("locks");
    assert_eq!(world.visitor().sign_in("acme", EVE, WRONG).await.refused(), ("INVALID_CREDENTIALS", None));
    let waits = "select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    world.until(waits, "the first is about to be written").await;
    let guess = format!("signIn(input: {{ account: \"acme\", email: \"{EVE}\", password: \"{WRONG}\", transport: TOKEN }})");
    let guesses: Vec<_> = (0..10).map(|number| format!("g{number}: {guess} {{ userErrors {{ code }} }}")).collect();
    // Twice what can wait: as many as the queue holds may be on their way to the table while the queue fills up again.
    for _ in 0..60 {
        let answer = world.visitor().ask(&format!("mutation {{ {} }}", guesses.join(" ")), json!({})).await;
        assert_eq!((answer.status, answer.body["data"]["g9"]["userErrors"][0]["code"].as_str()), (200, Some("TOO_MANY_ATTEMPTS")));
    }
    held.rollback().await.expect("lets go");
    let begins = |log: &str| log.contains(TOO_FAST).then_some(());
    world.roster.program.logged("that not all are kept", begins).await;
    assert_eq!(world.visitor().sign_in("acme", EVE, WRONG).await.refused(), ("TOO_MANY_ATTEMPTS", None));
    let over = |log: &str| log.lines().find(|line| line.contains("all refused attempts are kept again")).map(str::to_owned);
    let over = world.roster.program.logged("that all are kept again", over).await;
    let over: Value = serde_json::from_str(&over).expect("JSON");
    let dropped = over["dropped"].as_u64().expect("a number");
    assert!(dropped >= 100, "of one account 200 wait at most: {over}");
    let kept = attempts(&world.admin, json!({ "first": 1 })).await["totalCount"].as_u64().expect("a number");
    assert_eq!(kept + dropped, 602, "each is kept or counted");
    world.roster.program.signal(Signal::TERM);
    let ended = world.roster.program.ended().await;
    assert_eq!(ended.logged.matches(TOO_FAST).count(), 1, "{}", ended.logged);
}
