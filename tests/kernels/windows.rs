//! Windows cut out of sequence on a device: every form, and slices of the sequence.

use burn::tensor::{Device, Int, Tensor, TensorData};
use epitrack::element::Sides;
use epitrack::network::kernels::windows::{cut, pack};
use rand::RngExt;

use super::agreement::{on_threads, random};
use super::plain;

/// `n` windows somewhere in a sequence, one of them at its end, as enhancers; the second and those after
/// it, cut to one base, as promoters.
pub fn windows_agree(bases: usize, length: usize, n: usize, seed: u64, device: &Device) {
    let mut rng = random(seed);
    let codes: Vec<u8> = (0..bases).map(|_| rng.random_range(0..5)).collect();
    let mut starts: Vec<usize> = (1..n)
        .map(|_| rng.random_range(0..=bases - length))
        .collect();
    starts.push(bases - length);
    starts.push(bases - 1);
    let (enhancers, promoters) = (&starts[..n], &starts[1..]);
    let bases_of = |starts: &[usize], length: usize| -> Vec<i32> {
        let windows = starts
            .iter()
            .flat_map(|&start| &codes[start..start + length]);
        windows.map(|&code| i32::from(code)).collect()
    };
    let wanted = Sides::new(bases_of(enhancers, length), bases_of(promoters, 1));
    let places =
        |starts: &[usize]| -> Vec<i32> { starts.iter().map(|&start| start as i32).collect() };
    let values = |windows: Tensor<2, Int>| windows.into_data().try_to_vec::<i32>().unwrap();

    let plainly = |starts: &[usize], length: usize| {
        let [codes, starts] = [pack(&codes), places(starts)].map(|values| tensor(values, device));
        values(plain::cut(codes, starts, length))
    };
    assert_eq!(
        Sides::new(plainly(enhancers, length), plainly(promoters, 1)),
        wanted
    );
    let run = |device: &Device| {
        let starts = [places(enhancers), places(promoters)].concat();
        let [codes, starts] = [pack(&codes), starts].map(|values| tensor(values, device));
        let windows = cut(codes, starts, n, Sides::new(length, 1));
        assert_eq!(windows.enhancer.dims(), [n, length]);
        assert_eq!(windows.promoter.dims(), [n, 1]);
        windows.map(values)
    };
    assert_eq!(on_threads(|| run(device)), wanted);
    assert_eq!(run(&device.clone().autodiff()), wanted);
}

fn tensor(values: Vec<i32>, device: &Device) -> Tensor<1, Int> {
    let count = values.len();
    Tensor::from_data(TensorData::new(values, [count]), device)
}
