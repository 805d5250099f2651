//! How many invitations a user may send within a day (UTC). An API key counts for its owner. All service keys of
//! an account count together, so that another key gives no more. The operator may send any number.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{AccountId, Actor, Refusal, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Commands, Context, Error};

impl Commands {
    /// How many invitations the actor may still send today, as far as is known before anything is written.
    pub(crate) async fn invitations_left(&self, connection: &mut PgConnection, ctx: &Context) -> Result<usize, Error> {
        let Some((account_id, inviter)) = inviter(ctx) else { return Ok(usize::MAX) };
        let select = sqlx::query_scalar!(
            "select sent from invitation_counts where account_id = $1 and user_id = $2 and day = $3",
            account_id.uuid(),
            inviter,
            day(ctx.at),
        );
        let sent = select.fetch_optional(connection).await?.unwrap_or(0);
        Ok(usize::try_from(i64::from(self.limits.invitations_per_day()) - sent).unwrap_or(0))
    }

    /// Counts invitations whose events are written, in their transaction. The row stays locked until the transaction ends, so this comes last.
    ///
    /// # Errors
    /// Refusal: `InvitationLimitReached`; then the transaction must not be committed.
    pub(crate) async fn count_invitations(&self, connection: &mut PgConnection, ctx: &Context, count: usize) -> Result<(), Error> {
        let Some((account_id, inviter)) = inviter(ctx).filter(|_| count > 0) else { return Ok(()) };
        let upsert = sqlx::query_scalar!(
            r#"
            insert into invitation_counts (account_id, user_id, day, sent)
            values ($1, $2, $3, $4)
            on conflict (account_id, user_id, day) do update set sent = invitation_counts.sent + excluded.sent
            returning sent
            "#,
            account_id.uuid(),
            inviter,
            day(ctx.at),
            i64::try_from(count).expect("a request has at most a thousand rows"),
        );
        let sent = upsert.fetch_one(connection).await?;
        if sent > i64::from(self.limits.invitations_per_day()) { Err(Refusal::InvitationLimitReached.into()) } else { Ok(()) }
    }
}

/// The account, and for whom invitations are counted: a user, or the account itself.
fn inviter(ctx: &Context) -> Option<(AccountId, Uuid)> {
    let account_id = ctx.actor.account()?;
    match ctx.actor {
        Actor::ServiceKey { .. } => Some((account_id, account_id.uuid())),
        _ => Some((account_id, ctx.actor.user().map(UserId::uuid)?)),
    }
}

fn day(at: DateTime<Utc>) -> NaiveDate {
    at.date_naive()
}
