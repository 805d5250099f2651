//! Every order with every filter, against a plain model in memory; and while rows change.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::user::{Status, UserEvent};
use domain::{AuthMethodId, AuthMethods, Name, Personal, Role, UserId};
use event_store::{Count, CountTo};
use projections::users::{
    DeliveryState, ListedStatus, Moment, PageRequest, Span, UserCursor, UserFilter, UserOrder, UserOrderField, UserView,
    count_recently_active, count_users, count_users_by_kind, list_users, page_order,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use unicode_normalization::UnicodeNormalization;

use super::world::{World, accepted, now};

const FIELDS: [UserOrderField; 6] = [
    UserOrderField::Email,
    UserOrderField::Status,
    UserOrderField::Role,
    UserOrderField::CreatedAt,
    UserOrderField::LastActiveAt,
    UserOrderField::Relevance,
];

fn orders() -> impl Iterator<Item = UserOrder> {
    FIELDS.into_iter().flat_map(|field| [false, true].map(|descending| UserOrder { field, descending }))
}

/// Sixty people of every kind, many of them the same in what lists are ordered by.
async fn populate(world: &World) -> Vec<UserView> {
    for number in 0..60_i64 {
        let role = Role::ALL[usize::try_from(number % 3).expect("small")];
        let at = now() - TimeDelta::hours(number / 4 * 7);
        let both = AuthMethods::parse(["google", "password"].map(|id| AuthMethodId::parse(id).expect("valid"))).expect("not empty");
        let alone = AuthMethods::parse([AuthMethodId::password()]).expect("not empty");
        let after = match number % 6 {
            0 | 1 => vec![],
            2 => vec![accepted(), UserEvent::Deactivated {}],
            3 => vec![accepted(), UserEvent::Deleted {}],
            4 => vec![accepted(), UserEvent::NameChanged { name: Personal::Known(Name::parse("Zoë Ünal").expect("valid")) }],
            _ => vec![accepted(), UserEvent::AuthMethodsChanged { from: alone, to: both }],
        };
        let id = world.user(world.account, &format!("User{}@example.com", (number * 37) % 60), role, at, &after).await;
        let state = DeliveryState::ALL[usize::try_from(number % 4).expect("small")];
        let mailed = sqlx::query("update users set delivery_state = $2 where id = $1").bind(id.uuid()).bind(state.as_str());
        mailed.execute(&world.pool()).await.expect("is mailed");
        if number % 4 == 1 {
            let signed_in = "update users set last_active_at = $2 where id = $1";
            let at = now() - TimeDelta::hours(number / 8);
            sqlx::query(signed_in).bind(id.uuid()).bind(at).execute(&world.pool()).await.expect("signs in");
        }
    }
    let everybody = UserFilter { includes_deleted: true, ..UserFilter::default() };
    world.list(&everybody, PageRequest::First(100, None), now()).await.0
}

/// A text as search compares it. No name here has a letter that does not decompose.
fn folded(text: &str) -> String {
    text.to_lowercase().nfd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).collect()
}

fn searched(user: &UserView) -> String {
    folded(&format!("{}\n{}", user.email, user.name.as_deref().unwrap_or_default()))
}

/// The plain model of relevance: words that begin neither address nor name, words that begin no word, the text.
fn relevance(search: Option<&str>, user: &UserView) -> (usize, usize, String) {
    let text = searched(user);
    let words: Vec<_> = search.unwrap_or_default().split([' ', '.']).map(folded).collect();
    let begins = |word: &String| text.lines().any(|line| line.starts_with(word.as_str()));
    let begins_word = |word: &String| text.split(['\n', ' ', '.', '-', '@', '+']).any(|part| part.starts_with(word.as_str()));
    let count = |is_found: &dyn Fn(&String) -> bool| words.iter().filter(|word| !is_found(word)).count();
    (count(&begins), count(&begins_word), text)
}

