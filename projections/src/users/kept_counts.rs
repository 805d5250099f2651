//! How many users an account has with given roles and statuses, without counting them: the table `user_counts` follows `users`.

use domain::AccountId;
use sqlx::PgExecutor;

use super::filter::{Parameters, Span};
use super::{ListedStatus, UserFilter};

/// Roles and stored statuses.
pub(super) struct Kinds {
    statuses: Vec<String>,
    role_ranks: Option<Vec<i16>>,
}

impl UserFilter {
    /// What the filter selects, if it selects by role and status alone. Pending and expired invitations are of one kind.
    pub(super) fn kinds(&self) -> Option<Kinds> {
        let Self { auth_methods, created, last_active, never_active, deliveries, .. } = self;
        let is_open = |span: &Span| span.from.is_none() && span.before.is_none();
        let is_by_kind =
            auth_methods.is_empty() && is_open(created) && is_open(last_active) && never_active.is_none() && deliveries.is_none();
        let Parameters { role_ranks, search, .. } = self.parameters();
        let listed = self.listed_statuses();
        let has_all_invited = listed.contains(&ListedStatus::PendingInvitation) == listed.contains(&ListedStatus::ExpiredInvitation);
        let statuses = listed.iter().map(|status| status.stored().to_owned()).collect();
        (is_by_kind && search.is_none() && has_all_invited).then_some(Kinds { statuses, role_ranks })
    }
}

/// How many users of an account are of these kinds.
pub(super) async fn sum_kept_counts(database: impl PgExecutor<'_>, account_id: AccountId, kinds: &Kinds) -> Result<u64, sqlx::Error> {
    let sum = sqlx::query_scalar!(
        r#"
        select coalesce(sum(count), 0)::bigint as "sum!"
        from user_counts
        where account_id = $1 and status = any($2) and ($3::smallint[] is null or role_rank = any($3))
        "#,
        account_id.uuid(),
        &kinds.statuses,
        kinds.role_ranks.as_deref(),
    );
    Ok(sum.fetch_one(database).await?.unsigned_abs())
}
