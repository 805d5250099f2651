//! What API keys and service keys have in common: how they are found, and their pages.

use std::borrow::Cow;

use async_graphql::connection::PageInfo;
use async_graphql::{ContainerType, Context, Object, OutputType, Result, SimpleObject, TypeName};
use commands::may_read;
use domain::{AccountId, Actor, Operation};
use event_store::{Count as Counted, CountTo};
use projections::keys::{KeyFilter, KeyId, ListedKey, count_keys, find_key as find_listed_key, list_keys};

use crate::graphql::context::{app, now, readable_account, request};
use crate::graphql::cost;
use crate::graphql::count::Count;
use crate::graphql::error::top_level;
use crate::graphql::forward::{Entries, ForwardPage};
use crate::graphql::rows::{Row, Rows};
use crate::graphql::users::invite_many::users_by_id;
use crate::graphql::users::user::User;
use crate::wire::ListCursor;

/// A kind of key in the schema.
pub(in crate::graphql) trait Key: ContainerType + Clone + 'static {
    /// Its id, which is also its cursor.
    type Id: KeyId + PartialEq + ListCursor;
    /// What the caller needs to be allowed to list all keys of this kind.
    const LIST: Operation;

    /// A key as clients see it. Its owner is known if the caller may see them.
    fn new(owner: Option<User>, listed: ListedKey<Self::Id>) -> Self;

    /// The key of a request, if it is of this kind.
    fn current(actor: &Actor) -> Option<Self::Id>;
}

/// Keys as clients see them. Owners are looked up in one statement.
pub(super) async fn show<K: Key>(ctx: &Context<'_>, account_id: AccountId, keys: Vec<ListedKey<K::Id>>) -> Result<Vec<K>> {
    let owners: Vec<_> = keys.iter().filter_map(|key| key.owner).collect();
    let owners = users_by_id(ctx, account_id, &owners).await?;
    let owner = |id| owners.get(&id).cloned().map(User::now);
    Ok(keys.into_iter().map(|key| K::new(key.owner.and_then(owner), key)).collect())
}

/// A key of an account.
pub(super) async fn one_key<K: Key>(ctx: &Context<'_>, account_id: AccountId, id: K::Id) -> Result<Option<K>> {
    let found = find_listed_key(&app(ctx).database, account_id, id).await.map_err(top_level)?;
    Ok(show(ctx, account_id, found.into_iter().collect()).await?.pop())
}

/// A key of an account, if the caller may see it. A key may see itself.
pub(in crate::graphql) async fn find_key<K: Key>(ctx: &Context<'_>, account_id: AccountId, id: K::Id) -> Result<Option<K>> {
    let actor = &request(ctx).actor;
    let found = find_listed_key(&app(ctx).database, account_id, id).await.map_err(top_level)?;
    let may_see = |found: &ListedKey<K::Id>| K::current(actor) == Some(id) || may_read(actor, K::LIST, account_id, found.owner).is_ok();
    Ok(show(ctx, account_id, found.into_iter().filter(may_see).collect()).await?.pop())
}

/// The key of this request, if it is of this kind.
pub(in crate::graphql) async fn current_key<K: Key>(ctx: &Context<'_>) -> Result<Option<K>> {
    let actor = &request(ctx).actor;
    let Some((account_id, id)) = actor.account().zip(K::current(actor)) else { return Ok(None) };
    one_key(ctx, account_id, id).await
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

    /// The exact number of keys on all pages. It is counted only if requested.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        Ok(self.counted(ctx, CountTo::End).await?.count)
    }

    /// The number of keys on all pages, counted up to 10,000.
    #[graphql(complexity = "cost::total_count()")]
    async fn count(&self, ctx: &Context<'_>) -> Result<Count> {
        Ok(self.counted(ctx, CountTo::Bound).await?.into())
    }
}

impl<K: Key> KeyConnection<K> {
    async fn counted(&self, ctx: &Context<'_>, to: CountTo) -> Result<Counted> {
        count_keys::<K::Id>(&app(ctx).database, self.page.account_id, self.filter, to).await.map_err(top_level)
    }
}

/// A page of the keys of the caller's account.
pub(in crate::graphql) async fn page_of_keys<K: Key>(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    include_ended: bool,
) -> Result<KeyConnection<K>> {
    let account_id = readable_account(ctx, K::LIST)?;
    let page = ForwardPage::<K::Id>::parse(ctx, account_id, first, after.as_deref(), "keys")?;
    let filter = KeyFilter { owner: None, in_use_at: (!include_ended).then(|| now(ctx)) };
    let listed = list_keys(&app(ctx).database, account_id, filter, page.after, i64::from(page.limit())).await;
    let mut listed = listed.map_err(top_level)?;
    let has_next = page.cut(&mut listed);
    let ids: Vec<_> = listed.iter().map(|key| key.id).collect();
    let keys = ids.into_iter().zip(show(ctx, account_id, listed).await?).collect();
    Ok(KeyConnection { filter, page: page.with(keys, has_next) })
}
