//! The network as one method among others.

use std::path::Path;

use super::fold::Fold;
use super::request::Request;
use crate::error::{IoContext, Result};
use crate::genome::{Reference, Sequences};
use crate::network::device::ComputeDevice;
use crate::network::inference::probability;
use crate::output::provenance;
use crate::output::provenance::{Input, VERSION};
use crate::pairs::SplitRule;
use crate::progress::Progress;
use crate::run::{Config, ContextSource, Run, Settings};

/// The parts of the pairs in the folder of a fold.
pub const SPLIT: &str = "split.tsv";
/// The folder of the networks in that of a fold.
const NETWORKS: &str = "networks";

/// The mean probabilities of a fold's test pairs by so many networks, whose filters start as motifs
/// or at random, beside a context or alone. Training that is interrupted goes on where it was; [`forget`] removes what it
/// leaves.
pub fn scores(
    fold: &Fold,
    (networks, planted, context): (usize, bool, Option<&ContextSource>),
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Vec<f64>> {
    let split = dir.join(SPLIT);
    fold.split()?
        .write(&split, &fold.cell.table.pairs, &fold.cell.chroms)?;
    let mut means = vec![0.0; fold.test.len()];
    for network in 0..networks {
        let settings = settings(fold, &split, (planted, context), network as u64)?;
        // Other settings have another folder, so that none is in the way of any.
        let name = provenance::digest(&(VERSION, device.description.identity(), &settings))?;
        let folder = dir.join(NETWORKS).join(name);
        let run = Run::train(&folder, &settings, false, device, progress)?;
        for (mean, probability) in means.iter_mut().zip(predict(fold, &run, device)?) {
            *mean += f64::from(probability) / networks as f64;
        }
    }
    Ok(means)
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

fn predict(fold: &Fold, run: &Run, device: &ComputeDevice) -> Result<Vec<f32>> {
    let windows = fold.cell.table.windows_of(&fold.test);
    let mut reference = Reference::open(&fold.cell.comparison.reference.path)?;
    let regions = windows.iter().copied().flatten();
    let sequences = Sequences::read(&mut reference, regions)?;
    let logits = run.ensemble(device)?.logits(&sequences, &windows)?;
    let of_table = (fold.cell.table.pairs.as_slice(), true);
    let context = run.context(of_table, None, &fold.cell.chroms)?;
    let beside = |place: &usize| context.as_ref().map_or(0.0, |context| context.of(*place));
    let logits = logits.into_iter().zip(fold.test.iter().map(beside));
    Ok(logits
        .map(|(logit, beside)| probability(logit + beside))
        .collect())
}
