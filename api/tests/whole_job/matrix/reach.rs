//! What each kind of key and role reaches in three steps, compared with a table written by hand.
//!
//! Each actor knows every id and address, and tries every operation with everything that was obtained before: tokens, links, users. Three
//! rounds of this cover every sequence of up to three operations. Deactivating and deleting come with none of them: they only take away.

mod explorer;

use std::collections::BTreeSet;

use self::explorer::{Explorer, Reached};
use super::callers::{key, service_key};
use crate::person::Person;
use crate::world::World;

use Reached::{Admin, AdminSession, History, Key, People, Session};

/// Who begins, and all that they reach. A role reaches it with a session, a key for an owner of the role; a service key has no owner.
const TABLE: &[(&str, &[&str], &[Reached])] = &[
    ("VIEWER", &[], &[Key]),
    ("EDITOR", &[], &[History, Key]),
    ("ADMIN", &[], &[People, History, Admin, Session, AdminSession, Key]),
    ("VIEWER", &ALL, &[]),
    ("EDITOR", &ALL, &[History]),
    ("ADMIN", &["USERS_READ"], &[People]),
    ("ADMIN", &["USERS_WRITE"], &[]),
    ("ADMIN", &["ADMINS_WRITE"], &[]),
    ("ADMIN", &["LINKS_READ"], &[History, Session, Key]),
    ("ADMIN", &["AUDIT_READ"], &[History]),
    ("ADMIN", &["USERS_WRITE", "ADMINS_WRITE"], &[Admin]),
    ("ADMIN", &["USERS_WRITE", "LINKS_READ"], &[History, Session, Key]),
    ("ADMIN", &["ADMINS_WRITE", "LINKS_READ"], &[People, History, Admin, Session, AdminSession, Key]),
    ("ADMIN", &["USERS_READ", "USERS_WRITE", "LINKS_READ", "AUDIT_READ"], &[People, History, Session, Key]),
    ("ADMIN", &["USERS_READ", "USERS_WRITE", "ADMINS_WRITE", "AUDIT_READ"], &[People, History, Admin]),
    ("ADMIN", &ALL, &[People, History, Admin, Session, AdminSession, Key]),
    (SERVICE, &["USERS_READ"], &[People]),
    (SERVICE, &["USERS_READ", "USERS_WRITE"], &[People]),
    (SERVICE, &["LINKS_READ"], &[History, Session, Key]),
    (SERVICE, &["USERS_READ", "USERS_WRITE", "LINKS_READ", "AUDIT_READ"], &[People, History, Session, Key]),
    (SERVICE, &["USERS_READ", "USERS_WRITE", "ADMINS_WRITE", "AUDIT_READ"], &[People, History, Admin]),
    (SERVICE, &ALL, &[People, History, Admin, Session, AdminSession, Key]),
];
const SERVICE: &str = "service";
const ALL: [&str; 5] = ["USERS_READ", "USERS_WRITE", "ADMINS_WRITE", "LINKS_READ", "AUDIT_READ"];

#[tokio::test]
async fn no_one_reaches_in_three_steps_what_the_table_does_not_say() {
    let limits = [("ROSTER_ATTEMPTS_PER_ADDRESS", "100000"), ("ROSTER_INVITATIONS_PER_DAY", "100000")];
    let world = World::start_with(&limits).await;
    for (number, (role, scopes, expected)) in TABLE.iter().enumerate() {
        let actor = if *role == SERVICE {
            Person { id: String::new(), email: String::new(), ..service_key(&world.admin, scopes).await.0 }
        } else {
            let owner = world.member(&format!("owner{number}@acme.example"), role).await;
            if scopes.is_empty() { owner } else { key(&owner, scopes).await }
        };
        let mut explorer = Explorer::new(&world, actor, number).await;
        for _ in 0..3 {
            explorer.round().await;
        }
        let expected: BTreeSet<_> = expected.iter().copied().collect();
        assert_eq!(explorer.reached, expected, "{role} with {scopes:?}: {:?}", explorer.steps);
        assert_no_more_than_scopes_say(role, scopes, &expected);
    }
}

/// The table itself keeps the promises of docs/security.md.
fn assert_no_more_than_scopes_say(role: &str, scopes: &[&str], reached: &BTreeSet<Reached>) {
    let has = |scope| scopes.is_empty() || scopes.contains(&scope);
    let may = |scope| ["ADMIN", SERVICE].contains(&role) && has(scope);
    assert!(!reached.contains(&Admin) || may("ADMINS_WRITE"), "{scopes:?}");
    assert!(!reached.contains(&Session) || may("LINKS_READ"), "{scopes:?}");
    assert!(!reached.contains(&AdminSession) || may("LINKS_READ") && may("ADMINS_WRITE"), "{scopes:?}");
    assert!(!reached.contains(&Key) || scopes.is_empty() || reached.contains(&Session), "{scopes:?}");
    assert!(!reached.contains(&People) || may("USERS_READ") || reached.contains(&AdminSession), "{scopes:?}");
}

#[test]
fn the_documentation_shows_what_is_reached() {
    let head = "| who | sees people | sees history | makes admins | becomes a user | becomes an admin | has another key |\n|---|---|---|---|---|---|---|\n";
    let row = |(role, scopes, reached): &(&str, &[&str], &[Reached])| {
        let list = scopes.join(", ");
        let who = match (*role, scopes.is_empty()) {
            (SERVICE, _) => format!("a service key: {list}"),
            (role, true) => format!("a session of {role}"),
            (role, false) => format!("a key of {role}: {list}"),
        };
        let cells = [People, History, Admin, Session, AdminSession, Key].map(|one| if reached.contains(&one) { "yes" } else { "-" });
        format!("| {who} | {} |\n", cells.join(" | "))
    };
    let table = TABLE.iter().fold(head.to_owned(), |table, line| table + &row(line));
    let page = include_str!("../../../../docs/security.md");
    assert!(page.contains(&table), "docs/security.md should hold\n{table}");
}

#[tokio::test]
async fn a_key_in_a_cookie_is_no_one() {
    let world = World::start().await;
    let program = key(&world.admin, &ALL).await;
    let token = program.token.clone().expect("a key");
    let in_cookie = async |token: &str, path: &str, body: Option<&str>| {
        let client = reqwest::Client::new();
        let url = format!("{}{path}", world.roster.url);
        let request = body
            .map_or_else(|| client.get(&url), |body| client.post(&url).header("content-type", "application/json").body(body.to_owned()));
        let request = request.header("cookie", world.cookie(token)).header("origin", &world.roster.url);
        let answer = request.header("sec-fetch-site", "same-origin").send().await.expect("answers");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    };
    let viewer = Some(r#"{"query":"{ viewer { user { email } } }"}"#);
    let session = world.admin.token.clone().expect("a session");
    assert!(in_cookie(&session, "/graphql", viewer).await.1.contains('@'), "a session in a cookie is someone");
    let (_, answer) = in_cookie(&token, "/graphql", viewer).await;
    assert!(answer.contains(r#""viewer":null"#), "{answer}");
    for path in ["/users/export", "/history/export"] {
        assert_eq!(in_cookie(&session, path, None).await.0, 200);
        assert_eq!(in_cookie(&token, path, None).await.0, 401, "{path}");
    }
    assert_eq!(program.viewer().await.as_deref(), Some("Ada@Acme.example"), "as a bearer token it works");
}
