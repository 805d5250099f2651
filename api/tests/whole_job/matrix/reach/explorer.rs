//! Someone who tries everything that they can reach with what they have.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::person::{Answer, Person};
use crate::world::{PASSWORD, World};

/// What someone can get who was not meant to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reached {
    /// Seeing another user.
    People,
    /// Seeing what happened.
    History,
    /// Making someone an admin, or giving an admin access again.
    Admin,
    /// A session of someone else, of whatever role. It outlives the key.
    Session,
    /// A session of an admin.
    AdminSession,
    /// A key, or another key than the one that began.
    Key,
}

/// Someone, and everything that they have obtained.
pub(super) struct Explorer {
    pub(super) reached: BTreeSet<Reached>,
    /// What succeeded, for the reader of a failure.
    pub(super) steps: Vec<String>,
    /// One of each kind is enough: they may do the same.
    tokens: Vec<(String, Person)>,
    /// Ids and addresses.
    users: Vec<(String, String)>,
    links: BTreeSet<String>,
    visitor: Person,
    prefix: String,
    count: usize,
}

impl Explorer {
    /// Someone who knows of a member, an invited editor, an invited admin and an admin without access.
    pub(super) async fn new(world: &World, actor: Person, number: usize) -> Self {
        let prefix = format!("reach{number}");
        let email = |what: &str| format!("{prefix}-{what}@acme.example");
        let member = world.member(&email("member"), "VIEWER").await;
        let inactive = world.member(&email("inactive"), "ADMIN").await;
        world.admin.run("deactivateUser", json!({ "id": inactive.id })).await.done();
        let mut users: Vec<_> = [&member, &inactive, &world.admin].map(|person| (person.id.clone(), person.email.clone())).into();
        for role in ["EDITOR", "ADMIN"] {
            let email = email(&role.to_lowercase());
            users.push((world.invite(&email, role).await, email));
        }
        if !actor.id.is_empty() {
            users.push((actor.id.clone(), actor.email.clone()));
        }
        let (tokens, visitor) = (vec![("the beginning".to_owned(), actor)], world.visitor());
        Self { reached: BTreeSet::new(), steps: vec![], tokens, users, links: BTreeSet::new(), visitor, prefix, count: 0 }
    }

    /// Tries every operation with everything that was obtained before.
    pub(super) async fn round(&mut self) {
        let (tokens, users, links) = (self.tokens.clone(), self.users.clone(), self.links.clone());
        // First, because what follows ends links.
        for token in links {
            let input = json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" });
            self.step(&self.visitor.clone(), "acceptInvitation", input).await;
        }
        for (_, person) in &tokens {
            self.read(person, &users).await;
            for (mutation, input) in self.operations(&users) {
                self.step(person, mutation, input).await;
            }
        }
    }

    async fn read(&mut self, person: &Person, users: &[(String, String)]) {
        let listed = person.ask("{ users(first: 100) { nodes { id } } }", json!({})).await;
        let others = users.iter().filter(|(id, _)| *id != person.id);
        let mut sees_people = listed.code().is_none();
        for (id, _) in others {
            sees_people |= person.user(id).await.body["data"]["user"].is_object();
        }
        self.reached.extend(sees_people.then_some(Reached::People));
        let history = person.ask("{ auditLog(first: 1) { nodes { id } } }", json!({})).await;
        self.reached.extend(history.code().is_none().then_some(Reached::History));
    }

