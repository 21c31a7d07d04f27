//! What the figures of a comparison show, and what they refuse.

use super::analyses::{bottom, discs, interval, left, near, refused};
use super::*;
use crate::figures::drawing::colour::SERIES;

#[test]
fn a_comparison_has_each_method_above_its_cell_line() {
    let row = |cell_line, value| ComparisonRow {
        method: "EPIANN",
        cell_line,
        split: "random",
        pairs: 1234,
        auroc: Some(interval(value)),
        auprc: None,
        chance: None,
        f1: None,
    };
    let rows = [row("K562", 0.7), row("NHEK", 0.9)];
    let figure = comparison("figure", &rows).unwrap();
    let dots = discs(&figure, SERIES[0]);
    near(dots[0], (bottom(&figure, "K562"), left(&figure, "0.7")));
    near(dots[1], (bottom(&figure, "NHEK"), left(&figure, "0.9")));
    assert!(texts(&figure).any(|text| text.letters == "n=1,234"));
    assert!(!texts(&figure).any(|text| text.letters == "F1"));

    assert!(refused(comparison("figure", &[])).contains("no method"));
    assert!(refused(comparison("figure", &[rows[0], rows[0]])).contains("twice"));
    assert!(refused(comparison("figure", &[row("K562", f64::NAN)])).contains("AUROC"));
    assert!(refused(comparison("figure", &[row("K562", 0.99)])).contains("not between 0 and 1"));
    let names: Vec<String> = (0..90).map(|number| number.to_string()).collect();
    let lines: Vec<ComparisonRow> = names.iter().map(|name| row(name, 0.5)).collect();
    assert!(refused(comparison("figure", &lines)).contains("room"));
    let methods = names[..13].iter().map(|method| ComparisonRow {
        method,
        ..row("K562", 0.5)
    });
    let methods: Vec<ComparisonRow> = methods.collect();
    assert!(refused(comparison("figure", &methods)).contains("13 methods"));
}

#[test]
fn a_learning_point_lies_at_its_examples() {
    let point = |examples| LearningPoint {
        examples,
        measure: interval(0.8),
    };
    let points = [point(100), point(1000)];
    let draw = |chance, points: &[LearningPoint]| {
        let series = [LearningSeries {
            name: "EPIANN",
            points: points.to_vec(),
        }];
        learning_curve("figure", "AUROC", "pairs", chance, &series)
    };
    let figure = draw(Some(0.5), &points).unwrap();
    let dots = discs(&figure, SERIES[0]);
    near(dots[0], (bottom(&figure, "100"), left(&figure, "0.8")));
    near(dots[1], (bottom(&figure, "1,000"), left(&figure, "0.8")));
    check_texts(&draw(None, &points[..1]).unwrap());

    assert!(refused(draw(None, &[])).contains("EPIANN"));
    assert!(refused(draw(None, &[points[1], points[0]])).contains("ascend"));
    assert!(refused(draw(None, &[point(0)])).contains("from 1 on"));
    assert!(refused(draw(Some(f64::NAN), &points)).contains("by chance"));
    let broken = LearningPoint {
        examples: 7,
        measure: interval(f64::NAN),
    };
    assert!(refused(draw(None, &[broken])).contains("after 7 examples"));
    let many = [(); 13].map(|()| LearningSeries {
        name: "a",
        points: points.to_vec(),
    });
    assert!(refused(learning_curve("figure", "F1", "pairs", None, &many)).contains("13 methods"));
}

/// Eight methods, as many cell lines as the paper, two splits; and the methods' learning curves.
pub fn examples(words: &str) -> [Figure; 2] {
    let methods = [
        "EPIANN",
        "TargetFinder E/P/W",
        words,
        "PEP-Word",
        "PEP-Motif",
        "distance",
        "propensity",
        "a",
    ];
    let lines = ["GM12878", "HUVEC", "HeLa-S3", words, "K562", "NHEK"];
    let mut rows = Vec::new();
    for (place, split) in ["random", "chromosome"].into_iter().enumerate() {
        for (number, cell_line) in lines.into_iter().enumerate() {
            for (rank, method) in methods.into_iter().enumerate() {
                let value = 0.85 - 0.1 * place as f64 - 0.03 * rank as f64 - 0.01 * number as f64;
                rows.push(ComparisonRow {
                    method,
                    cell_line,
                    split,
                    pairs: 44_313,
                    auroc: Some(interval(value)),
                    auprc: Some(interval(value - 0.3)),
                    chance: Some(0.05 + 0.01 * number as f64),
                    f1: (rank % 2 == 0).then(|| interval(value - 0.2)),
                });
            }
        }
    }
    let point = |(examples, value)| LearningPoint {
        examples,
        measure: interval(value),
    };
    let points = [(120, 0.5), (900, 0.6), (41_000, 0.9)].map(point);
    let series = methods.map(|name| LearningSeries {
        name,
        points: points.to_vec(),
    });
    [
        comparison(words, &rows).unwrap(),
        learning_curve(words, "AUROC", words, Some(0.5), &series).unwrap(),
    ]
}
