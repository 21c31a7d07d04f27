//! `measures.tsv`: what is done of a search.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::output;

/// One training of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    /// The most epochs.
    pub epochs: usize,
    /// The trial, from 0.
    pub trial: usize,
    /// The fold that is held out, from 0.
    pub fold: usize,
}

/// How well a training predicts its fold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Average precision.
    pub auprc: f64,
    /// Area under the receiver operating characteristic.
    pub auroc: f64,
}

/// A row of the file. A training that diverged has no measures.
#[derive(Deserialize)]
struct Row {
    epochs: usize,
    /// From 1.
    trial: usize,
    /// From 1.
    fold: usize,
    auprc: Option<f64>,
    auroc: Option<f64>,
}

/// The trainings of a search that are done, kept in a file.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    done: BTreeMap<Job, Option<Measures>>,
}

impl Journal {
    /// Reads the file, where there is one.
    ///
    /// # Errors
    ///
    /// A file that is none of ours.
    pub fn open(path: &Path) -> Result<Self> {
        let mut done = BTreeMap::new();
        if path.exists() {
            let refuse = |error| Error::format(path, error);
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(b'\t')
                .from_path(path)
                .map_err(refuse)?;
            for row in reader.deserialize() {
                let row: Row = row.map_err(refuse)?;
                let (job, measures) = row
                    .entry()
                    .ok_or_else(|| Error::format(path, "holds what no search writes"))?;
                done.insert(job, measures);
            }
        }
        Ok(Self {
            path: path.to_path_buf(),
            done,
        })
    }

    /// What came of a training: nothing if it is not done, no measures if it diverged.
    pub fn get(&self, job: &Job) -> Option<Option<Measures>> {
        self.done.get(job).copied()
    }

    /// Takes over what another journal notes.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn join(&mut self, other: Self) -> Result<()> {
        self.done.extend(other.done);
        self.write()
    }

    /// Notes what came of a training. The file is whole at every moment.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn add(&mut self, job: Job, measures: Option<Measures>) -> Result<()> {
        self.done.insert(job, measures);
        self.write()
    }

    fn write(&self) -> Result<()> {
        let rows = self.done.iter().map(|(job, measures)| {
            let measures = [measures.map(|of| of.auprc), measures.map(|of| of.auroc)];
            ([job.epochs, job.trial + 1, job.fold + 1], measures)
        });
        output::write_table(&self.path, "epochs\ttrial\tfold\tauprc\tauroc", rows)
    }
}

impl Row {
    fn entry(&self) -> Option<(Job, Option<Measures>)> {
        let job = Job {
            epochs: self.epochs,
            trial: self.trial.checked_sub(1)?,
            fold: self.fold.checked_sub(1)?,
        };
        let possible = |value| (0.0..=1.0).contains(&value);
        let measures = match (self.auprc, self.auroc) {
            (None, None) => None,
            (Some(auprc), Some(auroc)) if possible(auprc) && possible(auroc) => {
                Some(Measures { auprc, auroc })
            }
            _ => return None,
        };
        Some((job, measures))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_noted_is_read_back_to_the_last_bit(
            rows in prop::collection::vec(
                (1usize..4, 0usize..4, 0usize..3, prop::option::of((0f64..=1.0, 0f64..=1.0))), 1..12),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("measures.tsv");
            let mut journal = Journal::open(&path).unwrap();
            for (epochs, trial, fold, measures) in rows {
                let measures = measures.map(|(auprc, auroc)| Measures { auprc, auroc });
                journal.add(Job { epochs, trial, fold }, measures).unwrap();
            }
            let read = Journal::open(&path).unwrap();
            prop_assert_eq!(read.done, journal.done);
        }
    }

    #[test]
    fn a_file_of_something_else_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("measures.tsv");
        for row in [
            "9\t0\t1\t0.5\t0.5",
            "9\t1\t1\tNaN\t0.5",
            "9\t1\t1\t0.5\t",
            "x\t1\t1\t0.5\t0.5",
        ] {
            std::fs::write(&path, format!("epochs\ttrial\tfold\tauprc\tauroc\n{row}\n")).unwrap();
            let said = Journal::open(&path).unwrap_err().to_string();
            assert!(said.contains("measures.tsv"), "{said}");
        }
    }
}
