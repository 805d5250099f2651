//! Comparing and rebuilding end, whatever the collation of the database.

use domain::Role;
use projections::rebuild::Rebuilder;
use projections::users::{Moment, PageRequest, UserFilter, UserOrder, UserOrderField, latest, list_users};
use test_support::{TIMEOUT, TestDatabase};
use tokio::time::timeout;

use super::history::{Seen, follow};
use super::world::World;

/// Compares the digits of ids as numbers, so that it has another order of ids than bytes have.
const NUMERIC: &str = "encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale 'de-u-kn'";
const PEOPLE: usize = 40;

#[tokio::test]
async fn verify_and_rebuild_end_and_the_past_is_listed_the_same_on_a_numeric_collation() {
    let world = World::over(TestDatabase::create_with(NUMERIC).await).await;
    for number in 0..PEOPLE {
        world.invite(&format!("user{number}@example.com"), Role::Viewer).await.expect("invites");
    }
    follow(&world).await;
    let rebuilder = Rebuilder::new(&world.pool, &world.store).with_chunk(3);
    let mut seen = Seen::default();
    let verified = timeout(TIMEOUT, rebuilder.verify(&mut seen)).await.expect("it ends").expect("verifies");
    assert_eq!((verified.users, verified.differing), (PEOPLE as u64 + 1, 0), "everybody once, and the admin");
    sqlx::query("update users set name = 'Mallory' where email like 'user%'").execute(&world.pool).await.expect("damages");
    let rebuilt = timeout(TIMEOUT, rebuilder.rebuild(&mut seen)).await.expect("it ends").expect("rebuilds");
    assert_eq!((rebuilt.users, rebuilt.differing, rebuilt.left), (PEOPLE as u64 + 1, PEOPLE as u64, 0));

    let as_of = latest(&world.pool, &world.store, world.account).await.expect("it is told");
    let order = UserOrder { field: UserOrderField::Email, descending: false };
    for moment in [Moment::Now(world.now), Moment::Past(as_of)] {
        let page = PageRequest::First(100, None);
        let listed = list_users(&world.pool, world.account, &UserFilter::default(), order, page, moment).await.expect("lists").users;
        let emails: Vec<_> = listed.into_iter().map(|user| user.email_normalised).collect();
        assert!(emails.len() == PEOPLE + 1 && emails.is_sorted(), "{emails:?}");
    }
}
