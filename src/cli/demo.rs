//! `epitrack demo`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::element::{Element, Sides};
use epitrack::pipeline::demo::{self, DemoConfig, PlantedBases};
use epitrack::progress::Progress;

use super::device::DeviceArg;
use super::stdout::print;

/// Show everything on a simulated genome; needs no input
///
/// Simulates a genome whose interacting pairs carry known motifs, trains on it, evaluates on
/// held-out chromosomes, writes the tracks, a hub and a page, and says how well attention finds what
/// was planted, also by the paper's analyses, beside ten networks that never trained. A minute on two cores.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to leave everything in: simulation/, run/, footprints/, tracks/, enrichment/, hub/, view.html, summary.json
    #[arg(long, value_name = "DIR", default_value = "epitrack-demo")]
    out: PathBuf,

    /// Seed; the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Runs the demo and prints what it found.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let device = self.device.select()?;
        let config = DemoConfig::new(self.seed)?;
        let (report, summary) = demo::run(&config, &self.out, &device, progress)
            .with_context(|| format!("demo in {}", self.out.display()))?;
        let out = self.out.display();
        let (found, by_chance) = (summary.planted_recall, summary.random_recall);
        print(format_args!(
            "{report}\n\nplanted sites inside the top five regions: {:.1} % (random regions: {:.1} \
             %), {:.1} times as many",
            100.0 * found,
            100.0 * by_chance,
            found / by_chance
        ))?;
        let rank = summary.planted_pairs_rank;
        let rank = rank.map(|rank| format!("the first {rank}"));
        print(format_args!(
            "planted motifs enriched in them: {:.0} % (decoys: {:.1} %); planted couples among the \
             pairs of factors: {}",
            100.0 * summary.planted_enriched,
            100.0 * summary.decoys_enriched,
            rank.as_deref().unwrap_or("not in the first 10")
        ))?;
        print(format_args!("{}", bases(&summary.planted_bases)))?;
        print(format_args!(
            "{:.0} s; everything is in {out}: open {out}/view.html, {out}/enrichment/report.html, or {out}/tracks/igv_session.xml \
             in IGV",
            summary.seconds
        ))
    }
}

/// How well maps tell the planted bases from others.
fn bases(planted: &PlantedBases) -> String {
    let mut table =
        "planted bases told from others, average precision; logits of a planted base:\n           \
         attention  gradient  mutagenesis  by chance  in positives  in negatives"
            .to_string();
    for element in Element::BOTH {
        let of = |sides: &Sides<f64>| *sides.get(element);
        table += &format!(
            "\n{:<11}{:>9.3}  {:>8.3}  {:>11.3}  {:>9.3}  {:>+12.2}  {:>+12.2}",
            format!("{}s", element.name()),
            of(&planted.attention),
            of(&planted.gradient),
            of(&planted.ism),
            of(&planted.chance),
            of(&planted.of_positives),
            of(&planted.of_negatives)
        );
    }
    table
}
