//! Which activations are dropped: a function of a seed and of the activation's place, so that no
//! form has to be told a mask, and every device drops the same ones.

pub(super) mod gpu;

use burn::tensor::{Tensor, TensorData};
use rand::Rng;

/// A part of the activations, chosen by a seed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    /// Activations whose number is below this are dropped.
    pub threshold: u32,
    /// Two words that all numbers depend on.
    pub seed: [u32; 2],
    /// What the others are multiplied by to keep the mean: `1 / (1 − rate)`.
    pub scale: f32,
}

impl Dropout {
    /// Drops nothing.
    pub const NONE: Self = Self {
        threshold: 0,
        seed: [0; 2],
        scale: 1.0,
    };

    /// Drops a part `rate`, in `[0, 1)`, of the activations.
    pub fn new(rate: f64, rng: &mut impl Rng) -> Self {
        Self {
            threshold: (rate * f64::from(u32::MAX)) as u32,
            seed: [rng.next_u32(), rng.next_u32()],
            scale: (1.0 / (1.0 - rate)) as f32,
        }
    }

    /// What the activation at a place, counted row by row, is multiplied by.
    #[inline(always)]
    pub fn factor(self, place: u32) -> f32 {
        let number = scramble(scramble(place ^ self.seed[0]).wrapping_add(self.seed[1]));
        if number < self.threshold {
            0.0
        } else {
            self.scale
        }
    }

    /// Every value times its factor: any shape.
    pub fn apply<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        if self.threshold == 0 {
            return x;
        }
        let shape = x.dims();
        let places = 0..shape.iter().product::<usize>() as u32;
        let factors: Vec<f32> = places.map(|place| self.factor(place)).collect();
        let factors = Tensor::from_data(TensorData::new(factors, shape), &x.device());
        x * factors
    }
}

/// A permutation of the 32-bit words whose output bits each depend on all input bits
/// (`lowbias32` of <https://nullprogram.com/blog/2018/07/31/>, in the public domain).
#[inline(always)]
fn scramble(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(FIRST);
    x ^= x >> 15;
    x = x.wrapping_mul(SECOND);
    x ^ (x >> 16)
}

/// The two odd factors of [`scramble`].
const FIRST: u32 = 0x7feb_352d;
const SECOND: u32 = 0x846c_a68b;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};

    #[test]
    fn the_mean_is_kept() {
        let dropout = Dropout::new(0.2, &mut stream(1, Purpose::Dropout, 0));
        let factors: Vec<f32> = (0..200_000).map(|place| dropout.factor(place)).collect();
        let dropped = factors.iter().filter(|&&factor| factor == 0.0).count() as f64 / 200_000.0;
        let mean = factors.iter().sum::<f32>() / 200_000.0;
        assert!((dropped - 0.2).abs() < 0.004, "{dropped}");
        assert!((mean - 1.0).abs() < 0.005, "{mean}");
    }

    #[test]
    fn neighbours_and_seeds_have_nothing_in_common() {
        let kept = |seed: u64| {
            let dropout = Dropout::new(0.5, &mut stream(seed, Purpose::Dropout, 0));
            (0..100_000).map(move |place| dropout.factor(place) > 0.0)
        };
        let agree = |a: &mut dyn Iterator<Item = bool>, b: &mut dyn Iterator<Item = bool>| {
            a.zip(b).filter(|(a, b)| a == b).count() as f64 / 100_000.0
        };
        for lag in [1, 16, 256, 25_600] {
            let part = agree(&mut kept(1), &mut kept(1).skip(lag));
            let expected = 0.5 * (1.0 - lag as f64 / 100_000.0);
            assert!((part - expected).abs() < 0.01, "lag {lag}: {part}");
        }
        assert!((agree(&mut kept(1), &mut kept(2)) - 0.5).abs() < 0.01);
    }
}
