//! The id of a user at a moment in the past.

use async_graphql::{Context, Result};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use event_store::Cursor;
use projections::users::{AsOf as Place, AsOfError, Moment, UserView, as_of_place, find_user_as_of};
use uuid::Uuid;

use super::User;
use crate::graphql::answer::{app, request};
use crate::graphql::cursor::{CursorKind, open, seal};
use crate::graphql::error::top_level;

/// The number of bytes of an instant, in microseconds.
const INSTANT: usize = 8;

/// The id of a user at a moment: the user, the instant and the last event of the account by then, sealed like a cursor. (The place of the moment
/// itself moves while no event has come after it.)
pub(super) fn id(ctx: &Context<'_>, view: &UserView, as_of: Place) -> String {
    let instant = as_of.at.timestamp_micros().to_be_bytes();
    let named = [view.id.uuid().as_bytes().as_slice(), &instant, &as_of.event.unwrap_or_default().to_bytes()].concat();
    seal(ctx, view.account_id, CursorKind::PastUser, &named)
}

/// The user at the moment that an id names, for who may see that user; `None` for everything else.
pub(in crate::graphql) async fn find(ctx: &Context<'_>, account_id: AccountId, text: &str) -> Result<Option<User>> {
    let named = open(ctx, account_id, CursorKind::PastUser, text).and_then(|named| parse(&named));
    let Some((user_id, at, place)) = named else { return Ok(None) };
    if may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(user_id)).is_err() {
        return Ok(None);
    }
    let (database, store) = (&app(ctx).database, app(ctx).commands.event_store());
    let as_of = match as_of_place(database, store, account_id, place, at).await {
        Ok(as_of) => as_of,
        // A restore removed it.
        Err(AsOfError::NotYet(_) | AsOfError::UnknownCursor(_)) => return Ok(None),
        Err(AsOfError::Failed(failed)) => return Err(top_level(failed.into())),
    };
    let found = find_user_as_of(database, account_id, user_id, as_of).await.map_err(|error| top_level(error.into()))?;
    Ok(found.map(|view| User::at(view, Moment::Past(as_of))))
}

fn parse(named: &[u8]) -> Option<(UserId, DateTime<Utc>, Cursor)> {
    let (user, rest) = named.split_first_chunk::<16>()?;
    let (instant, place) = rest.split_first_chunk::<INSTANT>()?;
    let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*instant))?;
    Some((UserId::new(Uuid::from_bytes(*user)), at, Cursor::from_bytes(place).ok()?))
}
