//! What became of the mail with an invitation.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use projections::users::{DeliveryState as State, InvitationDelivery};

use crate::app::App;

/// What became of the mail with an invitation.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct Delivery {
    /// How far it has come.
    state: DeliveryState,
    /// When it was handed over, given up, or last tried in vain; null before the first attempt.
    at: Option<DateTime<Utc>>,
    /// How often it was tried.
    attempts: u32,
    /// What went wrong at last, for people, with what the mail server said: one line. Null when nothing did.
    detail: Option<String>,
}

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

impl Delivery {
    /// As this Roster sees it: what waits where nobody sends, is not on its way.
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

/// The states as they are kept, of which a Roster says so that sends mail, or does not.
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
