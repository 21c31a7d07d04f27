//! What a training starts from: the inputs that a run's settings name, and the first weights.

use tracing::info;

use super::Settings;
use crate::error::{Error, Result};
use crate::genome::Reference;
use crate::motifs::{Background, Filter, filters, read_all};
use crate::network::device::ComputeDevice;
use crate::network::model::{Epiann, ModelConfig, Weights};
use crate::output::provenance::Input;
use crate::pairs::{PairTable, Split, check_parts};

/// What a bit of log-odds is in a filter: with the 0.1 that spreads the filters drawn at random, those of
/// motifs stand out of them by their sites alone.
const PER_BIT: f64 = 0.1;

/// What the names of the weights of the layers for activity begin with.
const ACTIVITY: &str = "activity";

/// The inputs of a training.
pub struct Opened {
    /// The reference.
    pub reference: Reference,
    /// The pairs.
    pub table: PairTable,
    /// Their parts.
    pub split: Split,
}

impl Settings {
    /// Opens the reference, reads the pairs and divides them.
    ///
    /// # Errors
    ///
    /// Inputs that cannot be read, bad rows, a part without one of the classes; pairs of several cell lines
    /// that are not divided by whole chromosomes.
    pub(crate) fn open(&self) -> Result<Opened> {
        let reference = Reference::open(&self.reference.path)?;
        let chroms = reference.chroms();
        let table = self.read_tables(chroms)?;
        let parts = (self.test_fraction, self.validation_fraction);
        let split = Split::new(&self.split, &table.pairs, chroms, parts, self.training.seed)?;
        check_parts(&table, &split)?;
        Ok(Opened {
            reference,
            table,
            split,
        })
    }

    /// The weights to start from, which fit the network. Those of a file may be of a network with or without the
    /// layers for activity: what is missing is as in a network that was never trained, and what is too much goes.
    pub(crate) fn first_weights(&self, device: &ComputeDevice) -> Result<Weights> {
        let device = device.inference();
        let mut weights = Epiann::new(&self.model, self.training.seed, &device)?.weights()?;
        if let Some(Input { path, .. }) = &self.init {
            let (found, _) = Weights::read(path)?;
            let found = found.fitted_under(ACTIVITY, &weights);
            let network = Epiann::load(&self.model, &found, &device);
            weights = network
                .map_err(|error| Error::format(path, error))?
                .weights()?;
        }
        if !self.init_motifs.is_empty() {
            self.plant(&mut weights)?;
        }
        Ok(weights)
    }

    /// The network before training with another seed; it does not start from other weights, which
    /// have seen pairs, but with the same motifs.
    pub(super) fn untrained(&self, seed: u64, device: &ComputeDevice) -> Result<Epiann> {
        let device = device.inference();
        let network = Epiann::new(&self.model, seed, &device)?;
        if self.init_motifs.is_empty() {
            return Ok(network);
        }
        let mut weights = network.weights()?;
        self.plant(&mut weights)?;
        Epiann::load(&self.model, &weights, &device)
    }

    /// Replaces the first filters by the matrices of `init_motifs`.
    fn plant(&self, weights: &mut Weights) -> Result<()> {
        let (all, width) = (self.model.filters, self.model.filter_width);
        let planted = planted(&self.model, &self.init_motifs)?;
        info!("{} of {all} filters start as motifs", planted.len());
        // [filters, 4, width]
        let mut values = weights.values(CONVOLUTION).to_vec();
        for (filter, values) in planted.iter().zip(values.chunks_mut(4 * width)) {
            write(filter, values);
        }
        weights.insert(CONVOLUTION.to_string(), vec![all, 4, width], values);
        Ok(())
    }
}

/// The filters that the matrices of some files make, two each.
///
/// # Errors
///
/// Files that cannot be read or used, more matrices than the network has filters for.
pub(crate) fn planted(model: &ModelConfig, files: &[Input]) -> Result<Vec<Filter>> {
    let files: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
    let matrices = read_all(&files)?;
    let planted = filters(&matrices, &Background::uniform(), model.filter_width);
    if planted.len() > model.filters {
        return Err(Error::Configuration(format!(
            "{} matrices take {} filters, one a strand, and the network has {}: give fewer \
             matrices, or more filters in [model]",
            matrices.len(),
            planted.len(),
            model.filters
        )));
    }
    Ok(planted)
}

/// The filters' name among the weights.
const CONVOLUTION: &str = "conv.weight";

/// Writes a filter as [4, width].
fn write(filter: &Filter, values: &mut [f32]) {
    let width = filter.len();
    for (at, column) in filter.iter().enumerate() {
        for (base, bits) in column.iter().enumerate() {
            values[base * width + at] = (PER_BIT * bits) as f32;
        }
    }
}
