use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::AccountId;

/// The accounts that have subscribers, with their number.
#[derive(Default)]
pub(super) struct FollowedAccounts(Mutex<HashMap<AccountId, usize>>);

/// A subscriber of an account. Dropping it takes the subscriber out again.
pub(super) struct Following {
    followed: Arc<FollowedAccounts>,
    account_id: AccountId,
}

impl FollowedAccounts {
    pub(super) fn follow(self: &Arc<Self>, account_id: AccountId) -> Following {
        *self.counts().entry(account_id).or_default() += 1;
        Following { followed: Arc::clone(self), account_id }
    }

    pub(super) fn accounts(&self) -> HashSet<AccountId> {
        self.counts().keys().copied().collect()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<AccountId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        if let Entry::Occupied(mut entry) = self.followed.counts().entry(self.account_id) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_account_is_followed_until_its_last_subscriber_leaves() {
        let followed = Arc::new(FollowedAccounts::default());
        let [one, other] = [1, 2].map(|number| AccountId::new(Uuid::from_u128(number)));
        let (first, second, third) = (followed.follow(one), followed.follow(one), followed.follow(other));
        assert_eq!(followed.accounts(), HashSet::from([one, other]));
        drop((first, third));
        assert_eq!(followed.accounts(), HashSet::from([one]));
        drop(second);
        assert!(followed.accounts().is_empty());
    }
}
