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
    /// The occupancy (−log10 p) from which a site, a region or a window is occupied: at least one of
    /// its bases has as much.
    pub minimum: f32,
    /// Bases on each side of a region's centre in a profile.
    pub flank: u32,
    /// Which regions are in a profile, and how they are made comparable.
    pub normalisation: Normalisation,
    /// Draws of mock regions, and resamples of top regions, behind a profile's bands.
    pub draws: u32,
}

/// Which regions are in a profile, and how their occupancy is made comparable before the mean over
/// them is taken.
///
/// All but the first choose single regions by what lies inside them, and [`Self::RegionPeak`] divides
/// by it too: then mock regions have a peak in their centre as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// The paper's rule: all regions of the windows with a base of the minimum occupancy; each window
    /// is scaled so that its highest base is as high as the median of these windows' highest.
    ///
    /// "We only consider input regions that have a minimum occupancy score of 3, and among those the
    /// profile is normalized so that the maximum is equal to the median maximum among all regions"
    /// (Mao, Kostka & Chikina 2017, figure 3; its input regions are our windows).
    #[default]
    WindowMedian,
    /// Regions with a base of the minimum occupancy inside, as they are: the profile is in −log10 p.
    None,
    /// The same regions, each divided by its highest occupancy, so that each has a peak of 1: one
    /// strong footprint weighs no more than a weak one.
    #[serde(alias = "peak")]
    RegionPeak,
    /// The same regions, each divided by the mean of all that the profile shows around it, so that 1
    /// is no preference for any distance.
    #[serde(alias = "mean")]
    RegionMean,
}

impl Choice for Normalisation {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::WindowMedian,
            "window-median",
            "Windows with an occupied base, scaled to one highest score, the median: the paper's rule",
        ),
        (
            Self::None,
            "none",
            "Regions with an occupied base, as they are",
        ),
        (
            Self::RegionPeak,
            "region-peak",
            "Such regions, each divided by its highest score",
        ),
        (
            Self::RegionMean,
            "region-mean",
            "Such regions, each divided by the mean around it",
        ),
    ];

    const OLD: &'static [(Self, &'static str)] =
        &[(Self::RegionPeak, "peak"), (Self::RegionMean, "mean")];
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
    ///
    /// # Errors
    ///
    /// Too few draws, or too many; a minimum occupancy that is not above 0; profiles that reach too far.
    pub fn check(&self) -> Result<()> {
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
        for &(rule, name) in Normalisation::OLD {
            let json = format!("\"{name}\"");
            assert_eq!(serde_json::from_str::<Normalisation>(&json).unwrap(), rule);
        }
    }
}
