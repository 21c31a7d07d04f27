//! The settings of the activity task.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The most epochs, far above any use.
const MOST_EPOCHS: usize = 1 << 16;
/// The most windows: sixteen million of 3 kb are the human genome sixteen times over.
const MOST_WINDOWS: usize = 1 << 24;
/// The most hidden units, and windows in a batch.
const LARGEST: usize = 1 << 12;

/// The settings of the activity task, which say nothing where no activity is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActivityConfig {
    /// The weight of its loss beside that of the pairs; 0: it is learnt before them only.
    pub weight: f64,
    /// Epochs before those of the pairs.
    pub epochs: usize,
    /// The most windows that are learnt from and judged by, all parts together.
    pub windows: usize,
    /// Hidden units of the head.
    pub hidden: usize,
    /// Windows in a batch.
    pub batch: usize,
    /// Part of the shared activations that are dropped while it is learnt.
    pub dropout: f64,
}

impl Default for ActivityConfig {
    fn default() -> Self {
        Self {
            weight: 1.0,
            epochs: 15,
            windows: 40_000,
            hidden: 64,
            batch: 32,
            dropout: 0.4,
        }
    }
}

impl ActivityConfig {
    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// A count of 0 where there must be one, a number out of its range, no learning at all.
    pub fn validate(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::Configuration(format!("activity: {message}")));
        let weight = self.weight;
        if !(weight >= 0.0 && weight.is_finite()) {
            return refuse(format!("weight must be a number from 0 up: {weight}"));
        }
        if self.epochs > MOST_EPOCHS {
            return refuse(format!("epochs must be at most {MOST_EPOCHS}"));
        }
        if self.epochs == 0 && weight == 0.0 {
            return refuse("with no epochs and a weight of 0 nothing is learnt".to_string());
        }
        let counts = [
            ("windows", self.windows, MOST_WINDOWS),
            ("hidden", self.hidden, LARGEST),
            ("batch", self.batch, LARGEST),
        ];
        for (name, count, most) in counts {
            if !(1..=most).contains(&count) {
                return refuse(format!("{name} must lie between 1 and {most}"));
            }
        }
        let dropout = self.dropout;
        if !(0.0..1.0).contains(&dropout) {
            return refuse(format!("dropout must lie between 0 and 1: {dropout}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_differs_from_the_defaults() {
        let read: ActivityConfig = toml::from_str("epochs = 0\nwindows = 500").unwrap();
        let wanted = ActivityConfig {
            epochs: 0,
            windows: 500,
            ..ActivityConfig::default()
        };
        assert_eq!(read, wanted);
        read.validate().unwrap();
        assert!(toml::from_str::<ActivityConfig>("window = 500").is_err());
    }

    #[test]
    fn what_cannot_be_trained_is_refused() {
        let refused = |change: fn(&mut ActivityConfig)| {
            let mut config = ActivityConfig::default();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        assert!(refused(|c| c.weight = -1.0).contains("weight"));
        assert!(refused(|c| c.weight = f64::NAN).contains("weight"));
        assert!(refused(|c| c.epochs = usize::MAX).contains("epochs"));
        assert!(refused(|c| c.windows = 0).contains("windows"));
        assert!(refused(|c| c.hidden = 0).contains("hidden"));
        assert!(refused(|c| c.batch = LARGEST + 1).contains("batch"));
        assert!(refused(|c| c.dropout = 1.0).contains("dropout"));
        let nothing = refused(|c| (c.epochs, c.weight) = (0, 0.0));
        assert!(nothing.contains("nothing is learnt"), "{nothing}");
    }
}
