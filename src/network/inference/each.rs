//! Networks at work on pairs of which there may be any number.

use std::borrow::Borrow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use burn::tensor::Tensor;
use tracing::info;

use super::activity::Said;
use super::{BLOCK, PairAttention, Predictor, fetched};
use crate::attention::Rank;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{Reference, Region, Sequences};
use crate::network::block::{self, Block};
use crate::network::contribution::{self, Contribution, Gradients, Method};
use crate::network::device::{compiling, synced};
use crate::network::model::{Marginals, not_finite};

/// Pairs of a block where each takes tens of milliseconds.
const SLOW: usize = 16;

/// The pairs that [`for_each_of`] has computed together where these contributions are asked for.
pub fn block_of(contributions: Option<Method>) -> usize {
    match contributions {
        None => BLOCK,
        Some(Method::Gradient) => contribution::BLOCK,
        Some(Method::Ism) => SLOW,
    }
}

/// What several networks say about each pair of windows: the pairs in order, and for each of them
/// the networks in order, both by their places.
///
/// Sequence is read ahead, once for all networks, and results are fetched and handed over, while the
/// networks run; memory does not depend on the number of pairs. Windows that several pairs of a block
/// share (512 pairs, 256 with gradients, 16 with mutagenesis) are computed once, so that an order in
/// which they come together saves work.
///
/// # Errors
///
/// A reference that cannot be read, a probability or a contribution that is not a number, and what
/// `each` returns.
pub fn for_each_of<P: Borrow<Predictor> + Sync>(
    predictors: &[P],
    reference: &mut Reference,
    windows: &[Sides<Region>],
    mut each: impl FnMut(usize, usize, PairAttention) -> Result<()>,
) -> Result<()> {
    let sizes = predictors
        .iter()
        .map(|of| block_of(of.borrow().contributions));
    let size = sizes.min().unwrap_or(BLOCK);
    let (read, to_run) = sync_channel(1);
    let (ran, to_hand_over) = sync_channel(1);
    // A channel whose other end is gone ends the work: that end has an error to tell.
    thread::scope(|scope| {
        let begin = thread::Builder::new().spawn_scoped(scope, move || {
            windows.chunks(size).try_for_each(|block| {
                let regions = block.iter().copied().flatten();
                read.send((block, Sequences::read(reference, regions)))
            })
        });
        let run = move || run_blocks(predictors, windows.len(), to_run, ran);
        let begun = begin.and(thread::Builder::new().spawn_scoped(scope, run));
        begun.map_err(|error| Error::Device(format!("no thread can be started: {error}")))?;
        let mut first = 0;
        to_hand_over.into_iter().try_for_each(|found| {
            let found = found?.into_iter().map(Ran::fetched);
            let found: Vec<Vec<PairAttention>> = found.collect::<Result<_>>()?;
            let pairs = found.first().map_or(0, Vec::len);
            let mut found: Vec<_> = found.into_iter().map(Vec::into_iter).collect();
            for place in first..first + pairs {
                for (network, found) in found.iter_mut().enumerate() {
                    if let Some(found) = found.next() {
                        each(place, network, found)?;
                    }
                }
            }
            first += pairs;
            Ok(())
        })
    })
}

/// Runs the networks on one block after the other, of so many pairs in all, until there is none or an
/// error to hand on.
fn run_blocks<P: Borrow<Predictor>>(
    predictors: &[P],
    pairs: usize,
    to_run: Receiver<(&[Sides<Region>], Result<Sequences>)>,
    ran: SyncSender<Result<Vec<Ran>>>,
) {
    let mut computed = 0;
    let mut compiled = false;
    for (windows, sequences) in to_run {
        let block = Block::new(windows.iter().copied());
        let distinct = block.elements.as_ref().map(Vec::len);
        computed += distinct.enhancer + distinct.promoter;
        let found = sequences.and_then(|sequences| {
            let run = || Ran::all(predictors, &sequences, windows, &block);
            match std::mem::replace(&mut compiled, true) {
                true => run(),
                false => compiling("first pairs", || run().and_then(waited_for)),
            }
        });
        let failed = found.is_err();
        if ran.send(found).is_err() || failed {
            return;
        }
    }
    tell_of(pairs, computed, predictors.len());
}

/// What a network says of a block.
struct Ran {
    /// May still be in the making.
    found: Marginals,
    /// Of each pair what the bases of its windows add, where that was asked for.
    contributions: Option<Vec<Sides<Vec<f32>>>>,
    /// What the activity task says, where that was asked for.
    activity: Option<Said>,
    rank: Rank,
}

