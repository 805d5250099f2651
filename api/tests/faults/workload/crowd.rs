//! Many callers of one account who ask again and again without thinking, so that their commands wait together and share transactions.

use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use super::client::{Client, Repeat};
use super::site::{SLUG, Site};
use super::writer::invitation;
use crate::servers::COUNT;

/// How many callers there are.
const CALLERS: usize = 24;

pub(crate) struct Crowd {
    site: Arc<Site>,
    callers: JoinSet<()>,
}

impl Crowd {
    /// Sends the callers off. `name` begins whatever they invent.
    pub(crate) fn start(site: Arc<Site>, name: &str) -> Self {
        let mut callers = JoinSet::new();
        for number in 0..CALLERS {
            // Callers of each kind begin at each server.
            let client = Client::new(Arc::clone(&site), &format!("{name}x{number}"), number % COUNT);
            callers.spawn(ask(client, number / COUNT));
        }
        Self { site, callers }
    }

    /// Has every caller finish what it has begun.
    pub(crate) async fn stop(mut self) {
        self.site.stop.cancel();
        while let Some(ended) = self.callers.join_next().await {
            ended.expect("a caller does not panic");
        }
    }
}

/// One kind invites, one changes users whom others change too, and one asks for what is refused: that must not disturb its neighbours.
async fn ask(mut client: Client, number: usize) {
    let shared_user = client.site.shared_users[number / 3 % client.site.shared_users.len()].clone();
    while !client.is_over() {
        match number % 3 {
            0 => {
                let email = format!("{}@{SLUG}.example", client.unique());
                client.run("inviteUser", invitation(&email), Repeat::WithKey).await;
            }
            1 => {
                let input = json!({ "id": shared_user, "name": client.unique() });
                client.run("updateUser", input, Repeat::WithKey).await;
            }
            _ => client.run_into("inviteUser", invitation(&format!("shared0@{SLUG}.example")), "ALREADY_INVITED").await,
        }
    }
}
