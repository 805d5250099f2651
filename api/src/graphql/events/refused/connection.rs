use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use event_store::{Count as Counted, CountTo};
use projections::named_people::NamedPeople;
use projections::refused_attempts::{
    RefusedAttempt as StoredAttempt, RefusedAttemptFilter as Filter, count_refused_attempts, find_refused_attempt, list_refused_attempts,
};
use uuid::Uuid;

use super::attempt::RefusedAttempt;
use crate::graphql::context::{app, readable_account, request};
use crate::graphql::cost;
use crate::graphql::count::Count;
use crate::graphql::error::{require_short_list, top_level};
use crate::graphql::forward::{Entries, ForwardPage};
use crate::graphql::rows::{Row, Rows};
use crate::wire::AttemptNumber;
use crate::wire::TimeSpan;

/// Selects refused attempts. An attempt must match every given field; absent and empty fields match all attempts.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct RefusedAttemptFilter {
    /// Attempts within this time span.
    at: Option<TimeSpan>,
    /// Attempts by this signed-in user, including through their API keys; or by the service key with this id.
    actor: Option<ID>,
    /// Attempts to sign in as this user or to change this user.
    user: Option<ID>,
    /// Attempts that were refused with one of these codes.
    codes: Option<Vec<String>>,
}

/// A page of refused attempts.
pub(in crate::graphql) struct RefusedAttemptConnection {
    filter: Filter,
    page: Entries<AttemptNumber, RefusedAttempt>,
}

/// A refused attempt and its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RefusedAttemptEdge {
    /// The cursor of this entry, for `after`.
    cursor: String,
    /// The attempt.
    node: Row<RefusedAttempt>,
}

/// A page of refused attempts.
#[Object]
impl RefusedAttemptConnection {
    /// The attempts with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Rows<RefusedAttemptEdge> {
        self.page.edges(ctx).map(|(cursor, node)| RefusedAttemptEdge { cursor, node: Row(node.clone()) }).collect()
    }

    /// The attempts.
    async fn nodes(&self) -> Rows<&RefusedAttempt> {
        self.page.nodes()
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.page_info(ctx)
    }

    /// The exact number of attempts on all pages. It is counted only if requested.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        Ok(self.counted(ctx, CountTo::End).await?.count)
    }

    /// The number of attempts on all pages, counted up to 10,000.
    #[graphql(complexity = "cost::total_count()")]
    async fn count(&self, ctx: &Context<'_>) -> Result<Count> {
        Ok(self.counted(ctx, CountTo::Bound).await?.into())
    }
}

impl RefusedAttemptConnection {
    async fn counted(&self, ctx: &Context<'_>, to: CountTo) -> Result<Counted> {
        count_refused_attempts(&app(ctx).database, self.page.account_id, &self.filter, to).await.map_err(top_level)
    }
}

/// A page of the refused attempts in the caller's account. Fails if the caller may not read the audit log.
pub(super) async fn page_of_attempts(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: RefusedAttemptFilter,
) -> Result<RefusedAttemptConnection> {
    let account_id = readable_account(ctx, Operation::ReadAuditLog)?;
    let page = ForwardPage::<AttemptNumber>::parse(ctx, account_id, first, after.as_deref(), "attempts")?;
    let filter = filter.parse()?;
    let listed =
        list_refused_attempts(&app(ctx).database, account_id, &filter, page.after.map(|after| after.0), i64::from(page.limit())).await;
    let mut listed = listed.map_err(top_level)?;
    let has_next = page.cut(&mut listed);
    let people = people(account_id, &listed);
    let attempt = |stored: StoredAttempt| (AttemptNumber(stored.number), RefusedAttempt::new(stored, Arc::clone(&people)));
    let attempts = listed.into_iter().map(attempt).collect();
    Ok(RefusedAttemptConnection { filter, page: page.with(attempts, has_next) })
}

/// A refused attempt in an account. `None` if the caller may not read the audit log.
pub(in crate::graphql) async fn find_attempt(ctx: &Context<'_>, account_id: AccountId, id: Uuid) -> Result<Option<RefusedAttempt>> {
    if may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).is_err() {
        return Ok(None);
    }
    let found = find_refused_attempt(&app(ctx).database, account_id, id).await.map_err(top_level)?;
    let Some(stored) = found else { return Ok(None) };
    let people = people(account_id, std::slice::from_ref(&stored));
    Ok(Some(RefusedAttempt::new(stored, people)))
}

/// The people whom a page names.
fn people(account_id: AccountId, listed: &[StoredAttempt]) -> Arc<NamedPeople> {
    let actors = listed.iter().filter_map(|attempt| attempt.actor.parse().ok());
    Arc::new(NamedPeople::new(account_id, actors, listed.iter().filter_map(|attempt| attempt.user_id)))
}

impl RefusedAttemptFilter {
    fn parse(self) -> Result<Filter> {
        require_short_list("codes", self.codes.as_ref())?;
        let (from, before) = self.at.unwrap_or_default().bounds();
        // A malformed id matches nothing.
        let user = |id: ID| id.parse::<UserId>().unwrap_or_else(|_| UserId::new(Uuid::nil()));
        Ok(Filter {
            from,
            before,
            actor: self.actor.map(user),
            user: self.user.map(user),
            codes: self.codes.filter(|codes| !codes.is_empty()),
        })
    }
}
