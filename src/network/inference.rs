//! A trained network at work: probability and attention of pairs.

mod activity;
mod activity_contributions;
mod each;
mod ensemble;
pub mod said;

use crate::attention::{Attended, Bins, Rank, TopCount};
use crate::element::Sides;
use crate::error::Result;
use crate::genome::{self, Reference, Region};
use crate::network::activity::Readout;
use crate::network::block::{self, Block};
use crate::network::contribution::{self, Contribution, Method};
use crate::network::model::{self, ByElement, Epiann, not_finite};
pub use activity_contributions::ActivityContribution;
use burn::tensor::{Device, Int, Tensor};
pub use each::{block_of, for_each_of};
pub use ensemble::{Attentions, Averaged, Ensemble, for_each_ensemble, mean_logit};

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
    /// What each base of the windows adds to the logit, where that was asked for: `L_E` and `L_P`
    /// values.
    pub contributions: Option<Sides<Vec<f32>>>,
    /// What is predicted of the activities that the network has learnt in each bin, where that was asked
    /// for: of peaks the probability that the bin lies in one, of signals ln(1 + signal); `[l_E × sources]`
    /// and `[l_P × sources]` row by row.
    pub activity: Option<Sides<Vec<f32>>>,
    /// What the top regions have most of.
    pub rank: Rank,
}

impl PairAttention {
    /// What attention says of each of the pair's windows, with the so many regions that have most of what
    /// they are ranked by; where neither contributions nor activity are known, that is attention.
    pub fn sides(
        &self,
        windows: Sides<Region>,
        bins: Sides<Bins>,
        count: TopCount,
    ) -> Sides<Attended<'_>> {
        let sides = Attended::both(windows, bins, &self.marginal, count);
        match (self.rank, &self.contributions, &self.activity) {
            (Rank::Contribution, Some(contributions), _) => sides
                .zip(contributions.as_ref())
                .map(|(side, contribution)| side.by_contribution(contribution, count)),
            (Rank::Activity, _, Some(activity)) => sides
                .zip(activity.as_ref())
                .map(|(side, activity)| side.by_activity(activity, count)),
            _ => sides,
        }
    }
}

/// A trained network on a device.
pub struct Predictor {
    network: Epiann,
    by_element: ByElement,
    device: Device,
    contributions: Option<Method>,
    /// How what is said of each activity is read; none of a network that has learnt no activity.
    readouts: Vec<Readout>,
    /// Whether activity is asked for.
    tells_activity: bool,
    rank: Rank,
}

impl Predictor {
    /// A network and the device that its weights are on.
    pub fn new(network: Epiann, device: Device) -> Self {
        let by_element = ByElement::new(&network);
        Self {
            network,
            by_element,
            device,
            contributions: None,
            readouts: Vec::new(),
            tells_activity: false,
            rank: Rank::Attention,
        }
    }

    /// The same, whose activities are read so.
    pub fn with_readouts(self, readouts: Vec<Readout>) -> Self {
        Self { readouts, ..self }
    }

    /// The same, which tells the activities that it has learnt too where
    /// [`for_each`](Self::for_each) goes over pairs, or does not.
    pub fn with_activity(self, tells_activity: bool) -> Self {
        Self {
            tells_activity,
            ..self
        }
    }