impl Ran {
    /// What each network says.
    fn all<P: Borrow<Predictor>>(
        predictors: &[P],
        sequences: &Sequences,
        windows: &[Sides<Region>],
        block: &Block<Region>,
    ) -> Result<Vec<Self>> {
        let codes = block.map(|region| sequences.codes(region));
        let of = |predictor: &P| {
            let predictor: &Predictor = predictor.borrow();
            let (found, contributions, activity) = match predictor.contributions {
                None => {
                    let (found, activity) = with_activity(predictor, &codes)?;
                    (found, None, activity)
                }
                Some(Method::Gradient) => {
                    let (found, contributions, activity) = with_gradients(predictor, &codes)?;
                    (found, Some(contributions), activity)
                }
                Some(method) => {
                    let of_pair = |pair: &Sides<Region>| pair.map(|of| sequences.codes(of));
                    let windows: Vec<Sides<&[u8]>> = windows.iter().map(of_pair).collect();
                    let contributions = of_bases(predictor, method, &windows)?;
                    let (found, activity) = with_activity(predictor, &codes)?;
                    (found, Some(contributions), activity)
                }
            };
            Ok(Self {
                found,
                contributions,
                activity,
                rank: predictor.rank,
            })
        };
        predictors.iter().map(of).collect()
    }

    /// The pairs, once the device has found them.
    fn fetched(self) -> Result<Vec<PairAttention>> {
        let mut found = fetched(self.found)?;
        for pair in &mut found {
            pair.rank = self.rank;
        }
        for (pair, contributions) in found
            .iter_mut()
            .zip(self.contributions.into_iter().flatten())
        {
            pair.contributions = Some(contributions);
        }
        let activity = self.activity.map(Said::fetched).transpose()?;
        for (pair, activity) in found.iter_mut().zip(activity.into_iter().flatten()) {
            pair.activity = Some(activity);
        }
        Ok(found)
    }
}

/// What tracks are made of, and what the activity task says where it is asked, of a block whose windows are
/// encoded once for both.
fn with_activity(predictor: &Predictor, block: &Block<&[u8]>) -> Result<(Marginals, Option<Said>)> {
    if !asks_activity(predictor) {
        return Ok((predictor.run(block, |codes| codes), None));
    }
    let by_element = &predictor.by_element;
    let codes = predictor.codes(&block.elements);
    let places = block::places(&block.pairs, &predictor.device);
    let (found, activations) = rayon::scope(|_| {
        let activations = by_element.activations(codes);
        let elements = by_element.elements_from(activations.clone());
        (by_element.pairs(&elements, places), activations)
    });
    Ok((found, Some(said(predictor, &activations, block)?)))
}

/// Whether a network is asked for activities, and has learnt some.
fn asks_activity(predictor: &Predictor) -> bool {
    predictor.tells_activity && !predictor.readouts.is_empty()
}

/// What the activity task says of a block of these activations.
fn said(
    predictor: &Predictor,
    activations: &Sides<Tensor<3>>,
    block: &Block<&[u8]>,
) -> Result<Said> {
    let (network, readouts) = (&predictor.network, &predictor.readouts);
    Said::new(network, activations, &block.pairs, readouts)
}

/// A block's marginals, what each base of its pairs adds, and what the activity task says.
type WithGradients = (Marginals, Vec<Sides<Vec<f32>>>, Option<Said>);

/// What tracks are made of, what each base adds by gradient, and what the activity task says where it is
/// asked, of a block whose windows are encoded once for all.
fn with_gradients(predictor: &Predictor, block: &Block<&[u8]>) -> Result<WithGradients> {
    let (network, by_element) = (&predictor.network, &predictor.by_element);
    let gradients = Gradients::new(network, by_element, &predictor.device)?;
    let located = gradients.located(block);
    let places = block::places(&block.pairs, &predictor.device);
    let found = rayon::scope(|_| by_element.marginals(&located, places));
    let asked = asks_activity(predictor);
    let activity = asked.then(|| said(predictor, located.activations(), block));
    let activity = activity.transpose()?;
    let contributions = gradients.of_block(block, &located, |pair, letters| {
        let [e, p] = block.pairs[pair].map(|place| place as usize);
        let codes = Sides::new(block.elements.enhancer[e], block.elements.promoter[p]);
        let letters = letters.map(|letters| Contribution::new(Method::Gradient, letters));
        letters.zip(codes).map(|(of, codes)| of.of_bases(codes))
    })?;
    let values = || contributions.iter().flat_map(Sides::as_ref).flatten();
    if values().all(|value| value.is_finite()) {
        return Ok((found, contributions, activity));
    }
    Err(not_finite())
}

/// What each base of both windows of pairs adds to the logit: `[n]` of `[L_E]` and `[L_P]`.
fn of_bases(
    predictor: &Predictor,
    method: Method,
    windows: &[Sides<&[u8]>],
) -> Result<Vec<Sides<Vec<f32>>>> {
    let found = predictor.contributions(method, windows)?;
    let pairs = found.into_iter().zip(windows);
    let of_pair = |(found, codes): (Sides<Contribution>, &Sides<&[u8]>)| {
        let sides = found.zip(*codes);
        sides.map(|(contribution, codes)| contribution.of_bases(codes))
    };
    Ok(pairs.map(of_pair).collect())
}

/// What is found, when it is made.
fn waited_for(found: Vec<Ran>) -> Result<Vec<Ran>> {
    if let Some(first) = found.first() {
        synced(&first.found.logit.device())?;
    }
    Ok(found)
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
