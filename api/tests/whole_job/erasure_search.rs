//! Someone lives a full life and is erased: a search through a dump of the database, and through what Roster and Postgres have
//! logged, finds nothing of them. Before, it finds everything.

use chrono::{TimeDelta, Utc};
use commands::mail::Due;
use domain::delivery::FailureReason;
use reqwest::header::{HeaderMap, HeaderValue};
use rustix::process::Signal;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use test_support::{OpenIdProvider, OwnCluster, SmtpBehaviour, TestFolder, own_cluster_with_log};

use crate::export::exported;
use crate::letters::token_of;
use crate::person::Person;
use crate::program::{MASTER_KEY, Program, Serving};
use crate::refused_attempts::so_many;
use crate::traces::found_in;
use crate::world::{PASSWORD, World, commands_over};
use test_support::{AtProvider::SignIn, Browser};

const QUILLA: &str = "Quilla.Unique@Acme.example";
/// Where their mail goes.
const MAILED: &str = "quilla.unique@acme.example";
const SUBJECT: &str = "subject-4711-wombat";
/// Address, name, the name of a key, program, places, what a mail server said, and who a provider says it is.
const TRACES: [&str; 9] =
    [QUILLA, "quilla.unique", "Zebulon", "Platypus", "QuokkaBrowser/1.0", "203.0.113.77", "203.0.113.78", "user unknown", SUBJECT];

/// Someone who sends requests from this address, with a program of their own.
fn visitor_from(world: &World, address: &'static str) -> Person {
    let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), HeaderValue::from_static(address))]);
    let client = reqwest::Client::builder().user_agent("QuokkaBrowser/1.0").default_headers(headers);
    Person { client: client.build().unwrap(), ..world.visitor() }
}

/// A Roster that believes proxies and offers a provider, and says in its log all that it can say.
async fn start(cluster: &OwnCluster) -> (World, OpenIdProvider) {
    let (company, folder) = (OpenIdProvider::start().await, TestFolder::create().unwrap());
    let (secret, providers) = (folder.path().join("secret"), folder.path().join("providers.toml"));
    std::fs::write(secret, OpenIdProvider::CLIENT_SECRET).unwrap();
    let (issuer, client) = (company.issuer(), OpenIdProvider::CLIENT_ID);
    let entry = "[[provider]]\nid = 'company'\nlabel = 'The company'\nclient_secret_file = 'secret'\n";
    std::fs::write(&providers, format!("{entry}issuer = '{issuer}'\nclient_id = '{client}'\n")).unwrap();
    let providers = providers.to_str().unwrap();
    let variables = [("ROSTER_PROVIDERS_FILE", providers), ("ROSTER_TRUSTED_PROXIES", "127.0.0.1"), ("ROSTER_LOG", "debug")];
    (World::start_over(cluster.create_database().await, &variables).await, company)
}

