//! What an event means for a service key.

use chrono::{DateTime, Utc};
use domain::service_key::ServiceKeyEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::keys::key_columns;
use crate::origin::Origin;
use crate::rows::UNKNOWN_TOKEN;
use crate::stream_row::StreamRow;
use crate::{AnyEvent, Reason};

key_columns!(row!
    /// A service key: a row of `service_keys`.
    ServiceKeyRow in "service_keys" by ["id"] keeps [("token_hash", UNKNOWN_TOKEN)]
);

impl StreamRow for ServiceKeyRow {
    type Event = ServiceKeyEvent;

    const STREAM: &'static str = "service_key";

    fn id(&self) -> Uuid {
        self.id
    }

    fn own(event: &AnyEvent) -> Option<&ServiceKeyEvent> {
        if let AnyEvent::ServiceKey(event) = event { Some(event) } else { None }
    }

    /// Applies an event to a service key, which begins with its creation.
    ///
    /// # Errors
    /// When the event changes a key that does not exist.
    fn apply(key: &mut Option<Self>, origin: &Origin, event: &ServiceKeyEvent) -> Result<(), Reason> {
        match (key, event) {
            (key, ServiceKeyEvent::Created { account_id, name, scopes, expires_at }) => {
                *key = Some(Self {
                    id: origin.stream_id,
                    account_id: account_id.uuid(),
                    name: name.as_str().to_owned(),
                    scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
                    created_at: origin.at,
                    expires_at: *expires_at,
                    revoked_at: None,
                });
            }
            (None, ServiceKeyEvent::Revoked { .. }) => return Err(Reason::OutOfOrder),
            (Some(key), ServiceKeyEvent::Revoked { .. }) => key.revoked_at = Some(origin.at),
        }
        Ok(())
    }

    async fn read(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Self>, sqlx::Error> {
        let rows = key_columns!(select! ServiceKeyRow, "", ("from service_keys where id = any($1)"), ids);
        rows.fetch_all(connection).await
    }
}
