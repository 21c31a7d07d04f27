//! What variants do to predicted interactions: each allele put into the windows that hold it, and the
//! network asked again.

mod block;
mod change;
mod effect;
mod fate;
mod files;
mod motifs;
mod null;
mod queue;
mod request;
mod stretch;
mod summary;
mod windows;

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use tracing::{info, warn};

pub use fate::Reason;
pub use null::Null;
pub use request::VariantsRequest;
pub use summary::{Counts, VariantsMade, VariantsSummary};

use block::{Block, Setting};
use effect::Effect;
use fate::{Fate, Fates};
use files::{Files, Writer};
use motifs::Motifs;
use windows::Windows;

use crate::browser::tracks::Selection;
use crate::error::{BadRow, Error, Result};
use crate::formats::{VcfReader, VcfRecord};
use crate::genome::{Places, Reference, tell};
use crate::network::device::ComputeDevice;
use crate::output::provenance::Input;
use crate::output::{self, Claim};
use crate::progress::Progress;
use crate::run::Run;

/// Bytes of records that wait for their effects.
const WAITING: usize = 1 << 23;

/// Computes what each variant of a file does to the pairs whose windows hold it, and writes the file
/// again with the effects, or a table of them. Memory grows with the pairs of the table alone.
///
/// # Errors
///
/// Inputs that cannot be read, no pair of this selection; unless bad rows are to be passed over, all of
/// them together, before anything is computed.
pub fn write(
    run: &Run,
    request: &VariantsRequest,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<VariantsSummary> {
    let files = Files::of(&request.out)?;
    let (mut reference, reference_file) = run.open_reference(request.reference.as_deref())?;
    spare(&files, run, request, &reference_file)?;
    let _claim = Claim::files(&[files.out.clone(), files.json.clone()])?;
    let chroms = reference.chroms().clone();
    let (table, is_own) = run.read_other_table(request.table.as_ref(), &chroms)?;
    let of_table = (table.pairs.as_slice(), is_own);
    let context = run.context(of_table, request.context.as_ref(), &chroms)?;
    let windows = Windows::new(&table, request.selection);
    if windows.is_empty() {
        let problem = "holds no pair of this selection";
        return Err(Error::format(source(run, request), problem));
    }
    let lines = check(&request.vcf, request.skip_bad, &windows, &mut reference)?;
    let motifs = request.motifs.as_ref();
    let motifs = motifs.map(|motifs| Motifs::open(motifs, &mut reference, progress));
    let motifs = motifs.transpose()?;
    let predictors = run.predictors(device)?;
    let setting = Setting {
        predictors: &predictors,
        table: &table,
        windows: &windows,
        null: request.null,
        motifs: motifs.as_ref(),
        context: context.as_ref(),
    };
    let reader = VcfReader::open(&request.vcf)?;
    let mut scoring = Scoring {
        writer: Writer::new(&files, &reader, (&table, &chroms), context.is_some())?,
        block: Block::new(&setting),
        setting: &setting,
        waiting: Vec::new(),
        bytes: 0,
        counts: Counts::default(),
        least: least_probability(run, request.selection),
    };
    progress.start("variants", lines, 0);
    let fates = Fates::new(Places::new(&chroms), &windows);
    scoring.read(reader, fates, &mut reference, progress)?;
    progress.finish();
    let (written, counts) = (scoring.writer.finish()?, scoring.counts);
    let told = counts.in_words(motifs.is_some());
    info!("{}: {told}", request.out.display());
    let made = made(run, request, &reference_file)?;
    let out = files.out.file_name().unwrap_or_default().into();
    let (networks, device) = (predictors.len(), device.description.clone());
    let summary = VariantsSummary::new(made, device, networks, counts, out);
    // What describes the file goes before it changes and comes when it is there.
    output::remove_if_there(&files.json)?;
    written.complete()?;
    output::write_json(&files.json, &summary)?;
    Ok(summary)
}

/// The least probability of a pair that is shown, as the reference has it.
fn least_probability(run: &Run, selection: Selection) -> f64 {
    match selection {
        Selection::Predicted => run.record.outcome.threshold,
        Selection::All | Selection::Positive => 0.0,
    }
}

/// Refuses to write over an input, and over what the run consists of.
fn spare(files: &Files, run: &Run, request: &VariantsRequest, reference: &Input) -> Result<()> {
    let motifs = request.motifs.iter();
    let motifs = motifs.flat_map(|motifs| motifs.files.iter().chain(&motifs.symbols));
    let others = [&request.vcf, &reference.path, source(run, request)];
    let own = run.files();
    let context = run.context_files(request.context.as_ref());
    let inputs = others.into_iter().chain(motifs).chain(&own).chain(&context);
    let outputs = [files.out.clone(), files.json.clone()];
    output::spare(&outputs, inputs.map(|path| path.as_path()))
}

/// The file of the request's table, or else of the run's.
fn source<'a>(run: &'a Run, request: &'a VariantsRequest) -> &'a PathBuf {
    &run.table_source(request.table.as_ref()).file.path
}

fn made(run: &Run, request: &VariantsRequest, reference: &Input) -> Result<VariantsMade> {
    let folder = output::folder_of(&request.out);
    let motifs = request.motifs.as_ref().map(|motifs| motifs.made(folder));
    Ok(VariantsMade {
        weights: run.weights()?.seen_from(folder)?,
        pairs: Input::new(source(run, request))?.seen_from(folder)?,
        reference: reference.seen_from(folder)?,
        vcf: Input::new(&request.vcf)?.seen_from(folder)?,
        selection: request.selection,
        motifs: motifs.transpose()?,
        null: request.null.draws,
        seed: request.null.seed,
        context: run.context_made(request.context.as_ref(), folder)?,
    })
}

/// Reads a file through once: how many lines follow its header, or what is wrong with them.
fn check(path: &Path, skip_bad: bool, windows: &Windows, reference: &mut Reference) -> Result<u64> {
    let is_pipe = |of: Metadata| !of.is_file() && !of.is_dir();
    if std::fs::metadata(path).is_ok_and(is_pipe) {
        let problem = "is read twice, and so has to be a file and no pipe";
        return Err(Error::format(path, problem));
    }
    let chroms = reference.chroms().clone();
    let mut fates = Fates::new(Places::new(&chroms), windows);
    let mut reader = VcfReader::open(path)?;
    let (mut lines, mut bad) = (0, Vec::new());
    while let Some(record) = reader.next_record()? {
        lines += 1;
        match record {
            Err(row) => bad.push(row),
            Ok(record) => {
                if let Err(problem) = fates.of(&record, reference)? {
                    let line = record.line;
                    bad.push(BadRow { line, problem });
                }
            }
        }
    }
    let passed_over = bad.len();
    if !skip_bad {
        Error::bad_rows([(path, bad)])?;
    }
    tell(path, passed_over, fates.translated());
    if lines == 0 {
        warn!("{}: holds no record", path.display());
    }
    Ok(lines)
}

/// A file on its way.
struct Scoring<'a> {
    setting: &'a Setting<'a>,
    writer: Writer<'a>,
    block: Block<'a>,
    /// Records whose effects are still to be computed.
    waiting: Vec<VcfRecord>,
    bytes: usize,
    counts: Counts,
    /// The least probability of a pair, as the reference has it.
    least: f64,
}

