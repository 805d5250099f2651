//! The delivery of the mail with an invitation.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use projections::users::InvitationDelivery;

use crate::app::App;
use crate::wire::DeliveryState;

/// The delivery of the mail that contains an invitation link.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct Delivery {
    /// The state of the delivery.
    state: DeliveryState,
    /// When the mail was sent, given up, or last tried. Null before the first attempt.
    at: Option<DateTime<Utc>>,
    /// The number of attempts so far.
    attempts: u32,
    /// The last error, for people: one line that includes the mail server's reply. Null if there was no error.
    detail: Option<String>,
}

impl Delivery {
    /// The state as this server sees it: without a mail server, a waiting mail is `NOT_CONFIGURED`.
    pub(in crate::graphql) fn of(app: &App, delivery: &InvitationDelivery) -> Self {
        let state = DeliveryState::of(delivery.state, app.mail.is_some());
        Self { state, at: delivery.at, attempts: delivery.attempts, detail: delivery.detail.clone() }
    }
}
