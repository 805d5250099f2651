//! A Roster of a test's own, with everything around it.

use std::sync::Arc;

use api::app::App;
use api::site::Site;
use chrono::{DateTime, Utc};
use commands::{Commands, Context, InviteUser};
use domain::{AccountId, Actor, AuthMethod, AuthMethodId, AuthMethodKind, Role, UserId};
use event_store::{IdentityGuard, MasterKeys};
use graphql_http::TrustedProxies;
use oidc::Providers;
use projections::users::find_user;
use serde_json::{Value, json};
use test_support::{SmtpServer, TestDatabase};

use crate::letters::token_of;
use crate::person::Person;
use crate::program::{MASTER_KEY, Serving};

pub(crate) const PASSWORD: &str = "seven lighthouses hum quietly";

/// A `roster serve` with an account, its database and its mail server.
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) smtp: SmtpServer,
    pub(crate) roster: Serving,
    /// Opened the account `acme`.
    pub(crate) admin: Person,
    pub(crate) account_id: AccountId,
}

/// Everything that a refused request could have changed.
#[derive(Debug, PartialEq)]
pub(crate) struct Everything {
    users: Value,
    counts: Value,
}

impl Everything {
    /// How many rows a table, or a part of one, has.
    pub(crate) fn count(&self, what: &str) -> i64 {
        self.counts[what].as_i64().unwrap_or_else(|| panic!("{what} is not counted"))
    }
}

impl World {
    /// Starts everything and opens the account.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with more variables.
    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::start_over(TestDatabase::create().await, variables).await
    }

    /// The same over this database.
    pub(crate) async fn start_over(database: TestDatabase, variables: &[(&str, &str)]) -> Self {
        let smtp = SmtpServer::start().await;
        let roster = Serving::start_with(database.url(), smtp.port(), variables).await;
        let (admin, account_id) = open_account(&roster).await;
        Self { database, smtp, roster, admin, account_id }
    }

    /// The session's cookie of this server: other servers of this host have others.
    pub(crate) fn cookie(&self, token: &str) -> String {
        let port = self.roster.url.rsplit(':').next().expect("a port");
        format!("roster_session_{port}={token}")
    }

    pub(crate) fn visitor(&self) -> Person {
        Person::visitor(&self.roster.url)
    }

    /// Invites someone, and answers their id.
    pub(crate) async fn invite(&self, email: &str, role: &str) -> String {
        let invited = self.admin.run("inviteUser", json!({ "email": email, "role": role, "authMethods": ["password"] })).await;
        invited.user()["id"].as_str().expect("an id").to_owned()
    }

    /// Someone who was invited, has read the mail, and has accepted with [`PASSWORD`].
    pub(crate) async fn member(&self, email: &str, role: &str) -> Person {
        self.invite(email, role).await;
        let mails = self.smtp.wait_for(email, 1).await;
        let input = json!({ "token": token_of(&mails[0], &self.roster.url, "acme"), "password": PASSWORD, "transport": "TOKEN" });
        let visitor = self.visitor();
        visitor.signed_in(&visitor.run("acceptInvitation", input).await)
    }

    /// Waits until no mail is under way, nor anything that is recorded of one.
    pub(crate) async fn until_mail_is_settled(&self) {
        self.until("select count(*) = 0 from mail_outbox", "the outbox is empty").await;
    }

    /// Waits until a condition holds in the database.
    pub(crate) async fn until(&self, sql: &'static str, what: &str) {
        self.database.until(sql, what).await;
    }

    /// Waits until readers of the feed see all events.
    pub(crate) async fn until_events_are_shown(&self) {
        self.database.until_events_are_shown().await;
    }

    /// Runs SQL, where a test must be the passing of time, or a fault.
    pub(crate) async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.database.pool()).await.expect(sql);
    }

    /// Looks at everything, as the admin and in the tables.
    pub(crate) async fn everything(&self) -> Everything {
        const COUNTS: &str = "select json_build_object(
            'events', (select count(*) from events), 'sessions', (select count(*) from sessions),
            'ended', (select count(*) from sessions where ended_at is not null), 'keys', (select count(*) from idempotency_keys),
            'mails', (select count(*) from mail_outbox), 'accounts', (select count(*) from accounts),
            'passwords', (select string_agg(password_hash, ',' order by user_id) from credentials))";
        let every_status = ["PENDING_INVITATION", "EXPIRED_INVITATION", "ACTIVE", "INACTIVE", "DELETED"];
        let users = self.admin.users(json!({ "filter": { "status": every_status } })).await;
        let counts = sqlx::query_scalar(COUNTS).fetch_one(&self.database.pool()).await.expect("the database answers");
        Everything { users, counts }
    }

    /// Someone who was invited at this instant: their id, and the token of their link.
    pub(crate) async fn invited_at(&self, email: &str, at: DateTime<Utc>) -> (String, String) {
        let (commands, operator) = (commands_over(&self.database), Context::new(Actor::Operator, None, at));
        let auth_methods = vec!["password".to_owned()];
        let input = InviteUser { email: email.to_owned(), role: Role::Viewer, auth_methods, idempotency_key: None };
        let user_id = commands.invite_user(&operator, self.account_id, &input).await.expect("the address is free").user_id;
        (user_id.to_string(), self.token(&commands, user_id).await)
    }

    async fn token(&self, commands: &Commands, user_id: UserId) -> String {
        let view = find_user(&self.database.pool(), self.account_id, user_id).await.expect("the database answers").expect("they exist");
        let operator = Context::new(Actor::Operator, None, Utc::now());
        commands.invitation_token(&operator, user_id, view.invitation_id).expect("the operator may").expose().to_owned()
    }
}

/// The commands of a server, for commands on another clock: the server's own cannot be moved.
pub(crate) fn commands_over(database: &TestDatabase) -> Commands {
    let master = MasterKeys::parse(MASTER_KEY).expect("it is a key");
    let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Email and password".to_owned() };
    Commands::new(database.pool(), &master, vec![password])
}

/// What a server consists of, without a mail server, a provider or a proxy, for tests of one part of it.
pub(crate) fn app_over(database: &TestDatabase) -> App {
    App {
        mail_texts: Arc::default(),
        commands: commands_over(database),
        database: database.pool(),
        identity: IdentityGuard::default(),
        site: Site::parse("http://127.0.0.1").expect("it is a URL"),
        providers: Providers::default(),
        mail: None,
        proxies: TrustedProxies::default(),
        clock: Arc::new(Utc::now),
    }
}

/// Opens the account `acme` with the link that the server printed.
pub(crate) async fn open_account(roster: &Serving) -> (Person, AccountId) {
    let visitor = Person::visitor(&roster.url);
    let token = roster.welcome_token().await;
    let input = json!({ "token": token, "name": "Acme Works", "slug": "acme", "email": "Ada@Acme.example", "password": PASSWORD, "transport": "TOKEN" });
    let opened = visitor.run("openAccount", input).await;
    let account_id = opened.done()["viewer"]["account"]["id"].as_str().expect("an id").parse().expect("an id");
    (visitor.signed_in(&opened), account_id)
}
