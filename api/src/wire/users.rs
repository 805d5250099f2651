//! What inputs and outputs say of users: roles, states and orders of lists.

use async_graphql::Enum;
use projections::users::{ListedStatus, UserOrderField as Field};

/// Characters of a text that is searched for.
pub(crate) const MAX_SEARCH: usize = 200;

/// The roles of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub(crate) enum Role {
    /// May read in the product. Has no rights over users.
    Viewer,
    /// May work in the product and read the audit log. Has no rights over users.
    Editor,
    /// May do everything, including managing users and the account.
    Admin,
}

/// The statuses of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ListedStatus")]
pub(crate) enum UserStatus {
    /// Invited; the link still works.
    PendingInvitation,
    /// Invited; the link has expired. The invitation can be sent again.
    ExpiredInvitation,
    /// Has accepted the invitation and can sign in.
    Active,
    /// Has accepted the invitation and was deactivated.
    Inactive,
    /// Deleted permanently. The address can be invited again, as a new user.
    Deleted,
}

/// The fields by which users can be sorted. Users with equal values are sorted by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Field")]
pub(crate) enum UserOrderField {
    /// The address in lower case, compared character by character as in ASCII: `user10` before `user2`. The same on every server.
    Email,
    /// Active, inactive, invited, deleted. Pending and expired invitations are sorted together, latest expiry first.
    Status,
    /// Viewer, editor, admin.
    Role,
    /// When the user was first invited.
    CreatedAt,
    /// The last sign-in. Users who never signed in come last in both directions.
    LastActiveAt,
    /// How well the user matches `search`. Users whose address or name begins with the words come first, then users in whose address or name other
    /// words begin with them, then all others. Sorted by address if there is no `search`, or if more than 10,000 users match it.
    Relevance,
}
