//! The types of events.

use async_graphql::Enum;
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::export::ExportEvent;
use domain::saved_view::SavedViewEvent;
use domain::service_key::ServiceKeyEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use event_store::LogFilter;
use projections::{AnyEvent, Reason, readable_kinds};

/// The given sentence, or the description.
macro_rules! sentence {
    (; $($doc:literal)+) => {
        concat!($($doc),+).trim_ascii_start()
    };
    ($sentence:literal; $($doc:literal)+) => {
        $sentence
    };
}

/// What each type of event is called. A row is `/// description`, `Name = Variant`, and the sentence for people, if it is not the description.
macro_rules! event_types {
    ($($stream:literal $kind:ident $event:ident {
        $($(#[doc = $doc:literal])+ $name:ident = $variant:ident $(: $sentence:literal)?),+ $(,)?
    })+) => {
        /// The types of events. New types may be added: on an unknown type, load again what you show.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        pub enum EventType {
            $($($(#[doc = $doc])+ $name,)+)+
            /// An event that this server cannot read: a newer version wrote it, the key of its user does not open it, or it is damaged. A
            /// filter by another type also returns unreadable events that are stored under that type.
            Unreadable,
        }

        impl EventType {
            /// The type of an event, or `Unreadable`.
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
            /// The name in the event store: the stream type and the event type. `None` for `Unreadable`.
            pub(crate) const fn stored(self) -> Option<&'static str> {
                match self {
                    $($(Self::$name => Some(concat!($stream, "/", stringify!($variant))),)+)+
                    Self::Unreadable => None,
                }
            }

            /// One English sentence that does not name the user, about every event of this type.
            pub(super) fn sentence(self) -> &'static str {
                match self {
                    $($(Self::$name => sentence!($($sentence)?; $($doc)+),)+)+
                    Self::Unreadable => "This event cannot be read.",
                }
            }
        }
    };
}

event_types! {
    "user" User UserEvent {
        /// A person was invited.
        Invited = Invited,
        /// A new invitation link replaced the previous one.
        InvitationResent = InvitationResent: "The invitation was sent again.",
        /// The invitation link was shown, so that someone could hand it over. The event does not contain the link.
        InvitationLinkRevealed = InvitationLinkRevealed: "The link of the invitation was shown.",
        /// The operator created a link with which the user can set a new password. The event does not contain the link.
        PasswordLinkIssued = PasswordLinkIssued: "A password-reset link was shown to the operator.",
        /// The invitation was accepted.
        Accepted = Accepted,
        /// The role of the user changed.
        RoleChanged = RoleChanged,
        /// The sign-in methods of the user changed.
        AuthMethodsChanged = AuthMethodsChanged,
        /// The name of the user changed.
        NameChanged = NameChanged: "The name changed.",
        /// The user was deactivated.
        Deactivated = Deactivated,
        /// The user was activated again.
        Activated = Activated,
        /// The user set a new password.
        PasswordSet = PasswordSet: "A new password was set.",
        /// The user signed in with a provider for the first time. From then on, their identity at the provider identifies them.
        ProviderLinked = ProviderLinked,
        /// All sessions of the user were ended at once.
        SessionsEnded = SessionsEnded: "Every session was ended.",
        /// The user was deleted, or the invitation was revoked.
        Deleted = Deleted: "The user was deleted.",
        /// The user left the account.
        Left = Left,
        /// The personal data of the user was permanently erased.
        Erased = Erased: "The personal data of the user was erased.",
    }
    "account" Account AccountEvent {
        /// The account was opened.
        AccountOpened = Opened,
        /// The name of the account changed.
        AccountRenamed = Renamed,
        /// The lifetime of new invitations changed.
        InvitationHoursChanged = InvitationHoursChanged,
        /// The sign-in methods that the account offers changed.
        AccountAuthMethodsChanged = AuthMethodsChanged,
        /// The language of mails to the users of the account changed.
        AccountLanguageChanged = LanguageChanged,
        /// The logo of the account changed.
        AccountLogoChanged = LogoChanged,
        /// The color of the account changed.
        AccountColorChanged = ColorChanged,
        /// The page for signing in began or ceased to show everyone what the account is called and looks like.
        SignInPageChanged = SignInPageChanged,
    }
    "session" Session SessionEvent {
        /// A user signed in.
        SessionStarted = Started,
        /// A session was ended before it expired.
        SessionEnded = Ended,
    }
    "api_key" ApiKey ApiKeyEvent {
        /// A user created an API key.
        ApiKeyCreated = Created: "An API key was created.",
        /// An API key was revoked before it expired.
        ApiKeyRevoked = Revoked: "An API key was revoked.",
    }
    "service_key" ServiceKey ServiceKeyEvent {
        /// An admin created a service key.
        ServiceKeyCreated = Created,
        /// A service key was revoked before it expired.
        ServiceKeyRevoked = Revoked,
    }
    "saved_view" SavedView SavedViewEvent {
        /// An admin saved or changed a view of the list of users for themselves.
        ViewSaved = Saved: "A view of the list of users was saved.",
        /// An admin saved or changed a view of the list of users that all admins share.
        ViewShared = Shared: "A shared view of the list of users was saved.",
        /// A view of the list of users was deleted.
        ViewDeleted = Deleted,
    }
    "delivery" Delivery DeliveryEvent {
        /// A mail server accepted a mail to the user.
        MailSent = Sent,
        /// A mail to the user was given up.
        MailFailed = Failed,
    }
    "export" Export ExportEvent {
        /// The history or the list of users was exported.
        ExportRequested = Requested,
    }
}

/// Filters the history by these types.
pub(crate) fn narrow_to_types(filter: LogFilter, types: &[EventType]) -> LogFilter {
    if types.is_empty() {
        return filter;
    }
    let kinds = types.iter().filter_map(|kind| kind.stored()).map(str::to_owned).collect();
    let unreadable = types.contains(&EventType::Unreadable).then(readable_kinds);
    LogFilter { kinds: Some(kinds), unreadable, ..filter }
}
