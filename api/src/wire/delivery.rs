//! How far the mail with an invitation has come.

use async_graphql::Enum;
use projections::users::DeliveryState as State;

/// The states of a mail delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DeliveryState {
    /// The mail waits to be sent, or to be sent again after a temporary failure.
    Waiting,
    /// A mail server accepted the mail. Roster does not know whether it arrived or was read.
    Sent,
    /// The mail was given up: the mail server refused it permanently, or the link expired before it was sent. Use `resendInvitation` to
    /// send it again.
    Failed,
    /// No mail server is configured. The mail is sent once there is one, if the link still works. Until then, use `revealInvitationLink`
    /// and hand the link over yourself.
    NotConfigured,
}

impl DeliveryState {
    /// The state of a mail, for a Roster that sends mail or does not.
    pub(crate) const fn of(state: State, sends_mail: bool) -> Self {
        match state {
            State::Waiting if sends_mail => Self::Waiting,
            State::Waiting | State::NotConfigured => Self::NotConfigured,
            State::Sent => Self::Sent,
            State::Failed => Self::Failed,
        }
    }
}

/// The stored states that a Roster shows as one of these, by whether it sends mail.
pub(crate) fn stored_states(sends_mail: bool, states: &[DeliveryState]) -> Vec<State> {
    let of = |state: &DeliveryState| match (state, sends_mail) {
        (DeliveryState::Waiting, true) => vec![State::Waiting],
        (DeliveryState::Waiting, false) => vec![],
        (DeliveryState::Sent, _) => vec![State::Sent],
        (DeliveryState::Failed, _) => vec![State::Failed],
        (DeliveryState::NotConfigured, true) => vec![State::NotConfigured],
        (DeliveryState::NotConfigured, false) => vec![State::NotConfigured, State::Waiting],
    };
    states.iter().flat_map(of).collect()
}
