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
mod settings;
pub mod tf_pairs;
mod window;

pub use settings::{FootprintSettings, Normalisation, Settings};
pub use window::{Site, Window};

use serde::{Deserialize, Serialize};

use crate::element::Element;
use crate::error::Result;
use captured::{Captured, Comparison, Counts};
use mock::Mock;
use profile::{Profile, Profiles};
use window::{GROUPS, Prepared, group};

/// Windows, and sites, that are counted at once.
const BATCH_WINDOWS: usize = 512;
const BATCH_SITES: usize = 1 << 19;

/// All that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// How it was compared with chance.
    pub settings: Settings,
    /// Enhancers of positive pairs, of negative pairs, promoters of positive, of negative pairs.
    pub groups: [Group; GROUPS.len()],
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

impl Findings {
    /// The group of a side and a class.
    pub fn group(&self, element: Element, positive: bool) -> &Group {
        &self.groups[group(element, positive)]
    }
}

impl Group {
    /// The matrices about which a statement is made, the smallest p-value first.
    pub fn stated(&self) -> Vec<(&Captured, &Comparison)> {
        let all = self.all.iter();
        let stated = all.filter_map(|captured| Some((captured, captured.statement.comparison()?)));
        let mut stated: Vec<(&Captured, &Comparison)> = stated.collect();
        stated.sort_by(|a, b| a.1.p.total_cmp(&b.1.p).then(a.0.matrix.cmp(&b.0.matrix)));
        stated
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
        settings.check()?;
        let subsets = 1 + usize::from(settings.footprints.is_some());
        let draws = settings.draws as usize;
        let profiles = |asked| Profiles::new(settings.seed, asked);
        Ok(Self {
            settings,
            matrices,
            mock: Mock::new(settings.seed),
            batch: Vec::new(),
            sites: 0,
            pairs: [0; GROUPS.len()],
            regions: [0; GROUPS.len()],
            counts: Counts::new(subsets, matrices as usize, draws),
            profiles: settings.footprints.map(profiles),
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
    pub fn finish(mut self) -> Result<Findings> {
        self.count()?;
        let occupied = self.settings.footprints.is_some();
        let groups = GROUPS.map(|(element, positive)| {
            let group = group(element, positive);
            Group {
                element,
                positive,
                pairs: self.pairs[group],
                windows: self.counts.windows(group),
                regions: self.regions[group],
                all: self.counts.captured(group, 0),
                occupied: occupied.then(|| self.counts.captured(group, 1)),
                profile: self.profiles.as_ref().map(|all| all.profile(group)),
            }
        });
        Ok(Findings {
            settings: self.settings,
            groups,
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

#[cfg(test)]
mod tests;
