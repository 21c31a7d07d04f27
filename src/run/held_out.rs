//! How good a run is on a cell line that it was not trained on, on the chromosomes that were held out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{ContextSource, PREDICTIONS, Run};
use crate::element::Sides;
use crate::error::{Error, IoContext, MissingInput, Result};
use crate::evaluation::{HeldOutMetrics, LeftOut};
use crate::formats::{Lines, Prediction, predictions_header};
use crate::genome::{ChromId, Chroms};
use crate::network::device::ComputeDevice;
use crate::network::inference::probability;
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind};
use crate::pairs::{Labels, PairTable, Part, TableSource, check_cell_name, parts_of_chroms};
use crate::progress::Progress;

/// The folder, in that of a run, of what is found of other cell lines: in it a folder for each.
const FOLDER: &str = "held-out";
const SUMMARY: &str = "held-out.json";

/// A cell line that a run has not seen.
#[derive(Debug, Clone)]
pub struct HeldOutRequest {
    /// What it is called.
    pub name: String,
    /// Its table of pairs, each with a label.
    pub table: TableSource,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
    /// What the context of its pairs is computed from, of a run with one.
    pub context: Option<ContextSource>,
    /// Where to write; by default the folder `held-out/NAME` in the run's.
    pub out: Option<PathBuf>,
}

