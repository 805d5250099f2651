//! `roster projections` and `roster replay`.

use std::fs;

use test_support::{TestDatabase, TestFolder};

use crate::operator::{OPEN, done, refused};
use crate::program::{MASTER_KEY, Program};

/// An account in which something has happened.
async fn lived(database: &TestDatabase) -> [(&str, &str); 2] {
    let variables = [("DATABASE_URL", database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    done(&OPEN, &variables).await;
    for email in ["eve@acme.example", "zoe@bücher.example", "tom@acme.example"] {
        done(&["user", "invite", "--account", "acme", "--role", "editor", "--email", email], &variables).await;
    }
    database.until_events_are_shown().await;
    variables
}

#[tokio::test]
async fn what_readers_see_is_compared_and_repaired() {
    let database = TestDatabase::create().await;
    let variables = lived(&database).await;
    let verified = done(&["projections", "verify"], &variables).await;
    assert_eq!(verified.printed, "Compared 4 users and their data: every row is as the events have it.\n");
    sqlx::query("update users set role = 'admin' where email like 'eve@%'").execute(&database.pool()).await.unwrap();
    let failed = Program::run(&["projections", "verify"], &variables).await;
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert!(failed.logged.contains("is not as the events have it") && failed.logged.contains("users "), "{failed:?}");
    assert!(!failed.logged.contains("eve@"), "{failed:?}");
    let rebuilt = done(&["projections", "rebuild", "--verify"], &variables).await;
    assert!(rebuilt.printed.starts_with("Rebuilt 4 users and their data. Rows that differed from the events: 1.\n"));
    assert!(rebuilt.printed.ends_with("every row is as the events have it.\n"), "{rebuilt:?}");
    let again = done(&["projections", "rebuild"], &variables).await;
    assert!(again.printed.contains("from the events: 0."), "{again:?}");
}

#[tokio::test]
async fn an_auditor_has_every_stream_read_by_programs_that_are_not_part_of_roster() {
    let database = TestDatabase::create().await;
    let variables = lived(&database).await;
    let verified = done(&["projections", "verify", "--independent"], &variables).await;
    let lines: Vec<_> = verified.printed.lines().collect();
    let [rows, streams] = lines[..] else { panic!("{verified:?}") };
    assert_eq!(rows, "Compared 4 users and their data: every row is as the events have it.");
    let expected: (i64, i64) =
        sqlx::query_as("select count(*) filter (where sequence = 1), count(*) from events").fetch_one(&database.pool()).await.unwrap();
    let (count, events) = expected;
    assert_eq!(
        streams,
        format!(
            "Read {count} streams with {events} events through postgres-es and cqrs-es: each has the version and state that Roster has."
        )
    );
    // An event that Roster has never appended.
    sqlx::query(
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id) \
         select aggregate_type, aggregate_id, 7, 'SessionsEnded', '1', '{\"SessionsEnded\": {}}', metadata, account_id, person_id \
         from events where aggregate_type = 'user' and event_type = 'Invited' limit 1",
    )
    .execute(&database.pool())
    .await
    .unwrap();
    let failed = Program::run(&["projections", "verify", "--independent"], &variables).await;
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert!(failed.logged.contains("has version 2 by Roster and version 7 by postgres-es"), "{failed:?}");
    assert!(failed.logged.contains("streams that postgres-es and cqrs-es do not read as Roster does: 1, of"), "{failed:?}");
    assert!(!failed.logged.contains('@'), "nothing personal: {failed:?}");
}

#[tokio::test]
async fn a_replay_prints_the_list_from_the_database_and_from_an_export_the_same() {
    let database = TestDatabase::create().await;
    let variables = lived(&database).await;
    let folder = TestFolder::create().unwrap();
    let file = folder.path().join("acme.ndjson");
    let file = file.to_str().unwrap();
    done(&["history", "export", "--account", "acme", "--output", file], &variables).await;
    let listed = done(&["user", "list", "--account", "acme"], &variables).await.printed;
    assert!(listed.contains("zoe@bücher.example"));
    assert_eq!(done(&["replay", "--account", "acme"], &variables).await.printed, listed);
    let from_file = done(&["replay", "--from", file], &[]).await;
    assert_eq!(from_file.printed, listed, "no database is needed");
    assert!(from_file.logged.starts_with("4 users, from "), "{from_file:?}");
    let before = done(&["replay", "--from", file, "--until", "2020-01-01T00:00:00Z", "--format", "ndjson"], &[]).await;
    assert_eq!((before.printed.as_str(), before.logged.as_str()), ("", "0 users, from 0 events until 2020-01-01 00:00:00.000000 UTC.\n"));
    let objects = done(&["replay", "--from", file, "--format", "ndjson"], &[]).await.printed;
    let emails: Vec<_> = objects.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["email"].clone()).collect();
    assert_eq!(emails, ["tom@acme.example", "zoe@bücher.example", "eve@acme.example", "ada@acme.example"]);

    let sealed = folder.path().join("sealed.ndjson");
    let sealed = sealed.to_str().unwrap();
    done(&["history", "export", "--account", "acme", "--sealed", "--output", sealed], &variables).await;
    let replayed = done(&["replay", "--from", sealed], &[]).await.printed;
    assert!(!replayed.contains('@') && replayed.lines().count() == 5, "{replayed}");
}

#[tokio::test]
async fn a_replay_of_what_is_not_whole_fails_and_says_where() {
    let database = TestDatabase::create().await;
    let variables = lived(&database).await;
    let folder = TestFolder::create().unwrap();
    let file = folder.path().join("acme.ndjson");
    done(&["history", "export", "--account", "acme", "--output", file.to_str().unwrap()], &variables).await;
    let whole = fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = whole.lines().collect();
    let cut_in_a_line = &whole[..whole.len() / 2];
    let first = lines.iter().position(|line| line.contains("roster.user.Invited")).unwrap();
    let (mut gap, mut twice) = (lines.clone(), lines.clone());
    gap.remove(first);
    twice.insert(first, lines[first]);
    for (text, said) in [
        (lines[..lines.len() - 1].join("\n"), "is truncated"),
        (String::new(), "is truncated"),
        (cut_in_a_line.to_owned(), "is not a CloudEvent of a history"),
        (gap.join("\n"), "the export had"),
        (twice.join("\n"), "comes after event 1"),
    ] {
        fs::write(&file, text).unwrap();
        let sentence = refused(&["replay", "--from", file.to_str().unwrap()], &[]).await;
        assert!(sentence.contains(said), "{said}: {sentence}");
    }
    // What a newer Roster has written is named, and the rest is printed all the same.
    fs::write(&file, whole.replacen("roster.user.Invited.v1", "roster.user.Invited.v9", 1)).unwrap();
    let newer = Program::run(&["replay", "--from", file.to_str().unwrap()], &[]).await;
    assert!(newer.code == Some(1) && newer.logged.contains("Invited in version 9, event 1 of user"), "{newer:?}");
    assert!(newer.printed.contains("eve@acme.example") && !newer.printed.contains("ada@acme.example"), "{newer:?}");
    let missing = refused(&["replay", "--from", "/no/such/file"], &[]).await;
    assert!(missing.contains("cannot be read"), "{missing}");
    let lost = [("DATABASE_URL", "postgres://roster@127.0.0.1:1/roster"), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let sentence = refused(&["projections", "rebuild"], &lost).await;
    assert!(sentence.contains("the database cannot be reached"), "{sentence}");
}
