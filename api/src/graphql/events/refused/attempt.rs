use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use projections::refused_attempts::RefusedAttempt as Kept;

use super::summary::summary;
use crate::graphql::events::actor::Actor;
use crate::graphql::events::people::People;
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
    whom: Option<(AccountId, UserId)>,
    #[graphql(skip)]
    people: People,
}

#[ComplexObject]
impl RefusedAttempt {
    /// As whom somebody tried to sign in, or whom it would have happened to, as they are now; null where that is no user of this account,
    /// and for who may not see that user.
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
