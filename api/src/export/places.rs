//! How many exports may run at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use domain::AccountId;
use tokio::time::Instant;

/// How many exports of one account may run at once in a process.
pub(super) const OF_ACCOUNT: usize = 2;
/// How many exports of all accounts may run at once in a process.
pub(super) const OF_PROCESS: usize = 8;
/// A client that has read nothing for so long loses its permit to a client that waits for one.
const FORGOTTEN: Duration = Duration::from_mins(1);

/// The places of all exports that run in this process.
#[derive(Default)]
pub(super) struct Places(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    last: u64,
    held: HashMap<u64, Held>,
}

struct Held {
    account_id: AccountId,
    read_at: Instant,
}

/// No place is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// The account has as many exports as one may have.
    OfAccount,
    /// The process has as many exports as it may have.
    OfProcess,
}

/// A place of one export, until it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
}

impl Places {
    /// Takes a place for an export of an account.
    pub(super) fn take(self: &Arc<Self>, account_id: AccountId) -> Result<Place, NoPlace> {
        let (mut taken, now) = (self.taken(), Instant::now());
        if taken.has_room_for(account_id).is_err() {
            taken.held.retain(|_, held| now - held.read_at < FORGOTTEN);
        }
        taken.has_room_for(account_id)?;
        taken.last += 1;
        let number = taken.last;
        taken.held.insert(number, Held { account_id, read_at: now });
        Ok(Place { places: Arc::clone(self), number })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().expect("nothing panics while it holds the places")
    }
}

impl Taken {
    fn has_room_for(&self, account_id: AccountId) -> Result<(), NoPlace> {
        if self.held.values().filter(|held| held.account_id == account_id).count() >= OF_ACCOUNT {
            return Err(NoPlace::OfAccount);
        }
        if self.held.len() >= OF_PROCESS { Err(NoPlace::OfProcess) } else { Ok(()) }
    }
}

impl Place {
    /// Says that the client goes on reading; false when another client has got the permit.
    pub(super) fn is_still_held(&self) -> bool {
        let mut taken = self.places.taken();
        let held = taken.held.get_mut(&self.number);
        held.map(|held| held.read_at = Instant::now()).is_some()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken().held.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;
    use uuid::Uuid;

    use super::*;

    impl Place {
        fn is_still_there(&self) -> bool {
            self.places.taken().held.contains_key(&self.number)
        }
    }

    fn account(number: usize) -> AccountId {
        AccountId::new(Uuid::from_u128(number as u128))
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_and_a_process_have_so_many_places_and_give_them_back() {
        let places = Arc::new(Places::default());
        let mut held: Vec<_> = (0..OF_PROCESS).map(|number| places.take(account(number / OF_ACCOUNT)).expect("it is free")).collect();
        assert_eq!(places.take(account(0)).err(), Some(NoPlace::OfAccount));
        assert_eq!(places.take(account(OF_PROCESS)).err(), Some(NoPlace::OfProcess));
        drop(held.pop());
        assert!(places.take(account(OF_PROCESS)).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_on_loses_its_permit_to_one_that_waits() {
        let places = Arc::new(Places::default());
        let (reading, stuck) = (places.take(account(1)).expect("free"), places.take(account(1)).expect("free"));
        advance(FORGOTTEN / 2).await;
        assert!(reading.is_still_held());
        advance(FORGOTTEN / 2).await;
        let elsewhere = places.take(account(2)).expect("there is room");
        assert!(stuck.is_still_there(), "no client needs its permit yet");
        drop(elsewhere);
        let newcomer = places.take(account(1)).expect("one place was forgotten");
        assert!(reading.is_still_held() && newcomer.is_still_held() && !stuck.is_still_held());
        drop(stuck);
        assert_eq!(places.take(account(1)).err(), Some(NoPlace::OfAccount));
    }
}
