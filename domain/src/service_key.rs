//! A service key: with it a program acts for the account itself, within its scopes.
//!
//! It belongs to no person, so it stays valid when its creator is deactivated, deleted or erased.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::key::{CreateKey, KeyCommand, KeyState};
use crate::stream::aggregate;
use crate::{AccountId, ApiScopes, Name, Refusal, ServiceKeyId};

/// What happened to a service key. Its name is that of a program, and in plain text, as the account's name is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceKeyEvent {
    /// It was created; never its secret.
    Created {
        /// The account for which it acts.
        account_id: AccountId,
        /// What the program is called.
        name: Name,
        /// What it may be used for.
        scopes: ApiScopes,
        /// When it expires.
        expires_at: DateTime<Utc>,
    },
    /// It was revoked before its time.
    Revoked {
        /// What the program is called.
        name: Name,
    },
}

/// A service key, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceKey {
    state: KeyState<Name>,
}

aggregate!(ServiceKey, "service_key", ServiceKeyId, KeyCommand<()>, ServiceKeyEvent { Created, Revoked });

impl ServiceKey {
    pub(crate) fn decide_command(&self, command: KeyCommand<()>) -> Result<Vec<ServiceKeyEvent>, Refusal> {
        self.state.decide(command, created, |name| ServiceKeyEvent::Revoked { name })
    }

    pub(crate) fn apply_event(&mut self, event: ServiceKeyEvent) {
        self.state = match event {
            ServiceKeyEvent::Created { name, .. } => KeyState::Created(name),
            ServiceKeyEvent::Revoked { .. } => KeyState::Revoked,
        };
    }
}

fn created(create: CreateKey<()>) -> ServiceKeyEvent {
    let expires_at = create.expires_at();
    ServiceKeyEvent::Created { account_id: create.account_id, name: create.name, scopes: create.scopes, expires_at }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::given::given;
    use crate::{ApiKeyLifetime, ApiScope};

    fn name() -> Name {
        Name::parse("Directory sync").expect("a name")
    }

    fn scopes() -> ApiScopes {
        ApiScopes::parse([ApiScope::UsersRead]).expect("not empty")
    }

    #[test]
    fn a_service_key_is_created_once_and_revoked_once() {
        let account_id = AccountId::new(Uuid::from_u128(1));
        let create = || {
            let (lifetime, at) = (ApiKeyLifetime::parse(30).expect("in range"), DateTime::UNIX_EPOCH);
            KeyCommand::Create(CreateKey { account_id, owner: (), name: name(), scopes: scopes(), lifetime, at })
        };
        let expires_at = DateTime::UNIX_EPOCH + TimeDelta::days(30);
        let created = || ServiceKeyEvent::Created { account_id, name: name(), scopes: scopes(), expires_at };
        let revoked = || ServiceKeyEvent::Revoked { name: name() };
        given::<ServiceKey>([]).when(KeyCommand::Revoke).then_expect_error(Refusal::NotFound);
        given::<ServiceKey>([]).when(create()).then_expect_events(vec![created()]);
        given::<ServiceKey>([created()]).when(create()).then_expect_events(vec![]);
        given::<ServiceKey>([created()]).when(KeyCommand::Revoke).then_expect_events(vec![revoked()]);
        for command in [create(), KeyCommand::Revoke] {
            given::<ServiceKey>([created(), revoked()]).when(command).then_expect_events(vec![]);
        }
    }
}
