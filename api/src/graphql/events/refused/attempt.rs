use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::UserId;
use projections::named_people::NamedPeople;
use projections::refused_attempts::RefusedAttempt as StoredAttempt;

use super::summary::summary;
use crate::graphql::events::actor::Actor;
use crate::graphql::events::people::find_user;
use crate::graphql::users::user::User;

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
    user_id: Option<UserId>,
    #[graphql(skip)]
    people: Arc<NamedPeople>,
}

#[ComplexObject]
impl RefusedAttempt {
    /// The user as whom the client tried to sign in, or whom the change would have affected, in their current state. Null if this is not a
    /// user of the account, or if the viewer may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        find_user(ctx, &self.people, self.user_id?).await.transpose()
    }
}

impl RefusedAttempt {
    pub(super) fn new(attempt: StoredAttempt, people: Arc<NamedPeople>) -> Self {
        Self {
            id: attempt.id.to_string().into(),
            at: attempt.at,
            summary: summary(&attempt.operation, &attempt.code),
            operation: attempt.operation,
            code: attempt.code,
            actor: Actor::new(attempt.actor.parse().ok(), Arc::clone(&people)),
            request_id: attempt.request_id,
            address: attempt.address,
            user_id: attempt.user_id,
            people,
        }
    }
}
