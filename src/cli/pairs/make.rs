//! `epitrack pairs make`

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;
use epitrack::genome::Chroms;
use epitrack::output::provenance::Input;
use epitrack::pairs::make::{
    Config, Elements, Flank, Inputs, Loops, Negatives, PairMaker, Provenance, TssFeature,
};

use super::ReferenceArgs;
use crate::cli::print;

/// Negatives for each positive, or, of BENGI's fixed ratio, for each enhancer.
const RATIO: u32 = 20;
const BENGI_RATIO: u32 = 4;
const BINS: u32 = 5;

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
    #[arg(long, value_enum, default_value_t, value_name = "RULE")]
    negatives: Rule,

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
    /// The promoters, BED
    #[arg(long = "promoters", value_name = "BED", conflicts_with_all = ["tss", "promoter_flank", "tss_feature"], required_unless_present = "tss")]
    bed: Option<PathBuf>,

    /// Transcription start sites, BED (the first base along the strand) or GTF
    #[arg(long, value_name = "BED|GTF")]
    tss: Option<PathBuf>,

    /// Bases of a promoter before its start site and from it on: one number, or UP,DOWN along the
    /// strand
    #[arg(long, value_name = "BASES", default_value = "500")]
    promoter_flank: Flank,

    /// Which rows of GTF have a start site
    #[arg(long, value_enum, value_name = "FEATURE", default_value_t)]
    tss_feature: Feature,
}

/// Which pairs become negatives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Rule {
    /// As far apart as the positives: in each distance bin --ratio for each positive
    #[default]
    Matched,
    /// As TargetFinder's script: matched, and never an enhancer of one positive with a promoter of
    /// another; two elements that both stand in positives are then always a positive, which a
    /// random split gives away
    Targetfinder,
    /// Matched for each promoter by itself, so that knowing the active promoters is worth nothing
    MatchedWithinPromoter,
    /// All of them
    All,
    /// BENGI's: of each enhancer with a positive one positive and --ratio negatives, within the
    /// distance below which 95 % of the positives lie
    FixedRatio,
    /// BENGI's: all of each enhancer with a positive, within that distance
    NaturalRatio,
}

/// Which rows of GTF have a start site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Feature {
    /// Every transcript
    #[default]
    Transcript,
    /// Only the outermost start of a gene, as TargetFinder took it
    Gene,
}

impl PromoterArgs {
    fn path(&self) -> Result<&PathBuf> {
        match self.bed.as_ref().or(self.tss.as_ref()) {
            Some(path) => Ok(path),
            None => bail!("give either --promoters or --tss"),
        }
    }

    fn feature(&self) -> TssFeature {
        match self.tss_feature {
            Feature::Transcript => TssFeature::Transcript,
            Feature::Gene => TssFeature::Gene,
        }
    }

    fn read(&self, chroms: &Chroms, skip_bad: bool) -> Result<Elements> {
        let path = self.path()?;
        Ok(if self.tss.is_some() {
            Elements::read_tss(path, self.promoter_flank, self.feature(), chroms, skip_bad)?
        } else {
            Elements::read_bed(path, "promoter", chroms, skip_bad)?
        })
    }
}

impl Args {
    /// Makes the pairs.
    pub fn run(self) -> Result<()> {
        let config = self.config()?;
        let (reference, chroms) = self.reference.chroms()?;
        let enhancers = Elements::read_bed(&self.enhancers, "enhancer", &chroms, self.skip_bad)?;
        let promoters = self.promoters.read(&chroms, self.skip_bad)?;
        let loops = Loops::read(&self.loops, &chroms, self.skip_bad)?;
        let inputs = self.inputs(reference)?;
        let maker = PairMaker::new(&enhancers, &promoters, &loops, &config)?;
        let made = maker.write(
            &self.out,
            &chroms,
            self.cell.as_deref(),
            inputs,
            loops.summary(),
        )?;
        tell(&made)
    }

    fn config(&self) -> Result<Config> {
        Ok(Config {
            negatives: self.rule()?,
            min_distance: self.min_distance,
            max_distance: self.max_distance,
            seed: self.seed,
        })
    }

    fn rule(&self) -> Result<Negatives> {
        let unused = match self.negatives {
            Rule::All | Rule::NaturalRatio if self.ratio.is_some() => Some("--ratio"),
            Rule::All | Rule::NaturalRatio | Rule::FixedRatio if self.bins.is_some() => {
                Some("--bins")
            }
            _ => None,
        };
        if let Some(option) = unused {
            bail!("these negatives are taken without {option}");
        }
        let (ratio, bins) = (self.ratio.unwrap_or(RATIO), self.bins.unwrap_or(BINS));
        Ok(match self.negatives {
            Rule::Matched => Negatives::Matched { ratio, bins },
            Rule::Targetfinder => Negatives::Targetfinder { ratio, bins },
            Rule::MatchedWithinPromoter => Negatives::MatchedWithinPromoter { ratio, bins },
            Rule::All => Negatives::All,
            Rule::FixedRatio => Negatives::FixedRatio {
                ratio: self.ratio.unwrap_or(BENGI_RATIO),
            },
            Rule::NaturalRatio => Negatives::NaturalRatio,
        })
    }

    fn inputs(&self, reference: Input) -> Result<Inputs> {
        let loops = self.loops.iter().map(|path| Input::new(path));
        Ok(Inputs {
            enhancers: Input::new(&self.enhancers)?,
            promoters: Input::new(self.promoters.path()?)?,
            tss: self
                .promoters
                .tss
                .is_some()
                .then(|| (self.promoters.promoter_flank, self.promoters.feature())),
            loops: loops.collect::<Result<_, _>>()?,
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
