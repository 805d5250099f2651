//! Commands over a given Postgres.

use chrono::{DateTime, TimeDelta, Utc};
use commands::{Commands, Context, InviteUser};
use domain::{Actor, AuthMethod, AuthMethodId, AuthMethodKind, Role, Slug};
use event_store::MasterKeys;
use projections::accounts::find_account_by_slug;
use test_support::TestDatabase;

use crate::program::{Ended, MASTER_KEY, Program};

pub(crate) const OTHER_KEY: &str = "YW5vdGhlci1yb3N0ZXItdGVzdHMta2V5LTMyLWJ5dGU=";
pub(crate) const OPEN: [&str; 8] = ["account", "open", "--name", "Acme Works", "--slug", "acme", "--admin", "ada@acme.example"];

/// Runs a command that must fail, and answers its one sentence.
pub(crate) async fn refused(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let ended = Program::run(arguments, variables).await;
    assert_eq!((ended.code, ended.printed.as_str()), (Some(1), ""), "{arguments:?} {ended:?}");
    let said: Vec<_> = ended.logged.lines().filter(|line| !line.starts_with('{')).collect();
    let [sentence] = said[..] else { panic!("one sentence was expected: {ended:?}") };
    sentence.strip_prefix("roster: ").unwrap_or_else(|| panic!("{sentence}")).to_owned()
}

pub(crate) async fn done(arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let ended = Program::run(arguments, variables).await;
    assert_eq!(ended.code, Some(0), "{arguments:?} {ended:?}");
    ended
}

/// A database without a single table.
async fn empty() -> TestDatabase {
    let database = TestDatabase::create().await;
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(&database.pool()).await.unwrap();
    database
}

/// The commands of the program over a database.
pub(crate) fn commands(database: &TestDatabase) -> Commands {
    let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Password".to_owned() };
    Commands::new(database.pool(), &MasterKeys::parse(MASTER_KEY).unwrap(), vec![password])
}

/// Invites someone into the account `acme` on another clock than the program's.
async fn invite_at(database: &TestDatabase, email: &str, at: DateTime<Utc>) {
    let commands = commands(database);
    let account = find_account_by_slug(&database.pool(), &Slug::parse("acme").unwrap()).await.unwrap().unwrap();
    let auth_methods = vec!["password".to_owned()];
    let input = InviteUser { email: email.to_owned(), role: Role::Viewer, auth_methods, idempotency_key: None };
    commands.invite_user(&Context::new(Actor::Operator, None, at), account.id, &input).await.unwrap();
}

#[tokio::test]
async fn a_schema_of_a_newer_roster_is_refused() {
    let database = TestDatabase::create().await;
    let newer =
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9990, 'later', true, '', 1)";
    sqlx::raw_sql(newer).execute(&database.pool()).await.unwrap();
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY), ("ROSTER_PUBLIC_URL", "http://127.0.0.1:1")];
    for arguments in [&["migrate"][..], &["serve"], &["user", "list", "--account", "acme"], &["keys", "status"]] {
        let told = refused(arguments, &variables).await;
        assert!(told.starts_with("the database has 1 migrations of a newer version of Roster: upgrade this program"), "{told}");
    }
}

#[tokio::test]
async fn serve_says_what_is_missing_one_thing_at_a_time() {
    let database = TestDatabase::create().await;
    let given = [
        ("DATABASE_URL", database.url()),
        ("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"),
        ("ROSTER_SMTP_URL", "smtp://127.0.0.1:1?tls=none"),
        ("ROSTER_MAIL_FROM", "roster@acme.example"),
        ("ROSTER_MASTER_KEY", "short"),
    ];
    // Without a mail server it serves as well; but who names one has to say who sends.
    let said =
        ["DATABASE_URL", "ROSTER_PUBLIC_URL", "ROSTER_MASTER_KEY", "ROSTER_MAIL_FROM", "ROSTER_MASTER_KEY", "a master key is 32 bytes"];
    for (count, expected) in said.into_iter().enumerate() {
        let sentence = refused(&["serve"], &given[..count]).await;
        assert!(sentence.contains(expected), "with {count} variables: {sentence}");
    }
}

