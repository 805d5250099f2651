//! What an event means for a saved view.

use chrono::{DateTime, Utc};
use domain::saved_view::SavedViewEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::origin::Origin;
use crate::stream_row::StreamRow;
use crate::{AnyEvent, Reason};

macro_rules! saved_view_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "id" id: Uuid,
                "account_id" account_id: Uuid,
                "user_id" user_id: Option<Uuid>,
                "name" name: String,
                "query" query: String,
                "created_at" created_at: DateTime<Utc>,
                "changed_at" changed_at: DateTime<Utc>,
                "version" version: i64,
                "deleted_at" deleted_at: Option<DateTime<Utc>>,
            ]
            $($rest)*
        }
    };
}

saved_view_columns!(row!
    /// A saved view: a row of `saved_views`.
    SavedViewRow in "saved_views" by ["id"]
);

impl StreamRow for SavedViewRow {
    type Event = SavedViewEvent;

    const STREAM: &'static str = "saved_view";

    fn id(&self) -> Uuid {
        self.id
    }

    fn own(event: &AnyEvent) -> Option<&SavedViewEvent> {
        if let AnyEvent::SavedView(event) = event { Some(event) } else { None }
    }

    /// Applies an event to a view, which begins with the first time that it was saved.
    ///
    /// # Errors
    /// When the event deletes a view that does not exist.
    fn apply(view: &mut Option<Self>, origin: &Origin, event: &SavedViewEvent) -> Result<(), Reason> {
        let (account_id, user_id, name, query) = match event {
            SavedViewEvent::Saved { account_id, user_id, name, query } => {
                let name = name.known().map_or("", |name| name.as_str());
                (account_id, Some(user_id.uuid()), name, query.known().map_or("", |query| query.as_str()))
            }
            SavedViewEvent::Shared { account_id, name, query } => (account_id, None, name.as_str(), query.as_str()),
            SavedViewEvent::Deleted { .. } => {
                let deleted = view.as_mut().ok_or(Reason::OutOfOrder)?;
                deleted.name.clear();
                deleted.query.clear();
                deleted.changed_at = origin.at;
                deleted.deleted_at = Some(origin.at);
                deleted.version = origin.sequence;
                return Ok(());
            }
        };
        *view = Some(Self {
            id: origin.stream_id,
            account_id: account_id.uuid(),
            user_id,
            name: name.to_owned(),
            query: query.to_owned(),
            created_at: view.as_ref().map_or(origin.at, |before| before.created_at),
            changed_at: origin.at,
            version: origin.sequence,
            deleted_at: None,
        });
        Ok(())
    }

    async fn read(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Self>, sqlx::Error> {
        let rows = saved_view_columns!(select! SavedViewRow, "", ("from saved_views where id = any($1)"), ids);
        rows.fetch_all(connection).await
    }
}
