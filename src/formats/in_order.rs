//! Sorting a stream whose records come nearly in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Hands records on in order, holding back only those that an earlier one may still precede.
///
/// Pairs are worked through from left to right, but their regions reach up to a pair's length
/// further right. The records held are those of the pairs that span the current place, whatever
/// the length of the table.
#[derive(Debug)]
pub struct InOrder<K: Ord, R> {
    held: BinaryHeap<Reverse<Held<K, R>>>,
    count: u64,
}

/// Ordered by key, then by arrival.
#[derive(Debug)]
struct Held<K, R> {
    key: K,
    arrival: u64,
    record: R,
}

impl<K: Ord, R> InOrder<K, R> {
    /// Holds nothing.
    pub fn new() -> Self {
        Self {
            held: BinaryHeap::new(),
            count: 0,
        }
    }

    /// Takes a record in.
    pub fn push(&mut self, key: K, record: R) {
        self.held.push(Reverse(Held {
            key,
            arrival: self.count,
            record,
        }));
        self.count += 1;
    }

    /// The next record whose key is less than `mark`, below which no other will come.
    pub fn next_before(&mut self, mark: &K) -> Option<R> {
        let Reverse(first) = self.held.peek()?;
        if first.key < *mark { self.next() } else { None }
    }
}

impl<K: Ord, R> Default for InOrder<K, R> {
    fn default() -> Self {
        Self::new()
    }
}

/// What is left when no more records come, in order.
impl<K: Ord, R> Iterator for InOrder<K, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        self.held.pop().map(|Reverse(held)| held.record)
    }
}

impl<K: Ord, R> PartialEq for Held<K, R> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K: Ord, R> Eq for Held<K, R> {}

impl<K: Ord, R> PartialOrd for Held<K, R> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, R> Ord for Held<K, R> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.key, self.arrival).cmp(&(&other.key, other.arrival))
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
            let mut in_order = InOrder::new();
            let mut got = Vec::new();
            for (mark, reach) in marks.iter().zip(reach) {
                while let Some(record) = in_order.next_before(mark) {
                    got.push(record);
                }
                in_order.push(mark + reach, mark + reach);
            }
            got.extend(in_order);
            prop_assert_eq!(got.len(), marks.len());
            prop_assert!(got.is_sorted());
        }
    }
}
