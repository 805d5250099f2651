//! What a test may rely on when it takes a database.

use sqlx::{Connection, Executor, PgConnection, PgPool};
use test_support::{TIMEOUT, TestDatabase, own_cluster};
use tokio::time::{Duration, Instant, sleep};

/// The environment variable that `with_postgres` sets.
fn admin() -> String {
    std::env::var(test_support::cluster::VARIABLE).unwrap()
}

async fn databases(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from pg_database").fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn two_test_databases_do_not_see_each_other() {
    let (first, second) = tokio::join!(TestDatabase::create(), TestDatabase::create());
    first.pool().execute("create table only_here (id int)").await.unwrap();

    let seen: bool = sqlx::query_scalar("select to_regclass('only_here') is not null").fetch_one(&second.pool()).await.unwrap();

    assert!(!seen);
    assert_ne!(first.url(), second.url());
}

#[tokio::test]
async fn the_url_of_a_test_database_connects_to_it() {
    let database = TestDatabase::create().await;
    let mut connection = PgConnection::connect(database.url()).await.unwrap();

    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&mut connection).await.unwrap();

    assert!(database.url().contains(&name), "{name} is not in {}", database.url());
}

#[tokio::test]
async fn a_dropped_test_database_goes_even_while_connections_are_open() {
    let database = TestDatabase::create().await;
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&mut connection).await.unwrap();
    let admin = PgPool::connect(&admin()).await.unwrap();

    drop(database);

    let deadline = Instant::now() + TIMEOUT;
    let there = || async {
        let query = sqlx::query_scalar("select exists (select from pg_database where datname = $1)");
        query.bind(&name).fetch_one(&admin).await.unwrap()
    };
    while there().await {
        assert!(Instant::now() < deadline, "{name} is still there");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_own_cluster_is_no_one_elses_and_goes_with_its_owner() {
    let cluster = own_cluster().await;
    let pid = cluster.postgres().report().pid;
    let shared = PgPool::connect(&admin()).await.unwrap();
    assert_ne!(cluster.url(), admin());
    assert!(databases(&cluster.pool()).await >= 4);
    assert!(databases(&shared).await >= 4);

    drop(cluster);

    assert!(!std::path::Path::new("/proc").join(pid.to_string()).exists());
}
