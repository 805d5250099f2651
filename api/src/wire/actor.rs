//! Who did something, as events name it.

use async_graphql::Enum;
use domain::{AccountId, ActorName, ServiceKeyId, UserId};
use event_store::{DatabaseError, Pool};
use projections::api_keys::list_ids_of_user;

/// The kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum ActorKind {
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

/// The actors in metadata that an id stands for: a user and their API keys, or a service key.
pub(crate) async fn names_of_actor(database: &Pool, account_id: AccountId, id: UserId) -> Result<Vec<String>, DatabaseError> {
    let keys = list_ids_of_user(database, account_id, id).await?.into_iter().map(ActorName::ApiKey);
    let own = [ActorName::User(id), ActorName::ServiceKey(ServiceKeyId::new(id.uuid()))];
    Ok(own.into_iter().chain(keys).map(|name| name.to_string()).collect())
}
