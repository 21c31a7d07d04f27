//! What became of a file's variants, and what from: the JSON beside the output.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::effect::{Effect, meaning};
use super::fate::Reason;
use crate::browser::tracks::Selection;
use crate::motifs::CollectionMade;
use crate::network::device::DeviceDescription;
use crate::output::provenance::{Input, VERSION};
use crate::run::ContextMade;

/// What became of a file's variants.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counts {
    /// Records.
    pub records: usize,
    /// Lines that are no records, which were left out.
    pub unreadable: usize,
    /// Alternate alleles.
    pub alleles: usize,
    /// Those of them with an effect.
    pub scored: usize,
    /// Effects: of an allele on a pair, through one of its elements.
    pub effects: usize,
    /// Alleles without an effect, by the reason.
    pub left_out: BTreeMap<Reason, usize>,
    /// Effects with a motif site gained.
    pub effects_with_gains: usize,
    /// The same of lost sites.
    pub effects_with_losses: usize,
}

/// What they were made from, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantsMade {
    /// The network's weights.
    pub weights: Input,
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// The variants.
    pub vcf: Input,
    /// Which pairs.
    pub selection: Selection,
    /// Which motif sites were looked for.
    pub motifs: Option<CollectionMade>,
    /// Random variants that each one is compared with.
    pub null: u32,
    /// Their seed.
    pub seed: u64,
    /// What is known of the pairs beside their sequence; none of a run without a context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextMade>,
}

/// `NAME.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantsSummary {
    /// The version of epitrack.
    pub version: &'static str,
    /// Inputs and choices.
    #[serde(flatten)]
    pub made: VariantsMade,
    /// Where the network ran.
    pub device: DeviceDescription,
    /// Networks that the numbers are means over.
    pub networks: usize,
    /// What the fields of an effect mean.
    pub fields: String,
    /// What became of the variants.
    #[serde(flatten)]
    pub counts: Counts,
    /// The file with the effects.
    pub out: PathBuf,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            records: 0,
            unreadable: 0,
            alleles: 0,
            scored: 0,
            effects: 0,
            left_out: Reason::ALL.iter().map(|&(reason, _)| (reason, 0)).collect(),
            effects_with_gains: 0,
            effects_with_losses: 0,
        }
    }
}

impl Counts {
    /// Counts an allele without an effect.
    pub fn leave_out(&mut self, reason: Reason) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    /// Counts the effects of an allele, if it has some.
    pub fn score(&mut self, effects: &[&Effect]) {
        self.scored += usize::from(!effects.is_empty());
        self.effects += effects.len();
        for turnover in effects.iter().filter_map(|effect| effect.turnover.as_ref()) {
            self.effects_with_gains += usize::from(!turnover.gained.is_empty());
            self.effects_with_losses += usize::from(!turnover.lost.is_empty());
        }
    }

    /// What became of all alleles, in words, and of motif sites where they were looked for.
    pub fn in_words(&self, with_motifs: bool) -> String {
        let mut text = format!(
            "{} of {} alleles of {} records have {} effects on pairs",
            self.scored, self.alleles, self.records, self.effects
        );
        if with_motifs {
            text += &format!(
                ", {} with a motif site gained, {} with one lost",
                self.effects_with_gains, self.effects_with_losses
            );
        }
        for (reason, words) in Reason::ALL {
            let count = self.left_out.get(&reason).copied().unwrap_or(0);
            if count > 0 {
                text += &format!("; {count} {words}");
            }
        }
        text
    }
}

impl VariantsSummary {
    /// Of these inputs and results.
    pub fn new(
        made: VariantsMade,
        device: DeviceDescription,
        networks: usize,
        counts: Counts,
        out: PathBuf,
    ) -> Self {
        let fields = meaning(made.context.is_some());
        Self {
            version: VERSION,
            made,
            device,
            networks,
            fields,
            counts,
            out,
        }
    }
}
