//! One transaction, for one command or for several: locks, look-ups, decisions, writing, commit.

use event_store::Locks;
use sqlx::PgConnection;

use super::deciding::Start;
use super::loaded::{Asked, Detour, Loaded};
use super::member::Member;
use super::writing::Writing;
use crate::{Commands, Error};

/// Begins a transaction. Its statements are planned once for each connection: most of their values are arrays, for which Postgres would otherwise
/// plan them each time. No plan depends on the values, because none scans a table that grows.
const BEGIN: &str = "begin; set local plan_cache_mode = force_generic_plan";

/// How a transaction gets the locks of its commands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Locking {
    /// It waits for them.
    Wait,
    /// A command whose locks are not free is not decided.
    Try,
}

/// What became of a command of a transaction.
pub(super) enum Outcome {
    /// It took effect, or had nothing to change: its answer is ready.
    Answered,
    /// It was refused, or failed. It has changed nothing.
    Failed(Error),
    /// It has to be decided in a transaction of its own: its locks are not free, or what was decided cannot be written together with others.
    Alone,
    /// The same, with the lock of the account's active admins.
    WithAdmins,
    /// It is decided in the next transaction, because it depends on commands of this one.
    Next,
}

/// Runs commands in one transaction. They take effect all together; one that is refused, or not decided here, has no effect on the others.
/// Answers what became of each. `decided` is called when all have decided and something is to be written.
pub(super) async fn run_together<M: Member>(
    commands: &Commands,
    members: &mut [M],
    locking: Locking,
    decided: &(dyn Fn() + Sync),
) -> Vec<Outcome> {
    let mut outcomes: Vec<_> = members.iter().map(|_| None).collect();
    let written = decide_and_write(commands, members, locking, &mut outcomes, decided).await;
    let (result, may_have_taken_effect) = match written {
        Ok(Some(writing)) => (writing.commit().await, true),
        Ok(None) => (Ok(()), false),
        Err(error) => (Err(error), false),
    };
    let is_one_of_many = outcomes.iter().filter(|outcome| outcome.is_none()).count() > 1;
    let shared = || match &result {
        Ok(()) => Outcome::Answered,
        // Alone, each finds out whether it was the reason. Whether a commit took effect is unknown, so it is not repeated.
        Err(error) if is_one_of_many && !may_have_taken_effect && !error.is_lost_connection() => Outcome::Alone,
        Err(error) => Outcome::Failed(error.for_another()),
    };
    outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(shared)).collect()
}

/// Sets the outcomes of commands that are not written, and writes the others, if there are any.
async fn decide_and_write<'a, M: Member>(
    commands: &'a Commands,
    members: &mut [M],
    locking: Locking,
    outcomes: &mut [Option<Outcome>],
    decided: &(dyn Fn() + Sync),
) -> Result<Option<Writing<'a>>, Error> {
    let mut transaction = commands.pool.begin_with(BEGIN).await?;
    take(&mut transaction, locking, &members.iter().map(Member::locks).collect::<Vec<_>>(), outcomes).await?;
    let mut asked = Asked::default();
    for (member, _) in members.iter().zip(&*outcomes).filter(|(_, outcome)| outcome.is_none()) {
        asked.add(member.claims(), member.request());
    }
    let mut loaded = Loaded::look_up(commands, &mut transaction, &asked).await?;
    let mut all = vec![];
    for (member, outcome) in members.iter_mut().zip(outcomes).filter(|(_, outcome)| outcome.is_none()) {
        loaded.detour = None;
        let overlaps = loaded.overlaps(member.locks());
        match member.decide(Start { commands, connection: &mut transaction, loaded: &mut loaded, overlaps }).await {
            Ok(decided) if decided.is_nothing() => {}
            Ok(mut decided) => {
                loaded.carry_on(member.locks(), std::mem::take(&mut decided.streams));
                all.push(decided);
            }
            Err(error) => {
                *outcome = Some(match loaded.detour {
                    Some(Detour::Next) => Outcome::Next,
                    Some(Detour::WithAdmins) => Outcome::WithAdmins,
                    None => Outcome::Failed(error),
                });
            }
        }
    }
    if all.is_empty() {
        transaction.rollback().await?;
        return Ok(None);
    }
    decided();
    Writing::write(commands, transaction, all).await.map(Some)
}

async fn take(connection: &mut PgConnection, locking: Locking, locks: &[&Locks], outcomes: &mut [Option<Outcome>]) -> Result<(), Error> {
    match locking {
        Locking::Wait => {
            for locks in locks {
                locks.take(connection).await?;
            }
        }
        Locking::Try => {
            let have = Locks::try_take_each(locks, connection).await?;
            for (outcome, _) in outcomes.iter_mut().zip(have).filter(|(_, has)| !has) {
                *outcome = Some(Outcome::Alone);
            }
        }
    }
    Ok(())
}
