//! Makes the rows of some people what the events say.

use std::collections::BTreeMap;

use domain::user::Status;
use domain::{AccountId, Role, UserId};
use event_store::{EventStore, Lock, Locks};
use sqlx::PgConnection;
use uuid::Uuid;

use super::compare::{Compared, compare};
use super::events::{ApiKey, People, Person, Session};
use super::{Difference, What, accounts};
use crate::Error;
use crate::users::past::UserColumns;
use crate::users::{FoldedUser, insert_versions};

/// Mends people, in the given transaction, which nobody interrupts who would change what is said of them. Answers what was repaired: it may
/// have been repaired by others since it was found.
pub(super) async fn people(
    transaction: &mut PgConnection,
    store: &EventStore,
    people: &[(AccountId, UserId)],
) -> Result<Vec<Difference>, Error> {
    let users = people.iter().map(|&(_, user_id)| Lock::User { user_id }.exclusive());
    // Those who repair others do not disturb; whoever writes versions behind the feed waits.
    Locks::new(users.chain([Lock::UserVersions.shared()])).take(transaction).await?;
    let Compared { expected, stored, differences } = compare(transaction, store, people).await?;
    if differences.is_empty() {
        return Ok(differences);
    }
    let nobody = Person::default();
    accounts::count_admins_afterwards(transaction).await?;
    // Nobody knows what the rows of somebody with an unreadable event should be: they stay, and count as before.
    let can_be_repaired = |difference: &&Difference| !difference.cannot_be_repaired;
    let users: Vec<_> = differences.iter().filter(can_be_repaired).filter(|difference| difference.table == "users").collect();
    write_users(transaction, &expected, &users).await?;
    for difference in differences.iter().filter(can_be_repaired).filter(|difference| difference.table != "users") {
        let who = (difference.account_id, difference.user_id.unwrap_or(UserId::new(Uuid::nil())));
        let (expected, stored) = (expected.get(&who).unwrap_or(&nobody), stored.get(&who).unwrap_or(&nobody));
        write_rest(transaction, who, difference, expected, stored).await?;
    }
    for difference in users.iter().filter(|difference| difference.what == What::Invented) {
        remove_user(transaction, difference).await?;
    }
    accounts::count_admins(transaction, &more_admins(&expected, &stored, &users)).await?;
    Ok(differences)
}

/// How many active admins more than before each account has, or fewer.
fn more_admins(expected: &People, stored: &People, differences: &[&Difference]) -> BTreeMap<AccountId, i64> {
    let is_admin = |people: &People, who| {
        let user = people.get(&who).and_then(|person| person.user.as_ref());
        i64::from(user.is_some_and(|user| user.view.role == Role::Admin && user.view.status == Status::Active))
    };
    let mut more = BTreeMap::new();
    for difference in differences {
        let Some(user_id) = difference.user_id else { continue };
        let who = (difference.account_id, user_id);
        *more.entry(difference.account_id).or_default() += is_admin(expected, who) - is_admin(stored, who);
    }
    more
}

async fn write_users(connection: &mut PgConnection, expected: &People, differences: &[&Difference]) -> Result<(), sqlx::Error> {
    let of = |wanted: What| {
        let found = differences.iter().filter(move |difference| difference.what == wanted);
        found.filter_map(|difference| expected.get(&(difference.account_id, difference.user_id?))?.user.as_ref())
    };
    // Whoever is deleted frees an address that somebody else may have taken since.
    let mut differing: Vec<&FoldedUser> = of(What::Differing).collect();
    differing.sort_by_key(|user| user.view.status != Status::Deleted);
    for user in differing {
        let columns = UserColumns::of(std::iter::once(user));
        update_user(connection, &columns).await?;
    }
    insert_users(connection, &UserColumns::of(of(What::Missing))).await
}

