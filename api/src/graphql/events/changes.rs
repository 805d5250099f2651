use async_graphql::SimpleObject;
use domain::user::UserEvent;
use domain::{AuthMethodId, AuthMethods, Role};

/// A field of the user that an event has changed.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub(super) struct Change {
    /// The field of `User`: `role`, `authMethods` or `name`.
    field: &'static str,
    /// What it was; null when the event does not tell. Several sign-in methods are separated by `, `.
    from: Option<String>,
    /// What it became; null when the person was erased.
    to: Option<String>,
}

/// The fields that an event has changed.
pub(super) fn changes(event: &UserEvent) -> Vec<Change> {
    match event {
        UserEvent::RoleChanged { from, to } => vec![Change { field: "role", from: Some(role(*from)), to: Some(role(*to)) }],
        UserEvent::AuthMethodsChanged { from, to } => {
            vec![Change { field: "authMethods", from: Some(methods(from)), to: Some(methods(to)) }]
        }
        UserEvent::NameChanged { name } => {
            vec![Change { field: "name", from: None, to: name.known().map(|name| name.as_str().to_owned()) }]
        }
        UserEvent::Invited { .. }
        | UserEvent::InvitationResent { .. }
        | UserEvent::InvitationLinkRevealed { .. }
        | UserEvent::Accepted { .. }
        | UserEvent::Deactivated {}
        | UserEvent::Activated {}
        | UserEvent::PasswordSet {}
        | UserEvent::ProviderLinked { .. }
        | UserEvent::SessionsEnded {}
        | UserEvent::Deleted {}
        | UserEvent::Left {}
        | UserEvent::Erased {} => vec![],
    }
}

/// One English sentence, in which the user is not named: `user` says who it is.
pub(super) fn summary(event: &UserEvent) -> String {
    match event {
        UserEvent::Invited { email, role, .. } => {
            let whom = email.known().map_or("A person who was erased since", |email| email.as_given());
            format!("{whom} was invited as {}.", role.label())
        }
        UserEvent::InvitationResent { .. } => "The invitation was sent again.".to_owned(),
        UserEvent::InvitationLinkRevealed { .. } => "The link of the invitation was shown.".to_owned(),
        UserEvent::Accepted { .. } => "The invitation was accepted.".to_owned(),
        UserEvent::RoleChanged { from, to } => format!("The role changed from {} to {}.", from.label(), to.label()),
        UserEvent::AuthMethodsChanged { from, to } => {
            format!("The ways to sign in changed from {} to {}.", methods(from), methods(to))
        }
        UserEvent::NameChanged { name } => match name.known() {
            Some(name) => format!("The name changed to {}.", name.as_str()),
            None => "The name changed.".to_owned(),
        },
        UserEvent::Deactivated {} => "Access was taken away.".to_owned(),
        UserEvent::Activated {} => "Access was given back.".to_owned(),
        UserEvent::PasswordSet {} => "A new password was set.".to_owned(),
        UserEvent::ProviderLinked { auth_method, .. } => format!("The user signed in with {auth_method} for the first time."),
        UserEvent::SessionsEnded {} => "Every session was ended.".to_owned(),
        UserEvent::Deleted {} => "The user was deleted.".to_owned(),
        UserEvent::Left {} => "The user left the account.".to_owned(),
        UserEvent::Erased {} => "The user was erased: nothing personal is known of them any more.".to_owned(),
    }
}

/// As the enum `Role` of the schema spells it.
fn role(role: Role) -> String {
    role.as_str().to_uppercase()
}

fn methods(methods: &AuthMethods) -> String {
    methods.iter().map(AuthMethodId::as_str).collect::<Vec<_>>().join(", ")
}
