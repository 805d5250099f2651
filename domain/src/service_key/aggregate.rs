//! The state of a service key, and its decisions.

use serde::{Deserialize, Serialize};

use super::{CreateServiceKey, ServiceKeyCommand, ServiceKeyEvent};
use crate::stream::aggregate;
use crate::{Name, Refusal, ServiceKeyId};

/// A service key, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceKey {
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    #[default]
    NotCreated,
    Created(Name),
    Revoked,
}

aggregate!(ServiceKey, "service_key", ServiceKeyId, ServiceKeyCommand, ServiceKeyEvent { Created, Revoked });

impl ServiceKey {
    pub(crate) fn decide_command(&self, command: ServiceKeyCommand) -> Result<Vec<ServiceKeyEvent>, Refusal> {
        match (command, &self.state) {
            (ServiceKeyCommand::Create(create), State::NotCreated) => Ok(vec![created(create)]),
            (ServiceKeyCommand::Revoke, State::Created(name)) => Ok(vec![ServiceKeyEvent::Revoked { name: name.clone() }]),
            (ServiceKeyCommand::Revoke, State::NotCreated) => Err(Refusal::NotFound),
            (ServiceKeyCommand::Create(_), State::Created(_) | State::Revoked) | (ServiceKeyCommand::Revoke, State::Revoked) => Ok(vec![]),
        }
    }

    pub(crate) fn apply_event(&mut self, event: ServiceKeyEvent) {
        self.state = match event {
            ServiceKeyEvent::Created { name, .. } => State::Created(name),
            ServiceKeyEvent::Revoked { .. } => State::Revoked,
        };
    }
}

fn created(create: CreateServiceKey) -> ServiceKeyEvent {
    ServiceKeyEvent::Created {
        account_id: create.account_id,
        name: create.name,
        scopes: create.scopes,
        expires_at: create.at + create.lifetime.lifetime(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;
    use crate::given::given;
    use crate::{AccountId, ApiKeyLifetime, ApiScope, ApiScopes};

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
            ServiceKeyCommand::Create(CreateServiceKey { account_id, name: name(), scopes: scopes(), lifetime, at })
        };
        let expires_at = DateTime::UNIX_EPOCH + TimeDelta::days(30);
        let created = || ServiceKeyEvent::Created { account_id, name: name(), scopes: scopes(), expires_at };
        let revoked = || ServiceKeyEvent::Revoked { name: name() };
        given::<ServiceKey>([]).when(ServiceKeyCommand::Revoke).then_expect_error(Refusal::NotFound);
        given::<ServiceKey>([]).when(create()).then_expect_events(vec![created()]);
        given::<ServiceKey>([created()]).when(create()).then_expect_events(vec![]);
        given::<ServiceKey>([created()]).when(ServiceKeyCommand::Revoke).then_expect_events(vec![revoked()]);
        for command in [create(), ServiceKeyCommand::Revoke] {
            given::<ServiceKey>([created(), revoked()]).when(command).then_expect_events(vec![]);
        }
    }
}
