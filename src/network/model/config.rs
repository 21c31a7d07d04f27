//! The hyperparameters of the network.

use serde::{Deserialize, Serialize};

use super::activity::ActivityForm;
use crate::attention::{Bins, Pooling};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::network::kernels::attention::Scoring;
use crate::text::choice::{Choice, Named};

/// The largest size of any part, far above what a machine can hold.
const LARGEST: usize = 1 << 16;
/// The longest window, in bases.
const LONGEST: u32 = 1 << 24;

/// What the score of an enhancer bin and a promoter bin is, from their projections
/// `e = U h_E,i` and `p = V h_P,j`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttentionForm {
    /// `vᵀ tanh(e + p)`, the paper's (Bahdanau, Cho & Bengio 2015, arXiv:1409.0473).
    #[default]
    Additive,
    /// `vᵀ (e ⊙ p)` (Luong, Pham & Manning 2015, arXiv:1508.04025, "general", with a matrix of rank
    /// `d`).
    Multiplicative,
    /// `e · p / √d` (Vaswani et al. 2017, arXiv:1706.03762, equation 1).
    Cross,
}

impl Choice for AttentionForm {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Additive,
            "additive",
            "As published: a sum of both sides under tanh",
        ),
        (
            Self::Multiplicative,
            "multiplicative",
            "Products of both sides, weighted",
        ),
        (
            Self::Cross,
            "cross",
            "Scaled dot products, as in transformers",
        ),
    ];
}

impl AttentionForm {
    /// How its scores are computed.
    pub(in crate::network) fn scoring(self) -> Scoring {
        match self {
            Self::Additive => Scoring::Additive,
            Self::Multiplicative | Self::Cross => Scoring::Multiplicative,
        }
    }
}

/// The hyperparameters of the network; the defaults are the paper's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// Bases in the enhancer's window, `L_E`.
    pub enhancer_length: u32,
    /// Bases in the promoter's window, `L_P`.
    pub promoter_length: u32,
    /// Filters, `k`.
    pub filters: usize,
    /// Bases that a filter sees, `w`.
    pub filter_width: usize,
    /// Positions in a pooling bin, `m`.
    pub pool_width: usize,
    /// What the attention's scores are.
    pub attention: AttentionForm,
    /// Width of the attention, `d`.
    pub attention_dim: usize,
    /// Interactions that the classifier sees, `K`.
    pub top_k: usize,
    /// Hidden units of the classifier.
    pub classifier_hidden: usize,
    /// Hidden units of the two hidden layers that find the coordinates.
    pub coordinate_hidden: [usize; 2],
    /// Weight of the classification loss against the coordinate losses, λ.
    pub lambda: f64,
    /// Part of the activations that are dropped in training.
    pub dropout: f64,
    /// The layers of the activity task; none of a network that learns pairs alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<ActivityForm>,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            enhancer_length: 3000,
            promoter_length: 2000,
            filters: 256,
            filter_width: 15,
            pool_width: 30,
            attention: AttentionForm::Additive,
            attention_dim: 32,
            top_k: 32,
            classifier_hidden: 32,
            coordinate_hidden: [128, 64],
            lambda: 10.0,
            dropout: 0.2,
            activity: None,
        }
    }
}

impl ModelConfig {
    /// The two window lengths.
    pub fn lengths(&self) -> Sides<u32> {
        Sides::new(self.enhancer_length, self.promoter_length)
    }

    /// How the two windows are pooled.
    pub fn pooling(&self) -> Sides<Pooling> {
        self.lengths().map(|length| Pooling {
            length: length as usize,
            width: self.filter_width,
            pool: self.pool_width,
        })
    }

    /// The bins of the two windows.
    pub fn bins(&self) -> Sides<Bins> {
        self.pooling().map(Bins)
    }

    /// Checks that a network of this configuration exists.
    ///
    /// # Errors
    ///
    /// A size of 0, a window shorter than a filter, more kept interactions than there are, a
    /// dropout rate outside 0–1.
    pub fn validate(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::Configuration(format!("model: {message}")));
        let sizes = [
            ("filters", self.filters),
            ("filter_width", self.filter_width),
            ("pool_width", self.pool_width),
            ("attention_dim", self.attention_dim),
            ("top_k", self.top_k),
            ("classifier_hidden", self.classifier_hidden),
            ("coordinate_hidden", self.coordinate_hidden[0]),
            ("coordinate_hidden", self.coordinate_hidden[1]),
        ];
        if let Some((name, _)) = sizes.iter().find(|(_, size)| !(1..=LARGEST).contains(size)) {
            return refuse(format!("{name} must lie between 1 and {LARGEST}"));
        }
        if let Some(ActivityForm { hidden, outputs }) = self.activity
            && ![hidden, outputs]
                .iter()
                .all(|size| (1..=LARGEST).contains(size))
        {
            return refuse(format!(
                "the sizes of activity must lie between 1 and {LARGEST}"
            ));
        }
        for (element, &length) in self.lengths().iter() {
            let name = element.name();
            if (length as usize) < self.filter_width {
                return refuse(format!("{name}_length {length} is shorter than a filter"));
            }
            if length > LONGEST {
                return refuse(format!("{name}_length must be at most {LONGEST}"));
            }
        }
        let interactions = self.pooling().enhancer.bins() * self.pooling().promoter.bins();
        if self.top_k > interactions {
            return refuse(format!(
                "top_k {} is more than the {interactions} interactions of the two windows' bins",
                self.top_k
            ));
        }
        let (dropout, lambda) = (self.dropout, self.lambda);
        if !(0.0..1.0).contains(&dropout) {
            return refuse(format!("dropout must lie between 0 and 1: {dropout}"));
        }
        if !(lambda > 0.0 && lambda.is_finite()) {
            return refuse(format!("lambda must be a positive number: {lambda}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_size_has_the_papers_bins() {
        let config = ModelConfig::default();
        config.validate().unwrap();
        let (e, p) = (config.pooling().enhancer, config.pooling().promoter);
        assert_eq!((e.bins(), e.left()), (100, 7));
        assert_eq!((p.bins(), p.left()), (67, 12));
    }

    #[test]
    fn settings_of_before_there_were_forms_are_of_the_published_one() {
        let old: ModelConfig = serde_json::from_str(r#"{"attention_dim": 32}"#).unwrap();
        assert_eq!(old, ModelConfig::default());
        let cross: ModelConfig = serde_json::from_str(r#"{"attention": "cross"}"#).unwrap();
        assert_eq!(cross.attention, AttentionForm::Cross);
    }

    #[test]
    fn impossible_networks_are_refused() {
        let refused = |change: fn(&mut ModelConfig)| {
            let mut config = ModelConfig::default();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        assert!(refused(|c| c.pool_width = 0).contains("pool_width"));
        assert!(refused(|c| c.promoter_length = 10).contains("promoter_length"));
        assert!(refused(|c| c.top_k = 6701).contains("6700"));
        assert!(refused(|c| c.dropout = 1.0).contains("dropout"));
        assert!(refused(|c| c.lambda = f64::NAN).contains("lambda"));
    }
}
