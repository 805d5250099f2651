use async_graphql::connection::PageInfo;
use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Operation, ServiceKeyId};
use projections::service_keys::{count_service_keys, list_service_keys};
use projections::users::MAX_PAGE;

use super::ServiceKey;
use crate::graphql::answer::{app, now, own_account, request};
use crate::graphql::cost;
use crate::graphql::cursor::{self, CursorKind};
use crate::graphql::error::{bad_input, top_level};

/// The default page size.
const DEFAULT_PAGE: i32 = 50;

/// A page of service keys.
pub(crate) struct ServiceKeyConnection {
    account_id: AccountId,
    in_use_at: Option<DateTime<Utc>>,
    keys: Vec<ServiceKey>,
    has_previous: bool,
    has_next: bool,
}

/// A service key and its cursor.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct ServiceKeyEdge {
    /// The cursor of this entry, for `after`.
    cursor: String,
    /// The service key.
    node: ServiceKey,
}

/// A page of service keys.
#[Object]
impl ServiceKeyConnection {
    /// The keys with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<ServiceKeyEdge> {
        self.keys.iter().map(|key| ServiceKeyEdge { cursor: self.cursor(ctx, key), node: key.clone() }).collect()
    }

    /// The keys.
    async fn nodes(&self) -> &[ServiceKey] {
        &self.keys
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |key: Option<&ServiceKey>| key.map(|key| self.cursor(ctx, key));
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: cursor(self.keys.first()),
            end_cursor: cursor(self.keys.last()),
        }
    }

    /// The number of keys on all pages. It is counted only if requested.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let count = count_service_keys(&app(ctx).database, self.account_id, self.in_use_at).await;
        count.map_err(|error| top_level(error.into()))
    }
}

impl ServiceKeyConnection {
    fn cursor(&self, ctx: &Context<'_>, key: &ServiceKey) -> String {
        cursor::seal(ctx, self.account_id, CursorKind::ServiceKeys, key.id.as_bytes())
    }
}

pub(super) async fn page_of_keys(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    include_ended: bool,
) -> Result<ServiceKeyConnection> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ListServiceKeys, account_id, None).map_err(top_level)?;
    let size = first.unwrap_or(DEFAULT_PAGE);
    if !u32::try_from(size).is_ok_and(|size| size <= MAX_PAGE) {
        return Err(bad_input(&format!("a page has 0 to {MAX_PAGE} keys")));
    }
    let id = |place: &[u8]| std::str::from_utf8(place).ok()?.parse::<ServiceKeyId>().ok();
    let after = after.map(|text| cursor::parse(ctx, account_id, CursorKind::ServiceKeys, ("after", &text), id)).transpose()?;
    let in_use_at = (!include_ended).then(|| now(ctx));
    let listed = list_service_keys(&app(ctx).database, account_id, in_use_at, after, i64::from(size) + 1).await;
    let mut listed = listed.map_err(|error| top_level(error.into()))?;
    let shown = usize::try_from(size).unwrap_or_default();
    let has_next = listed.len() > shown;
    listed.truncate(shown);
    let keys = listed.into_iter().map(Into::into).collect();
    Ok(ServiceKeyConnection { account_id, in_use_at, keys, has_previous: after.is_some(), has_next })
}
