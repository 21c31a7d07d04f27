//! What to analyse, and with what.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::attention::Rank;
use crate::enrichment::interactome::InteractomeSource;
use crate::enrichment::tf_pairs::{Combine, TestRules};
use crate::enrichment::{self, FootprintSettings};
use crate::error::Result;
use crate::motifs::CollectionRequest;
use crate::pairs::Part;

/// Untrained networks that an analysis is usually compared with: enough to tell what they vary by.
pub const UNTRAINED: u32 = 10;

/// What to analyse, and with what.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnalysisRequest {
    /// Motifs.
    pub motifs: CollectionRequest,
    /// Footprints: BED, or a bigWig of the scores of bases.
    pub footprints: Option<PathBuf>,
    /// How footprints are looked at.
    pub occupancy: FootprintSettings,
    /// Known interactions.
    pub interactome: Option<InteractomeSource>,
    /// A folder of a knock-out, to be told in the report.
    pub knockout: Option<PathBuf>,
    /// What the top regions have most of, those of untrained networks too.
    pub rank: Rank,
    /// Only the pairs of one part of the run's split.
    pub part: Option<Part>,
    /// Draws of mock regions.
    pub draws: u32,
    /// The fewest pairs that a pair of factors must stand in to be tested.
    pub min_observations: u32,
    /// What of two factors' matrices counts.
    pub combine: Combine,
    /// Labellings, permuted by cluster, that pairs of factors are compared with.
    pub permutations: u32,
    /// Networks of the run's form that never trained, to compare with.
    pub untrained: u32,
    /// Divisions of the labels among the pairs at random, to compare with.
    pub shuffled_labels: u32,
    /// The seed of mock regions, permutations and controls.
    pub seed: u64,
    /// Where the run's table is now.
    pub table: Option<PathBuf>,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
}

impl AnalysisRequest {
    /// The usual analysis with these motifs: of all pairs, beside ten untrained networks, without
    /// footprints and known interactions.
    pub fn new(motifs: CollectionRequest, seed: u64) -> Self {
        let rules = TestRules::default();
        Self {
            motifs,
            footprints: None,
            occupancy: FootprintSettings::default(),
            interactome: None,
            knockout: None,
            rank: Rank::Attention,
            part: None,
            draws: enrichment::Settings::default().draws,
            min_observations: rules.min_observations,
            combine: rules.combine,
            permutations: rules.permutations,
            untrained: UNTRAINED,
            shuffled_labels: 0,
            seed,
            table: None,
            reference: None,
        }
    }

    /// Checks what can be checked before a file is read.
    ///
    /// # Errors
    ///
    /// Numbers that make no test.
    pub fn check(&self) -> Result<()> {
        let counted = enrichment::Settings {
            seed: self.seed,
            draws: self.draws,
            // Without footprints too: what makes no sense is no matter of files.
            footprints: Some(self.occupancy),
        };
        counted.check()?;
        self.rules().check()
    }

    /// How pairs of factors are tested.
    pub(super) fn rules(&self) -> TestRules {
        TestRules {
            combine: self.combine,
            min_observations: self.min_observations,
            permutations: self.permutations,
            seed: self.seed,
            ..TestRules::default()
        }
    }
}
