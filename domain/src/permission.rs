//! Who may do what: the one table.

use crate::{Actor, Role, UserId};

/// A deed that needs a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// See the list of an account's users.
    ListUsers,
    /// See one user.
    ReadUser,
    /// Invite a person into the account.
    InviteUser,
    /// Change a role or the ways to sign in, deactivate, activate.
    UpdateUser,
    /// Change the name that others see.
    RenameUser,
    /// Send a pending invitation again.
    ResendInvitation,
    /// Delete a user, or revoke an invitation.
    DeleteUser,
    /// Leave the account oneself.
    LeaveAccount,
    /// Change what the account decides for itself.
    UpdateAccount,
}

/// Upon whom a role may do a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Nobody.
    Nobody,
    /// Only upon oneself.
    Oneself,
    /// Upon every user of the own account.
    Account,
}

impl Operation {
    /// Every operation, so that tests can walk the table.
    pub const ALL: [Self; 9] = [
        Self::ListUsers,
        Self::ReadUser,
        Self::InviteUser,
        Self::UpdateUser,
        Self::RenameUser,
        Self::ResendInvitation,
        Self::DeleteUser,
        Self::LeaveAccount,
        Self::UpdateAccount,
    ];
}

/// The table: how far a role reaches with a deed.
#[must_use]
pub const fn permitted(role: Role, operation: Operation) -> Scope {
    use Operation as O;
    match (role, operation) {
        (_, O::LeaveAccount) | (Role::Editor | Role::Viewer, O::ReadUser | O::RenameUser) => Scope::Oneself,
        (Role::Admin, _) => Scope::Account,
        (
            Role::Editor | Role::Viewer,
            O::ListUsers | O::InviteUser | O::UpdateUser | O::ResendInvitation | O::DeleteUser | O::UpdateAccount,
        ) => Scope::Nobody,
    }
}

impl Actor {
    /// Whether this actor may do a deed upon a user, or upon the account as a whole (`None`).
    ///
    /// That the user belongs to the actor's account is the business of every query and key.
    #[must_use]
    pub fn may(&self, operation: Operation, upon: Option<UserId>) -> bool {
        match *self {
            Self::User { user, role, .. } => match permitted(role, operation) {
                Scope::Nobody => false,
                Scope::Oneself => upon == Some(user),
                Scope::Account => true,
            },
            Self::Operator | Self::System => true,
            Self::Visitor => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{AccountId, SessionId};

    #[test]
    fn every_role_reaches_as_far_as_the_written_table_says() {
        use Scope::{Account, Nobody, Oneself};
        let table = [
            (Operation::ListUsers, [Nobody, Nobody, Account]),
            (Operation::ReadUser, [Oneself, Oneself, Account]),
            (Operation::InviteUser, [Nobody, Nobody, Account]),
            (Operation::UpdateUser, [Nobody, Nobody, Account]),
            (Operation::RenameUser, [Oneself, Oneself, Account]),
            (Operation::ResendInvitation, [Nobody, Nobody, Account]),
            (Operation::DeleteUser, [Nobody, Nobody, Account]),
            (Operation::LeaveAccount, [Oneself, Oneself, Oneself]),
            (Operation::UpdateAccount, [Nobody, Nobody, Account]),
        ];
        assert_eq!(table.map(|(operation, _)| operation), Operation::ALL);
        for (operation, scopes) in table {
            assert_eq!(Role::ALL.map(|role| permitted(role, operation)), scopes, "{operation:?}");
        }
    }

    #[test]
    fn oneself_is_not_another() {
        let (me, other) = (UserId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)));
        let viewer = Actor::User {
            account: AccountId::new(Uuid::from_u128(3)),
            user: me,
            role: Role::Viewer,
            session: SessionId::new(Uuid::from_u128(4)),
        };
        assert!(viewer.may(Operation::ReadUser, Some(me)));
        assert!(!viewer.may(Operation::ReadUser, Some(other)));
        assert!(!viewer.may(Operation::ReadUser, None));
        assert!(!Actor::Visitor.may(Operation::ReadUser, Some(me)));
    }
}
