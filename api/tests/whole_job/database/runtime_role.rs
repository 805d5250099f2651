//! A server whose role may add to history, and nothing more.

use std::collections::BTreeSet;

use serde_json::json;
use sqlx::{Connection, Executor, PgConnection, Row};
use test_support::{SmtpServer, TestDatabase};

use super::outage::as_owner;
use crate::matrix::operations;
use crate::program::{Ended, MASTER_KEY, Program, Serving};
use crate::world::{World, open_account};

/// A role that may only connect, and is dropped at the end.
struct Runtime {
    role: String,
    url: String,
}

impl Runtime {
    async fn create(database: &TestDatabase, name: &str) -> Self {
        let role = format!("{name}_{}", std::process::id());
        as_owner(&format!("create role \"{role}\" login")).await;
        let url = database.url().replace("roster@", &format!("{role}@"));
        Self { role, url }
    }

    async fn drop(self, database: &TestDatabase) {
        let drop = format!("drop owned by \"{0}\"; drop role \"{0}\"", self.role);
        sqlx::raw_sql(&drop).execute(&database.pool()).await.expect("is dropped");
    }
}

async fn migrate(database: &TestDatabase, role: &str) -> Ended {
    Program::run(&["migrate", "--runtime-role", role], &[("DATABASE_URL", database.url())]).await
}

/// The codes of Postgres for what was tried in vain: a right is missing, or a trigger refuses.
async fn refused(connection: &mut PgConnection, statement: &str) -> Option<String> {
    let failed = connection.execute(statement).await.err()?;
    failed.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned)
}

