//! What each command of an operator records: one event, or as many as the table says and why, by the operator.

use std::collections::BTreeSet;

use commands::AcceptInvitation;
use domain::Actor;
use test_support::{TestDatabase, TestFolder};

use crate::help;
use crate::operator::{OPEN, done};
use crate::program::MASTER_KEY;

/// What each command records when it succeeds, as it is run in the test below.
const EVENTS: &[(&str, &[&str])] = &[
    // The account, and its admin who is invited.
    ("account open", &["account/Opened", "user/Invited"]),
    ("user invite", &["user/Invited"]),
    // One for each person.
    ("user resend-failed", &["user/InvitationResent", "user/InvitationResent"]),
    // Of an invited user the invitation's link is shown; of an active one, a link for a new password.
    ("user link", &["user/InvitationLinkRevealed"]),
    ("user link (active)", &["user/PasswordLinkIssued"]),
    ("user erase", &["user/Erased"]),
    // Who is erased already is not erased again.
    ("erasures apply", &[]),
    ("user export", &["export/Requested"]),
    ("history export", &["export/Requested"]),
    // These read, or change what is not history: the schema, keys, the order of a queue, read models.
    ("account welcome", &[]),
    ("user list", &[]),
    ("erasures list", &[]),
    ("mail queue", &[]),
    ("keys generate", &[]),
    ("keys status", &[]),
    ("keys rotate", &[]),
    ("projections verify", &[]),
    ("projections rebuild", &[]),
    ("replay", &[]),
    ("migrate", &[]),
    ("schema", &[]),
];

/// Commands that are not run here, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("serve", "whole_job/matrix/one_event_each.rs has what it records for each caller"),
    ("dev", "it is `serve` with a demo, whose people do what others do"),
    ("mail test", "it sends one mail past the outbox, and knows no database"),
    ("restore finish", "restore.rs has what it records: nothing, or an event for each erasure of its list"),
];

