//! `deleteView`, and what becomes of the own views of a user who is erased.

use domain::saved_view::{SavedView, SavedViewCommand};
use domain::{AccountId, Operation, Refusal, SavedViewId, UserId};

use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Context, Error};

impl Commands {
    /// Deletes an own view, or a shared one.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for everyone who is not an admin, and for every program with a
    /// key. Refusals: `NotFound`, also for own views of others, `VersionConflict`, `AccessDeactivated`.
    pub async fn delete_view(&self, ctx: &Context, id: &str, expected_version: Option<u64>) -> Result<(AccountId, SavedViewId), Error> {
        let (permit, user_id) = self.authorize_oneself(ctx, "deleteView", Operation::SaveView)?;
        let id = self.visible_view(ctx, "deleteView", &permit, (user_id, id), false).await?;
        let claims = Claims::of(&permit).saved_views().user(user_id).stream::<SavedView>(id);
        self.run(claims, Delete { id, user_id, expected_version }).await?;
        Ok((permit.account_id(), id))
    }
}

struct Delete {
    id: SavedViewId,
    user_id: UserId,
    expected_version: Option<u64>,
}

impl Handler<()> for Delete {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<(), Error> {
        work.load_admin(self.user_id).await?;
        let mut view = work.load::<SavedView>(self.id).await?.at_version(self.expected_version)?;
        if view.state.owner().is_some_and(|owner| owner != self.user_id) {
            return Err(Refusal::NotFound.into());
        }
        work.decide(&mut view, SavedViewCommand::Delete)?;
        Ok(())
    }
}

impl Deciding<'_> {
    /// Deletes the own views of a user. The lock of the views is held, so none is saved meanwhile.
    pub(crate) async fn delete_own_views(&mut self, user_id: UserId) -> Result<(), Error> {
        let ids = self.reading()?.find_own_views(user_id).await?;
        if ids.is_empty() {
            return Ok(());
        }
        for mut view in self.load_many::<SavedView>(&ids).await? {
            self.decide(&mut view, SavedViewCommand::Delete)?;
        }
        Ok(())
    }
}
