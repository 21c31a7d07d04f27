//! Every pair of a table through the network, and what a browser shows of it into a folder.

use std::path::Path;

use tracing::info;

use super::activity_bases::ActivityBases;
use super::annotation::{AnnotationMade, AnnotationRequest, Annotator};
use super::folder::Folder;
use super::inputs::Inputs;
use super::measured::measured;
use super::of_activity::OfActivity;
use super::request::TracksRequest;
use super::signals::Written;
use super::summary::{self, Made, TracksSummary};
use super::track::{Contributed, Predicted};
use super::writer::Writer;
use super::{described, matrix, multiqc, session, signals};
use crate::browser::added::AddedTrack;
use crate::browser::hub::Genome;
use crate::element::Sides;
use crate::error::Result;
use crate::genome::{Chroms, Reference, SequenceFormat};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::network::inference::Ensemble;
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind, Partial};
use crate::pairs::{Pair, PairTable};
use crate::progress::Progress;
use crate::run::Run;

/// Runs every pair of a table through a run's network and writes what a browser shows into a
/// folder, which is made.
///
/// Memory grows with the pairs of the table (some hundred and ten bytes each). Sequence is read, and results
/// are written, piece by piece: what is held are the records of the pairs that span the present place
/// and the values of their windows (eight bytes for each bin, and of contributions for each base). Those
/// of pairs between two chromosomes wait for the second one.
///
/// # Errors
///
/// Inputs that cannot be read, no pair to write, a word that no pair answers to, or several.
pub fn write(
    run: &Run,
    request: &TracksRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<TracksSummary> {
    let mut inputs = Inputs::read(run, request)?;
    let request = &inputs.resolved(request)?;
    let chroms = inputs.reference.chroms().clone();
    let matrices = inputs.called(&request.matrices)?;
    let order = inputs.chosen(run, request)?;
    let _claim = Claim::folder(dir, FolderKind::Tracks)?;
    let made = Made::new(run, request, &inputs.reference_file, dir)?;
    let ensemble = run.ensemble(device)?;
    let order = inputs.most_probable(order, request, &ensemble, progress)?;
    let ensemble = ensemble
        .with_contributions(request.of_pairs(), request.rank)
        .with_activity(true);
    let mut bases = ActivityBases::new(run, request, &ensemble, &inputs, &order)?;
    let annotator = annotator(request, &inputs, progress)?;
    let beside = inputs.beside(&order);
    let Inputs {
        mut reference,
        table,
        parts,
        context,
        ..
    } = inputs;
    let known = (parts.as_slice(), context.as_ref());
    let mut writer = Writer::new(dir, &chroms, request, run, known, annotator)?;
    let windows = table.windows_of(&order);
    let asked = (windows.as_slice(), beside.as_deref());
    progress.start(request.what(), order.len() as u64, 0);
    ensemble.for_each_with(&mut reference, asked, |number, mut said| {
        let place = order[number];
        progress.advance(1, "");
        if let Some(bases) = &mut bases {
            bases.tell(number, &mut said)?;
        }
        writer.add(place, &table.pairs[place], windows[number], &said)
    })?;
    progress.finish();
    write_matrices(dir, &matrices, &table, &ensemble, &mut reference)?;
    let made_by = (made, device.description.clone(), order.len());
    finish(run, request, writer, made_by, dir, reference.format())
}

/// Opens what a request's regions are annotated with.
pub fn annotator(
    request: &TracksRequest,
    inputs: &Inputs,
    progress: &dyn Progress,
) -> Result<Annotator> {
    let (reference, chroms) = (&inputs.reference_file.path, inputs.reference.chroms());
    Annotator::open(&request.annotation, reference, chroms, progress)
}

/// Completes a folder, all of whose pairs are added: what it was made from, where the network ran, and
/// of how many pairs.
pub fn finish(
    run: &Run,
    request: &TracksRequest,
    writer: Writer,
    (made, device, pairs_run): (Made, DeviceDescription, usize),
    dir: &Path,
    format: SequenceFormat,
) -> Result<TracksSummary> {
    let chroms = writer.chroms();
    let done = writer.finish(dir)?;
    let pairs = (pairs_run, done.pairs, done.genes);
    let folder = Folder {
        dir: dir.to_path_buf(),
        summary: summary(run, request, made, (device, chroms), pairs, done.tracks),
    };
    multiqc::write(dir, &run.name(), &folder.summary)?;
    let measured = measured(run, &[], chroms);
    complete(folder, done.files, (done.best, &measured), chroms, format)
}

/// What is said of the tracks of some pairs, of which some are shown.
fn summary(
    run: &Run,
    request: &TracksRequest,
    made: Made,
    (device, chroms): (DeviceDescription, &Chroms),
    (pairs_run, pairs_shown, genes): (usize, usize, usize),
    tracks: Written,
) -> TracksSummary {
    let settings = &run.record.settings;
    let contribution = tracks.contribution.zip(request.contributions);
    let contribution = contribution.map(|(of, method)| {
        let activity = of_activity(run, request);
        let value = match &activity {
            Some(activity) => activity.description(request.aggregate),
            None => described::contribution_description(method, request.aggregate),
        };
        Contributed {
            method,
            activity,
            value,
            tracks: of,
            spread: tracks.contribution_sd,
        }
    });
    let sources = settings.activity.iter().flat_map(|of| &of.sources);
    let activity = sources.zip(tracks.activity);
    let activity = activity.map(|(source, (tracks, spread))| Predicted {
        source: source.name.clone(),
        kind: source.kind,
        value: described::activity_description(source, request.aggregate),
        tracks,
        spread,
    });
    TracksSummary {
        version: VERSION.to_string(),
        made,
        genome: Genome::recognise(chroms.iter()).map(|genome| genome.name().to_string()),
        model: settings.model.clone(),
        device,
        seed: settings.training.seed,
        ensemble: settings.ensemble,
        threshold: run.record.outcome.threshold,
        value: described::value_description(request.aggregate, settings.ensemble),
        pairs_run,
        pairs_shown,
        genes,
        tracks: tracks.attention,
        spread: tracks.attention_sd,
        contribution,
        activity: activity.collect(),
    }
}

/// The activity that contributions are of, if they are of one.
fn of_activity(run: &Run, request: &TracksRequest) -> Option<OfActivity> {
    let name = request.contributions_of.as_deref()?;
    let activity = run.record.settings.activity.as_ref()?;
    let (_, source) = activity.source(Some(name)).ok()?;
    Some(OfActivity::new(source))
}

/// Writes the attention matrices of some pairs, by their names and places.
pub fn write_matrices(
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
/// they are all there. Sessions begin at the best pair, and show what was measured of activities.
fn complete(
    folder: Folder,
    files: Vec<Partial>,
    (best, measured): (Option<Pair>, &[AddedTrack]),
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
    session::write(&folder, best, (chroms, format), measured)?;
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

/// Whether the tracks in a folder are complete and were made from this run and request, whatever has become of
/// the pairs and the footprints that they were made from.
///
/// # Errors
///
/// Files of the run, or of motifs, that cannot be read.
pub fn are_whole(run: &Run, request: &TracksRequest, dir: &Path) -> Result<bool> {
    let Some(found) = TracksSummary::read(dir) else {
        return Ok(false);
    };
    let known = found.made.clone();
    let annotation = AnnotationRequest {
        footprints: None,
        ..request.annotation.clone()
    };
    let annotation = AnnotationMade {
        footprints: known.annotation.footprints,
        ..annotation.made(dir)?
    };
    let inputs = (known.pairs, known.reference, annotation);
    let made = Made::of(run, request, inputs, dir)?;
    let same = found.version == VERSION && found.made == made;
    Ok(same && found.files().all(|file| dir.join(file).exists()))
}
