use super::*;
use crate::figures::drawing::canvas::Shape;
use crate::figures::drawing::{Paint, Step};
use crate::figures::region::tests::small;

fn figure(regions: &[RegionFigure], look: &Look) -> Figure {
    region_browser(regions, Width::Double, look).unwrap()
}

fn texts(figure: &Figure) -> Vec<String> {
    let shapes = figure.drawing().shapes().iter();
    shapes
        .filter_map(|shape| match shape {
            Shape::Text(text) => Some(text.letters.clone()),
            Shape::Path(..) => None,
        })
        .collect()
}

/// The heights of the areas of a colour that have so many corners.
fn heights(figure: &Figure, colour: Colour, corners: usize) -> Vec<f64> {
    let height = |step: &Step| match step {
        Step::Move(to) | Step::Line(to) => Some(to.1),
        Step::Curve(..) | Step::Close => None,
    };
    let mut found = Vec::new();
    for shape in figure.drawing().shapes() {
        let Shape::Path(steps, Paint::Fill(filled)) = shape else {
            continue;
        };
        let ys: Vec<f64> = steps.iter().filter_map(height).collect();
        if *filled == colour && ys.len() == corners {
            let high = ys.iter().copied().fold(f64::MAX, f64::min);
            found.push(ys.iter().copied().fold(f64::MIN, f64::max) - high);
        }
    }
    found
}

#[test]
fn a_region_shows_arcs_attention_and_what_lies_below() {
    let region = small("here");
    let figure = figure(std::slice::from_ref(&region), &Look::default());
    let texts = texts(&figure);
    for words in [
        "here",
        "pairs inside: 1; pairs that reach in from outside: 2",
        "enhancers: attention × number of bins",
        "promoters: attention × number of bins",
        "annotated enhancers",
        "top regions of promoters",
        "×2",
        "pair labelled as interacting",
        "pair labelled as not interacting",
        "pair without a label",
        "paler: not predicted to interact",
        "dashed: to another chromosome",
    ] {
        assert!(texts.iter().any(|text| text == words), "{words}: {texts:?}");
    }
    let strokes = figure.drawing().shapes().iter();
    let strokes = strokes.filter(|shape| match shape {
        Shape::Path(steps, Paint::Stroke(_)) => {
            steps.iter().any(|step| matches!(step, Step::Curve(..)))
        }
        _ => false,
    });
    // That of the pair to another chromosome is a straight line.
    assert_eq!(strokes.count(), 2);
}

#[test]
fn without_pairs_there_is_no_word_of_arcs() {
    let mut region = small("here");
    region.pairs.clear();
    region.top_by = Some("contribution".to_string());
    let texts = texts(&figure(&[region], &Look::default()));
    let by = "top regions of enhancers, by contribution";
    assert!(texts.iter().any(|text| text == by), "{texts:?}");
    assert!(!texts.iter().any(|text| text.starts_with("pair ")));
    assert!(texts.iter().any(|text| text.starts_with("pairs inside: 0")));
}

#[test]
fn the_key_is_of_the_arcs_that_are_drawn() {
    let mut region = small("here");
    let other = region.pairs.remove(1);
    region.pairs.truncate(1);
    // One element reaches into the region, and both middles lie on its left.
    region.pairs[0].elements = Sides::new(Some(9_000..10_100), Some(5_000..5_400));
    let of = |region: &RegionFigure| texts(&figure(std::slice::from_ref(region), &Look::default()));
    let has = |texts: &[String], words: &str| texts.iter().any(|text| text == words);
    let without = "pairs whose middles lie outside have no arc";
    let said = of(&region);
    assert!(!has(&said, "pair labelled as interacting"), "{said:?}");
    assert!(has(&said, without), "{said:?}");
    region.pairs.push(other);
    let said = of(&region);
    assert!(has(&said, "pair without a label"), "{said:?}");
    assert!(!has(&said, "pair labelled as interacting"), "{said:?}");
    assert!(!has(&of(&small("here")), without));
}

#[test]
fn elements_and_regions_are_on_one_scale() {
    let (one, mut other) = (small("one"), small("other"));
    other.sides.promoter.attention[0].1 = 16.0;
    other.tracks[1].content = TrackContent::Signal(vec![(15_000..15_100, 12.0)]);
    let both = [one, other];
    let figure = figure(&both, &Look::default());
    let [enhancer, promoter] = colour::both();
    // 8 of the enhancers' two steps, 2 and 16 of the promoters' one, on an axis from 0 to 20.
    let close = |found: &[f64], wanted: &[f64]| {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 0.02;
        found.len() == wanted.len() && found.iter().zip(wanted).all(near)
    };
    let found = heights(&figure, enhancer, 6);
    assert!(close(&found, &[16.0, 16.0]), "{found:?}");
    let tall: Vec<f64> = heights(&figure, promoter, 4);
    let tall: Vec<f64> = tall.into_iter().filter(|high| *high > 20.0).collect();
    assert!(close(&tall, &[32.0]), "{tall:?}");
    // A quarter as high as the other's.
    let signals = heights(&figure, crate::figures::drawing::colour::GREY, 4);
    let [low, high] = signals[..] else {
        panic!("{signals:?}");
    };
    assert!((4.0 * low - high).abs() < 0.05, "{signals:?}");
    let texts = texts(&figure);
    assert!(
        ["a", "b"]
            .iter()
            .all(|letter| texts.iter().any(|text| text == letter))
    );

    let look = Look {
        y_range: Some([0.0, 4.0]),
        ..Look::default()
    };
    let cut = region_browser(&both, Width::Double, &look).unwrap();
    assert!(close(&heights(&cut, enhancer, 6), &[TRACK, TRACK]));
}

#[test]
fn tracks_that_only_some_regions_have_are_refused() {
    let (one, mut other) = (small("one"), small("other"));
    other.tracks.pop();
    let refused = region_browser(&[one, other], Width::Double, &Look::default()).unwrap_err();
    assert!(refused.to_string().contains("other tracks"), "{refused}");
    assert!(region_browser(&[], Width::Double, &Look::default()).is_err());
}
