//! Who came, went and changed between two positions.

use std::collections::HashMap;

use domain::{AccountId, UserId};
use sqlx::PgPool;
use uuid::Uuid;

use super::AsOf;
use super::states::find_users_as_of;
use crate::users::view::UserView;

/// How many users are looked at together.
const CHUNK: usize = 500;

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
    let mut changes = vec![];
    let mut ids = find_touched(pool, account_id, (from, to), after).await?;
    ids.sort_unstable();
    for ids in ids.chunks(CHUNK) {
        let by_id = |users: Vec<UserView>| users.into_iter().map(|user| (user.id.uuid(), user)).collect::<HashMap<_, _>>();
        let mut before = by_id(find_users_as_of(pool, account_id, ids, from).await?);
        let mut then = by_id(find_users_as_of(pool, account_id, ids, to).await?);
        let change = |id| Some(UserChange { before: before.remove(id), after: then.remove(id)? });
        changes.extend(ids.iter().filter_map(change).filter(UserChange::shows));
        if changes.len() >= limit as usize {
            break;
        }
    }
    changes.truncate(limit as usize);
    Ok(changes)
}

/// The users with events between two positions, after one of them.
async fn find_touched(
    pool: &PgPool,
    account_id: AccountId,
    (from, to): (AsOf, AsOf),
    after: Option<UserId>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let select = sqlx::query_scalar!(
        r#"
        select distinct person_id as "id!"
        from events
        where account_id = $1
            and aggregate_type = 'user'
            and person_id > $2
            and (generation, xid, position) > (($3::bigint / 281474976710656)::integer, ($3 % 281474976710656)::text::xid8, $4::bigint)
            and (generation, xid, position) <= (($5::bigint / 281474976710656)::integer, ($5 % 281474976710656)::text::xid8, $6::bigint)
        "#,
        account_id.uuid(),
        after.map_or(Uuid::nil(), UserId::uuid),
        from.position.transaction(),
        from.position.position(),
        to.position.transaction(),
        to.position.position(),
    );
    select.fetch_all(pool).await
}

impl UserChange {
    /// Whether anything differs that is shown as a change.
    fn shows(&self) -> bool {
        let shown =
            |user: &UserView| (user.status, user.role, user.auth_methods.clone(), user.name.clone(), user.invitation_id, user.erased_at);
        self.before.as_ref().map(shown) != Some(shown(&self.after))
    }
}
