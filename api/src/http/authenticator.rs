//! Which sockets may stay open: those whose session or key is alive and has the rights that it had in the beginning.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use async_graphql::Data;
use axum::http::request::Parts;
use commands::{Context, Error, TokenHash};
use domain::{Actor, Client};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::not_identified;
use crate::app::App;
use crate::graphql::Live;
use crate::outage::{report, within};
use graphql_http::{Authenticator, RequestError, RequestId};

/// How often the sessions of all connections are looked up again.
const REVALIDATE_EVERY: Duration = Duration::from_millis(500);
/// How many sessions are looked up in one statement.
const AT_ONCE: usize = 1_000;

/// Knows the sessions and keys of all open sockets. Clones know the same.
#[derive(Clone)]
pub struct SessionAuthenticator {
    app: Arc<App>,
    sessions: Arc<Mutex<Vec<Weak<Session>>>>,
}

/// An admitted connection.
pub struct Connection {
    actor: Actor,
    client: Client,
    request_id: RequestId,
    /// A visitor has none.
    session: Option<Arc<Session>>,
}

/// The session or the key of a connection.
struct Session {
    actor: Actor,
    token_hash: TokenHash,
    is_over: AtomicBool,
}

impl SessionAuthenticator {
    /// An authenticator of a running Roster. It notices ended sessions while [`revalidate`](Self::revalidate) runs.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, sessions: Arc::default() }
    }

    /// Looks up the sessions of all connections every 500 milliseconds until `shutdown`, many in one statement, over the connections of
    /// `workers`.
    pub async fn revalidate(self, workers: Arc<App>, shutdown: CancellationToken) {
        let looking = async {
            let mut ticks = interval(REVALIDATE_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                for sessions in self.sessions().chunks(AT_ONCE) {
                    // While the database does not answer, sockets stay open.
                    if let Err(failed) = within(look_up(&workers, sessions)).await {
                        report(&failed, "the sessions of open sockets could not be looked up");
                    }
                }
            }
        };
        shutdown.run_until_cancelled(looking).await;
    }

    /// The sessions of connections that are still open.
    fn sessions(&self) -> Vec<Arc<Session>> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|session| session.strong_count() > 0);
        sessions.iter().filter_map(Weak::upgrade).collect()
    }
}

async fn look_up(app: &App, sessions: &[Arc<Session>]) -> Result<(), Error> {
    let hashes: Vec<_> = sessions.iter().map(|session| session.token_hash.clone()).collect();
    let alive = app.commands.find_actors(&hashes, (app.clock)()).await?;
    for session in sessions {
        if alive.get(&session.token_hash) != Some(&session.actor) {
            session.is_over.store(true, Relaxed);
        }
    }
    Ok(())
}

impl Authenticator for SessionAuthenticator {
    type Connection = Connection;

    /// Admits the token of a live session and a valid key. Without a token the caller is a visitor.
    async fn admit(&self, parts: &Parts, request_id: RequestId) -> Result<Option<Connection>, RequestError> {
        let claim = self.app.claim(parts);
        let found = self.app.identify(&claim, None).await.map_err(|reason| not_identified(&reason, request_id.clone()))?;
        let (actor, client) = (found.context.actor, found.context.client);
        let Some(token) = claim.token else { return Ok(Some(Connection { actor, client, request_id, session: None })) };
        if actor == Actor::Visitor {
            return Ok(None);
        }
        let session = Session { actor, token_hash: TokenHash::of(&token), is_over: AtomicBool::new(false) };
        let session = Arc::new(session);
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&session));
        Ok(Some(Connection { actor, client, request_id, session: Some(session) }))
    }

    fn may_stay(&self, connection: &Connection) -> bool {
        connection.session.as_ref().is_none_or(|session| !session.is_over.load(Relaxed))
    }

    fn data(&self, connection: &Connection) -> Data {
        let mut data = Data::default();
        let context = Context::new(connection.actor, Some(connection.request_id.as_str().to_owned()), (self.app.clock)());
        data.insert(context.from(connection.client.clone()));
        data.insert(Live);
        data
    }
}
