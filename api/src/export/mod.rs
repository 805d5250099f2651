//! Takes the history and the list of users out of an account: over HTTP and at the command line, part by part, in little memory.
//!
//! An export is remembered as an event before its first byte leaves. What is cut off never looks complete: over HTTP the connection
//! breaks, at the command line the program fails, and the last line of a history in NDJSON says that it is the last.
//!
//! Start reading at `Export` below, which gives one part after the other; `history.rs` and `users.rs` say what stands in them.

mod cloud_event;
mod export_error;
mod history;
mod history_table;
mod history_wanted;
mod parameters;
mod places;
mod route;
mod table;
mod users;

use commands::{Commands, Error};
use event_store::Pool;

pub use cloud_event::{CloudEvent, CompletedData, EventData, InvalidLine, Line, StreamPlace};
pub(crate) use history_wanted::HistoryWanted;
pub(crate) use parameters::Parameters;
pub use route::routes;
pub(crate) use users::UsersWanted;

/// An export that has been remembered: what has left, and what comes next.
pub(crate) enum Export {
    History(Box<history::HistoryExport>),
    Users(Box<users::UsersExport>),
}

impl Export {
    /// The next part; none when everything has left. Each is read in short statements: no transaction lasts as long as the export.
    ///
    /// # Errors
    /// When the database is lost: what has left until then is not the whole.
    pub(crate) async fn next_part(&mut self, commands: &Commands, database: &Pool) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::History(export) => export.next_part(commands, database).await,
            Self::Users(export) => export.next_part(database).await,
        }
    }

    /// How many events or users have left.
    pub(crate) const fn count(&self) -> u64 {
        match self {
            Self::History(export) => export.count(),
            Self::Users(export) => export.count(),
        }
    }
}
