//! Dropout with masks drawn on the host, so that every device drops the same activations.

use burn::tensor::{Tensor, TensorData};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Sets a part `rate` of the values to 0 and scales the others up to keep the mean; without a
/// generator, or at rate 0, changes nothing. Any shape.
pub fn dropout<const D: usize>(x: Tensor<D>, rate: f64, rng: Option<&mut ChaCha8Rng>) -> Tensor<D> {
    let Some(rng) = rng.filter(|_| rate > 0.0) else {
        return x;
    };
    let shape = x.dims();
    let mask = TensorData::new(mask(shape.iter().product(), rate, rng), shape);
    let mask = Tensor::from_data(mask, &x.device());
    x * mask
}

/// 0 with probability `rate`, in steps of 1/65536, else `1 / (1 − rate)`.
fn mask(len: usize, rate: f64, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let threshold = (rate * 65536.0).round() as u16;
    let kept = (1.0 / (1.0 - rate)) as f32;
    let mut bytes = vec![0; 2 * len];
    rng.fill_bytes(&mut bytes);
    bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .map(|draw| if draw < threshold { 0.0 } else { kept })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};

    #[test]
    fn the_mean_is_kept() {
        let mut rng = stream(1, Purpose::Dropout, 0);
        let mask = mask(200_000, 0.2, &mut rng);
        let dropped = mask.iter().filter(|&&value| value == 0.0).count() as f64 / 200_000.0;
        let mean = mask.iter().sum::<f32>() / 200_000.0;
        assert!((dropped - 0.2).abs() < 0.004, "{dropped}");
        assert!((mean - 1.0).abs() < 0.005, "{mean}");
    }
}
