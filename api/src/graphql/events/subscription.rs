use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Result};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use futures::StreamExt;
use futures::stream::BoxStream;

use super::event::Event;
use crate::graphql::context::{own_account, request};
use crate::graphql::cursor::{event_cursor, parse_event_cursor};
use crate::graphql::error::{bad_input, require_short_list, top_level, unknown_cursor};
use crate::wire::EventType;
use crate::workers::feed::{FeedPoller, SubscribeError, Subscriber};

/// How many users a filter may name.
const MAX_USERS: usize = 1_000;

/// Everything that can be followed.
pub(crate) struct Subscription;

/// Selects events. An event must match every given field; absent and empty fields match all events.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct UserEventFilter {
    /// Events about these users: at most 1,000 ids. Unknown ids match nothing. Events of the account and of service keys have no user.
    users: Option<Vec<ID>>,
    /// Events of these types. Name the types that you handle: without this field, types that a later version adds arrive, too.
    types: Option<Vec<EventType>>,
}

/// All subscriptions, over a WebSocket with the subprotocol `graphql-transport-ws`.
#[async_graphql::Subscription]
impl Subscription {
    /// All events of your account, as `auditLog` lists them: of users, mails, sessions, API keys, service keys, exports and the account. In
    /// order, without gaps or duplicates. With `after`, it first sends the events since that cursor; without it, events from about now
    /// on. To receive only changes of users, name their types in `filter`. For admins, editors, and keys with the scope `AUDIT_READ`.
    async fn user_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last event that you received. Default: start now.")] after: Option<String>,
        #[graphql(desc = "Which events to return. Default: all.")] filter: Option<UserEventFilter>,
    ) -> Result<BoxStream<'static, Event>> {
        let account_id = own_account(ctx)?;
        may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).map_err(top_level)?;
        let filter = filter.unwrap_or_default().parse()?;
        let subscriber = subscribe(ctx, account_id, after.as_deref()).await?;
        let events = subscriber.into_stream().map(Event::new);
        Ok(events.filter(move |event| std::future::ready(filter.matches(event))).boxed())
    }
}

/// The cursor of the last event of one's account, for who may follow it.
pub(in crate::graphql) async fn end_of_events(ctx: &Context<'_>) -> Result<String> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).map_err(top_level)?;
    let end = ctx.data_unchecked::<Arc<FeedPoller>>().end_of_account(account_id).await;
    Ok(event_cursor(ctx, account_id, end.map_err(|error| top_level(error.into()))?))
}

async fn subscribe(ctx: &Context<'_>, account_id: AccountId, after: Option<&str>) -> Result<Subscriber> {
    let after = after.map(|text| parse_event_cursor(ctx, account_id, "after", text)).transpose()?;
    let feed = ctx.data_unchecked::<Arc<FeedPoller>>();
    feed.subscribe(account_id, after).await.map_err(|error| match error {
        SubscribeError::UnknownCursor(error) => unknown_cursor(error),
        SubscribeError::Store(error) => top_level(error.into()),
    })
}

/// A parsed filter.
struct Filter {
    users: Option<HashSet<UserId>>,
    types: Vec<EventType>,
}

impl UserEventFilter {
    fn parse(self) -> Result<Filter> {
        require_short_list("types", self.types.as_ref())?;
        let users = self.users.filter(|users| !users.is_empty());
        if users.as_ref().is_some_and(|users| users.len() > MAX_USERS) {
            return Err(bad_input(&format!("a filter names at most {MAX_USERS} users")));
        }
        let users = users.map(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect());
        Ok(Filter { users, types: self.types.unwrap_or_default() })
    }
}

impl Filter {
    fn matches(&self, event: &Event) -> bool {
        let is_wanted = self.users.as_ref().is_none_or(|users| event.user_id().is_some_and(|id| users.contains(&id)));
        is_wanted && (self.types.is_empty() || event.is_of(&self.types))
    }
}
