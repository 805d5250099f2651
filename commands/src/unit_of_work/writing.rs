//! The last state: the events are appended, and what follows from them is written. What is left is to commit.

use event_store::Batch;
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
    /// Appends the events, in the first statement that writes, then writes the effects.
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
        if let Some(last) = decided.last() {
            commands.store.append_all(&mut transaction, batch, last.ctx().at).await?;
        }
        // Before the effects: an erasure also deletes what the requests before it recorded.
        let records: Vec<_> = decided.iter().flat_map(Decided::records).collect();
        idempotency::record(&mut transaction, &records).await?;
        let has_mail = Effects { commands, connection: &mut transaction }.write(&decided).await?;
        // Last: the counters of inviters stay locked until the transaction ends.
        commands.count_invitations(&mut transaction, decided.iter().map(|one| (one.ctx(), one.changes.invitations()))).await?;
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
