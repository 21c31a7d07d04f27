//! A trained network at work: probability and attention of pairs.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;
use std::thread;

use burn::tensor::{Device, Int, Tensor, TensorData};
use tracing::info;

use crate::error::{Error, Result};
use crate::genome::{self, Reference, Region};
use crate::network::model;
use crate::network::model::{ByElement, Epiann};
use crate::pairs::Windows;

/// Pairs whose elements are in memory at once, each computed once: at the paper's sizes some
/// 110 MB where no two pairs share any.
const BLOCK: usize = 512;

/// What the network says about a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct PairAttention {
    /// Log-odds of an interaction.
    pub logit: f32,
    /// Probability of an interaction.
    pub probability: f32,
    /// Marginal attention of each enhancer bin, `max_j attention_enhancer[i, j]`: `l_E` values.
    pub enhancer: Vec<f32>,
    /// Marginal attention of each promoter bin, `max_i attention_promoter[i, j]`: `l_P` values.
    pub promoter: Vec<f32>,
}

/// Both attention matrices of a pair, `l_E` rows of `l_P` values each, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionMatrices {
    /// Softmax over the enhancer's bins: each column sums to 1.
    pub enhancer: Vec<f32>,
    /// Softmax over the promoter's bins: each row sums to 1.
    pub promoter: Vec<f32>,
}

/// A trained network on a device.
pub struct Predictor {
    network: Epiann,
    by_element: ByElement,
    device: Device,
}

impl Predictor {
    /// A network and the device that its weights are on.
    pub fn new(network: Epiann, device: Device) -> Self {
        let by_element = ByElement::new(&network);
        Self {
            network,
            by_element,
            device,
        }
    }

    /// The network's configuration.
    pub fn config(&self) -> &model::ModelConfig {
        self.network.config()
    }

    /// Probability and marginal attention of each pair of windows, handed over in order.
    ///
    /// Sequence is read ahead, and results are handed over, while the network runs; memory does
    /// not depend on the number of pairs. Windows that several pairs of a block of 512 share are
    /// computed once, so that an order in which they come together saves work.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read, a probability that is not a number, and what `each`
    /// returns.
    pub fn for_each(
        &self,
        reference: &mut Reference,
        windows: &[Windows],
        mut each: impl FnMut(usize, PairAttention) -> Result<()>,
    ) -> Result<()> {
        let (read, to_run) = sync_channel(1);
        let (ran, to_hand_over) = sync_channel(1);
        // A channel whose other end is gone ends the work: that end has an error to tell.
        thread::scope(|scope| {
            scope.spawn(move || {
                for block in windows.chunks(BLOCK) {
                    let regions = block.iter().flat_map(|pair| [pair.enhancer, pair.promoter]);
                    let sequences = genome::Sequences::read(reference, regions);
                    if read.send((block, sequences)).is_err() {
                        return;
                    }
                }
            });
            scope.spawn(move || {
                let mut computed = 0;
                for (block, sequences) in to_run {
                    let block = Block::new(block);
                    computed += block.enhancers.len() + block.promoters.len();
                    let found = sequences.and_then(|sequences| self.found(&sequences, &block));
                    if ran.send(found).is_err() {
                        return;
                    }
                }
                let pairs = windows.len();
                info!(
                    "{pairs} pairs: {computed} of {} windows computed",
                    2 * pairs
                );
            });
            let mut place = 0;
            for found in to_hand_over {
                for found in found? {
                    each(place, found)?;
                    place += 1;
                }
            }
            Ok(())
        })
    }

    /// Probability and marginal attention of pairs whose sequence is in memory, all at once. Whoever
    /// asks for one pair after the other does so on a thread of rayon's pool: to wake one up for each
    /// takes as long as a part of the work.
    ///
    /// # Errors
    ///
    /// A probability that is not a number.
    pub fn attentions(
        &self,
        sequences: &genome::Sequences,
        windows: &[Windows],
    ) -> Result<Vec<PairAttention>> {
        self.found(sequences, &Block::new(windows))
    }

    /// The logits of pairs whose sequence is in memory.
    ///
    /// # Errors
    ///
    /// A logit that is not a number.
    pub fn logits(&self, sequences: &genome::Sequences, windows: &[Windows]) -> Result<Vec<f32>> {
        let mut logits = vec![0.0; windows.len()];
        for places in along_the_genome(windows).chunks(BLOCK) {
            let block: Vec<Windows> = places.iter().map(|&place| windows[place]).collect();
            let found = self.run(sequences, &Block::new(&block));
            for (&place, logit) in places.iter().zip(finite(found.logit)?) {
                logits[place] = logit;
            }
        }
        Ok(logits)
    }

