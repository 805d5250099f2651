use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use event_store::{Count as Counted, CountTo, Cursor, LogFilter, LogPage, UnknownCursor};
use projections::EventBatch;

use crate::graphql::context::{app, readable_account, request};
use crate::graphql::cost;
use crate::graphql::count::Count;
use crate::graphql::cursor::parse_event_cursor;
use crate::graphql::error::{require_short_list, top_level, unknown_cursor};
use crate::graphql::events::event::Event;
use crate::graphql::forward::{Entries, ForwardPage};
use crate::graphql::rows::{Row, Rows};
use crate::wire::{EventType, OrderDirection, TimeSpan, names_of_actor, narrow_to_types};

/// Selects events. An event must match every given field; absent and empty fields match all events.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct EventFilter {
    /// Events that were recorded within this time span.
    recorded: Option<TimeSpan>,
    /// Events that this user caused, including through their API keys; or events that the service key with this id caused.
    actor: Option<ID>,
    /// Events about this user, also after the user was erased.
    subject: Option<ID>,
    /// Events of these types.
    types: Option<Vec<EventType>>,
    /// Events that the operation with this id caused: the `operationId` of an event.
    operation_id: Option<ID>,
}

/// The arguments of a page.
pub(in crate::graphql) struct EventPage {
    pub(in crate::graphql) first: Option<i32>,
    pub(in crate::graphql) after: Option<String>,
    pub(in crate::graphql) direction: Option<OrderDirection>,
}

/// A page of events.
pub(in crate::graphql) struct EventConnection {
    filter: LogFilter,
    page: Entries<Cursor, Event>,
    complete_until: Option<DateTime<Utc>>,
}

/// An event and its cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EventEdge<'a> {
    /// The cursor of this entry, for `after`.
    cursor: String,
    /// The event.
    node: Row<&'a Event>,
}

/// A page of events.
#[Object]
impl EventConnection {
    /// The events with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Rows<EventEdge<'_>> {
        self.page.edges(ctx).map(|(cursor, node)| EventEdge { cursor, node: Row(node) }).collect()
    }

    /// The events.
    async fn nodes(&self) -> Rows<&Event> {
        self.page.nodes()
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.page_info(ctx)
    }

    /// The list contains every event that was recorded up to this instant, by the clock of the database. Newer events may still be missing
    /// while any transaction in the database cluster is open. Null if the instant cannot be determined.
    async fn complete_until(&self) -> Option<DateTime<Utc>> {
        self.complete_until
    }

    /// The exact number of events on all pages. It is counted only if requested, and takes the longer the more events match: use `count` on
    /// a screen.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        Ok(self.counted(ctx, CountTo::End).await?.count)
    }

    /// The number of events on all pages, counted up to 10,000.
    #[graphql(complexity = "cost::total_count()")]
    async fn count(&self, ctx: &Context<'_>) -> Result<Count> {
        Ok(self.counted(ctx, CountTo::Bound).await?.into())
    }
}

impl EventConnection {
    async fn counted(&self, ctx: &Context<'_>, to: CountTo) -> Result<Counted> {
        app(ctx).commands.event_store().count_log(&app(ctx).database, self.page.account_id, &self.filter, to).await.map_err(top_level)
    }
}

/// How far the feed was complete before the page was read, if this field was requested.
pub(in crate::graphql) async fn complete_until(ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
    if !ctx.look_ahead().field("completeUntil").exists() {
        return Ok(None);
    }
    Ok(app(ctx).commands.event_store().find_horizon(&app(ctx).database).await.map_err(top_level)?.complete_until)
}

/// A page of the events of the caller's account. Fails if the caller may not read the audit log.
pub(in crate::graphql) async fn page_of_events(ctx: &Context<'_>, page: EventPage, filter: EventFilter) -> Result<EventConnection> {
    let account_id = readable_account(ctx, Operation::ReadAuditLog)?;
    let newest_first = page.direction.unwrap_or(OrderDirection::Desc) == OrderDirection::Desc;
    let after = page.after.as_deref().map(|text| parse_event_cursor(ctx, account_id, "after", text)).transpose()?;
    let page = ForwardPage::new(account_id, page.first, after, "events")?;
    let filter = filter.parse(ctx, account_id).await?;
    // Determined before the page is read, so that the page is complete up to there.
    let complete_until = complete_until(ctx).await?;
    require_known(ctx, after).await?;
    let wanted = LogPage { after, newest_first, limit: page.limit() };
    let mut recorded =
        app(ctx).commands.event_store().read_log(&app(ctx).database, account_id, &filter, wanted).await.map_err(top_level)?;
    let has_next = page.cut(&mut recorded);
    let batch = EventBatch::read(app(ctx).commands.event_store(), account_id, recorded);
    let events = batch.events().map(|event| (event.read().recorded.cursor, Event::new(event))).collect();
    Ok(EventConnection { filter, page: page.with(events, has_next), complete_until })
}

/// An event of an account by its id. `None` if the caller may not read the audit log.
pub(in crate::graphql) async fn find_event(ctx: &Context<'_>, account_id: AccountId, id: &str) -> Result<Option<Event>> {
    let may_see = may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).is_ok();
    let named = id.rsplit_once(':').and_then(|(stream, sequence)| Some((stream, sequence.parse().ok()?))).filter(|_| may_see);
    let Some((stream, sequence)) = named else { return Ok(None) };
    let store = app(ctx).commands.event_store();
    let found = store.find_event(&app(ctx).database, account_id, stream, sequence).await.map_err(top_level)?;
    let batch = EventBatch::read(store, account_id, found.into_iter().collect());
    Ok(batch.get(0).map(Event::new))
}

/// Refuses to continue from an event that is not in this history.
pub(in crate::graphql) async fn require_known(ctx: &Context<'_>, cursor: Option<Cursor>) -> Result<()> {
    let Some(cursor) = cursor else { return Ok(()) };
    match app(ctx).commands.event_store().knows(&app(ctx).database, cursor).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(unknown_cursor(UnknownCursor)),
        Err(error) => Err(top_level(error)),
    }
}

impl EventFilter {
    /// Events about one user.
    pub(in crate::graphql) fn of(subject: UserId) -> Self {
        Self { subject: Some(subject.to_string().into()), ..Self::default() }
    }

    async fn parse(self, ctx: &Context<'_>, account_id: AccountId) -> Result<LogFilter> {
        let (from, before) = self.recorded.unwrap_or_default().bounds();
        // A malformed id matches nothing.
        let user = |id: ID| id.parse::<UserId>().unwrap_or_else(|_| UserId::new(uuid::Uuid::nil()));
        let actors = match self.actor.map(user) {
            Some(id) => Some(names_of_actor(&app(ctx).database, account_id, id).await.map_err(top_level)?),
            None => None,
        };
        require_short_list("types", self.types.as_ref())?;
        let subject = self.subject.map(user);
        let operation = self.operation_id.map(Into::into);
        let filter = LogFilter { from, before, actors, subject, operation, ..LogFilter::default() };
        Ok(narrow_to_types(filter, &self.types.unwrap_or_default()))
    }
}
