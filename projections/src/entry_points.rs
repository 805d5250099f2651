//! Projects the events of one stream.

use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::service_key::ServiceKeyEvent;
use domain::session::{EndReason, SessionEvent};
use domain::user::{Status, UserEvent};
use domain::{AccountId, ApiKeyId, Name, ServiceKeyId, SessionId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::users::find_user;
use crate::{AnyEvent, AppendedEvent, project};

/// The events that brought a stream to a version.
fn appended(
    account_id: AccountId,
    stream_id: Uuid,
    person_id: Option<UserId>,
    version: u64,
    at: DateTime<Utc>,
    events: Vec<AnyEvent>,
) -> Vec<AppendedEvent> {
    let before = version - events.len() as u64;
    let numbered = events.into_iter().zip(before + 1..);
    numbered.map(|(event, sequence)| AppendedEvent { account_id, stream_id, sequence, person_id, at, event, token_hash: None }).collect()
}

/// Brings a user's rows to `version`.
///
/// # Errors
/// When the database is lost, or a constraint over several users says no: its name is in the error.
pub async fn project_user(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: UserId,
    events: &[UserEvent],
    version: u64,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let events = events.iter().cloned().map(AnyEvent::User).collect();
    project(connection, &appended(account_id, id.uuid(), Some(id), version, at, events)).await
}

/// Writes the rows of users who were just invited, each by its one event.
///
/// # Errors
/// When the database is lost, or `users_one_live_per_address` says no.
pub async fn project_invitations(
    connection: &mut PgConnection,
    account_id: AccountId,
    invited: &[(UserId, UserEvent)],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let event = |(id, event): &(UserId, UserEvent)| appended(account_id, id.uuid(), Some(*id), 1, at, vec![AnyEvent::User(event.clone())]);
    project(connection, &invited.iter().flat_map(event).collect::<Vec<_>>()).await
}

/// Writes what became of a mail into the row of the user whose newest invitation it carried.
///
/// # Errors
/// When the database is lost.
pub async fn project_delivery(connection: &mut PgConnection, event: &DeliveryEvent, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let (DeliveryEvent::Sent { account_id, user_id, .. } | DeliveryEvent::Failed { account_id, user_id, .. }) = event;
    let event = AnyEvent::Delivery(event.clone());
    project(connection, &appended(*account_id, Uuid::nil(), Some(*user_id), 1, at, vec![event])).await
}

/// Writes what happened to an account.
///
/// # Errors
/// When the database is lost, or another account has the slug (`accounts_slug_key`).
pub async fn project_account(
    connection: &mut PgConnection,
    id: AccountId,
    events: &[AccountEvent],
    version: u64,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let events = events.iter().cloned().map(AnyEvent::Account).collect();
    project(connection, &appended(id, id.uuid(), None, version, at, events)).await
}

/// Whether a session came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It did, and the user's `last_active_at` says so.
    Yes,
    /// The user has no access, or not in this way, at the moment of writing.
    NoAccess,
}

/// Writes that a session has started, for a user who has access.
///
/// # Errors
/// When the database is lost.
pub async fn project_session_start(
    connection: &mut PgConnection,
    id: SessionId,
    event: &SessionEvent,
    token_hash: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<Started, sqlx::Error> {
    let SessionEvent::Started { account_id, user_id, auth_method, .. } = event else { return Ok(Started::Yes) };
    let user = find_user(&mut *connection, *account_id, *user_id).await?;
    if !user.is_some_and(|user| user.status == Status::Active && user.auth_methods.contains(auth_method)) {
        return Ok(Started::NoAccess);
    }
    let events = appended(*account_id, id.uuid(), Some(*user_id), 1, at, vec![AnyEvent::Session(event.clone())]);
    project(connection, &with_token(events, token_hash)).await?;
    Ok(Started::Yes)
}

fn with_token(mut events: Vec<AppendedEvent>, token_hash: &[u8; 32]) -> Vec<AppendedEvent> {
    for event in &mut events {
        event.token_hash = Some(*token_hash);
    }
    events
}

/// Writes that sessions of a user were ended.
///
/// # Errors
/// When the database is lost.
pub async fn project_session_ends(
    connection: &mut PgConnection,
    (account_id, user_id): (AccountId, UserId),
    ids: &[SessionId],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let ended = || vec![AnyEvent::Session(SessionEvent::Ended { reason: EndReason::Ended })];
    let events = ids.iter().flat_map(|id| appended(account_id, id.uuid(), Some(user_id), 2, at, ended()));
    project(connection, &events.collect::<Vec<_>>()).await
}

/// Writes that an API key was created.
///
/// # Errors
/// When the database is lost.
pub async fn project_api_key_creation(
    connection: &mut PgConnection,
    id: ApiKeyId,
    event: &ApiKeyEvent,
    token_hash: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let ApiKeyEvent::Created { account_id, user_id, .. } = event else { return Ok(()) };
    let events = appended(*account_id, id.uuid(), Some(*user_id), 1, at, vec![AnyEvent::ApiKey(event.clone())]);
    project(connection, &with_token(events, token_hash)).await
}

/// Writes that an API key was revoked.
///
/// # Errors
/// When the database is lost.
pub async fn project_api_key_revocation(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: ApiKeyId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let owner = sqlx::query_scalar!("select user_id from api_keys where account_id = $1 and id = $2", account_id.uuid(), id.uuid());
    let owner = owner.fetch_optional(&mut *connection).await?.map(UserId::new);
    project(connection, &appended(account_id, id.uuid(), owner, 2, at, vec![AnyEvent::ApiKey(ApiKeyEvent::Revoked {})])).await
}

/// Writes that a service key was created.
///
/// # Errors
/// When the database is lost.
pub async fn project_service_key_creation(
    connection: &mut PgConnection,
    id: ServiceKeyId,
    event: &ServiceKeyEvent,
    token_hash: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let ServiceKeyEvent::Created { account_id, .. } = event else { return Ok(()) };
    let events = appended(*account_id, id.uuid(), None, 1, at, vec![AnyEvent::ServiceKey(event.clone())]);
    project(connection, &with_token(events, token_hash)).await
}

/// Writes that a service key was revoked.
///
/// # Errors
/// When the database is lost.
pub async fn project_service_key_revocation(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: ServiceKeyId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let name = Name::parse("revoked").expect("a name");
    let event = AnyEvent::ServiceKey(ServiceKeyEvent::Revoked { name });
    project(connection, &appended(account_id, id.uuid(), None, 2, at, vec![event])).await
}
