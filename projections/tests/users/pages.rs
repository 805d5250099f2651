//! Pages and filters in the default order, and their borders.

use chrono::TimeDelta;
use domain::user::UserEvent;
use domain::{AccountId, EmailAddress, Name, Personal, Role};
use event_store::{Count, CountTo};
use projections::users::{
    InvalidUserCursor, ListedStatus, Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserOrderField, UserView, count_users,
    find_live_user_by_email, find_user, list_users, list_users_further,
};
use uuid::Uuid;

use super::world::{World, accepted, now};

fn place_of(user: &UserView) -> UserCursor {
    UserCursor::of(user, UserOrder::default())
}

fn with_statuses(statuses: &[ListedStatus]) -> UserFilter {
    UserFilter { statuses: statuses.to_vec(), ..UserFilter::default() }
}

fn searching(text: &str) -> UserFilter {
    UserFilter { search: Some(text.to_owned()), ..UserFilter::default() }
}

#[tokio::test]
async fn pages_in_both_directions_show_everybody_once_even_of_the_same_instant() {
    let world = World::open().await;
    for number in 0..250 {
        // A hundred at a time were invited in the same instant: more than a page holds.
        let at = now() - TimeDelta::hours(number / 100);
        world.user(world.account, &format!("user{number}@example.com"), Role::Viewer, at, &[]).await;
    }
    let mut connection = world.pool().acquire().await.expect("connects");
    let everybody: Vec<Uuid> =
        sqlx::query_scalar("select id from users order by created_at desc, id desc").fetch_all(&mut *connection).await.expect("answers");
    let count = count_users(&world.pool(), world.account, &UserFilter::default(), Moment::Now(now()), CountTo::End).await;
    assert_eq!(count.expect("counts"), Count::exact(250));
    let ids = |users: &[UserView]| users.iter().map(|user| user.id.uuid()).collect::<Vec<_>>();

    let (mut forward, mut place) = (vec![], None);
    loop {
        let (users, has_previous, has_next) = world.list(&UserFilter::default(), PageRequest::First(7, place.clone()), now()).await;
        assert_eq!(has_previous, place.is_some());
        place = users.last().map(place_of);
        forward.extend(users);
        if !has_next {
            break;
        }
    }
    assert_eq!(ids(&forward), everybody);

    let (mut backward, mut place) = (vec![], None);
    loop {
        let (mut users, has_previous, has_next) = world.list(&UserFilter::default(), PageRequest::Last(50, place.clone()), now()).await;
        assert_eq!(has_next, place.is_some());
        place = users.first().map(place_of);
        users.append(&mut backward);
        backward = users;
        if !has_previous {
            break;
        }
    }
    assert_eq!(ids(&backward), everybody);
}

#[tokio::test]
async fn a_page_skips_users_in_its_direction_in_every_order() {
    let world = World::open().await;
    for number in 0..30 {
        let events = if number % 3 == 0 { vec![accepted()] } else { vec![] };
        world.user(world.account, &format!("user{number}@example.com"), Role::Viewer, now() - TimeDelta::hours(number / 10), &events).await;
    }
    let fields = [UserOrderField::Email, UserOrderField::Status, UserOrderField::CreatedAt, UserOrderField::LastActiveAt];
    for (field, descending) in fields.into_iter().flat_map(|field| [(field, false), (field, true)]) {
        let order = UserOrder { field, descending };
        let page = async |page, skip| {
            let (filter, moment) = (UserFilter::default(), Moment::Now(now()));
            let page = list_users_further(&world.pool(), world.account, &filter, order, page, skip, moment).await.expect("lists");
            (page.users.iter().map(|user| user.id).collect::<Vec<_>>(), page.has_previous, page.has_next, page.users)
        };
        let (all, _, _, users) = page(PageRequest::First(100, None), 0).await;
        let (skipped, has_previous, has_next, _) = page(PageRequest::First(7, None), 12).await;
        assert_eq!((skipped.as_slice(), has_previous, has_next), (&all[12..19], true, true), "{order:?}");
        let after = Some(UserCursor::of(&users[4], order));
        assert_eq!(page(PageRequest::First(7, after), 12).await.0, all[17..24], "{order:?}");
        let (skipped, has_previous, has_next, _) = page(PageRequest::Last(7, None), 12).await;
        assert_eq!((skipped.as_slice(), has_previous, has_next), (&all[11..18], true, true), "{order:?}");
        let before = Some(UserCursor::of(&users[20], order));
        assert_eq!(page(PageRequest::Last(7, before), 12).await.0, all[1..8], "{order:?}");
        assert_eq!(page(PageRequest::First(7, None), 30).await.0, []);
    }
}

