//! The settings that a search varies.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::run::Settings;

/// A setting that a search varies, under its name in `[model]` or `[training]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    /// Filters of the encoder.
    Filters,
    /// Bases that a filter sees.
    FilterWidth,
    /// Positions in a pooling bin.
    PoolWidth,
    /// Width of the attention.
    AttentionDim,
    /// Interactions that the classifier sees.
    TopK,
    /// Weight of the classification loss.
    Lambda,
    /// Part of the activations that are dropped in training.
    Dropout,
    /// Adam's step size.
    LearningRate,
    /// Positive examples in a batch; the negative ones keep their proportion to them.
    BatchPositives,
}

impl Parameter {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 9] = [
        Self::Filters,
        Self::FilterWidth,
        Self::PoolWidth,
        Self::AttentionDim,
        Self::TopK,
        Self::Lambda,
        Self::Dropout,
        Self::LearningRate,
        Self::BatchPositives,
    ];

    /// Its value in the settings of a run.
    pub fn value(self, settings: &Settings) -> f64 {
        let (model, training) = (&settings.model, &settings.training);
        match self {
            Self::Filters => model.filters as f64,
            Self::FilterWidth => model.filter_width as f64,
            Self::PoolWidth => model.pool_width as f64,
            Self::AttentionDim => model.attention_dim as f64,
            Self::TopK => model.top_k as f64,
            Self::Lambda => model.lambda,
            Self::Dropout => model.dropout,
            Self::LearningRate => training.learning_rate,
            Self::BatchPositives => training.batch_positives as f64,
        }
    }

    /// Gives it a value that it [accepts](Self::accepts).
    pub fn set(self, settings: &mut Settings, value: f64) {
        let (model, training) = (&mut settings.model, &mut settings.training);
        let whole = value as usize;
        match self {
            Self::Filters => model.filters = whole,
            Self::FilterWidth => model.filter_width = whole,
            Self::PoolWidth => model.pool_width = whole,
            Self::AttentionDim => model.attention_dim = whole,
            Self::TopK => model.top_k = whole,
            Self::Lambda => model.lambda = value,
            Self::Dropout => model.dropout = value,
            Self::LearningRate => training.learning_rate = value,
            Self::BatchPositives => {
                let each = training.batch_negatives as f64 / training.batch_positives as f64;
                training.batch_positives = whole;
                training.batch_negatives = (value * each).round().max(1.0) as usize;
            }
        }
    }

    /// Whether it counts something.
    pub fn is_whole(self) -> bool {
        !matches!(self, Self::Lambda | Self::Dropout | Self::LearningRate)
    }

    /// Whether twice as much, and not so much more, is a step of it: what a range is drawn by unless
    /// it says otherwise.
    pub fn is_logarithmic(self) -> bool {
        !matches!(self, Self::FilterWidth | Self::PoolWidth | Self::Dropout)
    }

    /// Whether it can ever have this value.
    pub fn accepts(self, value: f64) -> bool {
        match self {
            Self::Lambda | Self::LearningRate => value > 0.0 && value.is_finite(),
            Self::Dropout => (0.0..1.0).contains(&value),
            _ => value >= 1.0 && value <= f64::from(u32::MAX) && value.fract() == 0.0,
        }
    }

    /// The values that it accepts, in words.
    pub fn domain(self) -> &'static str {
        match self {
            Self::Lambda | Self::LearningRate => "positive numbers",
            Self::Dropout => "numbers from 0 and below 1",
            _ => "whole numbers from 1",
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A run's settings of all parameters as one line: `filters 64, filter_width 15, …`.
pub fn in_words(settings: &Settings) -> String {
    let word = |parameter: Parameter| format!("{parameter} {}", parameter.value(settings));
    Parameter::ALL.map(word).join(", ")
}
