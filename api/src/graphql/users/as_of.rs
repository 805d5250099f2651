//! A moment in the past: as an argument, and as a result.

use async_graphql::{Context, ErrorExtensions, OneofObject, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::Error;
use domain::AccountId;
use projections::users::{AsOf as PastMoment, AsOfError, Moment, as_of_event, as_of_instant, latest};

use crate::graphql::context::{app, request};
use crate::graphql::cursor::{event_cursor, parse_event_cursor};
use crate::graphql::error::{top_level, unknown_cursor};
use crate::wire::GivenInstant;

/// A moment in the past, given as an instant or as an event.
#[derive(Clone, Debug, OneofObject)]
pub(in crate::graphql) enum AsOf {
    /// An instant, by the clock of the database. It includes the account's events up to the first one that was recorded after the instant.
    /// An event that was recorded by then but comes later in the log is not included; only commands that run at the same time can cause
    /// this. Refused with `NOT_YET` while an event that was recorded by then can still appear.
    At(GivenInstant),
    /// The cursor of an event. It includes all events up to and including this one.
    Event(String),
}

/// A moment in the past, resolved to an instant and an event.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct ResolvedMoment {
    /// The requested instant, or the instant at which the requested event was recorded. Invitations that had expired by then are shown as
    /// expired.
    at: DateTime<Utc>,
    /// The cursor of the account's last event at that moment. Null before its first event. Pass it as `asOf: {event: …}` to get the same
    /// list again.
    event: Option<String>,
}

impl ResolvedMoment {
    pub(in crate::graphql) fn of(ctx: &Context<'_>, account_id: AccountId, as_of: PastMoment) -> Self {
        Self { at: as_of.at, event: as_of.event.map(|event| event_cursor(ctx, account_id, event)) }
    }
}

/// The moment that a list or a user is requested for.
pub(in crate::graphql) async fn moment(ctx: &Context<'_>, account_id: AccountId, as_of: Option<AsOf>) -> Result<Moment> {
    match as_of {
        None => Ok(Moment::Now(request(ctx).at)),
        Some(as_of) => Ok(Moment::Past(past_moment(ctx, account_id, as_of).await?)),
    }
}

/// Resolves a moment to a position in the history of an account.
pub(in crate::graphql) async fn past_moment(ctx: &Context<'_>, account_id: AccountId, as_of: AsOf) -> Result<PastMoment> {
    let (database, store) = (&app(ctx).database, app(ctx).commands.event_store());
    let found = match as_of {
        AsOf::At(at) => as_of_instant(database, store, account_id, at.get()).await,
        AsOf::Event(text) => {
            let position = parse_event_cursor(ctx, account_id, "event", &text)?;
            as_of_event(database, store, account_id, position).await
        }
    };
    found.map_err(not_told)
}

/// The latest moment for which results can no longer change.
pub(in crate::graphql) async fn latest_moment(ctx: &Context<'_>, account_id: AccountId) -> Result<PastMoment> {
    latest(&app(ctx).database, app(ctx).commands.event_store(), account_id).await.map_err(not_told)
}

/// A moment that is not past yet is refused, because the result could still change.
fn not_told(error: AsOfError) -> async_graphql::Error {
    match error {
        AsOfError::NotYet(not_yet) => {
            async_graphql::Error::new(not_yet.to_string()).extend_with(|_, extensions| extensions.set("code", "NOT_YET"))
        }
        AsOfError::UnknownCursor(unknown) => unknown_cursor(unknown),
        AsOfError::Failed(failed) => top_level(Error::from(failed)),
    }
}
