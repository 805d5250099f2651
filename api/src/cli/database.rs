//! The database of a command: a given Postgres, or the embedded one of the data folder.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Utc;
use clap::Args;
use commands::Commands;
use domain::{AuthMethod, Slug};
use embedded_postgres::{Config, EmbeddedPostgres};
use event_store::{
    Connector, EventStore, IdentityGuard, Pool, SchemaDifference, adopt_identity, compare_schema, count_migrations, find_wrong_encoding,
    grant_runtime_role, holds_roster, holds_sealed_values,
};
use projections::accounts::{AccountView, find_account_by_slug};
use tokio::time::timeout;

use super::Failure;
use super::connections::{PoolerArg, operator_pool};
use super::master_key::MasterKeyArgs;
use super::output::print_line;
use super::providers::{ProviderArgs, auth_methods};

/// The embedded Postgres's one database.
const DATABASE: &str = "roster";

/// Which database a command works on.
#[derive(Args, Clone)]
pub(super) struct DatabaseArgs {
    /// A Postgres 15 or newer to use instead of an embedded one
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(super) database_url: Option<String>,
    /// Where the embedded Postgres, its master key and its mailbox are kept
    #[arg(long, env = "ROSTER_DATA_DIR", value_name = "FOLDER", default_value = ".roster")]
    pub(super) data_dir: PathBuf,
    /// Whether a pooler such as PgBouncer is between Roster and Postgres
    #[arg(long, env = "ROSTER_DATABASE_POOLER", value_name = "POOLER", value_enum, default_value = "detect")]
    database_pooler: PoolerArg,
}

/// What an operator's command is told.
#[derive(Args)]
pub(super) struct OperatorArgs {
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
    #[command(flatten)]
    providers: ProviderArgs,
}

/// Bring the database to the newest schema
///
/// Running it again does nothing. `roster dev` does it by itself; before `roster serve` it must be run, after every upgrade too.
///
/// With --runtime-role, servers and commands connect as that role, and only this command and `roster restore finish` as the owner. It
/// gets the rights that they need and no others: it can add to the history, and neither change nor delete it, nor alter a table. Rights that
/// it had on Roster's tables before are revoked. Give it again with every upgrade: new tables need rights, too.
#[derive(Args)]
#[command(after_help = "Example: DATABASE_URL=postgres://owner@db/roster roster migrate --runtime-role roster_app")]
pub(super) struct Migrate {
    /// The role that servers connect as; it must exist, and may not own the database
    #[arg(long, env = "ROSTER_RUNTIME_ROLE", value_name = "ROLE")]
    runtime_role: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// What is asked of a database when it is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    /// It must be the one that it says it is: every connection is checked.
    Checked,
    /// It may have been restored.
    Restored,
}

/// An open database.
pub(super) struct Database {
    /// Makes more connections.
    pub(super) connector: Connector,
    /// For commands of an operator, and for the start of a server.
    pub(super) pool: Pool,
    /// What new connections have found out about the database.
    pub(super) identity: IdentityGuard,
    opened: Opened,
    /// The embedded Postgres, if this process has started it.
    pub(super) embedded: Option<EmbeddedPostgres>,
    /// Where its URL is written for other commands, while it runs.
    announced: Option<PathBuf>,
}

impl DatabaseArgs {
    /// The data folder, if it belongs to the database.
    pub(super) fn folder(&self) -> Option<&Path> {
        if self.database_url.is_none() { Some(&self.data_dir) } else { None }
    }

    /// Makes the data folder, which a Postgres of another user must be able to pass through.
    pub(super) fn make_folder(&self) -> Result<(), Failure> {
        let made = DirBuilder::new().recursive(true).mode(0o711).create(&self.data_dir);
        made.map_err(|error| format!("the data folder {} cannot be made: {error}", self.data_dir.display()).into())
    }

    /// Opens the database, starting the embedded Postgres if there is no other. One that was restored is refused.
    pub(super) async fn open(&self) -> Result<Database, Failure> {
        self.open_as(Opened::Checked).await
    }

    async fn open_as(&self, opened: Opened) -> Result<Database, Failure> {
        if let Some(url) = &self.database_url {
            return self.connect(url, opened).await;
        }
        self.make_folder()?;
        let mut config = Config::new(self.data_dir.join("postgres")).database(DATABASE);
        config.install = true;
        let embedded = EmbeddedPostgres::start(config).await?;
        let database = match self.connect(&embedded.url(DATABASE), opened).await {
            Ok(database) => database,
            Err(failure) => {
                embedded.stop().await?;
                return Err(failure);
            }
        };
        let announced = self.data_dir.join("database.url");
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&announced)?;
        file.write_all(embedded.url(DATABASE).as_bytes())?;
        Ok(Database { embedded: Some(embedded), announced: Some(announced), ..database })
    }

    async fn connect(&self, url: &str, opened: Opened) -> Result<Database, Failure> {
        let connector = Connector::connect(url, self.database_pooler.into()).await?;
        let identity = IdentityGuard::default();
        let connector = if opened == Opened::Checked { connector.guarded_by(identity.clone()) } else { connector };
        let pool = operator_pool(&connector);
        // A pool that cannot connect says only that its time is over; the guard says why it refuses.
        tokio::select! {
            biased;
            sentence = identity.refused() => return Err(sentence.into()),
            first = pool.acquire() => drop(first?),
        }
        Ok(Database { pool, connector, identity, opened, embedded: None, announced: None })
    }

    /// Opens the database for one command, also while a `roster dev` runs the embedded Postgres.
    pub(super) async fn open_beside(&self) -> Result<Database, Failure> {
        self.open_beside_as(Opened::Checked).await
    }

    /// The same for the command that finishes a restore.
    pub(super) async fn open_restored(&self) -> Result<Database, Failure> {
        self.open_beside_as(Opened::Restored).await
    }

    async fn open_beside_as(&self, opened: Opened) -> Result<Database, Failure> {
        match (self.folder(), self.open_as(opened).await) {
            (Some(folder), Err(failure)) if matches!(failure.downcast_ref(), Some(embedded_postgres::Error::InUse { .. })) => {
                let url = fs::read_to_string(folder.join("database.url")).map_err(|_| failure)?;
                self.connect(&url, opened).await
            }
            (_, result) => result,
        }
    }
}

