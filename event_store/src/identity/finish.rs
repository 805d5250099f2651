//! Begins a new generation of the feed, and stores the identity of the database that assigns its transaction ids.

use sqlx::{Connection, PgConnection};

use super::IdentityError;
use super::observe::observe;
use super::standing::{Observed, Restored, Standing};

/// What `finish_restore` has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinishedRestore {
    /// How the database was restored; `None` when nothing shows that it was.
    pub restored: Option<Restored>,
    /// The generation before.
    pub before: i32,
    /// The generation from now on: the same when there was nothing to do.
    pub generation: i32,
    /// Whether [`close_restore`] must follow before any program may work.
    pub is_open: bool,
}

/// How much history a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// Events of all generations.
    pub events: u64,
    /// Accounts that have events.
    pub accounts: u64,
}

/// Raises the generation of the feed if the database was restored, or in any case with `again`, and stores the identity of the database.
///
/// Everything happens in one transaction, which waits until no other transaction writes events: two that run at once raise it once. With
/// `stays_open` every program goes on refusing the database until [`close_restore`], so that erasures can be applied first.
///
/// # Errors
/// [`Restored::Unfinished`] when an earlier run was to apply erasures, did not, and this one is not going to. When the database is lost.
pub async fn finish_restore(connection: &mut PgConnection, again: bool, stays_open: bool) -> Result<FinishedRestore, IdentityError> {
    let mut transaction = connection.begin().await?;
    stop_writers(&mut transaction).await?;
    let Some(observed) = observe(&mut transaction).await? else {
        return Err(sqlx::Error::RowNotFound.into());
    };
    let (needed, restored) = match observed.standing() {
        Standing::Known | Standing::Unclaimed => (false, None),
        Standing::NewTimeline => (true, None),
        // The generation was raised by the run that did not get to its end.
        Standing::Restored(Restored::Unfinished) => (false, Some(Restored::Unfinished)),
        Standing::Restored(restored) => (true, Some(restored)),
    };
    let is_unfinished = restored == Some(Restored::Unfinished);
    if is_unfinished && !stays_open {
        return Err(Restored::Unfinished.into());
    }
    let raises = needed || again;
    if raises {
        raise(&mut transaction, &observed, stays_open).await?;
    } else if observed.standing() == Standing::Unclaimed {
        claim(&mut transaction, &observed).await?;
    }
    transaction.commit().await?;
    let generation = observed.generation + i32::from(raises);
    Ok(FinishedRestore { restored, before: observed.generation, generation, is_open: is_unfinished || (raises && stays_open) })
}

/// Opens a database for programs again, once what [`finish_restore`] left open is done.
pub async fn close_restore(connection: &mut PgConnection) -> Result<(), IdentityError> {
    let close = sqlx::query!(
        "update feed_generation set restore_unfinished = false, identified_by = pg_current_xact_id() where restore_unfinished"
    );
    close.execute(connection).await?;
    Ok(())
}

impl History {
    /// Counts all events, which takes a while where there are many.
    pub async fn count(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let count = sqlx::query!(r#"select count(*) as "events!", count(distinct account_id) as "accounts!" from events"#);
        let row = count.fetch_one(connection).await?;
        Ok(Self { events: row.events.unsigned_abs(), accounts: row.accounts.unsigned_abs() })
    }
}

/// Begins another generation after a new timeline, unless another process has done so.
pub(super) async fn follow_timeline(connection: &mut PgConnection) -> Result<(), IdentityError> {
    let mut transaction = connection.begin().await?;
    stop_writers(&mut transaction).await?;
    let Some(observed) = observe(&mut transaction).await? else { return Ok(()) };
    match observed.standing() {
        Standing::NewTimeline => {
            raise(&mut transaction, &observed, false).await?;
            transaction.commit().await?;
            tracing::warn!(
                before = observed.generation,
                generation = observed.generation + 1,
                "the database is on a new timeline, as after a failover: a new generation of the feed begins"
            );
            Ok(())
        }
        Standing::Restored(restored) => Err(restored.into()),
        Standing::Known | Standing::Unclaimed => Ok(()),
    }
}

/// Waits until every transaction has ended that has written events, and keeps others from writing until this one ends. Otherwise an event
/// of the old generation could appear after the first ones of the new generation were read.
async fn stop_writers(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("lock table events in share row exclusive mode").execute(connection).await?;
    Ok(())
}

async fn raise(connection: &mut PgConnection, observed: &Observed, stays_open: bool) -> Result<(), IdentityError> {
    let raise = sqlx::query!("update feed_generation set generation = generation + 1, restore_unfinished = $1", stays_open);
    raise.execute(&mut *connection).await?;
    store(connection, observed).await
}

/// Stores the identity, unless another process has done so since it was looked at.
pub(super) async fn claim(connection: &mut PgConnection, observed: &Observed) -> Result<(), IdentityError> {
    if observed.is_old_schema {
        return Ok(());
    }
    store(connection, observed).await
}

async fn store(connection: &mut PgConnection, observed: &Observed) -> Result<(), IdentityError> {
    let present = observed.present;
    let update = sqlx::query!(
        r#"
        update feed_generation
        set system_identifier = $1, database_oid = $2, table_oid = $3, timeline = $4,
            identified_by = pg_current_xact_id(), identified_at = clock_timestamp()
        "#,
        present.system_identifier,
        present.database_oid,
        present.table_oid,
        present.timeline,
    );
    update.execute(connection).await?;
    Ok(())
}
