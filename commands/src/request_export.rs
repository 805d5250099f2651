//! An export is remembered before anything of it leaves.

use domain::export::{Export, ExportCommand, Exported, RequestExport};
use domain::{ExportId, Operation};
use event_store::Loaded;
use uuid::Uuid;

use crate::{Commands, Context, Error, authorize};

impl Commands {
    /// Lets an actor take the history or the list of users out of an account, and remembers it with what they asked for.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for who may not read what is to be taken out.
    pub async fn request_export(&self, ctx: &Context, request: &RequestExport) -> Result<ExportId, Error> {
        let (operation, cause) = match request.what {
            Exported::History => (Operation::ReadAuditLog, "exportHistory"),
            Exported::Users => (Operation::ListUsers, "exportUsers"),
        };
        authorize(&ctx.actor, operation, request.account_id, None)?;
        let id = ExportId::new(Uuid::now_v7());
        self.retrying(|| self.append_export(ctx, request, id, cause)).await?;
        Ok(id)
    }

    async fn append_export(&self, ctx: &Context, request: &RequestExport, id: ExportId, cause: &str) -> Result<(), Error> {
        let mut export = Loaded { state: Export::default(), version: 0, person: None };
        let mut work = self.begin(ctx, cause).await?;
        work.decide(request.account_id, id, &mut export, ExportCommand::Request(request.clone()))?;
        work.remember().await?;
        work.commit().await
    }
}
