//! Windows cut out of sequence on a device: every form, and slices of the sequence.

use burn::tensor::{Device, Int, Tensor, TensorData};
use epitrack::element::Sides;
use epitrack::network::kernels::windows::{cut, cut_pairs, pack};
use rand::RngExt;

use super::agreement::{on_threads, random};
use super::plain;

/// `n` windows somewhere in a sequence, one of them at its end.
pub fn windows_agree(bases: usize, length: usize, n: usize, seed: u64, device: &Device) {
    let mut rng = random(seed);
    let codes: Vec<u8> = (0..bases).map(|_| rng.random_range(0..5)).collect();
    let mut starts: Vec<usize> = (1..n)
        .map(|_| rng.random_range(0..=bases - length))
        .collect();
    starts.push(bases - length);
    let wanted: Vec<i32> = starts
        .iter()
        .flat_map(|&start| &codes[start..start + length])
        .map(|&code| i32::from(code))
        .collect();
    let run = |cut: fn(Tensor<1, Int>, Tensor<1, Int>, usize) -> Tensor<2, Int>,
               device: &Device| {
        let tensor = |values| tensor(values, device);
        let starts = tensor(starts.iter().map(|&start| start as i32).collect());
        let windows = cut(tensor(pack(&codes)), starts, length);
        assert_eq!(windows.dims(), [n, length]);
        windows.into_data().try_to_vec::<i32>().unwrap()
    };
    assert_eq!(run(plain::cut, device), wanted);
    assert_eq!(on_threads(|| run(cut, device)), wanted);
    assert_eq!(run(cut, &device.clone().autodiff()), wanted);
    // As enhancers, and cut to one base as promoters.
    let of_pairs = |device: &Device| {
        let tensor = |values| tensor(values, device);
        let both = starts.iter().chain(&starts);
        let starts = tensor(both.map(|&start| start as i32).collect());
        let windows = cut_pairs(tensor(pack(&codes)), starts, Sides::new(length, 1));
        windows.map(|windows| windows.into_data().try_to_vec::<i32>().unwrap())
    };
    let first = wanted.iter().step_by(length).copied().collect();
    let wanted = Sides::new(wanted, first);
    assert_eq!(on_threads(|| of_pairs(device)), wanted);
    assert_eq!(of_pairs(&device.clone().autodiff()), wanted);
}

fn tensor(values: Vec<i32>, device: &Device) -> Tensor<1, Int> {
    let count = values.len();
    Tensor::from_data(TensorData::new(values, [count]), device)
}