/// The plain model of the filter.
fn lets_through(filter: &UserFilter, user: &UserView, at: DateTime<Utc>) -> bool {
    let status = user.status_at(at);
    let in_span = |span: Span, time: Option<DateTime<Utc>>| match (span.from, span.before, time) {
        (None, None, _) => true,
        (_, _, None) => false,
        (from, before, Some(time)) => from.is_none_or(|from| time >= from) && before.is_none_or(|before| time < before),
    };
    let wanted = if filter.statuses.is_empty() {
        filter.includes_deleted || status != ListedStatus::Deleted
    } else {
        filter.statuses.contains(&status)
    };
    let text = searched(user);
    wanted
        && (filter.roles.is_empty() || filter.roles.contains(&user.role))
        && (filter.auth_methods.is_empty() || filter.auth_methods.iter().any(|id| user.auth_methods.contains(id)))
        && filter.search.as_deref().is_none_or(|search| search.split([' ', '.']).all(|word| text.contains(&folded(word))))
        && in_span(filter.created, Some(user.created_at))
        && in_span(filter.last_active, user.last_active_at)
        && filter.never_active.is_none_or(|never| user.last_active_at.is_none() == never)
        && filter.deliveries.as_ref().is_none_or(|states| user.status == Status::Invited && states.contains(&user.delivery.state))
}

/// The plain model of the order.
fn sort(users: &mut [UserView], order: UserOrder, search: Option<&str>) {
    let rank = |user: &UserView| match user.status {
        Status::Active => (0, 0),
        Status::Inactive => (1, 0),
        Status::Invited => (2, -user.invitation_expires_at.timestamp_micros()),
        Status::Deleted => (3, 0),
    };
    users.sort_by(|a, b| {
        let by_field = match order.field {
            UserOrderField::Relevance if search.is_some() => relevance(search, a).cmp(&relevance(search, b)),
            UserOrderField::Email | UserOrderField::Relevance => a.email.to_lowercase().cmp(&b.email.to_lowercase()),
            UserOrderField::Status => rank(a).cmp(&rank(b)),
            UserOrderField::Role => a.role.cmp(&b.role),
            UserOrderField::CreatedAt => a.created_at.cmp(&b.created_at),
            UserOrderField::LastActiveAt => match (a.last_active_at, b.last_active_at) {
                (None, None) => std::cmp::Ordering::Equal,
                // Last in both directions.
                (None, Some(_)) => {
                    if order.descending {
                        std::cmp::Ordering::Less
                    } else {
                        std::cmp::Ordering::Greater
                    }
                }
                (Some(_), None) => {
                    if order.descending {
                        std::cmp::Ordering::Greater
                    } else {
                        std::cmp::Ordering::Less
                    }
                }
                (Some(a), Some(b)) => a.cmp(&b),
            },
        };
        let rising = by_field.then(a.id.cmp(&b.id));
        if order.descending { rising.reverse() } else { rising }
    });
}

/// Walks the whole list forward and backward in pages of a size.
async fn walk(world: &World, filter: &UserFilter, order: UserOrder, size: u32, moment: Moment) -> (Vec<UserView>, Vec<UserView>) {
    let pool = world.pool();
    let asked = order;
    let order = page_order(&pool, world.account, filter, asked, &PageRequest::First(size, None), moment).await.expect("counts");
    let page = async |request| {
        let resolved = page_order(&pool, world.account, filter, asked, &request, moment).await.expect("answers");
        assert_eq!(resolved, order, "all pages have the order of the first");
        list_users(&pool, world.account, filter, order, request, moment).await.expect("lists")
    };
    let through_text =
        |user: Option<&UserView>| user.map(|user| UserCursor::of(user, order).to_string().parse().expect("survives its text"));
    let (mut forward, mut place) = (vec![], None);
    loop {
        let page = page(PageRequest::First(size, place.clone())).await;
        place = through_text(page.users.last());
        forward.extend(page.users);
        if !page.has_next {
            break;
        }
    }
    let (mut backward, mut place) = (vec![], None);
    loop {
        let mut page = page(PageRequest::Last(size, place.clone())).await;
        place = through_text(page.users.first());
        page.users.append(&mut backward);
        backward = page.users;
        if !page.has_previous {
            break;
        }
    }
    (forward, backward)
}

fn any_filter() -> impl Strategy<Value = UserFilter> {
    let statuses = prop::collection::vec(prop::sample::select(ListedStatus::ALL.to_vec()), 0..3);
    let roles = prop::collection::vec(prop::sample::select(Role::ALL.to_vec()), 0..2);
    let methods = prop_oneof![3 => Just(vec![]), 1 => Just(vec![AuthMethodId::parse("google").expect("valid")])];
    let search = prop_oneof![4 => Just(None), 1 => Just(Some("USER1".to_owned())), 1 => Just(Some("zoe".to_owned())), 1 => Just(Some("UNAL.Zoë".to_owned())), 1 => Just(Some("Example user".to_owned())), 1 => Just(Some("_".to_owned()))];
    let instant = || prop::option::weighted(0.2, (0..100_i64).prop_map(|hours| now() - TimeDelta::hours(hours)));
    let never = prop::option::weighted(0.2, any::<bool>());
    let deliveries = prop::option::weighted(0.2, prop::collection::vec(prop::sample::select(DeliveryState::ALL.to_vec()), 0..3));
    let spans = ((instant(), instant()), (instant(), instant()));
    (statuses, roles, methods, search, spans, never, deliveries, any::<bool>()).prop_map(
        |(statuses, roles, auth_methods, search, (created, last_active), never_active, deliveries, includes_deleted)| UserFilter {
            statuses,
            roles,
            auth_methods,
            search,
            created: Span { from: created.0, before: created.1 },
            last_active: Span { from: last_active.0, before: last_active.1 },
            never_active,
            deliveries,
            includes_deleted,
        },
    )
}

