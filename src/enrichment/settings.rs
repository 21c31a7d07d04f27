//! How an enrichment is computed.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::choice::{Choice, Named};

/// The fewest draws that make a 95 % band.
const FEWEST_DRAWS: u32 = 100;
/// The most: each takes four bytes for every matrix, side and class, and what is rarer has its p-value
/// from the tail of a distribution.
const MOST_DRAWS: u32 = 100_000;

/// How to compare with chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The seed of the mock regions.
    pub seed: u64,
    /// Draws of mock regions.
    pub draws: u32,
    /// What is asked of footprints; none where there are none.
    pub footprints: Option<FootprintSettings>,
}

/// How footprints are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FootprintSettings {
    /// The occupancy (−log10 p) from which a site, or a region, is occupied: at least one of its
    /// bases has as much.
    pub minimum: f32,
    /// Bases on each side of a region's centre in a profile.
    pub flank: u32,
    /// How regions are made comparable in a profile.
    pub normalisation: Normalisation,
    /// Draws of mock regions, and resamples of top regions, behind a profile's bands.
    pub draws: u32,
}

/// What a region's occupancy is divided by before the mean over regions is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalisation {
    /// Nothing: the profile is in −log10 p.
    None,
    /// The highest occupancy within the region, so that each region has a peak of 1: one strong
    /// footprint weighs no more than a weak one.
    #[default]
    Peak,
    /// The mean occupancy of all that the profile shows around the region, so that 1 is no
    /// preference for any distance.
    Mean,
}

impl Choice for Normalisation {
    const ALL: &'static [Named<Self>] = &[
        (Self::None, "none", "Nothing"),
        (Self::Peak, "peak", "The region's highest score"),
        (Self::Mean, "mean", "The mean around the region"),
    ];
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            draws: 1000,
            footprints: None,
        }
    }
}

impl Default for FootprintSettings {
    fn default() -> Self {
        Self {
            minimum: 3.0,
            flank: 500,
            normalisation: Normalisation::default(),
            draws: 200,
        }
    }
}

impl Settings {
    /// Whether they make sense.
    pub(super) fn check(&self) -> Result<()> {
        let enough = |draws: u32| (FEWEST_DRAWS..=MOST_DRAWS).contains(&draws);
        let too_few = |asked: FootprintSettings| !enough(asked.draws);
        let low = |asked: FootprintSettings| asked.minimum.is_nan() || asked.minimum <= 0.0;
        let problem = if !enough(self.draws) || self.footprints.is_some_and(too_few) {
            format!("a band takes from {FEWEST_DRAWS} to {MOST_DRAWS} draws")
        } else if self.footprints.is_some_and(low) {
            "the minimum occupancy must be above 0".to_string()
        } else if self.footprints.is_some_and(|asked| asked.flank >= 100_000) {
            "a profile reaches less than 100,000 bases".to_string()
        } else {
            return Ok(());
        };
        Err(Error::Configuration(problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_normalisation_has_its_name() {
        for &(rule, name, _) in Normalisation::ALL {
            let json = format!("\"{name}\"");
            assert_eq!(serde_json::to_string(&rule).unwrap(), json);
        }
    }
}
