//! Contributions by gradient: one pass there and one back.

use burn::tensor::Device;
use rayon::prelude::*;

use crate::element::Sides;
use crate::error::Result;
use crate::network::block::{self, Block};
use crate::network::kernels::letters::Taps;
use crate::network::model::{ByElement, Epiann, codes, host, host_all, host_ints};

/// Pairs whose windows are in memory at once, each computed once: at the paper's sizes some 110 MB
/// where no two pairs share any.
const BLOCK: usize = 256;
/// Pairs of a block whose gradients are in memory at once: at the paper's sizes some 11 MB.
const PAIRS: usize = 64;

/// The gradient of each pair's logit by the letters of its windows, less the mean over the four letters
/// of a base: `[L][4]`.
///
/// A letter that is there excludes the others, so that a sequence cannot move in the direction in which
/// all four grow, and what the network says there is accidental: the mean is that direction (Majdandzic
/// et al. 2023, Genome Biology 24:109, doi:10.1186/s13059-023-02956-3).
pub fn letters(
    network: &Epiann,
    by_element: &ByElement,
    device: &Device,
    windows: &[Sides<&[u8]>],
) -> Result<Vec<Sides<Vec<[f32; 4]>>>> {
    let filters = host(by_element.filters())?;
    let asked = Asked {
        network,
        by_element,
        device,
        taps: Taps::new(&filters, network.config().filter_width),
    };
    let mut all = Vec::with_capacity(windows.len());
    for windows in windows.chunks(BLOCK) {
        asked.add_block(&Block::new(windows.iter().copied()), &mut all)?;
    }
    Ok(all)
}

/// The network that is asked.
struct Asked<'a> {
    network: &'a Epiann,
    by_element: &'a ByElement,
    device: &'a Device,
    taps: Taps,
}

impl Asked<'_> {
    /// Adds those of a block's pairs.
    fn add_block(&self, block: &Block<&[u8]>, all: &mut Vec<Sides<Vec<[f32; 4]>>>) -> Result<()> {
        let lengths = self.network.config().lengths();
        let codes = codes(block.elements.as_ref().map(Vec::as_slice), self.device);
        // On a thread of the pool: from outside, each kernel would have to wake one up.
        let located = rayon::scope(|_| self.by_element.located(codes));
        let positions = located.positions.clone().map(host_ints).transpose()?;
        for pairs in block.pairs.chunks(PAIRS) {
            let places = block::places(pairs, self.device);
            let slopes = rayon::scope(|_| self.by_element.slopes(self.network, &located, places));
            let Sides { enhancer, promoter } = slopes;
            let [enhancer, promoter] = host_all([enhancer, promoter])?;
            let slopes = Sides::new(enhancer, promoter);
            let of_pair = |(number, &[e, p]): (usize, &[i32; 2])| {
                let windows = Sides::new(e as usize, p as usize);
                Sides::from_fn(|element| {
                    let (slopes, positions) = (slopes.get(element), positions.get(element));
                    // [l, k]
                    let len = slopes.len() / pairs.len();
                    let part = |of: usize| of * len..(of + 1) * len;
                    let positions = &positions[part(*windows.get(element))];
                    let length = *lengths.get(element) as usize;
                    corrected(
                        self.taps
                            .letter_gradient(&slopes[part(number)], positions, length),
                    )
                })
            };
            all.par_extend(pairs.par_iter().enumerate().map(of_pair));
        }
        Ok(())
    }
}

/// The same less the mean over the four letters.
fn corrected(mut letters: Vec<[f32; 4]>) -> Vec<[f32; 4]> {
    for letters in &mut letters {
        let mean = letters.iter().sum::<f32>() / 4.0;
        letters.iter_mut().for_each(|letter| *letter -= mean);
    }
    letters
}
