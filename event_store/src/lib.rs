//! Stores events. Loads and appends them on Postgres, seals the personal values in them, and reads all of them in one order: the feed.
//!
//! The invariants: a stored event never changes. Personal values never reach a table in plain text. The feed shows every event, and none
//! before one that it must come after. Nothing here knows what an event means (`domain` does) or what readers want (`projections` does).
//! Start reading at [`EventStore`].
//!
//! # Errors
//! Every function that reads or writes the database fails when the database is lost. What else it can fail with stands at the function.
#![expect(clippy::missing_errors_doc, reason = "that the database can be lost is said once, above")]

mod account_log;
mod append;
mod batch;
mod count;
mod cursor;
mod cursors;
mod database;
mod error;
mod feed;
mod horizon;
mod identity;
mod independent;
mod known;
mod load;
mod lock;
mod master_key;
mod master_keys;
mod metadata;
mod moment;
mod open_rows;
mod operations;
mod person_key;
mod persons;
mod reads;
mod rotation;
mod sealing;
mod store;
mod streams;
mod unreadable;
mod writes;

pub use account_log::{LogFilter, LogPage};
pub use batch::Batch;
pub use count::{Count, CountTo, MAX_COUNTED};
pub use cursor::{Cursor, InvalidCursor};
pub use cursors::Cursors;
pub use database::{
    ConnectError, Connector, Health, MigrationError, PoolSettings, Pooler, Reads, RuntimeRoleError, SchemaDifference, Timeouts,
    Unavailable, WrongEncoding, compare_schema, count_migrations, find_read_only, find_wrong_encoding, grant_runtime_role, holds_roster,
    holds_sealed_values, is_conflict, migrate, retry_conflicts,
};
pub use error::Error;
pub use feed::{FeedPart, RecordedEvent, Span, StoredEvent};
pub use horizon::{Holder, Horizon};
pub use identity::{
    FinishedRestore, History, IdentityError, IdentityGuard, Restored, adopt_identity, check_identity, close_restore, finish_restore,
};
pub use independent::{ComparedStreams, OpenedRepository, StreamDifference, StreamProblem, WatchStreams};
pub use known::UnknownCursor;
pub use load::{Loaded, StoredStreams, StreamKey};
pub use lock::{Claim, Lock, Locks};
pub use master_key::{InvalidMasterKey, KeyId, MasterKey};
pub use master_keys::{DerivedKeys, InvalidMasterKeys, MasterKeys};
pub use metadata::Metadata;
pub use person_key::Person;
pub use persons::{Erasure, list_erasures};
pub use rotation::{KeyUse, PersonPosition, Rewrapped, last_rewrap};
pub use store::EventStore;
pub use unreadable::{Unreadable, UnreadableEvent};
pub use writes::Writes;

/// Why a statement failed.
pub use sqlx::Error as DatabaseError;
/// Connections to one database. `api` hands them on, and cannot write SQL: it does not depend on sqlx.
pub use sqlx::PgPool as Pool;
