//! Who may what, written by hand: the program's own table is compared with this one.

/// Upon whom someone may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    NoOne,
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

/// A right: how far viewers, editors and admins reach with it, and the scopes that a key needs besides, all of them; none where no key may.
#[derive(Debug)]
pub(super) struct Right {
    pub(super) reach: [Reach; 3],
    pub(super) scopes: &'static [&'static str],
}

const fn right(reach: [Reach; 3], scopes: &'static [&'static str]) -> Right {
    Right { reach, scopes }
}

use Reach::{Account as A, NoOne as N, Oneself as O};

pub(super) const LIST_USERS: Right = right([N, N, A], &["USERS_READ"]);
pub(super) const READ_USER: Right = right([O, O, A], &["USERS_READ"]);
pub(super) const RENAME_USER: Right = right([O, O, A], &["USERS_WRITE"]);
pub(super) const MANAGE_USERS: Right = right([N, N, A], &["USERS_WRITE"]);
/// The same upon admins, and making admins.
pub(super) const MANAGE_ADMINS: Right = right([N, N, A], &["USERS_WRITE", "ADMINS_WRITE"]);
pub(super) const READ_LINKS: Right = right([N, N, A], &["LINKS_READ"]);
pub(super) const READ_LINKS_OF_ADMINS: Right = right([N, N, A], &["LINKS_READ", "ADMINS_WRITE"]);
pub(super) const READ_AUDIT_LOG: Right = right([N, A, A], &["AUDIT_READ"]);
pub(super) const MANAGE_ACCOUNT: Right = right([N, N, A], &[]);
/// The service keys of the account.
pub(super) const MANAGE_SERVICE_KEYS: Right = right([N, N, A], &[]);
/// One's own saved views, which only admins have.
pub(super) const SAVE_VIEWS: Right = right([N, N, O], &[]);
pub(super) const SHARE_VIEWS: Right = right([N, N, A], &[]);
/// One's own sessions and keys; admins see and end those of others.
pub(super) const MANAGE_ACCESS: Right = right([O, O, A], &[]);
/// What no one does for another.
pub(super) const OWN_ONLY: Right = right([O, O, O], &[]);
