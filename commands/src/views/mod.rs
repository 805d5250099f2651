//! Saved views of the list of users. Admins save their own, and share some with all admins of the account. A name exists once among the own
//! views of a person, and once among the shared ones.

mod change;
mod delete;
mod save;

use domain::user::{Status, User};
use domain::{Refusal, Role, SavedViewId, UserId};

pub use change::ChangeView;
pub use save::SaveView;

use crate::Error;
use crate::unit_of_work::{Deciding, LoadedStream};

/// How many own views a person may have, and how many an account may share.
pub const MAX_VIEWS: u64 = 50;

impl Deciding<'_> {
    /// The actor, who is an active admin still: a deactivation waits for the lock of the user, or is seen.
    pub(super) async fn load_admin(&mut self, user_id: UserId) -> Result<LoadedStream<User>, Error> {
        let admin = self.load::<User>(user_id).await?;
        match (admin.state.status(), admin.state.role()) {
            (Some(Status::Active), Role::Admin) => Ok(admin),
            (Some(Status::Active), _) => Err(Error::Forbidden),
            _ => Err(Refusal::AccessDeactivated.into()),
        }
    }

    /// Checks that there may be a view with this name, and if it is new there (`is_new`), one more.
    pub(super) async fn require_free_name(
        &mut self,
        owner: Option<UserId>,
        name: &str,
        except: Option<SavedViewId>,
        is_new: bool,
    ) -> Result<(), Error> {
        let (count, is_taken) = self.reading()?.count_saved_views(owner, name, except).await?;
        if is_new && count >= MAX_VIEWS {
            return Err(Refusal::TooManyViews.into());
        }
        if is_taken { Err(Refusal::ViewNameTaken.into()) } else { Ok(()) }
    }
}
