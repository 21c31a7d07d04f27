//! The settings that a user writes into a file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::error::{Error, IoContext, Result};
use crate::network::activity::ActivityConfig;
use crate::network::model::ModelConfig;
use crate::network::training::TrainingConfig;
use crate::pairs::Augmentation;
use crate::text::choice::{Choice, Named};

/// What a configuration file may hold, in TOML; what it leaves out has its default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The network.
    pub model: ModelConfig,
    /// The training.
    pub training: TrainingConfig,
    /// The augmentation.
    pub augmentation: Augmentation,
    /// The activity task, of runs that have one.
    #[serde(skip_serializing_if = "is_default")]
    pub activity: ActivityConfig,
}

fn is_default(activity: &ActivityConfig) -> bool {
    *activity == ActivityConfig::default()
}

/// Settings that have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// The network and the training of Mao, Kostka & Chikina 2017.
    Epiann,
}

impl Choice for Preset {
    const ALL: &'static [Named<Self>] = &[(
        Self::Epiann,
        "epiann",
        "The published network and training (Mao, Kostka & Chikina 2017)",
    )];
}

impl From<Preset> for Config {
    /// The defaults of each setting are the published ones.
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::Epiann => Self::default(),
        }
    }
}

impl Config {
    /// The part of a run's settings that a file can hold.
    pub fn of(settings: &Settings) -> Self {
        Self {
            model: settings.model.clone(),
            training: settings.training.clone(),
            augmentation: settings.augmentation,
            activity: settings
                .activity
                .as_ref()
                .map(|of| of.config.clone())
                .unwrap_or_default(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or that holds anything else.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).at(path)?;
        toml::from_str(&text).map_err(|error| Error::format(path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::model::AttentionForm;

    /// Whatever the defaults become.
    #[test]
    fn the_preset_is_what_was_published() {
        let Config {
            model,
            training,
            augmentation,
            activity: _,
        } = Preset::Epiann.into();
        assert_eq!(model.attention, AttentionForm::Additive);
        let [enhancer, promoter] = [model.enhancer_length, model.promoter_length];
        assert_eq!((enhancer, promoter), (3000, 2000));
        let encoder = [model.filters, model.filter_width, model.pool_width];
        assert_eq!(encoder, [256, 15, 30]);
        let heads = [model.attention_dim, model.top_k, model.classifier_hidden];
        assert_eq!(heads, [32; 3]);
        assert_eq!(model.coordinate_hidden, [128, 64]);
        assert_eq!((model.lambda, model.dropout), (10.0, 0.2));
        assert_eq!((training.epochs, training.learning_rate), (90, 1e-3));
        let batch = (training.batch_positives, training.batch_negatives);
        assert_eq!(batch, (32, 32));
        assert_eq!((augmentation.windows, augmentation.step), (20, 50));
    }
}
