//! What a step learns from, its loss, and the windows that judge.

use super::*;
use crate::attention::Pooling;
use crate::element::Sides;
use crate::genome::{ChromId, Reference};
use crate::network::activity::{Genome, region};
use crate::network::model::{ActivityForm, ModelConfig};

/// As at the published size, 7 positions are missing at either end.
const POOLING: Pooling = Pooling {
    length: 300,
    width: 15,
    pool: 30,
};

fn part(chrom: ChromId) -> Part {
    [Part::Train, Part::Validation, Part::Test][chrom.0 as usize]
}

/// A signal and peaks on three chromosomes, of which the second has its peak at its right end and a window
/// without one at its left.
fn task() -> ActivityTask {
    let names = ["chr1", "chr2", "chr3"];
    let genome = Genome::new(&names.map(|name| (name, 2000)));
    let values: Vec<(&str, u32, u32, f32)> = names
        .into_iter()
        .flat_map(|name| (0..20).map(move |at| (name, at * 100, at * 100 + 40, at as f32)))
        .collect();
    let rows = "chr1\t700\t850\nchr2\t1800\t1950\nchr3\t1000\t1150\n";
    let sources = [genome.signal("signal", &values), genome.peaks("a", rows)];
    let pairs = [
        Sides::new(region(0, 100, 400), region(0, 1500, 1700)),
        Sides::new(region(1, 0, 300), region(1, 400, 600)),
    ];
    let mut reference: Reference = genome.reference();
    let examples = Examples::read(&sources, &pairs, &part, POOLING, 1000, 1, &mut reference);
    ActivityTask {
        examples: Arc::new(examples.unwrap()),
        config: ActivityConfig::default(),
    }
}

#[test]
fn a_reverse_complement_has_its_targets_the_other_way_round() {
    let (task, device) = (task(), Device::flex());
    let windows = task.examples.len(Part::Train);
    assert!(windows > 1);
    for window in 0..windows {
        let both = [(window, false), (window, true)];
        let ActivityBatch {
            codes,
            targets,
            peaks,
            ..
        } = task.on_device(Part::Train, &both, &device);
        assert_eq!((codes.dims(), targets.dims()), ([2, 300], [2, 10, 2]));
        assert_eq!(host(peaks).unwrap(), [0.0, 1.0]);
        let codes: Vec<i32> = codes.to_data().iter::<i32>().collect();
        let (forward, reverse) = codes.split_at(300);
        let other: Vec<i32> = reverse.iter().rev().map(|code| 3 - code).collect();
        assert_eq!(forward, other);
        let targets = host(targets).unwrap();
        let (forward, reverse) = targets.split_at(20);
        let other: Vec<f32> = reverse.chunks(2).rev().flatten().copied().collect();
        assert_eq!(forward, other);
        // Which way is seen: no signal is the same from both ends.
        assert_ne!(forward, reverse);
    }
}

#[test]
fn the_loss_is_the_cross_entropy_of_peaks_and_half_the_squared_error_of_signals() {
    let device = Device::flex();
    let model = ModelConfig {
        enhancer_length: 100,
        promoter_length: 60,
        filters: 3,
        top_k: 2,
        dropout: 0.0,
        activity: Some(ActivityForm {
            hidden: 3,
            outputs: 2,
        }),
        ..ModelConfig::default()
    };
    let network = Epiann::new(&model, 3, &device).unwrap();
    let (n, length, bins) = (3usize, 100usize, model.pooling().enhancer.bins());
    let codes: Vec<i32> = (0..n * length).map(|at| (at * at / 7 % 4) as i32).collect();
    let codes = Tensor::<2, Int>::from_data(TensorData::new(codes, [n, length]), &device);
    let found = host(network.activity(codes.clone(), Dropout::NONE).unwrap()).unwrap();
    // Peaks are the first source, a signal the second.
    let targets: Vec<f32> = (0..n * bins * 2)
        .map(|at| match at % 2 {
            0 => f32::from(u8::from(at.is_multiple_of(3))),
            _ => (at % 5) as f32 - 1.5,
        })
        .collect();
    let of = |(at, (&found, &target)): (usize, (&f32, &f32))| {
        let (found, target) = (f64::from(found), f64::from(target));
        let probability = 1.0 / (1.0 + (-found).exp());
        match at % 2 {
            0 => -target * probability.ln() - (1.0 - target) * (1.0 - probability).ln(),
            _ => (found - target).powi(2) / 2.0,
        }
    };
    assert_eq!(found.len(), targets.len());
    let all = found.iter().zip(&targets).enumerate().map(of);
    let wanted = all.sum::<f64>() / targets.len() as f64;
    let batch = ActivityBatch {
        codes,
        targets: Tensor::from_data(TensorData::new(targets, [n, bins, 2]), &device),
        peaks: Tensor::from_data(TensorData::new(vec![1f32, 0.0], [1, 1, 2]), &device),
        dropout: 0.0,
    };
    let mut rng = stream(1, Purpose::ActivityDropout, 0);
    let loss = host(batch.loss(&network, &mut rng).unwrap()).unwrap();
    assert_eq!(loss.len(), 1);
    assert!(
        (f64::from(loss[0]) - wanted).abs() < 1e-5,
        "{loss:?} {wanted}"
    );
}

#[test]
fn windows_that_tell_nothing_apart_do_not_judge_alone() {
    let task = task();
    let all = task.examples.len(Part::Validation);
    let is_peak = |window: usize| {
        let targets = task.examples.targets(Part::Validation, window, false);
        targets.iter().skip(1).step_by(2).any(|&peak| peak > 0.5)
    };
    assert!(all > 2 && !is_peak(0) && is_peak(all - 1));
    let judged = |most| task.judged(Part::Validation, most);
    let every: Vec<usize> = (0..all).collect();
    assert_eq!(judged(Some(1)), every);
    assert_eq!(judged(None), every);
    for most in 1..=all {
        let judged = judged(Some(most));
        let both = judged.iter().any(|&window| is_peak(window));
        assert!(both && (judged.len() == most || judged == every), "{most}");
    }
}
