//! The fields that an event has changed.

use async_graphql::SimpleObject;
use domain::account::AccountEvent;
use domain::user::UserEvent;
use domain::{AuthMethodId, AuthMethods, BrandColor, Logo, Role};
use projections::AnyEvent;
use serde::Serialize;

/// A field of a user or an account that an event changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject)]
pub(crate) struct Change {
    /// The name of the field: `role`, `authMethods` or `name` of a user; `name`, `invitationHours`, `authMethods`, `language`, `logo`, `color` or `showsAccount` of an account.
    field: &'static str,
    /// The old value. Null if there was none, as for an invitation, or if the event does not contain it. Several sign-in methods are separated by `, `.
    from: Option<String>,
    /// The new value. Null if it was removed, or if the user was erased. Of a logo it is the SHA-256 of its file.
    to: Option<String>,
}

/// The fields that an event has changed: none, unless a line says so.
pub(crate) fn changes(any_event: &AnyEvent) -> Vec<Change> {
    match any_event {
        AnyEvent::User(event) => of_user(event),
        AnyEvent::Account(event) => of_account(event),
        _ => vec![],
    }
}

fn of_user(event: &UserEvent) -> Vec<Change> {
    match event {
        UserEvent::Invited { role: invited_as, auth_methods, .. } => vec![
            Change { field: "role", from: None, to: Some(role(*invited_as)) },
            Change { field: "authMethods", from: None, to: Some(methods(auth_methods)) },
        ],
        UserEvent::RoleChanged { from, to } => vec![Change { field: "role", from: Some(role(*from)), to: Some(role(*to)) }],
        UserEvent::AuthMethodsChanged { from, to } => {
            vec![Change { field: "authMethods", from: Some(methods(from)), to: Some(methods(to)) }]
        }
        UserEvent::NameChanged { name } => {
            vec![Change { field: "name", from: None, to: name.known().map(|name| name.as_str().to_owned()) }]
        }
        _ => vec![],
    }
}

fn of_account(event: &AccountEvent) -> Vec<Change> {
    let change = |field, from: Option<String>, to: String| vec![Change { field, from, to: Some(to) }];
    match event {
        AccountEvent::Renamed { from, to } => change("name", Some(from.as_str().to_owned()), to.as_str().to_owned()),
        AccountEvent::InvitationHoursChanged { from, to } => {
            change("invitationHours", Some(from.lifetime().num_hours().to_string()), to.lifetime().num_hours().to_string())
        }
        AccountEvent::AuthMethodsChanged { from, to } => change("authMethods", from.as_ref().map(methods), methods(to)),
        AccountEvent::LanguageChanged { from, to } => change("language", Some(from.as_str().to_uppercase()), to.as_str().to_uppercase()),
        AccountEvent::LogoChanged { from, to } => {
            let digest = |logo: &Option<Logo>| logo.as_ref().map(|logo| logo.digest.as_str().to_owned());
            vec![Change { field: "logo", from: digest(from), to: digest(to) }]
        }
        AccountEvent::ColorChanged { from, to } => {
            let text = |color: &Option<BrandColor>| color.as_ref().map(|color| color.as_str().to_owned());
            vec![Change { field: "color", from: text(from), to: text(to) }]
        }
        AccountEvent::SignInPageChanged { shows_account } => {
            change("showsAccount", Some((!shows_account).to_string()), shows_account.to_string())
        }
        AccountEvent::Opened { .. } => vec![],
    }
}

/// The role as in the enum `Role` of the schema.
fn role(role: Role) -> String {
    role.as_str().to_uppercase()
}

pub(super) fn methods(methods: &AuthMethods) -> String {
    methods.iter().map(AuthMethodId::as_str).collect::<Vec<_>>().join(", ")
}
