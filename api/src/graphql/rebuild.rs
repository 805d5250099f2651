//! How far a rebuild has come.

use async_graphql::{Context, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::Operation;
use projections::rebuild::find_progress;

use super::answer::{app, own_account, request};
use super::error::top_level;

/// A computing anew of what readers see, from the events.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct ProjectionRebuild {
    /// When it began.
    started_at: DateTime<Utc>,
    /// When it was done; null while it goes on, or waits to be taken up after an interruption.
    finished_at: Option<DateTime<Utc>>,
    /// Which part is done, from 0 to 1, of all accounts of this Roster.
    progress: f64,
}

/// The newest rebuild, if there has been one.
pub(super) async fn newest_rebuild(ctx: &Context<'_>) -> Result<Option<ProjectionRebuild>> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).map_err(top_level)?;
    let found = find_progress(&app(ctx).database).await.map_err(|error| top_level(error.into()))?;
    Ok(found.map(|found| ProjectionRebuild { started_at: found.started_at, finished_at: found.finished_at, progress: found.part() }))
}
