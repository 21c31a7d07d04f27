//! Sorting a stream whose records come nearly in order.

use std::collections::BTreeMap;

/// Hands records on in order, holding back only those that an earlier one may still precede.
///
/// Pairs are worked through from left to right, but their regions reach up to a pair's length
/// further right. The records held are those of the pairs that span the current place, whatever
/// the length of the table.
#[derive(Debug)]
pub struct InOrder<K: Ord, R> {
    /// By key, then by arrival.
    held: BTreeMap<(K, u64), R>,
    count: u64,
}

impl<K: Ord, R> InOrder<K, R> {
    /// Takes a record in.
    pub fn push(&mut self, key: K, record: R) {
        self.held.insert((key, self.count), record);
        self.count += 1;
    }

    /// The next record whose key is less than `mark`, below which no other will come.
    pub fn next_before(&mut self, mark: &K) -> Option<R> {
        let first = self.held.first_entry()?;
        (first.key().0 < *mark).then(|| first.remove())
    }
}

/// Holds nothing.
impl<K: Ord, R> Default for InOrder<K, R> {
    fn default() -> Self {
        Self {
            held: BTreeMap::new(),
            count: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_nearly_sorted_stream_comes_out_sorted(
            mut marks in prop::collection::vec(0u32..1000, 1..60),
            reach in prop::collection::vec(0u32..50, 60),
        ) {
            marks.sort_unstable();
            let mut in_order = InOrder::default();
            let mut got = Vec::new();
            for (mark, reach) in marks.iter().zip(reach) {
                while let Some(record) = in_order.next_before(mark) {
                    got.push(record);
                }
                in_order.push(mark + reach, mark + reach);
            }
            while let Some(record) = in_order.next_before(&u32::MAX) {
                got.push(record);
            }
            prop_assert_eq!(got.len(), marks.len());
            prop_assert!(got.is_sorted());
        }
    }
}
