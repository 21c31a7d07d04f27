//! A trained network at work: probability and attention of pairs.

mod ensemble;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;
use std::thread;

use burn::tensor::{Device, Int, Tensor, TensorData};
use tracing::info;

use crate::attention::{Attended, Bins};
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::genome::{self, Reference, Region};
use crate::network::device::{compiling, synced};
use crate::network::model::{self, ByElement, Epiann};
pub use ensemble::{Attentions, Averaged, Ensemble, for_each_ensemble};

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
    /// Marginal attention of each bin: of the enhancer `max_j attention_enhancer[i, j]`, `l_E` values,
    /// of the promoter `max_i attention_promoter[i, j]`, `l_P` values.
    pub marginal: Sides<Vec<f32>>,
}

impl PairAttention {
    /// What attention says of each of the pair's windows.
    pub fn sides(&self, windows: Sides<Region>, bins: Sides<Bins>) -> Sides<Attended<'_>> {
        Attended::both(windows, bins, &self.marginal)
    }
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

    /// Probability and marginal attention of each pair of windows, handed over in order: see
    /// [`for_each_of`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn for_each(
        &self,
        reference: &mut Reference,
        windows: &[Sides<Region>],
        mut each: impl FnMut(usize, PairAttention) -> Result<()>,
    ) -> Result<()> {
        let predictors = std::slice::from_ref(self);
        for_each_of(predictors, reference, windows, |place, _, found| {
            each(place, found)
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
        windows: &[Sides<Region>],
    ) -> Result<Vec<PairAttention>> {
        fetched(self.run(sequences, &Block::new(windows)))
    }

    /// The logits of pairs whose sequence is in memory.
    ///
    /// # Errors
    ///
    /// A logit that is not a number.
    pub fn logits(
        &self,
        sequences: &genome::Sequences,
        windows: &[Sides<Region>],
    ) -> Result<Vec<f32>> {
        let mut logits = vec![0.0; windows.len()];
        for places in along_the_genome(windows).chunks(BLOCK) {
            let block: Vec<_> = places.iter().map(|&place| windows[place]).collect();
            let found = self.run(sequences, &Block::new(&block));
            for (&place, logit) in places.iter().zip(finite([found.logit])?.concat()) {
                logits[place] = logit;
            }
        }
        Ok(logits)
    }

    /// Both attention matrices of a pair, `l_E` rows of `l_P` values each, row by row. Softmax over
    /// the enhancer's bins makes each column of the enhancer's sum to 1, softmax over the promoter's
    /// each row of the promoter's.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn matrices(
        &self,
        reference: &mut Reference,
        windows: Sides<Region>,
    ) -> Result<Sides<Vec<f32>>> {
        let sequences = genome::Sequences::read(reference, windows)?;
        let sequences = batch(&sequences, &[windows], &self.device);
        let attended = self.network.attentions(sequences);
        let Sides { enhancer, promoter } = attended.attention;
        let [enhancer, promoter] = finite([enhancer, promoter])?;
        Ok(Sides::new(enhancer, promoter))
    }

    fn run(&self, sequences: &genome::Sequences, block: &Block) -> model::Marginals {
        let codes = |regions: &[Region]| codes(sequences, regions.iter().copied(), &self.device);
        let pairs = TensorData::new(block.pairs.as_flattened().to_vec(), [block.pairs.len(), 2]);
        let pairs = Tensor::from_data(pairs, &self.device);
        // On a thread of the pool: from outside, each kernel would have to wake one up.
        rayon::scope(|_| {
            let elements = self.by_element.elements(
                codes(&block.elements.enhancer),
                codes(&block.elements.promoter),
            );
            self.by_element.pairs(&elements, pairs)
        })
    }
}

/// What was found of pairs, once the device has found it.
fn fetched(found: model::Marginals) -> Result<Vec<PairAttention>> {
    let Sides { enhancer, promoter } = found.attention;
    let [_, bins_e] = enhancer.dims();
    let [_, bins_p] = promoter.dims();
    let [logits, enhancer, promoter] = finite([found.logit, enhancer, promoter])?;
    let pairs = logits.into_iter().zip(enhancer.chunks_exact(bins_e));
    let pairs = pairs.zip(promoter.chunks_exact(bins_p));
    let of = |((logit, enhancer), promoter): ((f32, &[f32]), &[f32])| PairAttention {
        logit,
        probability: probability(logit),
        marginal: Sides::new(enhancer.to_vec(), promoter.to_vec()),
    };
    Ok(pairs.map(of).collect())
}

