//! `saveView`: a new view.

use domain::saved_view::{self, SavedView, SavedViewCommand};
use domain::{AccountId, Name, Operation, Refusal, SavedViewId, UserId, ViewQuery};
use uuid::Uuid;

use crate::unit_of_work::{Claims, Deciding, Handler, LoadedStream};
use crate::{Commands, Context, Error};

/// The view to save.
#[derive(Clone, Debug)]
pub struct SaveView {
    /// What it is called.
    pub name: String,
    /// What the list shows, as the query of an address.
    pub query: String,
    /// Whether all admins of the account see it.
    pub shared: bool,
}

impl Commands {
    /// Saves a view for the actor, or for all admins of their account. It takes no idempotency key: repeated, its name is taken.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for everyone who is not an admin, and for every program with a
    /// key. Refusals: `InvalidName`, `InvalidViewQuery`, `ViewNameTaken`, `TooManyViews`, `AccessDeactivated`.
    pub async fn save_view(&self, ctx: &Context, input: &SaveView) -> Result<(AccountId, SavedViewId), Error> {
        let (permit, user_id) = self.authorize_oneself(ctx, "saveView", Operation::SaveView)?;
        if input.shared {
            let _ = self.authorize(ctx, "saveView", Operation::ShareView, permit.account_id(), None)?;
        }
        let save = saved_view::SaveView {
            account_id: permit.account_id(),
            owner: (!input.shared).then_some(user_id),
            name: Name::parse(&input.name).map_err(Refusal::from)?,
            query: ViewQuery::parse(&input.query).map_err(Refusal::from)?,
        };
        let id = self.run(Claims::of(&permit).saved_views().user(user_id), NewView { user_id, save }).await?;
        Ok((permit.account_id(), id))
    }
}

struct NewView {
    user_id: UserId,
    save: saved_view::SaveView,
}

impl Handler<SavedViewId> for NewView {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<SavedViewId, Error> {
        let admin = work.load_admin(self.user_id).await?;
        work.require_free_name(self.save.owner, self.save.name.as_str(), None, true).await?;
        let id = SavedViewId::new(Uuid::now_v7());
        let person = admin.person.filter(|_| self.save.owner.is_some());
        work.decide(&mut LoadedStream::<SavedView>::start(id, person), SavedViewCommand::Save(self.save.clone()))?;
        Ok(id)
    }
}
