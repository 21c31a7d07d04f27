//! What a simulation is asked for.

use serde::{Deserialize, Serialize};

use super::cuts::CutRates;

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulationConfig {
    /// Chromosomes.
    pub chromosomes: usize,
    /// Bases in a chromosome.
    pub chromosome_length: u32,
    /// Positive pairs.
    pub positives: usize,
    /// Negative pairs.
    pub negatives: usize,
    /// The part of the negative pairs that are swapped, from 0 to 1; the others have a motif in
    /// only one of their elements.
    pub swapped: f64,
    /// Couples of motifs, the enhancer's and the promoter's: names in the motif file.
    pub couples: Vec<[String; 2]>,
    /// Cell lines, at most as many as couples. The couples are divided among them in their order: those
    /// of a cell line make its positives, and their factors occupy sites in it.
    #[serde(skip_serializing_if = "is_one")]
    pub cell_lines: usize,
    /// The fewest and the most sites of its motif in an element.
    pub sites: [usize; 2],
    /// The shortest and the longest element, in bases.
    pub element_length: [u32; 2],
    /// The shortest and the longest way from enhancer to promoter, in bases.
    pub distance: [u32; 2],
    /// The probability that a site is occupied in a cell line that has its factor.
    pub occupied: f64,
    /// How often DNase I cuts.
    pub cuts: CutRates,
    /// Interactions in the interactome besides those that its proteins' own have.
    pub interactions: usize,
    /// The seed.
    pub seed: u64,
}

fn is_one(number: &usize) -> bool {
    *number == 1
}

impl Default for SimulationConfig {
    fn default() -> Self {
        Self {
            chromosomes: 8,
            chromosome_length: 2_000_000,
            positives: 400,
            negatives: 800,
            swapped: 0.0,
            couples: [["CTCF", "NRF1"], ["USF1", "REST"]]
                .map(|couple| couple.map(str::to_string))
                .to_vec(),
            cell_lines: 1,
            sites: [1, 3],
            element_length: [300, 900],
            distance: [10_000, 200_000],
            occupied: 0.7,
            cuts: CutRates::default(),
            interactions: 40,
            seed: 1,
        }
    }
}
