//! How many invitations a user may send within a day (UTC). An API key counts for its owner. All service keys of
//! an account count together, so that another key gives no more. The operator may send any number.

use std::collections::BTreeMap;

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

    /// Counts the invitations of several commands whose events are written, in their transaction. The rows stay locked until the transaction ends, so this comes last.
    ///
    /// # Errors
    /// Refusal: `InvitationLimitReached`; then the transaction must not be committed.
    pub(crate) async fn count_invitations<'a>(
        &self,
        connection: &mut PgConnection,
        commands: impl Iterator<Item = (&'a Context, usize)>,
    ) -> Result<(), Error> {
        // All transactions write in the order of the key, so that two never wait for each other.
        let mut counts = BTreeMap::<_, i64>::new();
        for (ctx, count) in commands.filter(|(_, count)| *count > 0) {
            let Some((account_id, inviter)) = inviter(ctx) else { continue };
            *counts.entry((account_id.uuid(), inviter, day(ctx.at))).or_default() +=
                i64::try_from(count).expect("a request has at most a thousand rows");
        }
        if counts.is_empty() {
            return Ok(());
        }
        let accounts: Vec<_> = counts.keys().map(|(account_id, _, _)| *account_id).collect();
        let inviters: Vec<_> = counts.keys().map(|(_, inviter, _)| *inviter).collect();
        let days: Vec<_> = counts.keys().map(|(_, _, day)| *day).collect();
        let counts: Vec<_> = counts.into_values().collect();
        let upsert = sqlx::query_scalar!(
            r#"
            insert into invitation_counts (account_id, user_id, day, sent)
            select * from unnest($1::uuid[], $2::uuid[], $3::date[], $4::bigint[])
            on conflict (account_id, user_id, day) do update set sent = invitation_counts.sent + excluded.sent
            returning sent
            "#,
            &accounts,
            &inviters,
            &days,
            &counts,
        );
        let limit = i64::from(self.limits.invitations_per_day());
        let is_reached = upsert.fetch_all(connection).await?.into_iter().any(|sent| sent > limit);
        if is_reached { Err(Refusal::InvitationLimitReached.into()) } else { Ok(()) }
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
