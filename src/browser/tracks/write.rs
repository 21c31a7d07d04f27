//! Every pair of a table through the network, and what a browser shows of it into a folder.

use std::collections::BTreeSet;
use std::path::Path;

use tracing::info;

use super::annotation::Annotator;
use super::folder::Folder;
use super::request::{Selection, TracksRequest};
use super::signals::Written;
use super::summary::{self, Contributed, Made, TracksSummary};
use super::writer::{Writer, leftmost};
use super::{matrix, session, signals};
use crate::browser::hub::Genome;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{Chroms, Reference, SequenceFormat};
use crate::network::device::ComputeDevice;
use crate::network::inference::Ensemble;
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Partial};
use crate::pairs::{Pair, PairTable, Split};
use crate::progress::Progress;
use crate::run::Run;

/// Runs every pair of a table through a run's network and writes what a browser shows into a
/// folder, which is made.
///
/// Memory grows with the pairs of the table (some ninety bytes each). Sequence is read, and results
/// are written, piece by piece: what is held are the records of the pairs that span the present place
/// and the values of their windows (eight bytes for each bin, and of contributions for each base). Those
/// of pairs between two chromosomes wait for the second one.
///
/// # Errors
///
/// Inputs that cannot be read, no pair to write, a matrix asked for of an unknown pair.
pub fn write(
    run: &Run,
    request: &TracksRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<TracksSummary> {
    let (mut reference, reference_file) = run.open_reference(request.reference.as_deref())?;
    let chroms = reference.chroms().clone();
    let (table, split) = read_table(run, request, &reference)?;
    let matrices = matrix::find(&table.pairs, &chroms, &request.matrices)?;
    let mut order = chosen(run, request, &table, &chroms)?;

    output::create_dir(dir)?;
    let made = Made::new(run, request, &reference_file, dir)?;
    let ensemble = run.ensemble(device)?;
    if let Some(count) = request.most_probable {
        let about = (&mut reference, progress);
        order = most_probable(&ensemble, &table, order, count, about)?;
    }
    let ensemble = ensemble.with_contributions(request.contributions, request.rank);
    let threshold = run.record.outcome.threshold;
    let annotating = &request.annotation;
    let annotator = Annotator::open(annotating, &reference_file.path, &chroms, progress)?;
    let split = split.as_ref();
    let mut writer = Writer::new(
        dir, &chroms, request, &ensemble, split, threshold, annotator,
    )?;
    let ordered = table.windows_of(&order);
    let what = match request.contributions {
        Some(_) => "contributions",
        None => "attention",
    };
    progress.start(what, ordered.len() as u64, 0);
    ensemble.for_each(&mut reference, &ordered, |number, said| {
        let place = order[number];
        progress.advance(1, "");
        writer.add(place, &table.pairs[place], ordered[number], &said)
    })?;
    progress.finish();
    write_matrices(dir, &matrices, &table, &ensemble, &mut reference)?;

    let done = writer.finish(dir)?;
    let folder = Folder {
        dir: dir.to_path_buf(),
        summary: summary(
            run,
            request,
            made,
            (device, &chroms),
            (order.len(), done.pairs),
            done.tracks,
        ),
    };
    complete(folder, done.files, done.best, &chroms, reference.format())
}

/// The places of the pairs that are asked for, as far as no network has to say which these are.
fn chosen(
    run: &Run,
    request: &TracksRequest,
    table: &PairTable,
    chroms: &Chroms,
) -> Result<Vec<usize>> {
    let mut order = left_to_right(table, request.selection);
    if !request.named.is_empty() {
        let named = matrix::find(&table.pairs, chroms, &request.named)?;
        let named: BTreeSet<usize> = named.into_iter().map(|(_, place)| place).collect();
        order.retain(|place| named.contains(place));
    }
    if order.is_empty() {
        let path = &run.table_source(request.table.as_ref()).file.path;
        return Err(Error::format(path, "holds no pair of this selection"));
    }
    Ok(order)
}

/// What is said of the tracks of some pairs, of which some are shown.
fn summary(
    run: &Run,
    request: &TracksRequest,
    made: Made,
    (device, chroms): (&ComputeDevice, &Chroms),
    (pairs_run, pairs_shown): (usize, usize),
    tracks: Written,
) -> TracksSummary {
    let settings = &run.record.settings;
    let contribution = tracks.contribution.zip(request.contributions);
    let contribution = contribution.map(|(of, method)| Contributed {
        method,
        value: summary::contribution_description(method, request.aggregate),
        tracks: of,
        spread: tracks.contribution_sd,
    });
    TracksSummary {
        version: VERSION.to_string(),
        made,
        genome: Genome::recognise(chroms.iter()).map(|genome| genome.name().to_string()),
        model: settings.model.clone(),
        device: device.description.clone(),
        seed: settings.training.seed,
        ensemble: settings.ensemble,
        threshold: run.record.outcome.threshold,
        value: summary::value_description(request.aggregate, settings.ensemble),
        pairs_run,
        pairs_shown,
        tracks: tracks.attention,
        spread: tracks.attention_sd,
        contribution,
    }
}

/// Writes the attention matrices of some pairs, by their names and places.
fn write_matrices(
    dir: &Path,
    pairs: &[(String, usize)],
    table: &PairTable,
    ensemble: &Ensemble,
    reference: &mut Reference,
) -> Result<()> {
    let chroms = reference.chroms().clone();
    let bins = ensemble.config().bins();
    for (name, place) in pairs {
        let windows = table.windows[*place];
        let found = ensemble.attentions(reference, windows)?;
        matrix::write(dir, name, &chroms, windows, bins, &found.matrices)?;
    }
    Ok(())
}

/// Gives a folder's files their names. What describes them goes before they change and comes when
/// they are all there.
fn complete(
    folder: Folder,
    files: Vec<Partial>,
    best: Option<Pair>,
    chroms: &Chroms,
    format: SequenceFormat,
) -> Result<TracksSummary> {
    let Folder { dir, summary } = &folder;
    let path = dir.join(summary::FILE);
    output::remove_if_there(&path)?;
    let kept: Vec<&str> = summary.files().collect();
    signals::remove_others(dir, &kept)?;
    files.into_iter().try_for_each(Partial::complete)?;
    output::write(dir.join(summary::TRACK_LINES_FILE), summary.track_lines())?;
    session::write(&folder, best, chroms, format)?;
    output::write_json(path, summary)?;
    let Sides { enhancer, promoter } = &summary.tracks;
    info!(
        "{}: {} of {} pairs, {} + {} bases",
        dir.display(),
        summary.pairs_shown,
        summary.pairs_run,
        enhancer.summary.bases,
        promoter.summary.bases
    );
    Ok(folder.summary)
}

/// The tracks that are already in a folder, if they were made from this run and request.
///
/// # Errors
///
/// Inputs that cannot be read.
pub fn written(run: &Run, request: &TracksRequest, dir: &Path) -> Result<Option<TracksSummary>> {
    let Some(found) = TracksSummary::read(dir) else {
        return Ok(None);
    };
    let known = &run.record.settings.reference.path;
    let reference = Input::new(request.reference.as_ref().unwrap_or(known))?;
    let made = Made::new(run, request, &reference, dir)?;
    let same = found.version == VERSION && found.made == made;
    let there = found.files().all(|file| dir.join(file).exists());
    Ok((same && there).then_some(found))
}

/// The pairs, and how the training divided them where they are its own.
fn read_table(
    run: &Run,
    request: &TracksRequest,
    reference: &Reference,
) -> Result<(PairTable, Option<Split>)> {
    let chroms = reference.chroms();
    let (table, is_own) = run.read_other_table(request.table.as_ref(), chroms)?;
    let split = is_own.then(|| run.split(&table, chroms)).transpose()?;
    Ok((table, split))
}

impl Made {
    fn new(run: &Run, request: &TracksRequest, reference: &Input, dir: &Path) -> Result<Self> {
        Ok(Self {
            weights: run.weights()?.seen_from(dir)?,
            pairs: Input::new(&run.table_source(request.table.as_ref()).file.path)?
                .seen_from(dir)?,
            reference: reference.seen_from(dir)?,
            selection: request.selection,
            most_probable: request.most_probable,
            named: request.named.clone(),
            aggregate: request.aggregate,
            contributions: request.contributions,
            rank: request.rank,
            annotation: request.annotation.made(dir)?,
        })
    }
}

/// The `count` most probable of some pairs, of equal ones the first, in the order in which they were.
fn most_probable(
    ensemble: &Ensemble,
    table: &PairTable,
    places: Vec<usize>,
    count: usize,
    (reference, progress): (&mut Reference, &dyn Progress),
) -> Result<Vec<usize>> {
    let mut logits = Vec::with_capacity(places.len());
    progress.start("probabilities", places.len() as u64, 0);
    ensemble.for_each(reference, &table.windows_of(&places), |_, said| {
        logits.push(said.mean.logit);
        progress.advance(1, "");
        Ok(())
    })?;
    progress.finish();
    let mut best: Vec<usize> = (0..places.len()).collect();
    best.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    best.truncate(count);
    best.sort_unstable();
    Ok(best.into_iter().map(|number| places[number]).collect())
}

/// The places of the selected pairs, by the leftmost base of any of their windows and elements.
fn left_to_right(table: &PairTable, selection: Selection) -> Vec<usize> {
    let mut order: Vec<usize> = (0..table.pairs.len())
        .filter(|&place| selection != Selection::Positive || table.pairs[place].label == Some(true))
        .collect();
    order.sort_by_key(|&place| (leftmost(&table.pairs[place], table.windows[place]), place));
    order
}
