//! Every kind of somebody who can ask.

use serde_json::json;

use super::rights::{Reach, Right, Upon};
use crate::other_accounts::open_beta;
use crate::person::Person;
use crate::world::World;

const ROLES: [&str; 3] = ["VIEWER", "EDITOR", "ADMIN"];
/// The scopes of the keys that every role has: each by itself, then those that mean something only together.
const KEYS: [&[&str]; 7] = [
    &["USERS_READ"],
    &["USERS_WRITE"],
    &["ADMINS_WRITE"],
    &["LINKS_READ"],
    &["AUDIT_READ"],
    &["USERS_WRITE", "ADMINS_WRITE"],
    &["LINKS_READ", "ADMINS_WRITE"],
];
const ALL_SCOPES: [&str; 5] = ["USERS_READ", "USERS_WRITE", "ADMINS_WRITE", "LINKS_READ", "AUDIT_READ"];

/// Somebody who asks.
pub(super) struct Caller {
    pub(super) name: String,
    pub(super) person: Person,
    standing: Standing,
}

enum Standing {
    /// Nobody, or nobody any more.
    Nobody,
    Member {
        role: usize,
        /// The scopes of the key, where it is one.
        key: Option<&'static [&'static str]>,
        /// Whether it is of another account.
        foreign: bool,
    },
}

/// What somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Answer,
    Code(&'static str),
}

impl Caller {
    /// Whether anybody is signed in.
    pub(super) const fn is_somebody(&self) -> bool {
        matches!(self.standing, Standing::Member { .. })
    }

    /// Whether it is a member, not one of their keys.
    pub(super) const fn is_person(&self) -> bool {
        matches!(self.standing, Standing::Member { key: None, .. })
    }

    pub(super) const fn is_foreign(&self) -> bool {
        matches!(self.standing, Standing::Member { foreign: true, .. })
    }

    /// What must be told to whoever tries what needs a right.
    pub(super) fn told(&self, right: &Right, upon: Upon) -> Told {
        let Standing::Member { role, key, foreign } = self.standing else { return Told::Code("UNAUTHENTICATED") };
        let reaches = match right.reach[role] {
            Reach::Nobody => false,
            Reach::Oneself => upon == Upon::Oneself,
            Reach::Account => true,
        };
        let all_of = |scopes: &[&str]| !right.scopes.is_empty() && right.scopes.iter().all(|scope| scopes.contains(scope));
        let within_scope = key.is_none_or(all_of);
        match (reaches && within_scope, foreign && upon == Upon::Another) {
            (false, _) => Told::Code("FORBIDDEN"),
            (true, true) => Told::Code("NOT_FOUND"),
            (true, false) => Told::Answer,
        }
    }
}

/// Every kind of caller of one world.
pub(super) async fn callers(world: &World) -> Vec<Caller> {
    let mut callers = vec![Caller { name: "no one".to_owned(), person: world.visitor(), standing: Standing::Nobody }];
    for (role, name) in ROLES.into_iter().enumerate() {
        let owner = world.member(&format!("{}@acme.example", name.to_lowercase()), name).await;
        for scopes in KEYS {
            let key = key(&owner, scopes).await;
            let standing = Standing::Member { role, key: Some(scopes), foreign: false };
            callers.push(Caller { name: format!("key {} of {name}", scopes.join("+")), person: key, standing });
        }
        callers.push(Caller { name: name.to_owned(), person: owner, standing: Standing::Member { role, key: None, foreign: false } });
    }
    let revoked = key(&world.admin, &ALL_SCOPES).await;
    let own = "{ viewer { user { apiKeys { id } } } }";
    let own = world.admin.ask(own, json!({})).await.body["data"]["viewer"]["user"]["apiKeys"][0]["id"].clone();
    let revoke = "mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { code } } }";
    let answer = world.admin.ask(revoke, json!({ "input": { "id": own } })).await;
    assert_eq!(answer.body["data"]["revokeApiKey"]["userErrors"], json!([]), "{:?}", answer.body);
    callers.push(Caller { name: "revoked key".to_owned(), person: revoked, standing: Standing::Nobody });
    let gone = world.member("gone@acme.example", "ADMIN").await;
    let key_of_gone = key(&gone, &ALL_SCOPES).await;
    world.admin.run("deactivateUser", json!({ "id": gone.id })).await.done();
    callers.push(Caller { name: "deactivated admin".to_owned(), person: gone, standing: Standing::Nobody });
    callers.push(Caller { name: "key of a deactivated admin".to_owned(), person: key_of_gone, standing: Standing::Nobody });
    let stranger = open_beta(world).await;
    let standing = |key| Standing::Member { role: 2, key, foreign: true };
    let strange_key = key(&stranger, &["USERS_WRITE"]).await;
    callers.push(Caller {
        name: "key of another account's admin".to_owned(),
        person: strange_key,
        standing: standing(Some(&["USERS_WRITE"])),
    });
    callers.push(Caller { name: "another account's admin".to_owned(), person: stranger, standing: standing(None) });
    callers
}

/// A program with a key of somebody.
pub(super) async fn key(owner: &Person, scopes: &[&str]) -> Person {
    let document = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { token userErrors { code } } }";
    let input = json!({ "name": "matrix", "scopes": scopes, "expiresInDays": 1 });
    let answer = owner.ask(document, json!({ "input": input })).await;
    let token = answer.body["data"]["createApiKey"]["token"].as_str().unwrap_or_else(|| panic!("no key was made: {:?}", answer.body));
    Person { token: Some(token.to_owned()), ..owner.clone() }
}
