//! What holds for every figure.

mod analyses;
mod comparison;
mod examples;
mod knock_outs;
mod logos;
mod reliability;
mod sanity;
mod signal_map;
mod untrained;

use std::ops::Range;

use proptest::prelude::*;

use super::drawing::Text;
use super::drawing::canvas::Shape;
use super::pair::tests::{SMALL_MATRICES, genes, signal, sites, small};
use super::region::tests::small as small_region;
use super::*;
use crate::element::Sides;
use crate::evaluation::{Epoch, Scored, Support};
use crate::statistics::{Estimate, Interval};

const HOSTILE: &str =
    "<script>alert('x')</script> & \"漢字\"\u{0}\n\u{202e} ]]> and on and on and on and on";

/// Every figure, with these words wherever a user may give some.
fn all(words: &str) -> Vec<Figure> {
    let mut pair = small();
    pair.name = words;
    let values = [(5000..5040, 1e-7), (5040..5060, 3e7), (5070..5100, -2.5)];
    let site = |name| sites(name, words, 5010..5029);
    let gene = genes(words, words, 4000..5040);
    let of_promoter = [gene, site(""), site(words), signal(words, &values)].concat();
    let site = |name| sites(name, words, 1290..1310);
    let gene = genes(words, words, 1280..1290);
    let of_enhancer = [gene, site(""), site(words), signal(words, &[])].concat();
    let Sides { enhancer, promoter } = &mut pair.windows;
    (enhancer.tracks, promoter.tracks) = (of_enhancer, of_promoter);
    (enhancer.chrom, promoter.chrom) = (words, words);
    let scored = [(0.1, false), (0.4, true), (0.4, false), (0.9, true)];
    let scored = scored.map(|(score, positive)| Scored { score, positive });
    let set = |area| RankedSet {
        name: words,
        scored: &scored,
        area,
        support: Support::default(),
    };
    let sets = [
        set(Estimate::within(0.875, 0.5, 1.0)),
        set(Estimate::alone(0.875)),
    ];
    let mut figures = vec![
        roc(words.into(), &sets).unwrap(),
        precision_recall(words.into(), &sets).unwrap(),
        training_curves(words.into(), &history(), Some(2), Some(0.05)).unwrap(),
        training_curves(words.into(), &history()[..1], None, None).unwrap(),
    ];
    let usual = Look::default();
    for panels in [Panels::Both, Panels::Enhancer, Panels::Promoter] {
        figures.push(pair_matrix(&pair, &SMALL_MATRICES, panels, &usual).unwrap());
    }
    let mut apart = pair.clone();
    apart.windows.promoter.chrom = "another";
    for width in [Width::Single, Width::Double] {
        for pairs in [
            &[pair.clone()][..],
            &[apart.clone()],
            &[pair.clone(), apart.clone()],
        ] {
            figures.push(pair_browser(pairs, width, &usual).unwrap());
        }
    }
    let mut region = small_region(words);
    region.chrom = words.to_string();
    for width in [Width::Single, Width::Double] {
        for regions in [&[region.clone()][..], &[region.clone(), region.clone()]] {
            figures.push(region_browser(regions, width, &usual).unwrap());
        }
    }
    figures.extend(examples::all(words));
    figures.extend(comparison::examples(words));
    figures.extend(sanity::examples(words));
    figures.push(self::logos::example(words));
    figures.extend(knock_outs::examples(words));
    figures.extend(self::signal_map::examples(words));
    figures
}

fn history() -> [Epoch; 3] {
    [1, 2, 3].map(|epoch| Epoch {
        epoch,
        loss: 9.0 / epoch as f64,
        bce: 0.7 / epoch as f64,
        auroc: 0.5 + epoch as f64 / 10.0,
        auprc: 0.2,
        f1: 0.0,
        pairs_per_second: 1.0,
    })
}

fn texts(figure: &Figure) -> impl Iterator<Item = &Text> {
    figure
        .drawing()
        .shapes()
        .iter()
        .filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            Shape::Path(..) => None,
        })
}

/// Left, top, right and bottom of a text.
fn bounds(text: &Text) -> [f64; 4] {
    let before = text.anchor.part() * text.width();
    let behind = text.width() - before;
    let (x, y) = text.at;
    // The letters reach 0.76 of their size above the baseline and 0.24 below it.
    match text.turned {
        false => [
            x - before,
            y - 0.76 * text.size,
            x + behind,
            y + 0.24 * text.size,
        ],
        true => [
            x - 0.76 * text.size,
            y - behind,
            x + 0.24 * text.size,
            y + before,
        ],
    }
}

