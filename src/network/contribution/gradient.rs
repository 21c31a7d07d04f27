//! Contributions by gradient: one pass there and one back.

use burn::tensor::Device;
use rayon::prelude::*;

use crate::element::Sides;
use crate::error::Result;
use crate::network::block::{self, Block};
use crate::network::kernels::letters::Taps;
use crate::network::model::{ByElement, Epiann, Located, codes, host, host_all, host_ints};

/// Pairs whose windows are in memory at once, each computed once: at the paper's sizes some 110 MB
/// where no two pairs share any.
pub const BLOCK: usize = 256;
/// Pairs of a block whose gradients are in memory at once: at the paper's sizes some 11 MB.
const PAIRS: usize = 64;

/// A network that is asked for gradients.
///
/// The gradient of a pair's logit by the letters of its windows, less the mean over the four letters of a
/// base: a letter that is there excludes the others, so that a sequence cannot move in the direction in
/// which all four grow, and what the network says there is accidental: the mean is that direction
/// (Majdandzic et al. 2023, Genome Biology 24:109, doi:10.1186/s13059-023-02956-3).
pub struct Gradients<'a> {
    network: &'a Epiann,
    by_element: &'a ByElement,
    device: &'a Device,
    taps: Taps,
}

impl<'a> Gradients<'a> {
    /// Of a network in both of its forms.
    ///
    /// # Errors
    ///
    /// A device that failed.
    pub fn new(network: &'a Epiann, by_element: &'a ByElement, device: &'a Device) -> Result<Self> {
        let filters = host(by_element.filters())?;
        Ok(Self {
            network,
            by_element,
            device,
            taps: Taps::new(&filters, network.config().filter_width),
        })
    }

    /// Of each pair, in order: `[L][4]` each.
    pub fn of_pairs(&self, windows: &[Sides<&[u8]>]) -> Result<Vec<Sides<Vec<[f32; 4]>>>> {
        let mut all = Vec::with_capacity(windows.len());
        for windows in windows.chunks(BLOCK) {
            let block = Block::new(windows.iter().copied());
            let located = self.located(&block);
            all.extend(self.of_block(&block, &located, |_, letters| letters)?);
        }
        Ok(all)
    }

    /// The windows of a block, each encoded once.
    pub fn located(&self, block: &Block<&[u8]>) -> Located {
        let codes = codes(block.elements.as_ref().map(Vec::as_slice), self.device);
        // On a thread of the pool: from outside, each kernel would have to wake one up.
        rayon::scope(|_| self.by_element.located(codes))
    }

    /// What is made of the gradients of each pair of a block, by its place there.
    pub fn of_block<T: Send>(
        &self,
        block: &Block<&[u8]>,
        located: &Located,
        made_of: impl Fn(usize, Sides<Vec<[f32; 4]>>) -> T + Sync,
    ) -> Result<Vec<T>> {
        let lengths = self.network.config().lengths();
        let positions = located.positions.clone().map(host_ints).transpose()?;
        let mut all = Vec::with_capacity(block.pairs.len());
        for pairs in block.pairs.chunks(PAIRS) {
            let places = block::places(pairs, self.device);
            let slopes = rayon::scope(|_| self.by_element.slopes(self.network, located, places));
            let Sides { enhancer, promoter } = slopes;
            let [enhancer, promoter] = host_all([enhancer, promoter])?;
            let slopes = Sides::new(enhancer, promoter);
            let first = all.len();
            let of_pair = |(number, &[e, p]): (usize, &[i32; 2])| {
                let windows = Sides::new(e as usize, p as usize);
                let letters = Sides::from_fn(|element| {
                    let (slopes, positions) = (slopes.get(element), positions.get(element));
                    // [l, k]
                    let len = slopes.len() / pairs.len();
                    let part = |of: usize| of * len..(of + 1) * len;
                    let positions = &positions[part(*windows.get(element))];
                    let length = *lengths.get(element) as usize;
                    let slopes = &slopes[part(number)];
                    corrected(self.taps.letter_gradient(slopes, positions, length))
                });
                made_of(first + number, letters)
            };
            all.par_extend(pairs.par_iter().enumerate().map(of_pair));
        }
        Ok(all)
    }
}

/// The same less the mean over the four letters.
pub fn corrected(mut letters: Vec<[f32; 4]>) -> Vec<[f32; 4]> {
    for letters in &mut letters {
        let mean = letters.iter().sum::<f32>() / 4.0;
        letters.iter_mut().for_each(|letter| *letter -= mean);
    }
    letters
}
