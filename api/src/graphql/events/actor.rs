use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use domain::ActorName;
use projections::named_people::NamedPeople;

use crate::graphql::events::people::{find_service_key_name, find_user};
use crate::graphql::users::user::User;
use crate::wire::ActorKind;

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

impl Actor {
    /// An actor among the people of a page.
    pub(super) const fn new(name: Option<ActorName>, people: Arc<NamedPeople>) -> Self {
        Self { kind: ActorKind::of(name), name, people }
    }
}
