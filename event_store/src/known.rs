//! Whether a cursor belongs to this history.

use sqlx::PgExecutor;

use crate::{Cursor, Error, EventStore};

/// A cursor that names no event of this history. A restore has taken the event back, or the cursor was given out elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor names an event that this history does not have, as after a restore: read everything again from the beginning")]
pub struct UnknownCursor;

impl EventStore {
    /// Whether a cursor may be gone on from: it names an event that is in the history, or the beginning.
    ///
    /// Earlier versions gave out the horizon of the feed as a cursor, which names no event. Such a cursor is accepted where its generation
    /// is known to reach so far.
    pub async fn knows(&self, database: impl PgExecutor<'_>, cursor: Cursor) -> Result<bool, Error> {
        if cursor == Cursor::default() {
            return Ok(true);
        }
        let select = sqlx::query_scalar!(
            r#"
            select
                exists (select from events where generation = $1 and xid = $2::text::xid8 and position = $3)
                or $3 = 0 and (
                    $1 = current_generation()
                    or exists (select from events where generation = $1 and xid >= $2::text::xid8)
                ) as "is_known!"
            "#,
            cursor.generation,
            cursor.xid.to_string(),
            cursor.position,
        );
        Ok(select.fetch_one(database).await?)
    }
}
