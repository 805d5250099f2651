//! How much the database reads for a list of the recent past, however many versions have ended before it.

use projections::users::UserOrderField::{CreatedAt, Email, LastActiveAt, Role, Status};
use projections::users::{Moment, PageRequest, UserFilter, UserOrder, latest, list_users};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::world::World;

/// 20,000 versions and former sign-ins of the account $1 that have all ended.
const ENDED: [&str; 2] = [
    "insert into user_versions (account_id, id, until_transaction, until_rank, since_transaction, since_rank, version, email,
        email_normalised, role, status, auth_methods, created_at, invitation_id, invitation_sent_at, invitation_expires_at,
        delivery_state, delivery_attempts, delivered_rank)
     select $1, gen_random_uuid(), transaction_of(1, '4'), 1, transaction_of(1, '3'), 1, 1, 'user' || n || '@example.com',
        'user' || n || '@example.com', 'viewer', 'active', array['password'], now() - n * interval '1 minute', gen_random_uuid(), now(),
        now(), 'waiting', 0, 0
     from generate_series(1, 20000) n",
    "insert into past_activity (account_id, user_id, until_transaction, until_rank, since_transaction, since_rank, last_active_at)
     select $1, gen_random_uuid(), transaction_of(1, '4'), 1, transaction_of(1, '3'), 1,
        case when n % 2 = 0 then now() - n * interval '1 minute' end
     from generate_series(1, 20000) n",
];

/// How many blocks of the tables of the past and their indexes this connection has read.
async fn blocks(pool: &PgPool) -> i64 {
    let mut connection = pool.acquire().await.expect("connects");
    for flush in ["select pg_stat_force_next_flush()", "select pg_stat_clear_snapshot()"] {
        sqlx::query(flush).execute(&mut *connection).await.expect(flush);
    }
    let select = "select sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::bigint
        from pg_statio_user_tables where relname in ('user_versions', 'past_activity')";
    sqlx::query_scalar(select).fetch_one(&mut *connection).await.expect("answers")
}

#[tokio::test]
async fn a_list_of_the_recent_past_reads_nothing_of_what_ended_before_it() {
    let world = World::patient().await;
    let mut filling = world.pool.acquire().await.expect("connects");
    for insert in ENDED {
        sqlx::query(insert).bind(world.account.uuid()).execute(&mut *filling).await.expect(insert);
    }
    for settle in ["vacuum analyze", "select pg_stat_force_next_flush()"] {
        sqlx::query(settle).execute(&mut *filling).await.expect(settle);
    }
    drop(filling);
    let pool = PgPoolOptions::new().max_connections(1).connect_with((*world.pool.connect_options()).clone()).await.expect("connects");
    let moment = Moment::Past(latest(&pool, world.commands.event_store(), world.account).await.expect("answers"));
    for field in [Email, Status, Role, CreatedAt, LastActiveAt] {
        for descending in [false, true] {
            let (filter, order) = (UserFilter::default(), UserOrder { field, descending });
            let before = blocks(&pool).await;
            let page = list_users(&pool, world.account, &filter, order, PageRequest::First(50, None), moment).await.expect("lists");
            let read = blocks(&pool).await - before;
            assert_eq!(page.users.len(), 1, "the admin");
            // The 20,000 rows have hundreds of blocks; planning a page reads some, too.
            assert!(read <= 100, "{order:?} reads {read} blocks");
        }
    }
}
