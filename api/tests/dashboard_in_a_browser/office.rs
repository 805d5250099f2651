//! An account as most stories find it, prepared by the commands themselves.

use chrono::Utc;
use commands::{AcceptInvitation, Commands, Context, InviteUser, OpenAccount, SignIn, SignedIn, UpdateUser};
use domain::{AccountId, Actor, Client, Role, UserId};
use projections::users::find_user;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::hands::commands;
use crate::world::World;

/// The password of everybody; `api.mjs` knows it as well.
const PASSWORD: &str = "seven lighthouses hum quietly";
const SLUG: &str = "acme";
const ADMIN: &str = "ada@acme.example";
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// Who has joined: address, name, role.
const JOINED: [(&str, &str, Role); 8] = [
    ("eve@acme.example", "Eve Miller", Role::Viewer),
    ("bob@acme.example", "Bob Stone", Role::Viewer),
    ("grace.hopper@acme.example", "Grace Hopper", Role::Admin),
    ("katherine.johnson@acme.example", "Katherine Johnson", Role::Editor),
    ("margaret.hamilton@acme.example", "Margaret Hamilton", Role::Viewer),
    ("radia.perlman@acme.example", "Radia Perlman", Role::Admin),
    ("barbara.liskov@acme.example", "Barbara Liskov", Role::Editor),
    ("annie.easley@acme.example", "Annie Easley", Role::Viewer),
];
/// Who has not: address, role, ways to sign in.
const PENDING: [(&str, Role, &[&str]); 3] = [
    ("one@acme.example", Role::Viewer, &["password", "google"]),
    ("two@acme.example", Role::Editor, &["password", "google"]),
    ("three@acme.example", Role::Editor, &["google"]),
];
/// How often everybody has signed in besides, so that the audit log has a second page.
const SIGN_INS: usize = 2;

struct Office {
    commands: Commands,
    pool: PgPool,
    account_id: AccountId,
    /// Ada.
    admin: Actor,
}

/// Opens the account, with no one in it but its first admin: the token of her session.
pub(crate) async fn open(world: &World, name: String) -> Value {
    let (_, ada) = opened(world, name).await;
    json!({ "ada": ada.token.expose() })
}

/// Opens an account and fills it: the tokens of the sessions of Ada (admin), Eve (viewer) and Bob (editor).
pub(crate) async fn furnish(world: &World) -> Value {
    let (office, ada) = opened(world, "Acme Works".to_owned()).await;
    let mut tokens = vec![];
    let mut ids = vec![];
    for (email, name, role) in JOINED {
        let joined = office.join(email, name, role).await;
        ids.push(joined.user_id);
        tokens.push(joined.token.expose().to_owned());
    }
    for _ in 0..SIGN_INS {
        for (email, ..) in JOINED {
            office.sign_in(email).await;
        }
    }
    let promote = UpdateUser { id: ids[1].to_string(), role: Some(Role::Editor), ..UpdateUser::default() };
    office.commands.update_user(&office.by_admin(), office.account_id, &promote).await.unwrap();
    for (email, role, auth_methods) in PENDING {
        office.invite(email, role, auth_methods).await;
    }
    json!({ "ada": ada.token.expose(), "eve": tokens[0], "bob": tokens[1] })
}

async fn opened(world: &World, name: String) -> (Office, SignedIn) {
    let (commands, pool) = (commands(world), world.pool());
    let token = commands.welcome_token(Utc::now()).await.unwrap().expect("no one has opened an account");
    let input = OpenAccount {
        token: token.expose().to_owned(),
        name,
        slug: SLUG.to_owned(),
        email: ADMIN.to_owned(),
        password: PASSWORD.to_owned().into(),
    };
    let ada = commands.open_account(&by(Actor::Visitor), &input).await.unwrap();
    let admin = commands.authenticate(ada.token.expose(), Utc::now()).await.unwrap();
    (Office { commands, pool, account_id: ada.account_id, admin }, ada)
}

/// Someone's request, from a browser on this machine.
fn by(actor: Actor) -> Context {
    Context::new(actor, None, Utc::now()).from(Client::new(Some([127, 0, 0, 1].into()), Some(AGENT)))
}

impl Office {
    fn by_admin(&self) -> Context {
        by(self.admin)
    }

    async fn invite(&self, email: &str, role: Role, auth_methods: &[&str]) -> UserId {
        let auth_methods = auth_methods.iter().map(|&id| id.to_owned()).collect();
        let input = InviteUser { email: email.to_owned(), role, auth_methods, idempotency_key: None };
        self.commands.invite_user(&self.by_admin(), self.account_id, &input).await.unwrap().user_id
    }

    async fn join(&self, email: &str, name: &str, role: Role) -> SignedIn {
        let user_id = self.invite(email, role, &["password", "google"]).await;
        let user = find_user(&self.pool, self.account_id, user_id).await.unwrap().unwrap();
        let token = self.commands.invitation_token(&by(Actor::Operator), user_id, user.invitation_id).unwrap();
        let input =
            AcceptInvitation { token: token.expose().to_owned(), password: PASSWORD.to_owned().into(), name: Some(name.to_owned()) };
        self.commands.accept_invitation(&by(Actor::Visitor), &input).await.unwrap()
    }

    async fn sign_in(&self, email: &str) {
        let input = SignIn { account: Some(SLUG.to_owned()), email: email.to_owned(), password: PASSWORD.to_owned().into() };
        self.commands.sign_in(&by(Actor::Visitor), &input).await.unwrap();
    }
}
