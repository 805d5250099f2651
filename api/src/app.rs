//! What every request needs, put together once at the start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use commands::{Commands, Context, Error};
use domain::{Actor, Client};
use event_store::IdentityGuard;
use sqlx::PgPool;

use crate::http::TrustedProxies;
use crate::mail::MailTransport;
use crate::oidc::Providers;
use crate::site::Site;

/// Tells the time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A running Roster: its commands, its database, the addresses it is reached at, its providers, its way to send mail, its proxies,
/// its clock.
#[derive(Clone)]
pub struct App {
    /// Everything that changes something.
    pub commands: Commands,
    /// For queries.
    pub database: PgPool,
    /// Whether the database may be worked with, as its newest connections have found.
    pub identity: IdentityGuard,
    /// Where people reach it.
    pub site: Site,
    /// Who else may say who somebody is.
    pub providers: Providers,
    /// How mail leaves; `None` where no mail server is configured.
    pub mail: Option<MailTransport>,
    /// Who may say where a request comes from.
    pub proxies: TrustedProxies,
    /// What time it is.
    pub clock: Clock,
}

impl App {
    /// The same Roster over other connections to its database, for another part of the process. They share limits, queues and caches.
    #[must_use]
    pub fn over(&self, pool: PgPool) -> Self {
        Self { commands: self.commands.over(pool.clone()), database: pool, ..self.clone() }
    }

    /// Finds out who asks with the token of a session or an API key; without one, or with one that is over, it is a visitor.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn context(&self, token: Option<&str>, request_id: Option<String>) -> Result<Context, Error> {
        let now = (self.clock)();
        let actor = match token {
            Some(token) => self.commands.authenticate(token, now).await?,
            None => Actor::Visitor,
        };
        Ok(Context::new(actor, request_id, now))
    }

    /// From where a request comes.
    #[must_use]
    pub fn client(&self, parts: &Parts) -> Client {
        // Every connection has a peer; were there one without, all such would count as one.
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Client::new(Some(self.proxies.client_address(peer, &parts.headers)), user_agent)
    }
}
