use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use domain::ActorName;
use projections::named_people::NamedPeople;

use super::people::{find_service_key_name, find_user};
use crate::graphql::user::User;

/// The kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// A signed-in user of the account.
    User,
    /// A program that uses an API key of a user.
    ApiKey,
    /// A program that uses a service key of the account.
    ServiceKey,
    /// A client that was not signed in. Used by refused attempts, and by events of early versions that did not record who signed in or
    /// joined.
    Visitor,
    /// The operator of this Roster server, on its command line.
    Operator,
    /// Roster itself.
    System,
}

/// Who caused an event.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub(super) struct Actor {
    /// The kind of actor.
    kind: ActorKind,
    #[graphql(skip)]
    name: Option<ActorName>,
    #[graphql(skip)]
    people: Arc<NamedPeople>,
}

#[ComplexObject]
impl Actor {
    /// The user in their current state. Null if the actor is not a user of this account, or if the viewer may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let Some(ActorName::User(id)) = self.name else { return None };
        find_user(ctx, &self.people, id).await.transpose()
    }

    /// The name of the service key. Null for other kinds of actors.
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
    pub(super) const fn new(name: Option<ActorName>, people: Arc<NamedPeople>) -> Self {
        Self { kind: ActorKind::of(name), name, people }
    }
}
