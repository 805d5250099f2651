//! Who may take something out of an account, what they are told if they may not, and what is remembered of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::export::{events, exported, request, rows};
use crate::other_accounts::open_beta;
use crate::person::{Answer, Person};
use crate::program::{MASTER_KEY, Program};
use crate::world::{PASSWORD, World};

const BOTH: [&str; 2] = ["/history/export", "/users/export"];

/// The same person with their key instead of a session.
async fn with_key(person: &Person, scope: &str) -> Person {
    let create = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { token userErrors { code } } }";
    let answer = person.ask(create, json!({ "input": { "name": "CI", "scopes": [scope] } })).await;
    let token = answer.body["data"]["createApiKey"]["token"].as_str().expect("a token").to_owned();
    Person { token: Some(token), ..person.clone() }
}

/// What the history says of exports, oldest first.
async fn remembered(world: &World) -> Vec<Value> {
    const LOG: &str = "{ auditLog(first: 100, direction: ASC, filter: { types: [EXPORT_REQUESTED] }) {
        nodes { summary requestId actor { kind user { email } } } } }";
    world.until_events_are_shown().await;
    let Value::Array(events) = world.admin.ask(LOG, json!({})).await.body["data"]["auditLog"]["nodes"].take() else { panic!("a list") };
    events
}

#[tokio::test]
async fn only_who_may_read_something_takes_it_out_and_every_export_is_remembered() {
    let world = World::start().await;
    let (editor, viewer) = (world.member("eve@acme.example", "EDITOR").await, world.member("vic@acme.example", "VIEWER").await);
    let (audit, users) = (with_key(&world.admin, "AUDIT_READ").await, with_key(&world.admin, "USERS_READ").await);
    let unknown = Person { token: Some("roster_s_no_one".to_owned()), ..world.visitor() };
    let (allowed, unauthenticated, forbidden) = ((200, None), (401, Some("UNAUTHENTICATED")), (403, Some("FORBIDDEN")));
    for (who, person, expected) in [
        ("visitor", &world.visitor(), [unauthenticated; 2]),
        ("unknown token", &unknown, [unauthenticated; 2]),
        ("viewer", &viewer, [forbidden; 2]),
        ("editor", &editor, [allowed, forbidden]),
        ("key to the history", &audit, [allowed, forbidden]),
        ("key to the users", &users, [forbidden, allowed]),
        ("admin", &world.admin, [allowed; 2]),
    ] {
        for (path, expected) in BOTH.into_iter().zip(expected) {
            // A caller who may not ask is not told what is wrong with the request.
            let broken = Answer::of(request(person, &format!("{path}?nonsense=1"))).await;
            let answer = Answer::of(request(person, path)).await;
            assert_eq!((answer.status, answer.code()), expected, "{who} {path}: {answer:?}");
            let expected = if expected == allowed { (400, Some("BAD_USER_INPUT")) } else { expected };
            assert_eq!((broken.status, broken.code()), expected, "{who} {path}: {broken:?}");
        }
    }
    let remembered = remembered(&world).await;
    let of = |event: &Value| (event["actor"]["kind"].clone(), event["summary"].clone());
    let (history, list) = (json!("The history was exported as NDJSON."), json!("The list of users was exported as CSV."));
    let (user, key) = (json!("USER"), json!("API_KEY"));
    let expected =
        [(user.clone(), history.clone()), (key.clone(), history.clone()), (key, list.clone()), (user.clone(), history), (user, list)];
    assert_eq!(remembered.iter().map(of).collect::<Vec<_>>(), expected, "and none that was refused");
    assert_eq!(remembered[0]["actor"]["user"]["email"], "eve@acme.example");
    assert!(remembered.iter().all(|event| event["requestId"].as_str().is_some_and(|id| id.len() == 36)));

    let seen = rows(&exported(&editor, "/history/export?format=csv").await);
    let named: Vec<_> = seen.iter().map(|row| row["subject_email"].as_str()).filter(|email| !email.is_empty()).collect();
    assert!(!named.is_empty() && named.iter().all(|email| *email == "eve@acme.example"), "an editor sees only herself: {named:?}");
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_with_a_sentence_and_nothing_is_remembered() {
    let world = World::start().await;
    for (path, status, code, said) in [
        ("/history/export?form=csv", 400, "BAD_USER_INPUT", "there is no such parameter; there are: format, separator, bom, sealed, from,"),
        ("/history/export?from=yesterday", 400, "BAD_USER_INPUT", "`from` must be an instant"),
        ("/history/export?type=NOTHING", 400, "BAD_USER_INPUT", "`type` must be one of: INVITED,"),
        ("/history/export?subject=eve", 400, "BAD_USER_INPUT", "`subject` must be the id of a user"),
        ("/history/export?format=csv&sealed=true", 400, "BAD_USER_INPUT", "`sealed` goes with format=ndjson only"),
        ("/history/export?bom=true", 400, "BAD_USER_INPUT", "`bom` goes with format=csv only"),
        ("/users/export?separator=pipe", 400, "BAD_USER_INPUT", "`separator` must be one of: comma, semicolon, tab"),
        ("/users/export?role=OWNER", 400, "BAD_USER_INPUT", "`role` must be one of: VIEWER, EDITOR, ADMIN"),
        ("/users/export?neverActive=maybe", 400, "BAD_USER_INPUT", "`neverActive` must be true or false"),
    ] {
        let answer = Answer::of(request(&world.admin, path)).await;
        assert_eq!((answer.status, answer.code()), (status, Some(code)), "{path}: {answer:?}");
        let message = answer.body["errors"][0]["message"].as_str().expect("a sentence");
        assert!(message.starts_with(said), "{path}: {message}");
    }
    let token = world.admin.token.as_deref().expect("she is signed in");
    for path in BOTH {
        for method in [reqwest::Method::POST, reqwest::Method::HEAD, reqwest::Method::DELETE] {
            let answer = Answer::of(world.admin.client.request(method, format!("{}{path}", world.roster.url)).bearer_auth(token)).await;
            assert_eq!((answer.status, answer.header("allow")), (405, vec!["GET"]), "{answer:?}");
        }
    }
    assert_eq!(remembered(&world).await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_browser_exports_from_our_own_pages_only_and_gets_a_file_that_no_one_keeps() {
    let world = World::start().await;
    let input = json!({ "account": "acme", "email": "ada@acme.example", "password": PASSWORD, "transport": "COOKIE" });
    let signed_in = world.visitor().attempt("signIn", input).await;
    let cookie = signed_in.header("set-cookie")[0].split(';').next().expect("a cookie has a value").to_owned();
    let ask = |site: &'static str| {
        let request = request(&world.visitor(), "/history/export?format=csv&type=ACCOUNT_OPENED");
        Answer::of(request.header("cookie", &cookie).header("sec-fetch-site", site))
    };
    for foreign in ["cross-site", "same-site"] {
        let answer = ask(foreign).await;
        assert_eq!((answer.status, answer.code()), (403, Some("FOREIGN_ORIGIN")), "{answer:?}");
    }
    assert_eq!(remembered(&world).await, [] as [Value; 0]);
    let answer = ask("same-origin").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, vec!["text/csv; charset=utf-8; header=present"]));
    assert_eq!((answer.header("cache-control"), answer.header("x-content-type-options")), (vec!["no-store"], vec!["nosniff"]));
    let disposition = answer.header("content-disposition")[0];
    assert!(disposition.starts_with("attachment; filename=\"roster-acme-history-20") && disposition.ends_with("Z.csv\""), "{disposition}");
    let said = remembered(&world).await[0]["summary"].clone();
    assert_eq!(said, "The history was exported as CSV, filtered by type.");
}

