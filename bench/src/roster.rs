//! Roster as the measurements use it: the only file that knows its Rust API.
//!
//! `make bench BASELINE=<commit>` compiles this file in the tree of that commit too, with the feature `baseline`. What is different there
//! gets a line for each.

mod account;
mod history;
mod past;

use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::Utc;
use commands::{Commands, Context, InviteUser, LimitSettings, ProviderOutcome, UpdateUser};
use domain::{AccountId, Actor, AuthMethod, AuthMethodId, AuthMethodKind, EmailAddress, ProviderIdentity, Role, UserId};
use event_store::{Connector, MasterKeys, PoolSettings, Pooler};
use projections::users::{Moment, PageRequest, UserFilter, UserOrder, list_users};
use sqlx::PgPool;

pub(crate) use account::{MASTER_KEY, SLUG};
pub(crate) use history::EVENTS_OF_EACH;

use crate::outcome::Outcome;

/// A Roster in this process, with the connections that a server has for its requests.
#[derive(Clone)]
pub(crate) struct Roster {
    commands: Arc<Commands>,
    pub(crate) pool: PgPool,
    pub(crate) account: AccountId,
    admin: Actor,
    /// The session of the admin.
    pub(crate) token: String,
    /// Users who can sign in without a password, and are changed.
    pub(crate) members: Arc<Vec<UserId>>,
}

/// The way to sign in that hashes nothing.
fn provider() -> AuthMethodId {
    AuthMethodId::parse("bench").expect("valid")
}

/// Whom the provider has proven: the user with this name in their address.
fn identity(name: &str) -> Outcome<ProviderIdentity> {
    let email = EmailAddress::parse(&format!("{name}@bench.example")).map_err(|_| "not an address")?;
    Ok(ProviderIdentity {
        auth_method: provider(),
        issuer: "https://provider.bench.example".to_owned(),
        subject: name.to_owned(),
        email: Some(email),
        email_verified: true,
    })
}

fn visitor() -> Context {
    Context::new(Actor::Visitor, None, Utc::now())
}

/// The commands over a database, without limits that the measurements would meet.
async fn commands(url: &str) -> Outcome<(Commands, PgPool)> {
    let connector = Connector::connect(url, Pooler::None).await?;
    let pool = connector.pool(PoolSettings::default());
    let offered = [(AuthMethodId::password(), AuthMethodKind::Password), (provider(), AuthMethodKind::OpenIdConnect)];
    let offered = offered.map(|(id, kind)| AuthMethod { label: id.to_string(), id, kind }).to_vec();
    let many = NonZeroU32::MAX;
    let limits = LimitSettings {
        attempts_per_address: many,
        attempts_per_user: many,
        attempts_per_account: many,
        invitations_per_day: i32::MAX.unsigned_abs(),
    };
    let commands = Commands::new(pool.clone(), &MasterKeys::parse(MASTER_KEY)?, offered).with_limits(limits);
    #[cfg(not(feature = "baseline"))]
    let commands = commands.reading_over(connector.reads(pool.clone()));
    Ok((commands, pool))
}

impl Roster {
    /// The user who does everything.
    pub(crate) fn admin_id(&self) -> UserId {
        self.admin.user().expect("the admin is a user")
    }

    fn by_admin(&self) -> Context {
        Context::new(self.admin, Some("bench".to_owned()), Utc::now())
    }

    /// The whole unit of work of `inviteUser`: events, read model, mail, counters.
    pub(crate) async fn invite(&self, email: String) -> Outcome<()> {
        let input = InviteUser { email, role: Role::Viewer, auth_methods: vec!["password".to_owned()], idempotency_key: None };
        self.commands.invite_user(&self.by_admin(), self.account, &input).await?;
        Ok(())
    }

    /// Gives a member another name.
    pub(crate) async fn update(&self, member: usize, name: String) -> Outcome<()> {
        let id = self.members[member % self.members.len()].to_string();
        let input = UpdateUser { id, name: Some(name), ..UpdateUser::default() };
        self.commands.update_user(&self.by_admin(), self.account, &input).await?;
        Ok(())
    }

    /// Starts a session of a member, by a provider.
    pub(crate) async fn sign_in(&self, member: usize) -> Outcome<()> {
        let identity = identity(&account::member_name(member % self.members.len()))?;
        match self.commands.sign_in_with_provider(&visitor(), &identity, Some(SLUG), "browser").await? {
            ProviderOutcome::SignedIn(_) => Ok(()),
            ProviderOutcome::Choose(_) => Err("there is more than one account".into()),
        }
    }

    /// What a server reads single pages over.
    #[cfg(not(feature = "baseline"))]
    fn reads(&self) -> &event_store::Reads {
        self.commands.reads()
    }

    #[cfg(feature = "baseline")]
    const fn reads(&self) -> &PgPool {
        &self.pool
    }

    /// The first page of the list.
    pub(crate) async fn list(&self) -> Outcome<()> {
        let (filter, page) = (UserFilter::default(), PageRequest::First(50, None));
        let page = list_users(self.reads(), self.account, &filter, UserOrder::default(), page, Moment::Now(Utc::now()));
        if page.await?.users.len() == 50 { Ok(()) } else { Err("the page is not full".into()) }
    }

    /// Who asks, and their row: what `{ viewer { user { id } } }` needs.
    #[cfg(not(feature = "baseline"))]
    pub(crate) async fn viewer(&self) -> Outcome<()> {
        self.commands.identify(&self.token, Utc::now()).await?.user.ok_or("the session has ended")?;
        Ok(())
    }

    #[cfg(feature = "baseline")]
    pub(crate) async fn viewer(&self) -> Outcome<()> {
        let actor = self.commands.authenticate(&self.token, Utc::now()).await?;
        let user = actor.user().ok_or("the session has ended")?;
        projections::users::find_user(&self.pool, self.account, user).await?.ok_or("there is no such user")?;
        Ok(())
    }
}
