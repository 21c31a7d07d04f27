//! Which scalars of pairs there are, and from which files.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::activity::activity_by_distance;
use super::assay::means;
use super::neighbours::Neighbours;
use super::places::places;
use super::surroundings::surroundings;
use crate::error::Result;
use crate::genome::Chroms;
use crate::output::provenance::Input;
use crate::pairs::{FeatureTable, Pair, Wanted};

/// What is known of pairs besides their sequence: which scalars, from which files.
///
/// Without a file there are still the [scalars of the pairs' places](ContextSource::table).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextSource {
    /// Features of pairs as a ready table, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Input>,
    /// Assays by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assays: Vec<ContextAssay>,
}

/// A signal along the genome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextAssay {
    /// What was measured, such as `DNase`: its columns are called after it.
    pub name: String,
    /// A bigWig, or peaks: narrowPeak, broadPeak, bedMethyl or scored BED.
    pub file: Input,
}

impl ContextSource {
    /// Whether no file is given.
    pub fn is_empty(&self) -> bool {
        self.features.is_none() && self.assays.is_empty()
    }

    /// The scalars of every pair of a table, by columns that depend on the files alone:
    ///
    /// * of the places: ln(1 + distance), whether the elements lie on two chromosomes, enhancers and
    ///   promoters of the table between the two, pairs of the table with this promoter and with this
    ///   enhancer, and how many of either are nearer. These counts are of the table, so that they depend
    ///   on how its pairs, the negatives among them, were chosen; labels play no part;
    /// * of each assay the mean signal at the enhancer, at the promoter and in the window between them, as
    ///   TargetFinder's E/P/W has it;
    /// * the columns of the ready table ([`FeatureTable::read_all`]);
    /// * of each assay, and of each of the ready table's that is so called, what experts make of these:
    ///   the sum between the elements; the enhancer's signal by distance (ABC's numerator), what part that
    ///   is of the sum over the promoter's pairs in the table (ABC's score), and the same of the promoter
    ///   among the enhancer's pairs;
    /// * what is around: how many enhancers and promoters of the table have their middle within 10 kb of that of the
    ///   enhancer, and of the promoter, and of each assay the mean and the largest signal at these.
    ///
    /// Elements on two chromosomes have −1 where only a distance could say a number.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; all bad rows of a file together; a ready table that leaves pairs out; a
    /// signal of another assembly, below 0, or of none of the pairs' chromosomes; two columns of one name.
    pub fn table(&self, pairs: &[Pair], chroms: &Chroms) -> Result<FeatureTable> {
        self.table_of((pairs, pairs), chroms)
    }

    /// The same where a ready table calls the pairs otherwise, in the same order: a promoter by its start site.
    ///
    /// # Errors
    ///
    /// As [`Self::table`].
    pub fn table_of(
        &self,
        (pairs, called): (&[Pair], &[Pair]),
        chroms: &Chroms,
    ) -> Result<FeatureTable> {
        let neighbours = Neighbours::new(pairs);
        let mut measured = Vec::new();
        for assay in &self.assays {
            measured.extend(means(&assay.name, &assay.file.path, pairs, chroms)?);
        }
        if let Some(features) = &self.features {
            let wanted = Wanted {
                path: Path::new("the table of pairs"),
                pairs: called,
                chroms,
            };
            let ready = FeatureTable::read_all(&features.path, wanted)?;
            measured.extend(ready.into_columns());
        }
        let derived = activity_by_distance(&measured, &neighbours).into_iter();
        let around = surroundings(pairs, &measured);
        let all = places(pairs, &neighbours).into_iter();
        FeatureTable::new(all.chain(measured).chain(derived.chain(around)))
    }

    /// Every file that is read.
    pub fn inputs(&mut self) -> impl Iterator<Item = &mut Input> {
        let assays = self.assays.iter_mut().map(|assay| &mut assay.file);
        self.features.iter_mut().chain(assays)
    }
}

#[cfg(test)]
mod tests;
