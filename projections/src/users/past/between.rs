//! Who came, went and changed between two positions.

use std::collections::HashMap;

use domain::{AccountId, UserId};
use sqlx::PgPool;
use uuid::Uuid;

use super::AsOf;
use crate::users::row::select_users;
use crate::users::view::UserView;

/// What became of a user between two positions.
#[derive(Clone, Debug)]
pub struct UserChange {
    /// As they were; `None` when they had not been invited.
    pub before: Option<UserView>,
    /// As they were then.
    pub after: UserView,
}

/// The users of an account of whom something was changed between two positions, by id after one, at most `limit`. Sign-ins and mails are
/// not changes.
pub async fn list_changes(
    pool: &PgPool,
    account_id: AccountId,
    (from, to): (AsOf, AsOf),
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<UserChange>, sqlx::Error> {
    let (from, to) = (from.position.to_bytes(), to.position.to_bytes());
    let ids = sqlx::query_scalar!(
        r#"
        with touched as (
            select distinct id from user_versions where account_id = $1 and from_place > $2 and from_place <= $3 and id > $4
        )
        select t.id
        from touched t
        join user_versions a on a.account_id = $1 and a.id = t.id and a.from_place <= $3 and a.until_place > $3
        left join user_versions b on b.account_id = $1 and b.id = t.id and b.from_place <= $2 and b.until_place > $2
        where b.id is null
            or (a.status, a.role, a.auth_methods, a.name, a.invitation_id, a.erased_at)
                is distinct from (b.status, b.role, b.auth_methods, b.name, b.invitation_id, b.erased_at)
        order by t.id
        limit $5
        "#,
        account_id.uuid(),
        from.as_slice(),
        to.as_slice(),
        after.map_or(Uuid::nil(), UserId::uuid),
        i64::from(limit),
    );
    let ids = ids.fetch_all(pool).await?;
    let mut before = find_in_force(pool, account_id, &ids, &from).await?;
    let mut then = find_in_force(pool, account_id, &ids, &to).await?;
    let change = |id| Some(UserChange { before: before.remove(id), after: then.remove(id)? });
    Ok(ids.iter().filter_map(change).collect())
}

async fn find_in_force(
    pool: &PgPool,
    account_id: AccountId,
    ids: &[Uuid],
    position: &[u8],
) -> Result<HashMap<Uuid, UserView>, sqlx::Error> {
    let rows = select_users!(
        in "user_versions",
        ("where account_id = $1 and id = any($2) and from_place <= $3 and until_place > $3"),
        account_id.uuid(),
        ids,
        position,
    );
    let rows = rows.fetch_all(pool).await?;
    rows.into_iter().map(|row| UserView::try_from(row).map(|view| (view.id.uuid(), view))).collect()
}
