//! What a command wants to write, collected as data: nothing here touches the database.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::account::{Account, AccountEvent};
use domain::api_key::{ApiKey, ApiKeyEvent};
use domain::delivery::{Delivery, DeliveryEvent};
use domain::export::Export;
use domain::saved_view::{SavedView, SavedViewEvent};
use domain::service_key::{ServiceKey, ServiceKeyEvent};
use domain::session::{Session, SessionEvent};
use domain::user::{Status, User, UserEvent};
use domain::{AccountId, ApiKeyId, DeliveryId, Logo, PasswordResetId, SavedViewId, ServiceKeyId, SessionId, Stream, UserId};
use projections::AppendedEvent;
use uuid::Uuid;

use crate::idempotency::{Done, RowOutcome};
use crate::mail::outbox::Lane;

/// Everything that one command wants to write. The events themselves wait in a [`Batch`](event_store::Batch), sealed.
#[derive(Default)]
pub(crate) struct Changes {
    pub(super) accounts: Vec<(AccountId, Decided<AccountEvent>)>,
    pub(super) users: Vec<(UserId, DecidedUser)>,
    pub(super) sessions: Vec<(SessionId, Decided<SessionEvent>)>,
    pub(super) api_keys: Vec<(ApiKeyId, Decided<ApiKeyEvent>)>,
    pub(super) service_keys: Vec<(ServiceKeyId, Decided<ServiceKeyEvent>)>,
    pub(super) saved_views: Vec<(SavedViewId, Decided<SavedViewEvent>)>,
    pub(super) deliveries: Vec<(DeliveryId, Decided<DeliveryEvent>)>,
    pub(super) secrets: Secrets,
    /// What is recorded under the idempotency key of the request.
    pub(super) done: Option<Done>,
    /// The same of its rows, where each is answered by itself.
    pub(super) rows: Vec<RowOutcome>,
    /// In which lane its mails wait.
    pub(super) lane: Lane,
}

/// What was decided about one stream.
pub(crate) struct Decided<E> {
    pub(super) events: Vec<E>,
    /// The version of the stream after the events.
    pub(super) version: u64,
    /// The user whom the stream is about, if it is about one.
    pub(super) person: Option<UserId>,
}

/// What was decided about one user.
pub(super) struct DecidedUser {
    pub(super) events: Vec<UserEvent>,
    pub(super) version: u64,
    /// Whether the user exists since these events.
    pub(super) is_new: bool,
    /// Whether the user was active before these events.
    pub(super) had_access: bool,
}

/// What belongs to a unit of work and is in no event: secrets, of which only hashes are stored, links that wait to be used, and the file of a logo.
#[derive(Default)]
pub(super) struct Secrets {
    /// The hashes of new passwords.
    pub(super) passwords: Vec<(UserId, String)>,
    /// The hashes of the tokens of new sessions and keys, by the id of their stream.
    pub(super) tokens: HashMap<Uuid, [u8; 32]>,
    /// Links for a new password that are opened.
    pub(super) resets: Vec<NewReset>,
    /// The choice of an account that is used up: the hash of its token, and the user whom it signs in.
    pub(super) used_choice: Option<([u8; 32], UserId)>,
    /// Users whose open choices of an account end, although no event says so.
    pub(super) ended_choices: Vec<UserId>,
    /// The logo of the account from now on.
    pub(super) logo: Option<NewLogo>,
}

/// What an account has for a logo from now on.
pub(super) enum NewLogo {
    None,
    File(Logo, Vec<u8>),
}

/// A link for a new password.
pub(crate) struct NewReset {
    pub(crate) user_id: UserId,
    pub(crate) id: PasswordResetId,
    /// Whether it is sent by mail.
    pub(crate) is_mailed: bool,
}

impl Changes {
    /// Whether nothing besides events is to be written.
    pub(super) fn are_none(&self) -> bool {
        let Secrets { passwords, tokens, resets, used_choice, ended_choices, logo } = &self.secrets;
        let has_no_secrets = passwords.is_empty()
            && tokens.is_empty()
            && resets.is_empty()
            && used_choice.is_none()
            && ended_choices.is_empty()
            && logo.is_none();
        has_no_secrets && self.done.is_none() && self.rows.is_empty()
    }

    /// Adds the events that were decided about a stream. Events of one user are kept together.
    pub(super) fn add<S: Decidable>(&mut self, before: &S, id: S::Id, events: Vec<S::Event>, version: u64, person: Option<UserId>) {
        if !events.is_empty() {
            S::add_to(self, before, id, Decided { events, version, person });
        }
    }

    /// All events, as read models take them: those of users before those of their sessions.
    pub(super) fn appended(&self, account_id: AccountId, at: DateTime<Utc>) -> Vec<AppendedEvent> {
        let mut appended = vec![];
        for (id, user) in &self.users {
            appended.extend(AppendedEvent::of_stream(account_id, id.uuid(), user.version, at, user.events.clone()));
        }
        macro_rules! others {
            ($($field:ident),+) => {
                $(
                    for (id, decided) in &self.$field {
                        let token_hash = self.secrets.tokens.get(&id.uuid()).copied();
                        let events = AppendedEvent::of_stream(account_id, id.uuid(), decided.version, at, decided.events.clone());
                        appended.extend(events.map(|event| AppendedEvent { person_id: decided.person, token_hash, ..event }));
                    }
                )+
            };
        }
        others!(accounts, sessions, api_keys, service_keys, saved_views, deliveries);
        appended
    }
}

/// An aggregate whose events commands write.
pub(crate) trait Decidable: Stream + Clone + 'static {
    /// Whether the set of the account's active admins is another one after a decision.
    fn changes_admins(_before: &Self, _after: &Self) -> bool {
        false
    }

    /// Adds what was decided to the changes of a command.
    fn add_to(changes: &mut Changes, before: &Self, id: Self::Id, decided: Decided<Self::Event>);
}

impl Decidable for User {
    fn changes_admins(before: &Self, after: &Self) -> bool {
        before.is_active_admin() != after.is_active_admin()
    }

    fn add_to(changes: &mut Changes, before: &Self, id: UserId, Decided { events, version, .. }: Decided<UserEvent>) {
        if let Some((_, user)) = changes.users.iter_mut().find(|(other, _)| *other == id) {
            user.events.extend(events);
            user.version = version;
        } else {
            changes.users.push((
                id,
                DecidedUser { events, version, is_new: before.status().is_none(), had_access: before.status() == Some(Status::Active) },
            ));
        }
    }
}

macro_rules! decidable {
    ($($aggregate:ident: $field:ident),+) => {
        $(
            impl Decidable for $aggregate {
                fn add_to(changes: &mut Changes, _: &Self, id: Self::Id, decided: Decided<Self::Event>) {
                    changes.$field.push((id, decided));
                }
            }
        )+
    };
}
decidable!(Account: accounts, Session: sessions, ApiKey: api_keys, ServiceKey: service_keys, SavedView: saved_views, Delivery: deliveries);

/// Of an export, readers see the event alone.
impl Decidable for Export {
    fn add_to(_: &mut Changes, _: &Self, _: Self::Id, _: Decided<Self::Event>) {}
}
