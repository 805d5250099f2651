//! `updateUsers`: role, ways to sign in and access of many users.

use domain::{AccountId, Operation, Role, user};
use serde::Serialize;

use super::super::parse_auth_methods;
use super::action::Action;
use super::run::Call;
use super::{BulkAnswer, UserSelection};
use crate::{Commands, Context, Error};

/// The fields of many users that change. A field that is `None` stays.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateUsers {
    /// The users.
    pub users: UserSelection,
    /// The new role.
    pub role: Option<Role>,
    /// The ids of all ways in which they may sign in from now on.
    pub auth_methods: Option<Vec<String>>,
    /// `false` deactivates and ends every session, `true` activates.
    pub active: Option<bool>,
    /// Decides everything and does nothing.
    pub dry_run: bool,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Changes many users, each as [`update_user`](Self::update_user) does.
    ///
    /// # Errors
    /// [`Error::Forbidden`] also for a key that may not make admins. Refusals of the whole: of the values, `NoRows`, `TooManyRows`,
    /// `CountChanged`, `IdempotencyKeyReused`. Of one user: as for one, and `AdminsForbidden`.
    pub async fn update_users(&self, ctx: &Context, account_id: AccountId, input: &UpdateUsers) -> Result<BulkAnswer, Error> {
        let permit = self.authorize(ctx, "updateUsers", Operation::UpdateUser, account_id, None)?;
        self.authorize_role(&permit, None, input.role.unwrap_or_default())?;
        let update = user::UpdateUser {
            role: input.role,
            auth_methods: input.auth_methods.as_deref().map(parse_auth_methods).transpose()?,
            offered: self.offered(),
            active: input.active,
            name: None,
            by_self: false,
        };
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        let action = Action::Update(update);
        let call = Call { permit: &permit, selection: &input.users, action, request, dry_run: input.dry_run, confirm_count: None };
        self.run_call(call).await
    }
}
