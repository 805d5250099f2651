use std::collections::BTreeSet;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use projections::refused_attempts::{
    RefusedAttempt as Kept, RefusedAttemptFilter as Filter, count_refused_attempts, find_refused_attempt, list_refused_attempts,
};
use projections::users::find_users;
use uuid::Uuid;

use super::attempt::RefusedAttempt;
use crate::graphql::answer::{app, own_account, request};
use crate::graphql::cost;
use crate::graphql::cursor::AttemptNumber;
use crate::graphql::error::{require_short_list, top_level};
use crate::graphql::events::actor::{service_key_named_by, user_named_by};
use crate::graphql::events::people::People;
use crate::graphql::forward::{Entries, ForwardPage};
use crate::wire::TimeSpan;

/// Which refused attempts are listed. Every part narrows; parts that are absent or empty do not.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct RefusedAttemptFilter {
    /// Attempts in this span of time.
    at: Option<TimeSpan>,
    /// What this user tried while signed in, also with their API keys; or what was tried with the service key of this id.
    actor: Option<ID>,
    /// What was tried as this user, or would have happened to them.
    user: Option<ID>,
    /// What was refused with one of these codes.
    codes: Option<Vec<String>>,
}

/// A page of what was refused.
pub(in crate::graphql) struct RefusedAttemptConnection {
    filter: Filter,
    page: Entries<AttemptNumber, RefusedAttempt>,
}

/// A refused attempt and its place in the list.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RefusedAttemptEdge {
    /// The place, for `after`.
    cursor: String,
    /// The attempt at this place.
    node: RefusedAttempt,
}

/// A page of what was refused.
#[Object]
impl RefusedAttemptConnection {
    /// The attempts with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<RefusedAttemptEdge> {
        self.page.edges(ctx).map(|(cursor, node)| RefusedAttemptEdge { cursor, node: node.clone() }).collect()
    }

    /// The attempts.
    async fn nodes(&self) -> Vec<&RefusedAttempt> {
        self.page.nodes()
    }

    /// Where this page is in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.page_info(ctx)
    }

    /// How many attempts there are, on all pages. Counted only when it is asked for.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let count = count_refused_attempts(&app(ctx).database, self.page.account_id, &self.filter).await;
        count.map_err(|error| top_level(error.into()))
    }
}

/// A page of what was refused in one's account, for who may read the audit log.
pub(super) async fn page_of_attempts(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: RefusedAttemptFilter,
) -> Result<RefusedAttemptConnection> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).map_err(top_level)?;
    let page = ForwardPage::<AttemptNumber>::parse(ctx, account_id, first, after.as_deref(), "attempts")?;
    let filter = filter.parse()?;
    let listed =
        list_refused_attempts(&app(ctx).database, account_id, &filter, page.after.map(|after| after.0), i64::from(page.limit())).await;
    let mut listed = listed.map_err(|error| top_level(error.into()))?;
    let has_next = page.cut(&mut listed);
    let people = people_of(ctx, account_id, &listed).await?;
    let attempt = |kept: Kept| (AttemptNumber(kept.number), RefusedAttempt::new(account_id, kept, people.clone()));
    let attempts = listed.into_iter().map(attempt).collect();
    Ok(RefusedAttemptConnection { filter, page: page.with(attempts, has_next) })
}

/// An attempt that was refused in an account, for who may read the audit log.
pub(in crate::graphql) async fn find_attempt(ctx: &Context<'_>, account_id: AccountId, id: Uuid) -> Result<Option<RefusedAttempt>> {
    if may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).is_err() {
        return Ok(None);
    }
    let found = find_refused_attempt(&app(ctx).database, account_id, id).await.map_err(|error| top_level(error.into()))?;
    let Some(kept) = found else { return Ok(None) };
    let people = people_of(ctx, account_id, std::slice::from_ref(&kept)).await?;
    Ok(Some(RefusedAttempt::new(account_id, kept, people)))
}

/// Looks up everybody whom a page names, in one statement.
async fn people_of(ctx: &Context<'_>, account_id: AccountId, listed: &[Kept]) -> Result<People> {
    let actors = listed.iter().filter_map(|kept| user_named_by(&kept.actor));
    let ids: BTreeSet<_> = actors.chain(listed.iter().filter_map(|kept| kept.user_id)).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let found = find_users(&app(ctx).database, account_id, &ids).await.map_err(|error| top_level(error.into()))?;
    let keys = listed.iter().filter_map(|kept| service_key_named_by(&kept.actor));
    People::known(ctx, account_id, found, keys.collect()).await
}

impl RefusedAttemptFilter {
    fn parse(self) -> Result<Filter> {
        require_short_list("codes", self.codes.as_ref())?;
        let (from, before) = self.at.unwrap_or_default().bounds();
        // An id that is none belongs to nobody.
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
