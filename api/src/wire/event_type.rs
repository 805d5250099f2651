//! The types of events.

use async_graphql::Enum;
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::export::ExportEvent;
use domain::service_key::ServiceKeyEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use event_store::LogFilter;
use projections::{AnyEvent, Reason, readable_kinds};

macro_rules! event_types {
    ($($stream:literal $kind:ident $event:ident { $($(#[doc = $doc:literal])+ $name:ident = $variant:ident),+ $(,)? })+) => {
        /// What can happen. New types may come: treat unknown ones as a change of the user.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        pub enum EventType {
            $($($(#[doc = $doc])+ $name,)+)+
            /// An event that this Roster cannot read: a newer Roster has written it, its person's key does not open, or it was damaged. A
            /// filter by another type finds such events as well, by the type that they are stored under.
            Unreadable,
        }

        impl EventType {
            /// The type of what was read of an event.
            pub(crate) fn of(read: &Result<AnyEvent, Reason>) -> Self {
                read.as_ref().map_or(Self::Unreadable, Self::from)
            }
        }

        impl From<&AnyEvent> for EventType {
            fn from(any_event: &AnyEvent) -> Self {
                match any_event {
                    $($(AnyEvent::$kind($event::$variant { .. }) => Self::$name),+),+
                }
            }
        }

        impl EventType {
            /// As the event store names it: the kind of stream, and the event in it. `None` for what cannot be read.
            pub(crate) const fn stored(self) -> Option<&'static str> {
                match self {
                    $($(Self::$name => Some(concat!($stream, "/", stringify!($variant))),)+)+
                    Self::Unreadable => None,
                }
            }
        }
    };
}

event_types! {
    "user" User UserEvent {
        /// A person was invited.
        Invited = Invited,
        /// A new invitation link replaced the old one.
        InvitationResent = InvitationResent,
        /// Somebody was shown the link of the invitation, to hand it over; the event does not hold it.
        InvitationLinkRevealed = InvitationLinkRevealed,
        /// The operator was shown a link with which the user can choose a new password; the event does not hold it.
        PasswordLinkIssued = PasswordLinkIssued,
        /// The invited person joined.
        Accepted = Accepted,
        /// An admin gave them another role.
        RoleChanged = RoleChanged,
        /// An admin changed how they may sign in.
        AuthMethodsChanged = AuthMethodsChanged,
        /// They are called otherwise now.
        NameChanged = NameChanged,
        /// Their access was taken.
        Deactivated = Deactivated,
        /// Their access was given back.
        Activated = Activated,
        /// They have a new password.
        PasswordSet = PasswordSet,
        /// They have signed in with a provider for the first time: from now on, who they are there lets them in.
        ProviderLinked = ProviderLinked,
        /// Every session of theirs was ended at once.
        SessionsEnded = SessionsEnded,
        /// They were deleted, or their invitation was revoked.
        Deleted = Deleted,
        /// They left the account by their own choice.
        Left = Left,
        /// What is personal of them was forgotten for ever.
        Erased = Erased,
    }
    "account" Account AccountEvent {
        /// The account was opened.
        AccountOpened = Opened,
        /// The account is called otherwise now.
        AccountRenamed = Renamed,
        /// Invitations that are sent from then on work for another time.
        InvitationHoursChanged = InvitationHoursChanged,
        /// The account chose which ways to sign in it offers.
        AccountAuthMethodsChanged = AuthMethodsChanged,
    }
    "session" Session SessionEvent {
        /// Somebody signed in.
        SessionStarted = Started,
        /// A session was ended before its time.
        SessionEnded = Ended,
    }
    "api_key" ApiKey ApiKeyEvent {
        /// A user made an API key.
        ApiKeyCreated = Created,
        /// An API key was taken out of use before its time.
        ApiKeyRevoked = Revoked,
    }
    "service_key" ServiceKey ServiceKeyEvent {
        /// An admin created a service key.
        ServiceKeyCreated = Created,
        /// A service key was revoked before its time.
        ServiceKeyRevoked = Revoked,
    }
    "delivery" Delivery DeliveryEvent {
        /// A mail server took a mail to the user.
        MailSent = Sent,
        /// A mail to the user was given up.
        MailFailed = Failed,
    }
    "export" Export ExportEvent {
        /// Somebody took the history or the list of users out of the account.
        ExportRequested = Requested,
    }
}

/// Narrows the history to events of these types.
pub(crate) fn narrow_to_types(filter: LogFilter, types: &[EventType]) -> LogFilter {
    if types.is_empty() {
        return filter;
    }
    let kinds = types.iter().filter_map(|kind| kind.stored()).map(str::to_owned).collect();
    let unreadable = types.contains(&EventType::Unreadable).then(readable_kinds);
    LogFilter { kinds: Some(kinds), unreadable, ..filter }
}
