//! The account of the measurements: an admin, and members who can sign in without a password.

use std::sync::Arc;

use chrono::Utc;
use commands::{Commands, Context, InviteRow, InviteUsers, OpenAccount, ProviderOutcome};
use domain::{AccountId, Actor, Role, UserId};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Roster, commands, identity, visitor};
use crate::outcome::Outcome;

/// The same for the server and the commands over one database. It protects nothing but invented people.
pub(crate) const MASTER_KEY: &str = "YmVuY2htYXJrcy1vbmx5LTMyLWJ5dGVzLWtleS0hISE=";
pub(crate) const SLUG: &str = "bench";
/// How many users are changed and sign in.
const MEMBERS: usize = 200;
const ADMIN: &str = "admin";

pub(super) fn member_name(number: usize) -> String {
    format!("member-{number}")
}

impl Roster {
    /// Connects, and opens the account in a database that has none.
    pub(crate) async fn connect(url: &str) -> Outcome<Self> {
        let (commands, pool) = commands(url).await?;
        if let Some(token) = commands.welcome_token(Utc::now()).await? {
            let open = OpenAccount {
                token: token.expose().to_owned(),
                name: "Bench".to_owned(),
                slug: SLUG.to_owned(),
                email: format!("{ADMIN}@bench.example"),
                password: "a horse that staples batteries correctly".into(),
            };
            let opened = commands.open_account(&visitor(), &open).await?;
            // The admin may sign in with the provider as well, so that a later process can be them.
            let both = vec!["password".to_owned(), "bench".to_owned()];
            let actor = commands.authenticate(opened.token.expose(), Utc::now()).await?;
            let ctx = Context::new(actor, None, Utc::now());
            let change =
                commands::UpdateUser { id: opened.user_id.to_string(), auth_methods: Some(both), ..commands::UpdateUser::default() };
            commands.update_user(&ctx, opened.account_id, &change).await?;
        }
        let (account, token) = sign_in(&commands, ADMIN).await?;
        let admin = commands.authenticate(&token, Utc::now()).await?;
        let roster = Self { commands: Arc::new(commands), pool, account, admin, token, members: Arc::default() };
        let mut members = find_members(&roster.pool).await?;
        if members.is_empty() {
            roster.join((0..MEMBERS).map(member_name).collect(), Role::Viewer).await?;
            members = find_members(&roster.pool).await?;
        }
        Ok(Self { members: Arc::new(members), ..roster })
    }

    /// Invites many, up to a thousand in a request.
    pub(crate) async fn invite_many(&self, names: &[String], role: Role, auth_method: &str) -> Outcome<Vec<UserId>> {
        let row = |name: &String| InviteRow { email: format!("{name}@bench.example"), role, auth_methods: vec![auth_method.to_owned()] };
        let input = InviteUsers { rows: names.iter().map(row).collect(), dry_run: false, idempotency_key: None };
        let answers = self.commands.invite_users(&self.by_admin(), self.account, &input).await?;
        let refused = answers.iter().find_map(|answer| answer.refusal.as_ref());
        refused.map_or(Ok(()), |refusal| Err(format!("a row was refused: {refusal}")))?;
        Ok(answers.into_iter().filter_map(|answer| answer.user).collect())
    }

    /// Invites users, who accept with the provider at once.
    pub(crate) async fn join(&self, names: Vec<String>, role: Role) -> Outcome<Vec<UserId>> {
        let users = self.invite_many(&names, role, "bench").await?;
        for (user, name) in users.iter().zip(&names) {
            let invitation: Uuid =
                sqlx::query_scalar("select invitation_id from users where id = $1").bind(user.uuid()).fetch_one(&self.pool).await?;
            let operator = Context::new(Actor::Operator, None, Utc::now());
            let token = self.commands.invitation_token(&operator, *user, domain::InvitationId::new(invitation))?;
            self.commands.accept_invitation_with_provider(&visitor(), token.expose(), &identity(name)?, Some(name)).await?;
        }
        Ok(users)
    }

    /// Takes someone's access away.
    pub(crate) async fn deactivate(&self, user: UserId) -> Outcome<()> {
        let change = commands::UpdateUser { id: user.to_string(), active: Some(false), ..commands::UpdateUser::default() };
        self.commands.update_user(&self.by_admin(), self.account, &change).await?;
        Ok(())
    }
}

async fn sign_in(commands: &Commands, name: &str) -> Outcome<(AccountId, String)> {
    match commands.sign_in_with_provider(&visitor(), &identity(name)?, Some(SLUG), "browser").await? {
        ProviderOutcome::SignedIn(signed_in) => Ok((signed_in.account_id, signed_in.token.expose().to_owned())),
        ProviderOutcome::Choose(_) => Err("there is more than one account".into()),
    }
}

async fn find_members(pool: &PgPool) -> Outcome<Vec<UserId>> {
    let select = "select id from users where email like 'member-%' order by substr(email, 8, position('@' in email) - 8)::integer";
    let ids: Vec<Uuid> = sqlx::query_scalar(select).fetch_all(pool).await?;
    Ok(ids.into_iter().map(UserId::new).collect())
}
