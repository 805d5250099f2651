use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use domain::{AccountId, ActorName, ServiceKeyId, UserId};

use super::people::People;
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
    who: Option<(AccountId, UserId)>,
    #[graphql(skip)]
    service_key: Option<(AccountId, ServiceKeyId)>,
    #[graphql(skip)]
    people: People,
}

#[ComplexObject]
impl Actor {
    /// The user, as they are now, if it was a user of this account; null for who may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let (account_id, id) = self.who?;
        self.people.find(ctx, account_id, id).await.transpose()
    }

    /// What the service key is called, if it was one.
    async fn service_key_name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let (account_id, id) = self.service_key?;
        self.people.find_service_key_name(ctx, account_id, id).await.transpose()
    }
}

impl ActorKind {
    /// The kind of actor that the metadata of an event names.
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
    /// Reads an actor as the metadata of an event of this account names it.
    pub(super) fn read(account_id: AccountId, text: Option<&str>, people: People) -> Self {
        let kind = ActorKind::named_by(text);
        let who = text.and_then(user_named_by).map(|id| (account_id, id));
        let service_key = text.and_then(service_key_named_by).map(|id| (account_id, id));
        Self { kind, who, service_key, people }
    }
}

/// The user that metadata names as the actor, if it is one.
pub(super) fn user_named_by(actor: &str) -> Option<UserId> {
    actor.parse::<ActorName>().ok()?.user()
}

/// The service key that metadata names as the actor, if it is one.
pub(super) fn service_key_named_by(actor: &str) -> Option<ServiceKeyId> {
    actor.parse::<ActorName>().ok()?.service_key()
}
