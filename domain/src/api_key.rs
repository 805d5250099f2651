//! An API key: with it a program acts for the user who made it, within its scopes.
//!
//! It has a stream of its own, as a session has. A deactivation of its owner revokes it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::key::{CreateKey, KeyCommand, KeyState};
use crate::stream::aggregate;
use crate::{AccountId, ApiKeyId, ApiScopes, Name, Personal, Refusal, UserId};

/// What happened to an API key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiKeyEvent {
    /// It was made; never its secret.
    Created {
        /// Its account.
        account_id: AccountId,
        /// Its owner, for whom it acts.
        user_id: UserId,
        /// What its owner calls it.
        name: Personal<Name>,
        /// What it may be used for.
        scopes: ApiScopes,
        /// When it expires.
        expires_at: DateTime<Utc>,
    },
    /// It was taken out of use before its time.
    Revoked {},
}

/// An API key, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    state: KeyState<()>,
}

aggregate!(ApiKey, "api_key", ApiKeyId, KeyCommand<UserId>, ApiKeyEvent { Created, Revoked });

impl ApiKey {
    pub(crate) fn decide_command(&self, command: KeyCommand<UserId>) -> Result<Vec<ApiKeyEvent>, Refusal> {
        self.state.decide(command, created, |()| ApiKeyEvent::Revoked {})
    }

    pub(crate) fn apply_event(&mut self, event: ApiKeyEvent) {
        self.state = match event {
            ApiKeyEvent::Created { .. } => KeyState::Created(()),
            ApiKeyEvent::Revoked {} => KeyState::Revoked,
        };
    }
}

fn created(create: CreateKey<UserId>) -> ApiKeyEvent {
    let (expires_at, name) = (create.expires_at(), Personal::Known(create.name));
    ApiKeyEvent::Created { account_id: create.account_id, user_id: create.owner, name, scopes: create.scopes, expires_at }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::given::given;
    use crate::{ApiKeyLifetime, ApiScope};

    fn create() -> KeyCommand<UserId> {
        KeyCommand::Create(CreateKey {
            account_id: AccountId::new(Uuid::from_u128(1)),
            owner: UserId::new(Uuid::from_u128(2)),
            name: Name::parse("CI").expect("a name"),
            scopes: ApiScopes::parse([ApiScope::UsersRead]).expect("not empty"),
            lifetime: ApiKeyLifetime::parse(30).expect("in range"),
            at: DateTime::UNIX_EPOCH,
        })
    }

    fn created() -> ApiKeyEvent {
        ApiKeyEvent::Created {
            account_id: AccountId::new(Uuid::from_u128(1)),
            user_id: UserId::new(Uuid::from_u128(2)),
            name: Personal::Known(Name::parse("CI").expect("a name")),
            scopes: ApiScopes::parse([ApiScope::UsersRead]).expect("not empty"),
            expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(30),
        }
    }

    #[test]
    fn a_key_is_created_once_and_revoked_once() {
        given::<ApiKey>([]).when(KeyCommand::Revoke).then_expect_error(Refusal::NotFound);
        given::<ApiKey>([]).when(create()).then_expect_events(vec![created()]);
        given::<ApiKey>([created()]).when(create()).then_expect_events(vec![]);
        given::<ApiKey>([created()]).when(KeyCommand::Revoke).then_expect_events(vec![ApiKeyEvent::Revoked {}]);
        for command in [create(), KeyCommand::Revoke] {
            given::<ApiKey>([created(), ApiKeyEvent::Revoked {}]).when(command).then_expect_events(vec![]);
        }
    }
}
