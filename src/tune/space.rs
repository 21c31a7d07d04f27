//! The space of settings that a search draws from.

use std::collections::BTreeMap;
use std::path::Path;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::parameter::Parameter;
use crate::error::{Error, IoContext, Result};
use crate::run::Settings;
use crate::seed::{Purpose, stream};

/// Draws in a row that bring no new valid settings, after which a space counts as exhausted.
const MISSES: usize = 1000;

/// The values that a parameter may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "neither a list of values nor { range = [low, high], log = true or false }"
)]
pub enum Choices {
    /// One of these, each as likely.
    Values(Vec<f64>),
    /// Any between two ends.
    Range(Range),
}

/// The values between two ends, which belong to them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The lowest and the highest value.
    pub range: [f64; 2],
    /// Whether each doubling is as likely, and not each step; by default as suits the parameter.
    pub log: Option<bool>,
}

/// The choices for each parameter; one without choices keeps what the settings say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Space(BTreeMap<Parameter, Choices>);

impl Default for Space {
    /// Around the published network, which is one of its points.
    fn default() -> Self {
        let values = |values: &[f64]| Choices::Values(values.to_vec());
        let range = |low, high| {
            Choices::Range(Range {
                range: [low, high],
                log: None,
            })
        };
        Self(BTreeMap::from([
            (Parameter::Filters, values(&[64.0, 128.0, 256.0])),
            (Parameter::FilterWidth, values(&[11.0, 15.0, 19.0])),
            (Parameter::PoolWidth, values(&[20.0, 30.0, 40.0])),
            (Parameter::AttentionDim, values(&[16.0, 32.0, 64.0])),
            (Parameter::TopK, values(&[16.0, 32.0, 64.0, 128.0])),
            (Parameter::Lambda, range(1.0, 30.0)),
            (Parameter::Dropout, range(0.0, 0.5)),
            (Parameter::LearningRate, range(1e-4, 1e-2)),
            (Parameter::BatchPositives, values(&[16.0, 32.0, 64.0])),
        ]))
    }
}

impl Space {
    /// The default space with the choices of a TOML file in place of its own.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; a parameter that there is not, one without a value, or with
    /// values that it cannot have.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).at(path)?;
        let file: Self = toml::from_str(&text).map_err(|error| Error::format(path, error))?;
        for (&parameter, choices) in &file.0 {
            let refuse = |problem| Error::format(path, format!("{parameter}: {problem}"));
            choices.check(parameter).map_err(refuse)?;
        }
        let mut space = Self::default();
        space.0.extend(file.0);
        Ok(space)
    }

    /// Settings of runs to try, no two the same: the given ones first where the space holds them,
    /// then drawn ones. More trials begin with the same ones as fewer.
    ///
    /// # Errors
    ///
    /// A space with fewer than two valid combinations.
    pub fn trials(&self, given: &Settings, count: usize) -> Result<Vec<Settings>> {
        let mut rng = stream(given.training.seed, Purpose::Trials, 0);
        let mut trials = Vec::new();
        if self.holds(given) {
            trials.push(given.clone());
        }
        let (mut misses, mut refused) = (0, None);
        while trials.len() < count && misses < MISSES {
            let drawn = self.draw(given, &mut rng);
            misses += 1;
            if let Err(error) = drawn.validate() {
                refused = Some(error);
            } else if !trials.contains(&drawn) {
                trials.push(drawn);
                misses = 0;
            }
        }
        if trials.len() < 2 {
            let why = refused.map_or(String::new(), |error| format!(" ({error})"));
            return Err(Error::Configuration(format!(
                "the space holds fewer than two valid combinations of settings{why}: there is \
                 nothing to search"
            )));
        }
        if trials.len() < count {
            let all = trials.len();
            warn!("the space holds no more than {all} valid combinations");
        }
        Ok(trials)
    }

    fn holds(&self, settings: &Settings) -> bool {
        let holds = |(parameter, choices): (&Parameter, &Choices)| {
            let value = parameter.value(settings);
            match choices {
                Choices::Values(values) => values.contains(&value),
                Choices::Range(Range { range, .. }) => (range[0]..=range[1]).contains(&value),
            }
        };
        self.0.iter().all(holds)
    }

    fn draw(&self, given: &Settings, rng: &mut ChaCha8Rng) -> Settings {
        let mut settings = given.clone();
        for (&parameter, choices) in &self.0 {
            parameter.set(&mut settings, choices.draw(parameter, rng));
        }
        settings
    }
}

impl Choices {
    fn check(&self, parameter: Parameter) -> Result<(), String> {
        let values = match self {
            Self::Values(values) => values.as_slice(),
            Self::Range(range) => {
                range.check(parameter)?;
                &range.range
            }
        };
        if values.is_empty() {
            return Err("no value to choose from".to_string());
        }
        match values.iter().find(|&&value| !parameter.accepts(value)) {
            Some(value) => Err(format!("{value} is not among {}", parameter.domain())),
            None => Ok(()),
        }
    }

    fn draw(&self, parameter: Parameter, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::Values(values) => values[rng.random_range(0..values.len())],
            Self::Range(range) => range.draw(parameter, rng),
        }
    }
}

impl Range {
    fn is_logarithmic(&self, parameter: Parameter) -> bool {
        self.log.unwrap_or(parameter.is_logarithmic())
    }

    fn check(&self, parameter: Parameter) -> Result<(), String> {
        let [low, high] = self.range;
        if low.is_nan() || high.is_nan() || low >= high {
            return Err(format!("the range from {low} to {high} is empty"));
        }
        if self.is_logarithmic(parameter) && low <= 0.0 {
            return Err(format!("a logarithmic range cannot begin at {low}"));
        }
        Ok(())
    }

    /// A value of the range, with no more digits than anyone would type.
    fn draw(&self, parameter: Parameter, rng: &mut ChaCha8Rng) -> f64 {
        let [low, high] = self.range;
        // A whole number stands for all numbers up to the next one.
        let past = high + f64::from(u8::from(parameter.is_whole()));
        let part: f64 = rng.random();
        // libm's, which are the same on every machine.
        let value = if self.is_logarithmic(parameter) {
            low * libm::exp(part * libm::log(past / low))
        } else {
            low + part * (past - low)
        };
        let value = if parameter.is_whole() {
            value.floor()
        } else {
            three_digits(value)
        };
        value.clamp(low, high)
    }
}

/// The nearest number of three significant digits.
fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests;
