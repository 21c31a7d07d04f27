//! The network as one method among others.

use std::path::Path;

use super::baselines::{Distance, Labelled, Method};
use super::contender::NetworkKind;
use super::fold::Fold;
use super::request::Request;
use crate::error::{Error, IoContext, Result};
use crate::evaluation::{Sum, Told};
use crate::genome::{Reference, Sequences};
use crate::network::device::ComputeDevice;
use crate::network::inference::{probability, with_context};
use crate::output::provenance;
use crate::output::provenance::{Input, VERSION};
use crate::pairs::{Part, SplitRule};
use crate::progress::Progress;
use crate::run::{Config, ContextSource, Run, Settings};

/// The parts of the pairs in the folder of a fold.
pub const SPLIT: &str = "split.tsv";
/// The folder of the networks in that of a fold.
const NETWORKS: &str = "networks";

/// The mean probabilities of a fold's test pairs by so many networks, whose filters start as motifs or at random,
/// with what is known beside the sequence. Training that is interrupted goes on where it was, and one that is complete
/// is not repeated; [`forget`] removes what it leaves.
pub fn scores(
    fold: &Fold,
    (networks, planted, kind): (usize, bool, &NetworkKind),
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Vec<f64>> {
    let split = dir.join(SPLIT);
    let divided = fold.split()?;
    divided.write(&split, &fold.cell.table.pairs, &fold.cell.chroms)?;
    let validation = match kind {
        NetworkKind::WithDistance => divided.members(Part::Validation),
        NetworkKind::Alone | NetworkKind::WithContext(_) => Vec::new(),
    };
    let places = [validation.as_slice(), &fold.test].concat();
    let context = match kind {
        NetworkKind::WithContext(source) => Some(source),
        NetworkKind::Alone | NetworkKind::WithDistance => None,
    };
    let mut means = vec![0.0; places.len()];
    for network in 0..networks {
        let settings = settings(fold, &split, (planted, context), network as u64)?;
        // Other settings have another folder, so that none is in the way of any.
        let name = provenance::digest(&(VERSION, device.description.identity(), &settings))?;
        let folder = dir.join(NETWORKS).join(name);
        let run = Run::train(&folder, &settings, false, device, progress)?;
        for (mean, probability) in means.iter_mut().zip(predict(fold, &run, &places, device)?) {
            *mean += f64::from(probability) / networks as f64;
        }
    }
    match kind {
        NetworkKind::Alone | NetworkKind::WithContext(_) => Ok(means),
        NetworkKind::WithDistance => {
            with_distance(fold, &divided.members(Part::Train), (&validation, &means))
        }
    }
}

/// The probabilities of a fold's test pairs by sequence and distance, by those of the validation and test pairs by
/// sequence: the distance learns from the network's training part, and a logistic regression on the validation part
/// makes one of the two.
fn with_distance(
    fold: &Fold,
    train: &[usize],
    (validation, by_sequence): (&[usize], &[f64]),
) -> Result<Vec<f64>> {
    let pairs = &fold.cell.table.pairs;
    let places = [validation, &fold.test].concat();
    let train = Labelled::of(pairs, train);
    let by_distance = Distance::new(pairs).scores(&train, &places, fold.cell.comparison.seed)?;
    let told = places.iter().zip(by_sequence).zip(by_distance);
    let told = told.map(|((&place, &sequence), distance)| Told {
        sequence: log_odds(sequence),
        context: log_odds(distance),
        positive: pairs[place].label == Some(true),
    });
    let told: Vec<Told> = told.collect();
    let (validation, test) = told.split_at(validation.len());
    let sum = Sum::fit(validation).ok_or_else(|| {
        let problem = "the pairs that stop the training lack positives or negatives";
        Error::Undefined(format!("{fold}: {problem}"))
    })?;
    let of = |of: &Told| 1.0 / (1.0 + (-sum.log_odds(of.sequence, of.context)).exp());
    Ok(test.iter().map(of).collect())
}

/// Those of a probability, finite where it is rounded to 0 or 1.
fn log_odds(probability: f64) -> f64 {
    let least = f64::from(f32::EPSILON);
    let probability = probability.clamp(least, 1.0 - least);
    (probability / (1.0 - probability)).ln()
}

/// Removes the networks of a fold of which all scores are written.
pub fn forget(dir: &Path) -> Result<()> {
    let networks = dir.join(NETWORKS);
    match networks.exists() {
        true => std::fs::remove_dir_all(&networks).at(&networks),
        false => Ok(()),
    }
}

/// The network's configuration with this seed, which comes before that of the file. How often a
/// checkpoint is written and which prior is stated change no score and are none of it.
pub fn config(request: &Request, seed: u64) -> Config {
    let mut config = request.config.clone();
    config.training.seed = seed;
    config.training.checkpoint_batches = 0;
    config.training.prior = None;
    config
}

fn settings(
    fold: &Fold,
    split: &Path,
    (planted, context): (bool, Option<&ContextSource>),
    network: u64,
) -> Result<Settings> {
    let request = fold.cell.comparison;
    let mut config = config(request, request.seed.wrapping_add(network));
    config.training.checkpoint_batches = request.config.training.checkpoint_batches;
    let file = Input::new(split)?;
    let motifs = planted.then(|| request.init_motifs.clone());
    Ok(Settings {
        table: fold.cell.request.table.clone(),
        cells: None,
        reference: request.reference.clone(),
        split: SplitRule::File { file },
        // The file says which pairs are tested.
        test_fraction: 0.5,
        validation_fraction: request.validation_fraction,
        augmentation: config.augmentation,
        model: config.model,
        training: config.training,
        init: None,
        init_motifs: motifs.unwrap_or_default(),
        context: context.cloned(),
        ensemble: 1,
        activity: None,
    })
}

/// The probabilities of pairs of a fold's cell line, by their places.
fn predict(fold: &Fold, run: &Run, places: &[usize], device: &ComputeDevice) -> Result<Vec<f32>> {
    let windows = fold.cell.table.windows_of(places);
    let mut reference = Reference::open(&fold.cell.comparison.reference.path)?;
    let regions = windows.iter().copied().flatten();
    let sequences = Sequences::read(&mut reference, regions)?;
    let logits = run.ensemble(device)?.logits(&sequences, &windows)?;
    let of_table = (fold.cell.table.pairs.as_slice(), true);
    let context = run.context(of_table, None, &fold.cell.chroms)?;
    let beside = |place: &usize| context.as_ref().map(|context| context.of(*place));
    let logits = logits.into_iter().zip(places.iter().map(beside));
    Ok(logits
        .map(|(logit, beside)| probability(with_context(logit, beside)))
        .collect())
}
