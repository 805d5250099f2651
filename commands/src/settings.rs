//! What an account decides for itself, as the commands that go by it look it up.

use domain::{AccountId, AuthMethods, InvitationHours, Refusal};
use projections::accounts::{AccountView, find_account};

use crate::unit_of_work::UnitOfWork;
use crate::{Commands, Error};

/// What an account decides for itself.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The ways to sign in that it offers.
    pub(crate) offered: AuthMethods,
    /// How long its invitations work.
    pub(crate) lifetime: InvitationHours,
}

impl Commands {
    /// The ways to sign in that an account offers: its choice among the configured ones.
    #[must_use]
    pub fn offered_by(&self, account: &AccountView) -> AuthMethods {
        self.offered().chosen_by(account.auth_methods.as_ref())
    }
}

impl UnitOfWork<'_> {
    /// What an account has decided. A command that goes by it claims [`Lock::AccountSettings`](event_store::Lock::AccountSettings), so that
    /// nobody changes it before this unit of work ends.
    pub(crate) async fn settings(&mut self, commands: &Commands, account_id: AccountId) -> Result<Settings, Error> {
        let account = find_account(self.connection(), account_id).await?.ok_or(Refusal::NotFound)?;
        Ok(Settings { offered: commands.offered_by(&account), lifetime: account.invitation_hours })
    }
}
