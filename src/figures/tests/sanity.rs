//! What the figure of shuffled layers shows, and what it refuses.

use super::analyses::{bottom, discs, left, near, refused};
use super::*;
use crate::figures::drawing::colour::SERIES;

const LAYERS: [&str; 4] = ["classifier", "interaction", "attention", "encoder"];

fn series(name: &str, values: [f64; 4], joined: bool) -> SanitySeries<'_> {
    let estimate = |value: f64| Some(Estimate::within(value, value - 0.1, value));
    SanitySeries {
        name,
        joined,
        points: values.map(estimate).to_vec(),
    }
}

fn both<'a>(side: &'a [SanitySeries<'a>]) -> Sides<&'a [SanitySeries<'a>]> {
    Sides::new(side, side)
}

#[test]
fn a_point_lies_above_its_layer() {
    let one = [series("attention", [1.0, 1.0, 0.2, 0.0], true)];
    let figure = sanity("figure", &LAYERS, both(&one)).unwrap();
    let dots = discs(&figure, SERIES[0]);
    near(
        dots[0],
        (bottom(&figure, "classifier"), left(&figure, "1.0")),
    );
    near(
        dots[2],
        (bottom(&figure, "attention"), left(&figure, "0.2")),
    );
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let one = [series("attention", [1.0, f64::NAN, 0.2, 0.0], true)];
    assert!(refused(sanity("figure", &LAYERS, both(&one))).contains("attention"));
    assert!(refused(sanity("figure", &LAYERS[..3], both(&one))).contains("each layer"));
    assert!(refused(sanity("figure", &[], both(&[]))).contains("no layer"));
    assert!(refused(sanity("figure", &LAYERS, both(&[]))).contains("0 series"));
    let mut none = [series("attention", [0.0; 4], false)];
    none[0].points.fill(None);
    assert!(refused(sanity("figure", &LAYERS, both(&none))).contains("no map"));
    let nothing: &[SanitySeries] = &[];
    let sides = Sides::new(none.as_slice(), nothing);
    assert!(refused(sanity("figure", &LAYERS, sides)).contains("other series"));
}

/// Four series, and one that has a single point without an interval.
pub fn examples(words: &str) -> [Figure; 2] {
    let four = [
        series(
            "attention, all layers down to this",
            [1.0, 1.0, 0.4, 0.1],
            true,
        ),
        series("attention, this layer", [1.0, 1.0, 0.4, 0.0], false),
        series(
            "contributions, all layers down to this",
            [0.3, 0.1, 0.0, -0.1],
            true,
        ),
        series("contributions, this layer", [0.3, 0.2, 0.5, -0.2], false),
    ];
    let one = [SanitySeries {
        name: words,
        joined: true,
        points: vec![None, Some(Estimate::alone(-0.5)), None, None],
    }];
    [
        sanity(words, &LAYERS, both(&four)).unwrap(),
        sanity(words, &LAYERS, both(&one)).unwrap(),
    ]
}
