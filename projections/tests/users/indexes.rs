//! Pages and counts read indexes, whatever the order, now and in the past: so Postgres inlines the functions that they select from.

use event_store::CountTo;
use projections::users::{
    Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserOrderField, count_users, list_failed_invitations, list_users,
};
use sqlx::{Executor, PgConnection, Row};

use super::world::{World, now};

/// How often each index of the lists was scanned, and their tables from end to end.
async fn scans(connection: &mut PgConnection) -> Vec<(String, i64)> {
    connection.execute("select pg_stat_force_next_flush()").await.expect("flushes");
    connection.execute("select pg_stat_clear_snapshot()").await.expect("clears");
    let select = "select indexrelname::text, idx_scan from pg_stat_user_indexes where relname in ('users', 'user_versions')
        union all select 'all of ' || relname, seq_scan from pg_stat_user_tables where relname in ('users', 'user_versions') order by 1";
    let rows = connection.fetch_all(select).await.expect("answers");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// The indexes and tables that were scanned between two calls of [`scans`].
fn scanned(before: &[(String, i64)], after: &[(String, i64)]) -> Vec<String> {
    after.iter().zip(before).filter(|(after, before)| after != before).map(|(after, _)| after.0.clone()).collect()
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
    let moments = [(Moment::Now(now()), "users"), (world.write_versions().await, "user_versions")];
    sqlx::query("vacuum analyze users, user_versions").execute(&world.pool()).await.expect("analyzes");

    let mut connection = world.pool().acquire().await.expect("connects");
    // The address of number 6.
    let mut table = vec![];
    for text in ["1679091c5a88", "1679091C5A88", "com 1679091c5a88"] {
        let searching = UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
        table.push((searching, UserOrder::default(), "search_text"));
    }
    for (field, rising, falling) in [
        (UserOrderField::Email, "email", "email"),
        (UserOrderField::Status, "status", "status"),
        (UserOrderField::Role, "role", "role"),
        (UserOrderField::CreatedAt, "created_at", "created_at"),
        (UserOrderField::LastActiveAt, "last_active_rising", "last_active"),
    ] {
        table.push((UserFilter::default(), UserOrder { field, descending: false }, rising));
        table.push((UserFilter::default(), UserOrder { field, descending: true }, falling));
    }
    for (filter, order, index) in table {
        for (moment, source) in moments {
            let mut place = None;
            for _ in 0..2 {
                let before = scans(&mut connection).await;
                let page = list_users(&mut *connection, world.account, &filter, order, PageRequest::First(50, place), moment).await;
                place = page.expect("lists").users.last().map(|user| UserCursor::of(user, order));
                let used = scanned(&before, &scans(&mut connection).await);
                assert_eq!(used, [format!("{source}_by_{index}")], "{order:?} {filter:?}");
            }
            if filter.search.is_some() {
                let before = scans(&mut connection).await;
                count_users(&mut *connection, world.account, &filter, moment, CountTo::End).await.expect("counts");
                let used = scanned(&before, &scans(&mut connection).await);
                assert_eq!(used, [format!("{source}_by_{index}")], "the count of {filter:?}");
            }
        }
    }
    let before = scans(&mut connection).await;
    list_failed_invitations(&mut *connection, world.account, None, 100).await.expect("lists");
    let used = scanned(&before, &scans(&mut connection).await);
    // The planner looks the highest id up in the primary key.
    assert!(used.iter().all(|index| ["users_pkey", "users_with_failed_invitation"].contains(&index.as_str())), "{used:?}");
}