#[tokio::test]
async fn serve_says_what_is_wrong_with_a_setting_and_keeps_its_secrets() {
    let database = TestDatabase::create().await;
    let right = [
        ("DATABASE_URL", database.url()),
        ("ROSTER_SMTP_URL", "smtp://127.0.0.1:1?tls=none"),
        ("ROSTER_MAIL_FROM", "roster@acme.example"),
        ("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"),
        ("ROSTER_MASTER_KEY", MASTER_KEY),
        ("ROSTER_LISTEN", "127.0.0.1:0"),
    ];
    for (name, value, expected) in [
        ("DATABASE_URL", "s3cret", "DATABASE_URL is not a URL"),
        ("DATABASE_URL", "postgres://roster:s3cret@no-such-host.invalid/roster", "the database cannot be reached"),
        ("ROSTER_SMTP_URL", "http://u:s3cret@mail.example", "ROSTER_SMTP_URL must begin with"),
        ("ROSTER_SMTP_URL", "smtp://u:s3cret@mail.example?tls=none", "tls=none is only allowed"),
        ("ROSTER_MAIL_FROM", "nobody", "ROSTER_MAIL_FROM"),
        ("ROSTER_PUBLIC_URL", "https://roster.example/app", "https://roster.example, without a path"),
        ("ROSTER_MASTER_KEY", "s3cret", "a master key is 32 bytes"),
        ("ROSTER_LISTEN", "192.0.2.1:80", "cannot listen on 192.0.2.1:80"),
        ("ROSTER_LOG", "api=loudly", "ROSTER_LOG"),
    ] {
        let variables: Vec<_> = right.into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect();
        let sentence = refused(&["serve"], &variables).await;
        assert!(sentence.contains(expected) && !sentence.contains("s3cret"), "{name}={value}: {sentence}");
    }
}

#[tokio::test]
async fn a_database_is_migrated_once_and_must_be() {
    let database = empty().await;
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let serve = [
        ("ROSTER_SMTP_URL", "smtp://127.0.0.1:1?tls=none"),
        ("ROSTER_MAIL_FROM", "roster@acme.example"),
        ("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"),
    ];
    for (command, more) in [(&["serve"][..], &serve[..]), (&OPEN, &[]), (&["user", "list", "--account", "acme"], &[])] {
        let sentence = refused(command, &[&variables[..], more].concat()).await;
        assert!(sentence.contains("run `roster migrate` first"), "{command:?}: {sentence}");
    }
    for _ in 0..2 {
        let migrated = done(&["migrate"], &variables[..1]).await;
        assert!(migrated.printed.starts_with("The database has the newest schema ("), "{migrated:?}");
    }
    done(&OPEN, &variables).await;
    done(&["migrate"], &variables[..1]).await;
    let listed = done(&["user", "list", "--account", "acme"], &variables[..1]).await;
    assert!(listed.printed.contains("ada@acme.example"), "a migration keeps what there is: {listed:?}");
}

#[tokio::test]
async fn an_operator_opens_accounts_invites_and_lists() {
    let database = TestDatabase::create().await;
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let opened = done(&OPEN, &variables).await;
    assert_eq!(opened.printed, "Opened acme. ada@acme.example gets an invitation by mail as soon as a server runs.\n");
    let invite = |email| ["user", "invite", "--account", "ACME", "--email", email, "--role", "editor"];
    done(&invite("Eve@acme.example"), &variables).await;
    done(&invite("ivo@acme.example"), &variables).await;

    let listed = done(&["user", "list", "--account", "acme"], &variables).await;
    let lines: Vec<_> = listed.printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(lines[0][..4], ["EMAIL", "STATUS", "ROLE", "CREATED"]);
    let of_users: Vec<_> = lines[1..].iter().map(|words| words[..4].join(" ")).collect();
    let (ivo, eve, ada) = (
        "ivo@acme.example pending invitation editor",
        "Eve@acme.example pending invitation editor",
        "ada@acme.example pending invitation admin",
    );
    assert_eq!(of_users, [ivo, eve, ada]);
    let found = done(&["user", "list", "--account", "acme", "--search", "EVE"], &variables).await;
    assert_eq!(found.printed.lines().count(), 2, "{found:?}");
    let waiting: i64 = sqlx::query_scalar("select count(*) from mail_outbox").fetch_one(&database.pool()).await.unwrap();
    assert_eq!(waiting, 3, "the mails wait for a server");
}

