use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use domain::ActorName;
use projections::people::People;

use super::people::{find_service_key_name, find_user};
use crate::graphql::user::User;

/// What kind of somebody has done something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// A signed-in user of the account.
    User,
    /// A program with an API key.
    ApiKey,
    /// A program with a service key, which acts for the account.
    ServiceKey,
    /// Somebody who was not signed in: of refused attempts, and of events from before Roster named who joins or signs in.
    Visitor,
    /// Who runs this Roster, at its command line.
    Operator,
    /// Roster itself.
    System,
}

/// Who has done something.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub(super) struct Actor {
    /// What kind of somebody it was.
    kind: ActorKind,
    #[graphql(skip)]
    name: Option<ActorName>,
    #[graphql(skip)]
    people: Arc<People>,
}

#[ComplexObject]
impl Actor {
    /// The user, as they are now, if it was a user of this account; null for who may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let Some(ActorName::User(id)) = self.name else { return None };
        find_user(ctx, &self.people, id).await.transpose()
    }

    /// What the service key is called, if it was one.
    async fn service_key_name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let Some(ActorName::ServiceKey(id)) = self.name else { return None };
        find_service_key_name(ctx, &self.people, id).await.transpose()
    }
}

impl ActorKind {
    /// The kind of an actor; `System` for an actor that this Roster does not know.
    pub(crate) const fn of(name: Option<ActorName>) -> Self {
        match name {
            Some(ActorName::User(_)) => Self::User,
            Some(ActorName::ApiKey(_)) => Self::ApiKey,
            Some(ActorName::ServiceKey(_)) => Self::ServiceKey,
            Some(ActorName::Visitor) => Self::Visitor,
            Some(ActorName::Operator) => Self::Operator,
            Some(ActorName::System) | None => Self::System,
        }
    }
}

impl Actor {
    /// An actor among the people of a page.
    pub(super) const fn new(name: Option<ActorName>, people: Arc<People>) -> Self {
        Self { kind: ActorKind::of(name), name, people }
    }
}
