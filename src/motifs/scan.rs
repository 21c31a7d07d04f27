//! From matrices and a reference to the sites of a genome, or of regions, as BED and bigBed.

mod batches;
mod lines;
mod shard;

use std::path::{Path, PathBuf};

use rayon::join;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use super::background::Background;
use super::collection::{Collection, CollectionMade, CollectionRequest};
use crate::error::{Error, Result};
use crate::formats::{Block, Schema, SortedBed, write_bigbed};
use crate::genome::{Chroms, Reference, Region, merge, read_bed};
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, Partial};
use crate::progress::Progress;
use batches::{Batch, Batches};
use lines::Labels;
pub use shard::{ScanWork, merge_shards, run_shard};

/// The schema of the bigBed; the BED file has the same fields.
pub const SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/motifSites.as"),
    standard_fields: 6,
    indexed: None,
};

/// The most bases that are scanned at once, and the fewest, and the sites that they should hold by
/// chance: lines take some hundred bytes each until they are written.
const BATCH: f64 = (1u32 << 21) as f64;
const SMALLEST_BATCH: f64 = (1u32 << 16) as f64;
const SITES: f64 = 500_000.0;

/// Where sites are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// All chromosomes of the reference.
    Genome,
    /// The regions of a BED file.
    Bed(PathBuf),
    /// These regions, and the files that they come from.
    Regions(Vec<Region>, Vec<PathBuf>),
}

/// What to look for, where, and where to write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScanRequest {
    /// What to look for.
    pub motifs: CollectionRequest,
    /// The reference.
    pub reference: PathBuf,
    /// Where. Regions are merged first, so that each site is found once; a site lies wholly inside
    /// one of them.
    pub extent: Extent,
    /// `NAME.bed`, or `NAME.bed.gz` for bgzip and a tabix index; another name is taken for that
    /// without `.bed.gz`.
    pub out: PathBuf,
    /// Whether to write `NAME.bb` too.
    pub bigbed: bool,
}

/// What was found, and what from: `NAME.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScanSummary {
    /// The version of epitrack.
    pub version: &'static str,
    /// What was looked for.
    pub motifs: CollectionMade,
    /// The reference.
    pub reference: Input,
    /// The files that the regions come from; none for the whole genome.
    pub regions: Option<Vec<Input>>,
    /// Frequencies of A, C, G and T.
    pub background: Background,
    /// What the columns of the BED file mean.
    pub columns: &'static str,
    /// Matrices that were looked for.
    pub matrices: usize,
    /// Accessions of those that no site can match at this threshold.
    pub never: Vec<String>,
    /// Bases that were looked at, N among them.
    pub bases: u64,
    /// Sites, on both strands.
    pub sites: u64,
    /// The file with the sites.
    pub bed: PathBuf,
}

const COLUMNS: &str = "name: the matrix; score: -100 x log10 of the p-value, at most 1000; strand; \
    accession of the matrix; symbols of the transcription factors; log-odds in bits, in units of \
    1/1024; p-value of that score at one place of one strand under the background, exact";

/// Scans and writes. Memory does not grow with the genome or the regions' sequence.
///
/// # Errors
///
/// Inputs that cannot be read or used, see [`Collection::open`] and [`read_bed`]; files that cannot be
/// written.
pub fn run(request: &ScanRequest, progress: &dyn Progress) -> Result<ScanSummary> {
    let files = Files::of(&request.out)?;
    let _claim = files.claim(request)?;
    let mut opened = Opened::new(request, progress)?;
    let chroms = opened.chroms.clone();
    let mut bed = SortedBed::new(&files.bed, files.bgzip, &chroms)?;
    let mut sites = 0;
    opened.scan(
        files.bgzip,
        |_| true,
        progress,
        |block, count| {
            sites += count;
            bed.add(&block, &chroms)
        },
    )?;
    opened.finish(request, files, bed, sites)
}

/// What is looked for and where, ready.
struct Opened {
    reference: Reference,
    chroms: Chroms,
    regions: Vec<Region>,
    collection: Collection,
}

impl Opened {
    fn new(request: &ScanRequest, progress: &dyn Progress) -> Result<Self> {
        let mut reference = Reference::open(&request.reference)?;
        let chroms = (**reference.chroms()).clone();
        let regions = request.extent.regions(&chroms)?;
        let collection = Collection::open(&request.motifs, &mut reference, progress)?;
        Ok(Self {
            reference,
            chroms,
            regions,
            collection,
        })
    }

    fn bases(&self) -> u64 {
        let bases = self.regions.iter().map(|region| u64::from(region.len()));
        bases.sum()
    }

