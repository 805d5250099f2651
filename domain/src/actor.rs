//! Who gives a command.

use std::fmt;

use crate::{AccountId, ActorName, ApiKeyId, ApiScopes, Role, ServiceKeyId, SessionId, UserId};

/// Who gives a command, and what they may do at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in user of an account.
    User {
        /// The only account that they can reach.
        account: AccountId,
        /// Who they are.
        user: UserId,
        /// Their role at this moment.
        role: Role,
        /// The session that they use.
        session: SessionId,
    },
    /// A program with an API key: it does for its owner what its scopes and their role both permit.
    ApiKey {
        /// The only account that it can reach.
        account: AccountId,
        /// Its owner.
        user: UserId,
        /// Its owner's role at this moment.
        role: Role,
        /// The key.
        key: ApiKeyId,
        /// What the key may be used for.
        scopes: ApiScopes,
    },
    /// A program with a service key: it does for the account what its scopes permit, as an admin could.
    ServiceKey {
        /// The only account that it can reach.
        account: AccountId,
        /// The key.
        key: ServiceKeyId,
        /// What the key may be used for.
        scopes: ApiScopes,
    },
    /// A client that is not signed in, and may hold a link or a password.
    Visitor,
    /// The operator, at the command line.
    Operator,
    /// Roster itself: mail deliveries.
    System,
}

impl Actor {
    /// The account that bounds what this actor can reach; `None` when nothing or everything does.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::User { account, .. } | Self::ApiKey { account, .. } | Self::ServiceKey { account, .. } => Some(*account),
            Self::Visitor | Self::Operator | Self::System => None,
        }
    }

    /// The user, or the owner of the API key. A service key has no user.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User { user, .. } | Self::ApiKey { user, .. } => Some(*user),
            Self::ServiceKey { .. } | Self::Visitor | Self::Operator | Self::System => None,
        }
    }
}

impl fmt::Display for Actor {
    /// As metadata of events names them: see [`ActorName`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ActorName::from(self).fmt(f)
    }
}
