//! What happens in an hour: every mutation, every query of the dashboard, exports, the past, a subscription, and failed attempts.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use test_support::{SUBPROTOCOL, SocketClient};
use tokio::time::timeout;

use crate::dashboard_documents::{definitions, variables, whole};
use crate::letters::reset_token_of;
use crate::person::Person;
use crate::program::TIMEOUT;
use crate::world::{PASSWORD, World};

const OTHER_PASSWORD: &str = "nine quiet harbours at dusk";
/// The roles that every mutation needs are tested elsewhere: here everything is done by those who may.
const MUTATIONS: &str = "{ __type(name: \"Mutation\") { fields(includeDeprecated: true) { name } } }";

pub(super) struct BusyHour<'a> {
    world: &'a World,
    /// Begins the addresses of this hour.
    name: &'a str,
    done: BTreeSet<&'static str>,
}

/// The names of all mutations.
pub(super) async fn mutations(world: &World) -> Vec<String> {
    let answer = world.visitor().ask(MUTATIONS, json!({})).await;
    let fields = answer.body["data"]["__type"]["fields"].as_array().expect("a list");
    fields.iter().map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

impl<'a> BusyHour<'a> {
    pub(super) const fn new(world: &'a World, name: &'a str) -> Self {
        Self { world, name, done: BTreeSet::new() }
    }

    /// Answers which mutations were done.
    pub(super) async fn pass(mut self) -> BTreeSet<&'static str> {
        let mut follower = self.follow().await;
        let (admin, eve, ivo) = self.people().await;
        self.manage(&admin, &eve.id, &ivo).await;
        self.keys(&admin).await;
        self.views(&admin).await;
        let event = follower.hear().await;
        assert!(event["payload"]["data"]["userEvents"]["id"].is_string(), "{event}");
        self.look(&admin, &eve.id).await;
        self.leave(&admin, &eve).await;
        self.done
    }

    fn address(&self, name: &str) -> String {
        format!("{name}.{}@acme.example", self.name)
    }

    /// Runs a mutation that succeeds. `more` is selected besides the errors.
    async fn run(&mut self, person: &Person, mutation: &'static str, input: Value, more: &str) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let document = if mutation == "signOut" {
            "mutation { signOut { userErrors { code } } }".to_owned()
        } else {
            format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {more} userErrors {{ code }} }} }}")
        };
        let variables = if mutation == "signOut" { json!({}) } else { json!({ "input": input }) };
        let mut answer = person.ask(&document, variables).await;
        let is_done = answer.code().is_none() && answer.body["data"][mutation]["userErrors"] == json!([]);
        assert!(is_done, "{mutation}: {:?}", answer.body);
        self.done.insert(mutation);
        answer.body["data"][mutation].take()
    }

    async fn sign_in(&mut self, email: &str, password: &str) -> Person {
        let visitor = self.world.visitor();
        let input = json!({ "account": "acme", "email": email, "password": password, "transport": "TOKEN" });
        let signed_in = self.run(&visitor, "signIn", input, "token viewer { user { id email } }").await;
        as_signed_in(&visitor, &signed_in)
    }

    /// Follows all events of the account.
    async fn follow(&self) -> SocketClient {
        let mut client = SocketClient::open(&self.world.roster.url, &[SUBPROTOCOL]).await.expect("the socket opens");
        let token = self.world.admin.token.as_ref().expect("the admin has one");
        client.say(&json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await;
        assert_eq!(client.hear().await["type"], "connection_ack");
        client.subscribe("1", "subscription { userEvents { id type user { email } actor { user { email } } } }", json!({})).await;
        client
    }

    /// People come: one joins, gets a new password and signs in; others are invited. The admin of this hour is one of them.
    async fn people(&mut self) -> (Person, Person, String) {
        let first = self.world.admin.clone();
        let admin = self.join(&first, "admin", "ADMIN").await;
        let eve = self.join(&admin, "eve", "EDITOR").await;
        self.run(&self.world.visitor(), "requestPasswordReset", json!({ "account": "acme", "email": eve.email }), "").await;
        let mails = self.world.smtp.wait_for(&eve.email, 2).await;
        let token = reset_token_of(&mails[1], &self.world.roster.url, "acme");
        let reset = json!({ "token": token, "newPassword": OTHER_PASSWORD, "transport": "TOKEN" });
        self.run(&self.world.visitor(), "resetPassword", reset, "token").await;
        let eve = self.sign_in(&eve.email, OTHER_PASSWORD).await;

        let row = |name: &str| json!({ "email": self.address(name), "role": "VIEWER", "authMethods": ["password"] });
        let rows = json!({ "rows": [row("ivo"), row("refuse+ida")], "idempotencyKey": self.name });
        let invited = self.run(&admin, "inviteUsers", rows, "results { user { id } }").await;
        let id = |row: usize| invited["results"][row]["user"]["id"].as_str().expect("an id").to_owned();
        self.until_mail_fails(&admin, &id(1)).await;
        self.run(&admin, "resendFailedInvitations", json!({ "expectedCount": 1 }), "").await;
        self.run(&admin, "deleteUser", json!({ "id": id(1), "confirmEmail": self.address("refuse+ida") }), "").await;
        self.run(&admin, "eraseUser", json!({ "id": id(1), "confirmEmail": self.address("refuse+ida") }), "").await;
        (admin, eve, id(0))
    }

    async fn join(&mut self, by: &Person, name: &str, role: &str) -> Person {
        let email = self.address(name);
        let invite = json!({ "email": email, "role": role, "authMethods": ["password"], "idempotencyKey": email });
        let invited = self.run(by, "inviteUser", invite, "user { id }").await;
        self.world.smtp.wait_for(&email, 1).await;
        let revealed = self.run(by, "revealInvitationLink", json!({ "id": invited["user"]["id"] }), "link").await;
        let (_, token) = revealed["link"].as_str().and_then(|link| link.rsplit_once('/')).expect("a link");
        let visitor = self.world.visitor();
        let accept = json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" });
        let accepted = self.run(&visitor, "acceptInvitation", accept, "token viewer { user { id email } }").await;
        as_signed_in(&visitor, &accepted)
    }

    async fn until_mail_fails(&self, admin: &Person, id: &str) {
        let fails = async { while admin.delivery(id).await["state"] != "FAILED" {} };
        timeout(TIMEOUT, fails).await.expect("the mail server refuses it");
    }

    /// Users and the account change.
    async fn manage(&mut self, admin: &Person, eve: &str, ivo: &str) {
        self.run(admin, "updateUser", json!({ "id": eve, "role": "VIEWER", "name": "Eve" }), "").await;
        self.run(admin, "resendInvitation", json!({ "id": ivo, "confirmEmail": self.address("ivo") }), "").await;
        let found = json!({ "matching": { "filter": { "search": self.address("ivo") }, "expectedCount": 1 } });
        let update = json!({ "users": found, "role": "EDITOR", "idempotencyKey": format!("many-{}", self.name) });
        let updated = self.run(admin, "updateUsers", update, "operationId").await;
        self.run(admin, "undo", json!({ "target": { "operationId": updated["operationId"] } }), "results { user { id } }").await;
        let filter = json!({ "filter": { "operationId": updated["operationId"] } });
        let log = "query($filter: EventFilter) { auditLog(filter: $filter) { count { count } nodes { id canUndo { allowed } } } }";
        assert_eq!(admin.ask(log, filter).await.code(), None);
        self.run(admin, "resendInvitations", json!({ "users": { "ids": [ivo] } }), "").await;
        self.run(admin, "deleteUsers", json!({ "users": { "ids": [ivo] }, "confirmCount": 1 }), "").await;
        self.run(admin, "updateAccount", json!({ "name": format!("Acme {}", self.name) }), "").await;
    }

    async fn keys(&mut self, admin: &Person) {
        let key = json!({ "name": self.name, "scopes": ["USERS_WRITE"], "expiresInDays": 1 });
        for (create, revoke, field, name) in
            [("createApiKey", "revokeApiKey", "apiKey", "max"), ("createServiceKey", "revokeServiceKey", "serviceKey", "mia")]
        {
            let created = self.run(admin, create, key.clone(), &format!("token {field} {{ id }}")).await;
            let program = Person { token: created["token"].as_str().map(str::to_owned), ..self.world.visitor() };
            let invite = json!({ "email": self.address(name), "role": "VIEWER", "authMethods": ["password"] });
            self.run(&program, "inviteUser", invite, "").await;
            self.run(admin, revoke, json!({ "id": created[field]["id"] }), "").await;
        }
    }

    async fn views(&mut self, admin: &Person) {
        let view = json!({ "name": self.name, "query": "role=EDITOR", "shared": false });
        let saved = self.run(admin, "saveView", view, "view { id }").await;
        let id = &saved["view"]["id"];
        self.run(admin, "updateView", json!({ "id": id, "shared": true }), "").await;
        self.run(admin, "deleteView", json!({ "id": id }), "").await;
    }

    /// Everything that the dashboard asks for, now and in the past; exports; and attempts that fail.
    async fn look(&self, admin: &Person, eve: &str) {
        let definitions = definitions();
        for query in definitions.iter().filter(|definition| definition.text.starts_with("query")) {
            let mut variables = variables(&query.text);
            for value in variables.as_object_mut().expect("an object").values_mut().filter(|value| **value == "x") {
                *value = json!(eve);
            }
            let answer = admin.ask(&whole(&definitions, query), variables).await;
            assert!(answer.body["data"].is_object(), "{}: {:?}", query.name, answer.body);
        }
        for query in [
            "{ users(first: 100) { totalCount count { count } nodes { id } } }",
            "{ users(first: 100, orderBy: { field: LAST_ACTIVE_AT, direction: DESC }) { nodes { id } } }",
            "{ users(filter: { search: \"eve\" }) { totalCount count { count } nodes { id } } }",
            "{ userStats { total activeInLast30Days recentlyActive { count } byStatus { count } } }",
            "{ auditLog { totalCount count { count } completeUntil nodes { id summary user { email } } } }",
            "{ refusedAttempts { totalCount count { count } nodes { id user { email } } } }",
            "{ apiKeys(includeEnded: true) { totalCount count { count } nodes { id owner { email } } } }",
            "{ serviceKeys(includeEnded: true) { totalCount count { count } nodes { id } } }",
            "{ savedViews { id name } }",
            "{ viewer { sessions { id } user { apiKeys { id } history { totalCount nodes { id } } } } }",
            "{ users(asOf: { at: \"2026-01-01T00:00:00Z\" }) { totalCount count { count } nodes { id } } }",
            "{ eventCursor readiness: __typename projectionRebuild { startedAt } }",
        ] {
            let answer = admin.ask(query, json!({})).await;
            assert_eq!(answer.code(), None, "{query}: {:?}", answer.body);
        }
        for path in ["/history/export", "/users/export", "/history/export?format=csv", "/auth", "/readyz"] {
            let request = admin.client.get(format!("{}{path}", admin.url)).bearer_auth(admin.token.as_deref().expect("signed in"));
            let answer = request.send().await.expect("answers");
            assert!(answer.status().is_success(), "{path}");
            answer.text().await.expect("a body");
        }
        for email in [self.address("eve"), self.address("nobody")] {
            self.world.visitor().sign_in("acme", &email, "wrong").await.refused();
        }
    }

    /// Sessions and access end.
    async fn leave(&mut self, admin: &Person, eve: &Person) {
        self.run(admin, "deactivateUser", json!({ "id": eve.id }), "").await;
        self.run(admin, "activateUser", json!({ "id": eve.id }), "").await;
        // Deactivation has deleted the password.
        let asked = json!({ "account": "acme", "email": eve.email });
        self.run(&self.world.visitor(), "requestPasswordReset", asked, "").await;
        let change = json!({ "currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD, "transport": "TOKEN" });
        let changed = self.run(admin, "changePassword", change, "token viewer { user { id email } }").await;
        let admin = as_signed_in(&self.world.visitor(), &changed);
        let again = self.sign_in(&admin.email, OTHER_PASSWORD).await;
        let sessions = again.ask("{ viewer { session { id } } }", json!({})).await;
        self.run(&admin, "endSession", json!({ "id": sessions.body["data"]["viewer"]["session"]["id"] }), "").await;
        self.run(&admin, "endSessions", json!({ "userId": eve.id }), "").await;
        let again = self.sign_in(&admin.email, OTHER_PASSWORD).await;
        self.run(&again, "signOut", json!({}), "").await;
        self.run(&admin, "leaveAccount", json!({ "confirmEmail": admin.email }), "").await;
    }
}

fn as_signed_in(visitor: &Person, payload: &Value) -> Person {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let user = &payload["viewer"]["user"];
    Person { token: Some(text(&payload["token"])), id: text(&user["id"]), email: text(&user["email"]), ..visitor.clone() }
}
