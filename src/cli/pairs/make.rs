//! `epitrack pairs make`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use epitrack::genome::Chroms;
use epitrack::output::provenance::Input;
use epitrack::pairs::make::{
    Config, Elements, Flank, Inputs, Loops, Negatives, PairMaker, Provenance, TssFeature,
};
use epitrack::text::choice::Choice;

use super::reference::ReferenceArgs;
use crate::cli::inputs;
use crate::cli::one_of::one_of;
use crate::cli::stdout::print;

/// Make a table of labelled pairs from enhancers, promoters and loops
///
/// A pair is positive where its enhancer overlaps one anchor of a loop and its promoter the other.
/// Negatives are other pairs of the same enhancers and promoters, by default as far apart as the
/// positives. The table has TargetFinder's columns; a JSON file beside it says what it was made
/// from.
///
/// epitrack pairs make --enhancers enhancers.bed --tss gencode.gtf.gz --loops loops.bedpe
/// --chrom-sizes hg19.chrom.sizes --out pairs.csv.gz
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The enhancers, BED
    #[arg(long, value_name = "BED")]
    enhancers: PathBuf,

    #[command(flatten)]
    promoters: PromoterArgs,

    /// Loops: HiCCUPS's list, BEDPE (ChIA-PET) or CHiCAGO's tables (promoter capture); may be
    /// several files. Columns are found by their names where these are known
    #[arg(long, value_name = "BEDPE", required = true, num_args = 1..)]
    loops: Vec<PathBuf>,

    #[command(flatten)]
    reference: ReferenceArgs,

    /// The table to write; gzip where the name ends with .gz
    #[arg(long, value_name = "CSV")]
    out: PathBuf,

    /// Which pairs that no loop joins become negatives
    #[arg(long, value_parser = one_of::<Negatives>(), default_value = "matched", value_name = "RULE")]
    negatives: Negatives,

    /// Negatives for each positive; with fixed-ratio, for each enhancer
    /// [default: 20; with fixed-ratio 4]
    #[arg(long, value_name = "N")]
    ratio: Option<u32>,

    /// Distance bins, with equal numbers of positives, in which negatives are matched [default: 5]
    #[arg(long, value_name = "N")]
    bins: Option<u32>,

    /// The fewest bases between the two elements of a pair
    #[arg(long, value_name = "BASES", default_value_t = 10_000)]
    min_distance: u32,

    /// The most bases between the two elements of a pair
    #[arg(long, value_name = "BASES", default_value_t = 2_000_000)]
    max_distance: u32,

    /// Begin the elements' names with this, as in K562|chr1:100-200
    #[arg(long, value_name = "NAME")]
    cell: Option<String>,

    /// Seed of the choice of negatives
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Leave bad rows out, instead of refusing the file
    #[arg(long)]
    skip_bad: bool,
}

#[derive(Debug, clap::Args)]
struct PromoterArgs {
    #[command(flatten)]
    source: PromoterSource,

    /// Bases of a promoter before its start site and from it on: one number, or UP,DOWN along the
    /// strand
    #[arg(long, value_name = "BASES", default_value = "500")]
    promoter_flank: Flank,

    /// Which rows of GTF have a start site
    #[arg(long, value_parser = one_of::<TssFeature>(), value_name = "FEATURE", default_value = TssFeature::default().name())]
    tss_feature: TssFeature,
}

/// Where promoters come from: one of the two.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct PromoterSource {
    /// The promoters, BED
    #[arg(long = "promoters", value_name = "BED", conflicts_with_all = ["promoter_flank", "tss_feature"])]
    bed: Option<PathBuf>,

    /// Transcription start sites, BED (the first base along the strand) or GTF
    #[arg(long, value_name = "BED|GTF")]
    tss: Option<PathBuf>,
}

impl PromoterArgs {
    fn path(&self) -> Result<&PathBuf> {
        let path = self.source.bed.as_ref().or(self.source.tss.as_ref());
        path.context("give either --promoters or --tss")
    }

    fn read(&self, chroms: &Chroms, skip_bad: bool) -> Result<Elements> {
        let path = self.path()?;
        Ok(match self.rule() {
            Some((flank, of)) => Elements::read_tss(path, flank, of, chroms, skip_bad)?,
            None => Elements::read_bed(path, "promoter", chroms, skip_bad)?,
        })
    }

    /// How promoters are made of start sites, where these were given.
    fn rule(&self) -> Option<(Flank, TssFeature)> {
        let rule = (self.promoter_flank, self.tss_feature);
        self.source.tss.is_some().then_some(rule)
    }
}

impl Args {
    /// Makes the pairs.
    pub fn run(self) -> Result<()> {
        let config = Config {
            negatives: self.rule()?,
            min_distance: self.min_distance,
            max_distance: self.max_distance,
            seed: self.seed,
        };
        let (reference, chroms) = self.reference.chroms()?;
        let enhancers = Elements::read_bed(&self.enhancers, "enhancer", &chroms, self.skip_bad)?;
        let promoters = self.promoters.read(&chroms, self.skip_bad)?;
        let loops = Loops::read(&self.loops, &chroms, self.skip_bad)?;
        let inputs = self.inputs(reference)?;
        let maker = PairMaker::new(&enhancers, &promoters, &loops, &config)?;
        let cell = self.cell.as_deref();
        let made = maker.write(&self.out, &chroms, cell, inputs, loops.summary)?;
        tell(&made)
    }

    fn rule(&self) -> Result<Negatives> {
        let (rule, ratio, bins) = (self.negatives, self.ratio, self.bins);
        for (option, unused) in [
            ("--ratio", ratio.is_some() && rule.ratio().is_none()),
            ("--bins", bins.is_some() && rule.bins().is_none()),
        ] {
            if unused {
                bail!("these negatives are taken without {option}");
            }
        }
        Ok(rule.with(ratio, bins))
    }

    fn inputs(&self, reference: Input) -> Result<Inputs> {
        Ok(Inputs {
            enhancers: Input::new(&self.enhancers)?,
            promoters: Input::new(self.promoters.path()?)?,
            tss: self.promoters.rule(),
            loops: inputs::files(&self.loops)?,
            reference,
        })
    }
}

fn tell(made: &Provenance) -> Result<()> {
    let counts = &made.counts;
    let rows = [
        ("enhancers", made.enhancers.regions as u64),
        ("promoters", made.promoters.regions as u64),
        ("loops", made.loops.loops as u64),
        ("  that join a pair", counts.joining_loops as u64),
        (
            "  between chromosomes, left out",
            made.loops.between_chromosomes as u64,
        ),
        ("pairs that a loop joins", counts.linked as u64),
        ("  too near", counts.too_near as u64),
        ("  too far apart", counts.too_far as u64),
        ("candidates for negatives", counts.eligible),
        ("positives", counts.positives),
        ("negatives", counts.negatives),
    ];
    for (name, count) in rows {
        print(format_args!("{name:<33}{count:>10}"))?;
    }
    Ok(())
}