async fn insert_users(connection: &mut PgConnection, columns: &UserColumns) -> Result<(), sqlx::Error> {
    let insert = sqlx::query!(
        r#"
        insert into users (
            account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, last_active_at, invitation_id,
            invitation_sent_at, invitation_expires_at, sessions_valid_from, delivery_state, delivery_at, delivery_attempts, delivery_detail,
            erased_at
        )
        select
            u.account_id, u.id, u.version, u.email, u.email_normalised, u.name, u.role, u.status, string_to_array(u.auth_methods, ','),
            u.created_at, u.last_active_at, u.invitation_id, u.invitation_sent_at, u.invitation_expires_at, u.sessions_valid_from,
            u.delivery_state, u.delivery_at, u.delivery_attempts, u.delivery_detail, u.erased_at
        from unnest(
            $1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::timestamptz[], $11::timestamptz[], $12::uuid[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::text[],
            $17::timestamptz[], $18::integer[], $19::text[], $20::timestamptz[]
        ) as u (
            account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, last_active_at, invitation_id,
            invitation_sent_at, invitation_expires_at, sessions_valid_from, delivery_state, delivery_at, delivery_attempts, delivery_detail,
            erased_at
        )
        "#,
        &columns.account_ids,
        &columns.ids,
        &columns.versions,
        &columns.emails,
        &columns.normalised,
        &columns.names as &[Option<String>],
        &columns.roles,
        &columns.statuses,
        &columns.auth_methods,
        &columns.created_at,
        &columns.last_active_at as &[Option<super::Time>],
        &columns.invitation_ids,
        &columns.invitation_sent_at,
        &columns.invitation_expires_at,
        &columns.sessions_valid_from,
        &columns.delivery_states,
        &columns.delivery_at as &[Option<super::Time>],
        &columns.delivery_attempts,
        &columns.delivery_details as &[Option<String>],
        &columns.erased_at as &[Option<super::Time>],
    );
    insert.execute(connection).await?;
    Ok(())
}

/// What is said of a mail that waits is kept where it still waits for the same invitation.
async fn update_user(connection: &mut PgConnection, user: &UserColumns) -> Result<(), sqlx::Error> {
    let update = sqlx::query!(
        r#"
        update users u set
            account_id = n.account_id, version = n.version, email = n.email, email_normalised = n.email_normalised, name = n.name,
            role = n.role, status = n.status, auth_methods = string_to_array(n.auth_methods, ','), created_at = n.created_at,
            last_active_at = n.last_active_at, invitation_id = n.invitation_id, invitation_sent_at = n.invitation_sent_at,
            invitation_expires_at = n.invitation_expires_at, sessions_valid_from = n.sessions_valid_from,
            delivery_state = n.delivery_state,
            delivery_at = case when n.waits_still then u.delivery_at else n.delivery_at end,
            delivery_attempts = case when n.waits_still then u.delivery_attempts else n.delivery_attempts end,
            delivery_detail = case when n.waits_still then u.delivery_detail else n.delivery_detail end,
            erased_at = n.erased_at
        from (
            select
                *,
                delivery_state = 'waiting' and exists (
                    select from users o where o.id = n.id and o.delivery_state = 'waiting' and o.invitation_id = n.invitation_id
                ) as waits_still
            from unnest(
                $1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::timestamptz[], $11::timestamptz[], $12::uuid[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[],
                $16::text[], $17::timestamptz[], $18::integer[], $19::text[], $20::timestamptz[]
            ) as n (
                account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, last_active_at,
                invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from, delivery_state, delivery_at,
                delivery_attempts, delivery_detail, erased_at
            )
        ) n
        where u.id = n.id
        "#,
        &user.account_ids,
        &user.ids,
        &user.versions,
        &user.emails,
        &user.normalised,
        &user.names as &[Option<String>],
        &user.roles,
        &user.statuses,
        &user.auth_methods,
        &user.created_at,
        &user.last_active_at as &[Option<super::Time>],
        &user.invitation_ids,
        &user.invitation_sent_at,
        &user.invitation_expires_at,
        &user.sessions_valid_from,
        &user.delivery_states,
        &user.delivery_at as &[Option<super::Time>],
        &user.delivery_attempts,
        &user.delivery_details as &[Option<String>],
        &user.erased_at as &[Option<super::Time>],
    );
    update.execute(connection).await?;
    Ok(())
}

async fn write_rest(
    connection: &mut PgConnection,
    (account_id, id): (AccountId, UserId),
    difference: &Difference,
    expected: &Person,
    stored: &Person,
) -> Result<(), Error> {
    let (account, user) = (account_id.uuid(), id.uuid());
    match difference.table {
        "provider_links" => {
            let delete = sqlx::query!("delete from provider_links where user_id = $1", user);
            delete.execute(&mut *connection).await?;
            for (method, link) in &expected.links {
                let insert = sqlx::query!(
                    r#"
                    insert into provider_links (account_id, user_id, auth_method, issuer, subject, linked_at)
                    values ($1, $2, $3, $4, $5, $6)
                    "#,
                    account,
                    user,
                    method,
                    link.issuer,
                    link.subject,
                    link.linked_at,
                );
                insert.execute(&mut *connection).await?;
            }
        }
        "sessions" => {
            for (id, session) in &expected.sessions {
                if stored.sessions.get(id) != Some(session) {
                    write_session(connection, account, user, *id, session).await?;
                }
            }
            let invented: Vec<Uuid> = stored.sessions.keys().filter(|id| !expected.sessions.contains_key(id)).copied().collect();
            sqlx::query!("delete from sessions where id = any($1)", &invented).execute(connection).await?;
        }
        "api_keys" => {
            for (id, key) in &expected.api_keys {
                if stored.api_keys.get(id) != Some(key) {
                    write_api_key(connection, account, user, *id, key).await?;
                }
            }
            let invented: Vec<Uuid> = stored.api_keys.keys().filter(|id| !expected.api_keys.contains_key(id)).copied().collect();
            sqlx::query!("delete from api_keys where id = any($1)", &invented).execute(connection).await?;
        }
        "user_versions" => {
            sqlx::query!("delete from user_versions where id = $1 and account_id = $2", user, account).execute(&mut *connection).await?;
            insert_versions(connection, &expected.versions).await?;
        }
        other => return Err(Error::NotWhole(format!("nobody repairs {other}"))),
    }
    Ok(())
}

/// The hash of a token is in no event: whose row is lost has to sign in again. Nobody knows a token with the hash that is put there.
async fn write_session(connection: &mut PgConnection, account: Uuid, user: Uuid, id: Uuid, session: &Session) -> Result<(), sqlx::Error> {
    let write = sqlx::query!(
        r#"
        insert into sessions (
            id, account_id, user_id, token_hash, auth_method, started_at, expires_at, ended_at, last_seen_at, address, user_agent
        )
        values ($1, $2, $3, sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea), $4, $5, $6, $7, $5, $8, $9)
        on conflict (id) do update set
            account_id = $2, user_id = $3, auth_method = $4, started_at = $5, expires_at = $6, ended_at = $7, address = $8, user_agent = $9
        "#,
        id,
        account,
        user,
        session.auth_method,
        session.started_at,
        session.expires_at,
        session.ended_at,
        session.address,
        session.user_agent,
    );
    write.execute(connection).await?;
    Ok(())
}

/// As with sessions: whose row is lost has to be replaced by another key.
async fn write_api_key(connection: &mut PgConnection, account: Uuid, user: Uuid, id: Uuid, key: &ApiKey) -> Result<(), sqlx::Error> {
    let write = sqlx::query!(
        r#"
        insert into api_keys (id, account_id, user_id, name, scopes, token_hash, created_at, expires_at, revoked_at)
        values ($1, $2, $3, $4, $5, sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea), $6, $7, $8)
        on conflict (id) do update set
            account_id = $2, user_id = $3, name = $4, scopes = $5, created_at = $6, expires_at = $7, revoked_at = $8
        "#,
        id,
        account,
        user,
        key.name,
        &key.scopes,
        key.created_at,
        key.expires_at,
        key.revoked_at,
    );
    write.execute(connection).await?;
    Ok(())
}

/// Takes out a user whom no event speaks of, with everything that only such a row could hold.
async fn remove_user(connection: &mut PgConnection, difference: &Difference) -> Result<(), sqlx::Error> {
    let Some(user) = difference.user_id.map(UserId::uuid) else { return Ok(()) };
    sqlx::query!("delete from password_resets where user_id = $1", user).execute(&mut *connection).await?;
    sqlx::query!("delete from mail_outbox where user_id = $1", user).execute(&mut *connection).await?;
    sqlx::query!("delete from invitation_counts where user_id = $1", user).execute(&mut *connection).await?;
    sqlx::query!("delete from users where id = $1", user).execute(connection).await?;
    Ok(())
}
