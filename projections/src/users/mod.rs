//! The users of an account, as the list shows them.

mod cursor;
mod delivery;
mod erase;
mod filter;
mod last_link;
mod links;
mod list;
mod many;
mod only_way;
mod order;
mod project;
mod row;
mod stats;
mod view;

pub use cursor::{InvalidUserCursor, UserCursor};
pub use delivery::{DeliveryState, InvitationDelivery, note_failed_attempt, project_delivery};
pub use filter::{Span, UserFilter};
pub use last_link::find_end_of_links;
pub use links::find_linked_user;
pub use list::{MAX_PAGE, Page, PageRequest, count_users, list_users};
pub use many::{AddressHolder, find_address_holders, find_users, project_invitations};
pub use only_way::find_only_way;
pub use order::{UserOrder, UserOrderField};
pub use project::project_user;
pub use stats::{UserStats, count_active_admins, count_users_by_kind};
pub(crate) use view::parse_status;
pub use view::{ListedStatus, UserView, find_deleted_users_by_email, find_live_user_by_email, find_user, find_user_of_any_account};
