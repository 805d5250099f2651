//! Who may what, written by hand: the program's own table is compared with this one.

/// Upon whom somebody may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Nobody,
    Oneself,
    Account,
}

/// Upon whom something is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upon {
    Oneself,
    /// A user of the account `acme`.
    Another,
    Account,
}

/// A right: how far viewers, editors and admins reach with it, and the scope that a key needs besides.
#[derive(Debug)]
pub(super) struct Right {
    pub(super) reach: [Reach; 3],
    pub(super) scope: Option<&'static str>,
}

const fn right(reach: [Reach; 3], scope: Option<&'static str>) -> Right {
    Right { reach, scope }
}

use Reach::{Account as A, Nobody as N, Oneself as O};

pub(super) const LIST_USERS: Right = right([N, N, A], Some("USERS_READ"));
pub(super) const READ_USER: Right = right([O, O, A], Some("USERS_READ"));
pub(super) const RENAME_USER: Right = right([O, O, A], Some("USERS_WRITE"));
pub(super) const MANAGE_USERS: Right = right([N, N, A], Some("USERS_WRITE"));
pub(super) const READ_AUDIT_LOG: Right = right([N, A, A], Some("AUDIT_READ"));
pub(super) const MANAGE_ACCOUNT: Right = right([N, N, A], None);
/// One's own sessions and keys; admins see and end those of others.
pub(super) const MANAGE_ACCESS: Right = right([O, O, A], None);
/// What nobody does for another.
pub(super) const OWN_ONLY: Right = right([O, O, O], None);
