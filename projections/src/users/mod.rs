//! The users of an account, as the list shows them.

mod cursor;
mod list;
mod many;
mod only_way;
mod project;
mod row;
mod view;

pub use cursor::{InvalidUserCursor, UserCursor};
pub use list::{MAX_PAGE, Page, PageRequest, UserFilter, count_users, list_users};
pub use many::{AddressHolder, find_address_holders, find_users, project_invitations};
pub use only_way::find_only_way;
pub use project::project_user;
pub use view::{ListedStatus, UserView, find_live_user_by_email, find_user, find_user_of_any_account};
