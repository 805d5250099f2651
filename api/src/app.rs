//! What every request needs, put together once at the start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Once};

use axum::extract::ConnectInfo;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use commands::{Authenticated, Commands, Context, Error};
use domain::Client;
use event_store::{IdentityGuard, Pool};
use projections::users::UserView;
use tracing::{info, warn};

use crate::http::ActingFor;
use crate::http::session_cookie::session_token;
use crate::site::Site;
use graphql_http::TrustedProxies;
use mail::{MailTexts, MailTransport};
use oidc::Providers;

/// One process warns once.
static WARN_OF_UNKNOWN_PROXY: Once = Once::new();

/// Tells the time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A running Roster: its commands, its database, the addresses it is reached at, its providers, its way to send mail, its proxies,
/// its clock.
#[derive(Clone)]
pub struct App {
    /// Everything that changes something.
    pub commands: Commands,
    /// For queries.
    pub database: Pool,
    /// Whether the database may be worked with, as its newest connections have found.
    pub identity: IdentityGuard,
    /// Where people reach it.
    pub site: Site,
    /// The providers that users sign in with.
    pub providers: Providers,
    /// How mail leaves; `None` where no mail server is configured.
    pub mail: Option<MailTransport>,
    /// What mails say.
    pub mail_texts: Arc<MailTexts>,
    /// Who may say where a request comes from.
    pub proxies: TrustedProxies,
    /// What time it is.
    pub clock: Clock,
}

/// What a request says about who asks.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The token of a session or an API key.
    pub token: Option<String>,
    acting_for: ActingFor,
    client: Client,
}

/// Who asks.
pub struct Caller {
    /// The actor, the request, its time.
    pub context: Context,
    /// The signed-in user; `None` for keys and visitors.
    pub user: Option<UserView>,
}

/// Why it is not said who asks.
#[derive(Debug, thiserror::Error)]
pub enum NotIdentified {
    /// The page shows another user than the one who is signed in.
    #[error("{}", crate::http::SESSION_CHANGED)]
    SessionChanged,
    /// The database is lost.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl App {
    /// The same Roster over other connections to its database, for another part of the process. They share limits, queues and caches.
    #[must_use]
    pub fn over(&self, pool: Pool) -> Self {
        Self { commands: self.commands.over(pool.clone()), database: pool, ..self.clone() }
    }

    /// What a request says about who asks.
    #[must_use]
    pub fn claim(&self, parts: &Parts) -> Claim {
        let token = session_token(&parts.headers, &self.site).map(str::to_owned);
        Claim { token, acting_for: ActingFor::of(parts), client: self.client(parts) }
    }

    /// Finds out who asks: the one place where a request becomes an actor. Without a token, or with one that is over, it is a visitor.
    ///
    /// # Errors
    /// When the page shows another user, and when the database is lost.
    pub async fn identify(&self, claim: &Claim, request_id: Option<String>) -> Result<Caller, NotIdentified> {
        let now = (self.clock)();
        let Authenticated { actor, user } = match &claim.token {
            Some(token) => self.commands.identify(token, now).await?,
            None => Authenticated::VISITOR,
        };
        let id = actor.user().map(|user| user.to_string());
        if !claim.acting_for.agrees_with(id.as_deref()) {
            info!("a request names another user than the one who is signed in");
            return Err(NotIdentified::SessionChanged);
        }
        Ok(Caller { context: Context::new(actor, request_id, now).from(claim.client.clone()), user })
    }

    /// From where a request comes.
    fn client(&self, parts: &Parts) -> Client {
        // Every connection has a peer; were there one without, all such would count as one.
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        if self.proxies.ignores_forwarded(peer, &parts.headers) {
            WARN_OF_UNKNOWN_PROXY.call_once(|| {
                warn!(
                    "a request with X-Forwarded-For came from an address that ROSTER_TRUSTED_PROXIES does not name, so the header is ignored: if \
                     it is your proxy, name it; until then all of its clients count as one address"
                );
            });
        }
        let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Client::new(Some(self.proxies.client_address(peer, &parts.headers)), user_agent)
    }
}
