//! The top regions of all pairs, those of one element that overlap or touch as one.
//!
//! Two top regions of enhancers are in one merged region where they share a base or lie beside each other, and
//! where a chain of such regions lies between them, whichever pairs and windows they are of; so are those of
//! promoters. Those of enhancers and of promoters are never merged.

use std::collections::BTreeSet;

use crate::element::{Element, Sides};
use crate::formats::{InOrder, MergedRegion, RegionRecord};
use crate::genome::Region;

/// Merges regions while they come from left to right. What is held are the merged regions at the present
/// place, with the lines of their pairs in the table.
#[derive(Default)]
pub struct Merging {
    /// Those that the next regions may join.
    open: Sides<Option<Open>>,
    done: InOrder<(Region, Element), MergedRegion>,
}

/// A merged region that may grow.
struct Open {
    merged: MergedRegion,
    /// Lines of the table.
    pairs: BTreeSet<u32>,
}

impl Merging {
    /// Adds a top region, which begins before none of those added before it.
    pub fn add(&mut self, record: &RegionRecord) {
        let open = self.open.get_mut(record.element);
        match open {
            Some(open) if open.reaches(&record.region) => open.add(record),
            _ => {
                if let Some(done) = open.replace(Open::new(record)) {
                    let done = done.finish();
                    self.done.push((done.region, done.element), done);
                }
            }
        }
    }

    /// The next merged region by its place, of those that nothing will join or precede any more where no top
    /// region left of `mark` will come.
    pub fn next_before(&mut self, mark: &Region) -> Option<MergedRegion> {
        let mut mark = *mark;
        let Sides { enhancer, promoter } = &mut self.open;
        for open in [enhancer, promoter] {
            if let Some(done) = open.take_if(|open| !open.reaches(&mark)) {
                let done = done.finish();
                self.done.push((done.region, done.element), done);
            }
        }
        for open in self.open.as_ref().into_iter().flatten() {
            // It will stand behind those that begin where it does, should it grow.
            let begin = Region {
                end: 0,
                ..open.merged.region
            };
            mark = mark.min(begin);
        }
        self.done.next_before(&(mark, Element::Enhancer))
    }
}

impl Open {
    fn new(record: &RegionRecord) -> Self {
        let sites = record.annotation.sites.as_ref();
        Self {
            merged: MergedRegion {
                region: record.region,
                element: record.element,
                pairs: 1,
                value: record.value,
                best: record.prediction,
                factors: sites.map(|_| BTreeSet::new()),
            },
            pairs: BTreeSet::new(),
        }
        .with(record)
    }

    fn with(mut self, record: &RegionRecord) -> Self {
        self.add(record);
        self
    }

    /// Whether a region that does not begin before it overlaps or touches it.
    fn reaches(&self, region: &Region) -> bool {
        let own = self.merged.region;
        region.chrom == own.chrom && region.start <= own.end
    }

    fn add(&mut self, record: &RegionRecord) {
        let merged = &mut self.merged;
        merged.region.end = merged.region.end.max(record.region.end);
        self.pairs.insert(record.prediction.pair.line);
        // Of equal ones the first of the table.
        let (line, best) = (record.prediction.pair.line, merged.best.pair.line);
        let larger = record.value.total_cmp(&merged.value);
        if larger.then(best.cmp(&line)).is_gt() {
            merged.value = record.value;
            merged.best = record.prediction;
        }
        if let (Some(factors), Some(sites)) = (&mut merged.factors, &record.annotation.sites) {
            factors.extend(sites.iter().map(|site| site.factor.clone()));
        }
    }

    fn finish(self) -> MergedRegion {
        MergedRegion {
            pairs: self.pairs.len() as u32,
            ..self.merged
        }
    }
}

#[cfg(test)]
mod tests;
