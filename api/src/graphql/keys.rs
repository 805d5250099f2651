//! Pages of keys, of API keys as of service keys.

use std::borrow::Cow;

use async_graphql::connection::PageInfo;
use async_graphql::{ContainerType, Context, Object, OutputType, Result, SimpleObject, TypeName};
use commands::may_read;
use domain::{AccountId, Operation};
use projections::keys::{KeyFilter, KeyId, ListedKey, count_keys, list_keys};

use crate::graphql::context::{app, now, own_account, request};
use crate::graphql::cost;
use crate::graphql::error::top_level;
use crate::graphql::forward::{Entries, ForwardPage};
use crate::graphql::rows::{Row, Rows};
use crate::wire::ListCursor;

/// A kind of key in the schema.
pub(in crate::graphql) trait Key: ContainerType + Clone + 'static {
    /// Its id, which is also its cursor.
    type Id: KeyId + ListCursor + Send + Sync;
    /// What the caller needs to be allowed to list all keys of this kind.
    const LIST: Operation;

    /// Keys as clients see them, in the same order.
    fn show(ctx: &Context<'_>, account_id: AccountId, keys: Vec<ListedKey<Self::Id>>) -> impl Future<Output = Result<Vec<Self>>> + Send;
}

/// A page of keys.
pub(in crate::graphql) struct KeyConnection<K: Key> {
    filter: KeyFilter,
    page: Entries<K::Id, K>,
}

/// A key and its cursor.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(in crate::graphql) struct KeyEdge<K: Key> {
    /// The cursor of this entry, for `after`.
    cursor: String,
    /// The key of this entry.
    node: Row<K>,
}

impl<K: Key> TypeName for KeyEdge<K> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", <K as OutputType>::type_name()).into()
    }
}

impl<K: Key> TypeName for KeyConnection<K> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", <K as OutputType>::type_name()).into()
    }
}

/// A page of keys.
#[Object(name_type)]
impl<K: Key> KeyConnection<K> {
    /// The keys with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Rows<KeyEdge<K>> {
        self.page.edges(ctx).map(|(cursor, node)| KeyEdge { cursor, node: Row(node.clone()) }).collect()
    }

    /// The keys.
    async fn nodes(&self) -> Rows<&K> {
        self.page.nodes()
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.page_info(ctx)
    }

    /// The number of keys on all pages. It is counted only if requested.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let count = count_keys::<K::Id>(&app(ctx).database, self.page.account_id, self.filter).await;
        count.map_err(|error| top_level(error.into()))
    }
}

/// A page of the keys of the caller's account.
pub(in crate::graphql) async fn page_of_keys<K: Key>(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    include_ended: bool,
) -> Result<KeyConnection<K>> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, K::LIST, account_id, None).map_err(top_level)?;
    let page = ForwardPage::<K::Id>::parse(ctx, account_id, first, after.as_deref(), "keys")?;
    let filter = KeyFilter { owner: None, in_use_at: (!include_ended).then(|| now(ctx)) };
    let listed = list_keys(&app(ctx).database, account_id, filter, page.after, i64::from(page.limit())).await;
    let mut listed = listed.map_err(|error| top_level(error.into()))?;
    let has_next = page.cut(&mut listed);
    let ids: Vec<_> = listed.iter().map(|key| key.id).collect();
    let keys = ids.into_iter().zip(K::show(ctx, account_id, listed).await?).collect();
    Ok(KeyConnection { filter, page: page.with(keys, has_next) })
}