    /// Hands on the sites, block by block, from left to right, and how many each holds: of the batches
    /// that are wanted by the bases before them.
    fn scan(
        &mut self,
        bgzip: bool,
        wanted: impl Fn(u64) -> bool + Sync,
        progress: &dyn Progress,
        mut each: impl FnMut(Block, u64) -> Result<()>,
    ) -> Result<()> {
        progress.start("motif sites", self.bases(), 0);
        let (chroms, collection) = (&self.chroms, &self.collection);
        let scanner = &collection.scanner;
        let labels = Labels::of(&collection.matrices, &collection.symbols);
        let find = |batch: &Batch| {
            let hits = scanner.scan(&batch.codes);
            lines::render(&hits, batch, &labels, chroms, bgzip)
        };
        let size = (SITES / scanner.expected()).clamp(SMALLEST_BATCH, BATCH) as u32;
        let regions = self.regions.clone();
        let mut batches = Batches::new(&mut self.reference, regions, size, scanner.widest);
        let mut before = 0;
        let mut next = batches.next()?;
        while let Some(batch) = next {
            let find = || match wanted(before) {
                true => find(&batch),
                false => Ok(Vec::new()),
            };
            let (found, read) = join(find, || batches.next());
            for (block, count) in found? {
                each(block, count)?;
            }
            before += batch.bases;
            progress.advance(batch.bases, "");
            next = read?;
        }
        progress.finish();
        Ok(())
    }

    /// Completes the files, all of whose sites are added.
    fn finish(
        &self,
        request: &ScanRequest,
        files: Files,
        bed: SortedBed,
        sites: u64,
    ) -> Result<ScanSummary> {
        let done = bed.finish()?;
        let folder = output::folder_of(&files.bed);
        let input = |path: &PathBuf| Input::new(path)?.seen_from(folder);
        let inputs = |paths: &[PathBuf]| paths.iter().map(input).collect();
        let collection = &self.collection;
        let mut summary = ScanSummary {
            version: VERSION,
            motifs: request.motifs.made(folder)?,
            reference: input(&request.reference)?,
            regions: request.extent.files().map(inputs).transpose()?,
            background: collection.background,
            columns: COLUMNS,
            matrices: collection.matrices.len(),
            never: collection.never().into_iter().map(str::to_string).collect(),
            bases: self.bases(),
            sites,
            bed: files.bed.file_name().unwrap_or_default().into(),
        };
        files.complete(done, request.bigbed, &summary, &self.chroms)?;
        let (bed, bases) = (files.bed.display(), summary.bases);
        info!("{bed}: {sites} sites in {bases} bases");
        summary.bed = files.bed;
        Ok(summary)
    }
}

impl ScanRequest {
    /// Every file that is read.
    fn inputs(&self) -> impl Iterator<Item = &Path> {
        let matrices = self.motifs.files.iter().chain(&self.motifs.symbols);
        let files = matrices.chain([&self.reference]);
        let files = files.chain(self.extent.files().unwrap_or_default());
        files.map(PathBuf::as_path)
    }
}

impl Extent {
    /// Merged and sorted.
    fn regions(&self, chroms: &Chroms) -> Result<Vec<Region>> {
        Ok(match self {
            Self::Genome => chroms.regions().collect(),
            Self::Bed(path) => merge(read_bed(path, chroms)?),
            Self::Regions(regions, _) => merge(regions.iter().copied()),
        })
    }

    fn files(&self) -> Option<&[PathBuf]> {
        match self {
            Self::Genome => None,
            Self::Bed(path) => Some(std::slice::from_ref(path)),
            Self::Regions(_, files) => Some(files),
        }
    }
}

/// What is written.
struct Files {
    bed: PathBuf,
    bgzip: bool,
    /// The beginning of the other files' names.
    stem: PathBuf,
}

impl Files {
    fn of(out: &Path) -> Result<Self> {
        let name = out.file_name().unwrap_or_default().to_string_lossy();
        let ends = |with: &str| name.len() > with.len() && name.ends_with(with);
        let bare = out.with_extension("");
        let (bed, stem) = if ends(".bed") {
            (out.to_path_buf(), bare)
        } else if ends(".bed.gz") {
            (out.to_path_buf(), bare.with_extension(""))
        } else if name.is_empty() || out.is_dir() || [".bb", ".gz", ".bigBed"].into_iter().any(ends)
        {
            let message =
                "sites go to a name that ends in .bed or .bed.gz, or to one without ending";
            return Err(Error::format(out, message));
        } else {
            (out.with_added_extension("bed.gz"), out.to_path_buf())
        };
        let bgzip = !ends(".bed");
        Ok(Self { bed, bgzip, stem })
    }

    /// Makes the files, which are no inputs, one's own.
    fn claim(&self, request: &ScanRequest) -> Result<Claim> {
        output::spare(&self.all(), request.inputs())?;
        Claim::files(&self.all())
    }

    /// All that may be written.
    fn all(&self) -> [PathBuf; 4] {
        let beside = |ending| self.stem.with_added_extension(ending);
        let index = self.bed.with_added_extension("tbi");
        [self.bed.clone(), index, beside("json"), beside("bb")]
    }

    /// Gives the files their names; what describes them comes last.
    fn complete(
        &self,
        sites: Vec<Partial>,
        bigbed: bool,
        summary: &ScanSummary,
        chroms: &Chroms,
    ) -> Result<()> {
        let [_, _, json, bb] = self.all();
        output::remove_if_there(&json)?;
        output::remove_if_there(&bb)?;
        sites.into_iter().try_for_each(Partial::complete)?;
        if bigbed && summary.sites == 0 {
            warn!("no site, and so no {}", bb.display());
        } else if bigbed {
            write_bigbed(&self.bed, &bb, SCHEMA, chroms)?.complete()?;
        }
        output::write_json(json, summary)
    }
}