impl Scoring<'_> {
    /// Reads records and writes them, block by block.
    fn read(
        &mut self,
        mut reader: VcfReader,
        mut fates: Fates,
        reference: &mut Reference,
        progress: &dyn Progress,
    ) -> Result<()> {
        while let Some(record) = reader.next_record()? {
            progress.advance(1, "");
            let Ok(record) = record else {
                self.counts.unreadable += 1;
                continue;
            };
            self.counts.records += 1;
            self.counts.alleles += record.alternates.len();
            let number = self.waiting.len();
            match fates.of(&record, reference)? {
                Err(_) => {
                    let alleles = record.alternates.iter();
                    alleles.for_each(|_| self.counts.leave_out(Reason::OtherReference));
                }
                Ok(fates) => {
                    for (allele, fate) in fates.iter().enumerate() {
                        match fate {
                            Fate::LeftOut(reason) => self.counts.leave_out(*reason),
                            Fate::Held(change, windows) => {
                                let numbers = (number, allele);
                                self.block.add(numbers, change, windows, reference)?;
                            }
                        }
                    }
                }
            }
            self.bytes += record.size();
            self.waiting.push(record);
            if self.block.is_full() || self.bytes >= WAITING {
                self.flush()?;
            }
        }
        self.flush()
    }

    /// Computes and writes what waits.
    fn flush(&mut self) -> Result<()> {
        let block = std::mem::replace(&mut self.block, Block::new(self.setting));
        let effects = block.effects()?;
        let mut effects = effects.chunk_by(|a, b| a.record == b.record).peekable();
        for (number, record) in self.waiting.drain(..).enumerate() {
            let own = effects.next_if(|effects| effects[0].record == number);
            let mut kept = Vec::new();
            for of_allele in own
                .unwrap_or_default()
                .chunk_by(|a, b| a.allele == b.allele)
            {
                let probable = |effect: &&Effect| effect.reference.probability >= self.least;
                let shown: Vec<&Effect> = of_allele.iter().filter(probable).collect();
                self.counts.score(&shown);
                if shown.is_empty() {
                    self.counts.leave_out(Reason::NotPredicted);
                }
                kept.extend(shown);
            }
            self.writer.add(&record, &kept)?;
        }
        self.bytes = 0;
        Ok(())
    }
}