#[tokio::test]
async fn a_page_may_be_empty_and_never_holds_more_than_a_hundred() {
    let world = World::open().await;
    for number in 0..103 {
        world.user(world.account, &format!("user{number}@example.com"), Role::Viewer, now(), &[]).await;
    }
    assert_eq!(world.list(&UserFilter::default(), PageRequest::First(5000, None), now()).await.0.len(), 100);
    assert_eq!(world.list(&UserFilter::default(), PageRequest::First(0, None), now()).await, (vec![], false, true));
}

#[tokio::test]
async fn a_cursor_stays_good_when_its_user_is_gone() {
    let world = World::open().await;
    let mut ids = vec![];
    for number in 0..3 {
        let at = now() - TimeDelta::hours(number);
        ids.push(world.user(world.account, &format!("user{number}@example.com"), Role::Viewer, at, &[]).await);
    }
    let first = world.list(&UserFilter::default(), PageRequest::First(2, None), now()).await.0;
    world.project(world.account, ids[1], vec![UserEvent::Deleted {}], 2, now()).await;
    let rest = world.list(&UserFilter::default(), PageRequest::First(2, first.last().map(place_of)), now()).await;
    assert_eq!(rest.0.iter().map(|user| user.id).collect::<Vec<_>>(), [ids[2]]);
}

#[tokio::test]
async fn an_invitation_is_expired_from_its_very_instant_on() {
    let world = World::open().await;
    world.user(world.account, "ada@example.com", Role::Viewer, now(), &[]).await;
    let (pending, expired) = (with_statuses(&[ListedStatus::PendingInvitation]), with_statuses(&[ListedStatus::ExpiredInvitation]));
    let instant = now() + TimeDelta::hours(24);
    let before = instant - TimeDelta::microseconds(1);
    assert_eq!((world.emails(&pending, before).await.len(), world.emails(&expired, before).await.len()), (1, 0));
    assert_eq!((world.emails(&pending, instant).await.len(), world.emails(&expired, instant).await.len()), (0, 1));
    let view = world.list(&UserFilter::default(), PageRequest::First(1, None), now()).await.0.remove(0);
    assert_eq!((view.status_at(before), view.status_at(instant)), (ListedStatus::PendingInvitation, ListedStatus::ExpiredInvitation));
}

#[tokio::test]
async fn status_and_role_narrow_the_list_and_the_deleted_are_shown_only_when_asked_for() {
    let world = World::open().await;
    let account = world.account;
    world.user(account, "pending@example.com", Role::Viewer, now(), &[]).await;
    world.user(account, "active@example.com", Role::Admin, now(), &[accepted()]).await;
    world.user(account, "inactive@example.com", Role::Editor, now(), &[accepted(), UserEvent::Deactivated {}]).await;
    world.user(account, "deleted@example.com", Role::Editor, now(), &[accepted(), UserEvent::Deleted {}]).await;
    let mut live = world.emails(&UserFilter::default(), now()).await;
    live.sort();
    assert_eq!(live, ["active@example.com", "inactive@example.com", "pending@example.com"]);
    assert_eq!(world.emails(&with_statuses(&[ListedStatus::Deleted]), now()).await, ["deleted@example.com"]);
    assert_eq!(
        world.emails(&with_statuses(&[ListedStatus::Inactive, ListedStatus::ExpiredInvitation]), now()).await,
        ["inactive@example.com"]
    );
    let editors = UserFilter { roles: vec![Role::Editor], ..UserFilter::default() };
    assert_eq!(world.emails(&editors, now()).await, ["inactive@example.com"]);
}

