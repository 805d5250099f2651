//! `updateView`: another name or another list, or from now on for all admins.

use domain::saved_view::{self, SavedView, SavedViewCommand};
use domain::{AccountId, Name, Operation, Refusal, SavedViewId, UserId, ViewQuery};
use projections::saved_views::find_saved_view;

use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Context, Error};

/// What of a view changes. A field that is `None` stays.
#[derive(Clone, Debug)]
pub struct ChangeView {
    /// The view.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// What the list shows, as the query of an address.
    pub query: Option<String>,
    /// `true` shares an own view with all admins. A shared view stays shared.
    pub share: bool,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
}

impl Commands {
    /// Changes an own view, or a shared one.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for everyone who is not an admin, and for every program with a
    /// key. Refusals: `NotFound`, also for own views of others, `InvalidName`, `InvalidViewQuery`, `VersionConflict`, `ViewNameTaken`,
    /// `TooManyViews`, `AccessDeactivated`.
    pub async fn change_view(&self, ctx: &Context, input: &ChangeView) -> Result<(AccountId, SavedViewId), Error> {
        let (permit, user_id) = self.authorize_oneself(ctx, "updateView", Operation::SaveView)?;
        let id = self.visible_view(ctx, "updateView", &permit, (user_id, &input.id), input.share).await?;
        let values = saved_view::ChangeView {
            name: input.name.as_deref().map(Name::parse).transpose().map_err(Refusal::from)?,
            query: input.query.as_deref().map(ViewQuery::parse).transpose().map_err(Refusal::from)?,
            share: input.share,
        };
        let claims = Claims::of(&permit).saved_views().user(user_id).stream::<SavedView>(id);
        self.run(claims, Change { id, user_id, values, expected_version: input.expected_version }).await?;
        Ok((permit.account_id(), id))
    }

    /// A view that the actor sees, and may change: their own, or one of all admins. `shares`: whether it becomes one of these.
    ///
    /// # Errors
    /// [`Error::Forbidden`]. Refusal: `NotFound`.
    pub(super) async fn visible_view(
        &self,
        ctx: &Context,
        operation_name: &'static str,
        permit: &Permit,
        (user_id, id): (UserId, &str),
        shares: bool,
    ) -> Result<SavedViewId, Error> {
        let account_id = permit.account_id();
        let id = id.parse().map_err(|_| Refusal::NotFound)?;
        let view = find_saved_view(&self.pool, account_id, user_id, id).await?.ok_or(Refusal::NotFound)?;
        if shares || view.owner.is_none() {
            let _ = self.authorize(ctx, operation_name, Operation::ShareView, account_id, None)?;
        }
        Ok(id)
    }
}

struct Change {
    id: SavedViewId,
    user_id: UserId,
    values: saved_view::ChangeView,
    expected_version: Option<u64>,
}

impl Handler<()> for Change {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<(), Error> {
        let admin = work.load_admin(self.user_id).await?;
        let mut view = work.load::<SavedView>(self.id).await?.at_version(self.expected_version)?;
        let SavedView::Exists { owner, name: Some(name), .. } = &view.state else { return Err(Refusal::NotFound.into()) };
        if owner.is_some_and(|owner| owner != self.user_id) {
            return Err(Refusal::NotFound.into());
        }
        let becomes_shared = self.values.share && owner.is_some();
        if self.values.name.is_some() || becomes_shared {
            let (new_owner, name) = (owner.filter(|_| !self.values.share), self.values.name.as_ref().unwrap_or(name).clone());
            work.require_free_name(new_owner, name.as_str(), Some(self.id), becomes_shared).await?;
        }
        // What all admins see is not sealed with the key of one.
        view.person = admin.person.filter(|_| !view.state.is_shared() && !becomes_shared);
        work.decide(&mut view, SavedViewCommand::Change(self.values.clone()))?;
        Ok(())
    }
}