impl Run {
    /// Predicts the pairs of another cell line that lie on the chromosomes of the run's test part; writes
    /// `held-out.json` and `predictions.tsv` into a folder, which is made. The run's own evaluation stays.
    ///
    /// # Errors
    ///
    /// A run whose pairs were not divided by whole chromosomes; a cell line or a table that it was trained
    /// on; inputs that cannot be read; a table without pairs of both classes on these chromosomes.
    pub fn evaluate_held_out(
        &self,
        request: &HeldOutRequest,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<HeldOutMetrics> {
        self.check_unseen(request)?;
        let (mut reference, reference_file) = self.open_reference(request.reference.as_deref())?;
        let chroms = reference.chroms().clone();
        let parts = self.parts_of_chroms(&chroms)?;
        let lengths = self.record.settings.model.lengths();
        let table = request.table.read(&chroms, lengths, Labels::Every)?;
        let (places, left_out) = held_out(&table, &parts);
        let tests = parts.iter().filter(|(_, part)| **part == Part::Test);
        let tests: Vec<&str> = tests.map(|(chrom, _)| chroms.name(*chrom)).collect();
        check(request, &table, &places, (&left_out, tests.as_slice()))?;
        let of_table = (table.pairs.as_slice(), false);
        let context = self.context(of_table, request.context.as_ref(), &chroms)?;

        let dir = self.place(request);
        let outputs = [SUMMARY, PREDICTIONS].map(|name| dir.join(name));
        let known = self.context_files(request.context.as_ref());
        let inputs = [&request.table.file.path, &reference_file.path].into_iter();
        output::spare(&outputs, inputs.chain(&known).map(PathBuf::as_path))?;
        let _claim = Claim::folder(&dir, FolderKind::HeldOut)?;
        let windows = table.windows_of(&places);
        let known = context.as_ref().map(|of| of.of_places(&places));
        let asked = (windows.as_slice(), known.as_deref());
        let logits = self.predict(device, &mut reference, asked, progress)?;
        let found = places.into_iter().zip(logits);
        let found: Vec<Prediction> = found
            .map(|(place, logit)| Prediction {
                pair: table.pairs[place],
                probability: probability(logit),
                logit,
                part: Some(Part::Test),
                context: context.as_ref().map(|of| of.probability(place)),
            })
            .collect();
        let inputs = (reference_file, tests, left_out);
        let metrics = self.held_out_metrics(request, (dir.as_path(), device), &found, inputs)?;

        // What describes the folder goes first and comes last.
        let [summary, predictions] = outputs;
        output::remove_if_there(&summary)?;
        self.write_predictions(&predictions, &found, &chroms)?;
        output::write_json(summary, &metrics)?;
        Ok(metrics)
    }

    /// Where what is found is written.
    fn place(&self, request: &HeldOutRequest) -> PathBuf {
        let usual = || self.dir.join(FOLDER).join(&request.name);
        request.out.clone().unwrap_or_else(usual)
    }

    /// Checks that a cell line is none of the run's.
    fn check_unseen(&self, request: &HeldOutRequest) -> Result<()> {
        check_cell_name(&request.name)?;
        if self.is_own(&request.table) {
            let problem = "is a table of the training: without another one the run is measured on what was \
                           held out of its own";
            return Err(Error::format(&request.table.file.path, problem));
        }
        let mut cells = self.record.settings.cells.iter();
        let name = request.name.as_str();
        if cells.any(|cells| cells.names().any(|of| of.eq_ignore_ascii_case(name))) {
            let problem = format!(
                "{}: one that was held out is none of them, and has another name than {name}",
                self.told_cells()
            );
            return Err(Error::format(&self.dir, problem));
        }
        Ok(())
    }

    /// The part of each chromosome that the run had pairs of.
    fn parts_of_chroms(&self, chroms: &Chroms) -> Result<BTreeMap<ChromId, Part>> {
        let parts = parts_of_chroms(&self.split_file()?.path, chroms)?;
        parts.ok_or_else(|| Error::Missing {
            what: format!(
                "{}: its pairs were not divided by whole chromosomes, so that none was held out",
                self.dir.display()
            ),
            input: MissingInput::WholeChromosomes,
        })
    }

    /// What is written into a folder about predictions of a cell line.
    fn held_out_metrics(
        &self,
        request: &HeldOutRequest,
        (dir, device): (&Path, &ComputeDevice),
        found: &[Prediction],
        (reference, chromosomes, left_out): (Input, Vec<&str>, LeftOut),
    ) -> Result<HeldOutMetrics> {
        let fitted = self.record.outcome.correction;
        let prevalence =
            fitted.map(|of| of.positives as f64 / (of.positives + of.negatives) as f64);
        let mut test = self.measured(found, prevalence.unwrap_or_default())?;
        if prevalence.is_none() {
            test.prevalence = None;
        }
        Ok(HeldOutMetrics {
            version: VERSION.to_string(),
            weights: self.weights()?.sha256,
            device: device.description.to_string(),
            seed: self.record.settings.training.seed,
            cell: request.name.clone(),
            table: request.table.file.seen_from(dir)?,
            reference: reference.seen_from(dir)?,
            chromosomes: chromosomes.into_iter().map(str::to_string).collect(),
            left_out,
            correction: self.record.correction(),
            test,
        })
    }

    fn write_predictions(&self, path: &Path, found: &[Prediction], chroms: &Chroms) -> Result<()> {
        let correction = self.record.correction();
        let header = predictions_header(found.iter().any(|of| of.context.is_some()));
        let mut lines = Lines::new(path, &header)?;
        for prediction in found {
            let calibrated = correction.map(|of| of.probability(f64::from(prediction.logit)));
            lines.add(&prediction.tsv(chroms, calibrated))?;
        }
        lines.finish()?.complete()
    }
}

/// The places of the pairs whose elements both lie on chromosomes of the test part, and how many others
/// there are.
fn held_out(table: &PairTable, parts: &BTreeMap<ChromId, Part>) -> (Vec<usize>, LeftOut) {
    let (mut places, mut left_out) = (Vec::new(), LeftOut::default());
    for (place, pair) in table.pairs.iter().enumerate() {
        let Sides { enhancer, promoter } = pair.chroms().map(|chrom| parts.get(&chrom).copied());
        let parts = [enhancer, promoter];
        if parts == [Some(Part::Test); 2] {
            places.push(place);
        } else if parts.into_iter().flatten().any(Part::is_seen) {
            left_out.trained += 1;
        } else {
            left_out.unknown += 1;
        }
    }
    (places, left_out)
}

/// Checks that pairs of both classes are left to be measured.
fn check(
    request: &HeldOutRequest,
    table: &PairTable,
    places: &[usize],
    (left_out, tests): (&LeftOut, &[&str]),
) -> Result<()> {
    let has = |label| {
        let mut places = places.iter();
        places.any(|&place| table.pairs[place].label == Some(label))
    };
    let lacks = match (has(true), has(false)) {
        (true, true) => return Ok(()),
        (false, false) => "pair",
        (false, true) => "positive pair",
        (true, false) => "negative pair",
    };
    let problem = format!(
        "has no {lacks} on the chromosomes that were held out ({}); {left_out}",
        tests.join(", ")
    );
    Err(Error::format(&request.table.file.path, problem))
}

/// Removes what was found of other cell lines with the weights of a run, from its folder.
///
/// # Errors
///
/// A folder that cannot be read or written to.
pub(super) fn forget(dir: &Path) -> Result<()> {
    let dir = dir.join(FOLDER);
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(&dir).at(&dir)? {
        let folder = entry.at(&dir)?.path();
        if !folder.is_dir() {
            continue;
        }
        for name in [SUMMARY, PREDICTIONS] {
            output::remove_if_there(&folder.join(name))?;
        }
        // Other files stay, and the folders with them.
        std::fs::remove_dir(folder).ok();
    }
    std::fs::remove_dir(dir).ok();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::Region;
    use crate::pairs::Pair;

    #[test]
    fn pairs_lie_wholly_on_test_chromosomes_or_are_counted() {
        let region = |chrom| Region {
            chrom: ChromId(chrom),
            start: 0,
            end: 10,
        };
        let pair = |(enhancer, promoter): (u32, u32)| Pair {
            elements: Sides::new(region(enhancer), region(promoter)),
            label: Some(true),
            line: 1,
            gene: None,
        };
        // Chromosomes 0 and 1 are tested, 2 was trained on, 3 stopped the training, of 4 nothing is known.
        let on = [(0, 0), (0, 1), (2, 2), (0, 3), (1, 4), (4, 2), (1, 1)];
        let table = PairTable {
            pairs: on.into_iter().map(pair).collect(),
            windows: vec![Sides::new(region(0), region(0)); on.len()],
            skipped: 0,
            translated: false,
            cells: Vec::new(),
        };
        let parts = [Part::Test, Part::Test, Part::Train, Part::Validation];
        let parts = parts.into_iter().zip(0..);
        let parts: BTreeMap<ChromId, Part> =
            parts.map(|(part, chrom)| (ChromId(chrom), part)).collect();
        let (places, left_out) = held_out(&table, &parts);
        assert_eq!(places, [0, 1, 6]);
        let wanted = LeftOut {
            trained: 3,
            unknown: 1,
        };
        assert_eq!(left_out, wanted);
    }

    #[test]
    fn what_was_found_goes_and_other_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        forget(dir.path()).unwrap();
        let [kept, gone] = ["A", "B"].map(|name| dir.path().join(FOLDER).join(name));
        for folder in [&kept, &gone] {
            std::fs::create_dir_all(folder).unwrap();
            for name in [SUMMARY, PREDICTIONS] {
                std::fs::write(folder.join(name), "x").unwrap();
            }
        }
        std::fs::write(kept.join("notes.txt"), "x").unwrap();
        forget(dir.path()).unwrap();
        let left: Vec<_> = std::fs::read_dir(&kept).unwrap().collect();
        assert_eq!(left.len(), 1);
        assert!(kept.join("notes.txt").exists() && !gone.exists());
    }
}