/// Invited, not found, invited again, joined, seen at work, and refused.
async fn lives(world: &World, company: &OpenIdProvider) -> Person {
    const KEY: &str = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { userErrors { code } } }";
    world.smtp.behave(SmtpBehaviour::Refusing).await;
    let invite = json!({ "email": QUILLA, "role": "VIEWER", "authMethods": ["password", "company"], "idempotencyKey": "one" });
    let id = world.admin.run("inviteUser", invite).await.user()["id"].clone();
    world.until("select count(*) = 1 from events where event_type = 'Failed'", "the mail is refused").await;
    world.smtp.behave(SmtpBehaviour::Healthy).await;
    // With this the past of users is written, and keeps what the mail server said.
    let id = id.as_str().expect("an id");
    as_of(world, id, events_about(world, id).await.last().expect("the mail failed")).await;
    world.admin.run("resendInvitation", json!({ "id": id, "confirmEmail": QUILLA })).await.done();
    let token = token_of(&world.smtp.wait_for(MAILED, 1).await[0], &world.roster.url, "acme");
    let (home, elsewhere) = (visitor_from(world, "203.0.113.77"), visitor_from(world, "203.0.113.78"));
    let accept = json!({ "token": token, "password": PASSWORD, "name": "Zebulon", "transport": "TOKEN" });
    home.run("acceptInvitation", accept).await.done();
    let quilla = home.signed_in(&home.sign_in("acme", QUILLA, PASSWORD).await);

    assert_eq!(elsewhere.sign_in("acme", QUILLA, "wrong-passw0rd").await.refused().0, "INVALID_CREDENTIALS");
    let invite = json!({ "email": "x@acme.example", "role": "VIEWER", "authMethods": ["password"] });
    assert_eq!(quilla.attempt("inviteUser", invite).await.code(), Some("FORBIDDEN"));
    so_many(&world.admin, 2, json!({})).await;
    let key = quilla.ask(KEY, json!({ "input": { "name": "Platypus", "scopes": ["USERS_READ"] } })).await;
    assert_eq!(key.body["data"]["createApiKey"]["userErrors"], json!([]));
    home.run("requestPasswordReset", json!({ "account": "acme", "email": QUILLA })).await.done();
    world.smtp.wait_for(MAILED, 2).await;
    for (role, name) in [("EDITOR", "Zebulon the First"), ("ADMIN", "Zebulon the Second")] {
        let update = json!({ "id": quilla.id, "role": role, "name": name, "idempotencyKey": role });
        world.admin.run("updateUser", update).await.done();
    }
    company.set_person(SUBJECT, json!({ "email": QUILLA, "email_verified": true, "name": "Zebulon" })).await;
    let way = format!("{}/sign-in/company?account=acme", world.roster.url);
    assert_eq!(Browser::new().sign_in(&way, SignIn(SUBJECT)).await.location.as_deref(), Some("/"));
    world.until_mail_is_settled().await;
    quilla
}

/// What goes wrong about them: twice invited at once, an admin too few, and what only a mistake of ours would send to Postgres.
async fn errs(world: &World, person: &Person) {
    let invite = || world.admin.run("inviteUser", json!({ "email": person.email, "role": "VIEWER", "authMethods": ["password"] }));
    let (one, two) = tokio::join!(invite(), invite());
    assert_eq!((one.refused().0, two.refused().0), ("ALREADY_MEMBER", "ALREADY_MEMBER"));
    let demote = async |id: &str| world.admin.run("updateUser", json!({ "id": id, "role": "VIEWER" })).await;
    demote(&person.id).await.done();
    assert_eq!(demote(&world.admin.id).await.refused().0, "LAST_ADMIN");
    for (violates, sql) in [
        ("users_one_live_per_address", "update users set email_normalised = lower($1) where email_normalised <> lower($1)"),
        ("users_role_known", "update users set role = 'owner' where email_normalised = lower($1)"),
    ] {
        let refused = sqlx::query(sql).bind(&person.email).execute(&world.database.pool()).await.expect_err(violates);
        assert!(refused.to_string().contains(violates), "{refused}");
    }
}

/// The events about someone that the audit log lists, oldest first: all of them.
async fn events_about(world: &World, id: &str) -> Vec<Value> {
    const LOG: &str = "query($id: ID!) { auditLog(first: 100, direction: ASC, filter: { subject: $id }) { nodes { cursor type } } }";
    world.until_events_are_shown().await;
    let mut answer = world.admin.ask(LOG, json!({ "id": id })).await;
    assert_eq!(answer.code(), None, "{answer:?}");
    let Value::Array(events) = answer.body["data"]["auditLog"]["nodes"].take() else { panic!("{answer:?}") };
    let count = sqlx::query_scalar("select count(*) from events where person_id = $1::text::uuid").bind(id);
    let count: i64 = count.fetch_one(&world.database.pool()).await.unwrap();
    assert_eq!(i64::try_from(events.len()).unwrap(), count);
    events
}

