//! What a split gives away: how much of the test part also stands in the training part.
//!
//! A method that only remembers which elements it saw in positives does well on a test part that
//! holds the same elements again (Xi & Beer 2018, doi:10.1371/journal.pcbi.1006625; Cao & Fullwood
//! 2019, doi:10.1038/s41588-019-0434-7). The training part is taken together with the validation
//! part here, which chooses when training stops. Of a cross-validation every fold is the test part
//! once.

mod division;
mod kmers;
mod measure;
mod shared;
mod similar;
mod write;

use std::fmt;
use std::ops::AddAssign;

use serde::Serialize;

pub use division::{Divided, Division, Rule};
pub use measure::Measure;
pub use similar::{Match, Similarity, SimilarityConfig};
pub use write::{Inputs, write};

use super::{Pair, PairTable};
use crate::element::Sides;
use crate::error::Result;
use crate::genome::Reference;
use crate::progress::Progress;
use shared::Seen;

/// What a split gives away, or each fold of a cross-validation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Report {
    /// One of a split, one a fold.
    pub parts: Vec<Leakage>,
}

/// What one test part shares with what is trained on for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leakage {
    /// The fold that is tested, from 1.
    pub fold: Option<usize>,
    /// Pairs of the training and validation parts.
    pub training: Classes,
    /// Pairs of the test part.
    pub test: Classes,
    /// How many pairs of the test part share what with the training part.
    pub rows: Vec<Row>,
    /// How similar the sequences are, where they were compared.
    pub similarity: Option<Similarity>,
}

/// A number of pairs of each label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Classes {
    /// Positive pairs.
    pub positives: usize,
    /// Negative pairs.
    pub negatives: usize,
}

/// How many test pairs share something with the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What.
    pub measure: Measure,
    /// Pairs whose enhancer does.
    pub enhancer: Classes,
    /// Pairs whose promoter does.
    pub promoter: Classes,
    /// Pairs of which at least one element does.
    pub either: Classes,
    /// Pairs whose two elements do, each by itself.
    pub both: Classes,
}

/// What sequences are compared by.
pub struct Sequences<'a> {
    /// Where they are read.
    pub reference: &'a mut Reference,
    /// When two are similar.
    pub config: SimilarityConfig,
}

impl Report {
    /// Compares each test part with what is trained on for it: by place, and by sequence where
    /// there is any.
    ///
    /// # Errors
    ///
    /// Settings that make no sense, a reference that cannot be read.
    pub fn new(
        table: &PairTable,
        divided: &Divided,
        mut sequences: Option<Sequences>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let of = |division: &Division| {
            let mut leakage = Leakage::by_place(table, division);
            if let Some(sequences) = &mut sequences {
                leakage.by_sequence(table, division, sequences, progress)?;
            }
            Ok(leakage)
        };
        Ok(Self {
            parts: divided.divisions().iter().map(of).collect::<Result<_>>()?,
        })
    }

    /// The pairs that are tested, and what they share with what is trained on for each.
    fn total(&self) -> (Classes, Vec<Row>) {
        let mut test = Classes::default();
        let mut rows: Vec<Row> = Vec::new();
        for part in &self.parts {
            test += part.test;
            rows.iter_mut().zip(&part.rows).for_each(|(a, b)| *a += *b);
            // The first part brings them all.
            rows.extend(part.rows.iter().skip(rows.len()));
        }
        (test, rows)
    }
}

impl Leakage {
    fn by_place(table: &PairTable, division: &Division) -> Self {
        let PairTable { pairs, windows, .. } = table;
        let seen = Seen::new(table, &division.training);
        let count = |measure| {
            let of_pair = |&pair: &usize| (pair, seen.shares(measure, &pairs[pair], windows[pair]));
            Row::new(measure, pairs, division.test.iter().map(of_pair))
        };
        Self {
            fold: division.fold,
            training: Classes::of(pairs, &division.training),
            test: Classes::of(pairs, &division.test),
            rows: [
                Measure::SameElement,
                Measure::SameElementPositive,
                Measure::OverlappingElement,
                Measure::SameWindow,
                Measure::OverlappingWindow,
            ]
            .map(count)
            .to_vec(),
            similarity: None,
        }
    }

