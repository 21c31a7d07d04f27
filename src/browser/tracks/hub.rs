//! From folders of tracks to a hub.

use std::path::{Path, PathBuf};

use tracing::info;

use super::session::locus;
use super::track::upper_end;
use super::{Folder, Predicted, Track, choose};
use crate::browser::added::{AddedTrack, as_big_bed, check_names, is_text};
use crate::browser::genes;
use crate::browser::hub::{
    self, Assembly, CellActivity, CellTracks, Genome, Hub, HubGenes, HubSummary,
};
use crate::element::Sides;
use crate::element::colours::Rgb;
use crate::error::{Error, Result};
use crate::genome::{Genes, Reference, Region, SequenceFormat, write_two_bit};
use crate::output::{Claim, FolderKind, Partial};
use crate::text::{self, BaseUrl};

/// An address that belongs to nobody (RFC 2606): browsers take no hub without one.
pub const NOBODY: &str = "nobody@example.org";

/// What a hub is to be.
#[derive(Debug, Clone, Default)]
pub struct HubRequest {
    /// One word by which a browser knows the hub.
    pub name: String,
    /// Its label in lists; the name, if there is none.
    pub short_label: Option<String>,
    /// Its description in lists.
    pub long_label: Option<String>,
    /// Whom to ask.
    pub email: String,
    /// The assembly's name, if not the one that the folders know.
    pub genome: Option<String>,
    /// The sequence of an assembly that browsers do not have, where it is now.
    pub sequence: Option<PathBuf>,
    /// Names of cell lines and their folders of tracks.
    pub cells: Vec<(String, PathBuf)>,
    /// Genes, GTF or a table of UCSC's; of an assembly that browsers have, they have them too, and the hub
    /// goes without.
    pub genes: Option<PathBuf>,
    /// Further tracks; BED and narrowPeak become bigBeds.
    pub added: Vec<AddedTrack>,
    /// Whether all settings go into `hub.txt`.
    pub one_file: bool,
    /// Where the directory will lie on the web, if that is known.
    pub base_url: Option<BaseUrl>,
}

/// Writes a hub of folders of tracks. An assembly that browsers do not have is brought along as
/// 2bit.
///
/// # Errors
///
/// Folders without tracks or of different assemblies; see [`hub::write`].
pub fn write_hub(request: &HubRequest, out: &Path) -> Result<HubSummary> {
    let cells = || request.cells.iter();
    let folders = cells().map(|(_, dir)| Folder::open(dir));
    let folders: Vec<Folder> = folders.collect::<Result<_>>()?;
    let nothing = || Error::Configuration("a hub needs a folder of tracks".to_string());
    let first = folders.first().ok_or_else(nothing)?;
    compare(first, &folders)?;
    check_names(&request.added)?;
    let request = &HubRequest {
        added: with_measured(request, &folders),
        ..request.clone()
    };
    // Also where the hub goes without them: a name that is not there is a mistake.
    let genes = request.genes.as_deref();
    genes.map(text::open).transpose()?;
    let _claim = Claim::folder(out, FolderKind::Hub)?;
    // Made sequence is linked into the hub from here.
    let unfinished = Partial::new(out.join("assembly"));
    let made = unfinished.create_dir()?;
    let added = readable(request, first, made)?.into_iter();
    let known = request.genome.clone().or(first.summary.genome.clone());
    let genome = match known {
        Some(name) if request.sequence.is_none() => Genome::Known(name),
        name => Genome::Assembly(assembly(request, first, name, made)?),
    };
    let genes = gene_track(request, &genome, first, made)?;
    let spread = cells().zip(&folders).flat_map(spread);
    let names: Vec<&str> = cells().map(|(name, _)| name.as_str()).collect();
    let names = names.join(", ");
    let long_label = || format!("EPIANN attention over enhancer-promoter pairs of {names}");
    let hub = Hub {
        name: request.name.clone(),
        short_label: request.short_label.clone().unwrap_or(request.name.clone()),
        long_label: request.long_label.clone().unwrap_or_else(long_label),
        email: request.email.clone(),
        genome,
        genes,
        cells: cells().zip(&folders).map(cell).collect(),
        added: added.chain(spread).collect(),
        one_file: request.one_file,
        base_url: request.base_url.clone(),
    };
    let summary = hub::write(&hub, out)?;
    Ok(summary)
}

