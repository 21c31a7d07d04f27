//! How good a run is on the pairs that it did not learn from.

use std::path::Path;

use super::Run;
use crate::browser::PredictionWriter;
use crate::device::ComputeDevice;
use crate::error::{Error, Result};
use crate::evaluation::{Metrics, Report, Scored};
use crate::genome::Reference;
use crate::output;
use crate::pairs::{Labels, Part, Windows};
use crate::progress::Progress;
use crate::provenance::VERSION;

impl Run {
    /// Predicts the validation and the test part; writes `metrics.json` and `predictions.tsv` into
    /// the folder. `reference` and `pairs` replace the files of the training where they have
    /// moved.
    ///
    /// # Errors
    ///
    /// Inputs that cannot be read, or are not those of the training.
    pub fn evaluate(
        &self,
        device: &ComputeDevice,
        reference: Option<&Path>,
        pairs: Option<&Path>,
        progress: &dyn Progress,
    ) -> Result<Report> {
        let settings = &self.record.settings;
        let seed = settings.training.seed;
        let predictor = self.predictor(device)?;
        let mut reference = Reference::open(reference.unwrap_or(&settings.reference.path))?;
        let chroms = reference.chroms().clone();
        let pairs = pairs.unwrap_or(&settings.pairs.path);
        let table = settings.read_pairs(pairs, &chroms, Labels::BothClasses)?;
        let split = self.split(&table, &chroms)?;

        let held_out: Vec<usize> = (0..table.pairs.len())
            .filter(|&pair| matches!(split.part(pair), Part::Validation | Part::Test))
            .collect();
        let windows: Vec<Windows> =
            Windows::of_all(&table.pairs, settings.model.lengths(), &chroms)?;
        let windows: Vec<Windows> = held_out.iter().map(|&pair| windows[pair]).collect();
        let mut writer = PredictionWriter::new(&self.dir.join("predictions.tsv"), &chroms)?;
        let (mut validation, mut test) = (Vec::new(), Vec::new());
        progress.start("predicting", windows.len() as u64);
        predictor.for_each(&mut reference, &windows, |place, found| {
            let (pair, part) = (&table.pairs[held_out[place]], split.part(held_out[place]));
            let scored = Scored {
                score: f64::from(found.probability),
                positive: pair.label == Some(true),
            };
            match part {
                Part::Test => test.push(scored),
                _ => validation.push(scored),
            }
            progress.advance(1, "");
            writer.write(pair, Some(part), found.probability, found.logit)
        })?;
        progress.finish();
        let threshold = self.record.outcome.threshold;
        let report = Report {
            version: VERSION.to_string(),
            device: device.description.to_string(),
            seed,
            validation: Metrics::new(&validation, threshold, seed)?,
            test: Metrics::new(&test, threshold, seed)?,
        };
        writer.complete()?;
        let path = self.dir.join("metrics.json");
        let json =
            serde_json::to_string_pretty(&report).map_err(|error| Error::format(&path, error))?;
        output::write(path, json + "\n")?;
        Ok(report)
    }
}
