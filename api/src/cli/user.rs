//! `roster user`: the operator invites and lists users.

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use commands::{Context, InviteUser};
use domain::{Actor, Role};
use projections::users::{ListedStatus, MAX_PAGE, PageRequest, UserCursor, UserFilter, UserOrder, UserView, list_users};

use super::Failure;
use super::database::DatabaseArgs;
use super::master_key::MasterKeyArgs;
use super::providers::ProviderArgs;

/// What can be done with users.
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Invite a person into an account by mail
    #[command(after_help = "Example: roster user invite --account acme --email eve@acme.example --role editor")]
    Invite(InviteArgs),
    /// List the users of an account, newest first
    #[command(after_help = "Example: roster user list --account acme --search eve")]
    List(ListArgs),
}

#[derive(Args)]
pub(super) struct InviteArgs {
    /// The short name of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// Where the link is sent
    #[arg(long)]
    email: String,
    /// What they may do
    #[arg(long, value_enum, default_value_t = RoleArg::Viewer)]
    role: RoleArg,
    /// A way in which they may sign in; give it again for each further one
    #[arg(long = "allow", value_name = "METHOD", default_values_t = ["password".to_owned()])]
    auth_methods: Vec<String>,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
    #[command(flatten)]
    providers: ProviderArgs,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// The short name of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// Only users whose address or name holds this text
    #[arg(long)]
    search: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
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
        }
    }
}

impl InviteArgs {
    async fn run(self) -> Result<(), Failure> {
        let (database, commands) = self.database.commands(&self.master_key, &self.providers).await?;
        let input =
            InviteUser { email: self.email.clone(), role: self.role.into(), auth_methods: self.auth_methods, idempotency_key: None };
        let invited = match database.account(&self.account).await {
            Ok(account) => {
                let ctx = Context::new(Actor::Operator, None, Utc::now());
                commands.invite_user(&ctx, account.id, &input).await.map_err(Failure::from)
            }
            Err(failure) => Err(failure),
        };
        database.close().await?;
        invited?;
        println!("Invited {}. The mail goes out as soon as a server runs.", self.email);
        Ok(())
    }
}

impl ListArgs {
    async fn run(self) -> Result<(), Failure> {
        let database = self.database.open_beside().await?;
        let listed = async {
            database.require_newest_schema().await?;
            let account = database.account(&self.account).await?;
            let filter = UserFilter { search: self.search, ..UserFilter::default() };
            let (now, order, mut place) = (Utc::now(), UserOrder::default(), None);
            println!("{:<40} {:<19} {:<7} {:<17} {:<17} SIGNS IN WITH", "EMAIL", "STATUS", "ROLE", "CREATED", "LAST ACTIVE");
            loop {
                let page = list_users(&database.pool, account.id, &filter, order, PageRequest::First(MAX_PAGE, place), now).await?;
                page.users.iter().for_each(|user| println!("{}", line(user, now)));
                place = page.users.last().map(|user| UserCursor::of(user, order));
                if !page.has_next {
                    return Ok::<_, Failure>(());
                }
            }
        };
        let listed = listed.await;
        database.close().await?;
        listed
    }
}

fn line(user: &UserView, now: DateTime<Utc>) -> String {
    let status = match user.status_at(now) {
        ListedStatus::PendingInvitation => "pending invitation",
        ListedStatus::ExpiredInvitation => "expired invitation",
        ListedStatus::Active => "active",
        ListedStatus::Inactive => "inactive",
        ListedStatus::Deleted => "deleted",
    };
    let minute = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%MZ").to_string();
    let methods: Vec<_> = user.auth_methods.iter().map(ToString::to_string).collect();
    format!(
        "{:<40} {status:<19} {:<7} {:<17} {:<17} {}",
        user.email,
        user.role,
        minute(user.created_at),
        user.last_active_at.map_or("-".to_owned(), minute),
        methods.join(", ")
    )
}
