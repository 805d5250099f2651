//! A client that follows the events of an account.

use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;
use test_support::SocketClient;

const FOLLOW: &str = "subscription($after: String, $filter: UserEventFilter) { userEvents(after: $after, filter: $filter) {
    id cursor type at recordedAt actor { kind user { email } } user { id email status } summary changes { field from to } } }";

pub(crate) struct Follower {
    pub(crate) client: SocketClient,
}

impl Follower {
    /// Follows what happens from now on.
    pub(crate) async fn start(world: &World, person: &Person) -> Self {
        Self::filtered(world, person, Value::Null).await
    }

    /// Follows what happens from now on, as far as the filter lets it. The mails of earlier events are sent before. A person who may not
    /// follow is refused by the subscription.
    pub(crate) async fn filtered(world: &World, person: &Person, filter: Value) -> Self {
        world.until_mail_is_settled().await;
        // No message says that a subscription has begun, so its beginning is asked for before.
        world.until_events_show().await;
        let mut answer = person.ask("{ eventCursor }", json!({})).await;
        let variables = json!({ "after": answer.body["data"]["eventCursor"].take(), "filter": filter });
        Self::subscribe(&world.roster.url, person, variables).await
    }

    pub(crate) async fn after(url: &str, person: &Person, cursor: &str) -> Self {
        Self::subscribe(url, person, json!({ "after": cursor })).await
    }

    pub(crate) async fn subscribe(url: &str, person: &Person, variables: Value) -> Self {
        let mut client = SocketClient::enter(url, person.token.as_deref()).await;
        client.subscribe("events", FOLLOW, variables).await;
        Self { client }
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> Value {
        let mut message = self.client.hear().await;
        assert_eq!((&message["type"], message["payload"].get("errors")), (&json!("next"), None), "{message}");
        message["payload"]["data"]["userEvents"].take()
    }

    /// The ids and the last cursor of so many events.
    pub(crate) async fn take(&mut self, count: usize) -> (Vec<String>, String) {
        let (mut ids, mut cursor) = (vec![], String::new());
        for _ in 0..count {
            let event = self.next().await;
            ids.push(event["id"].as_str().expect("an id").to_owned());
            event["cursor"].as_str().expect("a cursor").clone_into(&mut cursor);
        }
        (ids, cursor)
    }

    /// The code with which the subscription is refused.
    pub(crate) async fn refused(&mut self) -> String {
        let message = self.client.hear().await;
        assert_eq!(message["type"], "error", "{message}");
        message["payload"][0]["extensions"]["code"].as_str().expect("a code").to_owned()
    }
}

impl World {
    /// Waits until the feed shows everything: transactions of other tests in the same cluster hold its horizon back.
    pub(crate) async fn until_events_show(&self) {
        const SHOW: &str = "select not exists (
            select from events where generation = current_generation() and xid >= pg_snapshot_xmin(pg_current_snapshot()))";
        self.until(SHOW, "the feed shows every event").await;
    }

    /// The cursor of the last event of the account, once the feed shows all of them.
    pub(crate) async fn event_cursor(&self, person: &Person) -> String {
        self.until_events_show().await;
        let answer = person.ask("{ eventCursor }", json!({})).await;
        answer.body["data"]["eventCursor"].as_str().unwrap_or_else(|| panic!("a cursor: {answer:?}")).to_owned()
    }

    /// The ids of all events of the account, in the order of the feed, once every mail is sent.
    pub(crate) async fn event_ids(&self) -> Vec<String> {
        const ORDER: &str = "select aggregate_id || ':' || sequence from events
            where account_id = $1 order by generation, xid, position";
        self.until_mail_is_settled().await;
        self.until_events_show().await;
        let ids = sqlx::query_scalar(ORDER).bind(self.account_id.uuid());
        ids.fetch_all(&self.database.pool()).await.expect("the database answers")
    }

    /// The ids of all invitations and new names of the account, in the order of the feed.
    pub(crate) async fn invitation_and_name_ids(&self) -> Vec<String> {
        const ORDER: &str = "select aggregate_id || ':' || sequence from events
            where account_id = $1 and event_type in ('Invited', 'NameChanged') order by generation, xid, position";
        let ids = sqlx::query_scalar(ORDER).bind(self.account_id.uuid());
        ids.fetch_all(&self.database.pool()).await.expect("the database answers")
    }
}

/// Gives a user another name, and another, and another.
pub(crate) async fn rename_often(by: Person, id: String, times: usize) {
    for round in 0..times {
        by.attempt("updateUser", json!({ "id": id, "name": format!("Name {round}") })).await;
    }
}
