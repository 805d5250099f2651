//! `roster user export`: who is in an account, for a review of who has access.

use clap::Args;
use commands::Commands;

use super::Failure;
use super::database::Database;
use super::export::{Given, OutputArgs, TableArgs};
use super::operator::{OperatorArgs, operator};
use crate::export::UsersWanted;

#[derive(Args)]
pub(super) struct ExportArgs {
    /// The slug of the account
    #[arg(long, value_name = "SLUG")]
    account: String,
    /// Only users with this status: PENDING_INVITATION, EXPIRED_INVITATION, ACTIVE, INACTIVE or DELETED; may be repeated
    #[arg(long, value_name = "STATUS")]
    status: Vec<String>,
    /// Only users with this role: VIEWER, EDITOR or ADMIN; may be repeated
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// Only users who may use this sign-in method; may be repeated
    #[arg(long = "allowed", value_name = "METHOD")]
    auth_methods: Vec<String>,
    /// Only users whose address or name contains each word of this text
    #[arg(long)]
    search: Option<String>,
    /// Only users whose last sign-in was before this instant, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    last_active_before: Option<String>,
    /// Only users who never signed in
    #[arg(long)]
    never_active: bool,
    /// Include deleted users
    #[arg(long)]
    include_deleted: bool,
    /// The order: EMAIL, STATUS, ROLE, CREATED_AT, LAST_ACTIVE_AT or RELEVANCE. Default: newest first
    #[arg(long, value_name = "FIELD")]
    order_by: Option<String>,
    /// The users at this past instant, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    #[command(flatten)]
    table: TableArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    operator: OperatorArgs,
}

impl ExportArgs {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let given = Given::default()
            .all("status", self.status)
            .all("role", self.role)
            .all("authMethod", self.auth_methods)
            .one("search", self.search)
            .one("lastActiveBefore", self.last_active_before)
            .flag("neverActive", self.never_active)
            .flag("includeDeleted", self.include_deleted)
            .one("orderBy", self.order_by)
            .one("asOf", self.as_of)
            .table(self.table);
        let wanted = UsersWanted::parse(given.parameters(), true)?;
        let export = async |database: &Database, commands: &Commands| {
            let account = database.account(&self.account).await?;
            let ctx = operator();
            let moment = wanted.moment(&ctx, commands, &database.pool, account.id).await?;
            let output = self.output.open()?;
            let export = wanted.begin(&ctx, commands, account.id, moment).await?;
            output.write(export, commands, &database.pool, "users").await
        };
        self.operator.with_commands(export).await
    }
}
