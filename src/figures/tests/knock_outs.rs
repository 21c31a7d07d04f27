//! What factors' sites contribute, made up.

use super::super::*;
use crate::element::Sides;
use crate::statistics::Interval;

fn factor(name: &str, difference: f64, half: Option<f64>) -> KnockedOut<'_> {
    KnockedOut {
        name,
        difference,
        interval: half.map(|half| Interval {
            value: difference,
            low: difference - half,
            high: difference + half,
        }),
        called: half.is_some_and(|half| difference > half),
    }
}

fn heat_map(words: &str) -> Result<Figure, crate::error::Error> {
    let cell = |value: Option<f64>| TfPairCell {
        value,
        significant: value.is_some_and(|value| value < -1.0),
        interaction: Interaction::Unknown,
    };
    let cells = [Some(-2.0), None, Some(0.3), Some(0.0), Some(0.1), None].map(cell);
    let names = Sides::new(vec![words, "CTCF"], vec!["NRF1", words, "YY1"]);
    knock_out_heat_map(words, "4 of 6 pairs of factors tested", names, &cells)
}

/// The figures with these words for names and titles.
pub fn examples(words: &str) -> Vec<Figure> {
    let names: Vec<String> = (0..60).map(|number| format!("ZNF{number}")).collect();
    let numbers = names.iter().zip(0..);
    let mut many: Vec<KnockedOut> = numbers
        .map(|(name, number)| factor(name, 2.0 - 0.05 * f64::from(number), Some(0.3)))
        .collect();
    many[0].name = words;
    let few = [factor(words, 0.0, None), factor("CTCF", -1e-6, Some(1e-7))];
    let remark = "predicted pairs of the test part";
    vec![
        knocked_out(words, remark, Sides::new(&many[..], &few[..])).unwrap(),
        knocked_out(words, "", Sides::new(&few[..0], &few[..1])).unwrap(),
        heat_map(words).unwrap(),
    ]
}

#[test]
fn knock_outs_that_cannot_be_drawn_are_refused() {
    let draw = |factors: &[KnockedOut]| knocked_out("", "", Sides::new(factors, &[]));
    assert!(draw(&[]).is_err());
    assert!(draw(&[factor("CTCF", 1.0, Some(0.1)); 60]).is_ok());
    assert!(draw(&[factor("CTCF", 1.0, Some(0.1)); 61]).is_err());
    assert!(draw(&[factor("CTCF", f64::NAN, None)]).is_err());
    assert!(draw(&[factor("CTCF", 1.0, Some(-0.1))]).is_err());
    // Words of what is known stand only where something may be known.
    let svg = heat_map("GATA1").unwrap().svg();
    assert!(svg.contains("q ≤ 0.05 (1)") && !svg.contains("known to interact"));
}
