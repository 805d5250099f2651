//! The users of an account as they were. `users` has the versions that are in force, `user_versions` those that have ended; commands
//! write both.

mod between;
mod checkpoints;
mod prepare;
mod resolve;
mod rows;
mod states;

pub use between::{UserChange, list_changes};
pub use checkpoints::{Advanced, advance};
pub(crate) use prepare::NOT_IN_THE_PAST;
pub use prepare::{prepare, reread};
pub use resolve::{AsOf, AsOfError, NotYet, as_of_event, as_of_instant, as_of_position, latest};
pub(crate) use rows::{Past, delete_activity, delete_versions, read_activity, read_versions};
pub use states::find_user_as_of;
