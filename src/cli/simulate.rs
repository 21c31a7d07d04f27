//! `epitrack simulate`

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};
use epitrack::pipeline::demo::DemoConfig;
use epitrack::simulate::{Files, SimulationConfig};

use super::stdout::print;

/// The demo's simulation, which is what options that are not given say.
static USUAL: LazyLock<SimulationConfig> = LazyLock::new(|| {
    // The demo's own file can be read, as its tests show.
    DemoConfig::new(1).map_or_else(|_| SimulationConfig::default(), |demo| demo.simulation)
});
/// Its couples as they are given.
static COUPLES: LazyLock<Vec<String>> =
    LazyLock::new(|| USUAL.couples.iter().map(|of| of.join(":")).collect());

/// Write a small simulated genome, labelled pairs, what else the analyses need, and the truth
///
/// The files are the demo's: genome.fa, pairs.csv (TargetFinder's columns), dnase.bam with its
/// index (DNase-seq reads), peaks.bed (the regions of open chromatin), accessibility.bw and
/// accessibility.narrowPeak (a bump over each occupied site), motifs.jaspar (the planted
/// motifs among others), interactome.tab3.txt (the planted couples among other interactions, in
/// BioGRID's format), truth.bed (every planted motif site, and whether it is occupied), truth.tsv
/// (the motifs of every pair) and simulation.json. Several cell lines share genome, motifs, interactome
/// and planted sites; the other files are each one's own: pairs.A.csv, truth.A.bed and so on.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Seed; the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Positive pairs
    #[arg(long, value_name = "N", default_value_t = USUAL.positives)]
    positives: usize,

    /// Negative pairs
    #[arg(long, value_name = "N", default_value_t = USUAL.negatives)]
    negatives: usize,

    /// Part of the negatives (0–1) whose two motifs belong to different couples; the others have
    /// a motif in one element only
    #[arg(long, value_name = "PART", default_value_t = USUAL.swapped)]
    swapped: f64,

    /// A couple of motifs, ENHANCER:PROMOTER; may be given several times
    #[arg(long = "couple", value_name = "TF:TF", value_parser = couple, default_values = usual_couples())]
    couples: Vec<[String; 2]>,

    /// Cell lines, at most as many as couples, which are divided among them in order: in each, pairs
    /// with both motifs of one of its couples interact, and only its couples' factors occupy sites
    #[arg(long, value_name = "N", default_value_t = USUAL.cell_lines)]
    cell_lines: usize,

    /// Probability (0–1) that a planted site is occupied, that is, leaves a footprint in the reads
    #[arg(long, value_name = "PROBABILITY", default_value_t = USUAL.occupied)]
    occupied: f64,

    /// Depth of the DNase-seq reads, 1 for about 180 reads an element
    #[arg(long, value_name = "TIMES", default_value_t = USUAL.cuts.depth)]
    depth: f64,

    /// Random interactions among those of the planted couples
    #[arg(long, value_name = "N", default_value_t = USUAL.interactions)]
    interactions: usize,

    /// Bases in each of the chromosomes
    #[arg(long, value_name = "BASES", default_value_t = USUAL.chromosome_length)]
    chromosome_length: u32,
}

fn usual_couples() -> impl Iterator<Item = &'static str> {
    COUPLES.iter().map(String::as_str)
}

fn couple(text: &str) -> Result<[String; 2], String> {
    let (enhancer, promoter) = text
        .split_once(':')
        .ok_or_else(|| "give two names, as CTCF:NRF1".to_string())?;
    Ok([enhancer.to_string(), promoter.to_string()])
}

impl Args {
    /// Simulates and writes.
    pub fn run(self) -> Result<()> {
        let mut config = DemoConfig::new(self.seed)?.simulation;
        config.positives = self.positives;
        config.negatives = self.negatives;
        config.swapped = self.swapped;
        config.couples = self.couples;
        config.cell_lines = self.cell_lines;
        config.occupied = self.occupied;
        config.cuts.depth = self.depth;
        config.interactions = self.interactions;
        config.chromosome_length = self.chromosome_length;
        let simulation = config.run()?;
        let files = simulation
            .write(&config, &self.out)
            .context("writing the simulation")?;
        let shared = Files::in_dir(&self.out);
        row("genome", &shared.reference)?;
        row("motifs", &shared.motifs)?;
        row("interactome", &shared.interactome)?;
        for of in &files {
            row("pairs", &of.pairs)?;
            row("reads", &of.reads)?;
            row("peaks", &of.peaks)?;
            row("signal", &of.accessibility)?;
            row("truth", &of.sites)?;
            row("", &of.truth)?;
        }
        Ok(())
    }
}

fn row(what: &str, path: &Path) -> Result<()> {
    print(format_args!("{what:<12} {}", path.display()))
}
