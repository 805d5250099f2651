//! What signing in and mutations of sessions answer.

use async_graphql::{Context, ID, Result, SimpleObject};
use commands::{Error, SignedIn};

use crate::graphql::context::app;
use crate::graphql::error::{UserError, refused, top_level};
use crate::graphql::sessions::inputs::Transport;
use crate::graphql::sessions::viewer::{Viewer, viewer};
use crate::graphql::users::user::User;
use crate::http::session_cookie::session_cookie;

macro_rules! session_payload {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(async_graphql::SimpleObject)]
        pub(in crate::graphql) struct $name {
            /// The user who is now signed in. Null if the mutation was refused.
            viewer: Option<$crate::graphql::sessions::Viewer>,
            /// The session token, with `transport: TOKEN` only. It is returned once and cannot be read again.
            token: Option<String>,
            /// Why the mutation was refused. Empty on success.
            user_errors: Vec<$crate::graphql::error::UserError>,
        }

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

/// The result of `signOut`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SignOutPayload {
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The result of `endSession`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EndSessionPayload {
    /// The id of the ended session. Null if the mutation was refused.
    pub(in crate::graphql) session_id: Option<ID>,
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The result of `endSessions`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EndSessionsPayload {
    /// The user. Null if the mutation was refused.
    pub(in crate::graphql) user: Option<User>,
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// A new session: its viewer, and the token unless it is in a cookie.
pub(in crate::graphql) struct NewSession {
    pub(in crate::graphql) viewer: Option<Viewer>,
    pub(in crate::graphql) token: Option<String>,
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The payload of every way to sign in.
pub(in crate::graphql) async fn session(ctx: &Context<'_>, transport: Transport, result: Result<SignedIn, Error>) -> Result<NewSession> {
    let signed_in = match result {
        Ok(signed_in) => signed_in,
        Err(Error::Refused { refusal, .. }) => {
            return Ok(NewSession { viewer: None, token: None, user_errors: vec![refused(ctx, &refusal)] });
        }
        Err(error) => return Err(top_level(error)),
    };
    let token = match transport {
        Transport::Token => Some(signed_in.token.expose().to_owned()),
        Transport::Cookie => {
            ctx.append_http_header("set-cookie", session_cookie(&app(ctx).site, &signed_in));
            None
        }
    };
    Ok(NewSession { viewer: viewer(ctx, signed_in.account_id, signed_in.user_id).await?, token, user_errors: vec![] })
}
