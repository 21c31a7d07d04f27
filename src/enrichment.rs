//! What lies in top regions more often than chance would have it.
//!
//! Figures 2 and 3 of the paper: the part of each matrix's sites that top regions capture, beside
//! mock regions, and the occupancy around them. Windows are handed over one by one, in any order,
//! and are gone once they are counted: memory is for matrices and draws, and for the place of each
//! distinct window. The numbers depend on the seed and the windows alone, not on their order or on
//! threads, because everything that is summed is a whole number.

pub mod captured;
pub mod clustering;
pub mod interactome;
pub mod mock;
mod occupied;
pub mod profile;
pub mod tf_pairs;
mod window;

use serde::{Deserialize, Serialize};

use crate::element::Element;
use crate::error::{Error, Result};
use captured::{Captured, Counts};
use mock::Mock;
use profile::{Normalisation, Profile, Profiles};
use window::{GROUPS, Prepared};

pub use window::{Site, Window};

/// The fewest draws that make a 95 % band.
const FEWEST_DRAWS: u32 = 100;
/// The most: each takes four bytes for every matrix, side and class, and what is rarer has its p-value
/// from the tail of a distribution.
const MOST_DRAWS: u32 = 100_000;

/// Windows, and sites, that are counted at once.
const BATCH_WINDOWS: usize = 512;
const BATCH_SITES: usize = 1 << 19;

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

/// All that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How it was compared with chance.
    pub settings: Settings,
    /// Enhancers of positive pairs, of negative pairs, promoters of positive, of negative pairs.
    pub groups: Vec<Group>,
}

/// One side of the pairs of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The side.
    pub element: Element,
    /// The class.
    pub positive: bool,
    /// Pairs.
    pub pairs: u64,
    /// Distinct windows among them.
    pub windows: u64,
    /// Top regions, those of a window once for each pair.
    pub regions: u64,
    /// The sites of each matrix.
    pub all: Vec<Captured>,
    /// Its occupied sites; none without footprints.
    pub occupied: Option<Vec<Captured>>,
    /// The occupancy around top regions; none without footprints.
    pub profile: Option<Profile>,
}

impl Report {
    /// The group of a side and a class.
    pub fn group(&self, element: Element, positive: bool) -> Option<&Group> {
        let wanted = |group: &&Group| group.element == element && group.positive == positive;
        self.groups.iter().find(wanted)
    }
}

/// Counts windows.
pub struct Enrichment {
    settings: Settings,
    matrices: u32,
    mock: Mock,
    batch: Vec<Prepared>,
    /// Sites in the batch.
    sites: usize,
    pairs: [u64; GROUPS.len()],
    regions: [u64; GROUPS.len()],
    counts: Counts,
    profiles: Option<Profiles>,
}

impl Enrichment {
    /// Ready for the sites of `matrices` matrices.
    ///
    /// # Errors
    ///
    /// Too few draws for a band; a minimum occupancy that is not above 0; a flank of 100,000 bases
    /// or more.
    pub fn new(settings: Settings, matrices: u32) -> Result<Self> {
        settings.validate()?;
        let Settings {
            seed,
            draws,
            footprints,
        } = settings;
        let subsets = 1 + usize::from(footprints.is_some());
        Ok(Self {
            settings,
            matrices,
            mock: Mock::new(seed),
            batch: Vec::new(),
            sites: 0,
            pairs: [0; GROUPS.len()],
            regions: [0; GROUPS.len()],
            counts: Counts::new(GROUPS.len(), subsets, matrices as usize, draws as usize),
            profiles: footprints.map(|footprints| {
                Profiles::new(
                    GROUPS.len(),
                    seed,
                    footprints.flank,
                    footprints.normalisation,
                    footprints.draws as usize,
                )
            }),
        })
    }

    /// Adds a window. Some are kept and counted together.
    ///
    /// # Errors
    ///
    /// A region or a site outside the window, regions of several lengths or over each other, an
    /// unknown matrix, an occupancy that is missing, unasked, of another length, negative or not a
    /// number.
    pub fn add(&mut self, window: Window) -> Result<()> {
        let prepared = window.prepare(self.matrices, self.settings.footprints)?;
        self.pairs[prepared.group] += 1;
        self.regions[prepared.group] += prepared.starts.len() as u64;
        self.sites += prepared.sites.len();
        self.batch.push(prepared);
        if self.batch.len() >= BATCH_WINDOWS || self.sites >= BATCH_SITES {
            self.count()?;
        }
        Ok(())
    }

    /// What was found in all windows.
    ///
    /// # Errors
    ///
    /// More sites of a matrix than can be counted (four thousand million).
    pub fn finish(mut self) -> Result<Report> {
        self.count()?;
        let occupied = self.settings.footprints.is_some();
        let group = |(group, (element, positive))| Group {
            element,
            positive,
            pairs: self.pairs[group],
            windows: self.counts.windows(group),
            regions: self.regions[group],
            all: self.counts.captured(group, 0),
            occupied: occupied.then(|| self.counts.captured(group, 1)),
            profile: self.profiles.as_ref().map(|all| all.profile(group)),
        };
        Ok(Report {
            settings: self.settings,
            groups: GROUPS.into_iter().enumerate().map(group).collect(),
        })
    }

    fn count(&mut self) -> Result<()> {
        self.counts.add(&self.batch, &self.mock)?;
        if let Some(profiles) = &mut self.profiles {
            profiles.add(&self.batch, &self.mock);
        }
        self.batch.clear();
        self.sites = 0;
        Ok(())
    }
}

impl Settings {
    fn validate(&self) -> Result<()> {
        let draws = [Some(self.draws), self.footprints.map(|asked| asked.draws)];
        let problem = if draws
            .into_iter()
            .flatten()
            .any(|draws| !(FEWEST_DRAWS..=MOST_DRAWS).contains(&draws))
        {
            format!("a band takes from {FEWEST_DRAWS} to {MOST_DRAWS} draws")
        } else if self
            .footprints
            .is_some_and(|asked| asked.minimum.is_nan() || asked.minimum <= 0.0)
        {
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
mod tests;
