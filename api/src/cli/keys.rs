//! `roster keys`: another master key takes over, while every process goes on serving.

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use domain::UserId;
use event_store::{EventStore, KeyUse, MasterKey, MasterKeys, PersonPosition, Pool, last_rewrap};
use projections::users::find_end_of_links;
use tokio::time::{Duration, Instant, sleep};

use super::Failure;
use super::database::{Database, DatabaseArgs};
use super::master_key::MasterKeyArgs;
use super::output::print_line;
use super::progress::Progress;

/// How many keys are encrypted again in one transaction. An erasure waits for at most one such transaction, which takes milliseconds.
const PART: u32 = 500;

/// How long to wait for keys that others have locked, such as an erasure in progress.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum lifetime, in hours, of what a master key has signed: password-reset links, sign-ins with providers, the welcome link, and
/// idempotency keys. Invitations are not included; their lifetime is a setting of the account.
const SIGNED_HOURS: i64 = 24;

/// Generate master keys, and rotate them while servers keep running
///
/// Step 1: print a new key with `roster keys generate`. Give every process the current key and the new key, in this order: separated by a
/// comma in ROSTER_MASTER_KEY, or one per line in the file. Processes read their keys at startup, so restart one after the other. Now all
/// of them can decrypt what the new key will encrypt.
///
/// Step 2: swap the two keys, so that the new key is first, again for every process, one after the other. From now on the new key encrypts
/// and signs; the old one still decrypts and verifies.
///
/// Step 3: when all processes have the new key first, run `roster keys rotate` with the same two keys. It prints how long the old key is
/// still needed.
///
/// Step 4: after that time, remove the old key everywhere. Store it, apart from the database, as long as you keep backups from that time:
/// only this key can decrypt them.
///
/// Commands that you run yourself count as processes. To go back, do the same with the two keys exchanged.
#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Print a new master key: 32 bytes in base64
    #[command(after_help = "Example: (umask 077; roster keys generate > master.key)")]
    Generate,
    /// Show which master keys encrypt how many users' keys, and whether an old one can be removed
    ///
    /// A master key is shown by its name: 16 digits that reveal nothing about the key.
    #[command(after_help = "Example: roster keys status --database-url postgres://roster_app@db/roster")]
    Status(KeysArgs),
    /// Encrypt the keys of all users with the current master key
    ///
    /// The keys of the users and all events stay the same. The command works in short transactions while servers keep running. You can
    /// interrupt it; it continues where it stopped when you run it again. A second run finds nothing to do, unless a process still had the
    /// old key first: then run it again.
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
        args.database.with_database(async |database| args.run(database, rotates).await).await
    }
}

impl KeysArgs {
    async fn run(&self, database: &Database, rotates: bool) -> Result<(), Failure> {
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
            print_line!("Not yet encrypted with the current master key: {left}. Run `roster keys rotate`.");
            return Ok(());
        }
        print_line!("The current master key encrypts the keys of all users.");
        let last = last_rewrap(&mut *pool.acquire().await?).await?;
        match last {
            Some(last) if master.ids().len() > 1 => print_end_of_the_old(database, last).await,
            _ => Ok(()),
        }
    }
}

/// One line for each master key that is given or in use.
fn print_uses(master: &MasterKeys, uses: &[KeyUse]) -> Result<(), Failure> {
    let given = master.ids();
    print_line!("{:<18}{:<16}{:>9}", "MASTER KEY", "STATE", "USERS");
    for (number, id) in given.iter().enumerate() {
        let persons = uses.iter().find(|used| used.id == Some(*id)).map_or(0, |used| used.persons);
        print_line!("{id:<18}{:<16}{persons:>9}", if number == 0 { "current" } else { "decrypts only" });
    }
    for KeyUse { id, persons } in uses.iter().filter(|used| used.id.is_none_or(|id| !given.contains(&id))) {
        match id {
            Some(id) => print_line!("{id:<18}{:<16}{persons:>9}", "not given"),
            None => print_line!("{:<18}{:<16}{persons:>9}", "-", "not recorded"),
        }
    }
    Ok(())
}

/// When an old key can be removed.
async fn print_end_of_the_old(database: &Database, rotated: DateTime<Utc>) -> Result<(), Failure> {
    let signed = rotated + TimeDelta::hours(SIGNED_HOURS);
    let until = find_end_of_links(&database.pool, rotated).await?.map_or(signed, |invitation| invitation.max(signed));
    let (rotated, ends) = (rotated.format("%F %T UTC"), until.format("%F %T UTC"));
    let can_go = if Utc::now() < until {
        format!("is needed until {ends}: links that it has signed still work")
    } else {
        "can be removed".to_owned()
    };
    print_line!(
        "An old key that no process has used first since {rotated} {can_go}. Store it as long as you keep backups from before that time."
    );
    Ok(())
}

/// Encrypts all keys with the current master key. Progress is kept if it is interrupted.
async fn rotate(store: &EventStore, pool: &Pool) -> Result<(), Failure> {
    let progress = Progress::start(count_left(store, pool).await?, "are encrypted again");
    let mut unopened = walk(store, pool, &progress).await?;
    let deadline = Instant::now() + TIMEOUT;
    // Others held some, or a process that has the old key first has wrapped more.
    while count_left(store, pool).await? > unopened.len() as u64 && Instant::now() < deadline {
        sleep(Duration::from_millis(100)).await;
        unopened = walk(store, pool, &progress).await?;
    }
    print_line!("Encrypted again: {}.", progress.end());
    let left = count_left(store, pool).await?;
    match unopened.first() {
        None if left == 0 => Ok(()),
        None => Err(format!("{left} keys are left: they are locked, or a process still has another master key first. Run it again").into()),
        Some(first) => {
            let count = unopened.len();
            Err(format!("{count} keys are left, including the key of user {first}: none of the given master keys decrypts them").into())
        }
    }
}

async fn count_left(store: &EventStore, pool: &Pool) -> Result<u64, event_store::Error> {
    store.count_left(&mut *pool.acquire().await?).await
}

/// One walk over everybody; answers whose keys none of the master keys opens.
async fn walk(store: &EventStore, pool: &Pool, progress: &Progress) -> Result<Vec<UserId>, Failure> {
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
