//! What the activity task says of the windows of a block, each of which it is asked of once.

use burn::tensor::Tensor;

use super::finite;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::network::activity::Readout;
use crate::network::model::Epiann;

/// Windows whose hidden activations are in memory at once: at the paper's sizes some 10 MB.
const AT_ONCE: usize = 128;

/// What the task says of a block; the device may still be at it.
pub struct Said {
    /// Of each distinct window: `[u, l_E, a]` and `[v, l_P, a]`.
    windows: Sides<Tensor<3>>,
    /// The places of both windows of each pair.
    pairs: Vec<[i32; 2]>,
    readouts: Vec<Readout>,
}

impl Said {
    /// Of the windows of pairs, from their activations.
    ///
    /// # Errors
    ///
    /// A network without the task.
    ///
    /// # Shapes
    ///
    /// - activations: `h_E`, `[u, l_E, k]`, and `h_P`, `[v, l_P, k]`
    pub fn new(
        network: &Epiann,
        activations: &Sides<Tensor<3>>,
        pairs: &[[i32; 2]],
        readouts: &[Readout],
    ) -> Result<Self> {
        let of_side = |activations: &Tensor<3>| -> Option<Tensor<3>> {
            let [windows, bins, filters] = activations.dims();
            let some = |first: usize| {
                let last = windows.min(first + AT_ONCE);
                let all = activations.clone();
                network.activity_of(all.slice([first..last, 0..bins, 0..filters]))
            };
            let all = (0..windows).step_by(AT_ONCE).map(some);
            Some(Tensor::cat(all.collect::<Option<Vec<_>>>()?, 0))
        };
        // On a thread of the pool: from outside, each kernel would have to wake one up.
        let sides = rayon::scope(|_| activations.as_ref().map(of_side));
        let without = || {
            let problem = "the network has no layers for an activity";
            Error::Configuration(problem.to_string())
        };
        Ok(Self {
            windows: sides.map(|side| side.ok_or_else(without)).transpose()?,
            pairs: pairs.to_vec(),
            readouts: readouts.to_vec(),
        })
    }

    /// Of each pair, in order, what is predicted of the sources in each bin of its windows,
    /// `[l_E × sources]` and `[l_P × sources]` row by row.
    ///
    /// # Errors
    ///
    /// A value that is not a number, a device that failed.
    pub fn fetched(self) -> Result<Vec<Sides<Vec<f32>>>> {
        let Sides { enhancer, promoter } = self.windows;
        let lengths = [&enhancer, &promoter].map(|side| {
            let [_, bins, sources] = side.dims();
            bins * sources
        });
        let [enhancers, promoters] = finite([enhancer, promoter])?.map(|mut said| {
            let readouts = self.readouts.iter().cycle();
            for (value, readout) in said.iter_mut().zip(readouts) {
                *value = readout.value(*value);
            }
            said
        });
        let part = |of: &[f32], place: i32, length: usize| {
            of[place as usize * length..][..length].to_vec()
        };
        let of_pair = |[enhancer, promoter]: [i32; 2]| {
            Sides::new(
                part(&enhancers, enhancer, lengths[0]),
                part(&promoters, promoter, lengths[1]),
            )
        };
        Ok(self.pairs.into_iter().map(of_pair).collect())
    }
}
