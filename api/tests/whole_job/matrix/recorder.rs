//! Runs operations that succeed, and compares what each records with a table.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

/// What each operation records when it succeeds, as it is done in the test below. More than one event has a reason.
const EVENTS: &[(&str, &[&str])] = &[
    // An account, its first admin, who is invited and joins at once, and their session: streams of their own.
    ("openAccount", &["account/Opened", "user/Invited", "user/Accepted", "user/PasswordSet", "session/Started"]),
    ("signIn", &["session/Started"]),
    // Joining sets the password and signs in.
    ("acceptInvitation", &["user/Accepted", "user/PasswordSet", "session/Started"]),
    // It gets the same answer for every address. What becomes of the mail is the event: `delivery/Sent` or `delivery/Failed`.
    ("requestPasswordReset", &[]),
    // Another password ends every session and begins one.
    ("resetPassword", &["user/PasswordSet", "user/SessionsEnded", "session/Started"]),
    ("changePassword", &["user/PasswordSet", "user/SessionsEnded", "session/Started"]),
    ("inviteUser", &["user/Invited"]),
    // One for each person.
    ("inviteUsers", &["user/Invited", "user/Invited"]),
    // One for each field that changes.
    ("updateUser", &["user/RoleChanged", "user/NameChanged"]),
    ("resendInvitation", &["user/InvitationResent"]),
    // One for each person.
    ("resendFailedInvitations", &["user/InvitationResent", "user/InvitationResent"]),
    // One for each person, and each field that changes.
    ("updateUsers", &["user/RoleChanged", "user/RoleChanged"]),
    ("undo", &["user/RoleChanged", "user/RoleChanged"]),
    ("resendInvitations", &["user/InvitationResent", "user/InvitationResent"]),
    ("deleteUsers", &["user/Deleted"]),
    ("revealInvitationLink", &["user/InvitationLinkRevealed"]),
    ("deleteUser", &["user/Deleted"]),
    ("eraseUser", &["user/Erased"]),
    ("deactivateUser", &["user/Deactivated"]),
    ("activateUser", &["user/Activated"]),
    ("updateAccount", &["account/Renamed"]),
    ("leaveAccount", &["user/Left"]),
    ("createApiKey", &["api_key/Created"]),
    ("revokeApiKey", &["api_key/Revoked"]),
    ("createServiceKey", &["service_key/Created"]),
    ("revokeServiceKey", &["service_key/Revoked"]),
    ("saveView", &["saved_view/Saved"]),
    ("updateView", &["saved_view/Shared"]),
    ("deleteView", &["saved_view/Deleted"]),
    ("endSession", &["session/Ended"]),
    // All of a user's sessions end by one event; where one is kept, each other ends by its own.
    ("endSessions", &["user/SessionsEnded"]),
    ("signOut", &["session/Ended"]),
    ("GET /history/export", &["export/Requested"]),
    ("GET /users/export", &["export/Requested"]),
];

/// Does one operation after the other, and compares what each has recorded.
pub(super) struct Recorder<'a> {
    world: &'a World,
    seen: usize,
    pub(super) done: BTreeSet<&'static str>,
}

impl<'a> Recorder<'a> {
    pub(super) const fn new(world: &'a World) -> Self {
        Self { world, seen: 0, done: BTreeSet::new() }
    }

    /// Every event but those of mails, which Roster records when they are sent, with its actor.
    async fn events(&self) -> Vec<(String, String)> {
        let select = "select aggregate_type || '/' || event_type, metadata ->> 'actor' from events
            where aggregate_type <> 'delivery' order by xid, position";
        sqlx::query_as(select).fetch_all(&self.world.database.pool()).await.expect("answers")
    }

    /// Compares what was recorded since the last time with the row of an operation.
    pub(super) async fn recorded(&mut self, operation: &'static str, actor: &str) {
        let events = self.events().await;
        let row = EVENTS.iter().find(|(name, _)| *name == operation).unwrap_or_else(|| panic!("{operation} needs a row"));
        let expected: Vec<_> = row.1.iter().map(|kind| ((*kind).to_owned(), actor.to_owned())).collect();
        assert_eq!(events[self.seen..], expected, "{operation}");
        self.seen = events.len();
        self.done.insert(operation);
    }

    /// Runs a mutation that succeeds.
    pub(super) async fn run(&mut self, person: &Person, mutation: &'static str, input: Value, actor: &str) -> Value {
        let name = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
        let more = match mutation {
            "signIn" | "acceptInvitation" | "resetPassword" | "changePassword" => "token viewer { user { id email } }",
            "inviteUser" => "user { id }",
            "createApiKey" => "token apiKey { id }",
            "createServiceKey" => "token serviceKey { id }",
            "inviteUsers" => "results { user { id } }",
            "updateUsers" => "operationId",
            "saveView" => "view { id }",
            _ => "__typename",
        };
        let document = format!("mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {more} userErrors {{ code }} }} }}");
        let mut answer = person.ask(&document, json!({ "input": input })).await;
        assert!(answer.code().is_none() && answer.body["data"][mutation]["userErrors"] == json!([]), "{mutation}: {:?}", answer.body);
        self.recorded(mutation, actor).await;
        answer.body["data"][mutation].take()
    }

    pub(super) async fn sign_in(&mut self, email: &str, password: &str, id: &str) -> Person {
        let visitor = self.world.visitor();
        let input = json!({ "account": "acme", "email": email, "password": password, "transport": "TOKEN" });
        let answer = self.run(&visitor, "signIn", input, &by(id)).await;
        signed_in(&visitor, &answer)
    }
}

pub(super) fn by(id: &str) -> String {
    format!("user:{id}")
}

pub(super) fn signed_in(visitor: &Person, answer: &Value) -> Person {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let user = &answer["viewer"]["user"];
    Person { token: Some(text(&answer["token"])), id: text(&user["id"]), email: text(&user["email"]), ..visitor.clone() }
}
