//! The settings that a user writes into a file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::error::{Error, IoContext, Result};
use crate::network::model::ModelConfig;
use crate::network::training::TrainingConfig;
use crate::pairs::Augmentation;

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
}

impl Config {
    /// The part of a run's settings that a file can hold.
    pub fn of(settings: &Settings) -> Self {
        Self {
            model: settings.model.clone(),
            training: settings.training.clone(),
            augmentation: settings.augmentation,
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
