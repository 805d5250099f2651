//! The users of an account, as the list shows them.

mod cursor;
mod delivery;
mod failed_invitations;
mod filter;
mod find;
mod fold;
mod kept_counts;
mod last_link;
pub(crate) mod links;
mod list;
mod matching;
mod only_way;
mod order;
mod page;
pub(crate) mod past;
mod redact;
pub(crate) mod row;
mod stats;
mod view;

pub use cursor::{InvalidUserCursor, UserCursor};
pub use delivery::{DeliveryState, InvitationDelivery, note_failed_attempt};
pub use failed_invitations::{FailedInvitation, count_failed_invitations, find_failed_invitations, list_failed_invitations};
pub use filter::{Span, UserFilter};
pub use find::{
    AddressHolder, find_address_holders, find_deleted_users_by_email, find_live_user_by_email, find_user, find_user_of_any_account,
    find_users,
};
pub(crate) use fold::{concerned_user, has_rank, has_recorded_rank};
pub use last_link::find_end_of_links;
pub use links::find_linked_user;
pub(crate) use links::{LinkRow, Links, link_columns};
pub use list::{MAX_PAGE, MAX_SKIP, Page, PageRequest, count_users, list_matching_ids, list_users, list_users_further, page_order};
pub use matching::Moment;
pub use only_way::find_only_way;
pub use order::{UserOrder, UserOrderField};
pub(crate) use past::Past;
pub use past::{
    Advanced, AsOf, AsOfError, NotYet, UserChange, advance, as_of_event, as_of_instant, as_of_position, find_user_as_of, latest,
    list_changes, prepare, reread,
};
pub(crate) use redact::redact_past;
pub(crate) use row::UserRow;
pub use stats::{UserStats, count_active_admins, count_recently_active, count_users_by_kind};
pub(crate) use view::parse_status;
pub use view::{ListedStatus, UserView};
