use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use projections::refused_attempts::RefusedAttempt as Kept;

use super::summary::summary;
use crate::graphql::events::actor::Actor;
use crate::graphql::events::people::People;
use crate::graphql::user::User;

/// A request that was refused. It contains nothing that the client entered.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct RefusedAttempt {
    /// The unique id of the attempt.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// When the attempt was made.
    at: DateTime<Utc>,
    /// The name of the refused mutation, such as `signIn` or `inviteUser`; or `signInWithProvider`, `exportHistory` or `exportUsers`.
    operation: String,
    /// Why the attempt was refused: a `UserErrorCode`, or `FORBIDDEN` if the role or the scopes of the key do not permit it.
    code: String,
    /// Who made the attempt. A visitor if the client was not signed in or belongs to another account.
    actor: Actor,
    /// The id of the HTTP request. Null if unknown.
    request_id: Option<String>,
    /// The IP address of the client. Null if unknown, and after a user whom the attempt concerns was erased.
    address: Option<String>,
    /// One English sentence that describes the attempt without naming anyone; `actor` and `user` identify them.
    summary: String,
    #[graphql(skip)]
    whom: Option<(AccountId, UserId)>,
    #[graphql(skip)]
    people: People,
}

#[ComplexObject]
impl RefusedAttempt {
    /// The user as whom the client tried to sign in, or whom the change would have affected, in their current state. Null if this is not a
    /// user of the account, or if the viewer may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let (account_id, id) = self.whom?;
        self.people.find(ctx, account_id, id).await.transpose()
    }
}

impl RefusedAttempt {
    pub(super) fn new(account_id: AccountId, kept: Kept, people: People) -> Self {
        Self {
            id: kept.id.to_string().into(),
            at: kept.at,
            summary: summary(&kept.operation, &kept.code),
            operation: kept.operation,
            code: kept.code,
            actor: Actor::read(account_id, Some(&kept.actor), people.clone()),
            request_id: kept.request_id,
            address: kept.address,
            whom: kept.user_id.map(|id| (account_id, id)),
            people,
        }
    }
}