#[tokio::test]
async fn an_operator_prints_a_link_for_anyone_who_is_locked_out_and_mails_nothing() {
    let database = TestDatabase::create().await;
    let url = ("ROSTER_PUBLIC_URL", "https://roster.acme.example");
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY), url];
    done(&OPEN, &variables).await;
    let link = |email| ["user", "link", "--account", "acme", email];
    let pending = done(&link("ADA@acme.example"), &variables).await.printed;
    assert!(pending.starts_with("https://roster.acme.example/acme/invitations/"), "{pending}");
    assert!(pending.contains("With this link ADA@acme.example can accept the invitation, until 2"), "{pending}");

    invite_at(&database, "late@acme.example", Utc::now() - TimeDelta::hours(24)).await;
    let expired = refused(&link("late@acme.example"), &variables).await;
    assert!(expired.contains("has expired: ask an admin of acme to send it again"), "{expired}");
    assert!(refused(&link("nobody@acme.example"), &variables).await.contains("no user of acme has the address nobody@acme.example"));
    assert!(refused(&link("no address"), &variables).await.contains("e-mail"));
    let elsewhere = ["user", "link", "--account", "beta", "ada@acme.example"];
    assert!(refused(&elsewhere, &variables).await.contains("there is no account with the slug \"beta\""));
    let count = async || sqlx::query_scalar::<_, i64>("select count(*) from mail_outbox").fetch_one(&database.pool()).await.unwrap();
    assert_eq!(count().await, 2, "only the two invitations wait");
}

#[tokio::test]
async fn an_operator_sees_what_waits_to_be_sent_and_why_and_has_it_tried_again() {
    let database = TestDatabase::create().await;
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    done(&["migrate"], &variables).await;
    assert_eq!(done(&["mail", "queue"], &variables).await.printed, "No mail waits.\n");
    done(&OPEN, &variables).await;
    let fresh = done(&["mail", "queue"], &variables).await.printed;
    for part in ["acme         ada@acme.example", "invitation", " 0 now ", "not tried yet", "One mail waits."] {
        assert!(fresh.contains(part), "{part}: {fresh}");
    }
    let failed = "update mail_outbox set attempts = 3, next_attempt_at = now() + interval '1 hour',
        last_error = 'the mail server cannot be reached: Connection refused'";
    sqlx::raw_sql(failed).execute(&database.pool()).await.unwrap();
    invite_at(&database, "eve@acme.example", Utc::now()).await;
    let first = done(&["mail", "queue", "--limit", "1"], &variables).await.printed;
    assert!(first.contains("eve@acme.example") && first.contains("2 mails wait; the first 1 are shown, see --limit."), "{first}");
    let all = done(&["mail", "queue", "--account", "acme", "--retry"], &variables).await.printed;
    let line = all.lines().find(|line| line.contains("ada@acme.example")).expect("her mail waits");
    assert!(line.contains(" 3 now ") && line.ends_with("the mail server cannot be reached: Connection refused"), "{all}");
    assert!(all.contains("2 mails wait.\n1 of them are due now."), "{all}");
    let elsewhere = refused(&["mail", "queue", "--account", "beta"], &variables).await;
    assert!(elsewhere.contains("there is no account with the slug \"beta\""), "{elsewhere}");
}

