//! What an event means for the sessions of a user.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::Personal;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use uuid::Uuid;

use crate::AnyEvent;
use crate::origin::Origin;
use crate::rows::UNKNOWN_TOKEN;
use crate::users::UserRow;

macro_rules! session_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "id" id: Uuid,
                "account_id" account_id: Uuid,
                "user_id" user_id: Uuid,
                "auth_method" auth_method: String,
                "started_at" started_at: DateTime<Utc>,
                "expires_at" expires_at: DateTime<Utc>,
                "ended_at" ended_at: Option<DateTime<Utc>>,
                "address" address: Option<String>,
                "user_agent" user_agent: Option<String>,
            ]
            $($rest)*
        }
    };
}
pub(crate) use session_columns;

session_columns!(row!
    /// A session: a row of `sessions`.
    SessionRow in "sessions" by ["id"] keeps [("token_hash", UNKNOWN_TOKEN), ("last_seen_at", "started_at")]
);

/// Sessions of one user, by their ids.
pub(crate) type Sessions = BTreeMap<Uuid, SessionRow>;

/// Applies an event to the sessions of a user, to whom it was applied before. A session that ended long ago may be missing.
pub(crate) fn apply(sessions: &mut Sessions, user: Option<&UserRow>, origin: &Origin, event: &AnyEvent) {
    match event {
        AnyEvent::Session(SessionEvent::Started { account_id, user_id, auth_method, expires_at, address, user_agent }) => {
            let session = SessionRow {
                id: origin.stream_id,
                account_id: account_id.uuid(),
                user_id: user_id.uuid(),
                auth_method: auth_method.as_str().to_owned(),
                started_at: user.and_then(|user| user.last_active_at).unwrap_or(origin.at),
                expires_at: *expires_at,
                ended_at: None,
                address: address.as_ref().and_then(Personal::known).map(ToString::to_string),
                user_agent: user_agent.as_ref().and_then(Personal::known).cloned(),
            };
            sessions.insert(session.id, session);
        }
        AnyEvent::Session(SessionEvent::Ended { .. }) => {
            if let Some(session) = sessions.get_mut(&origin.stream_id) {
                session.ended_at = Some(origin.at);
            }
        }
        // Sessions end that started in a way that is no longer allowed.
        AnyEvent::User(UserEvent::AuthMethodsChanged { to, .. }) => {
            let is_allowed = |session: &SessionRow| to.iter().any(|id| id.as_str() == session.auth_method);
            for session in sessions.values_mut().filter(|session| session.ended_at.is_none() && !is_allowed(session)) {
                session.ended_at = Some(origin.at);
            }
        }
        AnyEvent::User(UserEvent::Erased {}) => {
            for session in sessions.values_mut() {
                (session.address, session.user_agent) = (None, None);
            }
        }
        _ => {}
    }
}

/// Whether an event of a user may change any of their sessions.
pub(crate) const fn changes_all(event: &UserEvent) -> bool {
    matches!(event, UserEvent::AuthMethodsChanged { .. } | UserEvent::Erased {})
}

impl SessionRow {
    /// When it is over: at its end or when it expires, whichever comes first, as in the index `sessions_by_end`.
    pub(crate) fn is_over_at(&self) -> DateTime<Utc> {
        self.ended_at.map_or(self.expires_at, |ended_at| ended_at.min(self.expires_at))
    }
}
