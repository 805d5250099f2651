//! The events of an account as an export reads them, opened and as they are stored, beside the same rows from the same SQL.

use std::time::{Duration, Instant};

use domain::AccountId;
use event_store::{Cursor, EventStore, LogFilter, LogPage};
use sqlx::{PgConnection, PgPool};

use crate::{Outcome, ratio};

/// As an export has it.
const PAGE: u32 = 500;

pub(crate) async fn measure(pool: &PgPool, store: &EventStore, accounts: &[AccountId], events: u32) -> Outcome<()> {
    let mut connection = pool.acquire().await?;
    let (mut opened, mut bare) = (Duration::ZERO, Duration::ZERO);
    let (mut after, mut read) = (None, 0);
    // Both read the same page one after the other, in turn as the first, so that noise and caches serve both the same way.
    for number in 0..events.div_ceil(PAGE) {
        let page = LogPage { after, newest_first: false, limit: PAGE };
        if number % 2 == 0 {
            bare += fetch(&mut connection, accounts[0], after).await?;
        }
        let began = Instant::now();
        let stored = store.read_stored_log(&mut *connection, accounts[0], &LogFilter::default(), page).await?;
        opened += began.elapsed();
        if number % 2 == 1 {
            bare += fetch(&mut connection, accounts[0], after).await?;
        }
        read += stored.len();
        let Some(last) = stored.last() else { break };
        after = Some(last.opened.cursor);
    }
    println!("\n{:<44} {:>10} {:>12} {:>8}", "history of an account, as exports read it", "time", "events/s", "ratio");
    #[expect(clippy::cast_precision_loss, reason = "no one needs more than a few digits")]
    let rate = |time: Duration| read as f64 / time.as_secs_f64();
    println!("{:<44} {:>10} {:>12.0}", format!("{read} events, the SQL alone"), format!("{bare:.2?}"), rate(bare));
    println!("{:<44} {:>10} {:>12.0} {:>8.2}", "the same, opened", format!("{opened:.2?}"), rate(opened), ratio(opened, bare));
    Ok(())
}

/// The same page without opening it: how long it takes.
async fn fetch(connection: &mut PgConnection, account: AccountId, after: Option<Cursor>) -> Outcome<Duration> {
    let select = "
        select
            e.generation, e.xid::text, e.position, e.account_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
            e.event_version, e.payload, e.metadata, e.recorded_at, e.person_id, k.wrapped_key
        from events e
        left join person_keys k on k.account_id = e.account_id and k.person_id = e.person_id
        where e.account_id = $1
            and is_settled(e.generation, e.xid)
            and ($2::integer is null or (e.generation, e.xid, e.position) > ($2, $3::text::xid8, $4::bigint))
        order by e.generation, e.xid, e.position
        limit $5";
    // A cursor's bytes are its three parts.
    let bytes = after.map(Cursor::to_bytes);
    let part = |from: usize| bytes.map(|bytes| u64::from_be_bytes(std::array::from_fn(|index| bytes[from + index])));
    let generation = bytes.map(|bytes| i32::from_be_bytes(std::array::from_fn(|index| bytes[index])));
    let xid = part(4).map(|xid| xid.to_string());
    let position = part(12).map(u64::cast_signed);
    let began = Instant::now();
    let rows = sqlx::query(select).bind(account.uuid()).bind(generation).bind(xid).bind(position).bind(i64::from(PAGE));
    rows.fetch_all(connection).await?;
    Ok(began.elapsed())
}
