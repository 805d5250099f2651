use async_graphql::connection::PageInfo;
use async_graphql::{Context, Object, Result, SimpleObject};
use commands::may_read;
use domain::{AccountId, ApiKeyId, Operation};
use projections::api_keys::{ApiKeyFilter, count_api_keys, list_api_keys};
use projections::users::MAX_PAGE;

use super::{ApiKey, with_owners};
use crate::graphql::answer::{app, now, own_account, request};
use crate::graphql::cost;
use crate::graphql::cursor::{self, CursorKind};
use crate::graphql::error::{bad_input, top_level};

/// The default page size.
const DEFAULT_PAGE: i32 = 50;

/// A page of API keys.
pub(crate) struct ApiKeyConnection {
    account_id: AccountId,
    filter: ApiKeyFilter,
    keys: Vec<ApiKey>,
    has_previous: bool,
    has_next: bool,
}

/// An API key and its cursor.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct ApiKeyEdge {
    /// The cursor of this entry, for `after`.
    cursor: String,
    /// The API key.
    node: ApiKey,
}

/// A page of API keys.
#[Object]
impl ApiKeyConnection {
    /// The keys with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<ApiKeyEdge> {
        self.keys.iter().map(|key| ApiKeyEdge { cursor: self.cursor(ctx, key), node: key.clone() }).collect()
    }

    /// The keys.
    async fn nodes(&self) -> &[ApiKey] {
        &self.keys
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |key: Option<&ApiKey>| key.map(|key| self.cursor(ctx, key));
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
        let count = count_api_keys(&app(ctx).database, self.account_id, self.filter).await;
        count.map_err(|error| top_level(error.into()))
    }
}

impl ApiKeyConnection {
    fn cursor(&self, ctx: &Context<'_>, key: &ApiKey) -> String {
        cursor::seal(ctx, self.account_id, CursorKind::ApiKeys, key.id.as_bytes())
    }
}

pub(super) async fn page_of_keys(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    include_ended: bool,
) -> Result<ApiKeyConnection> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ListApiKeys, account_id, None).map_err(top_level)?;
    let size = first.unwrap_or(DEFAULT_PAGE);
    if !u32::try_from(size).is_ok_and(|size| size <= MAX_PAGE) {
        return Err(bad_input(&format!("a page has 0 to {MAX_PAGE} keys")));
    }
    let id = |place: &[u8]| std::str::from_utf8(place).ok()?.parse::<ApiKeyId>().ok();
    let after = after.map(|text| cursor::parse(ctx, account_id, CursorKind::ApiKeys, ("after", &text), id)).transpose()?;
    let filter = ApiKeyFilter { user_id: None, in_use_at: (!include_ended).then(|| now(ctx)) };
    let listed = list_api_keys(&app(ctx).database, account_id, filter, after, i64::from(size) + 1).await;
    let mut listed = listed.map_err(|error| top_level(error.into()))?;
    let shown = usize::try_from(size).unwrap_or_default();
    let has_next = listed.len() > shown;
    listed.truncate(shown);
    let keys = with_owners(ctx, account_id, listed).await?;
    Ok(ApiKeyConnection { account_id, filter, keys, has_previous: after.is_some(), has_next })
}