    /// Everything that gives someone something, with every user.
    fn operations(&mut self, users: &[(String, String)]) -> Vec<(&'static str, Value)> {
        let mut new = |role: &str| {
            self.count += 1;
            let email = format!("{}-{}@acme.example", self.prefix, self.count);
            json!({ "email": email, "role": role, "authMethods": ["password"] })
        };
        let every_scope = super::ALL;
        let mut operations = vec![
            ("inviteUser", new("EDITOR")),
            ("inviteUser", new("ADMIN")),
            ("inviteUsers", json!({ "rows": [new("VIEWER"), new("ADMIN")] })),
            ("createApiKey", json!({ "name": "More", "scopes": every_scope })),
            ("createServiceKey", json!({ "name": "More", "scopes": every_scope })),
        ];
        for (id, email) in users {
            operations.extend([
                ("updateUser", json!({ "id": id })),
                ("updateUser", json!({ "id": id, "role": "ADMIN" })),
                ("updateUser", json!({ "id": id, "authMethods": ["password"] })),
                ("activateUser", json!({ "id": id })),
                ("updateUsers", json!({ "users": { "ids": [id] }, "role": "ADMIN" })),
                ("updateUsers", json!({ "users": { "ids": [id] }, "authMethods": ["password"], "active": true })),
                ("resendInvitations", json!({ "users": { "ids": [id] } })),
                ("resendInvitation", json!({ "id": id, "confirmEmail": email })),
                ("revealInvitationLink", json!({ "id": id })),
                ("inviteUser", json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })),
            ]);
        }
        operations
    }

    async fn step(&mut self, person: &Person, mutation: &'static str, input: Value) {
        let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
        let fields = match mutation {
            "inviteUsers" | "updateUsers" | "resendInvitations" => "results { userId user { id } userErrors { code } }",
            "createApiKey" | "createServiceKey" => "token",
            "revealInvitationLink" => "link user { id }",
            "acceptInvitation" => "token viewer { user { id role email } }",
            _ => "userId user { id }",
        };
        let document = format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code }} }} }}");
        let answer = person.ask(&document, json!({ "input": input })).await;
        let payload = &answer.body["data"][mutation];
        let shown = [&payload["user"], &payload["results"][0]["user"]];
        let sees_another = mutation != "acceptInvitation" && shown.iter().any(|user| user["id"].is_string() && user["id"] != person.id);
        self.reached.extend(sees_another.then_some(Reached::People));
        if payload["userErrors"] == json!([]) {
            self.succeeded(person, mutation, &input, payload);
        } else {
            Self::assert_answered(&answer, mutation);
        }
    }

    fn assert_answered(answer: &Answer, mutation: &str) {
        let code = answer.code();
        assert!(matches!(code, None | Some("FORBIDDEN")), "{mutation}: {:?}", answer.body);
    }

    /// Keeps what a success has given.
    fn succeeded(&mut self, person: &Person, mutation: &'static str, input: &Value, payload: &Value) {
        self.steps.push(format!("{mutation} {input}"));
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let invited = [(&payload["userId"], &input["email"])].into_iter();
        let rows = payload["results"].as_array().into_iter().flatten().zip(input["rows"].as_array().into_iter().flatten());
        let invited = invited.chain(rows.map(|(result, row)| (&result["userId"], &row["email"])));
        self.users.extend(invited.filter_map(|(id, email)| Some((text(id)?, text(email)?))));
        let token_of_link = text(&payload["link"]).and_then(|link| link.rsplit(['/', '#', '=']).next().map(str::to_owned));
        self.links.extend(token_of_link);

        let makes_admin = input["role"] == "ADMIN" || input["rows"][1]["role"] == "ADMIN";
        let inactive_admin = mutation == "activateUser" && input["id"] == self.users[1].0.as_str();
        self.reached.extend((makes_admin || inactive_admin).then_some(Reached::Admin));
        let Some(token) = text(&payload["token"]) else { return };
        let user = &payload["viewer"]["user"];
        let (kind, owner) = match text(&user["role"]) {
            Some(role) => (format!("session of {role}"), (text(&user["id"]), text(&user["email"]))),
            None if mutation == "createServiceKey" => ("service key".to_owned(), (Some(String::new()), Some(String::new()))),
            None => (format!("key of {}", person.email), (Some(person.id.clone()), Some(person.email.clone()))),
        };
        self.reached.insert(if user.is_object() { Reached::Session } else { Reached::Key });
        self.reached.extend((user["role"] == "ADMIN").then_some(Reached::AdminSession));
        let (Some(id), Some(email)) = owner else { panic!("a session without its user: {payload}") };
        if self.tokens.iter().all(|(known, _)| *known != kind) {
            self.tokens.push((kind, Person { token: Some(token), id, email, ..self.visitor.clone() }));
        }
    }
}
