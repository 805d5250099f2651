//! The feed of one account, in parts that adjoin.

use std::collections::HashSet;

use domain::AccountId;
use domain::user::{User, UserEvent};
use event_store::{Batch, Cursor, Span};
use uuid::Uuid;

use super::world::{World, metadata};

impl World {
    async fn end(&self) -> Cursor {
        let mut connection = self.pool.acquire().await.expect("connects");
        self.store.feed_end(&mut *connection).await.expect("answers")
    }

    /// The streams of one account in a part of the feed.
    async fn of_account(&self, account: AccountId, span: Span, limit: u32) -> Vec<String> {
        let mut connection = self.pool.acquire().await.expect("connects");
        let events = self.store.read_account_feed(&mut *connection, account, span, limit).await.expect("reads").events;
        events.into_iter().map(|event| event.aggregate_id).collect()
    }
}

#[tokio::test]
async fn what_stands_before_the_end_can_be_read_and_what_comes_later_stands_after_it() {
    let world = World::open().await;
    let before = world.invite().await;
    world.read_when(1).await;
    let (slow, mut person) = world.person();
    let mut transaction = world.pool.begin().await.expect("begins");
    world.append(&mut transaction, slow, 0, &[world.invited()], Some(&mut person)).await.expect("appends");
    let fast = world.invite().await;
    let end = world.end().await;
    transaction.commit().await.expect("commits");
    let all = world.read_when(3).await;
    assert!(all[0].cursor <= end && all[1].cursor > end && all[2].cursor > end);

    let (first, second) = (Span { after: Cursor::default(), until: end }, Span { after: end, until: world.end().await });
    assert_eq!(world.of_account(world.account, first, 10).await, [before.to_string()]);
    assert_eq!(world.of_account(world.account, second, 10).await, [slow.to_string(), fast.to_string()]);
    assert_eq!(world.of_account(world.account, second, 1).await, [slow.to_string()]);
    assert!(world.of_account(AccountId::new(Uuid::now_v7()), second, 10).await.is_empty());
}

#[tokio::test]
async fn a_part_of_the_feed_holds_only_the_accounts_that_are_asked_for_and_says_how_far_it_was_read() {
    let world = World::open().await;
    let users = [world.invite().await, world.invite().await].map(|user| user.to_string());
    let all = world.read_when(2).await;
    let span = Span { after: Cursor::default(), until: world.end().await };
    let mut connection = world.pool.acquire().await.expect("connects");
    let other = AccountId::new(Uuid::now_v7());
    for (account, expected) in [(world.account, users.as_slice()), (other, &[])] {
        let accounts = HashSet::from([account]);
        let whole = world.store.read_feed_part(&mut *connection, span, 10, &accounts).await.expect("reads");
        assert_eq!(whole.until, span.until);
        assert_eq!(whole.events.into_iter().map(|event| event.aggregate_id).collect::<Vec<_>>(), expected);
        let part = world.store.read_feed_part(&mut *connection, span, 1, &accounts).await.expect("reads");
        assert_eq!(part.until, all[0].cursor, "what others did counts as read");
        assert_eq!(part.events.into_iter().map(|event| event.aggregate_id).collect::<Vec<_>>(), expected[..expected.len().min(1)]);
    }
}

#[tokio::test]
async fn the_feed_of_an_account_is_read_by_its_index() {
    let world = World::open().await;
    // Many events of others: enough for the planner to mind.
    let mut batch = Batch::default();
    for _ in 0..2_000 {
        let (account, id) = (AccountId::new(Uuid::now_v7()), domain::UserId::new(Uuid::now_v7()));
        batch.add::<User>(account, id, 0, &[UserEvent::PasswordSet {}], None).expect("nothing personal");
    }
    let mut transaction = world.pool.begin().await.expect("begins");
    world.store.append(&mut transaction, batch, &metadata()).await.expect("appends");
    transaction.commit().await.expect("commits");
    sqlx::raw_sql("analyze events").execute(&world.pool).await.expect("analyzes");
    let plan: Vec<String> = sqlx::query_scalar(
        "explain select * from events e where (e.generation, e.xid, e.position) > (1, '5'::xid8, 1)
            and (e.generation, e.xid, e.position) <= (1, '999999999'::xid8, 1) and e.account_id = $1
            order by e.generation, e.xid, e.position limit 200",
    )
    .bind(world.account.uuid())
    .fetch_all(&world.pool)
    .await
    .expect("explains");
    let plan = plan.join("\n");
    assert!(plan.contains("Index Scan using events_account_feed") && !plan.contains("Sort"), "{plan}");
}
