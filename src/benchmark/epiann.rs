//! The network as one method among others.

use std::path::Path;

use super::fold::Fold;
use crate::device::ComputeDevice;
use crate::error::{IoContext, Result};
use crate::genome::{Reference, Sequences};
use crate::inference::probability;
use crate::pairs::{SplitRule, Windows};
use crate::progress::Progress;
use crate::provenance::{self, Input};
use crate::run::{Run, Settings};

/// The mean probabilities of a fold's test pairs by so many networks, whose filters start as motifs
/// or at random. Training that is interrupted goes on where it was; the networks are removed at
/// the end.
pub fn scores(
    fold: &Fold,
    (networks, planted): (usize, bool),
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Vec<f64>> {
    let split = dir.join("split.tsv");
    fold.split()?
        .write(&split, &fold.cell.table.pairs, &fold.cell.chroms)?;
    let mut means = vec![0.0; fold.test.len()];
    let networks_dir = dir.join("networks");
    for network in 0..networks {
        let settings = settings(fold, &split, planted, network as u64)?;
        // Other settings have another folder, so that none is in the way of any.
        let name = provenance::digest(&settings)?;
        let run = Run::train(&networks_dir.join(name), &settings, false, device, progress)?;
        for (mean, probability) in means.iter_mut().zip(predict(fold, &run, device)?) {
            *mean += f64::from(probability) / networks as f64;
        }
    }
    std::fs::remove_dir_all(&networks_dir).at(&networks_dir)?;
    Ok(means)
}

fn settings(fold: &Fold, split: &Path, planted: bool, network: u64) -> Result<Settings> {
    let request = fold.cell.benchmark;
    let mut training = request.config.training.clone();
    training.seed = request.seed.wrapping_add(network);
    Ok(Settings {
        table: fold.cell.request.table.clone(),
        reference: request.reference.clone(),
        split: SplitRule::File {
            file: Input::new(split)?,
        },
        test_fraction: 1.0 / fold.of as f64,
        validation_fraction: request.validation_fraction,
        augmentation: request.config.augmentation,
        model: request.config.model.clone(),
        training,
        init: None,
        init_motifs: if planted {
            request.init_motifs.clone()
        } else {
            Vec::new()
        },
    })
}

fn predict(fold: &Fold, run: &Run, device: &ComputeDevice) -> Result<Vec<f32>> {
    let (pairs, chroms) = (&fold.cell.table.pairs, &fold.cell.chroms);
    let lengths = run.record.settings.model.lengths();
    let windows = Windows::of_all(pairs, lengths, chroms)?;
    let windows: Vec<Windows> = fold.test.iter().map(|&pair| windows[pair]).collect();
    let mut reference = Reference::open(&fold.cell.benchmark.reference.path)?;
    let regions = windows.iter().flat_map(|of| [of.enhancer, of.promoter]);
    let sequences = Sequences::read(&mut reference, regions)?;
    let logits = run.predictor(device)?.logits(&sequences, &windows)?;
    Ok(logits.into_iter().map(probability).collect())
}
