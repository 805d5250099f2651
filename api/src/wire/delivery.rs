//! How far the mail with an invitation has come.

use async_graphql::Enum;
use projections::users::DeliveryState as State;

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DeliveryState {
    /// It waits to be sent, or to be sent again after an attempt that failed for now.
    Waiting,
    /// A mail server has taken it. Whether it arrived, or was read, nobody is told.
    Sent,
    /// It was given up: the mail server refused it for good, or its time was over. It can be sent again with `resendInvitation`.
    Failed,
    /// No mail server is configured. It is sent as soon as there is one, while its link works; meanwhile `revealInvitationLink` gives the
    /// link to hand over.
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
