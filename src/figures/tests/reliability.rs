//! What a reliability curve shows, and what it refuses.

use super::analyses::{bottom, discs, left, near, refused};
use super::*;
use crate::error::Result;
use crate::evaluation::ReliabilityBin;
use crate::figures::drawing::colour::SERIES;

const BIN: ReliabilityBin = ReliabilityBin {
    pairs: 100,
    positives: 60,
    low: 0.3,
    high: 0.5,
    predicted: 0.4,
    effective: 100.0,
    observed: Interval {
        value: 0.6,
        low: 0.5,
        high: 0.7,
    },
};

fn reliable(bins: &[ReliabilityBin], brier: f64) -> Result<Figure> {
    let set = ReliabilitySet {
        name: "test",
        bins,
        brier,
    };
    reliability("figure".into(), &[set])
}

#[test]
fn a_bin_lies_at_its_prediction_and_its_observation() {
    let figure = reliable(&[BIN], 0.125).unwrap();
    let dot = discs(&figure, SERIES[0])[0];
    near(dot, (bottom(&figure, "0.4"), left(&figure, "0.6")));
    assert!(texts(&figure).any(|text| text.letters == "test: Brier score 0.1250, 100 pairs"));

    assert!(refused(reliability("figure".into(), &[])).contains("0 sets"));
    assert!(refused(reliable(&[], 0.1)).contains("no pairs"));
    assert!(refused(reliable(&[BIN], f64::NAN)).contains("Brier"));
    assert!(refused(reliable(&[BIN, BIN], 0.1)).contains("not in order"));
    let empty = ReliabilityBin { pairs: 0, ..BIN };
    assert!(refused(reliable(&[empty], 0.1)).contains("empty"));
    let beyond = ReliabilityBin {
        predicted: 1.2,
        ..BIN
    };
    assert!(refused(reliable(&[beyond], 0.1)).contains("1.2"));
}
