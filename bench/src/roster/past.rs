//! What is computed from the past: rebuilding, versions, pages of a moment, exports.

use event_store::{Cursor, LogFilter, LogPage};
use projections::rebuild::{Difference, Rebuilder, Watch};
use projections::users::{AsOf, Moment, PageRequest, UserFilter, UserOrder, advance, latest, list_users};

use super::Roster;
use crate::outcome::Outcome;

/// The page size of an export.
const PAGE: u32 = 500;

struct NoOne;

impl Watch for NoOne {
    fn progress(&mut self, _done: u64, _total: u64) {}
    fn differs(&mut self, _difference: &Difference) {}
}

impl Roster {
    /// Writes the versions of users up to now.
    pub(crate) async fn catch_up(&self) -> Outcome<()> {
        while !advance(&self.pool, self.commands.event_store()).await?.has_caught_up {}
        Ok(())
    }

    /// Rebuilds what readers see; answers how many users there are.
    pub(crate) async fn rebuild(&self) -> Outcome<u64> {
        let outcome = Rebuilder::new(&self.pool, self.commands.event_store()).rebuild(&mut NoOne).await?;
        if outcome.left > 0 || outcome.unreadable > 0 {
            return Err(format!("not everything was rebuilt: {outcome:?}").into());
        }
        Ok(outcome.users)
    }

    /// The latest moment that is settled.
    pub(crate) async fn moment(&self) -> Outcome<AsOf> {
        self.catch_up().await?;
        Ok(latest(&self.pool, self.commands.event_store(), self.account).await?)
    }

    /// The first page of the list at a moment of the past.
    pub(crate) async fn list_past(&self, moment: AsOf) -> Outcome<()> {
        let (filter, page) = (UserFilter::default(), PageRequest::First(50, None));
        let page = list_users(&self.pool, self.account, &filter, UserOrder::default(), page, Moment::Past(moment));
        if page.await?.users.len() == 50 { Ok(()) } else { Err("the page of the past is not full".into()) }
    }

    /// Reads the whole history as an export does, page by page; answers how many events it has.
    pub(crate) async fn export(&self) -> Outcome<u64> {
        let mut connection = self.pool.acquire().await?;
        let (mut after, mut read): (Option<Cursor>, u64) = (None, 0);
        loop {
            let page = LogPage { after, newest_first: false, limit: PAGE };
            let store = self.commands.event_store();
            let events = store.read_stored_log(&mut connection, self.account, &LogFilter::default(), page).await?;
            let Some(last) = events.last() else { return Ok(read) };
            after = Some(last.opened.cursor);
            read += events.len() as u64;
        }
    }
}
