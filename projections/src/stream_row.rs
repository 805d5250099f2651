//! Read models with one row for each stream of a kind: accounts, service keys and saved views.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::origin::Origin;
use crate::rows::Row;
use crate::{AnyEvent, Reason};

/// A row that the events of one stream determine.
pub(crate) trait StreamRow: Row + Clone + PartialEq + Send + Sync {
    /// What happens in such a stream.
    type Event: Sync;

    /// The kind of stream, such as `account`.
    const STREAM: &'static str;

    /// The id of the row, which is the id of the stream.
    fn id(&self) -> Uuid;

    /// An event of such a stream; `None` when it belongs to another.
    fn own(event: &AnyEvent) -> Option<&Self::Event>;

    /// Applies an event to a row.
    ///
    /// # Errors
    /// When the row does not exist, and the event is not the first one of a stream.
    fn apply(row: &mut Option<Self>, origin: &Origin, event: &Self::Event) -> Result<(), Reason>;

    /// Reads stored rows.
    fn read(connection: &mut PgConnection, ids: &[Uuid]) -> impl Future<Output = Result<Vec<Self>, sqlx::Error>> + Send;
}
