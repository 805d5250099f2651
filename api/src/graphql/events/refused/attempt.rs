use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::UserId;
use projections::people::People;
use projections::refused_attempts::RefusedAttempt as StoredAttempt;

use super::summary::summary;
use crate::graphql::events::actor::Actor;
use crate::graphql::events::people::find_user;
use crate::graphql::user::User;

/// Something that was tried and refused. Nothing that was typed is known of it.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct RefusedAttempt {
    /// Its id: no other attempt has it.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// When it was tried.
    at: DateTime<Utc>,
    /// What was tried: the name of the mutation, such as `signIn` or `inviteUser`; or `signInWithProvider`, `exportHistory`, `exportUsers`.
    operation: String,
    /// Why it was refused: a `UserErrorCode`, or `FORBIDDEN` where the role, or the scopes of the key, do not reach so far.
    code: String,
    /// Who tried it: a visitor where nobody was signed in, or somebody of another account.
    actor: Actor,
    /// The HTTP request by which it was tried; null when it is not known.
    request_id: Option<String>,
    /// From which address it was tried; null when it is not known, and once somebody whom it concerns was erased.
    address: Option<String>,
    /// One English sentence. Nobody is named in it: `actor` and `user` say who it is.
    summary: String,
    #[graphql(skip)]
    user_id: Option<UserId>,
    #[graphql(skip)]
    people: Arc<People>,
}

#[ComplexObject]
impl RefusedAttempt {
    /// As whom somebody tried to sign in, or whom it would have happened to, as they are now; null where that is no user of this account,
    /// and for who may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        find_user(ctx, &self.people, self.user_id?).await.transpose()
    }
}

impl RefusedAttempt {
    pub(super) fn new(attempt: StoredAttempt, people: Arc<People>) -> Self {
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
