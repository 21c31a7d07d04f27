//! What the files were made from, and what is in them.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use super::super::cuts::Assay;
use super::super::null::SHUFFLES;
use super::super::regions::Regions;
use super::super::settings::Settings;
use super::request::{CallRequest, Selection};
use super::scoring::Counts;
use crate::error::Result;
use crate::formats::Summary;
use crate::output::provenance::{Input, VERSION};

/// The part of regions with too few cuts from which on it is said.
const MANY: f64 = 0.1;

/// `PREFIX.json`: what footprints were made from, and how, and what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallSummary {
    /// The version of epitrack.
    pub version: String,
    /// The files with the cuts.
    pub cuts: Vec<Input>,
    /// The regions.
    pub regions: Input,
    /// The reference.
    pub reference: Option<Input>,
    /// What cut.
    pub assay: Assay,
    /// What footprints may look like.
    #[serde(flatten)]
    pub settings: Settings,
    /// Which bases became footprints.
    pub selection: Selection,
    /// How often the cuts of a region were shuffled.
    pub shuffles: usize,
    /// What the numbers of the files mean.
    pub units: String,
    /// Rows of the regions' file.
    pub region_rows: usize,
    /// Regions after those that touch or overlap became one.
    pub regions_merged: usize,
    /// Those of them that were too short.
    pub regions_too_short: usize,
    /// What was found in the others.
    #[serde(flatten)]
    pub counts: Counts,
    /// The values of the track.
    pub track: Summary,
}

impl CallSummary {
    /// Sums the inputs up; paths are those that a file in `dir` should have. What is found in the
    /// `long` regions is still nothing.
    pub(super) fn new(
        request: &CallRequest,
        dir: &Path,
        regions: &Regions,
        long: usize,
    ) -> Result<Self> {
        let input = |path: &Path| Input::new(path)?.seen_from(dir);
        let cuts = request.files.iter().map(|file| input(file));
        Ok(Self {
            version: VERSION.to_string(),
            cuts: cuts.collect::<Result<_>>()?,
            regions: input(&request.regions)?,
            reference: request.reference.as_deref().map(input).transpose()?,
            assay: request.cuts.assay,
            settings: request.settings.clone(),
            selection: request.selection,
            shuffles: match request.selection {
                Selection::Cutoff(_) => 0,
                Selection::FalseDiscovery { .. } => SHUFFLES,
            },
            units: "−log10 p (natural logarithm / −2.302585); coordinates 0-based, half-open"
                .to_string(),
            region_rows: regions.rows,
            regions_merged: regions.merged.len(),
            regions_too_short: regions.merged.len() - long,
            counts: Counts::default(),
            track: Summary::default(),
        })
    }

    /// Says what was found, and what speaks against it.
    pub(super) fn report(&self) {
        let (scored, footprints) = (self.counts.regions_scored, self.counts.footprints);
        let one_sided = self.counts.regions_one_sided;
        let sparse = self.counts.regions_too_sparse;
        if self.regions_merged < self.region_rows {
            let (rows, merged) = (self.region_rows, self.regions_merged);
            info!("of {rows} regions some touch or overlap; as one, they are {merged}");
        }
        info!("regions: {scored}; footprints: {footprints}");
        if sparse as f64 >= MANY * scored as f64 {
            warn!(
                "{sparse} of {scored} regions hold too few cuts for any footprint: Wellington \
                 needs deep sequencing"
            );
        }
        if one_sided as f64 >= MANY * scored as f64 {
            warn!(
                "{one_sided} of {scored} regions hold no cut on one of the strands: are the reads \
                 of both strands there?"
            );
        }
    }
}
