//! What became of the mail with a user's open invitation.

use chrono::{DateTime, Utc};
use domain::delivery::{DeliveryEvent, FailureReason};
use domain::{AccountId, InvitationId, UserId};
use serde::Serialize;
use sqlx::PgConnection;

/// What became of the mail with a user's newest invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationDelivery {
    /// How far it has come.
    pub state: DeliveryState,
    /// When it was handed over, given up, or last tried; `None` before the first attempt.
    pub at: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong at last, for people: one line. May repeat the address.
    pub detail: Option<String>,
}

impl Default for InvitationDelivery {
    /// It was just asked for.
    fn default() -> Self {
        Self { state: DeliveryState::Waiting, at: None, attempts: 0, detail: None }
    }
}

/// How far the mail with an invitation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum DeliveryState {
    /// It is sent as soon as it can be, where a mail server is configured.
    Waiting,
    /// A mail server has taken it.
    Sent,
    /// It was given up.
    Failed,
    /// No mail server was configured while it waited.
    NotConfigured,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::NotConfigured];

    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::NotConfigured => "not_configured",
        }
    }

    /// The state that a stored word means.
    pub(super) fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What became of a mail, by the event that says so.
pub(super) fn outcome_of(event: &DeliveryEvent, at: DateTime<Utc>) -> InvitationDelivery {
    let (state, detail) = match event {
        DeliveryEvent::Sent { .. } => (DeliveryState::Sent, None),
        DeliveryEvent::Failed { reason: FailureReason::NotConfigured, .. } => (DeliveryState::NotConfigured, None),
        // Nothing is said of erased users, whether they were erased before this is written or after.
        DeliveryEvent::Failed { reason, reply, .. } => {
            let said = |reply: &String| if reply.is_empty() { reason.to_string() } else { format!("{reason}: {reply}") };
            (DeliveryState::Failed, reply.known().map(said))
        }
    };
    let (DeliveryEvent::Sent { attempts, .. } | DeliveryEvent::Failed { attempts, .. }) = event;
    InvitationDelivery { state, at: Some(at), attempts: *attempts, detail }
}

/// Writes that a mail was tried in vain and waits for another attempt.
pub async fn note_failed_attempt(
    connection: &mut PgConnection,
    account_id: AccountId,
    user_id: UserId,
    invitation_id: InvitationId,
    attempts: u32,
    detail: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let delivery = InvitationDelivery { state: DeliveryState::Waiting, at: Some(at), attempts, detail: Some(detail.to_owned()) };
    update(connection, account_id, user_id, invitation_id, delivery).await
}

/// Nothing is written for a user who is no longer invited: the row may have been redacted meanwhile.
async fn update(
    connection: &mut PgConnection,
    account_id: AccountId,
    user_id: UserId,
    invitation_id: InvitationId,
    delivery: InvitationDelivery,
) -> Result<(), sqlx::Error> {
    let update = sqlx::query!(
        r#"
        update users set delivery_state = $4, delivery_at = $5, delivery_attempts = $6, delivery_detail = $7
        where account_id = $1 and id = $2 and invitation_id = $3 and status = 'invited'
        "#,
        account_id.uuid(),
        user_id.uuid(),
        invitation_id.uuid(),
        delivery.state.as_str(),
        delivery.at,
        i32::try_from(delivery.attempts).unwrap_or(i32::MAX),
        delivery.detail,
    );
    update.execute(connection).await?;
    Ok(())
}
