//! What signing in and mutations of sessions answer.

use async_graphql::{Context, ID, Result};
use commands::{Error, SignedIn};

use crate::graphql::context::app;
use crate::graphql::error::UserError;
use crate::graphql::payload::{outcome, payload};
use crate::graphql::sessions::inputs::Transport;
use crate::graphql::sessions::viewer::{Viewer, viewer};
use crate::graphql::users::user::User;
use crate::http::session_cookie::session_cookie;

macro_rules! session_payload {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $crate::graphql::payload::payload!(
            $(#[doc = $doc])+
            $name {
                /// The user who is now signed in. Null if the mutation was refused.
                viewer: Option<$crate::graphql::sessions::Viewer>,
                /// The session token, with `transport: TOKEN` only. It is returned once and cannot be read again.
                token: Option<String>,
            }
        );

        impl From<$crate::graphql::sessions::NewSession> for $name {
            fn from(session: $crate::graphql::sessions::NewSession) -> Self {
                Self { viewer: session.viewer, token: session.token, user_errors: session.user_errors }
            }
        }
    };
}

pub(in crate::graphql) use session_payload;

session_payload!(
    /// The result of `signIn`.
    SignInPayload
);

payload!(
    /// The result of `signOut`.
    SignOutPayload {}
);
payload!(
    /// The result of `endSession`.
    EndSessionPayload {
        /// The id of the ended session. Null if the mutation was refused.
        session_id: Option<ID>,
    }
);
payload!(
    /// The result of `endSessions`.
    EndSessionsPayload {
        /// The user. Null if the mutation was refused.
        user: Option<User>,
    }
);

/// A new session: its viewer, and the token unless it is in a cookie.
pub(in crate::graphql) struct NewSession {
    pub(in crate::graphql) viewer: Option<Viewer>,
    pub(in crate::graphql) token: Option<String>,
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The payload of every way to sign in.
pub(in crate::graphql) async fn session(ctx: &Context<'_>, transport: Transport, result: Result<SignedIn, Error>) -> Result<NewSession> {
    let (signed_in, user_errors) = outcome(ctx, result)?;
    let Some(signed_in) = signed_in else { return Ok(NewSession { viewer: None, token: None, user_errors }) };
    let token = match transport {
        Transport::Token => Some(signed_in.token.expose().to_owned()),
        Transport::Cookie => {
            ctx.append_http_header("set-cookie", session_cookie(&app(ctx).site, &signed_in));
            None
        }
    };
    Ok(NewSession { viewer: viewer(ctx, signed_in.account_id, signed_in.user_id).await?, token, user_errors })
}
