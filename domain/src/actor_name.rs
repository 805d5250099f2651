//! The text form of an actor.

use std::fmt;
use std::str::FromStr;

use crate::{Actor, ApiKeyId, ServiceKeyId, UserId};

/// Who an actor is, without what they may do: what the metadata of events and refused attempts hold.
///
/// Its text is `user:<id>`, `api_key:<id>`, `service_key:<id>`, `visitor`, `operator` or `system`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorName {
    /// A signed-in user.
    User(UserId),
    /// A program with an API key.
    ApiKey(ApiKeyId),
    /// A program with a service key.
    ServiceKey(ServiceKeyId),
    /// A client that is not signed in.
    Visitor,
    /// The operator, at the command line.
    Operator,
    /// Roster itself.
    System,
}

/// A text that names no actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this names no actor")]
pub struct UnknownActor;

impl ActorName {
    /// The user, if it is one.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        if let Self::User(id) = self { Some(id) } else { None }
    }

    /// The service key, if it is one.
    #[must_use]
    pub const fn service_key(self) -> Option<ServiceKeyId> {
        if let Self::ServiceKey(id) = self { Some(id) } else { None }
    }
}

impl From<&Actor> for ActorName {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::User { user, .. } => Self::User(*user),
            Actor::ApiKey { key, .. } => Self::ApiKey(*key),
            Actor::ServiceKey { key, .. } => Self::ServiceKey(*key),
            Actor::Visitor => Self::Visitor,
            Actor::Operator => Self::Operator,
            Actor::System => Self::System,
        }
    }
}

impl fmt::Display for ActorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::ApiKey(id) => write!(f, "api_key:{id}"),
            Self::ServiceKey(id) => write!(f, "service_key:{id}"),
            Self::Visitor => f.write_str("visitor"),
            Self::Operator => f.write_str("operator"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for ActorName {
    type Err = UnknownActor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = match text.split_once(':') {
            Some(("user", id)) => id.parse().map(Self::User),
            Some(("api_key", id)) => id.parse().map(Self::ApiKey),
            Some(("service_key", id)) => id.parse().map(Self::ServiceKey),
            Some(_) => return Err(UnknownActor),
            None => {
                return match text {
                    "visitor" => Ok(Self::Visitor),
                    "operator" => Ok(Self::Operator),
                    "system" => Ok(Self::System),
                    _ => Err(UnknownActor),
                };
            }
        };
        name.map_err(|_| UnknownActor)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_name_reads_as_it_is_written() {
        let id = Uuid::from_u128(7);
        let text = "00000000-0000-0000-0000-000000000007";
        for (name, expected) in [
            (ActorName::User(UserId::new(id)), format!("user:{text}")),
            (ActorName::ApiKey(ApiKeyId::new(id)), format!("api_key:{text}")),
            (ActorName::ServiceKey(ServiceKeyId::new(id)), format!("service_key:{text}")),
            (ActorName::Visitor, "visitor".to_owned()),
            (ActorName::Operator, "operator".to_owned()),
            (ActorName::System, "system".to_owned()),
        ] {
            assert_eq!(name.to_string(), expected);
            assert_eq!(expected.parse(), Ok(name));
        }
    }

    #[test]
    fn other_texts_name_no_actor() {
        for text in ["", "user", "user:", "user:ada", "robot:00000000-0000-0000-0000-000000000007", "Operator"] {
            assert_eq!(text.parse::<ActorName>(), Err(UnknownActor), "{text:?}");
        }
    }
}