#[tokio::test]
async fn everything_works_as_the_runtime_role() {
    let (database, smtp) = (TestDatabase::create().await, SmtpServer::start().await);
    let runtime = Runtime::create(&database, "roster_app").await;
    assert_eq!(migrate(&database, &runtime.role).await.code, Some(0));
    let roster = Serving::start(&runtime.url, smtp.port()).await;
    let (admin, account_id) = open_account(&roster).await;
    let world = World { database, smtp, roster, admin, account_id };
    for (document, variables) in operations(&world).await {
        let answer = world.admin.ask(&document, variables).await;
        assert!(!matches!(answer.code(), Some("INTERNAL" | "UNAVAILABLE")), "{document}: {answer:?}");
    }
    // A life from invitation to erasure: every table is written.
    let eve = world.member("eve@acme.example", "EDITOR").await;
    world.admin.run("updateUser", json!({ "id": eve.id, "role": "VIEWER", "active": false })).await.done();
    world.visitor().run("requestPasswordReset", json!({ "account": "acme", "email": "ada@acme.example" })).await.done();
    let confirmed = json!({ "id": eve.id, "confirmEmail": "eve@acme.example" });
    world.admin.run("deleteUser", confirmed.clone()).await.done();
    world.admin.run("eraseUser", confirmed).await.done();
    world.until_mail_is_settled().await;

    let variables = [("DATABASE_URL", runtime.url.as_str()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    for command in [
        &["user", "list", "--account", "acme"][..],
        &["user", "export", "--account", "acme"],
        &["history", "export", "--account", "acme"],
        &["user", "invite", "--account", "acme", "--email", "tom@acme.example"],
        &["mail", "queue", "--retry"],
        &["erasures", "list"],
        &["keys", "status"],
        &["keys", "rotate"],
        &["projections", "verify"],
        &["projections", "rebuild"],
        &["replay", "--account", "acme"],
    ] {
        let ended = Program::run(command, &variables).await;
        assert_eq!(ended.code, Some(0), "{command:?} {ended:?}");
    }
    let World { database, roster, .. } = world;
    drop(roster);
    runtime.drop(&database).await;
}

#[tokio::test]
async fn the_runtime_role_may_not_touch_history_or_the_schema() {
    let database = TestDatabase::create().await;
    let runtime = Runtime::create(&database, "roster_guest").await;
    // What it was granted too much before is revoked.
    let all = format!("grant all on all tables in schema public to {0}; grant create on schema public to {0}", runtime.role);
    sqlx::raw_sql(&all).execute(&database.pool()).await.expect("grants");
    assert_eq!(migrate(&database, &runtime.role).await.code, Some(0));

    let mut connection = PgConnection::connect(&runtime.url).await.expect("connects");
    for statement in [
        "update events set payload = '{}'",
        "delete from events",
        "truncate events",
        "alter table events disable trigger all",
        "drop trigger events_are_append_only on events",
        "create trigger mine before insert on users for each row execute function refuse_to_change_history()",
        "alter table events add column mine text",
        "alter table users owner to current_user",
        "drop table users",
        "create table mine ()",
        "create function mine() returns integer language sql as 'select 1'",
        "create or replace function current_generation() returns integer language sql as 'select 1'",
        "drop function refuse_to_change_history()",
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, xid)
         values ('user', 'x', 1, 'x', '1', '{}', '{}', gen_random_uuid(), '3')",
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, generation)
         values ('user', 'x', 1, 'x', '1', '{}', '{}', gen_random_uuid(), 7)",
        "insert into feed_generation (generation) values (2)",
        "delete from feed_generation",
        "delete from erased_persons",
        "update erased_persons set erased_at = now()",
        "delete from _sqlx_migrations",
        "update _sqlx_migrations set success = false",
        "do $$ begin lock table events in access exclusive mode; end $$",
        "set session_replication_role = replica",
        "set role roster",
        "create schema mine",
        "alter role current_user superuser",
        "copy events to program 'cat'",
    ] {
        assert_eq!(refused(&mut connection, statement).await.as_deref(), Some("42501"), "{statement}");
    }

    // A grant by who may not grant does nothing, and Postgres only warns.
    connection.execute("grant update on events to public").await.expect("is ignored");
    let has = "select has_table_privilege('public', 'events', 'update')";
    assert!(!sqlx::query_scalar::<_, bool>(has).fetch_one(&mut connection).await.expect("answers"));

    // A table that is not in the list of rights is one that servers cannot read.
    let select = "select relname::text, has_table_privilege($1, oid, 'select') from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')";
    let tables = sqlx::query(select).bind(&runtime.role).fetch_all(&database.pool()).await.expect("answers");
    let unreadable: BTreeSet<String> = tables.iter().filter(|row| !row.get::<bool, _>(1)).map(|row| row.get(0)).collect();
    assert!(tables.len() > 20 && unreadable.is_empty(), "give these rights in event_store/src/database/runtime_role.rs: {unreadable:?}");
    connection.close().await.expect("closes");
    runtime.drop(&database).await;
}

#[tokio::test]
async fn a_role_that_rights_do_not_limit_is_refused_with_the_reason() {
    let database = TestDatabase::create().await;
    for (role, expected) in [("no_one_here", "there is no role no_one_here: create it first"), ("roster", "it is a superuser")] {
        let ended = migrate(&database, role).await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.logged.contains(expected), "{}", ended.logged);
    }
    let member = Runtime::create(&database, "roster_member").await;
    as_owner(&format!("grant roster to {}", member.role)).await;
    let ended = migrate(&database, &member.role).await;
    assert!(ended.code == Some(1) && ended.logged.contains("owns the tables, or is a member of the role that does"), "{ended:?}");
    as_owner(&format!("revoke roster from {}", member.role)).await;

    // What everybody may, it may.
    sqlx::raw_sql("grant update on events to public").execute(&database.pool()).await.expect("grants");
    let ended = migrate(&database, &member.role).await;
    assert!(ended.code == Some(1) && ended.logged.contains("by way of PUBLIC or of another role: update on events"), "{ended:?}");
    let has = "select has_table_privilege($1, 'users', 'select')";
    let has: bool = sqlx::query_scalar(has).bind(&member.role).fetch_one(&database.pool()).await.expect("answers");
    assert!(!has, "nothing was granted");
    member.drop(&database).await;
}
