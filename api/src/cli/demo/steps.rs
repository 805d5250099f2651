//! What the demo's people did, in the order in which they did it.

use std::collections::HashMap;
use std::sync::Arc;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, TimeDelta, Utc};
use commands::{AcceptInvitation, Context, DeleteUser, InviteUser, ResendInvitation, SignIn, UpdateUser};
use domain::user::Status;
use domain::{AccountId, Actor, EmailAddress, Role};
use projections::users::{UserView, find_live_user_by_email};

use super::SLUG;
use super::people::{Fate, PEOPLE, Person};
use crate::app::{App, Clock};
use crate::cli::Failure;
use crate::workers::mail::deliver_due;

/// Something that a user did at some time.
struct Event {
    at: DateTime<Utc>,
    person: &'static Person,
    command: Command,
}

#[derive(Clone, Copy)]
enum Command {
    Invite,
    Accept,
    SignIn,
    Promote(Role),
    Deactivate,
    Resend,
    Delete,
}

/// Does everything that the demo's people did. What an earlier, cut-off run has done is not done again.
pub(super) async fn live_through(app: &App, account_id: AccountId) -> Result<(), Failure> {
    let mut demo = Demo { app, account_id, admin: Actor::Operator, passwords: HashMap::new() };
    for event in history((app.clock)()) {
        demo.run(&event).await?;
    }
    Ok(())
}

fn history(now: DateTime<Utc>) -> Vec<Event> {
    let mut events = vec![];
    for (number, person) in (0..).zip(PEOPLE) {
        // People do not do everything on the full hour.
        let ago = |hours: i64| now - TimeDelta::hours(hours) - TimeDelta::minutes(number * 7 % 53);
        let invited = ago(person.hours_ago);
        let accepted = invited + TimeDelta::minutes(25 + number * 37 % 600);
        let mut add = |at, command| events.push(Event { at, person, command });
        add(invited, Command::Invite);
        if !matches!(person.fate, Fate::Silent | Fate::Resent { .. }) {
            add(accepted, Command::Accept);
        }
        match person.fate {
            Fate::Active { seen_hours_ago } => add(ago(seen_hours_ago), Command::SignIn),
            Fate::Promoted { to, days_ago } => {
                add(ago(days_ago * 24), Command::Promote(to));
                add(ago(11), Command::SignIn);
            }
            Fate::Inactive { days_ago } => add(ago(days_ago * 24), Command::Deactivate),
            Fate::Resent { hours_ago } => add(ago(hours_ago), Command::Resend),
            Fate::Deleted { days_ago } => add(ago(days_ago * 24), Command::Delete),
            Fate::Silent => {}
        }
    }
    events.sort_by_key(|event| event.at);
    events
}

struct Demo<'a> {
    app: &'a App,
    account_id: AccountId,
    /// Who invites and changes the others: the first admin, once there is one.
    admin: Actor,
    passwords: HashMap<&'static str, String>,
}

impl Demo<'_> {
    async fn run(&mut self, event: &Event) -> Result<(), Failure> {
        let (person, email) = (event.person, event.person.email());
        let found = find_live_user_by_email(&self.app.database, self.account_id, &EmailAddress::parse(&email)?).await?;
        let by_admin = Context::new(self.admin, None, event.at);
        let commands = &self.app.commands;
        match (event.command, found) {
            (Command::Invite, None) => {
                let auth_methods = commands.auth_methods().iter().map(|method| method.id.to_string()).collect();
                let input = InviteUser { email, role: person.role, auth_methods, idempotency_key: None };
                commands.invite_user(&by_admin, self.account_id, &input).await?;
            }
            (Command::Accept, Some(user)) if user.status == Status::Invited => self.accept(person, &user, event.at).await?,
            (Command::SignIn, Some(_)) => self.sign_in(person, email, event.at).await?,
            (Command::Promote(role), Some(user)) => {
                let input = UpdateUser { id: user.id.to_string(), role: Some(role), ..UpdateUser::default() };
                commands.update_user(&by_admin, self.account_id, &input).await?;
            }
            (Command::Deactivate, Some(user)) => {
                let input = UpdateUser { id: user.id.to_string(), active: Some(false), ..UpdateUser::default() };
                commands.update_user(&by_admin, self.account_id, &input).await?;
            }
            (Command::Resend, Some(user)) => {
                let input =
                    ResendInvitation { id: user.id.to_string(), confirm_email: email, expected_version: None, idempotency_key: None };
                commands.resend_invitation(&by_admin, self.account_id, &input).await?;
            }
            (Command::Delete, Some(user)) => {
                let input = DeleteUser { id: user.id.to_string(), confirm_email: email, expected_version: None, idempotency_key: None };
                commands.delete_user(&by_admin, self.account_id, &input).await?;
            }
            (
                Command::Invite
                | Command::Accept
                | Command::SignIn
                | Command::Promote(_)
                | Command::Deactivate
                | Command::Resend
                | Command::Delete,
                _,
            ) => {}
        }
        // Also what an earlier run asked for, and was cut off before it was sent.
        let at = event.at;
        let clock: Clock = Arc::new(move || at);
        deliver_due(self.app, &clock).await?;
        Ok(())
    }

    async fn accept(&mut self, person: &'static Person, user: &UserView, at: DateTime<Utc>) -> Result<(), Failure> {
        let token = self.app.commands.invitation_token(&Context::new(Actor::Operator, None, at), user.id, user.invitation_id)?;
        let mut random = [0; 18];
        getrandom::fill(&mut random)?;
        let password = BASE64_URL_SAFE_NO_PAD.encode(random);
        let input =
            AcceptInvitation { token: token.expose().to_owned(), password: password.clone().into(), name: Some(person.name.to_owned()) };
        let signed_in = self.app.commands.accept_invitation(&Context::new(Actor::Visitor, None, at), &input).await?;
        self.passwords.insert(person.name, password);
        if self.admin == Actor::Operator && person.role == Role::Admin {
            self.admin = self.app.commands.authenticate(signed_in.token.expose(), at).await?;
        }
        Ok(())
    }

    async fn sign_in(&self, person: &'static Person, email: String, at: DateTime<Utc>) -> Result<(), Failure> {
        let Some(password) = self.passwords.get(person.name) else { return Ok(()) };
        let input = SignIn { account: Some(SLUG.to_owned()), email, password: password.clone().into() };
        self.app.commands.sign_in(&Context::new(Actor::Visitor, None, at), &input).await?;
        Ok(())
    }
}
