//! A moment of the past: as clients name it, and as it is answered.

use async_graphql::{Context, ErrorExtensions, OneofObject, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::Error;
use domain::AccountId;
use projections::users::{AsOf as Place, AsOfError, Moment, as_of_event, as_of_instant, latest};

use super::answer::{app, request};
use super::cursor::{event_cursor, parse_event_cursor};
use super::error::{top_level, unknown_cursor};
use crate::wire::GivenInstant;

/// A moment of the past.
#[derive(Clone, Debug, OneofObject)]
pub(in crate::graphql) enum AsOf {
    /// An instant, by the clock of the database: the account's history up to its first event that was recorded later. An event that was
    /// recorded by the instant and stands behind that one in the history is left out. That can only be an event of a command that ran at
    /// the same time. `NOT_YET` until nothing that was recorded by the instant can still appear.
    At(GivenInstant),
    /// The cursor of an event: everything up to it.
    Event(String),
}

/// A moment of the past, as it was understood.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct ResolvedMoment {
    /// The instant that was asked for, or at which the event was recorded. Invitations that had expired by then are shown so.
    at: DateTime<Utc>,
    /// The cursor of the last event of the account by then; null before its first. The same list is found again by it.
    event: Option<String>,
}

impl ResolvedMoment {
    pub(in crate::graphql) fn of(ctx: &Context<'_>, account_id: AccountId, as_of: Place) -> Self {
        Self { at: as_of.at, event: as_of.event.map(|event| event_cursor(ctx, account_id, event)) }
    }
}

/// The moment that a list or a user is asked for.
pub(in crate::graphql) async fn moment(ctx: &Context<'_>, account_id: AccountId, as_of: Option<AsOf>) -> Result<Moment> {
    match as_of {
        None => Ok(Moment::Now(request(ctx).at)),
        Some(as_of) => Ok(Moment::Past(place(ctx, account_id, as_of).await?)),
    }
}

/// The place that a moment means for an account.
pub(in crate::graphql) async fn place(ctx: &Context<'_>, account_id: AccountId, as_of: AsOf) -> Result<Place> {
    let (database, store) = (&app(ctx).database, app(ctx).commands.event_store());
    let found = match as_of {
        AsOf::At(at) => as_of_instant(database, store, account_id, at.get()).await,
        AsOf::Event(text) => {
            let place = parse_event_cursor(ctx, account_id, "event", &text)?;
            as_of_event(database, store, account_id, place).await
        }
    };
    found.map_err(not_told)
}

/// The latest moment that can be told.
pub(in crate::graphql) async fn latest_place(ctx: &Context<'_>, account_id: AccountId) -> Result<Place> {
    latest(&app(ctx).database, app(ctx).commands.event_store(), account_id).await.map_err(not_told)
}

/// What is not past yet cannot be told: the answer could still change.
fn not_told(error: AsOfError) -> async_graphql::Error {
    match error {
        AsOfError::NotYet(not_yet) => {
            async_graphql::Error::new(not_yet.to_string()).extend_with(|_, extensions| extensions.set("code", "NOT_YET"))
        }
        AsOfError::UnknownCursor(unknown) => unknown_cursor(unknown),
        AsOfError::Failed(failed) => top_level(Error::from(failed)),
    }
}