/// How someone stood in the list of users when an event had happened.
async fn as_of(world: &World, id: &str, event: &Value) -> Value {
    const LIST: &str = "query($cursor: String!) { users(asOf: { event: $cursor }) { nodes { id: userId email name status } } }";
    let answer = world.admin.ask(LIST, json!({ "cursor": event["cursor"] })).await;
    assert_eq!(answer.code(), None, "{answer:?}");
    let users = answer.body["data"]["users"]["nodes"].as_array().expect("a list");
    users.iter().find(|user| user["id"] == *id).expect("they are in the list").clone()
}

/// What Postgres remembers of the values in tables, to plan statements; no dump has it.
async fn statistics(world: &World) -> String {
    let select = "select string_agg(s::text, e'\n') from pg_stats s where schemaname = 'public'";
    sqlx::query_scalar(select).fetch_one(&world.database.pool()).await.expect("the database answers")
}

async fn stopped(serving: Serving) -> String {
    serving.program.signal(Signal::TERM);
    let ended = serving.program.ended().await;
    assert!(ended.logged.contains(r#""message":"stopped""#), "{}", ended.logged);
    ended.logged
}

#[tokio::test]
async fn own_cluster_after_an_erasure_a_dump_and_every_log_hold_nothing_of_who_was_erased() {
    let cluster = own_cluster_with_log().await;
    let (mut world, company) = start(&cluster).await;
    let quilla = lives(&world, &company).await;
    errs(&world, &quilla).await;
    let cast = sqlx::query("select $1::text::boolean").bind(QUILLA).execute(&world.database.pool()).await;
    assert!(cast.expect_err("it is not one").to_string().contains(QUILLA), "Postgres quotes it");
    let database_url = world.database.url().to_owned();
    let roster = async |arguments: &str| {
        let variables = [("DATABASE_URL", database_url.as_str()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
        let ended = Program::run(&arguments.split(' ').collect::<Vec<_>>(), &variables).await;
        assert_eq!(ended.code, Some(0), "{arguments}: {ended:?}");
        ended
    };
    let mut logged = String::new();
    for export in ["history export", "user export", "replay"] {
        let ended = roster(&format!("{export} --account acme")).await;
        assert!(ended.printed.contains(QUILLA), "{export}: {ended:?}");
        logged.push_str(&ended.logged);
    }
    for path in ["/history/export", "/users/export"] {
        assert!(exported(&world.admin, path).await.contains(QUILLA), "{path}");
    }
    logged.push_str(&roster("projections rebuild --verify").await.logged);
    let lived = events_about(&world, &quilla.id).await;
    let last = lived.last().expect("they lived").clone();
    let known = json!({ "id": quilla.id, "email": QUILLA, "name": "Zebulon the Second", "status": "ACTIVE" });
    assert_eq!(as_of(&world, &quilla.id, &last).await, known);
    assert_eq!(found_in(&cluster.dump(world.database.url()).await, &TRACES), TRACES, "all of it is there to be found");

    world.sql("analyze").await;
    assert!(found_in(&statistics(&world).await, &TRACES).contains(&QUILLA));

    // From here on mail waits, so that one can be on its way in our hands when its recipient is erased.
    let second = Serving::start_without_mail(world.database.url(), &[("ROSTER_LOG", "debug")]).await;
    world.admin.url.clone_from(&second.url);
    logged.push_str(&stopped(std::mem::replace(&mut world.roster, second)).await);
    world.admin.run("deleteUser", json!({ "id": quilla.id, "confirmEmail": QUILLA })).await.done();
    let commands = commands_over(&world.database);
    let claimed = commands.claim_mails(Utc::now(), TimeDelta::minutes(5), 10, Due::Now).await.expect("claims");
    let [Ok(mail)] = claimed.as_slice() else { panic!("one mail should be on its way: {claimed:?}") };
    world.admin.run("eraseUser", json!({ "id": quilla.id, "confirmEmail": QUILLA })).await.done();
    let reply = format!("550 5.1.1 <{QUILLA}>: user unknown");
    commands.record_mail_failed(mail, Utc::now(), FailureReason::Refused, &reply).await.expect("records");

    let types: Vec<_> = events_about(&world, &quilla.id).await.iter().map(|event| event["type"].clone()).collect();
    assert_eq!(types[lived.len()..], ["DELETED", "ERASED", "MAIL_FAILED"], "also what came to pass afterwards");
    let unknown = json!({ "id": quilla.id, "email": null, "name": null, "status": "ACTIVE" });
    assert_eq!(as_of(&world, &quilla.id, &last).await, unknown);
    for export in ["history export", "user export --include-deleted", "replay --include-deleted"] {
        let ended = roster(&format!("{export} --account acme")).await;
        assert_eq!(found_in(&(ended.printed + &ended.logged), &TRACES), [""; 0], "{export}");
    }
    logged.push_str(&roster("projections verify").await.logged);
    assert_eq!(found_in(&cluster.dump(world.database.url()).await, &TRACES), [""; 0], "in the database");
    world.sql("analyze").await;
    assert_eq!(found_in(&statistics(&world).await, &TRACES), [""; 0], "in the statistics");
    logged.push_str(&stopped(world.roster).await);
    assert!(logged.contains(r#""level":"DEBUG""#), "{logged}");
    assert_eq!(found_in(&logged, &TRACES), [""; 0], "in the log of Roster");
    let postgres = cluster.log().await;
    assert!(postgres.contains("database system is ready"), "{postgres}");
    assert_eq!(found_in(&postgres, &TRACES), [""; 0], "in the log of Postgres");
}

#[tokio::test]
async fn own_cluster_a_postgres_of_ones_own_logs_nothing_of_people_once_its_errors_are_terse() {
    let cluster = own_cluster_with_log().await;
    let mut read = 0;
    // As Postgres comes, with every statement logged as well, and as it should be.
    let everything = vec![QUILLA, "Zebulon"];
    for (verbosity, statements, found) in [("default", "none", &everything), ("default", "all", &everything), ("terse", "all", &vec![])] {
        let database = cluster.create_database().await;
        let mut connection = PgConnection::connect(database.url()).await.expect("connects");
        for (name, value) in [
            ("log_min_messages", "warning"),
            ("log_min_error_statement", "error"),
            ("log_statement", statements),
            ("log_error_verbosity", verbosity),
        ] {
            let alter = format!("do $$ begin execute format('alter database %I set {name} = %L', current_database(), '{value}'); end $$");
            sqlx::raw_sql(&alter).execute(&mut connection).await.expect("the settings are the superuser's to change");
        }
        connection.close().await.expect("closes");
        let world = World::start_over(database, &[]).await;
        let quilla = world.member(MAILED, "ADMIN").await;
        world.admin.run("updateUser", json!({ "id": quilla.id, "name": "Zebulon" })).await.done();
        errs(&world, &quilla).await;
        world.admin.run("deleteUser", json!({ "id": quilla.id, "confirmEmail": QUILLA })).await.done();
        world.until_mail_is_settled().await;
        let variables = [("DATABASE_URL", world.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
        let erased = Program::run(&["user", "erase", "--account", "acme", QUILLA, "--confirm", QUILLA], &variables).await;
        assert!(erased.code == Some(0) && found_in(&erased.logged, &[QUILLA, "Zebulon"]).is_empty(), "{erased:?}");
        assert_eq!(found_in(&cluster.dump(world.database.url()).await, &[QUILLA, "Zebulon"]), [""; 0]);
        let log = cluster.log().await;
        let new = &log[std::mem::replace(&mut read, log.len())..];
        assert!(new.contains("users_one_live_per_address"), "errors are logged: {new}");
        assert_eq!(new.contains("set local plan_cache_mode"), statements == "all", "{new}");
        assert_eq!(&found_in(new, &everything), found, "{verbosity} {statements}");
    }
}
