//! What the viewer may do to a user now, and if not, why.

use std::sync::Arc;

use async_graphql::{Context, Result, SimpleObject};
use commands::Error;
use domain::AccountId;
use projections::users::{UserView, count_active_admins};
use tokio::sync::OnceCell;

use crate::graphql::context::{Live, app, request};
use crate::graphql::error::top_level;

/// What the viewer may do to a user now. The rules are those of the mutations.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct ViewerCan {
    /// Change the role.
    change_role: Possibility,
    /// Change the sign-in methods.
    change_auth_methods: Possibility,
    /// Change the name.
    rename: Possibility,
    /// Deactivate the user.
    deactivate: Possibility,
    /// Activate the user.
    activate: Possibility,
    /// Send the invitation again.
    resend_invitation: Possibility,
    /// Read the invitation link.
    reveal_invitation_link: Possibility,
    /// Delete the user, or revoke the invitation.
    delete: Possibility,
    /// Erase the personal data of the user.
    erase: Possibility,
    /// Leave the account. Only for the viewer's own user.
    leave: Possibility,
}

/// Whether the viewer may do something.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct Possibility {
    /// Whether it is allowed.
    allowed: bool,
    /// Why it is not allowed, for programs: a `UserErrorCode`, or `FORBIDDEN` if the role does not permit it.
    code: Option<&'static str>,
    /// Why it is not allowed, for people.
    message: Option<String>,
}

impl From<Result<(), Error>> for Possibility {
    fn from(verdict: Result<(), Error>) -> Self {
        match verdict {
            Ok(()) => Self { allowed: true, code: None, message: None },
            Err(error) => Self { allowed: false, code: Some(error.code()), message: Some(error.to_string()) },
        }
    }
}

/// The number of active admins in the viewer's account. It is counted once per request, however many users it contains.
#[derive(Clone, Default)]
pub(crate) struct ActiveAdmins(Arc<OnceCell<u64>>);

impl ActiveAdmins {
    async fn count(&self, ctx: &Context<'_>, account_id: AccountId) -> Result<u64> {
        Ok(*self.0.get_or_try_init(|| count_active_admins(&app(ctx).database, account_id)).await.map_err(top_level)?)
    }
}

/// The number of active admins in the viewer's account.
pub(in crate::graphql) async fn count_active_admins_once(ctx: &Context<'_>, account_id: AccountId) -> Result<u64> {
    // A subscription outlives values that were looked up once.
    let active_admins = match ctx.data_opt::<ActiveAdmins>() {
        Some(once) if ctx.data_opt::<Live>().is_none() => once.clone(),
        _ => ActiveAdmins::default(),
    };
    active_admins.count(ctx, account_id).await
}

/// What the viewer may do to a user. `None` for an erased user.
pub(in crate::graphql) async fn viewer_can(ctx: &Context<'_>, view: &UserView) -> Result<Option<ViewerCan>> {
    let active_admins = count_active_admins_once(ctx, view.account_id).await?;
    let can = app(ctx).commands.viewer_can(request(ctx), view, active_admins);
    Ok(can.ok().map(|can| ViewerCan {
        change_role: can.change_role.into(),
        change_auth_methods: can.change_auth_methods.into(),
        rename: can.rename.into(),
        deactivate: can.deactivate.into(),
        activate: can.activate.into(),
        resend_invitation: can.resend_invitation.into(),
        reveal_invitation_link: can.reveal_invitation_link.into(),
        delete: can.delete.into(),
        erase: can.erase.into(),
        leave: can.leave.into(),
    }))
}
