//! The last state: the events are appended, and what follows from them is written. What is left is to commit.

use event_store::{Batch, Writes};
use sqlx::PgTransaction;

use super::decided::Decided;
use super::effects::Effects;
use crate::{Commands, Error, idempotency};

/// Commands that have written everything.
pub(super) struct Writing<'a> {
    commands: &'a Commands,
    transaction: PgTransaction<'static>,
    has_events: bool,
    has_mail: bool,
}

impl<'a> Writing<'a> {
    /// Appends the events, in the first statement that writes, and writes the effects.
    pub(super) async fn write(
        commands: &'a Commands,
        mut transaction: PgTransaction<'static>,
        mut decided: Vec<Decided>,
    ) -> Result<Self, Error> {
        let mut batch = Batch::default();
        for one in &mut decided {
            batch.extend(std::mem::take(&mut one.batch));
        }
        let has_events = !batch.is_empty();
        let mut writes = Writes::default();
        if let Some(last) = decided.last() {
            commands.store.add_events(&mut transaction, &mut writes, &batch, last.ctx().at).await?;
        }
        // Before the effects: an erasure also deletes what the requests before it recorded.
        idempotency::record(&mut writes, &decided.iter().flat_map(Decided::records).collect::<Vec<_>>());
        let has_mail = Effects { commands, connection: &mut transaction }.write(writes, &decided).await?;
        Ok(Self { commands, transaction, has_events, has_mail })
    }

    /// Commits, and wakes those who wait for events and mail.
    pub(super) async fn commit(self) -> Result<(), Error> {
        let Self { commands, transaction, has_events, has_mail } = self;
        transaction.commit().await?;
        if has_events {
            commands.committed.notify_one();
        }
        if has_mail {
            commands.mail_waits.notify_one();
        }
        Ok(())
    }
}
