//! Pages and counts read indexes, whatever the order, now and in the past: so Postgres inlines the functions that they select from.

use chrono::{TimeDelta, Utc};
use event_store::CountTo;
use projections::users::{
    ListedStatus, Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserOrderField, count_users, list_failed_invitations, list_users,
};
use sqlx::{Executor, PgConnection, Row};

use super::world::{World, now};

/// A list by status, of those with one status, among 20,000 others.
#[tokio::test]
async fn a_list_by_status_does_not_walk_past_users_with_another_status() {
    let world = World::open().await;
    populate(&world).await;
    sqlx::query("vacuum analyze users, user_activity").execute(&world.pool()).await.expect("analyzes");
    let mut connection = world.pool().acquire().await.expect("connects");
    for status in [ListedStatus::Active, ListedStatus::Inactive, ListedStatus::PendingInvitation, ListedStatus::ExpiredInvitation] {
        let filter = UserFilter { statuses: vec![status], ..UserFilter::default() };
        for descending in [false, true] {
            let order = UserOrder { field: UserOrderField::Status, descending };
            for at in [Utc::now(), Utc::now() + TimeDelta::seconds(9_000), Utc::now() + TimeDelta::days(1)] {
                let before = rows_read(&mut connection).await;
                let page = PageRequest::First(50, None);
                list_users(&mut *connection, world.account, &filter, order, page, Moment::Now(at)).await.expect("lists");
                let read = rows_read(&mut connection).await - before;
                assert!(read <= 60, "{status:?} {descending} reads {read} rows");
            }
        }
    }
}

/// How many rows of `users` were read.
async fn rows_read(connection: &mut PgConnection) -> i64 {
    connection.execute("select pg_stat_force_next_flush()").await.expect("flushes");
    connection.execute("select pg_stat_clear_snapshot()").await.expect("clears");
    let select = "select seq_tup_read + idx_tup_fetch from pg_stat_user_tables where relname = 'users'";
    connection.fetch_one(select).await.expect("answers").get(0)
}

/// How often each index of the lists was scanned, and their tables from end to end.
async fn scans(connection: &mut PgConnection) -> Vec<(String, i64)> {
    connection.execute("select pg_stat_force_next_flush()").await.expect("flushes");
    connection.execute("select pg_stat_clear_snapshot()").await.expect("clears");
    let select = "select indexrelname::text, idx_scan from pg_stat_user_indexes where relname in ('users', 'user_activity', 'user_versions', 'past_activity')
        union all select 'all of ' || relname, seq_scan from pg_stat_user_tables
            where relname in ('users', 'user_activity', 'user_versions', 'past_activity') order by 1";
    let rows = connection.fetch_all(select).await.expect("answers");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// The indexes and tables that were scanned between two calls of [`scans`].
fn scanned(before: &[(String, i64)], after: &[(String, i64)]) -> Vec<String> {
    after.iter().zip(before).filter(|(after, before)| after != before).map(|(after, _)| after.0.clone()).collect()
}

/// Single rows that belong to those of a page, and whether few versions have ended since a moment.
const LOOKUPS: [&str; 6] =
    ["users_pkey", "user_activity_pkey", "user_versions_pkey", "past_activity_pkey", "user_versions_by_end", "past_activity_by_end"];

fn assert_used(used: &[String], expected: &[&str], what: &str) {
    let others: Vec<_> = used.iter().filter(|index| !LOOKUPS.contains(&index.as_str())).collect();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(others, expected, "{what}");
}

async fn populate(world: &World) {
    let populate = "insert into users (account_id, id, version, email, email_normalised, role, status, auth_methods, created_at,
            last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from)
        select $1, gen_random_uuid(), 1, md5(n::text) || '@example.com', md5(n::text) || '@example.com',
            (array['viewer', 'editor'])[1 + n % 2], (array['invited', 'inactive'])[1 + n % 2], array['password'],
            now() - n * interval '1 minute', case when n % 3 = 0 then now() - n * interval '1 second' end,
            gen_random_uuid(), now(), now() + n * interval '1 second', now()
        from generate_series(1, 20000) n";
    sqlx::query(populate).bind(world.account.uuid()).execute(&world.pool()).await.expect("populates");
}

#[tokio::test]
async fn each_order_has_its_index_and_search_has_one_too() {
    let world = World::open().await;
    populate(&world).await;
    let moments = [Moment::Now(now()), world.write_versions().await];
    sqlx::query("vacuum analyze users, user_activity, user_versions, past_activity").execute(&world.pool()).await.expect("analyzes");

    let mut connection = world.pool().acquire().await.expect("connects");
    // The address of number 6.
    let mut table = vec![];
    for text in ["1679091c5a88", "1679091C5A88", "com 1679091c5a88"] {
        let searching = UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
        table.push((searching, UserOrder::default(), &["users_by_search_text"][..], &["user_versions_by_search_text"][..]));
    }
    for (field, now, ended) in [
        (UserOrderField::Email, &["users_one_live_per_address"][..], &["user_versions_by_email"][..]),
        (UserOrderField::Status, &["users_by_status"], &["user_versions_by_status"]),
        (UserOrderField::Role, &["users_by_role"], &["user_versions_by_role"]),
        (UserOrderField::CreatedAt, &["users_by_created_at"], &["user_versions_by_created_at"]),
        (UserOrderField::LastActiveAt, &["user_activity_by_time", "users_never_active"], &["past_activity_by_time"]),
    ] {
        for descending in [false, true] {
            table.push((UserFilter::default(), UserOrder { field, descending }, now, ended));
        }
    }
    for (filter, order, now, ended) in table {
        // A page of the past that is full without those who never signed in does not look for them.
        let then = if order.field == UserOrderField::LastActiveAt { &now[..1] } else { now };
        for (moment, now, ended) in [(moments[0], now, &[][..]), (moments[1], then, ended)] {
            let mut place = None;
            for _ in 0..2 {
                let before = scans(&mut connection).await;
                let page = list_users(&mut *connection, world.account, &filter, order, PageRequest::First(50, place), moment).await;
                place = page.expect("lists").users.last().map(|user| UserCursor::of(user, order));
                let used = scanned(&before, &scans(&mut connection).await);
                assert_used(&used, &[now, ended].concat(), &format!("{order:?} {filter:?} {moment:?}"));
            }
            if filter.search.is_some() {
                let before = scans(&mut connection).await;
                count_users(&mut *connection, world.account, &filter, moment, CountTo::End).await.expect("counts");
                let used = scanned(&before, &scans(&mut connection).await);
                assert_used(&used, &[now, ended].concat(), &format!("the count of {filter:?} {moment:?}"));
            }
        }
    }
    let before = scans(&mut connection).await;
    list_failed_invitations(&mut *connection, world.account, None, 100).await.expect("lists");
    let used = scanned(&before, &scans(&mut connection).await);
    // The planner looks the highest id up in the primary key.
    assert!(used.iter().all(|index| ["users_pkey", "users_with_failed_invitation"].contains(&index.as_str())), "{used:?}");
}
