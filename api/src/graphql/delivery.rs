//! What became of the mail with an invitation.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use projections::users::InvitationDelivery;

use crate::app::App;
use crate::wire::DeliveryState;

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

impl Delivery {
    /// As this Roster sees it: what waits where nobody sends, is not on its way.
    pub(super) fn of(app: &App, delivery: &InvitationDelivery) -> Self {
        let state = DeliveryState::of(delivery.state, app.mail.is_some());
        Self { state, at: delivery.at, attempts: delivery.attempts, detail: delivery.detail.clone() }
    }
}
