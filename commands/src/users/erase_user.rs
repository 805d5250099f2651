//! `eraseUser`: what is personal of a deleted user is forgotten for ever. Every event stays in its place; what it says of the person
//! opens no more, because the key is destroyed.

use domain::user::{self, Status, User, UserCommand};
use domain::{AccountId, EmailAddress, Operation, Refusal, UserId};
use event_store::{Loaded, Lock};
use projections::users::find_user;

use super::Changed;
use super::change::found;
use crate::permission::operator_only;
use crate::{Commands, Context, Error};

/// Who is erased.
#[derive(Clone, Debug)]
pub struct EraseUser {
    /// The user.
    pub id: String,
    /// Their address, typed again.
    pub confirm_email: String,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
}

impl Commands {
    /// Erases a deleted user. Doing it again does nothing.
    ///
    /// # Errors
    /// Refusals: `ConfirmationMismatch`, `NotFound`, `VersionConflict`, `UserNotDeleted`.
    pub async fn erase_user(&self, ctx: &Context, account_id: AccountId, input: &EraseUser) -> Result<Changed, Error> {
        let user_id = self.permitted(ctx, "eraseUser", Operation::EraseUser, account_id, &input.id)?;
        let confirm_email = EmailAddress::parse(&input.confirm_email).map_err(|_| Refusal::ConfirmationMismatch)?;
        let command = user::EraseUser { confirm_email: Some(confirm_email) };
        self.retrying(|| self.erase_once(ctx, account_id, user_id, input.expected_version, None, &command)).await
    }

    /// Erases somebody of whom it is known that they were erased before: after an older backup was restored. Whoever is not deleted there
    /// is deleted first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody but the operator. Refusals: `NotFound`; `LastAdmin` when the account would lose its last one.
    pub async fn erase_again(&self, ctx: &Context, account_id: AccountId, user_id: UserId) -> Result<Changed, Error> {
        operator_only(ctx)?;
        let view = find_user(&self.pool, account_id, user_id).await?.ok_or(Refusal::NotFound)?;
        // None is left of whoever is erased already.
        let frees = EmailAddress::parse(&view.email).ok();
        let command = user::EraseUser { confirm_email: None };
        self.retrying(|| self.erase_once(ctx, account_id, user_id, None, frees.as_ref(), &command)).await
    }

    /// Erases a deleted user; one whose address is to be freed is deleted first.
    async fn erase_once(
        &self,
        ctx: &Context,
        account_id: AccountId,
        user_id: UserId,
        expected_version: Option<u64>,
        frees: Option<&EmailAddress>,
        erase: &user::EraseUser,
    ) -> Result<Changed, Error> {
        let address = frees.map(|email| Lock::Address { account_id, email }.exclusive());
        let admins = frees.map(|_| Lock::Admins { account_id }.exclusive());
        let person = [Lock::User { user_id }.exclusive(), Lock::UserVersions.shared(), Lock::RefusedAttempts { account_id }.exclusive()];
        let claims = address.into_iter().chain(admins).chain(person);
        let mut work = self.begin(ctx, "eraseUser", account_id, claims).await?;
        let mut user: Loaded<User> = found(work.load(account_id, user_id).await?, expected_version)?;
        if let Some(email) = frees
            && user.state.status() != Some(Status::Deleted)
        {
            let delete = user::DeleteUser { confirm_email: email.clone(), by_self: false };
            work.decide(account_id, user_id, &mut user, UserCommand::Delete(delete))?;
        }
        work.decide(account_id, user_id, &mut user, UserCommand::Erase(erase.clone()))?;
        let changed = Changed { account_id, user_id, version: user.version };
        work.append().await?;
        work.commit().await?;
        Ok(changed)
    }
}
