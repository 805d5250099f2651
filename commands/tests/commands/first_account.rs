//! The welcome link opens the first account, and only that.

use std::sync::Arc;

use commands::{Commands, Context, OpenAccount, OpenAccountForAdmin};
use domain::{Actor, Refusal};
use event_store::MasterKeys;
use sqlx::{Connection, PgConnection, PgPool};
use test_support::TestDatabase;
use tokio::task::JoinSet;

use super::world::{PASSWORD, noon, offered, refusal, wait_for_waiting};

/// A Roster that no one has opened an account in.
struct Fresh {
    commands: Arc<Commands>,
    pool: PgPool,
    token: String,
    _database: TestDatabase,
}

impl Fresh {
    async fn start() -> Self {
        let database = TestDatabase::create().await;
        let pool = database.pool();
        let commands = Commands::new(pool.clone(), &MasterKeys::generate().expect("randomness"), offered()).without_queues();
        let token = commands.welcome_token(noon()).await.expect("answers").expect("no account yet").expose().to_owned();
        Self { commands: Arc::new(commands), pool, token, _database: database }
    }

    fn welcomed(&self, slug: &str) -> OpenAccount {
        OpenAccount {
            token: self.token.clone(),
            name: "Nimbus".to_owned(),
            slug: slug.to_owned(),
            email: "ines@nimbus.example".to_owned(),
            password: PASSWORD.into(),
        }
    }

    async fn accounts(&self) -> i64 {
        sqlx::query_scalar("select count(*) from accounts").fetch_one(&self.pool).await.expect("answers")
    }
}

fn by(actor: Actor) -> Context {
    Context::new(actor, None, noon())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_follow_the_welcome_link_at_once_one_opens_the_account() {
    let fresh = Fresh::start().await;
    let mut rivals = JoinSet::new();
    for number in 0..5 {
        let (commands, input) = (Arc::clone(&fresh.commands), fresh.welcomed(&format!("nimbus-{number}")));
        rivals.spawn(async move { commands.open_account(&by(Actor::Visitor), &input).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = rivals.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for result in lost {
        assert_eq!(refusal(result), Refusal::InvalidWelcomeLink);
    }
    assert_eq!(fresh.accounts().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_welcome_link_opens_nothing_beside_an_account_that_the_operator_is_opening() {
    let fresh = Fresh::start().await;
    let mut holder = PgConnection::connect_with(&fresh.pool.connect_options()).await.expect("connects");
    let mut held = holder.begin().await.expect("begins");
    // The operator comes as far as the row of the account; looking for accounts goes on.
    sqlx::query("lock table accounts in share mode").execute(&mut *held).await.expect("locks");
    let operator = {
        let commands = Arc::clone(&fresh.commands);
        let input = OpenAccountForAdmin { name: "Cirrus".to_owned(), slug: "cirrus".to_owned(), admin_email: "a@example.com".to_owned() };
        tokio::spawn(async move { commands.open_account_for_admin(&by(Actor::Operator), &input).await })
    };
    wait_for_waiting(&fresh.pool, 1).await;
    let visitor = {
        let (commands, input) = (Arc::clone(&fresh.commands), fresh.welcomed("nimbus"));
        tokio::spawn(async move { commands.open_account(&by(Actor::Visitor), &input).await })
    };
    wait_for_waiting(&fresh.pool, 2).await;
    held.rollback().await.expect("unlocks");
    operator.await.expect("no panic").expect("opens");
    assert_eq!(refusal(visitor.await.expect("no panic")), Refusal::InvalidWelcomeLink);
    assert_eq!(fresh.accounts().await, 1);
}