    fn by_sequence(
        &mut self,
        table: &PairTable,
        division: &Division,
        sequences: &mut Sequences,
        progress: &dyn Progress,
    ) -> Result<()> {
        let [test, training] = [&division.test, &division.training]
            .map(|side| similar::distinct(table.windows_of(side)));
        let Sequences { reference, config } = sequences;
        let similarity = Similarity::find(&test, &training, reference, config, progress)?;
        for measure in [Measure::SimilarWindow, Measure::SimilarElsewhere] {
            let of_pair = |&pair: &usize| {
                let similar = |window| match measure {
                    Measure::SimilarElsewhere => similarity.elsewhere(window).is_some(),
                    _ => similarity.closest(window).is_some(),
                };
                (pair, table.windows[pair].map(similar))
            };
            let row = Row::new(measure, &table.pairs, division.test.iter().map(of_pair));
            self.rows.push(row);
        }
        self.similarity = Some(similarity);
        Ok(())
    }
}

impl AddAssign for Classes {
    fn add_assign(&mut self, other: Self) {
        self.positives += other.positives;
        self.negatives += other.negatives;
    }
}

impl AddAssign for Row {
    fn add_assign(&mut self, other: Self) {
        self.enhancer += other.enhancer;
        self.promoter += other.promoter;
        self.either += other.either;
        self.both += other.both;
    }
}

impl Classes {
    fn of(pairs: &[Pair], members: &[usize]) -> Self {
        let mut classes = Self::default();
        members.iter().for_each(|&pair| classes.add(&pairs[pair]));
        classes
    }

    fn add(&mut self, pair: &Pair) {
        if pair.label == Some(true) {
            self.positives += 1;
        } else {
            self.negatives += 1;
        }
    }
}

impl Row {
    /// From what the two elements of each test pair do.
    fn new(
        measure: Measure,
        pairs: &[Pair],
        found: impl Iterator<Item = (usize, Sides<bool>)>,
    ) -> Self {
        let mut columns = [Classes::default(); 4];
        for (pair, Sides { enhancer, promoter }) in found {
            let counts = [
                enhancer,
                promoter,
                enhancer || promoter,
                enhancer && promoter,
            ];
            for (classes, _) in columns.iter_mut().zip(counts).filter(|of| of.1) {
                classes.add(&pairs[pair]);
            }
        }
        let [enhancer, promoter, either, both] = columns;
        Self {
            measure,
            enhancer,
            promoter,
            either,
            both,
        }
    }

    /// The counts with what they count.
    pub fn columns(&self) -> [(&'static str, Classes); 4] {
        [
            ("enhancer", self.enhancer),
            ("promoter", self.promoter),
            ("either", self.either),
            ("both", self.both),
        ]
    }
}

impl fmt::Display for Classes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {}", self.positives, self.negatives)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (test, rows) = self.total();
        match &self.parts[..] {
            [one] => write!(f, "training {} pairs", one.training)?,
            folds => write!(f, "{} folds", folds.len())?,
        }
        writeln!(f, ", test {test} (positives + negatives)")?;
        writeln!(
            f,
            "{:<30}{:>16}{:>16}{:>16}{:>16}",
            "test pairs that share", "enhancer", "promoter", "either", "both"
        )?;
        let part = |of: usize, all: usize| 100.0 * of as f64 / all.max(1) as f64;
        for row in &rows {
            write!(f, "{:<30}", row.measure)?;
            for (_, classes) in row.columns() {
                let positives = part(classes.positives, test.positives);
                let negatives = part(classes.negatives, test.negatives);
                write!(f, "{:>16}", format!("{positives:.1} + {negatives:.1}"))?;
            }
            writeln!(f)?;
        }
        write!(f, "per cent of the tested positives + negatives")
    }
}

#[cfg(test)]
mod tests;
