//! Connects to Postgres: pools with the session settings and time limits that Roster relies on, and what a process knows of an outage.
//!
//! Every connection of the program comes from here. Start reading at [`Connector`]; why it is as it is: docs/decisions/0017-connecting.md.

mod connector;
mod health;
mod hooks;
mod keepalive;
mod migrations;
mod pooler;
mod reads;
mod retry;
mod runtime_role;
mod schema;
mod session;
mod settings;
mod unavailable;

pub use connector::{ConnectError, Connector};
pub use health::Health;
pub use migrations::{MigrationError, migrate};
pub use pooler::Pooler;
pub use reads::Reads;
pub use retry::{is_conflict, retry_conflicts};
pub use runtime_role::{RuntimeRoleError, grant_runtime_role};
pub use schema::{
    SchemaDifference, WrongEncoding, compare_schema, count_migrations, find_wrong_encoding, holds_roster, holds_sealed_values,
};
pub use session::find_read_only;
pub use settings::{PoolSettings, Timeouts};
pub use unavailable::Unavailable;