    /// The same, which tells contributions too where [`for_each`](Self::for_each) goes over pairs, and
    /// ranks regions as is wanted.
    pub fn with_contributions(self, contributions: Option<Method>, rank: Rank) -> Self {
        Self {
            contributions,
            rank,
            ..self
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
        let block = Block::new(windows.iter().copied());
        fetched(self.run(&block, |region| sequences.codes(region)))
    }

    /// Probability and marginal attention of pairs of windows that need not be the reference's, in
    /// blocks of 512 pairs, of each of which every window is computed once.
    ///
    /// - elements: base codes, 0–3 for ACGT and 4 for all else, of windows of each side, each of
    ///   the network's length
    /// - pairs: the places of both windows of each pair
    ///
    /// # Errors
    ///
    /// A probability that is not a number.
    pub fn of_codes(
        &self,
        elements: &Sides<Vec<&[u8]>>,
        pairs: &[Sides<usize>],
    ) -> Result<Vec<PairAttention>> {
        let windows = |pair: &Sides<usize>| {
            let sides = pair.zip(elements.as_ref());
            sides.map(|(place, windows)| windows[place])
        };
        let mut all = Vec::with_capacity(pairs.len());
        for pairs in pairs.chunks(BLOCK) {
            let block = Block::new(pairs.iter().map(windows));
            all.extend(fetched(self.run(&block, |codes| codes))?);
        }
        Ok(all)
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
            let block = Block::new(block.into_iter());
            let found = self.run(&block, |region| sequences.codes(region));
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
        let windows = windows.map(|window| vec![window]);
        let sequences = batch(&sequences, windows.as_ref(), &self.device);
        let attended = self.network.attentions(sequences);
        let Sides { enhancer, promoter } = attended.attention;
        let [enhancer, promoter] = finite([enhancer, promoter])?;
        Ok(Sides::new(enhancer, promoter))
    }

    fn run<'a, T: Copy>(
        &self,
        block: &Block<T>,
        codes_of: impl Fn(T) -> &'a [u8],
    ) -> model::Marginals {
        let codes = |side: &Vec<T>| side.iter().map(|&window| codes_of(window)).collect();
        let windows: Sides<Vec<&[u8]>> = block.elements.as_ref().map(codes);
        let codes = self.codes(&windows);
        let pairs = block::places(&block.pairs, &self.device);
        // On a thread of the pool: from outside, each kernel would have to wake one up.
        rayon::scope(|_| {
            let elements = self.by_element.elements(codes);
            self.by_element.pairs(&elements, pairs)
        })
    }

    /// The contributions of both windows of pairs, in order; of each the base codes are given, 0–3 for
    /// ACGT and 4 for all else. By gradient windows that are the same are computed once where they
    /// come near each other. A pair's take 80 kB at the published sizes: of many pairs some at a time are asked for.
    ///
    /// By gradient the network's device computes all but the last step from activations to letters. By
    /// mutagenesis the CPU updates, one set of bins after the other, what a substitution changes, and a device of
    /// WGPU's does so for all substitutions of a pair at once.
    ///
    /// # Errors
    ///
    /// A contribution that is not a number, a device that failed.
    pub fn contributions(
        &self,
        method: Method,
        windows: &[Sides<&[u8]>],
    ) -> Result<Vec<Sides<Contribution>>> {
        let (network, by_element) = (&self.network, &self.by_element);
        contribution::of_pairs(network, by_element, &self.device, method, windows)
    }

    /// `[u, L_E]` and `[v, L_P]`
    fn codes(&self, windows: &Sides<Vec<&[u8]>>) -> Sides<Tensor<2, Int>> {
        model::codes(windows.as_ref().map(Vec::as_slice), &self.device)
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
        contributions: None,
        activity: None,
        rank: Rank::Attention,
    };
    Ok(pairs.map(of).collect())
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

/// Windows whose sequence is in memory, at least one on each side and of one length there, as base
/// codes on a device: `[u, L_E]` and `[v, L_P]`.
pub(crate) fn batch(
    sequences: &genome::Sequences,
    windows: Sides<&Vec<Region>>,
    device: &Device,
) -> Sides<Tensor<2, Int>> {
    let codes = |region: &Region| sequences.codes(*region);
    let windows = windows.map(|windows| windows.iter().map(codes).collect::<Vec<_>>());
    model::codes(windows.as_ref().map(Vec::as_slice), device)
}

/// `σ(logit)`, on the host, so that one logit has one probability wherever it was computed.
pub fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// What is known of a pair beside its sequence: how its log-odds follow from those by sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// What those by sequence are multiplied by.
    pub weight: f32,
    /// What is added.
    pub offset: f32,
}

impl Beside {
    /// The log-odds of a pair, by those that a network gives its sequence.
    pub fn log_odds(self, by_sequence: f32) -> f32 {
        self.weight * by_sequence + self.offset
    }
}

/// A network's log-odds with what is known of the pair beside its sequence, if something is.
pub fn with_context(logit: f32, beside: Option<Beside>) -> f32 {
    beside.map_or(logit, |beside| beside.log_odds(logit))
}

/// The values of tensors, fetched together, unless one of them is not a number.
fn finite<const D: usize, const N: usize>(tensors: [Tensor<D>; N]) -> Result<[Vec<f32>; N]> {
    let values = model::host_all(tensors)?;
    if values.iter().flatten().all(|value| value.is_finite()) {
        return Ok(values);
    }
    Err(not_finite())
}
