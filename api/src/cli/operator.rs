//! What the commands of an operator have in common.

use chrono::Utc;
use clap::Args;
use commands::{Commands, Context};
use domain::Actor;

use super::Failure;
use super::database::{Database, DatabaseArgs};
use super::master_key::MasterKeyArgs;
use super::providers::{ProviderArgs, auth_methods};

/// The arguments of commands that change data.
#[derive(Args)]
pub(super) struct OperatorArgs {
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
    #[command(flatten)]
    providers: ProviderArgs,
}

/// The operator, who asks now.
pub(super) fn operator() -> Context {
    Context::new(Actor::Operator, None, Utc::now())
}

impl OperatorArgs {
    /// Starts commands on an open database with the newest schema.
    pub(super) async fn start_commands(&self, database: &Database) -> Result<Commands, Failure> {
        let auth_methods = auth_methods(&self.providers.read()?);
        database.start_commands(&self.master_key, self.database.folder(), auth_methods).await
    }

    /// Runs commands on a database with the newest schema, then closes it.
    pub(super) async fn with_commands<T>(&self, work: impl AsyncFnOnce(&Database, &Commands) -> Result<T, Failure>) -> Result<T, Failure> {
        let auth_methods = auth_methods(&self.providers.read()?);
        let run = async |database: &Database| {
            if self.database.database_url.is_none() {
                database.migrate().await?;
            }
            database.require_newest_schema().await?;
            let commands = database.start_commands(&self.master_key, self.database.folder(), auth_methods).await?;
            work(database, &commands).await
        };
        self.database.open_beside().await?.used(run).await
    }
}

impl DatabaseArgs {
    /// Reads a database with the newest schema, then closes it.
    pub(super) async fn with_database<T>(&self, work: impl AsyncFnOnce(&Database) -> Result<T, Failure>) -> Result<T, Failure> {
        let run = async |database: &Database| {
            database.require_newest_schema().await?;
            work(database).await
        };
        self.open_beside().await?.used(run).await
    }
}
