//! `epitrack demo`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::demo::{self, DemoConfig, PlantedBases};
use epitrack::element::Element;
use epitrack::progress::Progress;

use super::device::DeviceArg;
use super::stdout::print;

/// Show everything on a simulated genome; needs no input
///
/// Simulates a genome whose interacting pairs carry known motifs, trains on it, evaluates on
/// held-out chromosomes, writes the tracks, a hub and a page, and says how well attention finds what
/// was planted, also by the paper's analyses, beside ten networks that never trained. Half a minute on two cores.
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
        let PlantedBases {
            attention,
            gradient,
            ism,
            chance,
            of_positives,
            of_negatives,
        } = &summary.planted_bases;
        for element in Element::BOTH {
            let name = element.name();
            let [attention, gradient, ism, chance, of_positives, of_negatives] =
                [attention, gradient, ism, chance, of_positives, of_negatives]
                    .map(|of| of.get(element));
            print(format_args!(
                "planted bases of {name}s, average precision: {gradient:.3} by gradient, {ism:.3} by mutagenesis, \
                 {attention:.3} by attention ({chance:.3} by chance); {of_positives:+.2} logits each in \
                 positives, {of_negatives:+.2} in negatives"
            ))?;
        }
        print(format_args!(
            "{:.0} s; everything is in {out}: open {out}/view.html, {out}/enrichment/report.html, or {out}/tracks/igv_session.xml \
             in IGV",
            summary.seconds
        ))
    }
}
