//! What the figures of analyses show, and what they refuse.

use super::*;
use crate::element::Element;
use crate::error::Result;
use crate::figures::chart::colour_bar::ColourKey;
use crate::figures::drawing::colour::{self, ColourScale, GREY};
use crate::figures::drawing::font;
use crate::figures::drawing::{Anchor, Paint, Point, Step};

/// The middles of the discs of a colour, in the order in which they are drawn.
pub fn discs(figure: &Figure, colour: colour::Colour) -> Vec<Point> {
    let mut middles = Vec::new();
    for shape in figure.drawing().shapes() {
        let Shape::Path(steps, Paint::Outlined(found, _)) = shape else {
            continue;
        };
        for disc in steps.chunks(6).filter(|_| *found == colour) {
            if let [Step::Move(right), _, Step::Curve(_, _, left), ..] = disc {
                middles.push(((right.0 + left.0) / 2.0, (right.1 + left.1) / 2.0));
            }
        }
    }
    middles
}

/// The height of the first tick of a left axis with a label.
pub fn left(figure: &Figure, label: &str) -> f64 {
    let tick = |text: &&Text| text.letters == label && text.anchor == Anchor::End;
    let text = texts(figure).find(tick).unwrap();
    font::middle(text.at.1, text.size)
}

/// The place of the first tick of a bottom axis with a label.
pub fn bottom(figure: &Figure, label: &str) -> f64 {
    let tick = |text: &&Text| text.letters == label && text.anchor == Anchor::Middle;
    texts(figure).find(tick).unwrap().at.0
}

pub fn near(place: Point, wanted: Point) {
    let apart = (place.0 - wanted.0).abs().max((place.1 - wanted.1).abs());
    assert!(apart < 0.03, "{place:?} {wanted:?}");
}

/// The message of a refusal.
pub fn refused(figure: Result<Figure>) -> String {
    figure.unwrap_err().to_string()
}

pub fn interval(value: f64) -> Interval {
    Interval {
        value,
        low: value - 0.05,
        high: value + 0.05,
    }
}

const EXPECTED: Interval = Interval {
    value: 0.1,
    low: 0.05,
    high: 0.15,
};

pub const MATRIX: CapturedMatrix = CapturedMatrix {
    name: "CTCF",
    sites: 100,
    captured: 0.2,
    expected: EXPECTED,
    untrained: None,
    q: 0.5,
};

fn expecting(expected: Interval) -> CapturedMatrix<'static> {
    CapturedMatrix { expected, ..MATRIX }
}

pub fn captured(matrices: &[CapturedMatrix]) -> Result<Figure> {
    let sides = Sides {
        enhancer: matrices,
        promoter: &[],
    };
    captured_fractions("figure", 10, sides)
}

#[test]
fn a_matrix_lies_at_its_sites_and_its_fraction() {
    let far = CapturedMatrix {
        sites: 10_000,
        captured: 0.4,
        q: 0.01,
        ..MATRIX
    };
    let figure = captured(&[far, MATRIX]).unwrap();
    let other = discs(&figure, GREY.tint(0.4))[0];
    near(other, (bottom(&figure, "100"), left(&figure, "0.2")));
    let enriched = discs(&figure, colour::of(Element::Enhancer))[0];
    near(enriched, (bottom(&figure, "10,000"), left(&figure, "0.4")));
}

#[test]
fn the_most_captured_of_the_enriched_are_named_and_counted() {
    let names: Vec<String> = (0..40).map(|number| format!("TF{number}")).collect();
    let matrices: Vec<CapturedMatrix> = names
        .iter()
        .enumerate()
        .map(|(number, name)| CapturedMatrix {
            name,
            sites: 20 + 53 * number as u64,
            captured: 0.12 + 0.01 * ((number * 17) % 40) as f64,
            q: if number % 2 == 0 { 0.04 } else { 0.2 },
            ..MATRIX
        })
        .collect();
    let figure = captured(&matrices).unwrap();
    let named: Vec<&CapturedMatrix> = matrices
        .iter()
        .filter(|matrix| texts(&figure).any(|text| text.letters == matrix.name))
        .collect();
    let remark = format!("40 matrices, 20 enriched, {} named", named.len());
    assert!(
        texts(&figure).any(|text| text.letters == remark),
        "{remark}"
    );
    assert!(named.len() >= 8, "{}", named.len());
    let mut enriched: Vec<f64> = matrices
        .iter()
        .filter(|matrix| matrix.q <= 0.05)
        .map(|matrix| matrix.captured)
        .collect();
    enriched.sort_by(f64::total_cmp);
    let least = enriched[enriched.len() - 10];
    assert!(
        named
            .iter()
            .all(|matrix| matrix.q <= 0.05 && matrix.captured >= least)
    );
}

