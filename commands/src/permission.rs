//! Who may do what, asked of the permission table in `domain/src/permission.rs`.
//!
//! There are two questions. A command that changes something, or takes something out of the account, asks
//! [`Commands::authorize`], which records a refusal. A query asks [`may_read`], which records nothing. `may_read` refuses every operation
//! that changes something, so a command cannot ask it by mistake.

use domain::{AccountId, Actor, Operation, Role, UserId};

use crate::refused_attempts::Concerned;
use crate::{Commands, Context, Error};

/// Whether an actor may read something of a user of an account, or of the account as a whole. A refusal is not recorded.
///
/// # Errors
/// [`Error::Unauthenticated`] when nobody is signed in; [`Error::Forbidden`] when the role does not permit it, when the account is not
/// the actor's own, and for every operation that changes something.
pub fn may_read(actor: &Actor, operation: Operation, account_id: AccountId, upon: Option<UserId>) -> Result<(), Error> {
    permit(actor, operation, account_id, upon)?;
    if operation.only_reads() { Ok(()) } else { Err(Error::Forbidden) }
}

/// What would be answered if an actor tried an operation now. Nobody tries it, so nothing is recorded.
pub(crate) fn would_permit(actor: &Actor, operation: Operation, account_id: AccountId, upon: UserId) -> Result<(), Error> {
    permit(actor, operation, account_id, Some(upon))
}

/// Permits only the operator. The operator's commands are at the command line, where nobody else can ask them.
///
/// # Errors
/// [`Error::Forbidden`] for everybody else.
pub(crate) fn operator_only(ctx: &Context) -> Result<(), Error> {
    if ctx.actor == Actor::Operator { Ok(()) } else { Err(Error::Forbidden) }
}

impl Commands {
    /// Permits a command that changes something of a user of an account, or of the account as a whole. A refusal is recorded once, under
    /// the name that the command has in the API, such as `inviteUser`.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in; [`Error::Forbidden`] when the role does not permit it, or the account is not
    /// the actor's own.
    pub(crate) fn authorize(
        &self,
        ctx: &Context,
        command: &'static str,
        operation: Operation,
        account_id: AccountId,
        upon: Option<UserId>,
    ) -> Result<(), Error> {
        let permitted = permit(&ctx.actor, operation, account_id, upon);
        self.note_refusal(ctx, command, account_id, upon.map_or(Concerned::Nobody, Concerned::User), &permitted);
        permitted
    }

    /// Permits what somebody does to themselves, and says who they are. A service key is nobody, so it is refused.
    ///
    /// # Errors
    /// As for [`authorize`](Self::authorize).
    pub(crate) fn authorize_oneself(
        &self,
        ctx: &Context,
        command: &'static str,
        operation: Operation,
    ) -> Result<(AccountId, UserId), Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        self.authorize(ctx, command, operation, account_id, ctx.actor.user())?;
        Ok((account_id, ctx.actor.user().ok_or(Error::Forbidden)?))
    }

    /// Permits what a command does to somebody of this role, or to somebody whom it gives this role. Admins need a permission of their
    /// own ([`Operation::ManageAdmin`]), so that a key without it cannot make an admin. A refusal is recorded as by
    /// [`authorize`](Self::authorize).
    ///
    /// # Errors
    /// As for [`authorize`](Self::authorize).
    pub(crate) fn authorize_role(
        &self,
        ctx: &Context,
        command: &'static str,
        account_id: AccountId,
        upon: Option<UserId>,
        role: Role,
    ) -> Result<(), Error> {
        if role == Role::Admin { self.authorize(ctx, command, Operation::ManageAdmin, account_id, upon) } else { Ok(()) }
    }
}

fn permit(actor: &Actor, operation: Operation, account_id: AccountId, upon: Option<UserId>) -> Result<(), Error> {
    if *actor == Actor::Visitor {
        return Err(Error::Unauthenticated);
    }
    let own_account = actor.account().is_none_or(|own| own == account_id);
    if own_account && actor.may(operation, upon) { Ok(()) } else { Err(Error::Forbidden) }
}
