//! Who may do what: the one table.

use crate::{Actor, ApiScope, Role, UserId};

/// Defines the operations: what each does to the account and, behind `with`, the scope that a key needs for it. Without a scope it cannot be
/// done with a key.
macro_rules! operations {
    ($($(#[$meta:meta])* $operation:ident: $effect:ident $(with $scope:ident)?),+ $(,)?) => {
        /// A command that needs a permission.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation {
            $($(#[$meta])* $operation),+
        }

        impl Operation {
            /// Every operation, so that tests can walk the table.
            pub const ALL: [Self; [$(Effect::$effect),+].len()] = [$(Self::$operation),+];

            const fn effect(self) -> Effect {
                match self {
                    $(Self::$operation => Effect::$effect),+
                }
            }

            /// The scope that a key needs, if a key can do it.
            pub(crate) fn scope(self) -> Option<ApiScope> {
                match self {
                    $(Self::$operation => [$(ApiScope::$scope)?].first().copied()),+
                }
            }
        }
    };
}

/// What an operation does to an account.
enum Effect {
    Reads,
    Changes,
}

operations!(
    /// See the list of an account's users.
    ListUsers: Reads with UsersRead,
    /// See one user.
    ReadUser: Reads with UsersRead,
    /// Invite a person into the account.
    InviteUser: Changes with UsersWrite,
    /// Change a role or the ways to sign in, deactivate, activate.
    UpdateUser: Changes with UsersWrite,
    /// Change the name that others see.
    RenameUser: Changes with UsersWrite,
    /// Send a pending invitation again.
    ResendInvitation: Changes with UsersWrite,
    /// See the link of a pending invitation, to hand it over by another way than mail.
    RevealInvitationLink: Changes with LinksRead,
    /// Delete a user, or revoke an invitation.
    DeleteUser: Changes with UsersWrite,
    /// Erase the personal values of a deleted user forever.
    EraseUser: Changes,
    /// Leave the account oneself.
    LeaveAccount: Changes,
    /// Change what the account decides for itself.
    UpdateAccount: Changes,
    /// Read what happened in the account, past and live, and export it.
    ReadAuditLog: Reads with AuditRead,
    /// See from where a user is signed in.
    ListSessions: Reads,
    /// End one or all sessions of a user.
    EndSession: Changes,
    /// Choose another password, knowing the old one.
    ChangePassword: Changes,
    /// See the API keys of a user.
    ListApiKeys: Reads,
    /// Make an API key, which acts for oneself.
    CreateApiKey: Changes,
    /// Take an API key of a user out of use.
    RevokeApiKey: Changes,
    /// Do what concerns an admin, or makes one: invite as admin, give the role, change, resend to, show the link of, delete one. It is
    /// needed besides the operation itself.
    ManageAdmin: Changes with AdminsWrite,
    /// See the service keys of the account.
    ListServiceKeys: Reads,
    /// Create a service key, which acts for the account.
    CreateServiceKey: Changes,
    /// Revoke a service key of the account.
    RevokeServiceKey: Changes,
    /// See one's own saved views of the list of users, and those that are shared.
    ListViews: Reads,
    /// Save, change and delete one's own views.
    SaveView: Changes,
    /// Save, change and delete views that all admins share.
    ShareView: Changes,
);

/// Upon whom a role may do a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// No one.
    NoOne,
    /// Only upon oneself.
    Oneself,
    /// Upon every user of the own account.
    Account,
}

impl Scope {
    fn reaches(self, oneself: UserId, upon: Option<UserId>) -> bool {
        match self {
            Self::NoOne => false,
            Self::Oneself => upon == Some(oneself),
            Self::Account => true,
        }
    }
}

impl Operation {
    /// Whether it only reads. Everything else changes something.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(self.effect(), Effect::Reads)
    }
}

/// The table: how far a role reaches with a command.
#[must_use]
pub const fn permitted(role: Role, operation: Operation) -> Scope {
    use Operation as O;
    match (role, operation) {
        (_, O::LeaveAccount | O::ChangePassword | O::CreateApiKey)
        | (Role::Editor | Role::Viewer, O::ReadUser | O::RenameUser | O::ListSessions | O::EndSession | O::ListApiKeys | O::RevokeApiKey) => {
            Scope::Oneself
        }
        (Role::Admin, O::ListViews | O::SaveView) => Scope::Oneself,
        (Role::Admin, _) | (Role::Editor, O::ReadAuditLog) => Scope::Account,
        (Role::Viewer, O::ReadAuditLog)
        | (
            Role::Editor | Role::Viewer,
            O::ListUsers
            | O::InviteUser
            | O::UpdateUser
            | O::ResendInvitation
            | O::RevealInvitationLink
            | O::DeleteUser
            | O::EraseUser
            | O::UpdateAccount
            | O::ManageAdmin
            | O::ListServiceKeys
            | O::CreateServiceKey
            | O::RevokeServiceKey
            | O::ListViews
            | O::SaveView
            | O::ShareView,
        ) => Scope::NoOne,
    }
}

impl Actor {
    /// Whether this actor may do a command upon a user, or upon the account as a whole (`None`).
    ///
    /// That the user belongs to the actor's account is the business of every query and key.
    #[must_use]
    pub fn may(&self, operation: Operation, upon: Option<UserId>) -> bool {
        match *self {
            Self::User { user, role, .. } => permitted(role, operation).reaches(user, upon),
            Self::ApiKey { user, role, scopes, .. } => scopes.cover(operation) && permitted(role, operation).reaches(user, upon),
            Self::ServiceKey { scopes, .. } => scopes.cover(operation) && permitted(Role::Admin, operation) == Scope::Account,
            Self::Operator | Self::System => true,
            Self::Visitor => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{AccountId, ApiKeyId, ApiScope, ApiScopes, ServiceKeyId, SessionId};

    #[test]
    fn every_role_reaches_as_far_as_the_written_table_says() {
        use Scope::{Account, NoOne, Oneself};
        let table = [
            (Operation::ListUsers, [NoOne, NoOne, Account]),
            (Operation::ReadUser, [Oneself, Oneself, Account]),
            (Operation::InviteUser, [NoOne, NoOne, Account]),
            (Operation::UpdateUser, [NoOne, NoOne, Account]),
            (Operation::RenameUser, [Oneself, Oneself, Account]),
            (Operation::ResendInvitation, [NoOne, NoOne, Account]),
            (Operation::RevealInvitationLink, [NoOne, NoOne, Account]),
            (Operation::DeleteUser, [NoOne, NoOne, Account]),
            (Operation::EraseUser, [NoOne, NoOne, Account]),
            (Operation::LeaveAccount, [Oneself, Oneself, Oneself]),
            (Operation::UpdateAccount, [NoOne, NoOne, Account]),
            (Operation::ReadAuditLog, [NoOne, Account, Account]),
            (Operation::ListSessions, [Oneself, Oneself, Account]),
            (Operation::EndSession, [Oneself, Oneself, Account]),
            (Operation::ChangePassword, [Oneself, Oneself, Oneself]),
            (Operation::ListApiKeys, [Oneself, Oneself, Account]),
            (Operation::CreateApiKey, [Oneself, Oneself, Oneself]),
            (Operation::RevokeApiKey, [Oneself, Oneself, Account]),
            (Operation::ManageAdmin, [NoOne, NoOne, Account]),
            (Operation::ListServiceKeys, [NoOne, NoOne, Account]),
            (Operation::CreateServiceKey, [NoOne, NoOne, Account]),
            (Operation::RevokeServiceKey, [NoOne, NoOne, Account]),
            (Operation::ListViews, [NoOne, NoOne, Oneself]),
            (Operation::SaveView, [NoOne, NoOne, Oneself]),
            (Operation::ShareView, [NoOne, NoOne, Account]),
        ];
        assert_eq!(table.map(|(operation, _)| operation), Operation::ALL);
        for (operation, scopes) in table {
            assert_eq!(Role::ALL.map(|role| permitted(role, operation)), scopes, "{operation:?}");
        }
    }

    #[test]
    fn the_documentation_shows_this_table() {
        let row = |operation| {
            let reach = Role::ALL.map(|role| match permitted(role, operation) {
                Scope::NoOne => "-",
                Scope::Oneself => "oneself",
                Scope::Account => "all",
            });
            let scope = ApiScope::ALL.into_iter().find(|scope| ApiScopes::parse([*scope]).is_ok_and(|scopes| scopes.cover(operation)));
            let scope = scope.map_or("-".to_owned(), |scope| format!("`{scope}`"));
            format!("| {operation:?} | {} | {scope} |\n", reach.join(" | "))
        };
        let head = "| operation | Viewer | Editor | Admin | scope of a key |\n|---|---|---|---|---|\n";
        let table = Operation::ALL.into_iter().fold(head.to_owned(), |table, operation| table + &row(operation));
        let page = include_str!("../../docs/security.md");
        assert!(page.contains(&table), "docs/security.md should hold\n{table}");
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

    #[test]
    fn a_service_key_may_what_its_scopes_say_of_what_admins_may_do_to_all() {
        for scope in ApiScope::ALL {
            let scopes = ApiScopes::parse([scope]).expect("not empty");
            let key = Actor::ServiceKey { account: AccountId::new(Uuid::from_u128(3)), key: ServiceKeyId::new(Uuid::from_u128(5)), scopes };
            for operation in Operation::ALL {
                for upon in [None, Some(UserId::new(Uuid::from_u128(1)))] {
                    let expected = scopes.cover(operation) && permitted(Role::Admin, operation) == Scope::Account;
                    assert_eq!(key.may(operation, upon), expected, "{scope} {operation:?} {upon:?}");
                }
            }
        }
    }

    #[test]
    fn a_key_may_what_both_its_scopes_and_its_owner_may() {
        let (me, other) = (UserId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)));
        for role in Role::ALL {
            for scope in ApiScope::ALL {
                let scopes = ApiScopes::parse([scope]).expect("not empty");
                let account = AccountId::new(Uuid::from_u128(3));
                let key = Actor::ApiKey { account, user: me, role, key: ApiKeyId::new(Uuid::from_u128(5)), scopes };
                let owner = Actor::User { account, user: me, role, session: SessionId::new(Uuid::from_u128(4)) };
                for operation in Operation::ALL {
                    for upon in [None, Some(me), Some(other)] {
                        let expected = scopes.cover(operation) && owner.may(operation, upon);
                        assert_eq!(key.may(operation, upon), expected, "{role} {scope} {operation:?} {upon:?}");
                    }
                }
            }
        }
    }
}
