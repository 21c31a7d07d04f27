//! A track around regions.

use super::super::*;
use super::{check_texts, texts};
use crate::element::Element;
use crate::figures::drawing::canvas::Shape;
use crate::figures::drawing::{Paint, Step};

/// Rows of twenty bins with a bump in the middle, which each row has more of than the one before; the
/// first bin of every other row has no value.
fn bumps(rows: usize, high: f32) -> Vec<Vec<Option<f32>>> {
    let value = |row: usize, bin: usize| {
        let away = (bin as f32 - 9.5).abs();
        let bump = high * (row + 1) as f32 / rows as f32 * (1.0 - away / 10.0);
        (bin > 0 || row.is_multiple_of(2)).then_some(0.5 + bump)
    };
    let row = |row: usize| (0..20).map(|bin| value(row, bin)).collect();
    (0..rows).map(row).collect()
}

fn map<'a>(words: &'a str, regions: &'a [Vec<Option<f32>>]) -> SignalMap<'a> {
    let group = |name| SignalRows {
        name,
        rows: regions,
    };
    SignalMap {
        element: Element::Enhancer,
        measure: words,
        flank: 500,
        given: 12_345,
        regions: group(words),
        random: group("random places"),
    }
}

/// Many regions and one; a track with values on both sides of 0, far around.
pub fn examples(words: &str) -> Vec<Figure> {
    let (many, one) = (bumps(1000, 3.0), bumps(1, 3.0));
    let below = bumps(7, -2.5);
    let far = SignalMap {
        flank: 50_000,
        ..map(words, &below)
    };
    let all = [map(words, &many), map(words, &one), far];
    all.map(|map| signal_map(words.into(), &map).unwrap())
        .into()
}

/// The corners of the cells that a figure draws, with their colour.
fn cells(figure: &Figure) -> Vec<(Vec<Step>, Colour)> {
    let shapes = figure.drawing().shapes().iter();
    shapes
        .filter_map(|shape| match shape {
            Shape::Path(steps, Paint::Cells(colour)) => Some((steps.clone(), *colour)),
            _ => None,
        })
        .collect()
}

#[test]
fn the_highest_region_is_the_first_line_and_n_is_said() {
    let rows = bumps(3, 3.0);
    let figure = signal_map("figure".into(), &map("peaks", &rows)).unwrap();
    let said: Vec<&str> = texts(&figure).map(|text| text.letters.as_str()).collect();
    for words in [
        "peaks",
        "random places",
        "n = 3",
        "mean of peaks",
        "no value",
    ] {
        assert!(said.contains(&words), "{words}: {said:?}");
    }
    assert!(
        said.iter()
            .any(|text| text.starts_with("3 of 12,345 regions"))
    );
    // The darkest colour of the map is that of the highest row's middle: it lies in the first line.
    let darkest =
        |(_, colour): &&(Vec<Step>, Colour)| colour.rgb().map(u32::from).iter().sum::<u32>();
    let all = cells(&figure);
    let tops = |steps: &[Step]| -> Vec<f64> {
        let top = |cell: &[Step]| match cell[0] {
            Step::Move((_, y)) => y,
            _ => f64::NAN,
        };
        steps.chunks(5).map(top).collect()
    };
    // The key below has every colour once; the map's cells are the rest.
    let (key_top, _) = tops_of_key(&all);
    let in_map = |(steps, _): &&(Vec<Step>, Colour)| tops(steps).iter().any(|y| *y < key_top);
    let in_maps: Vec<&(Vec<Step>, Colour)> = all.iter().filter(in_map).collect();
    let first = in_maps
        .iter()
        .flat_map(|(steps, _)| tops(steps))
        .fold(f64::MAX, f64::min);
    let dark = in_maps.iter().min_by_key(|cell| darkest(cell)).unwrap();
    assert!(tops(&dark.0).contains(&first), "{dark:?}");
}

/// Where the key's bar begins and ends: it is the lowest of all cells.
fn tops_of_key(cells: &[(Vec<Step>, Colour)]) -> (f64, f64) {
    let ys = cells
        .iter()
        .flat_map(|(steps, _)| steps)
        .filter_map(|step| match step {
            Step::Move((_, y)) | Step::Line((_, y)) => Some(*y),
            Step::Curve(..) | Step::Close => None,
        });
    let bottom = ys.clone().fold(f64::MIN, f64::max);
    let above = ys.filter(|y| *y < bottom - 0.01).fold(f64::MIN, f64::max);
    (above, bottom)
}

#[test]
fn many_regions_share_lines_and_it_is_said() {
    let rows = bumps(1000, 3.0);
    let figure = signal_map("figure".into(), &map("peaks", &rows)).unwrap();
    let said = |words: &str| texts(&figure).any(|text| text.letters.contains(words));
    assert!(said("each line the mean of 7 regions"));
    assert!(said("n = 1,000"));
    check_texts(&figure);
}

#[test]
fn a_narrow_page_and_a_range_of_ones_own_have_room() {
    let rows = bumps(30, 3.0);
    let look = Look {
        width: Some(60.0),
        y_range: Some([0.0, 1.0]),
        ..Look::default()
    };
    let page = Page::new("figure", &look).unwrap();
    let figure = signal_map(page, &map("peaks", &rows)).unwrap();
    assert!((figure.width() * 25.4 / 72.0 - 60.0).abs() < 0.01);
    check_texts(&figure);
    let labels: Vec<&str> = texts(&figure).map(|text| text.letters.as_str()).collect();
    assert!(
        labels.contains(&"1.00") || labels.contains(&"1.0"),
        "{labels:?}"
    );
}

#[test]
fn rows_that_cannot_be_drawn_are_refused() {
    let good = bumps(3, 3.0);
    let refused = |rows: &[Vec<Option<f32>>]| {
        let map = SignalMap {
            regions: SignalRows {
                name: "peaks",
                rows,
            },
            ..map("peaks", &good)
        };
        signal_map("figure".into(), &map).unwrap_err().to_string()
    };
    assert!(refused(&[]).contains("has no place"));
    let uneven = [vec![Some(1.0); 20], vec![Some(1.0); 19]];
    assert!(refused(&uneven).contains("of the same bins"));
    assert!(refused(&[vec![Some(f32::NAN); 20]]).contains("NaN"));
}
