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

/// The database in the embedded Postgres.
const DATABASE: &str = "roster";

/// The database that a command uses.
#[derive(Args, Clone)]
pub(super) struct DatabaseArgs {
    /// The database: postgres://user:password@host/database, in Postgres 15 or newer. Without it, an embedded Postgres is used
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(super) database_url: Option<String>,
    /// The folder of the embedded Postgres, its master key and its mailbox
    #[arg(long, env = "ROSTER_DATA_DIR", value_name = "FOLDER", default_value = ".roster")]
    pub(super) data_dir: PathBuf,
    /// Whether a pooler such as PgBouncer is between Roster and Postgres
    #[arg(long, env = "ROSTER_DATABASE_POOLER", value_name = "POOLER", value_enum, default_value = "detect")]
    database_pooler: PoolerArg,
}

/// Migrate the database to the newest schema
///
/// Run it before `roster serve`, and again after each upgrade. `roster dev` does it by itself. Running it again has no effect.
///
/// With --runtime-role, it also grants the role of the servers the rights that they need: the role can append to the history, but neither
/// change nor delete it, nor alter a table. Rights that the role had on Roster's tables are revoked first. Let servers and commands connect
/// as this role, and run only this command and `roster restore finish` as the owner of the database. Use the option with every upgrade,
/// because new tables need rights too.
#[derive(Args)]
#[command(after_help = "Example: DATABASE_URL=postgres://owner@db/roster roster migrate --runtime-role roster_app")]
pub(super) struct Migrate {
    /// The role that servers connect as. It must exist, and must not own the database
    #[arg(long, env = "ROSTER_RUNTIME_ROLE", value_name = "ROLE")]
    runtime_role: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// How a database is checked when it is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    /// It must be the database that it claims to be: each connection is checked.
    Checked,
    /// It may be restored from a backup.
    Restored,
}

/// An open database.
pub(super) struct Database {
    /// Opens more connections.
    pub(super) connector: Connector,
    /// For commands, and for the startup of a server.
    pub(super) pool: Pool,
    /// What new connections found out about the database.
    pub(super) identity: IdentityGuard,
    opened: Opened,
    /// The embedded Postgres, if this process started it.
    pub(super) embedded: Option<EmbeddedPostgres>,
    /// The file that contains its URL for other commands, while it runs.
    announced: Option<PathBuf>,
}

impl DatabaseArgs {
    /// The data folder, if it belongs to the database.
    pub(super) fn folder(&self) -> Option<&Path> {
        if self.database_url.is_none() { Some(&self.data_dir) } else { None }
    }

    /// Creates the data folder. A Postgres that runs as another user must be able to traverse it.
    pub(super) fn make_folder(&self) -> Result<(), Failure> {
        let made = DirBuilder::new().recursive(true).mode(0o711).create(&self.data_dir);
        made.map_err(|error| format!("the data folder {} cannot be created: {error}", self.data_dir.display()).into())
    }

    /// Opens the database, and starts the embedded Postgres if no other is configured. Refuses a restored database.
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

    /// Opens the database for one command, even while `roster dev` runs the embedded Postgres.
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

impl Database {
    /// Migrates the schema to the newest version. A database that cannot store every text is refused before anything is created in it.
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

    /// Refuses a database without a Roster schema of any version.
    pub(super) async fn require_some_schema(&self) -> Result<(), Failure> {
        if holds_roster(&self.pool).await? {
            Ok(())
        } else {
            Err("this database contains no Roster: restore a backup into it first".into())
        }
    }

    /// Refuses a schema that is outdated, or that a newer version of Roster created.
    pub(super) async fn require_newest_schema(&self) -> Result<(), Failure> {
        let SchemaDifference { missing, newer } = compare_schema(&self.pool).await?;
        require_no_newer_schema(newer)?;
        if missing == 0 {
            Ok(())
        } else {
            Err(format!("{missing} migrations are missing in the database: run `roster migrate` first").into())
        }
    }

    /// Starts commands on this database, once the master keys are verified.
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

    /// Finds an account by the slug that the operator entered.
    pub(super) async fn account(&self, slug: &str) -> Result<AccountView, Failure> {
        let found = find_account_by_slug(&self.pool, &Slug::parse(slug)?).await?;
        found.ok_or_else(|| format!("there is no account with the slug {slug:?}").into())
    }

    /// Does something with the database, then closes it.
    pub(super) async fn used<T>(self, work: impl AsyncFnOnce(&Self) -> Result<T, Failure>) -> Result<T, Failure> {
        let done = work(&self).await;
        let closed = self.close().await;
        let done = done?;
        closed?;
        Ok(done)
    }

    /// Closes all connections, and stops the embedded Postgres if this process started it.
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
    Err(format!("the database has {newer} migrations of a newer version of Roster: upgrade this program. Running processes continue")
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
        self.database.open_beside().await?.used(async |database| self.migrate(database).await).await?;
        print_line!("The database has the newest schema ({} migrations), as of {}.", count_migrations(), Utc::now().format("%F %T UTC"));
        if let Some(role) = self.runtime_role {
            print_line!("The role {role} has the rights that servers need, and no others.");
        }
        Ok(())
    }
}
