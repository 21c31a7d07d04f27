//! Layers of the network between sequence and logit, and networks that have forgotten what some of them
//! learnt.

use std::fmt;

use rand::seq::SliceRandom;
use serde::Serialize;

use super::Weights;
use crate::seed::{Purpose, stream};

/// A layer between sequence and logit, with parameters of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// From the largest interactions to the logit.
    Classifier,
    /// The bilinear form.
    Interaction,
    /// Both attentions.
    Attention,
    /// The filters.
    Encoder,
}

impl Layer {
    /// All, from the logit down to the sequence.
    pub const FROM_THE_TOP: [Self; 4] = [
        Self::Classifier,
        Self::Interaction,
        Self::Attention,
        Self::Encoder,
    ];

    /// What its arrays' names begin with.
    fn modules(self) -> &'static [&'static str] {
        match self {
            Self::Classifier => &["classifier"],
            Self::Interaction => &["interaction"],
            Self::Attention => &["attend_promoter", "attend_enhancer"],
            Self::Encoder => &["conv"],
        }
    }

    /// Whether it has the array of this name.
    fn has(self, array: &str) -> bool {
        let module = array.split('.').next().unwrap_or(array);
        self.modules().contains(&module)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Classifier => "classifier",
            Self::Interaction => "interaction",
            Self::Attention => "attention",
            Self::Encoder => "encoder",
        })
    }
}

impl Weights {
    /// The same weights, but each array of these layers has its values in an order drawn at random: it
    /// keeps their distribution and loses what they meant. A shuffle has a number, and one number gives an
    /// array one order, whichever layers are shuffled with it.
    pub fn shuffled(&self, layers: &[Layer], seed: u64, number: u32) -> Self {
        let mut shuffled = Self::default();
        for (array, (name, shape, values)) in (0..).zip(self.iter()) {
            let mut values = values.to_vec();
            if layers.iter().any(|layer| layer.has(name)) {
                let index = (u64::from(number) << 32) | array;
                values.shuffle(&mut stream(seed, Purpose::Sanity, index));
            }
            shuffled.insert(name.to_string(), shape.to_vec(), values);
        }
        shuffled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [(&str, Option<Layer>); 8] = [
        ("attend_enhancer.score.weight", Some(Layer::Attention)),
        ("attend_promoter.enhancer.weight", Some(Layer::Attention)),
        ("classifier.hidden.weight", Some(Layer::Classifier)),
        ("classifier.output.bias", Some(Layer::Classifier)),
        ("conv.weight", Some(Layer::Encoder)),
        ("enhancer_coordinates.0.weight", None),
        ("interaction.weight", Some(Layer::Interaction)),
        ("promoter_coordinates.2.bias", None),
    ];

    fn weights() -> Weights {
        let mut weights = Weights::default();
        for (name, _) in NAMES {
            let values = (0..60).map(|value| value as f32).collect();
            weights.insert(name.to_string(), vec![4, 15], values);
        }
        weights
    }

    #[test]
    fn a_shuffle_keeps_the_values_and_the_other_layers() {
        let weights = weights();
        for layer in Layer::FROM_THE_TOP {
            let shuffled = weights.shuffled(&[layer], 1, 0);
            for (name, of) in NAMES {
                let (before, after) = (weights.values(name), shuffled.values(name));
                assert_eq!(before == after, of != Some(layer), "{layer}: {name}");
                let mut sorted = after.to_vec();
                sorted.sort_by(f32::total_cmp);
                assert_eq!(sorted, before);
            }
            assert!(shuffled.iter().all(|(_, shape, _)| shape == [4, 15]));
        }
        assert_eq!(weights.shuffled(&[], 1, 0), weights);
    }

    #[test]
    fn an_array_has_one_order_for_each_number() {
        let weights = weights();
        let all = weights.shuffled(&Layer::FROM_THE_TOP, 1, 3);
        let one = weights.shuffled(&[Layer::Encoder], 1, 3);
        assert_eq!(all.values("conv.weight"), one.values("conv.weight"));
        assert_ne!(
            all.values("conv.weight"),
            all.values("interaction.weight"),
            "each array has an order of its own"
        );
        for other in [
            weights.shuffled(&[Layer::Encoder], 1, 4),
            weights.shuffled(&[Layer::Encoder], 2, 3),
        ] {
            assert_ne!(other.values("conv.weight"), one.values("conv.weight"));
        }
    }
}
