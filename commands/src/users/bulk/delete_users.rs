//! `deleteUsers`: many users, for good.

use domain::{AccountId, Operation};
use serde::Serialize;

use super::action::Action;
use super::run::Call;
use super::{BulkAnswer, UserSelection};
use crate::{Commands, Context, Error};

/// The users who are deleted.
#[derive(Clone, Debug, Serialize)]
pub struct DeleteUsers {
    /// The users.
    pub users: UserSelection,
    /// How many users are selected, typed again.
    pub confirm_count: u64,
    /// Decides everything and does nothing.
    pub dry_run: bool,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Deletes many users, each as [`delete_user`](Self::delete_user) does. Their number is confirmed instead of their addresses.
    ///
    /// # Errors
    /// Refusals of the whole: `NoRows`, `TooManyRows`, `CountChanged`, `CountNotConfirmed`, `IdempotencyKeyReused`. Of one user: as for one,
    /// and `AdminsForbidden`.
    pub async fn delete_users(&self, ctx: &Context, account_id: AccountId, input: &DeleteUsers) -> Result<BulkAnswer, Error> {
        let permit = self.authorize(ctx, "deleteUsers", Operation::DeleteUser, account_id, None)?;
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        // A dry run also says how many there are.
        let confirm_count = (!input.dry_run).then_some(input.confirm_count);
        let call =
            Call { permit: &permit, selection: &input.users, action: Action::Delete, request, dry_run: input.dry_run, confirm_count };
        self.run_call(call).await
    }
}
