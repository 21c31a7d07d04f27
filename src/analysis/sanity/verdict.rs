//! What the rank correlations say, in words.

use super::alike::{Map, Order, Row};
use crate::network::model::Layer;

/// From which rank correlation on a map counts as the same; it is said to be just the same where two
/// decimals do not tell them apart.
const SAME: f64 = 0.95;
/// Below which one it counts as another.
const OTHER: f64 = 0.5;
/// Up to which one nothing is left of it.
const NOTHING: f64 = 0.2;

/// What is the case with a layer's parameters shuffled, over both sides.
struct Shuffled {
    layer: Layer,
    lowest: f64,
    highest: f64,
    /// The mean.
    correlation: f64,
    /// The lower one of the values without their signs.
    sizes: f64,
}

impl Shuffled {
    fn of(rows: &[Row], map: Map, layer: Layer, order: Order) -> Option<Self> {
        let wanted = |row: &&Row| row.map == map && row.layer == layer && row.order == order;
        let rows: Vec<&Row> = rows.iter().filter(wanted).collect();
        let correlations = || rows.iter().map(|row| row.correlation.value);
        let sizes = rows.iter().map(|row| row.sizes);
        (!rows.is_empty()).then(|| Self {
            layer,
            lowest: correlations().fold(f64::INFINITY, f64::min),
            highest: correlations().fold(f64::NEG_INFINITY, f64::max),
            correlation: correlations().sum::<f64>() / rows.len() as f64,
            sizes: sizes.fold(f64::INFINITY, f64::min),
        })
    }

    fn is_same(&self) -> bool {
        self.lowest >= SAME
    }

    fn is_other(&self) -> bool {
        self.highest < OTHER
    }
}

/// How a map is spoken of.
struct Words {
    name: &'static str,
    it: &'static str,
    does: &'static str,
    depends: &'static str,
    is: &'static str,
}

impl Words {
    fn of(map: Map) -> Self {
        match map {
            Map::Attention => Self {
                name: "Attention",
                it: "It",
                does: "does",
                depends: "depends",
                is: "it is",
            },
            Map::Contribution => Self {
                name: "Contributions",
                it: "They",
                does: "do",
                depends: "depend",
                is: "they are",
            },
        }
    }
}

/// What the rows say about a map: on which layers' parameters it depends, and what is left of it when
/// all are shuffled.
pub fn verdict(map: Map, rows: &[Row]) -> String {
    let words = Words::of(map);
    let alone = |layer| Shuffled::of(rows, map, layer, Order::Alone);
    let layers: Vec<Shuffled> = Layer::FROM_THE_TOP.into_iter().filter_map(alone).collect();
    if layers.is_empty() {
        return format!(
            "{}: {} the same everywhere, and there is nothing to compare.",
            words.name, words.is
        );
    }
    let some = |wanted: &dyn Fn(&Shuffled) -> bool| -> Vec<&Shuffled> {
        layers.iter().filter(|of| wanted(of)).collect()
    };
    let [same, other] = [some(&Shuffled::is_same), some(&Shuffled::is_other)];
    let partly = some(&|of| !of.is_same() && !of.is_other());
    let mut said = Vec::new();
    said.extend(unmoved(&words, &same));
    let mut subject = if same.is_empty() {
        words.name
    } else {
        words.it
    };
    for (how, layers) in [("", other), (" in part", partly)] {
        if !layers.is_empty() {
            said.push(format!(
                "{subject} {}{how} on what {} learnt (rank correlation with the weights of each \
                 shuffled: {}).",
                words.depends,
                list(&layers),
                numbers(&layers, |of| of.correlation)
            ));
            subject = words.it;
        }
    }
    if map == Map::Contribution {
        said.extend(signs(&some(&|of| !of.is_same() && of.sizes >= OTHER)));
    }
    said.extend(left(rows, map));
    said.join(" ")
}

/// Of the layers that a map does not depend on.
fn unmoved(words: &Words, layers: &[&Shuffled]) -> Option<String> {
    let exactly = layers.iter().all(|of| number(of.lowest) == "1.00");
    let alike = if exactly {
        "the same"
    } else {
        "almost the same"
    };
    let Words { name, does, is, .. } = words;
    (!layers.is_empty()).then(|| {
        format!(
            "{name} {does} not depend on what {} learnt: with the weights of each shuffled {is} {alike} \
             (rank correlation {}).",
            list(layers),
            numbers(layers, |of| of.correlation)
        )
    })
}

/// Of the layers that turn signs and leave the sizes.
fn signs(layers: &[&Shuffled]) -> Option<String> {
    (!layers.is_empty()).then(|| {
        format!(
            "Without their signs they stay alike with the weights of {} shuffled ({}): where they are \
             large is not learnt there.",
            list(layers),
            numbers(layers, |of| of.sizes)
        )
    })
}

