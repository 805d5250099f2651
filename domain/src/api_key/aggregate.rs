//! The state of an API key, and its decisions.

use serde::{Deserialize, Serialize};

use super::{ApiKeyCommand, ApiKeyEvent, CreateApiKey};
use crate::stream::aggregate;
use crate::{ApiKeyId, Personal, Refusal};

/// An API key, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    #[default]
    NotCreated,
    Created,
    Revoked,
}

aggregate!(ApiKey, "api_key", ApiKeyId, ApiKeyCommand, ApiKeyEvent { Created, Revoked });

impl ApiKey {
    pub(crate) fn decide_command(&self, command: ApiKeyCommand) -> Result<Vec<ApiKeyEvent>, Refusal> {
        match (command, self.state) {
            (ApiKeyCommand::Create(create), State::NotCreated) => Ok(vec![created(create)]),
            (ApiKeyCommand::Revoke, State::Created) => Ok(vec![ApiKeyEvent::Revoked {}]),
            (ApiKeyCommand::Revoke, State::NotCreated) => Err(Refusal::NotFound),
            (ApiKeyCommand::Create(_), State::Created | State::Revoked) | (ApiKeyCommand::Revoke, State::Revoked) => Ok(vec![]),
        }
    }

    pub(crate) fn apply_event(&mut self, event: ApiKeyEvent) {
        self.state = match event {
            ApiKeyEvent::Created { .. } => State::Created,
            ApiKeyEvent::Revoked {} => State::Revoked,
        };
    }
}

fn created(create: CreateApiKey) -> ApiKeyEvent {
    ApiKeyEvent::Created {
        account_id: create.account_id,
        user_id: create.user_id,
        name: Personal::Known(create.name),
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
    use crate::{AccountId, ApiKeyLifetime, ApiScope, ApiScopes, Name, UserId};

    fn create() -> ApiKeyCommand {
        ApiKeyCommand::Create(CreateApiKey {
            account_id: AccountId::new(Uuid::from_u128(1)),
            user_id: UserId::new(Uuid::from_u128(2)),
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
        given::<ApiKey>([]).when(ApiKeyCommand::Revoke).then_expect_error(Refusal::NotFound);
        given::<ApiKey>([]).when(create()).then_expect_events(vec![created()]);
        given::<ApiKey>([created()]).when(create()).then_expect_events(vec![]);
        given::<ApiKey>([created()]).when(ApiKeyCommand::Revoke).then_expect_events(vec![ApiKeyEvent::Revoked {}]);
        for command in [create(), ApiKeyCommand::Revoke] {
            given::<ApiKey>([created(), ApiKeyEvent::Revoked {}]).when(command).then_expect_events(vec![]);
        }
    }
}