impl OperatorArgs {
    /// Commands over a database that is open and has the newest schema.
    pub(super) async fn start_commands(&self, database: &Database) -> Result<Commands, Failure> {
        let auth_methods = auth_methods(&self.providers.read()?);
        database.start_commands(&self.master_key, self.database.folder(), auth_methods).await
    }

    /// Commands over a database that has the newest schema.
    pub(super) async fn commands(&self) -> Result<(Database, Commands), Failure> {
        let auth_methods = auth_methods(&self.providers.read()?);
        let database = self.database.open_beside().await?;
        let commands = match database.prepared(&self.database, &self.master_key, auth_methods).await {
            Ok(commands) => commands,
            Err(failure) => {
                database.close().await?;
                return Err(failure);
            }
        };
        Ok((database, commands))
    }
}

impl Database {
    async fn prepared(&self, args: &DatabaseArgs, master_key: &MasterKeyArgs, auth_methods: Vec<AuthMethod>) -> Result<Commands, Failure> {
        if args.database_url.is_none() {
            self.migrate().await?;
        }
        self.require_newest_schema().await?;
        self.start_commands(master_key, args.folder(), auth_methods).await
    }

    /// Brings the schema to the newest version. A database that cannot hold every text is refused before anything is made in it.
    pub(super) async fn migrate(&self) -> Result<(), Failure> {
        if let Some(wrong) = find_wrong_encoding(&self.pool).await? {
            return Err(wrong.into());
        }
        // A role that may not even look is told so by the first migration.
        if let Ok(difference) = compare_schema(&self.pool).await {
            require_no_newer_schema(difference.newer)?;
        }
        event_store::migrate(&self.pool).await?;
        if self.opened == Opened::Checked {
            adopt_identity(&mut *self.pool.acquire().await?).await?;
        }
        Ok(())
    }

    /// Refuses a database that holds no Roster, of whatever version.
    pub(super) async fn require_some_schema(&self) -> Result<(), Failure> {
        if holds_roster(&self.pool).await? { Ok(()) } else { Err("this database holds no Roster: restore a backup into it first".into()) }
    }

    /// Refuses to work on a schema that is behind, or that a newer Roster has made.
    pub(super) async fn require_newest_schema(&self) -> Result<(), Failure> {
        let SchemaDifference { missing, newer } = compare_schema(&self.pool).await?;
        require_no_newer_schema(newer)?;
        if missing == 0 { Ok(()) } else { Err(format!("the database lacks {missing} migrations: run `roster migrate` first").into()) }
    }

    /// The commands over this database, once the master keys have proved to be the right ones.
    pub(super) async fn start_commands(
        &self,
        master_key: &MasterKeyArgs,
        data_dir: Option<&Path>,
        auth_methods: Vec<AuthMethod>,
    ) -> Result<Commands, Failure> {
        let sealed = holds_sealed_values(&self.pool).await?;
        let master = master_key.read(data_dir, !sealed)?;
        EventStore::new(&master).check_master_keys(&mut *self.pool.acquire().await?).await?;
        Ok(Commands::new(self.pool.clone(), &master, auth_methods))
    }

    /// An account by the slug that an operator typed.
    pub(super) async fn account(&self, slug: &str) -> Result<AccountView, Failure> {
        let found = find_account_by_slug(&self.pool, &Slug::parse(slug)?).await?;
        found.ok_or_else(|| format!("there is no account with the short name {slug:?}").into())
    }

    /// Closes every connection, and stops the embedded Postgres if this process has started it.
    pub(super) async fn close(self) -> Result<(), Failure> {
        // Connections that are lost without a word would hold up the end of the embedded Postgres.
        let _ = timeout(Duration::from_secs(5), self.pool.close()).await;
        if let Some(announced) = self.announced {
            // What stays is overwritten by the next start.
            let _ = fs::remove_file(announced);
        }
        if let Some(embedded) = self.embedded {
            embedded.stop().await?;
        }
        Ok(())
    }
}

fn require_no_newer_schema(newer: usize) -> Result<(), Failure> {
    if newer == 0 {
        return Ok(());
    }
    Err(format!(
        "the database has {newer} migrations of a newer Roster than this one: upgrade this program. Processes that run already go on"
    )
    .into())
}

impl Migrate {
    async fn migrate(&self, database: &Database) -> Result<(), Failure> {
        database.migrate().await?;
        if let Some(role) = &self.runtime_role {
            grant_runtime_role(&database.pool, role).await?;
        }
        Ok(())
    }

    pub(super) async fn run(self) -> Result<(), Failure> {
        let database = self.database.open_beside().await?;
        let migrated = self.migrate(&database).await;
        database.close().await?;
        migrated?;
        print_line!("The database has the newest schema ({} migrations), as of {}.", count_migrations(), Utc::now().format("%F %T UTC"));
        if let Some(role) = self.runtime_role {
            print_line!("The role {role} has the rights that servers need, and no others.");
        }
        Ok(())
    }
}
