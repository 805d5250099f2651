//! An export is recorded before anything of it leaves.

use domain::export::{Export, ExportCommand, Exported, RequestExport};
use domain::{AccountId, ExportId, Operation};
use event_store::Loaded;
use uuid::Uuid;

use crate::{Commands, Context, Error};

impl Commands {
    /// Whether an actor may take the history or the list of users out of an account: whoever may read it. A refusal is recorded, as that of
    /// a change: what is taken out leaves an event.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for who may not read what is to be taken out.
    pub fn authorize_export(&self, ctx: &Context, what: Exported, account_id: AccountId) -> Result<(), Error> {
        let operation = match what {
            Exported::History => Operation::ReadAuditLog,
            Exported::Users => Operation::ListUsers,
        };
        self.authorize(ctx, command(what), operation, account_id, None)
    }

    /// Lets an actor take the history or the list of users out of an account, and records it with what they asked for.
    ///
    /// # Errors
    /// Those of [`authorize_export`](Self::authorize_export).
    pub async fn request_export(&self, ctx: &Context, request: &RequestExport) -> Result<ExportId, Error> {
        self.authorize_export(ctx, request.what, request.account_id)?;
        let id = ExportId::new(Uuid::now_v7());
        self.retrying(|| self.append_export(ctx, request, id)).await?;
        Ok(id)
    }

    async fn append_export(&self, ctx: &Context, request: &RequestExport, id: ExportId) -> Result<(), Error> {
        let mut export = Loaded { state: Export::default(), version: 0, person: None };
        let mut work = self.begin(ctx, command(request.what), request.account_id, []).await?;
        work.decide(request.account_id, id, &mut export, ExportCommand::Request(request.clone()))?;
        work.append().await?;
        work.commit().await
    }
}

const fn command(what: Exported) -> &'static str {
    match what {
        Exported::History => "exportHistory",
        Exported::Users => "exportUsers",
    }
}
