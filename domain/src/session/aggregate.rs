//! The state of a session, and its decisions.

use serde::{Deserialize, Serialize};

use super::{SessionCommand, SessionEvent, StartSession};
use crate::stream::aggregate;
use crate::{Personal, Refusal, SessionId};

/// A session, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    #[default]
    NotStarted,
    Started,
    Ended,
}

aggregate!(Session, "session", SessionId, SessionCommand, SessionEvent { Started, Ended });

impl Session {
    pub(crate) fn decide_command(&self, command: SessionCommand) -> Result<Vec<SessionEvent>, Refusal> {
        match (command, self.state) {
            (SessionCommand::Start(start), State::NotStarted) => started(start),
            (SessionCommand::End(reason), State::Started) => Ok(vec![SessionEvent::Ended { reason }]),
            (SessionCommand::End(_), State::NotStarted) => Err(Refusal::NotFound),
            (SessionCommand::Start(_), State::Started | State::Ended) | (SessionCommand::End(_), State::Ended) => Ok(vec![]),
        }
    }

    pub(crate) fn apply_event(&mut self, event: SessionEvent) {
        self.state = match event {
            SessionEvent::Started { .. } => State::Started,
            SessionEvent::Ended { .. } => State::Ended,
        };
    }
}

fn started(start: StartSession) -> Result<Vec<SessionEvent>, Refusal> {
    if !start.user_is_active {
        return Err(Refusal::AccessDeactivated);
    }
    if !start.method_is_allowed {
        return Err(Refusal::AuthMethodNotAllowed);
    }
    Ok(vec![SessionEvent::Started {
        account_id: start.account_id,
        user_id: start.user_id,
        auth_method: start.auth_method,
        expires_at: start.expires_at,
        address: start.client.address.map(Personal::Known),
        user_agent: start.client.user_agent.map(Personal::Known),
    }])
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::given::given;
    use crate::session::EndReason;
    use crate::{AccountId, AuthMethodId, Client, UserId};

    fn start() -> StartSession {
        StartSession {
            account_id: AccountId::new(Uuid::from_u128(1)),
            user_id: UserId::new(Uuid::from_u128(2)),
            auth_method: AuthMethodId::password(),
            user_is_active: true,
            method_is_allowed: true,
            expires_at: DateTime::UNIX_EPOCH,
            client: Client::new(Some(IpAddr::from([192, 0, 2, 7])), Some("curl/8")),
        }
    }

    fn started() -> SessionEvent {
        let StartSession { account_id, user_id, auth_method, expires_at, client, .. } = start();
        let (address, user_agent) = (client.address.map(Personal::Known), client.user_agent.map(Personal::Known));
        SessionEvent::Started { account_id, user_id, auth_method, expires_at, address, user_agent }
    }

    #[test]
    fn a_deactivated_user_cannot_sign_in() {
        let inactive = SessionCommand::Start(StartSession { user_is_active: false, ..start() });
        given::<Session>([]).when(inactive).then_expect_error(Refusal::AccessDeactivated);
    }

    #[test]
    fn a_way_that_is_not_allowed_lets_no_one_in() {
        let not_allowed = SessionCommand::Start(StartSession { method_is_allowed: false, ..start() });
        given::<Session>([]).when(not_allowed).then_expect_error(Refusal::AuthMethodNotAllowed);
    }

    #[test]
    fn signing_out_twice_is_one_end() {
        let end = || SessionCommand::End(EndReason::SignedOut);
        let ended = || SessionEvent::Ended { reason: EndReason::SignedOut };
        given::<Session>([]).when(end()).then_expect_error(Refusal::NotFound);
        given::<Session>([]).when(SessionCommand::Start(start())).then_expect_events(vec![started()]);
        given::<Session>([started()]).when(end()).then_expect_events(vec![ended()]);
        given::<Session>([started(), ended()]).when(end()).then_expect_events(vec![]);
    }
}
