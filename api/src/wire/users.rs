//! What inputs and outputs say of users: roles, states and orders of lists.

use async_graphql::Enum;
use projections::users::{ListedStatus, UserOrderField as Field};

/// Characters of a text that is searched for.
pub(crate) const MAX_SEARCH: usize = 200;

/// What a user may do in their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub(crate) enum Role {
    /// Reads the product only.
    Viewer,
    /// Works with the product; no rights over users.
    Editor,
    /// Everything, users included.
    Admin,
}

/// Where a user stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ListedStatus")]
pub(crate) enum UserStatus {
    /// Invited, and the link still works.
    PendingInvitation,
    /// Invited, and the time of the link is over: it can be sent again.
    ExpiredInvitation,
    /// Registered, with access.
    Active,
    /// Registered, without access.
    Inactive,
    /// Deleted for good; the address may be invited again, as a new user.
    Deleted,
}

/// What a list of users is ordered by. Users who are alike in it are ordered by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Field")]
pub(crate) enum UserOrderField {
    /// The address in lower case, compared character by character as in ASCII: `user10` before `user2`. The same on every server.
    Email,
    /// Active, inactive, invited (pending and expired together, the latest expiry first), deleted.
    Status,
    /// Viewer, editor, admin.
    Role,
    /// When they were first invited.
    CreatedAt,
    /// Their last sign-in. Whoever never signed in comes last in both directions.
    LastActiveAt,
}
