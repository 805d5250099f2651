//! Counts that stop at a bound, and counts that are kept.

use std::sync::Arc;

use domain::Role;
use domain::user::UserEvent;
use event_store::{Count, CountTo, MAX_COUNTED};
use projections::refused_attempts::{RefusedAttemptFilter, count_refused_attempts};
use projections::users::{ListedStatus, Moment, UserFilter, count_users, count_users_by_kind};

use tokio::task::JoinSet;

use super::world::{World, accepted, now};

const MANY: i32 = MAX_COUNTED.cast_signed() + 2;

#[tokio::test]
async fn a_count_for_a_screen_stops_at_its_bound() {
    let world = World::open().await;
    let insert = "
        insert into refused_attempts (account_id, number, id, at, operation, code, actor)
        select $1, n, gen_random_uuid(), now(), 'signIn', case when n < 3 then 'NOT_FOUND' else 'FORBIDDEN' end, 'visitor'
        from generate_series(1, $2) n";
    sqlx::query(insert).bind(world.account.uuid()).bind(MANY).execute(&world.pool()).await.expect(insert);
    let count = async |code: Option<&str>, to| {
        let filter = RefusedAttemptFilter { codes: code.map(|code| vec![code.to_owned()]), ..RefusedAttemptFilter::default() };
        count_refused_attempts(&world.pool(), world.account, &filter, to).await.expect("counts")
    };
    let bound = u64::from(MAX_COUNTED);
    assert_eq!(count(None, CountTo::Bound).await, Count { count: bound, is_exact: false });
    assert_eq!(count(None, CountTo::End).await, Count::exact(bound + 2));
    assert_eq!(count(Some("FORBIDDEN"), CountTo::Bound).await, Count::exact(bound), "as many as the bound are all");
    assert_eq!(count(Some("NOT_FOUND"), CountTo::Bound).await, Count::exact(2));
}

/// Invites so many users with SQL, whose links expire after so many hours.
async fn invite(world: &World, users: i32, hours: i32) {
    let insert = "
        insert into users (account_id, id, version, email, email_normalised, role, status, auth_methods, created_at, invitation_id,
            invitation_sent_at, invitation_expires_at, sessions_valid_from)
        select $1, gen_random_uuid(), 1, n || 'h' || $4, n || 'h' || $4, 'viewer', 'invited', array['password'], $2, gen_random_uuid(), $2,
            $2 + $4 * interval '1 hour', $2
        from generate_series(1, $3) n";
    let query = sqlx::query(insert).bind(world.account.uuid()).bind(now()).bind(users).bind(hours);
    query.execute(&world.pool()).await.expect(insert);
}

#[tokio::test]
async fn statistics_are_exact_however_many_invitations_are_pending_or_expired() {
    let world = World::open().await;
    let (mut pending, mut expired) = (0, 0);
    for (users, hours) in [(5, 1), (MANY, -1), (MANY, 2), (3, -2)] {
        invite(&world, users, hours).await;
        *(if hours > 0 { &mut pending } else { &mut expired }) += u64::from(users.unsigned_abs());
        let stats = count_users_by_kind(&world.pool(), world.account, now()).await.expect("counts");
        for (status, count) in &stats.by_status {
            let expected = match status {
                ListedStatus::PendingInvitation => pending,
                ListedStatus::ExpiredInvitation => expired,
                _ => 0,
            };
            assert_eq!(*count, expected, "{status:?}");
        }
        assert_eq!(stats.total, pending + expired);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_counts_are_those_of_the_table_whatever_happens_at_the_same_time() {
    let world = Arc::new(World::open().await);
    let change = |number: i64| {
        let world = Arc::clone(&world);
        async move {
            let role = if number % 3 == 0 { Role::Editor } else { Role::Viewer };
            let id = world.user(world.account, &format!("user{number}@example.com"), role, now(), &[accepted()]).await;
            let change = UserEvent::RoleChanged { from: role, to: Role::Admin };
            let changes = [vec![change], vec![UserEvent::Deleted {}], vec![UserEvent::Deactivated {}], vec![]];
            world.project(world.account, id, changes[usize::try_from(number % 4).expect("small")].clone(), 3, now()).await;
            if number % 5 == 0 {
                let delete = sqlx::query("delete from users where id = $1").bind(id.uuid());
                delete.execute(&world.pool()).await.expect("deletes");
            }
        }
    };
    let mut changes = JoinSet::new();
    for number in 0..60 {
        changes.spawn(change(number));
    }
    changes.join_all().await;
    let select = r#"
        select status collate "C", role_rank, count(*) from users group by status, role_rank
        except all
        select status, role_rank, sum(count)::bigint from user_counts group by status, role_rank"#;
    let differing: Vec<(String, i16, i64)> = sqlx::query_as(select).fetch_all(&world.pool()).await.expect("answers");
    assert_eq!(differing, []);
    let filter = UserFilter { includes_deleted: true, ..UserFilter::default() };
    let count = count_users(&world.pool(), world.account, &filter, Moment::Now(now()), CountTo::Bound).await.expect("counts");
    assert_eq!(count, Count::exact(48));
}
