//! An operator replaces the master key.

use std::time::Duration;

use chrono::Utc;
use commands::{Commands, Context, InviteRow, InviteUsers};
use domain::{Actor, AuthMethod, AuthMethodId, AuthMethodKind, Role, Slug};
use event_store::{EventStore, MasterKey, MasterKeys};
use projections::accounts::find_account_by_slug;
use rustix::process::Signal;
use test_support::{TestDatabase, TestFolder};
use tokio::time::{sleep, timeout};

use super::operator::{OPEN, OTHER_KEY as NEW, done, refused};
use crate::program::{MASTER_KEY as OLD, Program, TIMEOUT};

const ROTATE: [&str; 2] = ["keys", "rotate"];
const STATUS: [&str; 2] = ["keys", "status"];

fn id(text: &str) -> String {
    MasterKey::parse(text).unwrap().id().to_string()
}

/// Variables with these keys, the current one first.
fn with<'a>(database: &'a TestDatabase, keys: &'a str) -> [(&'static str, &'a str); 2] {
    [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", keys)]
}

async fn left(database: &TestDatabase) -> u64 {
    let store = EventStore::new(&MasterKeys::parse(NEW).unwrap());
    store.count_left(&mut database.pool().acquire().await.unwrap()).await.unwrap()
}

/// An account with so many users besides its admin.
async fn account_of(database: &TestDatabase, users: usize) {
    done(&OPEN, &with(database, OLD)).await;
    let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Password".to_owned() };
    let commands = Commands::new(database.pool(), &MasterKeys::parse(OLD).unwrap(), vec![password]);
    let account = find_account_by_slug(&database.pool(), &Slug::parse("acme").unwrap()).await.unwrap().unwrap();
    let row =
        |number| InviteRow { email: format!("user{number}@acme.example"), role: Role::Viewer, auth_methods: vec!["password".to_owned()] };
    let input = InviteUsers { rows: (0..users).map(row).collect(), dry_run: false, idempotency_key: None };
    let answers = commands.invite_users(&Context::new(Actor::Operator, None, Utc::now()), account.id, &input).await.unwrap();
    assert!(answers.iter().all(|answer| answer.refusal.is_none()));
}

#[tokio::test]
async fn every_generated_key_is_another_one_and_nothing_else_is_printed() {
    let (one, two) = (done(&["keys", "generate"], &[]).await, done(&["keys", "generate"], &[]).await);
    assert_ne!(one.printed, two.printed);
    assert!(MasterKey::parse(&one.printed).is_ok() && one.printed.lines().count() == 1, "it is a key");
    assert_eq!((one.logged.as_str(), two.logged.as_str()), ("", ""));
}

#[tokio::test]
async fn an_operator_replaces_the_master_key_step_by_step() {
    let database = TestDatabase::create().await;
    account_of(&database, 2).await;
    let (old_first, new_first) = (format!("{OLD},{NEW}"), format!("{NEW},{OLD}"));
    let mut said = String::new();
    let mut says = async |command: &[&str], keys: &str, expected: &[String]| {
        let ended = done(command, &with(&database, keys)).await;
        for sentence in expected {
            assert!(ended.printed.contains(sentence), "{sentence}: {ended:?}");
        }
        said += &(ended.printed.clone() + &ended.logged);
        ended.printed
    };
    let line = |key: &str, is: &str, persons: u32| format!("{:<18}{is:<16}{persons:>9}\n", id(key));
    let whole = || "The current master key encrypts the keys of all users.\n".to_owned();

    says(&STATUS, OLD, &[line(OLD, "current", 3), whole()]).await;
    says(&STATUS, &old_first, &[line(OLD, "current", 3), line(NEW, "decrypts only", 0), whole()]).await;
    let begun =
        [line(NEW, "current", 0), line(OLD, "decrypts only", 3), "Not yet encrypted with the current master key: 3. Run".to_owned()];
    says(&STATUS, &new_first, &begun).await;
    let still_needed = "An old key that no process has used first since 2".to_owned();
    says(&ROTATE, &new_first, &["Encrypted again: 3.\n".to_owned(), whole(), still_needed.clone()]).await;
    let again = says(&ROTATE, &new_first, &["Encrypted again: 0.\n".to_owned(), whole(), still_needed]).await;
    assert!(again.contains(" is needed until 2") && again.contains("links that it has signed still work"), "{again}");
    says(&STATUS, NEW, &[line(NEW, "current", 3), whole()]).await;
    says(&["user", "invite", "--account", "acme", "--email", "eve@acme.example"], NEW, &[]).await;

    // Someone has gone back a step: what is written by the old one is found.
    says(&["user", "invite", "--account", "acme", "--email", "tom@acme.example"], &old_first, &[]).await;
    says(&ROTATE, &new_first, &["Encrypted again: 1.\n".to_owned(), whole()]).await;
    let long_ago = "update person_keys set rewrapped_at = now() - interval '25 hours';
        update users set invitation_sent_at = now() - interval '30 hours', invitation_expires_at = now() + interval '40 days'
        where email = 'user0@acme.example'";
    sqlx::raw_sql(long_ago).execute(&database.pool()).await.unwrap();
    let month = (Utc::now() + chrono::TimeDelta::days(40)).format("is needed until %F ").to_string();
    says(&STATUS, &new_first, &[month]).await;
    sqlx::raw_sql("update users set status = 'active' where email = 'user0@acme.example'").execute(&database.pool()).await.unwrap();
    says(&STATUS, &new_first, &[" UTC can be removed. Store it".to_owned()]).await;
    for key in [OLD, NEW] {
        assert!(!said.contains(key.trim_end_matches('=')), "a key is printed: {said}");
    }
}

