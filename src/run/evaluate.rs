//! How good a run is on the pairs that it did not learn from.

use std::path::PathBuf;

use serde::Deserialize;

use super::ablation::ablation;
use super::cells::with_cell;
use super::context::ContextSource;
use super::offsets::Offsets;
use super::partner_share::partner_share;
use super::{HISTORY, METRICS, PREDICTIONS, Record, Run, multiqc};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::evaluation::{Metrics, RunMetrics, Scored};
use crate::formats::{Lines, Prediction, predictions_header};
use crate::genome::{Reference, Region};
use crate::network::device::ComputeDevice;
use crate::network::inference::{Beside, Ensemble, along_the_genome, probability, with_context};
use crate::network::training;
use crate::network::training::History;
use crate::output::provenance::VERSION;
use crate::output::{self, Claim, FolderKind};
use crate::pairs::{Pair, PairTable, Part, Split};
use crate::progress::Progress;

/// Where the files of a training are now, those that have moved.
#[derive(Debug, Clone, Default)]
pub struct MovedInputs {
    /// The reference.
    pub reference: Option<PathBuf>,
    /// The tables of pairs, of several cell lines those that have moved.
    pub pairs: Vec<PathBuf>,
    /// The files of the context.
    pub context: Option<ContextSource>,
}

impl Run {
    /// Predicts the validation and the test part; writes `metrics.json` and `predictions.tsv` into
    /// the folder.
    ///
    /// # Errors
    ///
    /// Inputs that cannot be read; a table or a context that is not that of the training.
    pub fn evaluate(
        &self,
        device: &ComputeDevice,
        moved: &MovedInputs,
        progress: &dyn Progress,
    ) -> Result<RunMetrics> {
        let seed = self.record.settings.training.seed;
        let ensemble = self.ensemble(device)?;
        let (mut reference, _) = self.open_reference(moved.reference.as_deref())?;
        let chroms = reference.chroms().clone();
        let table = self.read_tables(&moved.pairs, &chroms)?;
        let split = self.split(&table, &chroms)?;
        let of_table = (table.pairs.as_slice(), true);
        let context = self.context(of_table, moved.context.as_ref(), &chroms)?;
        let activity = self.activity_task((&table, &split), &mut reference)?;

        let is_held_out = |pair: &usize| matches!(split.part(*pair), Part::Validation | Part::Test);
        let held_out: Vec<usize> = (0..table.pairs.len()).filter(is_held_out).collect();
        let _claim = Claim::folder(&self.dir, FolderKind::Run)?;
        let cell = table.cells.first().map(|_| "cell");
        let header = with_cell(predictions_header(context.is_some()), cell);
        let mut predictions = Lines::new(&self.dir.join(PREDICTIONS), &header)?;
        let windows = table.windows_of(&held_out);
        let logits = predict(&ensemble, &mut reference, &windows, progress)?;
        let by_sequence: Vec<(usize, f32)> = held_out.into_iter().zip(logits).collect();

        let found = predicted((&table, &split), &by_sequence, context.as_ref());
        let correction = self.record.correction();
        for (&(place, _), prediction) in by_sequence.iter().zip(&found) {
            let calibrated = correction.map(|of| of.probability(f64::from(prediction.logit)));
            let line = prediction.tsv(&chroms, calibrated);
            predictions.add(&with_cell(line, table.cell(place)))?;
        }
        let all = by_sequence.iter().map(|(place, _)| *place);
        let all: Vec<(usize, Prediction)> = all.zip(found.iter().copied()).collect();
        let [validation, test] = [Part::Validation, Part::Test].map(|part| -> Vec<Prediction> {
            let of_part = found.iter().filter(|of| of.part == Some(part));
            of_part.copied().collect()
        });
        let positives = validation.iter().filter(|of| is_positive(of)).count();
        let prevalence = positives as f64 / validation.len() as f64;
        let report = RunMetrics {
            version: VERSION.to_string(),
            weights: self.weights()?.sha256,
            device: device.description.to_string(),
            seed,
            correction,
            validation: self.measured(&validation, prevalence)?,
            test: self.measured(&test, prevalence)?,
            cells: self.measured_by_cell(&table, &all, prevalence)?,
            ablation: ablation((&table, &split), &by_sequence, context.as_ref(), seed).map(Some)?,
            partner_share: partner_share(&ensemble, &mut reference, (&table, &split), progress)?,
            activity: self.measured_activity(activity.as_ref(), device)?,
        };
        predictions.finish()?.complete()?;
        self.write_metrics(&report)?;
        Ok(report)
    }

    /// How good what is predicted of a part is, beside that every pair has this probability.
    pub(super) fn measured(&self, part: &[Prediction], prevalence: f64) -> Result<Metrics> {
        let scored = |score: &dyn Fn(&Prediction) -> f64| -> Vec<Scored> {
            let of = |prediction: &Prediction| Scored {
                score: score(prediction),
                positive: is_positive(prediction),
            };
            part.iter().map(of).collect()
        };
        let Record { settings, outcome } = &self.record;
        let seed = settings.training.seed;
        let clusters = Pair::clusters(part.iter().map(|of| &of.pair));
        let raw = scored(&|of| f64::from(of.probability));
        let mut metrics = Metrics::new(&raw, &clusters, outcome.threshold, seed)?;
        let always = scored(&|_| prevalence);
        metrics.prevalence = Some(metrics.probabilities(&always, &clusters, seed)?);
        // What is stated for another prior does not come true among these labels.
        if let Some(correction) = &outcome.correction {
            let calibrated = scored(&|of| correction.probability(f64::from(of.logit)));
            metrics.calibrated = Some(metrics.probabilities(&calibrated, &clusters, seed)?);
        }
        Ok(metrics)
    }

