//! Events in words.

use domain::ApiScope;
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::{DeliveryEvent, MailPurpose};
use domain::export::{ExportEvent, ExportFormat, Exported};
use domain::saved_view::SavedViewEvent;
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
        AnyEvent::SavedView(event) => of_saved_view(event),
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
        UserEvent::Invited { role, .. } => format!("A person was invited as {}.", role.label()),
        UserEvent::RoleChanged { from, to } => format!("The role changed from {} to {}.", from.label(), to.label()),
        UserEvent::AuthMethodsChanged { from, to } => {
            format!("The ways to sign in changed from {} to {}.", methods(from), methods(to))
        }
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
        AccountEvent::LanguageChanged { from, to } => {
            format!("The language of mails changed from {} to {}.", from.label(), to.label())
        }
        AccountEvent::AuthMethodsChanged { from: Some(from), to } => {
            format!("The ways to sign in that the account offers changed from {} to {}.", methods(from), methods(to))
        }
        AccountEvent::LogoChanged { from: None, .. } => "The account got a logo.".to_owned(),
        AccountEvent::LogoChanged { to: None, .. } => "The logo of the account was removed.".to_owned(),
        AccountEvent::LogoChanged { .. } => "The logo of the account changed.".to_owned(),
        AccountEvent::ColorChanged { to: None, .. } => "The color of the account was removed.".to_owned(),
        AccountEvent::ColorChanged { to: Some(to), .. } => format!("The color of the account is {} now.", to.as_str()),
        AccountEvent::SignInPageChanged { shows_account: true } => "The page for signing in shows everyone the account.".to_owned(),
        AccountEvent::SignInPageChanged { shows_account: false } => "The page for signing in no longer shows the account.".to_owned(),
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
    Some(format!("The API key {} was created.", without_addresses(name.known()?.as_str())))
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

fn of_saved_view(event: &SavedViewEvent) -> Option<String> {
    Some(match event {
        SavedViewEvent::Shared { name, .. } => format!("The shared view {} was saved.", name.as_str()),
        SavedViewEvent::Deleted { name: Some(name) } => format!("The shared view {} was deleted.", name.as_str()),
        SavedViewEvent::Saved { .. } | SavedViewEvent::Deleted { name: None } => return None,
    })
}

fn of_delivery(event: &DeliveryEvent) -> String {
    match event {
        DeliveryEvent::Sent { purpose, .. } => format!("The mail {} was sent.", about(*purpose)),
        DeliveryEvent::Failed { purpose, reason, reply, .. } => {
            let said =
                reply.known().filter(|reply| !reply.is_empty()).map_or_else(String::new, |reply| format!(": {}", without_addresses(reply)));
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

/// Words of someone else, with `…` for each mail address in them.
fn without_addresses(words: &str) -> String {
    let between = |character: char| character.is_whitespace() || "<>()[]\"',;:".contains(character);
    let parts = words.split_inclusive(between).map(|part| {
        let bare = part.trim_end_matches(between);
        if bare.contains('@') { format!("…{}", &part[bare.len()..]) } else { part.to_owned() }
    });
    parts.collect()
}

/// The IP address of a sign-in, if it is known and the user was not erased.
pub(crate) fn address(any_event: &AnyEvent) -> Option<String> {
    match any_event {
        AnyEvent::Session(SessionEvent::Started { address: Some(address), .. }) => address.known().map(ToString::to_string),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fs;
    use std::path::Path;

    use domain::AccountId;
    use event_store::Cursor;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    /// What is personal in a payload. What a mail server replied repeats an address.
    fn personal_values(payload: &mut Value, values: &mut Vec<String>) {
        match payload {
            Value::Object(fields) => {
                if let Some(reply) = fields.get_mut("reply") {
                    *reply = json!({ "personal": "550 <ada@example.com>: no such mailbox, Ada@Example.com" });
                    values.extend(["ada@example.com".to_owned(), "Ada@Example.com".to_owned()]);
                    return;
                }
                values.extend(fields.get("personal").and_then(Value::as_str).map(str::to_owned));
                fields.values_mut().for_each(|field| personal_values(field, values));
            }
            Value::Array(entries) => entries.iter_mut().for_each(|entry| personal_values(entry, values)),
            _ => {}
        }
    }

    /// Every golden file, as it was recorded, and what is personal in it.
    fn golden_events() -> Vec<(RecordedEvent, Vec<String>)> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/fixtures");
        let folders = fs::read_dir(fixtures).expect("golden files").map(|folder| folder.expect("readable").path());
        let files =
            folders.flat_map(|folder| fs::read_dir(folder).expect("a folder of a stream").map(|file| file.expect("readable").path()));
        let golden = files.map(|path| {
            let part = |path: &Path| path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            let (stream, file) = (part(path.parent().expect("a folder")), part(&path));
            let mut parts = file.split('.');
            let (event_type, version) = (parts.next().expect("a type"), parts.next().expect("a version"));
            let mut payload = serde_json::from_slice(&fs::read(&path).expect("readable")).expect("JSON");
            let mut values = vec![];
            personal_values(&mut payload, &mut values);
            let recorded = RecordedEvent {
                cursor: Cursor::default(),
                account_id: AccountId::new(Uuid::nil()),
                aggregate_type: stream,
                aggregate_id: String::new(),
                sequence: 1,
                event_type: event_type.to_owned(),
                event_version: version.trim_start_matches('v').to_owned(),
                person_id: None,
                payload: Ok(payload),
                metadata: HashMap::new(),
                recorded_at: chrono::DateTime::UNIX_EPOCH,
            };
            (recorded, values)
        });
        golden.collect()
    }

    #[test]
    fn no_summary_names_a_person_or_an_address() {
        let golden = golden_events();
        assert!(golden.len() > 40);
        for (recorded, personal) in golden {
            let any_event = AnyEvent::read(&recorded).expect("a golden file");
            let summary = summary(&any_event);
            assert!(!summary.contains('@'), "{summary}");
            // An API key is known by its name. It is no name of a person.
            if !matches!(any_event, AnyEvent::ApiKey(_)) {
                assert!(!personal.iter().any(|value| summary.contains(value)), "{summary}");
            }
        }
    }

    #[test]
    fn addresses_are_left_out_of_the_words_of_others() {
        for (words, without) in [
            ("550 5.1.1 <ada@example.com>: no such user", "550 5.1.1 <…>: no such user"),
            ("no", "no"),
            ("Ada@Example.com, bob@b.example", "…, …"),
        ] {
            assert_eq!(without_addresses(words), without);
        }
    }
}