/// Refuses folders of other assemblies than the first.
fn compare(first: &Folder, folders: &[Folder]) -> Result<()> {
    for other in folders {
        if other.summary.genome != first.summary.genome {
            return Err(Error::Configuration(format!(
                "{} is of {}, {} of {}: a hub has one assembly",
                first.dir.display(),
                first.genome(),
                other.dir.display(),
                other.genome()
            )));
        }
    }
    Ok(())
}

/// The added tracks, and behind them what was measured of the activities that the folders show; where there are
/// several, each is called by its cell line too. Without the reference there is nothing to compare it with.
fn with_measured(request: &HubRequest, folders: &[Folder]) -> Vec<AddedTrack> {
    let mut tracks = request.added.clone();
    let mut learnt = folders.iter().filter(|of| !of.summary.activity.is_empty());
    let Some(learnt) = learnt.next() else {
        return tracks;
    };
    let reference = match reference(request, learnt) {
        Ok(reference) => reference,
        Err(problem) => {
            info!("no measured activity is shown: {problem}");
            return tracks;
        }
    };
    for ((cell, _), folder) in request.cells.iter().zip(folders) {
        for track in folder.measured(None, &request.added, reference.chroms()) {
            let name = match folders.len() {
                1 => track.name.clone(),
                _ => format!("{cell} {}", track.name),
            };
            if tracks.iter().all(|other| other.name.trim() != name) {
                tracks.push(AddedTrack { name, ..track });
            }
        }
    }
    tracks
}

/// The added tracks, of which those that browsers cannot read by parts are made bigBeds below `made`.
fn readable(request: &HubRequest, first: &Folder, made: &Path) -> Result<Vec<AddedTrack>> {
    let mut tracks = request.added.clone();
    let text = tracks.iter().map(|track| is_text(&track.path));
    let text = text.collect::<Result<Vec<bool>>>()?;
    let Some(place) = text.iter().position(|&is_text| is_text) else {
        return Ok(tracks);
    };
    let reference = lengths_of(request, first, &tracks[place].path)?;
    let made_of_text = tracks.iter_mut().zip(text).enumerate();
    for (number, (track, _)) in made_of_text.filter(|(_, (_, is_text))| *is_text) {
        let name = track.path.file_name().unwrap_or_default();
        track.source = Some(name.to_string_lossy().into_owned());
        let path = made.join(format!("{number}.bb"));
        as_big_bed(&track.path, &path, reference.chroms())?.complete()?;
        track.path = path;
    }
    Ok(tracks)
}

/// The genes of an assembly that the hub brings along, as a bigBed below `made`.
fn gene_track(
    request: &HubRequest,
    genome: &Genome,
    first: &Folder,
    made: &Path,
) -> Result<Option<HubGenes>> {
    let Some(path) = &request.genes else {
        return Ok(None);
    };
    if let Genome::Known(name) = genome {
        let path = path.display();
        info!("{path}: browsers have genes of {name}: the hub goes without");
        return Ok(None);
    }
    let reference = reference(request, first)?;
    let chroms = reference.chroms();
    let everywhere: Vec<Region> = chroms.regions().collect();
    let found = Genes::read(path, chroms, &everywhere)?;
    let file = made.join("genes.bb");
    genes::as_big_bed(&found, &file, chroms)?.complete()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Some(HubGenes {
        path: file,
        source: name.into_owned(),
    }))
}

fn reference(request: &HubRequest, first: &Folder) -> Result<Reference> {
    let known = first.reference();
    Reference::open(request.sequence.as_ref().unwrap_or(&known))
}

