//! Who may keep a socket open: whoever's session or API key is alive and has the rights it had when they came.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use async_graphql::Data;
use axum::http::request::Parts;
use commands::{Context, Error, TokenHash};
use domain::{Actor, Client};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::graphql::Live;
use crate::http::{Authenticator, RequestError, RequestId};
use crate::outage::{report, within};
use crate::server::not_identified;

/// How often the sessions of all guests are looked up again.
const ROUND: Duration = Duration::from_millis(500);
/// How many sessions are looked up in one statement.
const AT_ONCE: usize = 1_000;

/// Knows the sessions and keys of everybody who has a socket open. Clones know the same.
#[derive(Clone)]
pub struct SessionAuthenticator {
    app: Arc<App>,
    guests: Arc<Mutex<Vec<Weak<Session>>>>,
}

/// Who was let in.
pub struct Guest {
    actor: Actor,
    client: Client,
    request_id: RequestId,
    /// A visitor has none.
    session: Option<Arc<Session>>,
}

/// The session or the API key of a guest.
struct Session {
    actor: Actor,
    token_hash: TokenHash,
    is_over: AtomicBool,
}

impl SessionAuthenticator {
    /// A authenticator of a running Roster. It notices that a session is over while it [makes its rounds](Self::revalidate).
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, guests: Arc::default() }
    }

    /// Looks up the sessions of all guests, one statement for many of them, again and again until `shutdown`, over the connections of
    /// `workers`.
    pub async fn revalidate(self, workers: Arc<App>, shutdown: CancellationToken) {
        let rounds = async {
            let mut ticks = interval(ROUND);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                for sessions in self.sessions().chunks(AT_ONCE) {
                    // While the database does not answer nobody is sent away: nothing can be told either.
                    if let Err(failed) = within(look_up(&workers, sessions)).await {
                        report(&failed, "the sessions of open sockets could not be looked up");
                    }
                }
            }
        };
        shutdown.run_until_cancelled(rounds).await;
    }

    /// The sessions of those who are still there.
    fn sessions(&self) -> Vec<Arc<Session>> {
        let mut guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        guests.retain(|guest| guest.strong_count() > 0);
        guests.iter().filter_map(Weak::upgrade).collect()
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
    type Guest = Guest;

    /// Lets in who shows the token of a session that is alive, or a key in use, and who shows none: a visitor.
    async fn admit(&self, parts: &Parts, request_id: RequestId) -> Result<Option<Guest>, RequestError> {
        let claim = self.app.claim(parts);
        let found = self.app.identify(&claim, None).await.map_err(|reason| not_identified(&reason, request_id.clone()))?;
        let (actor, client) = (found.actor, found.client);
        let Some(token) = claim.token else { return Ok(Some(Guest { actor, client, request_id, session: None })) };
        if actor == Actor::Visitor {
            return Ok(None);
        }
        let session = Session { actor, token_hash: TokenHash::of(&token), is_over: AtomicBool::new(false) };
        let session = Arc::new(session);
        self.guests.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&session));
        Ok(Some(Guest { actor, client, request_id, session: Some(session) }))
    }

    fn may_stay(&self, guest: &Guest) -> bool {
        guest.session.as_ref().is_none_or(|session| !session.is_over.load(Relaxed))
    }

    fn data(&self, guest: &Guest) -> Data {
        let mut data = Data::default();
        let context = Context::new(guest.actor, Some(guest.request_id.as_str().to_owned()), (self.app.clock)());
        data.insert(context.from(guest.client.clone()));
        data.insert(Live);
        data
    }
}
