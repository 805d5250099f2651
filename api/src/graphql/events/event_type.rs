use async_graphql::Enum;
use domain::user::UserEvent;

macro_rules! event_types {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {
        /// What can happen to a user. New types may come: treat unknown ones as a change of the user.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        pub enum UserEventType {
            $($(#[doc = $doc])+ $name),+
        }

        impl From<&UserEvent> for UserEventType {
            fn from(event: &UserEvent) -> Self {
                match event {
                    $(UserEvent::$name { .. } => Self::$name),+
                }
            }
        }
    };
}

event_types! {
    /// A person was invited.
    Invited,
    /// A new invitation link replaced the old one.
    InvitationResent,
    /// Somebody was shown the link of the invitation, to hand it over; the event does not hold it.
    InvitationLinkRevealed,
    /// The invited person joined.
    Accepted,
    /// An admin gave them another role.
    RoleChanged,
    /// An admin changed how they may sign in.
    AuthMethodsChanged,
    /// They are called otherwise now.
    NameChanged,
    /// Their access was taken.
    Deactivated,
    /// Their access was given back.
    Activated,
    /// They have a new password.
    PasswordSet,
    /// They have signed in with a provider for the first time: from now on, who they are there lets them in.
    ProviderLinked,
    /// Every session of theirs was ended at once.
    SessionsEnded,
    /// They were deleted, or their invitation was revoked.
    Deleted,
    /// They left the account by their own choice.
    Left,
    /// What is personal of them was forgotten for ever.
    Erased,
}
