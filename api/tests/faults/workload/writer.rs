//! A client that changes users all the time.

use std::time::Duration;

use serde_json::{Value, json};

use super::client::{Client, Repeat};
use crate::random::Random;

/// Between two changes.
const THINKING: Duration = Duration::from_millis(20);

/// How many of the invited are left to join, one in so many.
const JOINING: usize = 8;

pub(crate) struct Writer {
    client: Client,
    random: Random,
    /// The pending users that no one else changes.
    own: Vec<Own>,
}

struct Own {
    id: String,
    email: String,
    is_editor: bool,
}

impl Writer {
    pub(crate) fn new(client: Client, random: Random) -> Self {
        Self { client, random, own: vec![] }
    }

    /// Writes until the workload is over.
    pub(crate) async fn write(mut self) {
        while !self.client.is_over() {
            match self.random.below(100) {
                0..25 => self.invite(Repeat::WithKey).await,
                25..32 => self.invite(Repeat::UntilRefusedWith("ALREADY_INVITED")).await,
                32..36 => self.invite_several().await,
                36..60 => self.rename(Repeat::WithKey).await,
                60..70 => self.rename(Repeat::Never).await,
                70..86 => self.change_role().await,
                _ => self.delete().await,
            }
            self.client.think(THINKING).await;
        }
    }

    fn address(&mut self) -> String {
        format!("{}@acme.example", self.client.unique())
    }

    async fn invite(&mut self, repeat: Repeat) {
        let email = self.address();
        let Some(payload) = self.client.run("inviteUser", invitation(&email), repeat).await else { return };
        if self.random.below(JOINING) == 0 {
            self.client.site.to_join.lock().expect("no holder panics").push(email);
        } else {
            self.own.extend(text(&payload["user"]["id"]).map(|id| Own { id, email, is_editor: false }));
        }
    }

    async fn invite_several(&mut self) {
        let emails: Vec<_> = (0..3).map(|_| self.address()).collect();
        let rows: Vec<_> = emails.iter().map(|email| invitation(email)).collect();
        let Some(payload) = self.client.run("inviteUsers", json!({ "rows": rows }), Repeat::WithKey).await else { return };
        for (email, result) in emails.into_iter().zip(payload["results"].as_array().into_iter().flatten()) {
            self.own.extend(text(&result["user"]["id"]).map(|id| Own { id, email, is_editor: false }));
        }
    }

    /// Gives a new name to someone, half the time to a user whom others rename as well.
    async fn rename(&mut self, repeat: Repeat) {
        let own: Vec<_> = self.own.iter().map(|own| own.id.clone()).collect();
        let from = if self.random.below(2) == 0 { &self.client.site.shared_users } else { &own };
        let Some(id) = self.random.pick(from).cloned() else { return };
        let name = self.client.unique();
        self.client.run("updateUser", json!({ "id": id, "name": name }), repeat).await;
    }

    async fn change_role(&mut self) {
        let which = self.random.below(self.own.len());
        let Some(own) = self.own.get_mut(which) else { return };
        own.is_editor = !own.is_editor;
        let role = if own.is_editor { "EDITOR" } else { "VIEWER" };
        self.client.run("updateUser", json!({ "id": own.id, "role": role }), Repeat::WithKey).await;
    }

    async fn delete(&mut self) {
        if self.own.is_empty() {
            return;
        }
        let own = self.own.swap_remove(self.random.below(self.own.len()));
        self.client.run("deleteUser", json!({ "id": own.id, "confirmEmail": own.email }), Repeat::WithKey).await;
    }
}

pub(super) fn invitation(email: &str) -> Value {
    json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
