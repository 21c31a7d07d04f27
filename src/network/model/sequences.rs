//! What the network reads: windows as base codes.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::element::Sides;
use crate::network::kernels::windows::{cut, pack};

/// Moves the base codes of windows, at least one on each side and of one length there, to the device,
/// packed if they may be, and unpacks them there: `[u, L_E]` and `[v, L_P]`.
pub fn codes(windows: Sides<&[&[u8]]>, device: &Device) -> Sides<Tensor<2, Int>> {
    let lengths = windows.map(|windows| windows[0].len());
    let bases = windows.zip(lengths);
    let bases = bases.map(|(windows, length)| windows.len() * length);
    if bases.enhancer + bases.promoter > HeldSequence::MOST {
        return windows.zip(lengths).map(|(windows, length)| {
            let codes = windows.iter().copied().flatten();
            let codes: Vec<i32> = codes.copied().map(i32::from).collect();
            Tensor::from_data(TensorData::new(codes, [windows.len(), length]), device)
        });
    }
    let all = [windows.enhancer, windows.promoter].concat().concat();
    let enhancers = (0..bases.enhancer).step_by(lengths.enhancer);
    let promoters = (bases.enhancer..all.len()).step_by(lengths.promoter);
    HeldSequence::new(&all, device).windows(Sides::new(enhancers, promoters), lengths)
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

    /// The windows, of one length on each side, that begin at these places, all inside the sequence:
    /// `[u, length]` and `[v, length]`.
    pub fn windows(
        &self,
        starts: Sides<impl ExactSizeIterator<Item = usize>>,
        lengths: Sides<usize>,
    ) -> Sides<Tensor<2, Int>> {
        let enhancers = starts.enhancer.len();
        let starts = starts.enhancer.chain(starts.promoter);
        let starts: Vec<i32> = starts.map(|start| start as i32).collect();
        let count = starts.len();
        let starts = Tensor::from_data(TensorData::new(starts, [count]), &self.codes.device());
        cut(self.codes.clone(), starts, enhancers, lengths)
    }
}
