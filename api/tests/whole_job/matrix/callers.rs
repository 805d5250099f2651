//! Every kind of someone who can ask.

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

/// Someone who asks.
pub(super) struct Caller {
    pub(super) name: String,
    pub(super) person: Person,
    /// By which id their attempts are found: an owner's, also for their keys; a service key's own.
    pub(super) attempts_of: String,
    standing: Standing,
}

enum Standing {
    /// No one, or no one any more.
    NoOne,
    Member {
        role: usize,
        /// The scopes of the key, where it is one.
        key: Option<&'static [&'static str]>,
        /// Whether it is of another account.
        foreign: bool,
    },
    /// A service key, which acts as an admin could. Where it does something to "itself", that is the first admin.
    Service { scopes: &'static [&'static str], foreign: bool },
}

/// What someone is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Answer,
    Code(&'static str),
}

impl Caller {
    fn new(name: String, person: Person, standing: Standing) -> Self {
        Self { name, attempts_of: person.id.clone(), person, standing }
    }

    /// Whether anyone is signed in.
    pub(super) const fn is_someone(&self) -> bool {
        matches!(self.standing, Standing::Member { .. } | Standing::Service { .. })
    }

    /// Whether it is a service key.
    pub(super) const fn is_service(&self) -> bool {
        matches!(self.standing, Standing::Service { .. })
    }

    /// Whether it is a member, not one of their keys.
    pub(super) const fn is_person(&self) -> bool {
        matches!(self.standing, Standing::Member { key: None, .. })
    }

    pub(super) const fn is_foreign(&self) -> bool {
        matches!(self.standing, Standing::Member { foreign: true, .. } | Standing::Service { foreign: true, .. })
    }

    /// What a caller must be told who tries what needs a right.
    pub(super) fn told(&self, right: &Right, upon: Upon) -> Told {
        let all_of = |scopes: &[&str]| !right.scopes.is_empty() && right.scopes.iter().all(|scope| scopes.contains(scope));
        let (reaches, within_scope, foreign) = match self.standing {
            Standing::NoOne => return Told::Code("UNAUTHENTICATED"),
            Standing::Member { role, key, foreign } => {
                let reaches = match right.reach[role] {
                    Reach::NoOne => false,
                    Reach::Oneself => upon == Upon::Oneself,
                    Reach::Account => true,
                };
                (reaches, key.is_none_or(all_of), foreign)
            }
            Standing::Service { scopes, foreign } => (right.reach[2] == Reach::Account, all_of(scopes), foreign),
        };
        match (reaches && within_scope, foreign && upon == Upon::Another) {
            (false, _) => Told::Code("FORBIDDEN"),
            (true, true) => Told::Code("NOT_FOUND"),
            (true, false) => Told::Answer,
        }
    }
}

/// Every kind of caller of one world.
pub(super) async fn callers(world: &World) -> Vec<Caller> {
    let mut callers = vec![Caller::new("no one".to_owned(), world.visitor(), Standing::NoOne)];
    for (role, name) in ROLES.into_iter().enumerate() {
        let owner = world.member(&format!("{}@acme.example", name.to_lowercase()), name).await;
        for scopes in KEYS {
            let key = key(&owner, scopes).await;
            let standing = Standing::Member { role, key: Some(scopes), foreign: false };
            callers.push(Caller::new(format!("key {} of {name}", scopes.join("+")), key, standing));
        }
        callers.push(Caller::new(name.to_owned(), owner, Standing::Member { role, key: None, foreign: false }));
    }
    for scopes in KEYS {
        let (person, id) = service_key(&world.admin, scopes).await;
        let caller = Caller::new(format!("service key {}", scopes.join("+")), person, Standing::Service { scopes, foreign: false });
        callers.push(Caller { attempts_of: id, ..caller });
    }
    let (revoked, id) = service_key(&world.admin, &ALL_SCOPES).await;
    let revoke = "mutation($input: RevokeServiceKeyInput!) { revokeServiceKey(input: $input) { userErrors { code } } }";
    let answer = world.admin.ask(revoke, json!({ "input": { "id": id } })).await;
    assert_eq!(answer.body["data"]["revokeServiceKey"]["userErrors"], json!([]), "{:?}", answer.body);
    callers.push(Caller::new("revoked service key".to_owned(), revoked, Standing::NoOne));
    let revoked = key(&world.admin, &ALL_SCOPES).await;
    let own = "{ viewer { user { apiKeys { id } } } }";
    let own = world.admin.ask(own, json!({})).await.body["data"]["viewer"]["user"]["apiKeys"][0]["id"].clone();
    let revoke = "mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { code } } }";
    let answer = world.admin.ask(revoke, json!({ "input": { "id": own } })).await;
    assert_eq!(answer.body["data"]["revokeApiKey"]["userErrors"], json!([]), "{:?}", answer.body);
    callers.push(Caller::new("revoked key".to_owned(), revoked, Standing::NoOne));
    let gone = world.member("gone@acme.example", "ADMIN").await;
    let key_of_gone = key(&gone, &ALL_SCOPES).await;
    world.admin.run("deactivateUser", json!({ "id": gone.id })).await.done();
    callers.push(Caller::new("deactivated admin".to_owned(), gone, Standing::NoOne));
    callers.push(Caller::new("key of a deactivated admin".to_owned(), key_of_gone, Standing::NoOne));
    let stranger = open_beta(world).await;
    let standing = |key| Standing::Member { role: 2, key, foreign: true };
    let strange_key = key(&stranger, &["USERS_WRITE"]).await;
    callers.push(Caller::new("key of another account's admin".to_owned(), strange_key, standing(Some(&["USERS_WRITE"]))));
    let (strange_key, _) = service_key(&stranger, &["USERS_WRITE"]).await;
    let standing_of_service = Standing::Service { scopes: &["USERS_WRITE"], foreign: true };
    callers.push(Caller::new("service key of another account".to_owned(), strange_key, standing_of_service));
    callers.push(Caller::new("another account's admin".to_owned(), stranger, standing(None)));
    callers
}

/// A program with a key of someone.
pub(super) async fn key(owner: &Person, scopes: &[&str]) -> Person {
    let document = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { token userErrors { code } } }";
    let input = json!({ "name": "matrix", "scopes": scopes, "expiresInDays": 1 });
    let answer = owner.ask(document, json!({ "input": input })).await;
    let token = answer.body["data"]["createApiKey"]["token"].as_str().unwrap_or_else(|| panic!("no key was made: {:?}", answer.body));
    Person { token: Some(token.to_owned()), ..owner.clone() }
}

/// A program with a service key that an admin creates, and the id of the key. "Itself" is the admin.
pub(super) async fn service_key(admin: &Person, scopes: &[&str]) -> (Person, String) {
    let document =
        "mutation($input: CreateServiceKeyInput!) { createServiceKey(input: $input) { token serviceKey { id } userErrors { code } } }";
    let input = json!({ "name": "matrix", "scopes": scopes, "expiresInDays": 1 });
    let answer = admin.ask(document, json!({ "input": input })).await;
    let created = &answer.body["data"]["createServiceKey"];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_else(|| panic!("no key was made: {:?}", answer.body)).to_owned();
    (Person { token: Some(text(&created["token"])), ..admin.clone() }, text(&created["serviceKey"]["id"]))
}
