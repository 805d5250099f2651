//! How many invitations a user may send within a day (UTC). An API key counts for its owner. All service keys of
//! an account count together, so that another key gives no more. The operator may send any number.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{AccountId, Actor, Refusal, UserId};
use event_store::Writes;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::{Commands, Context, Error};

/// What writes users, among the parts of [`Writes`].
const USERS: &str = "written_users";

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

    /// Writes everything, and counts the invitations of several commands with it. The counters stay locked until the transaction ends, so they are
    /// written after the users.
    ///
    /// # Errors
    /// Refusal: `InvitationLimitReached`; then the transaction must not be committed.
    pub(crate) async fn write_and_count_invitations<'a>(
        &self,
        connection: &mut PgConnection,
        writes: &mut Writes,
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
            return Ok(writes.execute(connection).await.map_err(event_store::Error::from)?);
        }
        let accounts: Vec<_> = counts.keys().map(|(account_id, _, _)| *account_id).collect();
        let inviters: Vec<_> = counts.keys().map(|(_, inviter, _)| *inviter).collect();
        let days: Vec<_> = counts.keys().map(|(_, _, day)| *day).collect();
        let counts: Vec<_> = counts.into_values().collect();
        // Reading what it returns, the statement writes the users first.
        let after_users = if writes.has(USERS) { format!("where (select count(*) from {USERS}) >= 0") } else { String::new() };
        let upsert = format!(
            r"
            insert into invitation_counts (account_id, user_id, day, sent)
            select * from unnest($1::uuid[], $2::uuid[], $3::date[], $4::bigint[]) {after_users}
            on conflict (account_id, user_id, day) do update set sent = invitation_counts.sent + excluded.sent
            returning sent
            "
        );
        writes.add("counted", &upsert).bind(accounts).bind(inviters).bind(days).bind(counts);
        let limit = i64::from(self.limits.invitations_per_day());
        let sent = writes.select("sent from counted", connection).await.map_err(event_store::Error::from)?;
        for row in sent {
            if row.try_get::<i64, _>("sent")? > limit {
                return Err(Refusal::InvitationLimitReached.into());
            }
        }
        Ok(())
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
