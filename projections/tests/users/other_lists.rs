//! Refused attempts and keys: list and count agree for every filter. And the functions of all lists are inlined.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ApiKeyId, Role, ServiceKeyId, UserId};
use event_store::CountTo;
use projections::keys::{KeyFilter, KeyId, ListedKey, count_keys, list_keys};
use projections::refused_attempts::{RefusedAttemptFilter, count_refused_attempts, list_refused_attempts};
use sqlx::Row;
use uuid::Uuid;

use super::world::{World, now};

fn hours(hours: i64) -> DateTime<Utc> {
    now() + TimeDelta::hours(hours)
}

async fn run(world: &World, statement: &str, ids: &[Uuid]) {
    let query = sqlx::query(statement).bind(world.account.uuid()).bind(now());
    ids.iter().fold(query, |query, id| query.bind(*id)).execute(&world.pool()).await.expect(statement);
}

#[tokio::test]
async fn refused_attempts_are_listed_and_counted_by_the_same_filter() {
    let world = World::open().await;
    let (ada, grace, key) = (UserId::new(Uuid::now_v7()), UserId::new(Uuid::now_v7()), Uuid::now_v7());
    let insert = "
        insert into refused_attempts (account_id, number, id, at, operation, code, actor, actor_user_id, user_id)
        select $1, n, gen_random_uuid(), $2 + n * interval '1 hour', 'inviteUser', (array['FORBIDDEN', 'NOT_FOUND'])[1 + n % 2],
            case when n % 3 = 0 then 'service_key:' || $5::uuid::text else 'user:' || $3::uuid::text end,
            case when n % 3 <> 0 then $3 end, case when n % 5 < 3 then $4::uuid end
        from generate_series(1, 30) n";
    run(&world, insert, &[ada.uuid(), grace.uuid(), key]).await;
    let mut matching = vec![];
    for from in [None, Some(hours(7))] {
        for before in [None, Some(hours(20))] {
            for actor in [None, Some(ada), Some(UserId::new(key)), Some(grace)] {
                for user in [None, Some(grace)] {
                    for codes in [None, Some(vec!["FORBIDDEN".to_owned()]), Some(vec![])] {
                        let filter = RefusedAttemptFilter { from, before, actor, user, codes };
                        let (mut listed, mut after) = (vec![], None);
                        loop {
                            let page = list_refused_attempts(&world.pool(), world.account, &filter, after, 4).await.expect("lists");
                            let Some(last) = page.last() else { break };
                            after = Some(last.number);
                            listed.extend(page.into_iter().map(|attempt| attempt.number));
                        }
                        let model = (1..=30).rev().filter(|n: &i64| {
                            from.is_none_or(|from| hours(*n) >= from)
                                && before.is_none_or(|before| hours(*n) < before)
                                && actor.is_none_or(|actor| if n % 3 == 0 { actor.uuid() == key } else { actor == ada })
                                && user.is_none_or(|_| n % 5 < 3)
                                && filter.codes.as_ref().is_none_or(|codes| n % 2 == 0 && !codes.is_empty())
                        });
                        assert_eq!(listed, model.collect::<Vec<_>>(), "{filter:?}");
                        let count =
                            count_refused_attempts(&world.pool(), world.account, &filter, CountTo::End).await.expect("counts").count;
                        assert_eq!(count, listed.len() as u64, "{filter:?}");
                        matching.push(count);
                    }
                }
            }
        }
    }
    matching.sort_unstable();
    matching.dedup();
    assert!(matching.len() > 5, "filters that make a difference: {matching:?}");
}

/// All keys that match, in pages of three; their count is compared.
async fn all<Id: KeyId + std::fmt::Debug>(world: &World, filter: KeyFilter) -> Vec<ListedKey<Id>> {
    let (mut all, mut after) = (vec![], None);
    loop {
        let page = list_keys(&world.pool(), world.account, filter, after, 3).await.expect("lists");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        all.extend(page);
    }
    let count = count_keys::<Id>(&world.pool(), world.account, filter, CountTo::End).await.expect("counts").count;
    assert_eq!(count, all.len() as u64, "{filter:?}");
    all
}