#[test]
fn fractions_that_are_none_are_refused() {
    assert!(refused(captured(&[])).contains("no matrix"));
    for number in [f64::NAN, f64::INFINITY, -0.1, 1.1] {
        for broken in [
            CapturedMatrix {
                captured: number,
                ..MATRIX
            },
            expecting(Interval {
                value: number,
                ..EXPECTED
            }),
            expecting(Interval {
                low: number,
                ..EXPECTED
            }),
            expecting(Interval {
                high: number,
                ..EXPECTED
            }),
            CapturedMatrix {
                q: number,
                ..MATRIX
            },
        ] {
            let message = refused(captured(&[MATRIX, broken]));
            assert!(
                message.contains("CTCF") && message.contains("enhancer"),
                "{message}"
            );
        }
    }
    assert!(refused(captured(&[CapturedMatrix { sites: 0, ..MATRIX }])).contains("no sites"));
    let band = Interval {
        low: 0.3,
        ..EXPECTED
    };
    assert!(refused(captured(&[expecting(band)])).contains("runs from 0.3 to 0.15"));
}

#[test]
fn two_fractions_lie_against_each_other() {
    let matrix = |name, x, y, significant| TwoFractions {
        name,
        x,
        y,
        significant,
    };
    let matrices = [
        matrix("CTCF", 0.1, 0.5, true),
        matrix("EGR1", 0.3, 0.2, false),
        matrix("NRF1", 0.4, 0.4, false),
    ];
    let sides = Sides {
        enhancer: &[][..],
        promoter: &matrices[..],
    };
    let figure = captured_classes("figure", [1234, 9], "different", sides).unwrap();
    let promoter = colour::of(Element::Promoter);
    near(
        discs(&figure, promoter)[0],
        (bottom(&figure, "0.1"), left(&figure, "0.5")),
    );
    let others = discs(&figure, GREY.tint(0.4));
    near(others[0], (bottom(&figure, "0.3"), left(&figure, "0.2")));
    for words in [
        "captured fraction, 1,234 positive pairs",
        "different",
        "CTCF",
        "EGR1",
    ] {
        assert!(texts(&figure).any(|text| text.letters == words), "{words}");
    }
    let draw = |matrices: &[TwoFractions]| {
        let sides = Sides {
            enhancer: matrices,
            promoter: matrices,
        };
        occupied_capture("figure", "", sides)
    };
    assert!(refused(draw(&[])).contains("no matrix"));
    for number in [f64::NAN, 1.5] {
        assert!(refused(draw(&[matrix("CTCF", number, 0.1, true)])).contains("CTCF"));
        assert!(refused(draw(&[matrix("CTCF", 0.1, number, true)])).contains("CTCF"));
    }
}

fn profile(points: &[ProfilePoint]) -> Result<Figure> {
    let sides = Sides {
        enhancer: Profile {
            points: points.to_vec(),
            regions: 7,
            mock_regions: 70,
            untrained: Vec::new(),
        },
        promoter: Profile::default(),
    };
    occupancy_profile("figure", "occupancy", 45, sides)
}

#[test]
fn a_profile_lies_at_its_positions() {
    let points = [-400, 0, 400].map(|position| ProfilePoint {
        position,
        top: interval(if position == 0 { 2.0 } else { 1.0 }),
        mock: interval(1.0),
    });
    let figure = profile(&points).unwrap();
    let colour = colour::of(Element::Enhancer);
    let curve = figure
        .drawing()
        .shapes()
        .iter()
        .find_map(|shape| match shape {
            Shape::Path(steps, Paint::Stroke(stroke)) if stroke.colour == colour => Some(steps),
            _ => None,
        });
    let [Step::Move(first), Step::Line(middle), Step::Line(last)] = curve.unwrap()[..] else {
        panic!("{curve:?}");
    };
    near(first, (bottom(&figure, "−400"), left(&figure, "1.0")));
    near(middle, (bottom(&figure, "0"), left(&figure, "2.0")));
    near(last, (bottom(&figure, "400"), left(&figure, "1.0")));
    let remark = "7 top regions, 70 mock regions";
    assert!(texts(&figure).any(|text| text.letters == remark));

    assert!(refused(profile(&[])).contains("no region"));
    assert!(refused(profile(&points[..1])).contains("one position"));
    assert!(refused(profile(&[points[1], points[0]])).contains("ascend"));
    for broken in [f64::NAN, f64::INFINITY] {
        let mut points = points;
        points[1].mock.low = broken;
        assert!(refused(profile(&points)).contains("at 0 bp"));
    }
}