#[tokio::test]
async fn an_export_holds_nothing_of_another_account() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let bea = open_beta(&world).await;
    world.until_mail_is_settled().await;
    world.until_events_are_shown().await;
    let own = events(&exported(&bea, "/history/export").await);
    assert!(!own.is_empty() && own.iter().all(|event| !event.source.contains(&world.account_id.to_string())), "{own:?}");
    for narrowed in [format!("subject={}", eve.id), format!("actor={}", world.admin.id)] {
        assert_eq!(events(&exported(&bea, &format!("/history/export?{narrowed}")).await), [], "{narrowed}");
    }
    let users = rows(&exported(&bea, "/users/export?includeDeleted=true").await);
    assert_eq!(users.iter().map(|row| row["email"].as_str()).collect::<Vec<_>>(), ["bea@beta.example"]);
}

#[tokio::test]
async fn an_operator_exports_to_a_file_or_the_standard_output_and_is_remembered() {
    let world = World::start().await;
    world.invite("ivo@acme.example", "VIEWER").await;
    world.until_mail_is_settled().await;
    world.until_events_are_shown().await;
    let variables = [("DATABASE_URL", world.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let expected = events(&exported(&world.admin, "/history/export").await);
    let printed = Program::run(&["history", "export", "--account", "acme", "--before", "2100-01-01T00:00:00Z"], &variables).await;
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let printed = events(&printed.printed);
    assert_eq!(printed[..expected.len()], expected, "the same as over HTTP");

    let folder = test_support::TestFolder::create().expect("a folder");
    let file = folder.path().join("acme.csv");
    let path = file.to_str().expect("text");
    let export = ["user", "export", "--account", "acme", "--search", "ivo", "--order-by", "EMAIL", "--output", path];
    let done = Program::run(&export, &variables).await;
    assert_eq!((done.code, done.printed), (Some(0), format!("Wrote 1 users to {path}.\n")), "{}", done.logged);
    let users: Vec<BTreeMap<_, _>> = rows(&std::fs::read_to_string(&file).expect("it is there"));
    assert_eq!((users.len(), users[0]["email"].as_str()), (1, "ivo@acme.example"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("it is a folder").count(), 1, "nothing unfinished is left");
    let said: Vec<_> = remembered(&world).await.iter().map(|event| (event["actor"]["kind"].clone(), event["summary"].clone())).collect();
    assert_eq!(said[1], (json!("OPERATOR"), json!("The history was exported as NDJSON, filtered by before.")));
    assert_eq!(said[2], (json!("OPERATOR"), json!("The list of users was exported as CSV, filtered by search.")));

    for (arguments, said) in [
        (&["history", "export", "--account", "beta"][..], "there is no account with the slug \"beta\""),
        (&["history", "export", "--account", "acme", "--type", "invited"], "`type` must be one of: INVITED,"),
        (&["user", "export", "--account", "acme", "--output", "/no/such/folder/acme.csv"], "/no/such/folder/acme.csv cannot be written"),
    ] {
        let refused = Program::run(arguments, &variables).await;
        assert!(refused.code == Some(1) && refused.printed.is_empty() && refused.logged.contains(said), "{refused:?}");
    }
    assert_eq!(remembered(&world).await.len(), 3, "what does not begin is not remembered");
}