    /// Both attention matrices of a pair.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn matrices(
        &self,
        reference: &mut Reference,
        windows: Windows,
    ) -> Result<AttentionMatrices> {
        let regions = [windows.enhancer, windows.promoter];
        let sequences = genome::Sequences::read(reference, regions)?;
        let sequences = batch(&sequences, &[windows], &self.device);
        let attended = self.network.attentions(sequences);
        Ok(AttentionMatrices {
            enhancer: finite(attended.attention_enhancer)?,
            promoter: finite(attended.attention_promoter)?,
        })
    }

    fn run(&self, sequences: &genome::Sequences, block: &Block) -> model::Found {
        let codes = |regions: &[Region]| codes(sequences, regions.iter().copied(), &self.device);
        let pairs = TensorData::new(block.pairs.as_flattened().to_vec(), [block.pairs.len(), 2]);
        let pairs = Tensor::from_data(pairs, &self.device);
        // On a thread of the pool: from outside, each kernel would have to wake one up.
        rayon::scope(|_| {
            let elements = self
                .by_element
                .elements(codes(&block.enhancers), codes(&block.promoters));
            self.by_element.pairs(&elements, pairs)
        })
    }

    fn found(&self, sequences: &genome::Sequences, block: &Block) -> Result<Vec<PairAttention>> {
        let found = self.run(sequences, block);
        let [[n, bins_e], [_, bins_p]] = [found.enhancer.dims(), found.promoter.dims()];
        let logits = finite(found.logit)?;
        let (enhancer, promoter) = (finite(found.enhancer)?, finite(found.promoter)?);
        Ok((0..n)
            .map(|pair| PairAttention {
                logit: logits[pair],
                probability: probability(logits[pair]),
                enhancer: enhancer[pair * bins_e..(pair + 1) * bins_e].to_vec(),
                promoter: promoter[pair * bins_p..(pair + 1) * bins_p].to_vec(),
            })
            .collect())
    }
}

/// The places of pairs by their leftmost window: an order in which pairs that share a window come
/// together.
pub fn along_the_genome(windows: &[Windows]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..windows.len()).collect();
    places.sort_by_key(|&place| {
        let Windows { enhancer, promoter } = windows[place];
        (enhancer.min(promoter), place)
    });
    places
}

/// Some pairs and the distinct windows that they are made of.
struct Block {
    enhancers: Vec<Region>,
    promoters: Vec<Region>,
    /// The places of both windows of each pair.
    pairs: Vec<[i32; 2]>,
}

impl Block {
    fn new(windows: &[Windows]) -> Self {
        let mut places = [BTreeMap::new(), BTreeMap::new()];
        let mut elements = [Vec::new(), Vec::new()];
        let pairs = windows.iter().map(|pair| {
            let sides = [pair.enhancer, pair.promoter];
            [0, 1].map(|side| {
                let region = sides[side];
                *places[side].entry(region).or_insert_with(|| {
                    elements[side].push(region);
                    elements[side].len() as i32 - 1
                })
            })
        });
        let pairs = pairs.collect();
        let [enhancers, promoters] = elements;
        Self {
            enhancers,
            promoters,
            pairs,
        }
    }
}

/// The base codes of windows of one length whose sequence is in memory, on a device: `[n, L]`.
fn codes(
    sequences: &genome::Sequences,
    regions: impl ExactSizeIterator<Item = Region>,
    device: &Device,
) -> Tensor<2, Int> {
    let n = regions.len();
    let codes: Vec<u8> = regions
        .flat_map(|region| sequences.codes(region))
        .copied()
        .collect();
    model::codes(codes, n, device)
}

/// Windows whose sequence is in memory, as a batch on a device.
pub(crate) fn batch(
    sequences: &genome::Sequences,
    windows: &[Windows],
    device: &Device,
) -> model::Sequences {
    let of = |side: fn(&Windows) -> Region| codes(sequences, windows.iter().map(side), device);
    model::Sequences {
        enhancer: of(|windows| windows.enhancer),
        promoter: of(|windows| windows.promoter),
    }
}

/// `σ(logit)`, on the host, so that one logit has one probability wherever it was computed.
pub fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The values of a tensor, unless one of them is not a number.
fn finite<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let values = model::host(tensor)?;
    if values.iter().all(|value| value.is_finite()) {
        return Ok(values);
    }
    Err(Error::NotFinite(
        "the network's output is not a finite number: are the weights of a run that diverged?"
            .to_string(),
    ))
}
