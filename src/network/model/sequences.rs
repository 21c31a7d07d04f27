//! What the network reads: windows as base codes.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::element::Sides;
use crate::network::kernels::windows::{cut, cut_pairs, pack};

/// Moves the base codes of `n` windows of one length, at least one and one after the other, to the
/// device, packed if they may be, and unpacks them there: `[n, L]`.
pub fn codes(codes: &[u8], n: usize, device: &Device) -> Tensor<2, Int> {
    let length = codes.len() / n;
    if codes.len() > HeldSequence::MOST {
        let codes: Vec<i32> = codes.iter().copied().map(i32::from).collect();
        return Tensor::from_data(TensorData::new(codes, [n, length]), device);
    }
    let starts = (0..n).map(|window| window * length);
    HeldSequence::new(codes, device).windows(starts, length)
}

/// Sequence that stays on a device, where windows are cut out of it.
#[derive(Debug, Clone)]
pub struct HeldSequence {
    /// `[words]`, packed.
    codes: Tensor<1, Int>,
}

impl HeldSequence {
    /// The most bases: at half a byte each, what every WGPU device can read from one buffer,
    /// 128 MiB (`maxStorageBufferBindingSize` of <https://www.w3.org/TR/webgpu/#limits>).
    pub const MOST: usize = 1 << 28;

    /// Moves base codes to a device.
    ///
    /// # Panics
    ///
    /// On none, and on more than [`MOST`](Self::MOST).
    pub fn new(codes: &[u8], device: &Device) -> Self {
        assert!((1..=Self::MOST).contains(&codes.len()));
        let words = pack(codes);
        let count = words.len();
        let words = TensorData::new(words, [count]);
        Self {
            codes: Tensor::from_data(words, device),
        }
    }

    /// The windows of one length that begin at these places, all inside the sequence: `[n, length]`.
    pub fn windows(&self, starts: impl Iterator<Item = usize>, length: usize) -> Tensor<2, Int> {
        cut(self.codes.clone(), self.starts(starts), length)
    }

    /// The windows of pairs, of one length on each side, that begin at these places, all inside the
    /// sequence: `[n, length]` each.
    pub fn windows_of_pairs(
        &self,
        starts: Sides<impl Iterator<Item = usize>>,
        lengths: Sides<usize>,
    ) -> Sides<Tensor<2, Int>> {
        let starts = starts.enhancer.chain(starts.promoter);
        cut_pairs(self.codes.clone(), self.starts(starts), lengths)
    }

    fn starts(&self, starts: impl Iterator<Item = usize>) -> Tensor<1, Int> {
        let starts: Vec<i32> = starts.map(|start| start as i32).collect();
        let count = starts.len();
        Tensor::from_data(TensorData::new(starts, [count]), &self.codes.device())
    }
}
