//! The delivery of the mail with an invitation.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use projections::users::{DeliveryState as State, InvitationDelivery};

use crate::app::App;

/// The delivery of the mail that contains an invitation link.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct Delivery {
    /// The state of the delivery.
    state: DeliveryState,
    /// When the mail was sent, given up, or last tried. Null before the first attempt.
    at: Option<DateTime<Utc>>,
    /// The number of attempts so far.
    attempts: u32,
    /// The last error, for people: one line that includes the mail server's reply. Null if there was no error.
    detail: Option<String>,
}

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

impl Delivery {
    /// The state as this server sees it: without a mail server, a waiting mail is `NOT_CONFIGURED`.
    pub(super) fn of(app: &App, delivery: &InvitationDelivery) -> Self {
        let state = match delivery.state {
            State::Waiting if app.mail.is_some() => DeliveryState::Waiting,
            State::Waiting | State::NotConfigured => DeliveryState::NotConfigured,
            State::Sent => DeliveryState::Sent,
            State::Failed => DeliveryState::Failed,
        };
        Self { state, at: delivery.at, attempts: delivery.attempts, detail: delivery.detail.clone() }
    }
}

/// The stored states that correspond to a state. This depends on whether the server has a mail server.
pub(crate) fn kept(sends_mail: bool, states: &[DeliveryState]) -> Vec<State> {
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