#[test]
fn an_svg_is_well_formed_and_keeps_its_text() {
    for words in ["chr1", HOSTILE, ""] {
        for figure in all(words) {
            let svg = figure.svg();
            let tree = roxmltree::Document::parse(&svg).unwrap();
            let namespace = "http://www.w3.org/2000/svg";
            assert_eq!(tree.root_element().tag_name().namespace(), Some(namespace));
            let written = tree
                .descendants()
                .filter(|node| node.tag_name().name() == "text")
                .map(|node| node.text().unwrap().to_string());
            let drawn: Vec<String> = texts(&figure).map(|text| text.letters.clone()).collect();
            assert_eq!(written.collect::<Vec<_>>(), drawn);
            assert!(
                tree.descendants()
                    .all(|node| node.tag_name().name() != "script")
            );
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}

/// Checks that no text leaves the page or lies on another.
fn check_texts(figure: &Figure) {
    let (width, height) = (figure.drawing().width(), figure.drawing().height());
    let all: Vec<&Text> = texts(figure).collect();
    for (number, text) in all.iter().enumerate() {
        let [left, top, right, bottom] = bounds(text);
        assert!(left >= 0.0 && top >= 0.0, "{text:?}");
        assert!(right <= width && bottom <= height, "{text:?}");
        for other in &all[..number] {
            let [l, t, r, b] = bounds(other);
            // Places are rounded to hundredths.
            let before = |end: f64, start: f64| end <= start + 0.02;
            let apart = before(r, left) || before(right, l) || before(b, top) || before(bottom, t);
            assert!(apart, "{text:?} and {other:?}");
        }
    }
}

#[test]
fn no_text_leaves_the_page_or_lies_on_another() {
    for words in ["chr1", HOSTILE, ""] {
        all(words).iter().for_each(check_texts);
    }
}

/// A window of up to 40 bins, with what lies in it.
#[derive(Debug)]
struct Made {
    chrom: String,
    window: Range<u32>,
    element: Range<u32>,
    edges: Vec<u32>,
    marginal: Vec<f32>,
    top: Vec<(Range<u32>, u8)>,
}

prop_compose! {
    fn made()(
        chrom in prop_oneof![Just("chr1".to_string()), ".{0,40}"],
        start in prop_oneof![0u32..5000, 0..u32::MAX - 5000, Just(u32::MAX - 4000)],
        length in 1u32..4000,
        element in (0.0f64..1.0, 1u32..6000),
        cuts in prop::collection::btree_set(1u32..4000, 0..40),
        values in prop::collection::vec(prop_oneof![Just(0.0f32), 0.0..1.0f32, Just(1.0)], 40),
        tops in prop::collection::vec(0.0f64..1.0, 0..6),
    ) -> Made {
        let at = |part: f64| start + (part * f64::from(length)) as u32;
        let inner = cuts.into_iter().filter(|cut| *cut < length);
        let mut edges: Vec<u32> = [0].into_iter().chain(inner).chain([length]).collect();
        edges.truncate(40);
        *edges.last_mut().unwrap() = length;
        let first = at(element.0);
        let ranked = tops.into_iter().zip(1..);
        Made {
            chrom,
            window: start..start + length,
            element: first..first.saturating_add(element.1),
            marginal: values[..edges.len() - 1].to_vec(),
            edges,
            top: ranked.map(|(part, rank)| (at(part)..at(part).saturating_add(45), rank)).collect(),
        }
    }
}

impl Made {
    fn window(&self) -> WindowFigure<'_> {
        WindowFigure {
            chrom: &self.chrom,
            window: self.window.clone(),
            element: self.element.clone(),
            edges: self.edges.clone(),
            marginal: &self.marginal,
            top: self.top.clone(),
            tracks: Vec::new(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_pair_has_figures(name in ".{0,80}", enhancer in made(), promoter in made()) {
        let pair = PairFigure {
            name: &name,
            probability: 0.5,
            context: None,
            label: None,
            windows: Sides::new(enhancer.window(), promoter.window()),
        };
        let values = vec![0.01; enhancer.marginal.len() * promoter.marginal.len()];
        let matrices = Matrices { enhancer: &values, promoter: &values };
        let usual = Look::default();
        for figure in [
            pair_browser(std::slice::from_ref(&pair), Width::Single, &usual).unwrap(),
            pair_browser(std::slice::from_ref(&pair), Width::Double, &usual).unwrap(),
            pair_matrix(&pair, &matrices, Panels::Both, &usual).unwrap(),
        ] {
            check_texts(&figure);
            prop_assert!(roxmltree::Document::parse(&figure.svg()).is_ok());
        }
    }
}

#[test]
fn the_name_of_a_set_gives_way_to_its_numbers() {
    for figure in &all(HOSTILE)[..2] {
        assert!(
            texts(figure).any(|text| text.letters.contains(" 0.875 (95% interval 0.500–1.000)"))
        );
    }
}

#[test]
fn the_same_figure_has_the_same_bytes() {
    for (one, two) in all("chr1").iter().zip(all("chr1")) {
        assert_eq!(one.svg(), two.svg());
        assert_eq!(one.png(1.0).unwrap(), two.png(1.0).unwrap());
        assert_eq!(one.pdf().unwrap(), two.pdf().unwrap());
    }
}

#[test]
fn a_png_has_the_figures_size_in_pixels_and_on_paper() {
    let figure = &all("chr1")[0];
    let (width, height) = (figure.drawing().width(), figure.drawing().height());
    let file = figure.png(2.0).unwrap();
    let reader = ::png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let info = reader.info();
    assert_eq!(
        (info.width, info.height),
        (2 * width as u32, 2 * height as u32)
    );
    // 144 dots to the inch, 5669 to the metre.
    assert_eq!(info.pixel_dims.unwrap().xppu, 5669);
}

#[test]
fn the_ending_of_a_name_chooses_the_format() {
    let dir = tempfile::tempdir().unwrap();
    let figure = &all("chr1")[1];
    figure.write(&dir.path().join("a.svg")).unwrap();
    let svg = std::fs::read_to_string(dir.path().join("a.svg")).unwrap();
    assert_eq!(svg, figure.svg());
    figure.write(&dir.path().join("a.png")).unwrap();
    let png = std::fs::read(dir.path().join("a.png")).unwrap();
    assert_eq!(png, figure.png(PRINT).unwrap());
    figure.write(&dir.path().join("a.pdf")).unwrap();
    let pdf = std::fs::read(dir.path().join("a.pdf")).unwrap();
    assert_eq!(pdf, figure.pdf().unwrap());
    for name in ["a.gif", "a", ".svg"] {
        let refused = figure.write(&dir.path().join(name)).unwrap_err();
        assert!(refused.to_string().contains(".pdf or .png"), "{refused}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 3);
}

#[test]
fn a_training_that_cannot_be_shown_is_refused() {
    let refuse = |history: &[Epoch], best| {
        training_curves("run".into(), history, best, None)
            .unwrap_err()
            .to_string()
    };
    assert!(refuse(&[], None).contains("ascending"));
    let [first, second, third] = history();
    assert!(refuse(&[second, first], None).contains("ascending"));
    assert!(refuse(&[first, second], Some(3)).contains("not in the history"));
    for loss in [f64::NAN, f64::INFINITY, 1e300] {
        let broken = Epoch { loss, ..third };
        assert!(refuse(&[first, second, broken], None).contains("the loss of epoch 3"));
    }
}

#[test]
fn curves_that_cannot_be_drawn_are_refused() {
    let area = Estimate::within(0.5, 0.4, 0.6);
    let one = [
        Scored {
            score: 0.5,
            positive: true,
        },
        Scored {
            score: 0.4,
            positive: false,
        },
    ];
    let good = RankedSet {
        name: "test",
        scored: &one,
        area,
        support: Support::default(),
    };
    let unknown = Estimate::within(0.5, f64::NAN, 0.6);
    let bad = [
        vec![],
        vec![good; 5],
        vec![
            good,
            RankedSet {
                scored: &[],
                ..good
            },
        ],
        vec![RankedSet {
            scored: &one[1..],
            ..good
        }],
        vec![RankedSet {
            area: unknown,
            ..good
        }],
    ];
    for sets in bad {
        assert!(
            roc("run".into(), &sets).is_err() && precision_recall("run".into(), &sets).is_err()
        );
    }
    assert!(roc("run".into(), &[good; 4]).is_ok());
}
