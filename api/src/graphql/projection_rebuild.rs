//! The progress of a rebuild.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::Operation;
use projections::rebuild::find_progress;

use crate::graphql::context::{app, readable_account};
use crate::graphql::cost;
use crate::graphql::error::top_level;

/// A run of `roster projections rebuild`, which recomputes the read models from the events.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct ProjectionRebuild {
    /// When the run started.
    started_at: DateTime<Utc>,
    /// When the run finished. Null while it runs or after it was interrupted.
    finished_at: Option<DateTime<Utc>>,
    /// The completed part, from 0 to 1, over all accounts of this Roster server.
    progress: f64,
}

/// The latest rebuild, if there was one.
pub(in crate::graphql) async fn newest_rebuild(ctx: &Context<'_>) -> Result<Option<ProjectionRebuild>> {
    readable_account(ctx, Operation::ReadAuditLog)?;
    let found = find_progress(&app(ctx).database).await.map_err(top_level)?;
    Ok(found.map(|found| ProjectionRebuild { started_at: found.started_at, finished_at: found.finished_at, progress: found.part() }))
}

/// How far a rebuild of the projections is.
#[derive(Default)]
pub(in crate::graphql) struct RebuildQuery;

#[Object]
impl RebuildQuery {
    /// The latest run of `roster projections rebuild`. Null if there was none. Reads and writes continue during a run. Requires permission
    /// to read the audit log.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn projection_rebuild(&self, ctx: &Context<'_>) -> Option<Result<ProjectionRebuild>> {
        newest_rebuild(ctx).await.transpose()
    }
}
