use futures::future::join_all;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use test_support::TestDatabase;

use crate::world::World;

/// Defaults of a role or a database that would change what statements mean.
const HOSTILE: [(&str, &str); 7] = [
    ("default_transaction_isolation", "serializable"),
    ("timezone", "Asia/Kolkata"),
    ("datestyle", "SQL, DMY"),
    ("intervalstyle", "sql_standard"),
    ("standard_conforming_strings", "off"),
    ("statement_timeout", "2s"),
    ("lock_timeout", "1ms"),
];

#[tokio::test]
async fn defaults_of_the_database_change_nothing() {
    let database = TestDatabase::create().await;
    let name = database.url().rsplit('/').next().and_then(|rest| rest.split('?').next()).expect("a name").to_owned();
    let mut owner = PgConnection::connect(&std::env::var("ROSTER_TEST_POSTGRES").expect("a cluster")).await.expect("connects");
    for (setting, value) in HOSTILE {
        sqlx::raw_sql(&format!("alter database \"{name}\" set {setting} = '{value}'")).execute(&mut owner).await.expect("is set");
    }
    let world = World::start_over(database, &[]).await;
    let invite = |number: usize| {
        let input = json!({ "email": format!("user{number}@acme.example"), "role": "VIEWER", "authMethods": ["password"] });
        world.admin.attempt("inviteUser", input)
    };
    for answer in join_all((0..60).map(invite)).await {
        assert!(answer.code().is_none() && answer.body["data"]["inviteUser"]["userErrors"] == json!([]), "{answer:?}");
    }
    let count = world.admin.ask("{ users(first: 1) { totalCount nodes { createdAt } } }", json!({})).await;
    assert_eq!(count.body["data"]["users"]["totalCount"], 61, "{count:?}");
    let created = count.body["data"]["users"]["nodes"][0]["createdAt"].as_str().expect("a text").to_owned();
    let age = chrono::Utc::now() - created.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant");
    assert!(age < chrono::TimeDelta::minutes(10) && age > chrono::TimeDelta::minutes(-1), "{created}");
}
