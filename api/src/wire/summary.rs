//! Events in words.

use domain::ApiScope;
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::{DeliveryEvent, MailPurpose};
use domain::export::{ExportEvent, ExportFormat, Exported};
use domain::service_key::ServiceKeyEvent;
use domain::session::{EndReason, SessionEvent};
use domain::user::UserEvent;
use event_store::RecordedEvent;
use projections::{AnyEvent, Reason};

use super::changes::methods;
use super::event_type::EventType;

/// The stored type of an event: `<stream>.<event>.v<version>`.
pub(crate) fn stored_type(recorded: &RecordedEvent) -> String {
    format!("{}.{}.v{}", recorded.aggregate_type, recorded.event_type, recorded.event_version)
}

/// One English sentence that does not name the user. What an event contains makes it more precise than the sentence of its type.
pub(crate) fn summary(any_event: &AnyEvent) -> String {
    let precise = match any_event {
        AnyEvent::User(event) => of_user(event),
        AnyEvent::Account(event) => Some(of_account(event)),
        AnyEvent::Session(event) => Some(of_session(event)),
        AnyEvent::ApiKey(event) => of_api_key(event),
        AnyEvent::ServiceKey(event) => Some(of_service_key(event)),
        AnyEvent::Delivery(event) => Some(of_delivery(event)),
        AnyEvent::Export(event) => Some(of_export(event)),
    };
    precise.unwrap_or_else(|| EventType::from(any_event).sentence().to_owned())
}

/// The sentence for an event that this server cannot read.
pub(crate) fn summary_of_unreadable(recorded: &RecordedEvent, reason: Reason) -> String {
    format!("This Roster cannot read the event {}: {reason}.", stored_type(recorded))
}

fn of_user(event: &UserEvent) -> Option<String> {
    Some(match event {
        UserEvent::Invited { email, role, .. } => {
            let whom = email.known().map_or("An erased person", |email| email.as_given());
            format!("{whom} was invited as {}.", role.label())
        }
        UserEvent::RoleChanged { from, to } => format!("The role changed from {} to {}.", from.label(), to.label()),
        UserEvent::AuthMethodsChanged { from, to } => {
            format!("The ways to sign in changed from {} to {}.", methods(from), methods(to))
        }
        UserEvent::NameChanged { name } => format!("The name changed to {}.", name.known()?.as_str()),
        UserEvent::ProviderLinked { auth_method, .. } => format!("The user signed in with {auth_method} for the first time."),
        _ => return None,
    })
}

fn of_account(event: &AccountEvent) -> String {
    match event {
        AccountEvent::Opened { name, .. } => format!("The account {} was opened.", name.as_str()),
        AccountEvent::Renamed { from, to } => format!("The account's name changed from {} to {}.", from.as_str(), to.as_str()),
        AccountEvent::InvitationHoursChanged { from, to } => {
            format!("Invitations work for {} hours instead of {}.", to.lifetime().num_hours(), from.lifetime().num_hours())
        }
        AccountEvent::AuthMethodsChanged { from: Some(from), to } => {
            format!("The ways to sign in that the account offers changed from {} to {}.", methods(from), methods(to))
        }
        AccountEvent::AuthMethodsChanged { from: None, to } => format!("The account offers {} to sign in.", methods(to)),
    }
}

fn of_session(event: &SessionEvent) -> String {
    match event {
        SessionEvent::Started { auth_method, .. } => format!("The user signed in with {auth_method}."),
        SessionEvent::Ended { reason: EndReason::SignedOut } => "The user signed out.".to_owned(),
        SessionEvent::Ended { reason: EndReason::Ended } => "A session of the user was ended.".to_owned(),
    }
}

fn of_api_key(event: &ApiKeyEvent) -> Option<String> {
    let ApiKeyEvent::Created { name, .. } = event else { return None };
    Some(format!("The API key {} was created.", name.known()?.as_str()))
}

fn of_service_key(event: &ServiceKeyEvent) -> String {
    match event {
        ServiceKeyEvent::Created { name, scopes, .. } => {
            let scopes = scopes.iter().map(ApiScope::as_str).collect::<Vec<_>>().join(", ");
            format!("The service key {} was created, with {scopes}.", name.as_str())
        }
        ServiceKeyEvent::Revoked { name } => format!("The service key {} was revoked.", name.as_str()),
    }
}

fn of_delivery(event: &DeliveryEvent) -> String {
    match event {
        DeliveryEvent::Sent { purpose, .. } => format!("The mail {} was sent.", about(*purpose)),
        DeliveryEvent::Failed { purpose, reason, reply, .. } => {
            let said = reply.known().filter(|reply| !reply.is_empty()).map_or_else(String::new, |reply| format!(": {reply}"));
            format!("The mail {} was given up: {reason}{said}.", about(*purpose))
        }
    }
}

const fn about(purpose: MailPurpose) -> &'static str {
    match purpose {
        MailPurpose::Invitation => "with the invitation",
        MailPurpose::PasswordReset => "with a password-reset link",
        MailPurpose::AccessRemoved => "about removed access",
        MailPurpose::AccessRestored => "about restored access",
    }
}

fn of_export(event: &ExportEvent) -> String {
    let ExportEvent::Requested { what, format, filter, sealed, .. } = event;
    let what = match what {
        Exported::History => "The history",
        Exported::Users => "The list of users",
    };
    let format = match format {
        ExportFormat::Ndjson => "NDJSON",
        ExportFormat::Csv => "CSV",
    };
    let sealed = if *sealed { ", with personal data encrypted" } else { "" };
    let names = filter.names().collect::<Vec<_>>().join(", ");
    let narrowed = if names.is_empty() { String::new() } else { format!(", filtered by {names}") };
    format!("{what} was exported as {format}{sealed}{narrowed}.")
}

/// The IP address of a sign-in, if it is known and the user was not erased.
pub(crate) fn address(any_event: &AnyEvent) -> Option<String> {
    match any_event {
        AnyEvent::Session(SessionEvent::Started { address: Some(address), .. }) => address.known().map(ToString::to_string),
        _ => None,
    }
}
