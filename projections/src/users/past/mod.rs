//! The users of an account as they were: each version of each row, with the part of the feed in which it was in force.

mod advance;
mod between;
mod reread;
mod resolve;
mod versions;

pub(crate) use advance::find_end;
pub use advance::{Advanced, advance};
pub use between::{UserChange, list_changes};
pub use reread::reread;
pub use resolve::{AsOf, AsOfError, NotYet, as_of_event, as_of_instant, as_of_position, latest};
pub use versions::find_user_as_of;
pub(crate) use versions::{Version, delete_versions, write_versions};
