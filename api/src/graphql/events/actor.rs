use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use domain::{AccountId, ActorName, ServiceKeyId, UserId};

use super::people::People;
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
    who: Option<(AccountId, UserId)>,
    #[graphql(skip)]
    service_key: Option<(AccountId, ServiceKeyId)>,
    #[graphql(skip)]
    people: People,
}

#[ComplexObject]
impl Actor {
    /// The user in their current state. Null if the actor is not a user of this account, or if the viewer may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let (account_id, id) = self.who?;
        self.people.find(ctx, account_id, id).await.transpose()
    }

    /// The name of the service key. Null for other kinds of actors.
    async fn service_key_name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let (account_id, id) = self.service_key?;
        self.people.find_service_key_name(ctx, account_id, id).await.transpose()
    }
}

impl ActorKind {
    /// Reads the kind of actor from the metadata of an event.
    pub(crate) fn named_by(text: Option<&str>) -> Self {
        match text.and_then(|text| text.parse().ok()) {
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
    /// Reads the actor from the metadata of an event of this account.
    pub(super) fn read(account_id: AccountId, text: Option<&str>, people: People) -> Self {
        let kind = ActorKind::named_by(text);
        let who = text.and_then(user_named_by).map(|id| (account_id, id));
        let service_key = text.and_then(service_key_named_by).map(|id| (account_id, id));
        Self { kind, who, service_key, people }
    }
}

/// The actor, if it is a user.
pub(super) fn user_named_by(actor: &str) -> Option<UserId> {
    actor.parse::<ActorName>().ok()?.user()
}

/// The actor, if it is a service key.
pub(super) fn service_key_named_by(actor: &str) -> Option<ServiceKeyId> {
    actor.parse::<ActorName>().ok()?.service_key()
}
