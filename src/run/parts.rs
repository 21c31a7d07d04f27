//! What pairs were to a run's network: which it was trained on, which stopped its training, which it has
//! never seen.

use std::collections::{BTreeMap, BTreeSet};

use super::activity::parts;
use super::{Run, SPLIT};
use crate::error::Result;
use crate::genome::{ChromId, Chroms};
use crate::pairs::{PairTable, Part, Split, SplitRule, parts_of};

impl Run {
    /// The part of each pair of a table, in its order; none of pairs that the run's table did not have.
    ///
    /// # Errors
    ///
    /// A division that is not there any more or has changed; of the run's own table a pair that it does
    /// not name.
    pub fn parts(
        &self,
        table: &PairTable,
        is_own: bool,
        chroms: &Chroms,
    ) -> Result<Vec<Option<Part>>> {
        if is_own {
            let split = self.split(table, chroms)?;
            let places = 0..table.pairs.len();
            return Ok(places.map(|place| Some(split.part(place))).collect());
        }
        let path = self.dir().join(SPLIT);
        self.checked(&path)?;
        parts_of(&path, &table.pairs, chroms)
    }

    /// The chromosomes of which training learnt something: those of the pairs of the training part; of a run that
    /// learnt an activity, whose windows may lie anywhere, all that do not belong to another part.
    ///
    /// # Errors
    ///
    /// Pairs of an activity's run that are not divided by whole chromosomes.
    pub fn trained_chroms(
        &self,
        table: &PairTable,
        split: &Split,
        chroms: &Chroms,
    ) -> Result<BTreeSet<ChromId>> {
        let settings = &self.record.settings;
        if settings.activity.is_none() {
            let trained = split.members(Part::Train).into_iter();
            let trained = trained.flat_map(|place| table.pairs[place].chroms());
            return Ok(trained.collect());
        }
        // A file that is lost, or other, tells no more than the pairs.
        let named = match &settings.split {
            SplitRule::File { file } if file.unchanged().is_err() => BTreeMap::new(),
            rule => rule.chromosomes(chroms)?,
        };
        let parts = parts((table.pairs.as_slice(), split), named, chroms)?;
        let is_other = |chrom: &ChromId| {
            let part = parts.get(chrom);
            matches!(part, Some(Part::Validation | Part::Test))
        };
        let all = chroms.regions().map(|of| of.chrom);
        Ok(all.filter(|chrom| !is_other(chrom)).collect())
    }
}
