//! Who may do what, asked of the permission table in `domain/src/permission.rs`.
//!
//! A command needs a [`Permit`] to begin its unit of work. Only this file makes one. A query asks [`may_read`] instead, which records
//! nothing and refuses every operation that changes something.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{AccountId, Actor, Operation, Refusal, Role, UserId};

use crate::refused_attempts::Concerned;
use crate::{Commands, Context, Error};

/// Permission to run one command in one account. Its events name the actor and the operation.
#[derive(Clone)]
#[must_use]
pub(crate) struct Permit(Arc<Permitted>);

struct Permitted {
    ctx: Context,
    operation_name: Cow<'static, str>,
    account_id: AccountId,
}

impl Permit {
    fn new(ctx: Context, operation_name: Cow<'static, str>, account_id: AccountId) -> Self {
        Self(Arc::new(Permitted { ctx, operation_name, account_id }))
    }

    /// For a command that itself proves who the caller is: by a password, a link, a provider or the session that it ends.
    pub(crate) fn by_proof(ctx: &Context, operation_name: &'static str, account_id: AccountId) -> Self {
        Self::new(ctx.clone(), operation_name.into(), account_id)
    }

    /// For a command that everyone may ask for, as often as the limits allow.
    pub(crate) fn for_everyone(ctx: &Context, operation_name: &'static str, account_id: AccountId) -> Self {
        Self::new(ctx.clone(), operation_name.into(), account_id)
    }

    /// For a command of the operator.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone else.
    pub(crate) fn for_operator(ctx: &Context, operation_name: &'static str, account_id: AccountId) -> Result<Self, Error> {
        require_operator(ctx)?;
        Ok(Self::new(ctx.clone(), operation_name.into(), account_id))
    }

    /// For what Roster itself records. `cause` is the event or the operation behind it.
    pub(crate) fn for_system(account_id: AccountId, cause: &str, request_id: Option<String>, at: DateTime<Utc>) -> Self {
        Self::new(Context::new(Actor::System, request_id, at), cause.to_owned().into(), account_id)
    }

    /// Who asks, through which request, at which moment.
    pub(crate) fn ctx(&self) -> &Context {
        &self.0.ctx
    }

    /// What the API calls the command, such as `inviteUser`.
    pub(crate) fn operation_name(&self) -> &str {
        &self.0.operation_name
    }

    pub(crate) fn account_id(&self) -> AccountId {
        self.0.account_id
    }
}

/// Whether an actor may read something of a user of an account, or of the account as a whole. A refusal is not recorded.
///
/// # Errors
/// [`Error::Unauthenticated`] when no one is signed in; [`Error::Forbidden`] when the role does not permit it, when the account is not
/// the actor's own, and for every operation that changes something.
pub fn may_read(actor: &Actor, operation: Operation, account_id: AccountId, upon: Option<UserId>) -> Result<(), Error> {
    check(actor, operation, account_id, upon)?;
    if operation.only_reads() { Ok(()) } else { Err(Error::Forbidden) }
}

/// Whether an operation would be permitted now. It is not attempted, so nothing is recorded.
pub(crate) fn would_permit(actor: &Actor, operation: Operation, account_id: AccountId, upon: UserId) -> Result<(), Error> {
    check(actor, operation, account_id, Some(upon))
}

/// Whether a user with this role may be changed, or this role given, by an actor who may change users.
pub(crate) fn would_permit_role(actor: &Actor, role: Role, account_id: AccountId, upon: UserId) -> Result<(), Error> {
    if role == Role::Admin { would_permit(actor, Operation::ManageAdmin, account_id, upon) } else { Ok(()) }
}

/// Refuses everyone except the operator, whose commands are at the command line.
pub(crate) fn require_operator(ctx: &Context) -> Result<(), Error> {
    if ctx.actor == Actor::Operator { Ok(()) } else { Err(Error::Forbidden) }
}

impl Commands {
    /// Permits a command that changes a user of an account, or the account as a whole. A refusal is recorded once.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in; [`Error::Forbidden`] when the role does not permit it, or the account is not
    /// the actor's own.
    pub(crate) fn authorize(
        &self,
        ctx: &Context,
        operation_name: &'static str,
        operation: Operation,
        account_id: AccountId,
        upon: Option<UserId>,
    ) -> Result<Permit, Error> {
        let permit = Permit::new(ctx.clone(), operation_name.into(), account_id);
        self.require(&permit, operation, upon)?;
        Ok(permit)
    }

    /// Permits a command upon the user with this id. Permission is checked first, so a caller without it learns nothing about the input. A
    /// malformed id is refused like an unknown one.
    ///
    /// # Errors
    /// Those of [`authorize`](Self::authorize). Refusal: `NotFound`.
    pub(crate) fn authorize_upon(
        &self,
        ctx: &Context,
        operation_name: &'static str,
        operation: Operation,
        account_id: AccountId,
        id: &str,
    ) -> Result<(Permit, UserId), Error> {
        let id = id.parse().ok();
        let permit = self.authorize(ctx, operation_name, operation, account_id, id)?;
        Ok((permit, id.ok_or(Refusal::NotFound)?))
    }

    /// Permits what users do to themselves. A service key has no user, so it is refused.
    ///
    /// # Errors
    /// Those of [`authorize`](Self::authorize).
    pub(crate) fn authorize_oneself(
        &self,
        ctx: &Context,
        operation_name: &'static str,
        operation: Operation,
    ) -> Result<(Permit, UserId), Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        let permit = self.authorize(ctx, operation_name, operation, account_id, ctx.actor.user())?;
        Ok((permit, ctx.actor.user().ok_or(Error::Forbidden)?))
    }

    /// Checks that a permitted command may also change a user with this role, or give a user this role. Admins need
    /// [`Operation::ManageAdmin`], so that a key without it cannot make an admin. A refusal is recorded.
    ///
    /// # Errors
    /// Those of [`authorize`](Self::authorize).
    pub(crate) fn authorize_role(&self, permit: &Permit, upon: Option<UserId>, role: Role) -> Result<(), Error> {
        if role == Role::Admin { self.require(permit, Operation::ManageAdmin, upon) } else { Ok(()) }
    }

    fn require(&self, permit: &Permit, operation: Operation, upon: Option<UserId>) -> Result<(), Error> {
        let Permitted { ctx, operation_name, account_id } = &*permit.0;
        let permitted = check(&ctx.actor, operation, *account_id, upon);
        let concerned = upon.map_or(Concerned::NoUser, Concerned::User);
        self.note_refusal(ctx, operation_name.clone(), *account_id, concerned, &permitted);
        permitted
    }
}

fn check(actor: &Actor, operation: Operation, account_id: AccountId, upon: Option<UserId>) -> Result<(), Error> {
    if *actor == Actor::Visitor {
        return Err(Error::Unauthenticated);
    }
    let own_account = actor.account().is_none_or(|own| own == account_id);
    if own_account && actor.may(operation, upon) { Ok(()) } else { Err(Error::Forbidden) }
}
