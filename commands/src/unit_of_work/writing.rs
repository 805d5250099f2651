//! The third state: the events are appended, and what follows from them is written. What is left is to commit.

use event_store::{Batch, Metadata};

use super::Transaction;
use super::changes::Changes;
use super::effects::Effects;
use crate::Error;

/// A command that has written everything.
pub(super) struct Writing<'a> {
    transaction: Transaction<'a>,
    has_events: bool,
    has_mail: bool,
}

impl<'a> Writing<'a> {
    /// Appends the events, in the first statement that writes, then writes the effects.
    pub(super) async fn write(
        mut transaction: Transaction<'a>,
        batch: Batch,
        metadata: &Metadata,
        changes: &Changes,
    ) -> Result<Self, Error> {
        let Transaction { commands, permit, request, ref mut database, .. } = transaction;
        let has_events = !batch.is_empty();
        commands.store.append(database, batch, metadata).await?;
        let mut effects = Effects { commands, connection: database, ctx: permit.ctx(), account_id: permit.account_id() };
        let has_mail = effects.write(changes).await?;
        if let Some(request) = request {
            request.record(database, permit, changes.done, &changes.rows).await?;
        }
        // Last: the counter of an inviter stays locked until the transaction ends.
        commands.count_invitations(database, permit.ctx(), changes.invitations()).await?;
        Ok(Self { transaction, has_events, has_mail })
    }

    /// Commits, and wakes those who wait for events and mail.
    pub(super) async fn commit(self) -> Result<(), Error> {
        let Transaction { commands, database, .. } = self.transaction;
        database.commit().await?;
        if self.has_events {
            commands.committed.notify_one();
        }
        if self.has_mail {
            commands.mail_waits.notify_one();
        }
        Ok(())
    }
}
