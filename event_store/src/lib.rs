//! Remembers. Loads and appends events on Postgres, seals what is personal in them, and reads them
//! all in one order: the feed.
//!
//! The invariants: an event, once written, never changes in any byte; personal values never reach
//! a table in plain text; the feed never shows an event before one that it must come after, and
//! never skips one. Nothing here knows what an event means: that is `domain`, or what readers
//! want: that is `projections`. Start reading at [`EventStore`].

mod account_log;
mod batch;
mod cursor;
mod cursors;
mod database;
mod error;
mod feed;
mod horizon;
mod identity;
mod known;
mod lock;
mod master_key;
mod master_keys;
mod metadata;
mod moment;
mod person_key;
mod reads;
mod rotation;
mod sealing;
mod store;
mod streams;
mod unreadable;

pub use account_log::{LogFilter, LogPage};
pub use batch::Batch;
pub use cursor::{Cursor, InvalidCursor};
pub use cursors::Cursors;
pub use database::{
    ConnectError, Connector, Health, MigrationError, PoolSettings, Pooler, RuntimeRoleError, Timeouts, Unavailable, find_read_only,
    grant_runtime_role, is_conflict, migrate, retry_conflicts,
};
pub use error::Error;
pub use feed::{FeedPart, RecordedEvent, Span, StoredEvent};
pub use horizon::{Holder, Horizon};
pub use identity::{
    FinishedRestore, History, IdentityError, IdentityGuard, Restored, adopt_identity, check_identity, close_restore, finish_restore,
};
pub use known::UnknownCursor;
pub use lock::{Claim, Lock, Locks};
pub use master_key::{InvalidMasterKey, KeyId, MasterKey};
pub use master_keys::{DerivedKeys, InvalidMasterKeys, MasterKeys};
pub use metadata::Metadata;
pub use person_key::Person;
pub use rotation::{KeyUse, PersonPlace, Rewrapped, last_rewrap};
pub use store::{Erasure, EventStore, Loaded, list_erasures};
pub use unreadable::{Unreadable, UnreadableEvent};