    /// The log-odds of pairs of windows, in their order, with what is known of each beside its sequence
    /// where something is.
    ///
    /// # Errors
    ///
    /// Weights that do not fit the run's configuration, a reference that cannot be read.
    pub fn predict(
        &self,
        device: &ComputeDevice,
        reference: &mut Reference,
        (windows, known): (&[Sides<Region>], Option<&[Beside]>),
        progress: &dyn Progress,
    ) -> Result<Vec<f32>> {
        let logits = predict(&self.ensemble(device)?, reference, windows, progress)?;
        let of =
            |(place, logit): (usize, f32)| with_context(logit, known.map(|known| known[place]));
        Ok(logits.into_iter().enumerate().map(of).collect())
    }

    /// Writes a report, for MultiQC too.
    fn write_metrics(&self, report: &RunMetrics) -> Result<()> {
        output::write_json(self.dir.join(METRICS), report)?;
        let history = self.history().unwrap_or_default();
        multiqc::write(&self.dir, &self.name(), report, &history)
    }

    /// The report of an evaluation of these weights that is already in the folder.
    pub fn evaluated(&self) -> Option<RunMetrics> {
        let current = |report: &RunMetrics| report.version == VERSION;
        self.report().ok().filter(current)
    }

    /// The report of the last evaluation.
    ///
    /// # Errors
    ///
    /// A run that was not evaluated, or not with these weights.
    pub fn report(&self) -> Result<RunMetrics> {
        let path = self.dir.join(METRICS);
        let missing = |problem: &dyn std::fmt::Display| {
            Error::format(&path, format!("{problem}: epitrack evaluate makes it"))
        };
        let text = std::fs::read_to_string(&path).map_err(|error| missing(&error))?;
        let report: RunMetrics = serde_json::from_str(&text).map_err(|error| missing(&error))?;
        let whole = self.dir.join(PREDICTIONS).exists();
        if !whole || report.weights != self.weights()?.sha256 {
            return Err(missing(&"is of other weights, or without predictions"));
        }
        Ok(report)
    }

    /// The predictions of the last evaluation: the part and the score of each pair.
    ///
    /// # Errors
    ///
    /// A file that is not there, or that is none of ours.
    pub fn predictions(&self) -> Result<Vec<(Part, Scored)>> {
        #[derive(Deserialize)]
        struct Row {
            label: u8,
            part: String,
            probability: f64,
        }
        let path = self.dir.join(PREDICTIONS);
        let refuse = |error: &dyn std::fmt::Display| Error::format(&path, error);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b'\t')
            .quoting(false)
            .from_path(&path)
            .map_err(|error| refuse(&error))?;
        let scored = |row: csv::Result<Row>| {
            let row = row.map_err(|error| refuse(&error))?;
            let part = row.part.parse().map_err(|error: String| refuse(&error))?;
            let scored = Scored {
                score: row.probability,
                positive: row.label == 1,
            };
            Ok((part, scored))
        };
        reader.deserialize().map(scored).collect()
    }

    /// What happened in each epoch of the training.
    ///
    /// # Errors
    ///
    /// A file that is not there, or that is none of ours.
    pub fn history(&self) -> Result<History> {
        training::read_history(&self.dir.join(HISTORY))
    }
}

/// Whether the table says so.
fn is_positive(prediction: &Prediction) -> bool {
    prediction.pair.label == Some(true)
}

/// Pairs by their places and their log-odds by sequence alone, with what the context adds.
fn predicted(
    (table, split): (&PairTable, &Split),
    by_sequence: &[(usize, f32)],
    context: Option<&Offsets>,
) -> Vec<Prediction> {
    let of = |&(place, by_sequence): &(usize, f32)| {
        let logit = with_context(by_sequence, context.map(|context| context.of(place)));
        Prediction {
            pair: table.pairs[place],
            probability: probability(logit),
            logit,
            part: Some(split.part(place)),
            context: context.map(|context| context.probability(place)),
        }
    };
    by_sequence.iter().map(of).collect()
}

/// The log-odds of pairs by their sequence alone, in their order.
fn predict(
    ensemble: &Ensemble,
    reference: &mut Reference,
    windows: &[Sides<Region>],
    progress: &dyn Progress,
) -> Result<Vec<f32>> {
    let order = along_the_genome(windows);
    let ordered: Vec<_> = order.iter().map(|&place| windows[place]).collect();
    let mut found = vec![0.0; windows.len()];
    progress.start("predicting", windows.len() as u64, 0);
    ensemble.for_each(reference, &ordered, |number, said| {
        found[order[number]] = said.mean.logit;
        progress.advance(1, "");
        Ok(())
    })?;
    progress.finish();
    Ok(found)
}
