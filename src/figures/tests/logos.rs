//! What a logo shows, and what it refuses.

use super::analyses::refused;
use super::*;
use crate::figures::drawing::canvas::{Paint, Step};
use crate::figures::drawing::colour::SERIES;

/// Two matrices, one without anything to tell.
pub fn example(words: &str) -> Figure {
    let columns = [
        [1.0, 0.0, 0.0, 0.0],
        [0.5, 0.5, 0.0, 0.0],
        [0.25; 4],
        [0.1, 0.2, 0.6, 0.1],
    ];
    let many = vec![columns; 6].concat();
    let all: [&[[f64; 4]]; 4] = [&columns, &many, &columns[2..3], &columns];
    let all = all.map(|columns| Logo {
        name: words,
        remark: words,
        columns,
    });
    logos(words, words, &all).unwrap()
}

/// The lower and the upper end of each letter of a colour.
fn heights(figure: &Figure, colour: crate::figures::drawing::colour::Colour) -> Vec<f64> {
    let letters = figure.drawing().shapes().iter();
    let letters = letters.filter_map(|shape| match shape {
        Shape::Path(steps, Paint::Fill(of)) if *of == colour => Some(steps),
        _ => None,
    });
    let height = |steps: &Vec<Step>| {
        let y = steps.iter().filter_map(|step| match step {
            Step::Move(to) | Step::Line(to) | Step::Curve(_, _, to) => Some(to.1),
            Step::Close => None,
        });
        let y: Vec<f64> = y.collect();
        let most = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most - y.iter().copied().fold(f64::INFINITY, f64::min)
    };
    letters.map(height).collect()
}

#[test]
fn a_logo_alone_is_as_wide_as_its_positions() {
    let columns = [[1.0, 0.0, 0.0, 0.0], [0.25; 4], [0.0, 0.5, 0.5, 0.0]];
    let figure = logo("CTCF", &columns).unwrap();
    assert_eq!(figure.width(), 27.0);
    // One letter of two bits, none of a position that tells nothing, two of half a bit each.
    assert_eq!(figure.drawing().shapes().len(), 3);
    assert!(figure.svg().contains("<title>CTCF</title>"));
    assert!(logo("CTCF", &[]).is_err());
    assert!(logo("CTCF", &[[1.5, 0.0, 0.0, 0.0]]).is_err());
}

#[test]
fn letters_are_as_high_as_what_they_tell() {
    let columns = [[1.0, 0.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [0.25; 4]];
    let logo = Logo {
        name: "a",
        remark: "b",
        columns: &columns,
    };
    let figure = logos("figure", "", &[logo]).unwrap();
    let near = |got: &[f64], wanted: &[f64]| {
        assert_eq!(got.len(), wanted.len(), "{got:?}");
        let apart = got.iter().zip(wanted);
        assert!(
            apart.into_iter().all(|(a, b)| (a - b).abs() < 0.5),
            "{got:?}"
        );
    };
    // Two bits are 30 points; the second position has one, half of it for A and for C.
    near(&heights(&figure, SERIES[2]), &[30.0, 7.5]);
    near(&heights(&figure, SERIES[0]), &[7.5]);
    near(&heights(&figure, SERIES[1]), &[]);
    assert!(refused(logos("figure", "", &[])).contains("0 logos"));
    assert!(refused(logos("figure", "", &[logo; 25])).contains("25 logos"));
    let empty = Logo {
        columns: &[],
        ..logo
    };
    assert!(refused(logos("figure", "", &[empty])).contains("no positions"));
    let beyond = [[1.5, 0.0, 0.0, 0.0]];
    let beyond = Logo {
        columns: &beyond,
        ..logo
    };
    assert!(refused(logos("figure", "", &[beyond])).contains("1.5"));
}