/// What several networks say about each pair of windows: the pairs in order, and for each of them
/// the networks in order, both by their places.
///
/// Sequence is read ahead, once for all networks, and results are fetched and handed over, while the
/// networks run; memory does not depend on the number of pairs. Windows that several pairs of a block of 512
/// share are computed once, so that an order in which they come together saves work.
///
/// # Errors
///
/// A reference that cannot be read, a probability that is not a number, and what `each` returns.
pub fn for_each_of<P: Borrow<Predictor> + Sync>(
    predictors: &[P],
    reference: &mut Reference,
    windows: &[Sides<Region>],
    mut each: impl FnMut(usize, usize, PairAttention) -> Result<()>,
) -> Result<()> {
    let (read, to_run) = sync_channel(1);
    let (ran, to_hand_over) = sync_channel(1);
    // A channel whose other end is gone ends the work: that end has an error to tell.
    thread::scope(|scope| {
        scope.spawn(move || {
            windows.chunks(BLOCK).try_for_each(|block| {
                let regions = block.iter().copied().flatten();
                read.send((block, genome::Sequences::read(reference, regions)))
            })
        });
        scope.spawn(move || {
            let mut computed = 0;
            let mut compiled = false;
            for (block, sequences) in to_run {
                let block = Block::new(block);
                let Sides { enhancer, promoter } = &block.elements;
                computed += enhancer.len() + promoter.len();
                let found = sequences.and_then(|sequences| {
                    let run = || run_all(predictors, &sequences, &block);
                    match std::mem::replace(&mut compiled, true) {
                        true => Ok(run()),
                        false => compiling("first pairs", || waited_for(run())),
                    }
                });
                let failed = found.is_err();
                if ran.send(found).is_err() || failed {
                    return;
                }
            }
            tell_of(windows.len(), computed, predictors.len());
        });
        let mut place = 0;
        for found in to_hand_over {
            let found: Vec<model::Marginals> = found?;
            let found: Vec<Vec<PairAttention>> =
                found.into_iter().map(fetched).collect::<Result<_>>()?;
            let pairs = found.first().map_or(0, Vec::len);
            let mut found: Vec<_> = found.into_iter().map(Vec::into_iter).collect();
            for _ in 0..pairs {
                for (network, found) in found.iter_mut().enumerate() {
                    if let Some(found) = found.next() {
                        each(place, network, found)?;
                    }
                }
                place += 1;
            }
        }
        Ok(())
    })
}

/// How many of the pairs' windows were computed.
fn tell_of(pairs: usize, computed: usize, networks: usize) {
    let by = match networks {
        1 => String::new(),
        networks => format!(" by each of {networks} networks"),
    };
    let windows = 2 * pairs;
    info!("{pairs} pairs: {computed} of {windows} windows computed{by}");
}

/// What each network says of a block, which may still be in the making.
fn run_all<P: Borrow<Predictor>>(
    predictors: &[P],
    sequences: &genome::Sequences,
    block: &Block,
) -> Vec<model::Marginals> {
    let of = |predictor: &P| {
        let predictor: &Predictor = predictor.borrow();
        predictor.run(sequences, block)
    };
    predictors.iter().map(of).collect()
}

/// The same when it is made.
fn waited_for(found: Vec<model::Marginals>) -> Result<Vec<model::Marginals>> {
    if let Some(found) = found.first() {
        synced(&found.logit.device())?;
    }
    Ok(found)
}

/// The places of pairs by their leftmost window: an order in which pairs that share a window come
/// together.
pub fn along_the_genome(windows: &[Sides<Region>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..windows.len()).collect();
    places.sort_by_key(|&place| {
        let Sides { enhancer, promoter } = windows[place];
        (enhancer.min(promoter), place)
    });
    places
}

/// Some pairs and the distinct windows that they are made of.
struct Block {
    elements: Sides<Vec<Region>>,
    /// The places of both windows of each pair.
    pairs: Vec<[i32; 2]>,
}

impl Block {
    fn new(windows: &[Sides<Region>]) -> Self {
        let mut places: Sides<BTreeMap<Region, i32>> = Sides::default();
        let mut elements: Sides<Vec<Region>> = Sides::default();
        let pairs = windows.iter().map(|windows| {
            Element::BOTH.map(|element| {
                let region = *windows.get(element);
                let known = elements.get_mut(element);
                *places.get_mut(element).entry(region).or_insert_with(|| {
                    known.push(region);
                    known.len() as i32 - 1
                })
            })
        });
        Self {
            pairs: pairs.collect(),
            elements,
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
    let codes: Vec<&[u8]> = regions.map(|region| sequences.codes(region)).collect();
    model::codes(&codes.concat(), n, device)
}

/// Windows whose sequence is in memory, as a batch on a device.
pub(crate) fn batch(
    sequences: &genome::Sequences,
    windows: &[Sides<Region>],
    device: &Device,
) -> Sides<Tensor<2, Int>> {
    Sides::from_fn(|element| {
        let regions = windows.iter().map(|windows| *windows.get(element));
        codes(sequences, regions, device)
    })
}

/// `σ(logit)`, on the host, so that one logit has one probability wherever it was computed.
pub fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The values of tensors, fetched together, unless one of them is not a number.
fn finite<const D: usize, const N: usize>(tensors: [Tensor<D>; N]) -> Result<[Vec<f32>; N]> {
    let values = model::host_all(tensors)?;
    if values.iter().flatten().all(|value| value.is_finite()) {
        return Ok(values);
    }
    Err(Error::NotFinite(
        "the network's output is not a finite number: are the weights of a run that diverged?"
            .to_string(),
    ))
}