/// The reference, whose chromosomes' lengths the bigBed of a BED file has to have.
fn lengths_of(request: &HubRequest, first: &Folder, bed: &Path) -> Result<Reference> {
    reference(request, first).map_err(|error| {
        let problem = format!(
            "browsers read no part of a text file: it has to become a bigBed, for which the reference is \
             missing ({error}); UCSC's bedToBigBed makes one, of rows sorted by chromosome and start"
        );
        Error::format(bed, problem)
    })
}

/// How far the members of a cell line's ensemble disagree, as further tracks.
fn spread(((name, _), folder): (&(String, PathBuf), &Folder)) -> Vec<AddedTrack> {
    let summary = &folder.summary;
    let contributed = summary.contribution.as_ref();
    let of_contributions = contributed.and_then(|of| of.spread.as_ref());
    let is_of_activity = contributed.is_some_and(|of| of.activity.is_some());
    let contribution_sd = match is_of_activity {
        false => "contribution sd",
        true => "activity contribution sd",
    };
    let measures = [
        ("sd".to_string(), summary.spread.as_ref()),
        (contribution_sd.to_string(), of_contributions),
    ];
    let activities = summary.activity.iter();
    let activities =
        activities.map(|of| (format!("{} predicted sd", of.source), of.spread.as_ref()));
    let measures = measures.into_iter().chain(activities);
    let tracks = measures.flat_map(|(what, sides): (String, Option<&Sides<Track>>)| {
        let upper = sides.map(|sides| upper_end(sides) as f32);
        let tracks = sides.into_iter().flat_map(Sides::iter);
        tracks.map(move |(element, track)| {
            let name = format!("{name} {} {what}", element.name());
            AddedTrack {
                colour: Some(Rgb::of(element).0),
                range: upper.map(|upper| (0.0, upper)),
                ..AddedTrack::new(name, folder.dir.join(&track.file))
            }
        })
    });
    tracks.collect()
}

fn cell(((name, _), folder): (&(String, PathBuf), &Folder)) -> CellTracks {
    let contributed = folder.summary.contribution.as_ref();
    let explained = contributed.and_then(|of| of.activity.as_ref());
    CellTracks {
        name: name.clone(),
        dir: folder.dir.clone(),
        pairs: folder.summary.pairs_shown,
        contributions: contributed.map(|of| of.value.clone()),
        contributions_of: explained.map(|of| of.source.clone()),
        activities: folder.summary.activity.iter().map(activity).collect(),
        rank: folder.summary.made.rank,
        aggregate: folder.summary.made.aggregate.to_string(),
        provenance: [folder.performance(), folder.summary.provenance()].concat(),
        doubt: folder.doubt(),
    }
}

fn activity(of: &Predicted) -> CellActivity {
    CellActivity {
        source: of.source.clone(),
        kind: of.kind,
        files: of.tracks.as_ref().map(|track| track.file.clone()),
        value: of.value.clone(),
    }
}

/// The assembly that the first folder's tracks lie on, with its sequence as 2bit.
fn assembly(
    request: &HubRequest,
    folder: &Folder,
    name: Option<String>,
    made: &Path,
) -> Result<Assembly> {
    let known = folder.reference();
    let path = request.sequence.as_ref().unwrap_or(&known);
    let mut reference = Reference::open(path)?;
    let chroms = reference.chroms().clone();
    let name = name.unwrap_or_else(|| folder.genome());
    let two_bit = match reference.format() {
        SequenceFormat::TwoBit => path.clone(),
        SequenceFormat::Fasta | SequenceFormat::Bgzip => {
            let two_bit = made.join("genome.2bit");
            write_two_bit(&mut reference, &two_bit)?;
            two_bit
        }
    };
    let best = choose(&folder.pairs(&chroms)?, &[], 1, &chroms)?;
    let default_position = best.first().map_or(String::new(), |shown| {
        locus(&shown.pair, &chroms).one_based()
    });
    Ok(Assembly {
        organism: name.clone(),
        description: format!("{name}, the sequence that the network saw"),
        name,
        two_bit,
        default_position,
    })
}
