//! The id of a user at a moment in the past.

use async_graphql::{Context, Result};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use event_store::Cursor;
use projections::users::{AsOf as PastMoment, AsOfError, Moment, UserView, as_of_position, find_user_as_of};
use uuid::Uuid;

use crate::graphql::context::{app, request};
use crate::graphql::cursor::{open, seal};
use crate::graphql::error::top_level;
use crate::graphql::users::user::User;
use crate::wire::ListCursor;

/// The number of bytes of an instant, in microseconds.
const INSTANT: usize = 8;

/// What the id of a user at a moment contains: the user, the instant and the last event of the account by then. (The position of the moment
/// itself moves while no event has come after it.) It is sealed like a cursor.
struct PastUser {
    id: UserId,
    at: DateTime<Utc>,
    event: Cursor,
}

impl ListCursor for PastUser {
    const KIND: &'static str = "past-user";

    fn to_bytes(&self) -> Vec<u8> {
        [self.id.uuid().as_bytes().as_slice(), &self.at.timestamp_micros().to_be_bytes(), &self.event.to_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (user, rest) = bytes.split_first_chunk::<16>()?;
        let (instant, event) = rest.split_first_chunk::<INSTANT>()?;
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*instant))?;
        Some(Self { id: UserId::new(Uuid::from_bytes(*user)), at, event: Cursor::from_bytes(event).ok()? })
    }
}

/// The id of a user at a moment.
pub(in crate::graphql) fn id(ctx: &Context<'_>, view: &UserView, as_of: PastMoment) -> String {
    seal(ctx, view.account_id, &PastUser { id: view.id, at: as_of.at, event: as_of.event.unwrap_or_default() })
}

/// The user at the moment that an id names, if the caller may read that user. Otherwise `None`.
pub(in crate::graphql) async fn find(ctx: &Context<'_>, account_id: AccountId, text: &str) -> Result<Option<User>> {
    let Some(PastUser { id: user_id, at, event }) = open(ctx, account_id, text) else { return Ok(None) };
    if may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(user_id)).is_err() {
        return Ok(None);
    }
    let (database, store) = (&app(ctx).database, app(ctx).commands.event_store());
    let as_of = match as_of_position(database, store, account_id, event, at).await {
        Ok(as_of) => as_of,
        // A restore removed it.
        Err(AsOfError::NotYet(_) | AsOfError::UnknownCursor(_)) => return Ok(None),
        Err(AsOfError::Failed(failed)) => return Err(top_level(failed.into())),
    };
    let found = find_user_as_of(database, account_id, user_id, as_of).await.map_err(|error| top_level(error.into()))?;
    Ok(found.map(|view| User::at(view, Moment::Past(as_of))))
}
