//! A database that was restored: every command refuses it, and `roster restore finish` takes it on.

use api::cli::Cli;
use clap::{Command, CommandFactory};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use test_support::{TestDatabase, TestFolder, bin_dir, run_program};

use crate::operator::{OPEN, done, refused};
use crate::program::{MASTER_KEY, Program};

/// What stands for each argument that a command demands. A new one needs a value here.
const VALUES: [(&str, &str); 7] = [
    ("account", "acme"),
    ("admin", "ada@acme.example"),
    ("confirm", "eve@acme.example"),
    ("email", "eve@acme.example"),
    ("file", "FILE"),
    ("name", "Beta"),
    ("slug", "beta"),
];

const SENTENCE: &str = "this database was restored from a dump: run `roster restore finish` first";

/// Every command that opens a database, with what it demands.
fn commands(command: &Command, path: &[String], found: &mut Vec<Vec<String>>, file: &str) {
    for inner in command.get_subcommands() {
        commands(inner, &[path, &[inner.get_name().to_owned()]].concat(), found, file);
    }
    if !command.get_arguments().any(|argument| argument.get_id() == "database_url") {
        return;
    }
    let mut typed = path.to_vec();
    // `replay` demands one of two.
    let demanded =
        command.get_arguments().filter(|argument| argument.is_required_set() || path == ["replay"] && argument.get_id() == "account");
    for argument in demanded {
        let id = argument.get_id().as_str();
        let value = VALUES.iter().find(|(name, _)| *name == id).unwrap_or_else(|| panic!("{path:?} demands {id}: what stands for it?")).1;
        let value = if value == "FILE" { file } else { value };
        typed.extend(argument.get_long().map(|long| format!("--{long}")));
        typed.push(value.to_owned());
    }
    found.push(typed);
}

/// A dump of this database, restored into another one of the same cluster.
async fn restored(source: &TestDatabase, folder: &TestFolder) -> TestDatabase {
    let (bin, file) = (bin_dir().await, folder.path().join("dump"));
    let file = file.to_str().expect("it is text");
    run_program(&bin.join("pg_dump"), &["-Fc", "--file", file, "--dbname", source.url()]).await;
    let target = TestDatabase::create_empty("").await;
    run_program(&bin.join("pg_restore"), &["--exit-on-error", "--dbname", target.url(), file]).await;
    target
}

async fn text(database: &TestDatabase, sql: &'static str) -> String {
    let mut connection = PgConnection::connect(database.url()).await.expect("connects");
    sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("answers")
}

/// Everything that a command could have written.
const WRITTEN: &str = "select json_build_array((select count(*) from events), (select generation from feed_generation),
    (select count(*) from _sqlx_migrations), (select count(*) from users), (select count(*) from feed_checkpoints))::text";

#[tokio::test]
async fn every_command_refuses_a_restored_database_before_it_writes() {
    let source = TestDatabase::create().await;
    done(&OPEN, &[("DATABASE_URL", source.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)]).await;
    let folder = TestFolder::create().expect("a folder can be made");
    let target = restored(&source, &folder).await;
    // As if the schema were behind: `migrate` refuses all the same.
    let file = folder.path().join("erasures.ndjson");
    std::fs::write(&file, "").expect("writes");
    let data = folder.path().join("data");
    let variables = [
        ("DATABASE_URL", target.url()),
        ("ROSTER_MASTER_KEY", MASTER_KEY),
        ("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"),
        ("ROSTER_LISTEN", "127.0.0.1:0"),
        ("ROSTER_DATA_DIR", data.to_str().expect("it is text")),
    ];
    let mut found = vec![];
    commands(&Cli::command(), &[], &mut found, file.to_str().expect("it is text"));
    found.retain(|typed| typed[0] != "restore");
    assert!(found.len() >= 16, "only {found:?}");
    let before = text(&target, WRITTEN).await;
    for typed in &found {
        let typed: Vec<_> = typed.iter().map(String::as_str).collect();
        assert_eq!(refused(&typed, &variables).await, SENTENCE, "{typed:?}");
        assert_eq!(text(&target, WRITTEN).await, before, "{typed:?}");
    }
    let finished = done(&["restore", "finish"], &variables).await.printed;
    assert!(
        finished
            .starts_with("Restored from a dump: 2 events of 1 accounts come before all new events. The generation was 1 and is now 2.\n"),
        "{finished}"
    );
    for step in
        ["`roster erasures apply FILE`", "`roster projections verify`", "1 mails wait and will be sent, possibly for the second time"]
    {
        assert!(finished.contains(step), "{step}: {finished}");
    }
    let again = done(&["restore", "finish"], &variables).await.printed;
    assert_eq!(again, "Nothing to do: the database already has generation 2, with 2 events of 1 accounts.\n");
    done(&["projections", "verify"], &variables).await;
    let once_more = done(&["restore", "finish", "--again"], &variables).await.printed;
    assert!(once_more.starts_with("Started again: 2 events"), "{once_more}");
    assert_eq!(text(&target, "select generation::text from feed_generation").await, "3");
}

