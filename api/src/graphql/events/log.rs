use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, ActorName, Operation, ServiceKeyId, UserId};
use event_store::{Cursor, LogFilter, LogPage, Pool, RecordedEvent, UnknownCursor};
use projections::api_keys::list_ids_of_user;

use super::event::Event;
use super::people::People;
use crate::graphql::answer::{app, own_account, request};
use crate::graphql::cost;
use crate::graphql::cursor::parse_event_cursor;
use crate::graphql::error::{require_short_list, top_level, unknown_cursor};
use crate::graphql::forward::{Entries, ForwardPage};
use crate::wire::{EventType, OrderDirection, TimeSpan, narrow_to_types};

/// Which events are listed. Every part narrows; parts that are absent or empty do not.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct EventFilter {
    /// Events that were recorded in this span of time.
    recorded: Option<TimeSpan>,
    /// What this user has done, also with their API keys; or what was done with the service key of this id.
    actor: Option<ID>,
    /// What happened to this user, also once they were erased.
    subject: Option<ID>,
    /// Events of these types.
    types: Option<Vec<EventType>>,
}

/// Which part of the list is wanted.
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

/// An event and its place in the list.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EventEdge<'a> {
    /// The place, for `after`.
    cursor: String,
    /// The event at this place.
    node: &'a Event,
}

/// A page of what happened.
#[Object]
impl EventConnection {
    /// The events with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<EventEdge<'_>> {
        self.page.edges(ctx).map(|(cursor, node)| EventEdge { cursor, node }).collect()
    }

    /// The events.
    async fn nodes(&self) -> Vec<&Event> {
        self.page.nodes()
    }

    /// Where this page is in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.page_info(ctx)
    }

    /// Every event that was recorded up to this instant, by the database's clock, is in the list: none can still appear. While another
    /// transaction is open somewhere in the database cluster, newer events may be missing. Null when it cannot be told.
    async fn complete_until(&self) -> Option<DateTime<Utc>> {
        self.complete_until
    }

    /// How many events there are, on all pages. Counted only when it is asked for.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let count = app(ctx).commands.event_store().log_count(&app(ctx).database, self.page.account_id, &self.filter).await;
        count.map_err(|error| top_level(error.into()))
    }
}

/// How far the feed was complete before a page was read, if this field of its connection was asked for.
pub(in crate::graphql) async fn complete_until(ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
    if !ctx.look_ahead().field("completeUntil").exists() {
        return Ok(None);
    }
    let horizon = app(ctx).commands.event_store().find_horizon(&app(ctx).database).await;
    Ok(horizon.map_err(|error| top_level(error.into()))?.complete_until)
}

/// A page of what happened in one's account, for who may read the audit log.
pub(in crate::graphql) async fn page_of_events(ctx: &Context<'_>, page: EventPage, filter: EventFilter) -> Result<EventConnection> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).map_err(top_level)?;
    let newest_first = page.direction.unwrap_or(OrderDirection::Desc) == OrderDirection::Desc;
    let after = page.after.as_deref().map(|text| parse_event_cursor(ctx, account_id, "after", text)).transpose()?;
    let page = ForwardPage::new(account_id, page.first, after, "events")?;
    let filter = filter.parse(ctx, account_id).await?;
    // Before the page is read, so that the page has everything up to there.
    let complete_until = complete_until(ctx).await?;
    require_known(ctx, after).await?;
    let wanted = LogPage { after, newest_first, limit: page.limit() };
    let read = app(ctx).commands.event_store().log_page(&app(ctx).database, account_id, &filter, wanted).await;
    let mut recorded = read.map_err(|error| top_level(error.into()))?;
    let has_next = page.cut(&mut recorded);
    let people = People::load(ctx, account_id, &recorded).await?;
    let store = app(ctx).commands.event_store();
    let read = |recorded: RecordedEvent| (recorded.cursor, Event::read(recorded, people.clone(), store));
    let events = recorded.into_iter().map(read).collect();
    Ok(EventConnection { filter, page: page.with(events, has_next), complete_until })
}

/// An event of an account by its id, for who may read the audit log.
pub(in crate::graphql) async fn find_event(ctx: &Context<'_>, account_id: AccountId, id: &str) -> Result<Option<Event>> {
    let may_see = may_read(&request(ctx).actor, Operation::ReadAuditLog, account_id, None).is_ok();
    let named = id.rsplit_once(':').and_then(|(stream, sequence)| Some((stream, sequence.parse().ok()?))).filter(|_| may_see);
    let Some((stream, sequence)) = named else { return Ok(None) };
    let store = app(ctx).commands.event_store();
    let found = store.one_event(&app(ctx).database, account_id, stream, sequence).await.map_err(|error| top_level(error.into()))?;
    let Some(recorded) = found else { return Ok(None) };
    let people = People::load(ctx, account_id, std::slice::from_ref(&recorded)).await?;
    Ok(Some(Event::read(recorded, people, store)))
}

/// Refuses to go on from an event that this history does not have.
pub(in crate::graphql) async fn require_known(ctx: &Context<'_>, cursor: Option<Cursor>) -> Result<()> {
    let Some(cursor) = cursor else { return Ok(()) };
    match app(ctx).commands.event_store().knows_cursor(&app(ctx).database, cursor).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(unknown_cursor(UnknownCursor)),
        Err(error) => Err(top_level(error.into())),
    }
}

impl EventFilter {
    /// What happened to one user.
    pub(in crate::graphql) fn of(subject: UserId) -> Self {
        Self { subject: Some(subject.to_string().into()), ..Self::default() }
    }

    async fn parse(self, ctx: &Context<'_>, account_id: AccountId) -> Result<LogFilter> {
        let (from, before) = self.recorded.unwrap_or_default().bounds();
        // An id that is none belongs to nobody.
        let user = |id: ID| id.parse::<UserId>().unwrap_or_else(|_| UserId::new(uuid::Uuid::nil()));
        let actors = match self.actor.map(user) {
            Some(id) => Some(names_of_actor(&app(ctx).database, account_id, id).await.map_err(|error| top_level(error.into()))?),
            None => None,
        };
        require_short_list("types", self.types.as_ref())?;
        let subject = self.subject.map(user);
        let filter = LogFilter { from, before, actors, subject, ..LogFilter::default() };
        Ok(narrow_to_types(filter, &self.types.unwrap_or_default()))
    }
}

/// How metadata names what a user has done, also with their API keys, or what was done with the service key of this id.
pub(crate) async fn names_of_actor(database: &Pool, account_id: AccountId, id: UserId) -> Result<Vec<String>, event_store::DatabaseError> {
    let keys = list_ids_of_user(database, account_id, id).await?.into_iter().map(ActorName::ApiKey);
    let names = [ActorName::User(id), ActorName::ServiceKey(ServiceKeyId::new(id.uuid()))].into_iter().chain(keys);
    Ok(names.map(|name| name.to_string()).collect())
}
