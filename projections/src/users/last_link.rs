//! How long links work that were sent before an instant.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

/// Until when some open invitation of any account works that was sent at this instant or before; `None` when none is open.
pub async fn find_end_of_links(pool: &PgPool, sent_by: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let select =
        sqlx::query_scalar!("select max(invitation_expires_at) from users where status = 'invited' and invitation_sent_at <= $1", sent_by,);
    select.fetch_one(pool).await
}
