//! The demo account of `roster dev`: a research company of some dozens of people, with a history.
//!
//! Everything goes through the ordinary commands, on clocks of the past and in the order of those clocks. The commands are
//! [`backdating`](commands::Commands::backdating), so events are also recorded in the past: `asOf`, comparisons and filters by time
//! show the demo as it was. No user has a default password: the demo's people have random ones, and the reader becomes an admin by a
//! link of their own.

mod people;
mod steps;

use chrono::TimeDelta;
use commands::{Context, InviteUser, OpenAccountForAdmin, ResendInvitation};
use domain::{AccountId, Actor, EmailAddress, Role, Slug};
use event_store::CountTo;
use projections::accounts::find_account_by_slug;
use projections::users::{ListedStatus, Moment, UserFilter, UserView, count_users, find_live_user_by_email, find_user};

use super::Failure;
use super::output::print_line;
use crate::app::App;
use people::PEOPLE;

const NAME: &str = "Nimbus Research";
const SLUG: &str = "nimbus";
/// The address that the reader's link is for.
const READER: &str = "you@nimbus.example";

/// Opens the demo account if this Roster has none, or goes on with one that was cut off. Answers the link that makes the reader
/// its admin, until they have followed it. The commands of `app` are backdating.
pub(super) async fn prepare(app: &App) -> Result<Option<String>, Failure> {
    let now = (app.clock)();
    let account_id = match find_account_by_slug(&app.database, &Slug::parse(SLUG)?).await? {
        Some(account) => account.id,
        None if app.commands.welcome_token(now).await?.is_none() => return Ok(None),
        None => open(app).await?,
    };
    let found = find_live_user_by_email(&app.database, account_id, &EmailAddress::parse(READER)?).await?;
    let reader = match found {
        Some(reader) => reader,
        None if was_deleted(app, account_id).await? => return Ok(None),
        None => {
            steps::live_through(app, account_id).await?;
            invite_reader(app, account_id).await?
        }
    };
    reader_link(app, reader).await
}

async fn open(app: &App) -> Result<AccountId, Failure> {
    print_line!("Opening a demo account with the history of {} people …", PEOPLE.len());
    let first = &PEOPLE[0];
    let ctx = Context::new(Actor::Operator, None, (app.clock)() - TimeDelta::hours(first.hours_ago));
    let input = OpenAccountForAdmin { name: NAME.to_owned(), slug: SLUG.to_owned(), admin_email: first.email() };
    Ok(app.commands.open_account_for_admin(&ctx, &input).await?.account_id)
}

async fn was_deleted(app: &App, account_id: AccountId) -> Result<bool, Failure> {
    let filter = UserFilter { statuses: vec![ListedStatus::Deleted], search: Some(READER.to_owned()), ..UserFilter::default() };
    Ok(count_users(&app.database, account_id, &filter, Moment::Now((app.clock)()), CountTo::Bound).await?.count > 0)
}

async fn invite_reader(app: &App, account_id: AccountId) -> Result<UserView, Failure> {
    let ctx = operator(app);
    let auth_methods = app.commands.auth_methods().iter().map(|method| method.id.to_string()).collect();
    let input = InviteUser { email: READER.to_owned(), role: Role::Admin, auth_methods, idempotency_key: None };
    let invited = app.commands.invite_user(&ctx, account_id, &input).await?;
    find_user(&app.database, account_id, invited.user_id).await?.ok_or_else(|| "the invited reader cannot be found".into())
}

/// The reader's link: a new one when the last has expired, none once it was followed.
async fn reader_link(app: &App, reader: UserView) -> Result<Option<String>, Failure> {
    let ctx = operator(app);
    let invitation_id = match reader.status_at(ctx.at) {
        ListedStatus::PendingInvitation => reader.invitation_id,
        ListedStatus::ExpiredInvitation => {
            let input = ResendInvitation {
                id: reader.id.to_string(),
                confirm_email: READER.to_owned(),
                expected_version: None,
                idempotency_key: None,
            };
            app.commands.resend_invitation(&ctx, reader.account_id, &input).await?;
            let resent = find_user(&app.database, reader.account_id, reader.id).await?;
            resent.ok_or("the invited reader cannot be found")?.invitation_id
        }
        ListedStatus::Active | ListedStatus::Inactive | ListedStatus::Deleted => return Ok(None),
    };
    let token = app.commands.invitation_token(&ctx, reader.id, invitation_id)?;
    Ok(Some(app.site.invitation_link(SLUG, &token)))
}

fn operator(app: &App) -> Context {
    Context::new(Actor::Operator, None, (app.clock)())
}
