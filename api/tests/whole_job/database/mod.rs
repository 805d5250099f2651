//! What Roster does when its database is slow, gone, read-only, or behind a pooler.

mod every_operation;
mod few_connections;
mod outage;
mod pooler;
mod runtime_role;
mod session_settings;
mod standby;
mod time_limits;
