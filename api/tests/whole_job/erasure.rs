//! An admin erases someone over HTTP: what is left is a history without a person, in the answers, in every table and in the log.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::program::{MASTER_KEY, Program};
use crate::world::{PASSWORD, World};

const EVE: &str = "eve.unique@acme.example";

#[tokio::test]
async fn who_is_erased_is_gone_from_answers_tables_and_log_and_the_history_stays() {
    let world = World::start().await;
    let eve = world.member(EVE, "EDITOR").await;
    world.admin.run("updateUser", json!({ "id": eve.id, "name": "Zebulon" })).await.done();
    world.until_mail_is_settled().await;
    let alive = world.admin.run("eraseUser", json!({ "id": eve.id, "confirmEmail": EVE })).await;
    assert_eq!(alive.refused(), ("USER_NOT_DELETED", None));
    world.admin.run("deleteUser", json!({ "id": eve.id, "confirmEmail": EVE })).await.done();
    world.until_mail_is_settled().await;
    let mistyped = world.admin.run("eraseUser", json!({ "id": eve.id, "confirmEmail": "ada@acme.example" })).await;
    assert_eq!(mistyped.refused(), ("CONFIRMATION_MISMATCH", Some("confirmEmail")));
    world.admin.run("eraseUser", json!({ "id": eve.id, "confirmEmail": "EVE.Unique@acme.example" })).await.done();

    let listed = world.admin.users(json!({ "filter": { "status": ["DELETED"] } })).await;
    let user = &listed["nodes"][0];
    assert_eq!((&user["id"], &user["email"], &user["name"]), (&json!(eve.id), &Value::Null, &Value::Null));
    let erased = "query($id: ID!) { user(id: $id) { erasedAt viewerCan { erase { allowed } } } }";
    let erased = world.admin.ask(erased, json!({ "id": eve.id })).await;
    assert!(erased.body["data"]["user"]["erasedAt"].is_string(), "{erased:?}");
    let none = world.admin.users(json!({ "filter": { "search": "eve.unique", "includeDeleted": true } })).await;
    assert_eq!(none["totalCount"], 0);

    let tables = "select string_agg(format('select %L || t::text from %I t', table_name || ': ', table_name), ' union all ')
        from information_schema.tables where table_schema = 'public'";
    let tables: String = sqlx::query_scalar(tables).fetch_one(&world.database.pool()).await.unwrap();
    let rows: Vec<String> = sqlx::query_scalar(&tables).fetch_all(&world.database.pool()).await.unwrap();
    assert!(rows.iter().any(|row| row.contains("Ada@Acme.example")), "others are there");
    for trace in ["unique", "zebulon"] {
        let found = rows.iter().find(|row| row.to_lowercase().contains(trace));
        assert_eq!(found, None, "{trace}");
    }
    let invited = world.invite(EVE, "VIEWER").await;
    assert_ne!(invited, eve.id, "the address may come back as someone new");
    world.roster.program.signal(Signal::TERM);
    let ended = world.roster.program.ended().await;
    assert!(!ended.logged.contains("unique") && !ended.logged.contains("Zebulon"), "{}", ended.logged);
}

#[tokio::test]
async fn an_operator_erases_keeps_the_list_and_applies_it_after_a_restore() {
    let world = World::start().await;
    let variables = [("DATABASE_URL", world.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let eve = world.member(EVE, "EDITOR").await;
    let erase = ["user", "erase", "--account", "acme", EVE, "--confirm", EVE];
    let alive = Program::run(&erase, &variables).await;
    assert!(alive.code == Some(1) && alive.logged.contains("belongs to a user: an admin must delete the user first"), "{alive:?}");
    world.admin.run("deleteUser", json!({ "id": eve.id, "confirmEmail": EVE })).await.done();
    let mistyped = Program::run(&["user", "erase", "--account", "acme", EVE, "--confirm", "eve@acme.example"], &variables).await;
    assert!(mistyped.code == Some(1) && mistyped.logged.contains("the typed e-mail address is not the one of this user"), "{mistyped:?}");
    let done = Program::run(&erase, &variables).await;
    assert_eq!((done.code, done.printed.starts_with(&format!("Erased {}", eve.id))), (Some(0), true), "{done:?}");
    let again = Program::run(&erase, &variables).await;
    assert!(again.code == Some(1) && again.logged.contains("does not belong to a deleted user who can be erased"), "{again:?}");
    let list = Program::run(&["erasures", "list"], &variables).await.printed;
    let line: Value = serde_json::from_str(list.trim()).expect("one line of JSON");
    assert_eq!((&line["userId"], &line["accountId"]), (&json!(eve.id), &json!(world.account_id.to_string())));

    // An older backup: she is a member there.
    let other = World::start().await;
    let restored = other.member(EVE, "EDITOR").await;
    let variables = [("DATABASE_URL", other.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let folder = test_support::TestFolder::create().unwrap();
    let file = folder.path().join("erasures.ndjson");
    let line =
        |account: String, user: &str| json!({ "accountId": account, "userId": user, "erasedAt": "2026-11-24T12:00:00Z" }).to_string();
    let known = line(other.account_id.to_string(), &restored.id);
    std::fs::write(&file, format!("{known}\n{}\n", list.trim())).unwrap();
    let path = file.to_str().unwrap();
    let applied = Program::run(&["erasures", "apply", path], &variables).await;
    assert_eq!((applied.code, applied.printed.as_str()), (Some(0), "1 of 2 are erased; 1 are unknown to this database.\n"), "{applied:?}");
    assert_eq!(restored.viewer().await, None, "an erased user is signed in no more");
    assert_eq!(other.visitor().sign_in("acme", EVE, PASSWORD).await.refused(), ("INVALID_CREDENTIALS", None));
    std::fs::write(&file, format!("{known}\nno line\n")).unwrap();
    let broken = Program::run(&["erasures", "apply", path], &variables).await;
    assert!(broken.code == Some(1) && broken.logged.contains("line 2 is not an erasure"), "{broken:?}");
}
