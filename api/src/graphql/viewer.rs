//! Who asks.

use async_graphql::SimpleObject;

use super::account::Account;
use super::user::User;

/// Who asks: the signed-in user and their account.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct Viewer {
    /// The signed-in user.
    pub(super) user: User,
    /// Their account, the only one that they can reach.
    pub(super) account: Account,
}