#[tokio::test]
async fn search_finds_parts_of_addresses_and_names_and_takes_nothing_for_a_pattern() {
    let world = World::open().await;
    let named = |name: &str| UserEvent::NameChanged { name: Personal::Known(Name::parse(name).expect("valid")) };
    world.user(world.account, "Ada.L@Example.com", Role::Viewer, now(), &[named("Ada Lovelace")]).await;
    world.user(world.account, "under_score@example.com", Role::Viewer, now(), &[named(r"100% \ Zoë")]).await;
    for (text, found) in [
        ("ada.l@EX", 1),
        ("lovelace", 1),
        ("example", 2),
        ("  lovelace  ", 1),
        ("", 2),
        ("%", 1),
        ("_", 1),
        ("\\", 1),
        ("zoë", 1),
        ("ZOË", 1),
        ("zoe\u{308}", 1),
        ("Zoe", 1),
        ("100%", 1),
        ("under_", 1),
        ("underX", 0),
        ("\\\\", 0),
        ("\u{0}", 0),
        ("a\u{0}", 0),
        ("😀", 0),
        ("'; drop table users; --", 0),
        ("a%e", 0),
    ] {
        assert_eq!(world.emails(&searching(text), now()).await.len(), found, "{text:?}");
    }
}

#[tokio::test]
async fn no_query_shows_users_of_another_account() {
    let world = World::open().await;
    let other = AccountId::new(Uuid::now_v7());
    world.open_account(other, "cirrus").await;
    let id = world.user(other, "ada@example.com", Role::Viewer, now(), &[]).await;
    let email = EmailAddress::parse("ada@example.com").expect("valid");
    assert!(world.emails(&UserFilter::default(), now()).await.is_empty());
    assert!(find_user(&world.pool(), world.account, id).await.expect("answers").is_none());
    assert!(find_live_user_by_email(&world.pool(), world.account, &email).await.expect("answers").is_none());
    assert!(find_live_user_by_email(&world.pool(), other, &email).await.expect("answers").is_some());
}

#[tokio::test]
async fn a_page_before_or_after_no_one_is_empty_and_a_filter_keeps_its_pages() {
    let world = World::open().await;
    for number in 0..6 {
        let role = if number % 2 == 0 { Role::Editor } else { Role::Viewer };
        world.user(world.account, &format!("user{number}@example.com"), role, now() - TimeDelta::hours(number), &[]).await;
    }
    let editors = UserFilter { roles: vec![Role::Editor], ..UserFilter::default() };
    let everybody = world.list(&UserFilter::default(), PageRequest::First(10, None), now()).await.0;
    let emails = |users: &[UserView]| users.iter().map(|user| user.email.clone()).collect::<Vec<_>>();
    // The place may be that of someone whom the filter leaves out.
    let after = Some(place_of(&everybody[1]));
    let (users, has_previous, has_next) = world.list(&editors, PageRequest::First(1, after.clone()), now()).await;
    assert_eq!((emails(&users), has_previous, has_next), (vec!["user2@example.com".to_owned()], true, true));
    let (users, has_previous, has_next) = world.list(&editors, PageRequest::Last(5, after), now()).await;
    assert_eq!((emails(&users), has_previous, has_next), (vec!["user0@example.com".to_owned()], false, true));

    let (first, last) = (Some(place_of(&everybody[0])), everybody.last().map(place_of));
    assert_eq!(world.list(&editors, PageRequest::First(5, last), now()).await, (vec![], true, false));
    assert_eq!(world.list(&editors, PageRequest::Last(5, first), now()).await, (vec![], false, true));
    let count = count_users(&world.pool(), world.account, &editors, Moment::Now(now()), CountTo::End).await;
    assert_eq!(count.expect("counts"), Count::exact(3), "whatever the page");
}

#[tokio::test]
async fn a_cursor_of_an_instant_that_postgres_does_not_know_is_none() {
    let world = World::open().await;
    world.user(world.account, "ada@example.com", Role::Viewer, now(), &[]).await;
    let (account, order) = (world.account, UserOrder::default());
    let parse = |micros: i64| format!("1 C {} {} m{micros}", account.uuid().simple(), Uuid::nil().simple()).parse::<UserCursor>();
    for micros in [i64::MIN, -8_000_000_000_000_000_000, -1, 253_402_300_800_000_000, 8_000_000_000_000_000_000, i64::MAX] {
        assert_eq!(parse(micros), Err(InvalidUserCursor), "{micros}");
    }
    for micros in [0, 253_402_300_799_999_999] {
        let cursor = parse(micros).expect("an instant that Postgres knows");
        cursor.check(account, order).expect("of this list");
        for page in [PageRequest::First(1, Some(cursor.clone())), PageRequest::Last(1, Some(cursor))] {
            list_users(&world.pool(), account, &UserFilter::default(), order, page, Moment::Now(now())).await.expect("is answered");
        }
    }
}
