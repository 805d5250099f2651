//! `roster user`: the operator invites and lists users, and helps those who are locked out.

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use commands::{Commands, EraseUser, Error, InviteUser, OperatorLink};
use domain::{EmailAddress, Refusal, Role, UserId};
use projections::users::{
    ListedStatus, MAX_PAGE, Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserView, find_deleted_users_by_email,
    find_live_user_by_email, list_users,
};

use super::Failure;
use super::database::{Database, DatabaseArgs};
use super::operator::{OperatorArgs, operator};
use super::output::print_line;
use super::resend_failed::ResendFailedArgs;
use super::site::SiteArgs;
use super::user_export::ExportArgs;

/// Commands for users.
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Invite a person to an account by mail
    #[command(after_help = "Example: roster user invite --account acme --email eve@acme.example --role editor")]
    Invite(InviteArgs),
    /// List the users of an account, newest first
    #[command(after_help = "Example: roster user list --account acme --search eve")]
    List(ListArgs),
    /// Export the users of an account as CSV, for a review of access
    ///
    /// The export is recorded as an event in the history of the account.
    #[command(after_help = "Example: roster user export --account acme --status ACTIVE --order-by LAST_ACTIVE_AT --output acme.csv")]
    Export(ExportArgs),
    /// Send all invitations of an account again whose mail failed
    ///
    /// Each person gets a new link with a new expiry; the old link stops working. First repair the cause of the failures; `roster mail
    /// test` shows whether mail can be sent. If the command is interrupted, run it again: it continues with the invitations that are still
    /// failed.
    #[command(after_help = "Example: roster user resend-failed --account acme --dry-run")]
    ResendFailed(ResendFailedArgs),
    /// Print a link for a user who is locked out: to set a new password, or to accept an invitation
    ///
    /// It sends no mail. An active user gets a password-reset link, which works once, for an hour. A user who has not joined yet gets their
    /// invitation link. Hand the link over in a way that no one else can read. An event in the history of the account records that it was
    /// printed.
    #[command(after_help = "Example: roster user link --account acme ada@acme.example")]
    Link(LinkArgs),
    /// Permanently erase the personal data of a deleted user
    ///
    /// It erases all deleted users of the account who had the address. Their history stays, without address and name. This cannot be
    /// undone. Earlier backups still contain the key: see `roster erasures`.
    #[command(after_help = "Example: roster user erase --account acme ada@acme.example --confirm ada@acme.example")]
    Erase(EraseArgs),
}

#[derive(Args)]
pub(super) struct InviteArgs {
    /// The slug of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// The e-mail address that the link is sent to
    #[arg(long)]
    email: String,
    /// The role of the user
    #[arg(long, value_enum, default_value_t = RoleArg::Viewer)]
    role: RoleArg,
    /// A sign-in method that the user may use; may be repeated
    #[arg(long = "allow", value_name = "METHOD", default_values_t = ["password".to_owned()])]
    auth_methods: Vec<String>,
    #[command(flatten)]
    operator: OperatorArgs,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// The slug of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// Only users whose address or name contains each word of this text
    #[arg(long)]
    search: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Args)]
pub(super) struct LinkArgs {
    /// The slug of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// The e-mail address of the user
    email: String,
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    operator: OperatorArgs,
}

#[derive(Args)]
pub(super) struct EraseArgs {
    /// The slug of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// The e-mail address that the deleted user had
    email: String,
    /// The address again, as confirmation
    #[arg(long, value_name = "EMAIL")]
    confirm: String,
    #[command(flatten)]
    operator: OperatorArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    Viewer,
    Editor,
    Admin,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Viewer => Self::Viewer,
            RoleArg::Editor => Self::Editor,
            RoleArg::Admin => Self::Admin,
        }
    }
}

impl UserCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Invite(args) => args.run().await,
            Self::List(args) => args.run().await,
            Self::Export(args) => args.run().await,
            Self::ResendFailed(args) => args.run().await,
            Self::Link(args) => args.run().await,
            Self::Erase(args) => args.run().await,
        }
    }
}

impl InviteArgs {
    async fn run(self) -> Result<(), Failure> {
        let input =
            InviteUser { email: self.email.clone(), role: self.role.into(), auth_methods: self.auth_methods, idempotency_key: None };
        let invite = async |database: &Database, commands: &Commands| {
            let account = database.account(&self.account).await?;
            Ok(commands.invite_user(&operator(), account.id, &input).await?)
        };
        self.operator.with_commands(invite).await?;
        print_line!("Invited {}. The mail goes out as soon as a server runs.", self.email);
        Ok(())
    }
}

