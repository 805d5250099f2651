//! Who asks: what a token proves at this moment. Nothing is kept from one request to the next, so what ends access ends it for the next
//! request.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Actor;
use projections::api_keys::{ApiKeyView, find_api_keys_by_hash, touch_api_key};
use projections::service_keys::{ServiceKeyView, find_service_keys_by_hash, touch_service_key};
use projections::sessions::{SessionView, find_session, find_sessions, touch_session};
use projections::users::UserView;
use sha2::{Digest, Sha256};

use crate::{ApiKeyToken, Commands, Error, ServiceKeyToken};

/// How old the time of the last use may be before it is written again, so that not every request writes.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// How long sessions work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetime {
    /// However much they are used.
    pub longest: TimeDelta,
    /// While they are not used.
    pub idle: TimeDelta,
}

impl Default for SessionLifetime {
    /// Two weeks, of which three days without use.
    fn default() -> Self {
        Self { longest: TimeDelta::days(14), idle: TimeDelta::hours(72) }
    }
}

/// The hash of the token of a session or key, which is stored and looked up, with the kind of the token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub(crate) [u8; 32], Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Session,
    ApiKey,
    ServiceKey,
}

/// Who a token speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// The actor.
    pub actor: Actor,
    /// The user of a session, as they are now; `None` for keys and visitors.
    pub user: Option<UserView>,
}

impl Authenticated {
    /// No one.
    pub const VISITOR: Self = Self { actor: Actor::Visitor, user: None };
}

/// What a token was found to be.
enum Found {
    Session(SessionView),
    ApiKey(ApiKeyView),
    ServiceKey(ServiceKeyView),
}

impl TokenHash {
    /// The hash of a token as a client sends it.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let kind = match token {
            key if key.starts_with(ApiKeyToken::PREFIX) => Kind::ApiKey,
            key if key.starts_with(ServiceKeyToken::PREFIX) => Kind::ServiceKey,
            _ => Kind::Session,
        };
        Self(Sha256::digest(token.as_bytes()).into(), kind)
    }
}

impl Found {
    fn actor(&self) -> Actor {
        match *self {
            Self::Session(SessionView { id, account_id, user_id, role, .. }) => {
                Actor::User { account: account_id, user: user_id, role, session: id }
            }
            Self::ApiKey(ApiKeyView { id, account_id, user_id, role, scopes, .. }) => {
                Actor::ApiKey { account: account_id, user: user_id, role, key: id, scopes }
            }
            Self::ServiceKey(ServiceKeyView { id, account_id, scopes, .. }) => Actor::ServiceKey { account: account_id, key: id, scopes },
        }
    }

    fn last_used_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Session(session) => Some(session.last_seen_at),
            Self::ApiKey(key) => key.last_used_at,
            Self::ServiceKey(key) => key.last_used_at,
        }
    }
}

impl Commands {
    /// The same commands with other life times of sessions.
    #[must_use]
    pub fn with_session_lifetime(self, session_lifetime: SessionLifetime) -> Self {
        Self { session_lifetime, ..self }
    }

    /// Sessions that were not used since this instant are over.
    #[must_use]
    pub fn sessions_used_since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.session_lifetime.idle
    }

    /// The actor for whom a token speaks, as [`identify`](Self::identify) finds them.
    ///
    /// # Errors
    /// As there.
    pub async fn authenticate(&self, token: &str, now: DateTime<Utc>) -> Result<Actor, Error> {
        Ok(self.identify(token, now).await?.actor)
    }

    /// Who a token speaks for, and that it was used now; a visitor when it is valid for no one. One statement finds a session together with
    /// its user.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn identify(&self, token: &str, now: DateTime<Utc>) -> Result<Authenticated, Error> {
        let hash = TokenHash::of(token);
        let (found, user) = if hash.1 == Kind::Session {
            let found = find_session(&self.reads, &hash.0, now, self.sessions_used_since(now)).await?;
            found.map(|(session, user)| (Found::Session(session), user)).unzip()
        } else {
            (self.find_tokens(&[hash], now).await?.into_values().next(), None)
        };
        let Some(found) = found else { return Ok(Authenticated::VISITOR) };
        if found.last_used_at().is_none_or(|used| used + FRESH <= now) {
            match &found {
                Found::Session(session) => touch_session(&self.pool, session.id, now).await?,
                Found::ApiKey(key) => touch_api_key(&self.pool, key.id, now).await?,
                Found::ServiceKey(key) => touch_service_key(&self.pool, key.id, now).await?,
            }
        }
        Ok(Authenticated { actor: found.actor(), user })
    }

    /// Who each of many tokens speaks for; those that are valid for no one are left out. It does not count as a use of them.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn find_actors(&self, tokens: &[TokenHash], now: DateTime<Utc>) -> Result<HashMap<TokenHash, Actor>, Error> {
        Ok(self.find_tokens(tokens, now).await?.into_iter().map(|(hash, found)| (hash, found.actor())).collect())
    }

    /// One statement for each kind of token that is among them.
    async fn find_tokens(&self, tokens: &[TokenHash], now: DateTime<Utc>) -> Result<HashMap<TokenHash, Found>, Error> {
        let of_kind = |kind| tokens.iter().filter(move |hash| hash.1 == kind).map(|hash| hash.0.to_vec()).collect::<Vec<_>>();
        let (sessions, keys, service_keys) = (of_kind(Kind::Session), of_kind(Kind::ApiKey), of_kind(Kind::ServiceKey));
        let mut found = vec![];
        if !sessions.is_empty() {
            let views = find_sessions(&self.reads, &sessions, now, self.sessions_used_since(now)).await?;
            found.extend(views.into_iter().map(|(hash, view)| (hash, Kind::Session, Found::Session(view))));
        }
        if !keys.is_empty() {
            let views = find_api_keys_by_hash(&self.reads, &keys, now).await?;
            found.extend(views.into_iter().map(|(hash, view)| (hash, Kind::ApiKey, Found::ApiKey(view))));
        }
        if !service_keys.is_empty() {
            let views = find_service_keys_by_hash(&self.reads, &service_keys, now).await?;
            found.extend(views.into_iter().map(|(hash, view)| (hash, Kind::ServiceKey, Found::ServiceKey(view))));
        }
        let named = |(hash, kind, view): (Vec<u8>, Kind, Found)| Some((TokenHash(hash.try_into().ok()?, kind), view));
        Ok(found.into_iter().filter_map(named).collect())
    }
}
