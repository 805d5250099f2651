use std::collections::BTreeSet;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use projections::refused_attempts::{
    RefusedAttempt as Kept, RefusedAttemptFilter as Filter, count_refused_attempts, find_refused_attempt, list_refused_attempts,
};
use projections::users::{MAX_PAGE, find_users};
use uuid::Uuid;

use super::attempt::RefusedAttempt;
use crate::graphql::answer::{app, own_account, request};
use crate::graphql::cost;
use crate::graphql::cursor::{self, CursorKind};
use crate::graphql::error::{bad_input, require_short_list, top_level};
use crate::graphql::events::actor::{service_key_named_by, user_named_by};
use crate::graphql::events::people::People;
use crate::wire::TimeSpan;

/// The default page size.
const DEFAULT_PAGE: i32 = 50;

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
    account_id: AccountId,
    filter: Filter,
    attempts: Vec<(i64, RefusedAttempt)>,
    has_previous: bool,
    has_next: bool,
}

/// A refused attempt and its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RefusedAttemptEdge {
    /// The cursor of this entry, for `after`.
    cursor: String,
    /// The attempt.
    node: RefusedAttempt,
}

/// A page of refused attempts.
#[Object]
impl RefusedAttemptConnection {
    /// The attempts with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<RefusedAttemptEdge> {
        let edge =
            |(number, attempt): &(i64, RefusedAttempt)| RefusedAttemptEdge { cursor: self.cursor(ctx, *number), node: attempt.clone() };
        self.attempts.iter().map(edge).collect()
    }

    /// The attempts.
    async fn nodes(&self) -> Vec<&RefusedAttempt> {
        self.attempts.iter().map(|(_, attempt)| attempt).collect()
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |place: Option<&(i64, RefusedAttempt)>| place.map(|(number, _)| self.cursor(ctx, *number));
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: cursor(self.attempts.first()),
            end_cursor: cursor(self.attempts.last()),
        }
    }

    /// The number of attempts on all pages. It is counted only if requested.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let count = count_refused_attempts(&app(ctx).database, self.account_id, &self.filter).await;
        count.map_err(|error| top_level(error.into()))
    }
}

impl RefusedAttemptConnection {
    fn cursor(&self, ctx: &Context<'_>, number: i64) -> String {
        cursor::seal(ctx, self.account_id, CursorKind::RefusedAttempts, &number.to_be_bytes())
    }
}

/// A page of the refused attempts in the caller's account. Fails if the caller may not read the audit log.
pub(super) async fn page_of_attempts(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    filter: RefusedAttemptFilter,
) -> Result<RefusedAttemptConnection> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).map_err(top_level)?;
    let size = first.unwrap_or(DEFAULT_PAGE);
    let Some(size) = u32::try_from(size).ok().filter(|size| *size <= MAX_PAGE) else {
        return Err(bad_input(&format!("a page has 0 to {MAX_PAGE} attempts")));
    };
    let number = |bytes: &[u8]| bytes.try_into().ok().map(i64::from_be_bytes);
    let after = after.map(|text| cursor::parse(ctx, account_id, CursorKind::RefusedAttempts, ("after", &text), number)).transpose()?;
    let filter = filter.parse()?;
    let listed = list_refused_attempts(&app(ctx).database, account_id, &filter, after, i64::from(size) + 1).await;
    let mut listed = listed.map_err(|error| top_level(error.into()))?;
    let has_next = listed.len() > size as usize;
    listed.truncate(size as usize);
    let people = people_of(ctx, account_id, &listed).await?;
    let attempt = |kept: Kept| (kept.number, RefusedAttempt::new(account_id, kept, people.clone()));
    let attempts = listed.into_iter().map(attempt).collect();
    Ok(RefusedAttemptConnection { account_id, filter, attempts, has_previous: after.is_some(), has_next })
}

/// A refused attempt in an account. `None` if the caller may not read the audit log.
pub(in crate::graphql) async fn find_attempt(ctx: &Context<'_>, account_id: AccountId, id: Uuid) -> Result<Option<RefusedAttempt>> {
    if may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).is_err() {
        return Ok(None);
    }
    let found = find_refused_attempt(&app(ctx).database, account_id, id).await.map_err(|error| top_level(error.into()))?;
    let Some(kept) = found else { return Ok(None) };
    let people = people_of(ctx, account_id, std::slice::from_ref(&kept)).await?;
    Ok(Some(RefusedAttempt::new(account_id, kept, people)))
}

/// Looks up all users in a page in one statement.
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
