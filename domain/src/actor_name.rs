use std::fmt;

use crate::{Actor, ApiKeyId, ServiceKeyId, UserId};

/// An actor as the metadata of events names it: its kind, and the id of a user or a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorName {
    /// A signed-in user.
    User(UserId),
    /// A program with an API key.
    ApiKey(ApiKeyId),
    /// A program with a service key.
    ServiceKey(ServiceKeyId),
    /// A visitor: not signed in.
    Visitor,
    /// The operator of this Roster.
    Operator,
    /// Roster itself.
    System,
}

impl ActorName {
    /// Reads `user:<id>`, `api_key:<id>`, `service_key:<id>`, `visitor`, `operator` or `system`. Anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "visitor" => return Some(Self::Visitor),
            "operator" => return Some(Self::Operator),
            "system" => return Some(Self::System),
            _ => {}
        }
        let (kind, id) = text.split_once(':')?;
        match kind {
            "user" => id.parse().ok().map(Self::User),
            "api_key" => id.parse().ok().map(Self::ApiKey),
            "service_key" => id.parse().ok().map(Self::ServiceKey),
            _ => None,
        }
    }
}

impl From<&Actor> for ActorName {
    fn from(actor: &Actor) -> Self {
        match *actor {
            Actor::User { user, .. } => Self::User(user),
            Actor::ApiKey { key, .. } => Self::ApiKey(key),
            Actor::ServiceKey { key, .. } => Self::ServiceKey(key),
            Actor::Visitor => Self::Visitor,
            Actor::Operator => Self::Operator,
            Actor::System => Self::System,
        }
    }
}

impl fmt::Display for ActorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::ApiKey(key) => write!(f, "api_key:{key}"),
            Self::ServiceKey(key) => write!(f, "service_key:{key}"),
            Self::Visitor => f.write_str("visitor"),
            Self::Operator => f.write_str("operator"),
            Self::System => f.write_str("system"),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_name_is_read_as_it_is_written() {
        let id = Uuid::from_u128(7);
        let names = [
            ActorName::User(UserId::new(id)),
            ActorName::ApiKey(ApiKeyId::new(id)),
            ActorName::ServiceKey(ServiceKeyId::new(id)),
            ActorName::Visitor,
            ActorName::Operator,
            ActorName::System,
        ];
        for name in names {
            assert_eq!(ActorName::parse(&name.to_string()), Some(name));
        }
    }

    #[test]
    fn anything_else_names_no_actor() {
        for text in ["", "user", "user:", "user:ada", "robot:00000000-0000-0000-0000-000000000007", "Visitor"] {
            assert_eq!(ActorName::parse(text), None, "{text}");
        }
    }
}