#[tokio::test]
async fn hostile_values_get_one_sentence_and_change_nothing() {
    let database = TestDatabase::create().await;
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    done(&OPEN, &variables).await;
    let events = "select count(*) from events";
    let before: i64 = sqlx::query_scalar(events).fetch_one(&database.pool()).await.unwrap();
    let open = |name: &'static str, slug: &'static str, admin: &'static str| {
        vec!["account", "open", "--name", name, "--slug", slug, "--admin", admin]
    };
    let invite = |account: &'static str, email: &'static str, method: &'static str| {
        vec!["user", "invite", "--account", account, "--email", email, "--allow", method]
    };
    for (arguments, expected) in [
        (open("Beta", "Be ta", "bea@beta.example"), "a short name has 2 to 40"),
        (open("Beta", "../beta", "bea@beta.example"), "a short name has 2 to 40"),
        (open("Beta", "graphql", "bea@beta.example"), "this short name is reserved"),
        (open("Beta", "ACME", "bea@beta.example"), "this short name is taken"),
        (open("", "beta", "bea@beta.example"), "name"),
        (open("a\u{1b}[2Jb", "beta", "bea@beta.example"), "name"),
        (open("Beta", "beta", "bea"), "write the bare address only"),
        (open("Beta", "beta", "Bea <bea@beta.example>"), "e-mail"),
        (invite("nobody", "eve@acme.example", "password"), "there is no account with the slug \"nobody\""),
        (invite("'; drop table users; --", "eve@acme.example", "password"), "a short name has 2 to 40"),
        (invite("acme", "eve@acme.example\r\nBcc: x@y.example", "password"), "control character"),
        (invite("acme", "ADA@acme.example", "password"), "this address is invited already"),
        (invite("acme", "eve@acme.example", "github"), "no sign-in method with the id github"),
        (vec!["user", "list", "--account", "nobody"], "there is no account with the slug \"nobody\""),
    ] {
        let sentence = refused(&arguments, &variables).await;
        assert!(sentence.contains(expected), "{arguments:?}: {sentence}");
    }
    let after: i64 = sqlx::query_scalar(events).fetch_one(&database.pool()).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_wrong_master_key_is_refused_before_anything_happens() {
    let database = TestDatabase::create().await;
    let right = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    done(&OPEN, &right).await;
    let wrong = [
        ("DATABASE_URL", database.url()),
        ("ROSTER_MASTER_KEY", OTHER_KEY),
        ("ROSTER_SMTP_URL", "smtp://127.0.0.1:1?tls=none"),
        ("ROSTER_MAIL_FROM", "roster@acme.example"),
        ("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"),
        ("ROSTER_LISTEN", "127.0.0.1:0"),
    ];
    for command in [&["serve"][..], &["user", "invite", "--account", "acme", "--email", "eve@acme.example"]] {
        let sentence = refused(command, &wrong).await;
        assert!(sentence.contains("master key"), "{command:?}: {sentence}");
        assert!(!sentence.contains(OTHER_KEY) && !sentence.contains(MASTER_KEY));
    }
    let both = [right[0], right[1], ("ROSTER_MASTER_KEY_FILE", "/no/such/file")];
    assert_eq!(Program::run(&OPEN, &both).await.code, Some(2), "two keys are one too many");
    let missing = [right[0], both[2]];
    assert!(refused(&OPEN, &missing).await.contains("/no/such/file cannot be read"));
}

#[tokio::test]
async fn failed_invitations_are_listed_and_sent_again() {
    let database = TestDatabase::create().await;
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    done(&OPEN, &variables).await;
    for number in 0..150 {
        invite_at(&database, &format!("user{number}@acme.example"), Utc::now()).await;
    }
    let command = ["user", "resend-failed", "--account", "acme"];
    assert_eq!(done(&command, &variables).await.printed, "No invitation has failed.\n");
    sqlx::query("update users set delivery_state = 'failed' where email like 'user%'").execute(&database.pool()).await.unwrap();

    let listed = done(&[&command[..], &["--dry-run"]].concat(), &variables).await.printed;
    assert!(listed.ends_with("150 invitations would be sent again. Nothing was changed.\n") && listed.lines().count() == 151, "{listed}");
    let resent = "select count(*) from events where event_type = 'InvitationResent'";
    let count = async || sqlx::query_scalar::<_, i64>(resent).fetch_one(&database.pool()).await.unwrap();
    assert_eq!(count().await, 0);

    let ended = done(&command, &variables).await;
    assert_eq!(ended.printed, "150 invitations are sent again. The mails go out as soon as a server runs.\n");
    assert!(ended.logged.contains("150 of 150 invitations are sent again"), "{ended:?}");
    assert_eq!(count().await, 150);
    assert_eq!(done(&command, &variables).await.printed, "No invitation has failed.\n");
    let unknown = refused(&["user", "resend-failed", "--account", "nowhere"], &variables).await;
    assert!(unknown.contains("nowhere"), "{unknown}");
}