/// The commands below one, as its help lists them; none below one that can be run.
async fn commands_below(command: &[String]) -> Vec<String> {
    let words: Vec<_> = command.iter().map(String::as_str).collect();
    let help = help(&words).await;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[tokio::test]
async fn every_command_has_a_row() {
    let (mut found, mut open) = (BTreeSet::new(), vec![vec![]]);
    while let Some(command) = open.pop() {
        let below = commands_below(&command).await;
        if below.is_empty() {
            found.insert(command.join(" "));
        }
        open.extend(below.into_iter().map(|name| [command.clone(), vec![name]].concat()));
    }
    let rows = EVENTS.iter().map(|(name, _)| *name).chain(NOT_RUN.iter().map(|(name, _)| *name));
    let rows: BTreeSet<_> = rows.filter(|name| !name.contains('(')).map(str::to_owned).collect();
    assert_eq!(found, rows, "a command needs a row, and a step in the next test");
}

/// Runs one command after the other, and compares what each has recorded.
struct Recorder {
    database: TestDatabase,
    seen: usize,
    done: BTreeSet<&'static str>,
}

impl Recorder {
    async fn events(&self) -> Vec<(String, String)> {
        let select = "select aggregate_type || '/' || event_type, metadata ->> 'actor' from events order by xid, position";
        sqlx::query_as(select).fetch_all(&self.database.pool()).await.unwrap()
    }

    async fn run(&mut self, row: &'static str, arguments: &[&str]) -> String {
        let variables = [("DATABASE_URL", self.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
        let ended = done(arguments, &variables).await;
        let events = self.events().await;
        let expected = EVENTS.iter().find(|(name, _)| *name == row).unwrap_or_else(|| panic!("{row} needs a row")).1;
        let expected: Vec<_> = expected.iter().map(|kind| ((*kind).to_owned(), "operator".to_owned())).collect();
        assert_eq!(events[self.seen..], expected, "{row}");
        self.seen = events.len();
        self.done.insert(row);
        ended.printed
    }
}

#[tokio::test]
async fn every_command_that_succeeds_is_one_event_or_as_many_as_the_table_says_by_the_operator() {
    const ADA: &str = "ada@acme.example";
    let folder = TestFolder::create().unwrap();
    let mut recorder = Recorder { database: TestDatabase::create().await, seen: 0, done: BTreeSet::new() };
    recorder.run("migrate", &["migrate"]).await;
    recorder.run("account welcome", &["account", "welcome"]).await;
    recorder.run("account open", &OPEN).await;
    recorder.run("user invite", &["user", "invite", "--account", "acme", "--email", "eve@acme.example"]).await;
    // Ada's invitation and Eve's have failed.
    let fail = "update users set delivery_state = 'failed'";
    sqlx::query(fail).execute(&recorder.database.pool()).await.unwrap();
    recorder.run("user resend-failed", &["user", "resend-failed", "--account", "acme"]).await;
    let link = recorder.run("user link", &["user", "link", "--account", "acme", ADA]).await;

    // Ada joins, and later Eve is deleted: none of it at the command line.
    let commands = crate::operator::commands(&recorder.database);
    let token = link.lines().next().and_then(|line| line.rsplit('/').next()).unwrap().to_owned();
    let at = |actor| commands::Context::new(actor, None, chrono::Utc::now());
    let accept = AcceptInvitation { token, password: "seven lighthouses hum quietly".into(), name: None };
    let ada = commands.accept_invitation(&at(Actor::Visitor), &accept).await.unwrap();
    recorder.seen = recorder.events().await.len();
    recorder.run("user link (active)", &["user", "link", "--account", "acme", ADA]).await;

    let eve: uuid::Uuid =
        sqlx::query_scalar("select id from users where email = 'eve@acme.example'").fetch_one(&recorder.database.pool()).await.unwrap();
    let admin = commands.authenticate(ada.token.expose(), chrono::Utc::now()).await.unwrap();
    let delete = commands::DeleteUser {
        id: eve.to_string(),
        confirm_email: "eve@acme.example".to_owned(),
        expected_version: None,
        idempotency_key: None,
    };
    commands.delete_user(&at(admin), ada.account_id, &delete).await.unwrap();
    recorder.seen = recorder.events().await.len();
    recorder.run("user erase", &["user", "erase", "--account", "acme", "eve@acme.example", "--confirm", "eve@acme.example"]).await;
    let erased = folder.path().join("erasures.ndjson");
    let list = recorder.run("erasures list", &["erasures", "list"]).await;
    assert_eq!(list.lines().count(), 1, "{list}");
    std::fs::write(&erased, list).unwrap();
    recorder.run("erasures apply", &["erasures", "apply", erased.to_str().unwrap()]).await;

    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    recorder.run("user export", &["user", "export", "--account", "acme", "--output", &file("users.csv")]).await;
    recorder.run("history export", &["history", "export", "--account", "acme", "--output", &file("history.ndjson")]).await;
    recorder.run("user list", &["user", "list", "--account", "acme"]).await;
    recorder.run("mail queue", &["mail", "queue", "--retry"]).await;
    recorder.run("keys generate", &["keys", "generate"]).await;
    recorder.run("keys status", &["keys", "status"]).await;
    recorder.run("keys rotate", &["keys", "rotate"]).await;
    recorder.run("projections rebuild", &["projections", "rebuild"]).await;
    recorder.run("projections verify", &["projections", "verify"]).await;
    recorder.run("replay", &["replay", "--account", "acme"]).await;
    recorder.run("schema", &["schema"]).await;
    assert_eq!(recorder.done, EVENTS.iter().map(|(name, _)| *name).collect(), "every row is run");

    // What an operator is refused changes nothing, and is told to them: who refused attempts are for cannot do anything about them.
    let refused = [
        &["user", "invite", "--account", "acme", "--email", ADA][..],
        &["user", "link", "--account", "acme", "nobody@acme.example"],
        &["user", "erase", "--account", "acme", ADA, "--confirm", ADA],
    ];
    let variables = [("DATABASE_URL", recorder.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    for arguments in refused {
        crate::operator::refused(arguments, &variables).await;
    }
    assert_eq!(recorder.events().await.len(), recorder.seen);
    let attempts: i64 = sqlx::query_scalar("select count(*) from refused_attempts").fetch_one(&recorder.database.pool()).await.unwrap();
    assert_eq!(attempts, 0);
}