#[tokio::test]
async fn a_dump_of_an_older_schema_is_refused_and_taken_on_with_the_newest() {
    let source = TestDatabase::create().await;
    done(&OPEN, &[("DATABASE_URL", source.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)]).await;
    // As it was before identities were stored.
    let older = "drop function present_cluster; delete from _sqlx_migrations where version = 130;
        alter table feed_generation drop column system_identifier, drop column database_oid, drop column table_oid, drop column timeline,
            drop column identified_by, drop column identified_at, drop column restore_unfinished";
    sqlx::raw_sql(older).execute(&source.pool()).await.expect("goes back");
    let folder = TestFolder::create().expect("a folder can be made");
    let target = restored(&source, &folder).await;
    let (own, other) = ([("DATABASE_URL", source.url())], [("DATABASE_URL", target.url())]);
    assert_eq!(refused(&["migrate"], &other).await, SENTENCE);
    let columns = "select count(*)::text from information_schema.columns where table_name = 'feed_generation'";
    assert_eq!(text(&target, columns).await, "2", "nothing was migrated");
    done(&["migrate"], &own).await;
    assert_eq!(text(&source, "select (identified_by is not null)::text from feed_generation").await, "true", "it is stored at once");
    assert!(done(&["restore", "finish"], &other).await.printed.starts_with("Restored from a dump: 2 events"));
    done(&["user", "list", "--account", "acme"], &other).await;
}

#[tokio::test]
async fn the_erasures_are_applied_before_any_program_may_work() {
    let source = TestDatabase::create().await;
    let of_source = [("DATABASE_URL", source.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    done(&OPEN, &of_source).await;
    let invite = |email| ["user", "invite", "--account", "acme", "--email", email];
    done(&invite("eve@acme.example"), &of_source).await;
    let folder = TestFolder::create().expect("a folder can be made");
    let target = restored(&source, &folder).await;
    let eve = text(&target, "select id::text from users where email = 'eve@acme.example'").await;
    let account = text(&target, "select id::text from accounts").await;
    let file = folder.path().join("erasures.ndjson");
    let path = file.to_str().expect("it is text");
    let finish = ["restore", "finish", "--erasures", path];
    let variables = [("DATABASE_URL", target.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];

    std::fs::write(&file, "no list\n").expect("writes");
    assert!(refused(&finish, &variables).await.contains("line 1 is not an erasure"));
    let line = json!({ "accountId": account, "userId": eve, "erasedAt": "2026-11-24T12:00:00Z" });
    std::fs::write(&file, format!("{line}\n")).expect("writes");
    let wrong_key = [variables[0], ("ROSTER_MASTER_KEY", crate::operator::OTHER_KEY)];
    assert!(refused(&finish, &wrong_key).await.contains("master key"));
    assert_eq!(text(&target, "select generation::text from feed_generation").await, "1", "what is found first changes nothing");

    // A fault in the middle: the erasures do not get to their end.
    sqlx::raw_sql("alter table erased_persons add constraint broken check (false)").execute(&target.pool()).await.expect("breaks");
    let broken = Program::run(&finish, &variables).await;
    assert!(broken.code == Some(1) && broken.logged.contains("was not erased"), "{broken:?}");
    let unfinished = "the restore of this database is not finished: run `roster restore finish --erasures FILE` again";
    assert_eq!(refused(&["user", "list", "--account", "acme"], &variables).await, unfinished);
    assert_eq!(refused(&["restore", "finish"], &variables).await, unfinished);
    sqlx::raw_sql("alter table erased_persons drop constraint broken").execute(&target.pool()).await.expect("repairs");
    let finished = done(&finish, &variables).await.printed;
    assert!(finished.starts_with("An earlier run started generation 2"), "{finished}");
    assert!(finished.contains("\nErasures: 1 of 1 are erased; 0 are unknown to this database.\n"), "{finished}");
    assert!(!done(&["user", "list", "--account", "acme"], &variables).await.printed.contains("eve@"));
    assert_eq!(text(&target, "select count(*)::text from erased_persons").await, "1");
}

#[tokio::test]
async fn migrate_refuses_another_encoding_before_it_makes_anything() {
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let database = TestDatabase::create_empty(&format!("encoding '{encoding}' locale 'C'")).await;
        let sentence = refused(&["migrate"], &[("DATABASE_URL", database.url())]).await;
        assert!(
            sentence.contains(&format!("has the encoding {encoding}, but Roster needs UTF8: create another one with `createdb")),
            "{sentence}"
        );
        assert_eq!(text(&database, "select count(*)::text from pg_class where relnamespace = 'public'::regnamespace").await, "0");
    }
    let empty = TestDatabase::create_empty("").await;
    let nothing = refused(&["restore", "finish"], &[("DATABASE_URL", empty.url())]).await;
    assert_eq!(nothing, "this database contains no Roster: restore a backup into it first");
}
