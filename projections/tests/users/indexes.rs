//! Pages come from indexes, whatever the order.

use projections::users::{Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserOrderField, list_users};
use sqlx::{Executor, PgConnection, Row};

use super::world::{World, now};

/// How often each index of `users` was scanned, and the table from end to end.
async fn scans(connection: &mut PgConnection) -> Vec<(String, i64)> {
    connection.execute("select pg_stat_force_next_flush()").await.expect("flushes");
    connection.execute("select pg_stat_clear_snapshot()").await.expect("clears");
    let select = "select indexrelname::text, idx_scan from pg_stat_user_indexes where relname = 'users'
        union all select 'the whole table', seq_scan from pg_stat_user_tables where relname = 'users' order by 1";
    let rows = connection.fetch_all(select).await.expect("answers");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn each_order_has_its_index_and_search_has_one_too() {
    let world = World::open().await;
    let populate = "insert into users (account_id, id, version, email, email_normalised, role, status, auth_methods, created_at,
            last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from)
        select $1, gen_random_uuid(), 1, md5(n::text) || '@example.com', md5(n::text) || '@example.com',
            (array['viewer', 'editor'])[1 + n % 2], (array['invited', 'inactive'])[1 + n % 2], array['password'],
            now() - n * interval '1 minute', case when n % 3 = 0 then now() - n * interval '1 second' end,
            gen_random_uuid(), now(), now() + n * interval '1 second', now()
        from generate_series(1, 20000) n";
    sqlx::query(populate).bind(world.account.uuid()).execute(&world.pool()).await.expect("populates");
    sqlx::query("analyze users").execute(&world.pool()).await.expect("analyzes");

    let mut connection = world.pool().acquire().await.expect("connects");
    connection.execute("set plan_cache_mode = force_custom_plan").await.expect("as the server sets it");
    // The address of number 6.
    let mut table = vec![];
    for text in ["1679091c5a88", "1679091C5A88", "com 1679091c5a88"] {
        let searching = UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
        table.push((searching, UserOrder::default(), "users_by_search_text"));
    }
    for (field, rising, falling) in [
        (UserOrderField::Email, "users_by_email", "users_by_email"),
        (UserOrderField::Status, "users_by_status", "users_by_status"),
        (UserOrderField::Role, "users_by_role", "users_by_role"),
        (UserOrderField::CreatedAt, "users_by_created_at", "users_by_created_at"),
        (UserOrderField::LastActiveAt, "users_by_last_active_rising", "users_by_last_active"),
    ] {
        table.push((UserFilter::default(), UserOrder { field, descending: false }, rising));
        table.push((UserFilter::default(), UserOrder { field, descending: true }, falling));
    }
    for (filter, order, index) in table {
        let mut place = None;
        for _ in 0..2 {
            let before = scans(&mut connection).await;
            let page = list_users(&mut *connection, world.account, &filter, order, PageRequest::First(50, place), Moment::Now(now())).await;
            place = page.expect("lists").users.last().map(|user| UserCursor::of(user, order));
            let after = scans(&mut connection).await;
            let used: Vec<_> =
                after.iter().zip(&before).filter(|(after, before)| after != before).map(|(after, _)| after.0.as_str()).collect();
            assert_eq!(used, [index], "{order:?} {filter:?}");
        }
    }
}