/// What is left when the parameters of all layers are shuffled.
fn left(rows: &[Row], map: Map) -> Option<String> {
    let bottom = Layer::FROM_THE_TOP.into_iter().next_back()?;
    let all = Shuffled::of(rows, map, bottom, Order::Cascade)?;
    let says = match all.lowest.abs().max(all.highest.abs()) <= NOTHING {
        true => "nothing of the map is left",
        false => "so much of the map is the sequence's and the network's form, and was not learnt",
    };
    let correlation = number(all.correlation);
    Some(format!(
        "With all layers shuffled the rank correlation is {correlation}: {says}."
    ))
}

/// The layers as a list.
fn list(layers: &[&Shuffled]) -> String {
    let names: Vec<String> = layers
        .iter()
        .map(|of| format!("the {}", of.layer))
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn numbers(layers: &[&Shuffled], of: fn(&Shuffled) -> f64) -> String {
    let numbers: Vec<String> = layers.iter().map(|layer| number(of(layer))).collect();
    numbers.join(", ")
}

/// Two decimals, and no negative zero.
fn number(value: f64) -> String {
    format!("{:.2}", (100.0 * value).round() / 100.0 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Element;
    use crate::statistics::Estimate;

    /// Rows of a map from the correlations of the layers alone, with and without signs, and of all.
    fn rows(map: Map, alone: [(f64, f64); 4], all: f64) -> Vec<Row> {
        let row = |element, layer, order, (correlation, sizes)| Row {
            map,
            element,
            layer,
            order,
            correlation: Estimate::alone(correlation),
            sizes,
            flat: 0.0,
            pairs: 64,
            components: 40,
        };
        let mut rows = Vec::new();
        for element in Element::BOTH {
            for (layer, numbers) in Layer::FROM_THE_TOP.into_iter().zip(alone) {
                rows.push(row(element, layer, Order::Alone, numbers));
            }
            rows.push(row(element, Layer::Encoder, Order::Cascade, (all, all)));
        }
        rows
    }

    #[test]
    fn a_map_that_ignores_what_was_learnt_is_told() {
        let alone = [(1.0, 1.0), (1.0, 1.0), (0.3, 0.3), (-0.001, 0.0)];
        let rows = rows(Map::Attention, alone, 0.02);
        assert_eq!(
            verdict(Map::Attention, &rows),
            "Attention does not depend on what the classifier and the interaction learnt: with the \
             weights of each shuffled it is the same (rank correlation 1.00, 1.00). It depends on \
             what the attention and the encoder learnt (rank correlation with the weights of each \
             shuffled: 0.30, 0.00). With all layers shuffled the rank correlation is 0.02: nothing of the map is left."
        );
        // Of the other map nothing is known.
        let other = verdict(Map::Contribution, &rows);
        let nothing = "they are the same everywhere, and there is nothing to compare.";
        assert_eq!(other, format!("Contributions: {nothing}"));
    }

    #[test]
    fn a_map_that_falls_is_told_and_so_is_what_stays() {
        let alone = [(0.1, 0.8), (0.2, 0.3), (0.7, 0.4), (0.0, 0.1)];
        let said = verdict(Map::Contribution, &rows(Map::Contribution, alone, -0.4));
        assert_eq!(
            said,
            "Contributions depend on what the classifier, the interaction and the encoder learnt (rank \
             correlation with the weights of each shuffled: 0.10, 0.20, 0.00). They depend in part \
             on what the attention learnt (rank correlation with the weights of each shuffled: \
             0.70). Without their signs they stay alike with the weights of the classifier shuffled (0.80): where they are \
             large is not learnt there. With all layers shuffled the rank correlation is -0.40: so \
             much of the map is the sequence's and the network's form, and was not learnt."
        );
    }

    #[test]
    fn the_less_alike_side_decides() {
        let mut rows = rows(Map::Attention, [(1.0, 1.0); 4], 1.0);
        for row in rows
            .iter_mut()
            .filter(|row| row.element == Element::Promoter)
        {
            row.correlation = Estimate::alone(0.96);
        }
        let almost = verdict(Map::Attention, &rows);
        assert!(
            almost.contains("it is almost the same (rank correlation 0.98"),
            "{almost}"
        );
        for row in rows
            .iter_mut()
            .filter(|row| row.element == Element::Promoter)
        {
            row.correlation = Estimate::alone(0.9);
        }
        let partly = verdict(Map::Attention, &rows);
        assert!(
            partly.starts_with("Attention depends in part on"),
            "{partly}"
        );
    }
}
