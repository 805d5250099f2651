//! Somebody who follows the events of their account.

use serde_json::{Value, json};

use crate::person::Person;
use crate::socket_client::SocketClient;
use crate::world::World;

const FOLLOW: &str = "subscription($after: String, $filter: UserEventFilter) { userEvents(after: $after, filter: $filter) {
    id cursor type at recordedAt actor { kind user { email } } user { id email status } summary changes { field from to } } }";

pub(crate) struct Follower {
    pub(crate) client: SocketClient,
}

impl Follower {
    /// Follows from a cursor on, or from now on.
    pub(crate) async fn start(url: &str, person: &Person, after: Option<&str>) -> Self {
        Self::filtered(url, person, json!({ "after": after })).await
    }

    pub(crate) async fn filtered(url: &str, person: &Person, variables: Value) -> Self {
        let mut client = SocketClient::enter(url, person.token.as_deref()).await;
        client.subscribe("events", FOLLOW, variables).await;
        // Messages are taken in their order, so what happens after this answer is followed, or refused before it.
        client.say(&json!({ "type": "ping" })).await;
        Self { client }
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            let mut message = self.client.hear().await;
            match message["type"].as_str() {
                Some("pong") => {}
                Some("next") => {
                    assert_eq!(message["payload"].get("errors"), None, "{message}");
                    return message["payload"]["data"]["userEvents"].take();
                }
                _ => panic!("no event, but {message}"),
            }
        }
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
        loop {
            let message = self.client.hear().await;
            match message["type"].as_str() {
                Some("pong") => {}
                Some("error") => return message["payload"][0]["extensions"]["code"].as_str().expect("a code").to_owned(),
                _ => panic!("no refusal, but {message}"),
            }
        }
    }
}

impl World {
    /// The ids of all user events of the account, in the order of the feed.
    pub(crate) async fn event_ids(&self) -> Vec<String> {
        const ORDER: &str = "select aggregate_id || ':' || sequence from events
            where aggregate_type = 'user' and account_id = $1 order by generation, xid, position";
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