#[tokio::test]
async fn a_start_without_a_needed_key_says_which_and_so_does_a_rotation() {
    let database = TestDatabase::create().await;
    account_of(&database, 1).await;
    let serve = [("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"), ("ROSTER_LISTEN", "127.0.0.1:0")];
    let invite = ["user", "invite", "--account", "acme", "--email", "eve@acme.example"];
    for (keys, missing) in [(NEW, OLD), (OLD, NEW)] {
        for command in [&["serve"][..], &invite, &ROTATE] {
            let sentence = refused(command, &[&with(&database, keys)[..], &serve].concat()).await;
            let expected = format!(
                "wrapped by the master key {}, which is not given (given: {}): add it behind the current one",
                id(missing),
                id(keys)
            );
            assert!(sentence.contains(&expected), "{command:?}: {sentence}");
            assert!(!sentence.contains(OLD) && !sentence.contains(NEW), "{sentence}");
        }
        let status = Program::run(&STATUS, &with(&database, keys)).await;
        assert_eq!(status.code, Some(1), "{status:?}");
        assert!(status.printed.contains(&format!("{:<18}{:<16}{:>9}\n", id(missing), "not given", 2)), "{status:?}");
        // From here on the new one is needed.
        done(&ROTATE, &with(&database, &format!("{NEW},{OLD}"))).await;
    }
}

#[tokio::test]
async fn keys_come_from_a_file_line_by_line_and_wrong_ones_are_refused() {
    let database = TestDatabase::create().await;
    account_of(&database, 1).await;
    let folder = TestFolder::create().unwrap();
    let file = folder.path().join("keys");
    std::fs::write(&file, format!("{NEW}\n{OLD}\n")).unwrap();
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY_FILE", file.to_str().unwrap())];
    assert!(done(&ROTATE, &variables).await.printed.starts_with("Encrypted again: 2.\n"));
    for (keys, expected) in [
        (format!("{NEW},{NEW}"), format!("the master key {} is given twice: another one was meant", id(NEW))),
        (format!("{NEW},s3cret"), "a master key is 32 bytes in base64".to_owned()),
        (format!("s3cret,{NEW}"), "a master key is 32 bytes in base64".to_owned()),
        (",".to_owned(), "a master key is 32 bytes in base64".to_owned()),
    ] {
        let sentence = refused(&ROTATE, &with(&database, &keys)).await;
        assert!(sentence.contains(&expected) && !sentence.contains("s3cret") && !sentence.contains(NEW), "{sentence}");
        std::fs::write(&file, keys.replace(',', "\n")).unwrap();
        let sentence = refused(&ROTATE, &variables).await;
        assert!(sentence.contains(&expected) && !sentence.contains("s3cret"), "{sentence}");
    }
    let unset = refused(&ROTATE, &variables[..1]).await;
    assert!(unset.contains("set ROSTER_MASTER_KEY or ROSTER_MASTER_KEY_FILE"), "{unset}");
}

#[tokio::test]
async fn killed_half_way_it_goes_on_where_it_was() {
    let database = TestDatabase::create().await;
    account_of(&database, 1000).await;
    let pool = database.pool();
    // It comes to a halt at the last person, in its third part.
    let halt = "create function wait_for_the_test() returns trigger language plpgsql as
            $$ begin perform pg_advisory_xact_lock(42); return new; end $$;
        do $$ begin execute format('create trigger halts before update on person_keys for each row when (new.person_id = %L)
            execute function wait_for_the_test()', (select person_id from person_keys order by account_id desc, person_id desc limit 1)); end $$";
    sqlx::raw_sql(halt).execute(&pool).await.unwrap();
    let mut lock = pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(42)").execute(&mut *lock).await.unwrap();
    let both = format!("{NEW},{OLD}");
    let program = Program::start(&ROTATE, &with(&database, &both));
    let comes_to_a_halt = async {
        let waits = "select exists (select from pg_locks where locktype = 'advisory' and not granted and objid = 42)";
        while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&pool).await.unwrap() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(TIMEOUT, comes_to_a_halt).await.expect("it comes to the last person");
    program.logged("how far it is", |log| log.contains("500 of 1001 are encrypted again").then_some(())).await;
    program.signal(Signal::KILL);
    assert_eq!(program.ended().await.code, None);
    assert_eq!(left(&database).await, 1, "two parts are done, and the third has not happened");
    let half_way = done(&STATUS, &with(&database, &both)).await.printed;
    assert!(half_way.contains("Not yet encrypted with the current master key: 1."), "{half_way}");
    lock.rollback().await.unwrap();

    let again = done(&ROTATE, &with(&database, &both)).await;
    assert!(again.printed.starts_with("Encrypted again: 1.\nThe current master key encrypts the keys of all users.\n"), "{again:?}");
    assert_eq!(left(&database).await, 0);
}

#[tokio::test]
async fn a_key_that_nothing_opens_is_named_and_keeps_no_other_back() {
    let database = TestDatabase::create().await;
    account_of(&database, 3).await;
    let broken = "update person_keys set wrapped_key = set_byte(wrapped_key, 30, get_byte(wrapped_key, 30) # 1)
        where person_id = (select id from users where email = 'user1@acme.example') returning person_id::text";
    let broken: String = sqlx::query_scalar(broken).fetch_one(&database.pool()).await.unwrap();
    let both = format!("{NEW},{OLD}");
    let ended = Program::run(&ROTATE, &with(&database, &both)).await;
    assert_eq!((ended.code, ended.printed.as_str()), (Some(1), "Encrypted again: 3.\n"), "{ended:?}");
    let said = format!("1 keys are left, including the key of user {broken}: none of the given master keys decrypts them");
    assert!(ended.logged.contains(&said), "{ended:?}");
}
