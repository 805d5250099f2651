//! Two servers over one database, while another master key takes over.

use rustix::process::Signal;
use serde_json::{Value, json};
use test_support::{SmtpServer, TestDatabase};

use crate::letters::read;
use crate::person::Person;
use crate::program::{MASTER_KEY as OLD, Program, Serving};
use crate::world::{PASSWORD, open_account};

const NEW: &str = "YW5vdGhlci1yb3N0ZXItdGVzdHMta2V5LTMyLWJ5dGU=";
const OTHER: &str = "copper kettles never apologise";

/// The same person at another server.
fn at(person: &Person, server: &Serving) -> Person {
    Person { url: server.url.clone(), ..person.clone() }
}

/// Invites someone, and answers the token of the link that this server signs.
async fn invited_by(admin: &Person, email: &str) -> String {
    let invited = admin.run("inviteUser", json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })).await;
    let revealed = admin.run("revealInvitationLink", json!({ "id": invited.user()["id"] })).await;
    token_in(revealed.done()["link"].as_str().expect("a link"), "/invitations/")
}

/// What stands behind this part of a link.
fn token_in(text: &str, part: &str) -> String {
    let (_, token) = text.split_once(part).unwrap_or_else(|| panic!("{part} in {text}"));
    token.split_whitespace().next().expect("a token").to_owned()
}

/// Accepts an invitation at a server.
async fn accepts(server: &Serving, token: &str) -> Person {
    let visitor = Person::visitor(&server.url);
    visitor.signed_in(&visitor.run("acceptInvitation", json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" })).await)
}

#[tokio::test]
async fn another_master_key_takes_over_while_two_servers_go_on() {
    let (smtp, database) = (SmtpServer::start().await, TestDatabase::create().await);
    let (old_first, new_first) = (format!("{OLD},{NEW}"), format!("{NEW},{OLD}"));
    let serving = async |keys: &str| Serving::start_with(database.url(), smtp.port(), &[("ROSTER_MASTER_KEY", keys)]).await;
    // One was changed over already, the other was not.
    let (before, after) = (serving(&old_first).await, serving(&new_first).await);
    let (admin, _) = open_account(&before).await;

    let by_before = invited_by(&admin, "eve@acme.example").await;
    let by_after = invited_by(&at(&admin, &after), "tom@acme.example").await;
    let late = invited_by(&admin, "late@acme.example").await;
    let eve = accepts(&after, &by_before).await;
    let tom = accepts(&before, &by_after).await;

    // Whichever of them mails the link, each takes it.
    for (server, person) in [(&before, &eve), (&after, &tom)] {
        let visitor = Person::visitor(&server.url);
        visitor.run("requestPasswordReset", json!({ "account": "acme", "email": person.email })).await.done();
        let mails = smtp.wait_for(&person.email, 2).await;
        let reset = mails.iter().map(|mail| read(mail).body_text(0).expect("a text").into_owned());
        let reset = reset.into_iter().find(|text| text.contains("/reset-password/")).expect("a link");
        let input = json!({ "token": token_in(&reset, "/reset-password/"), "newPassword": OTHER, "transport": "TOKEN" });
        visitor.run("resetPassword", input).await.done();
    }

    // Cursors that either has given out are taken by the other, and by the new key alone later.
    let place = async |server: &Serving| at(&admin, server).users(json!({ "first": 1 })).await["pageInfo"]["endCursor"].take();
    let (place_of_before, place_of_after) = (place(&before).await, place(&after).await);
    assert_ne!(place_of_before, place_of_after);
    let rest = async |server: &Serving, place: &Value| {
        let query = "query($after: String) { users(first: 1, after: $after) { nodes { id } } }";
        at(&admin, server).ask(query, json!({ "after": place })).await
    };
    for (server, place) in [(&before, &place_of_after), (&after, &place_of_before)] {
        assert_eq!(rest(server, place).await.code(), None);
    }

    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", new_first.as_str())];
    let rotated = Program::run(&["keys", "rotate"], &variables).await;
    assert!(rotated.code == Some(0) && rotated.printed.contains("The current master key encrypts the keys of all users."), "{rotated:?}");
    accepts(&after, &late).await;
    for server in [&before, &after] {
        let renamed = at(&admin, server).run("updateUser", json!({ "id": tom.id, "name": "Tom" })).await;
        assert_eq!(renamed.user()["name"], "Tom");
    }
    // What the server that was not changed over has written since is found by the next run.
    invited_by(&admin, "new@acme.example").await;
    let again = Program::run(&["keys", "rotate"], &variables).await;
    assert!(again.printed.starts_with("Encrypted again: 1.\n"), "{again:?}");

    let alone = serving(NEW).await;
    assert_eq!(rest(&alone, &place_of_after).await.code(), None);
    assert_eq!(rest(&alone, &place_of_before).await.code(), Some("BAD_USER_INPUT"), "the old key is gone");
    let admin = at(&admin, &alone);
    assert_eq!(admin.viewer().await.as_deref(), Some("Ada@Acme.example"), "sessions go on");
    assert_eq!(admin.users(json!({ "filter": { "status": ["ACTIVE"] } })).await["totalCount"], 4);
    let log = admin.ask("{ auditLog(first: 50) { nodes { type summary } } }", json!({})).await;
    assert_eq!(log.body["errors"], Value::Null, "every event opens: {:?}", log.body);
    Person::visitor(&alone.url).sign_in("acme", &eve.email, OTHER).await.done();
    let url = [("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"), ("ROSTER_LISTEN", "127.0.0.1:0")];
    let refused = Program::run(&["serve"], &[&[("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", OLD)][..], &url].concat()).await;
    assert!(refused.code == Some(1) && refused.logged.contains("which is not given (given: "), "{refused:?}");

    for server in [before, after, alone] {
        server.program.signal(Signal::TERM);
        let ended = server.program.ended().await;
        for key in [OLD, NEW] {
            let key = key.trim_end_matches('=');
            assert!(!ended.logged.contains(key) && !ended.printed.contains(key), "a key is in the log: {}", ended.logged);
        }
    }
}