impl ListArgs {
    async fn run(self) -> Result<(), Failure> {
        let list = async |database: &Database| {
            let account = database.account(&self.account).await?;
            let filter = UserFilter { search: self.search, ..UserFilter::default() };
            let (now, order, mut place) = (Utc::now(), UserOrder::default(), None);
            print_line!("{HEAD}");
            loop {
                let page =
                    list_users(&database.pool, account.id, &filter, order, PageRequest::First(MAX_PAGE, place), Moment::Now(now)).await?;
                for user in &page.users {
                    print_line!("{}", line(user, now));
                }
                place = page.users.last().map(|user| UserCursor::of(user, order));
                if !page.has_next {
                    return Ok(());
                }
            }
        };
        self.database.with_database(list).await
    }
}

impl LinkArgs {
    async fn run(self) -> Result<(), Failure> {
        let site = self.site.parse()?;
        let link = async |database: &Database, commands: &Commands| {
            let account = database.account(&self.account).await?;
            let link = commands.link_for_operator(&operator(), account.id, &self.email).await.map_err(|error| self.explained(error))?;
            let (what, link, expires_at) = match link {
                OperatorLink::Invitation { token, expires_at } => {
                    ("accept the invitation", site.invitation_link(&account.slug, &token), expires_at)
                }
                OperatorLink::PasswordReset { token, expires_at } => {
                    ("choose a new password", site.password_reset_link(&account.slug, &token), expires_at)
                }
            };
            Ok(format!("{link}\nWith this link {} can {what}, until {}, once.", self.email, minute(expires_at)))
        };
        print_line!("{}", self.operator.with_commands(link).await?);
        Ok(())
    }

    /// What an operator can do about the error.
    fn explained(&self, error: Error) -> Failure {
        let (account, email) = (&self.account, &self.email);
        match error {
            Error::Refused { refusal: Refusal::NotFound, .. } => format!("no user of {account} has the address {email}").into(),
            Error::Refused { refusal: Refusal::InvitationExpired, .. } => format!(
                "the invitation of {email} has expired: ask an admin of {account} to send it again; if there is none, invite another address \
                 with `roster user invite --account {account} --role admin --email …`"
            )
            .into(),
            Error::Refused { refusal: Refusal::AccessDeactivated, .. } => {
                format!("{email} is deactivated: ask an admin of {account} to activate the user first").into()
            }
            Error::Refused { refusal: Refusal::AuthMethodNotAllowed, .. } => {
                format!("{email} may not sign in with a password: ask an admin of {account} to allow it first").into()
            }
            other => other.into(),
        }
    }
}

impl EraseArgs {
    async fn run(self) -> Result<(), Failure> {
        for id in self.operator.with_commands(async |database, commands| self.erase(database, commands).await).await? {
            print_line!("Erased {id}. Keep the new `roster erasures list` apart from the backups.");
        }
        Ok(())
    }

    async fn erase(&self, database: &Database, commands: &Commands) -> Result<Vec<UserId>, Failure> {
        let (account, email) = (database.account(&self.account).await?, EmailAddress::parse(&self.email)?);
        let users = find_deleted_users_by_email(&database.pool, account.id, &email).await?;
        if users.is_empty() {
            let live = find_live_user_by_email(&database.pool, account.id, &email).await?;
            let what = if live.is_some() {
                "belongs to a user: an admin must delete the user first"
            } else {
                "does not belong to a deleted user who can be erased"
            };
            return Err(format!("in {}, {} {what}", self.account, self.email).into());
        }
        let ctx = operator();
        let mut erased = vec![];
        for user in users {
            let input = EraseUser { id: user.id.to_string(), confirm_email: self.confirm.clone(), expected_version: None };
            erased.push(commands.erase_user(&ctx, account.id, &input).await?.user_id);
        }
        Ok(erased)
    }
}

pub(super) fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%MZ").to_string()
}

/// The header of the list of users.
pub(super) const HEAD: &str = "EMAIL                                    STATUS              ROLE    CREATED           LAST ACTIVE       \
                               SIGNS IN WITH";

/// One line for a user. A user without a known address is shown by their id.
pub(super) fn line(user: &UserView, now: DateTime<Utc>) -> String {
    let status = match user.status_at(now) {
        ListedStatus::PendingInvitation => "pending invitation",
        ListedStatus::ExpiredInvitation => "expired invitation",
        ListedStatus::Active => "active",
        ListedStatus::Inactive => "inactive",
        ListedStatus::Deleted => "deleted",
    };
    let methods: Vec<_> = user.auth_methods.iter().map(ToString::to_string).collect();
    let email = if user.email.is_empty() { user.id.to_string() } else { user.email.clone() };
    format!(
        "{email:<40} {status:<19} {:<7} {:<17} {:<17} {}",
        user.role,
        minute(user.created_at),
        user.last_active_at.map_or("-".to_owned(), minute),
        methods.join(", ")
    )
}