/// A map of two rows and three columns whose cells are 0 to 5.
fn heat_map(change: impl FnOnce(&mut [TfPairCell; 6], &mut TfPairs)) -> Result<Figure> {
    let mut cells = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0].map(|value| TfPairCell {
        value: Some(value),
        ..TfPairCell::default()
    });
    let merges = [
        Merge {
            left: 2,
            right: 1,
            height: 1.0,
        },
        Merge {
            left: 3,
            right: 0,
            height: 2.0,
        },
    ];
    let mut pairs = TfPairs {
        factors: Sides {
            enhancer: Clustered {
                names: vec!["EA", "EB"],
                merges: Vec::new(),
            },
            promoter: Clustered {
                names: vec!["PA", "PB", "PC"],
                merges: merges.to_vec(),
            },
        },
        cells: &[],
        limit: None,
        positive: 10,
        negative: 200,
        controls: "",
    };
    change(&mut cells, &mut pairs);
    if pairs.cells.is_empty() {
        pairs.cells = &cells;
    }
    tf_pair_heat_map("figure", &pairs)
}

#[test]
fn a_cell_stands_in_the_row_and_column_of_its_names() {
    let figure = heat_map(|_, _| {}).unwrap();
    // That of EB and PC.
    let key = ColourKey::around_zero(ColourScale::DIVERGING, 5.0);
    let colour = key.scale().level(key.level(5.0));
    let cell = figure
        .drawing()
        .shapes()
        .iter()
        .find_map(|shape| match shape {
            Shape::Path(steps, Paint::Cells(found)) if *found == colour => Some(steps),
            _ => None,
        });
    let [Step::Move(corner), _, Step::Line(end), ..] = cell.unwrap()[..] else {
        panic!("{cell:?}");
    };
    let middle = ((corner.0 + end.0) / 2.0, (corner.1 + end.1) / 2.0);
    let place = |name: &str| texts(&figure).find(|text| text.letters == name).unwrap();
    let (row, column) = (place("EB"), place("PC"));
    let wanted = (
        font::middle(column.at.0, column.size),
        font::middle(row.at.1, row.size),
    );
    near(middle, wanted);
    assert!(place("EA").at.1 < place("EB").at.1 && place("PA").at.0 < place("PC").at.0);
    assert!(texts(&figure).any(|text| text.letters.starts_with("10 positive and 200 negative")));
}

#[test]
fn a_heat_map_counts_what_it_marks() {
    let figure = heat_map(|cells, pairs| {
        cells[0].significant = true;
        cells[1].interaction = Interaction::First;
        cells[2].interaction = Interaction::Second;
        cells[4].interaction = Interaction::Second;
        cells[3].value = None;
        pairs.limit = Some(1.0);
    })
    .unwrap();
    for words in [
        "called a pair (1)",
        "known to interact (1)",
        "share a partner, second order (2)",
        "not tested (1)",
        "3 beyond ±1, in the ends’ colours",
    ] {
        assert!(texts(&figure).any(|text| text.letters == words), "{words}");
    }
}

#[test]
fn what_is_no_heat_map_is_refused() {
    let message = refused(heat_map(|cells, _| cells[4].value = Some(f64::NAN)));
    assert!(message.contains("\"EB\" and \"PB\""), "{message}");
    let empty = |_: &mut [TfPairCell; 6], pairs: &mut TfPairs| pairs.factors.enhancer.names.clear();
    assert!(refused(heat_map(empty)).contains("no pair"));
    let many =
        |_: &mut [TfPairCell; 6], pairs: &mut TfPairs| pairs.factors.promoter.names = vec!["P"; 61];
    assert!(refused(heat_map(many)).contains("60 have room"));
    let few = |_: &mut [TfPairCell; 6], pairs: &mut TfPairs| {
        pairs.cells = const {
            &[TfPairCell {
                value: None,
                significant: false,
                interaction: Interaction::Unknown,
            }; 5]
        };
    };
    assert!(refused(heat_map(few)).contains("5 cells for 2 rows of 3"));
    let merged = |_: &mut [TfPairCell; 6], pairs: &mut TfPairs| {
        pairs.factors.enhancer.merges = pairs.factors.promoter.merges.clone();
    };
    assert!(refused(heat_map(merged)).contains("rows"));
    for limit in [0.0, -1.0, f64::NAN] {
        assert!(refused(heat_map(|_, pairs| pairs.limit = Some(limit))).contains("reach"));
    }
}
