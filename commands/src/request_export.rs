//! An export is recorded before anything of it leaves.

use domain::export::{Export, ExportCommand, Exported, RequestExport};
use domain::{AccountId, ExportId, Operation};
use uuid::Uuid;

use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler, LoadedStream};
use crate::{Commands, Context, Error};

impl Commands {
    /// Checks that an actor may take the history or the list of users out of an account, which needs the permission to read it. A refusal is
    /// recorded.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] when the actor may not read what they export.
    pub fn authorize_export(&self, ctx: &Context, what: Exported, account_id: AccountId) -> Result<(), Error> {
        self.permit_export(ctx, what, account_id).map(drop)
    }

    fn permit_export(&self, ctx: &Context, what: Exported, account_id: AccountId) -> Result<Permit, Error> {
        let operation = match what {
            Exported::History => Operation::ReadAuditLog,
            Exported::Users => Operation::ListUsers,
        };
        self.authorize(ctx, operation_name(what), operation, account_id, None)
    }

    /// Lets an actor take the history or the list of users out of an account, and records it with what they asked for.
    ///
    /// # Errors
    /// Those of [`authorize_export`](Self::authorize_export).
    pub async fn request_export(&self, ctx: &Context, request: &RequestExport) -> Result<ExportId, Error> {
        let permit = self.permit_export(ctx, request.what, request.account_id)?;
        self.run(Claims::of(&permit), RecordExport { id: ExportId::new(Uuid::now_v7()), request: request.clone() }).await
    }
}

struct RecordExport {
    id: ExportId,
    request: RequestExport,
}

impl Handler<ExportId> for RecordExport {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<ExportId, Error> {
        work.decide(&mut LoadedStream::<Export>::start(self.id, None), ExportCommand::Request(self.request.clone()))?;
        Ok(self.id)
    }
}

const fn operation_name(what: Exported) -> &'static str {
    match what {
        Exported::History => "exportHistory",
        Exported::Users => "exportUsers",
    }
}