#[tokio::test]
async fn keys_of_both_kinds_are_listed_and_counted_by_the_same_filter() {
    let world = World::open().await;
    let ada = world.user(world.account, "ada@example.com", Role::Viewer, now(), &[]).await;
    let deleted = world.user(world.account, "grace@example.com", Role::Viewer, now(), &[domain::user::UserEvent::Deleted {}]).await;
    let keys = "
        (id, account_id, name, scopes, token_hash, created_at, expires_at, revoked_at{})
        select gen_random_uuid(), $1, 'key ' || n, array['users:read'], sha256(n::text::bytea), $2,
            $2 + (n % 3 - 1) * interval '1 hour', case when n % 4 = 0 then $2 end{}
        from generate_series(1, 12) n";
    let owned = keys.replacen("{}", ", user_id", 1).replacen("{}", ", case when n <= 6 then $3::uuid else $4::uuid end", 1);
    run(&world, &format!("insert into api_keys {owned}"), &[ada.uuid(), deleted.uuid()]).await;
    run(&world, &format!("insert into service_keys {}", keys.replace("{}", "")), &[]).await;

    let works = |n: &u32| n % 3 == 2 && !n.is_multiple_of(4);
    for (owner, in_use_at) in [(None, None), (None, Some(now())), (Some(ada), None), (Some(ada), Some(now())), (Some(deleted), Some(now()))]
    {
        let filter = KeyFilter { owner, in_use_at };
        let of_users = all::<ApiKeyId>(&world, filter).await;
        let is_wanted = |n: &u32| owner.is_none_or(|owner| (owner == ada) == (*n <= 6)) && in_use_at.is_none_or(|_| works(n) && *n <= 6);
        assert_eq!(of_users.len(), (1..=12).filter(is_wanted).count(), "{filter:?}");
        assert!(of_users.iter().all(|key| owner.is_none_or(|owner| key.owner == Some(owner))));
        assert!(of_users.is_sorted_by(|one, next| one.id > next.id));

        let of_account = all::<ServiceKeyId>(&world, filter).await;
        assert_eq!(of_account.len(), (1..=12).filter(|n| in_use_at.is_none_or(|_| works(n))).count(), "{filter:?}");
        assert!(of_account.is_sorted_by(|one, next| one.id > next.id));
    }
}

#[tokio::test]
async fn the_functions_that_lists_select_from_are_inlined() {
    let world = World::open().await;
    let calls = [
        "users_matching($1, user_filter(search => '%a%'))",
        "users_matching_as_of($1, user_filter(search => '%a%'), 1, 1, now())",
        "user_versions_matching_as_of($1, user_filter(search => '%a%'), 1, 1, now())",
        "users_with_failed_invitation($1)",
        "events_matching($1, known_versions => '{user/Invited/1}')",
        "refused_attempts_matching($1, tried_by => $1)",
        "api_keys_matching($1, in_use_at => now())",
        "service_keys_matching($1, in_use_at => now())",
    ];
    for call in calls {
        let explain = format!("explain verbose select * from {call}");
        let rows = sqlx::query(&explain).persistent(false).bind(world.account.uuid()).fetch_all(&world.pool()).await.expect(call);
        let plan = rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n");
        for function in ["Function Scan", "_matching(", "_matching_as_of(", "user_matches(", "user_filter(", "is_settled("] {
            assert!(!plan.contains(function), "{call} is not inlined: {plan}");
        }
    }
    let functions = "select count(*) from pg_proc where proname like '%\\_matching%' and pronamespace = 'public'::regnamespace";
    let count: i64 = sqlx::query_scalar(functions).fetch_one(&world.pool()).await.expect("counts");
    assert_eq!(count, 7, "a new function of a list is explained here");
}
