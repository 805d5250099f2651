//! Who may keep a socket open: whoever's session is alive and has the rights it had when they came.

use std::sync::Arc;

use async_graphql::Data;
use axum::http::HeaderMap;
use commands::Context;
use domain::Actor;
use tracing::{error, warn};

use crate::app::App;
use crate::graphql::Live;
use crate::http::{Doorkeeper, RequestError, RequestId};
use crate::session_cookie::session_token;

/// Knows the sessions.
pub struct SessionDoorkeeper {
    app: Arc<App>,
}

/// Who was let in.
pub struct Guest {
    actor: Actor,
    token: Option<String>,
    request_id: RequestId,
}

impl SessionDoorkeeper {
    /// A doorkeeper of a running Roster.
    #[must_use]
    pub const fn new(app: Arc<App>) -> Self {
        Self { app }
    }
}

impl Doorkeeper for SessionDoorkeeper {
    type Guest = Guest;

    /// Lets in who shows a token of a session that is alive, and who shows none: a visitor.
    async fn admit(&self, headers: &HeaderMap, request_id: RequestId) -> Result<Option<Guest>, RequestError> {
        let token = session_token(headers, &self.app.site).map(str::to_owned);
        let found = self.app.context(token.as_deref(), None).await.map_err(|failed| {
            error!(error = %failed, "a session could not be looked up");
            RequestError::Internal { request_id: request_id.clone() }
        })?;
        let is_stale = token.is_some() && found.actor == Actor::Visitor;
        Ok((!is_stale).then_some(Guest { actor: found.actor, token, request_id }))
    }

    /// While the database does not answer nobody is sent away: nothing can be told either.
    async fn may_stay(&self, guest: &Guest) -> bool {
        let Some(token) = &guest.token else { return true };
        match self.app.context(Some(token), None).await {
            Ok(found) => found.actor == guest.actor,
            Err(failed) => {
                warn!(error = %failed, "a session could not be looked up again");
                true
            }
        }
    }

    fn data(&self, guest: &Guest) -> Data {
        let mut data = Data::default();
        data.insert(Context::new(guest.actor, Some(guest.request_id.as_str().to_owned()), (self.app.clock)()));
        data.insert(Live);
        data
    }
}
