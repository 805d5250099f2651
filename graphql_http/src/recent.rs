use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Keeps what was used recently, in bounded space: at most twice as many entries as its size, at least the last `size` that were used.
#[derive(Debug)]
pub struct Recent<K, V> {
    size: usize,
    newer: HashMap<K, V>,
    /// What was used before [`Self::newer`] began.
    older: HashMap<K, V>,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// Nothing, with room for so many.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { size, newer: HashMap::new(), older: HashMap::new() }
    }

    /// Finds an entry, and counts it as used.
    pub fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        if let Some((key, value)) = self.older.remove_entry(key) {
            self.insert(key, value);
        }
        self.newer.get(key)
    }

    /// Adds an entry.
    pub fn insert(&mut self, key: K, value: V) {
        if self.newer.len() >= self.size {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(2);
        for number in 0..100 {
            recent.insert(number, number);
            assert_eq!(recent.get(&0), Some(&0), "{number}");
            assert!(recent.newer.len() + recent.older.len() <= 4);
        }
        assert_eq!(recent.get(&99), Some(&99));
        assert_eq!(recent.get(&50), None);
    }
}
