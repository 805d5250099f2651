//! The list of users in a database whose own collation sorts otherwise.

use domain::{EmailAddress, Role};
use projections::users::{Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserOrderField, list_users};
use test_support::TestDatabase;

use super::world::{World, accepted, now};

/// Sorts `user10` behind `user9`, and `_` and `-` as if they were not there.
const NUMERIC: &str = "encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale 'de-u-kn'";

const ADDRESSES: [&str; 12] = [
    "user10@example.com",
    "user9@example.com",
    "User2@example.com",
    "user-1@example.com",
    "user_1@example.com",
    "user1@example.com",
    "user.1@example.com",
    "zoe@example.com",
    "zof@example.com",
    "a-da@example.com",
    "ada@example.com",
    "user010@example.com",
];

#[tokio::test]
async fn every_order_is_that_of_bytes_and_pages_are_exact_whatever_the_collation() {
    let fields =
        [UserOrderField::Email, UserOrderField::Status, UserOrderField::Role, UserOrderField::CreatedAt, UserOrderField::LastActiveAt];
    let world = World::over(TestDatabase::create_with(NUMERIC).await).await;
    for (number, email) in ADDRESSES.iter().enumerate() {
        let after = if number % 2 == 0 { vec![accepted()] } else { vec![] };
        world.user(world.account, email, Role::ALL[number % 3], now(), &after).await;
    }
    for field in fields {
        for descending in [false, true] {
            let order = UserOrder { field, descending };
            let (mut paged, mut place) = (vec![], None);
            loop {
                let filter = UserFilter::default();
                let request = PageRequest::First(1, place);
                let page = list_users(&world.pool(), world.account, &filter, order, request, Moment::Now(now())).await.expect("lists");
                paged.extend(page.users.clone());
                assert!(paged.len() <= ADDRESSES.len(), "{order:?} goes round in circles");
                place = page.users.last().map(|user| UserCursor::of(user, order));
                if !page.has_next {
                    break;
                }
            }
            let mut ids: Vec<_> = paged.iter().map(|user| user.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), ADDRESSES.len(), "{order:?} leaves someone out");
            if field == UserOrderField::Email {
                let listed: Vec<_> = paged.iter().map(|user| user.email_normalised.clone()).collect();
                let mut expected = ADDRESSES.map(|email| EmailAddress::parse(email).expect("valid").normalised().to_owned());
                expected.sort_unstable();
                if descending {
                    expected.reverse();
                }
                assert_eq!(listed, expected);
            }
        }
    }
}