#[tokio::test]
async fn every_order_with_any_filter_pages_and_counts_like_a_plain_model_now_and_in_the_past() {
    let world = World::open().await;
    let everybody = populate(&world).await;
    let moments = [Moment::Now(now()), world.write_versions().await];
    let mut runner = TestRunner::deterministic();
    for case in 0..40 {
        let filter = any_filter().new_tree(&mut runner).expect("generates").current();
        let size = 1 + case % 7;
        for order in orders() {
            let mut model: Vec<_> = everybody.iter().filter(|user| lets_through(&filter, user, now())).cloned().collect();
            sort(&mut model, order, filter.search.as_deref());
            for moment in moments {
                let (forward, backward) = walk(&world, &filter, order, size * 5, moment).await;
                assert_eq!(forward, model, "{order:?} {filter:?} {moment:?}");
                assert_eq!(backward, model, "{order:?} {filter:?} {moment:?}");
                for to in [CountTo::End, CountTo::Bound] {
                    let count = count_users(&world.pool(), world.account, &filter, moment, to).await.expect("counts");
                    assert_eq!(count, Count::exact(model.len() as u64), "{filter:?} {moment:?} {to:?}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_others_come_go_and_move_anyone_who_stays_is_listed_once_and_in_order() {
    let world = Arc::new(World::open().await);
    let mut steady: BTreeSet<UserId> = BTreeSet::new();
    for number in 0..50 {
        let at = now() - TimeDelta::hours(number);
        steady.insert(world.user(world.account, &format!("steady{number:02}@example.com"), Role::Viewer, at, &[]).await);
    }
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let restless = {
        let (world, stop) = (Arc::clone(&world), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut number = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                number += 1;
                let at = now() - TimeDelta::minutes(number * 97 % 3000);
                let id = world.user(world.account, &format!("restless{number}@example.com"), Role::Viewer, at, &[accepted()]).await;
                let after =
                    if number % 2 == 0 { UserEvent::Deleted {} } else { UserEvent::RoleChanged { from: Role::Viewer, to: Role::Admin } };
                world.project(world.account, id, vec![after], 3, now()).await;
            }
        })
    };
    for _ in 0..3 {
        for order in orders() {
            let (forward, backward) = walk(&world, &UserFilter::default(), order, 7, Moment::Now(now())).await;
            for walked in [forward, backward] {
                let seen: Vec<_> = walked.into_iter().filter(|user| steady.contains(&user.id)).collect();
                let mut sorted = seen.clone();
                sort(&mut sorted, order, None);
                assert_eq!(seen, sorted, "{order:?}");
                assert_eq!(seen.len(), steady.len(), "{order:?}");
            }
        }
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    restless.await.expect("no panic");
}

#[tokio::test]
async fn the_counts_by_kind_are_those_of_the_list() {
    let world = World::open().await;
    let everybody = populate(&world).await;
    let stats = count_users_by_kind(&world.pool(), world.account, now()).await.expect("counts");
    let live = || everybody.iter().filter(|user| user.status != Status::Deleted);
    assert_eq!(stats.total, live().count() as u64);
    for (role, count) in stats.by_role {
        assert_eq!(count, live().filter(|user| user.role == role).count() as u64, "{role}");
    }
    for (status, count) in stats.by_status {
        assert_eq!(count, everybody.iter().filter(|user| user.status_at(now()) == status).count() as u64, "{status:?}");
    }
    let recently = |user: &&UserView| user.last_active_at.is_some_and(|at| at > now() - TimeDelta::days(30));
    for to in [CountTo::End, CountTo::Bound] {
        let active = count_recently_active(&world.pool(), world.account, now(), to).await.expect("counts");
        assert_eq!(active, Count::exact(live().filter(recently).count() as u64));
    }
}
