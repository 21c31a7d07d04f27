//! How many items of a bigBed lie over each base.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use super::section::Item;

/// Items that reach past the place where counting has come to.
#[derive(Debug, Default)]
pub struct Depth {
    chrom: u32,
    place: u32,
    ends: BinaryHeap<Reverse<u32>>,
}

impl Depth {
    /// Takes the next item in, and hands over the runs of equal depth that lie before it.
    pub fn add(
        &mut self,
        chrom: u32,
        item: &Item,
        mut run: impl FnMut(u32, &Item) -> io::Result<()>,
    ) -> io::Result<()> {
        if chrom != self.chrom {
            self.finish(&mut run)?;
            (self.chrom, self.place) = (chrom, 0);
        }
        self.count_to(item.start, &mut run)?;
        if item.start < item.end {
            self.ends.push(Reverse(item.end));
        }
        Ok(())
    }

    /// Hands over what is left of the chromosome.
    pub fn finish(&mut self, mut run: impl FnMut(u32, &Item) -> io::Result<()>) -> io::Result<()> {
        self.count_to(u32::MAX, &mut run)
    }

    fn count_to(
        &mut self,
        place: u32,
        run: &mut impl FnMut(u32, &Item) -> io::Result<()>,
    ) -> io::Result<()> {
        while let Some(&Reverse(end)) = self.ends.peek() {
            let end_of_run = end.min(place);
            if end_of_run > self.place {
                let counted = Item {
                    start: self.place,
                    end: end_of_run,
                    value: self.ends.len() as f32,
                };
                run(self.chrom, &counted)?;
                self.place = end_of_run;
            }
            if end > place {
                break;
            }
            self.ends.pop();
        }
        self.place = self.place.max(place);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_base_has_the_number_of_its_items(
            mut items in prop::collection::vec((0u32..3, 0u32..60, 0u32..30), 1..30)
        ) {
            items.sort_unstable();
            let mut slow = [[0.0f32; 100]; 3];
            for &(chrom, start, len) in &items {
                for base in start..start + len {
                    slow[chrom as usize][base as usize] += 1.0;
                }
            }
            let mut counted = [[0.0f32; 100]; 3];
            let mut run = |chrom: u32, run: &Item| {
                for base in run.start..run.end {
                    assert_eq!(counted[chrom as usize][base as usize], 0.0);
                    counted[chrom as usize][base as usize] = run.value;
                }
                Ok(())
            };
            let mut depth = Depth::default();
            for (chrom, start, len) in items {
                let item = Item { start, end: start + len, value: 1.0 };
                depth.add(chrom, &item, &mut run).unwrap();
            }
            depth.finish(&mut run).unwrap();
            prop_assert_eq!(counted, slow);
        }
    }
}
