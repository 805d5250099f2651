//! `roster keys`: another master key takes over, while every process goes on serving.

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use domain::UserId;
use event_store::{EventStore, KeyUse, MasterKey, MasterKeys, PersonPosition, last_rewrap};
use projections::users::find_end_of_links;
use sqlx::PgPool;
use tokio::time::{Duration, Instant, sleep};

use super::Failure;
use super::database::{Database, DatabaseArgs};
use super::master_key::MasterKeyArgs;
use super::output::print_line;
use super::progress::Progress;

/// How many keys are wrapped anew in one transaction: an erasure waits for one at most, which takes milliseconds.
const PART: u32 = 500;

/// How long keys are waited for that others hold, such as an erasure under way.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Whatever a master key has signed is over after so many hours, but for invitations, whose time an account chooses: links for a new
/// password, sign-ins with providers, the welcome link, and what repeated requests are recognised by.
const SIGNED_HOURS: i64 = 24;

/// Make master keys, and replace one while every process goes on serving
///
/// First: print a new key with `roster keys generate`, and give it to every process behind the current one: in ROSTER_MASTER_KEY behind a
/// comma, in the file in a line of its own. Processes read their keys when they start: restart one after the other. From then on all
/// of them can open what the new key will wrap.
///
/// Second: put the new key first and the old one behind it, again for every process, one after the other. From then on the new key wraps
/// and signs; what the old one has wrapped and signed still opens.
///
/// Third: when all have the new key first, run `roster keys rotate` with the same two keys. It says until when the old key is needed.
///
/// Fourth, after that: take the old key out everywhere. Keep it, apart, for as long as backups from before are kept: they open with no
/// other.
///
/// Among the processes are the commands that you run yourself. To go back, do the same with the two keys exchanged.
#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Print a new master key: 32 bytes in base64
    Generate,
    /// Show which master keys wrap how many persons' keys, and whether an old one can go
    ///
    /// A master key is shown by its name: 16 digits that tell nothing about it.
    Status(KeysArgs),
    /// Wrap the key of every person by the current master key
    ///
    /// The keys of persons stay the same, and so does every event. It works in short transactions while others invite and erase, can
    /// be cut off at any moment, and goes on where it was when it is run again. It leaves nothing to do for a second run, unless a
    /// process still had the old key first: run it again then.
    #[command(after_help = "Example: ROSTER_MASTER_KEY=new,old roster keys rotate")]
    Rotate(KeysArgs),
}

#[derive(Args)]
pub(super) struct KeysArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
}

impl KeysCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (args, rotates) = match self {
            Self::Generate => {
                print_line!("{}", MasterKey::generate()?.to_text().as_str());
                return Ok(());
            }
            Self::Status(args) => (args, false),
            Self::Rotate(args) => (args, true),
        };
        let database = args.database.open_beside().await?;
        let done = args.run(&database, rotates).await;
        database.close().await?;
        done
    }
}

impl KeysArgs {
    async fn run(&self, database: &Database, rotates: bool) -> Result<(), Failure> {
        database.require_newest_schema().await?;
        let master = self.master_key.read(self.database.folder(), false)?;
        let store = EventStore::new(&master);
        let pool = &database.pool;
        if rotates {
            store.check_master_keys(&mut *pool.acquire().await?).await?;
            rotate(&store, pool).await?;
        } else {
            print_uses(&master, &store.count_key_uses(&mut *pool.acquire().await?).await?)?;
            store.check_master_keys(&mut *pool.acquire().await?).await?;
        }
        let left = count_left(&store, pool).await?;
        if left > 0 {
            print_line!("Not wrapped by the current master key yet: {left}. Run `roster keys rotate`.");
            return Ok(());
        }
        print_line!("The current master key wraps the key of every person.");
        let last = last_rewrap(&mut *pool.acquire().await?).await?;
        match last {
            Some(last) if master.ids().len() > 1 => print_end_of_the_old(database, last).await,
            _ => Ok(()),
        }
    }
}

/// A line for each master key that is given or in use.
fn print_uses(master: &MasterKeys, uses: &[KeyUse]) -> Result<(), Failure> {
    let given = master.ids();
    print_line!("{:<18}{:<16}{:>9}", "MASTER KEY", "IS", "PERSONS");
    for (number, id) in given.iter().enumerate() {
        let persons = uses.iter().find(|used| used.id == Some(*id)).map_or(0, |used| used.persons);
        print_line!("{id:<18}{:<16}{persons:>9}", if number == 0 { "current" } else { "still opening" });
    }
    for KeyUse { id, persons } in uses.iter().filter(|used| used.id.is_none_or(|id| !given.contains(&id))) {
        match id {
            Some(id) => print_line!("{id:<18}{:<16}{persons:>9}", "not given"),
            None => print_line!("{:<18}{:<16}{persons:>9}", "-", "not named yet"),
        }
    }
    Ok(())
}

/// When an old key can go.
async fn print_end_of_the_old(database: &Database, rotated: DateTime<Utc>) -> Result<(), Failure> {
    let signed = rotated + TimeDelta::hours(SIGNED_HOURS);
    let until = find_end_of_links(&database.pool, rotated).await?.map_or(signed, |invitation| invitation.max(signed));
    let (rotated, ends) = (rotated.format("%F %T UTC"), until.format("%F %T UTC"));
    let can_go = if Utc::now() < until { format!("is needed until {ends}: links work that it has signed") } else { "can go".to_owned() };
    print_line!("An old one that no process has had first since {rotated} {can_go}. Keep it apart while backups from before are kept.");
    Ok(())
}

/// Wraps every key by the current master key. Whatever was done stays done.
async fn rotate(store: &EventStore, pool: &PgPool) -> Result<(), Failure> {
    let progress = Progress::start(count_left(store, pool).await?, "are wrapped anew");
    let mut unopened = walk(store, pool, &progress).await?;
    let deadline = Instant::now() + TIMEOUT;
    // Others held some, or a process that has the old key first has wrapped more.
    while count_left(store, pool).await? > unopened.len() as u64 && Instant::now() < deadline {
        sleep(Duration::from_millis(100)).await;
        unopened = walk(store, pool, &progress).await?;
    }
    print_line!("Wrapped anew: {}.", progress.end());
    let left = count_left(store, pool).await?;
    match unopened.first() {
        None if left == 0 => Ok(()),
        None => Err(format!("left are {left}: others hold them, or a process still has another master key first. Run it again").into()),
        Some(first) => {
            let count = unopened.len();
            Err(format!("left are {count}, among them the key of user {first}: none of the given master keys opens them").into())
        }
    }
}

async fn count_left(store: &EventStore, pool: &PgPool) -> Result<u64, event_store::Error> {
    store.count_left(&mut *pool.acquire().await?).await
}

/// One walk over everybody; answers whose keys none of the master keys opens.
async fn walk(store: &EventStore, pool: &PgPool, progress: &Progress) -> Result<Vec<UserId>, Failure> {
    let (mut after, mut unopened) = (PersonPosition::default(), vec![]);
    loop {
        // Each part on a connection of its own: through a pooler a transaction ends where a connection is given back.
        let part = store.rewrap(&mut *pool.acquire().await?, after, PART).await?;
        progress.advance(part.rewrapped);
        unopened.extend(part.unopened);
        let Some(last) = part.last else { return Ok(unopened) };
        after = last;
    }
}
