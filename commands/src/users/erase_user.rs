//! `eraseUser`: what is personal about a deleted user becomes unreadable. Every event stays in its stream; what it says about the person
//! cannot be opened, because the key is destroyed.

use domain::user::{self, Status, User, UserCommand};
use domain::{AccountId, EmailAddress, Operation, Refusal, UserId};
use projections::users::find_user;

use super::Changed;
use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler};
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
        let (permit, user_id) = self.authorize_upon(ctx, "eraseUser", Operation::EraseUser, account_id, &input.id)?;
        let confirm_email = EmailAddress::parse(&input.confirm_email).map_err(|_| Refusal::ConfirmationMismatch)?;
        let command = user::EraseUser { confirm_email: Some(confirm_email) };
        self.run(claims(&permit, user_id), Erase { user_id, expected_version: input.expected_version, frees: None, command }).await
    }

    /// Erases a user who was erased before, after an older backup was restored. A user who is not deleted there is deleted first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone except the operator. Refusals: `NotFound`; `LastAdmin` when the account would lose its last one.
    pub async fn erase_again(&self, ctx: &Context, account_id: AccountId, user_id: UserId) -> Result<Changed, Error> {
        let permit = Permit::for_operator(ctx, "eraseUser", account_id)?;
        let view = find_user(&self.pool, account_id, user_id).await?.ok_or(Refusal::NotFound)?;
        // A user who is erased already has no address.
        let frees = EmailAddress::parse(&view.email).ok();
        let command = user::EraseUser { confirm_email: None };
        let claims = claims(&permit, user_id).addresses(&frees);
        self.run(claims, Erase { user_id, expected_version: None, frees, command }).await
    }
}

fn claims(permit: &Permit, user_id: UserId) -> Claims {
    Claims::of(permit).user(user_id).refused_attempts().saved_views()
}

struct Erase {
    user_id: UserId,
    expected_version: Option<u64>,
    /// The address of a user who may have to be deleted first.
    frees: Option<EmailAddress>,
    command: user::EraseUser,
}

impl Handler<Changed> for Erase {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Changed, Error> {
        let mut user = work.load::<User>(self.user_id).await?.at_version(self.expected_version)?;
        if let Some(email) = &self.frees
            && user.state.status() != Some(Status::Deleted)
        {
            let delete = user::DeleteUser { confirm_email: Some(email.clone()), by_self: false };
            work.decide(&mut user, UserCommand::Delete(delete))?;
        }
        // Their names and searches are personal. The views that they shared belong to the account.
        work.delete_own_views(self.user_id).await?;
        work.decide(&mut user, UserCommand::Erase(self.command.clone()))?;
        Ok(user.changed(work.account_id()))
    }
}
