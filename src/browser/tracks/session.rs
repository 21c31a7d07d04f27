//! The sessions that open a folder of tracks in a browser.

use std::path::Path;

use tracing::{info, warn};

use super::added_files::AddedFile;
use super::track::{Predicted, upper_end};
use super::{Folder, Track};
use crate::browser::added::AddedTrack;
use crate::browser::session::{Kind, Locus, Sequence, Session, SessionGenome, SessionTrack};
use crate::element::colours::{UNLABELLED_RGB, text_of};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::{Chroms, Region, SequenceFormat};
use crate::output;
use crate::pairs::Pair;
use crate::text::BaseUrl;

/// The files' names: IGV desktop's, igv.js', JBrowse 2's, WashU's.
const FILES: [&str; 4] = [
    "igv_session.xml",
    "igv_session.json",
    "jbrowse_config.json",
    WASHU,
];
const WASHU: &str = "washu_hub.json";
/// What earlier versions did not write.
const MERGED: &str = "merged_regions.bb";

/// Sessions that are made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sessions {
    /// Names and texts.
    pub files: Vec<(&'static str, String)>,
    /// The address that opens WashU's browser with its list of tracks, where the folder's is known.
    pub washu: Option<String>,
}

/// Writes the sessions of a folder of tracks, at its most probable pair, where it has one, with what was
/// measured of the activities that it shows.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(
    folder: &Folder,
    best: Option<Pair>,
    (chroms, format): (&Chroms, SequenceFormat),
    measured: &[AddedTrack],
) -> Result<()> {
    let dir = &folder.dir;
    let added = AddedFile::all(measured, chroms)?;
    let sessions = sessions(folder, best, (chroms, format), &added, None);
    if !sessions.files.is_empty() {
        added.iter().try_for_each(|file| file.place(dir, chroms))?;
    }
    write_files(dir, &sessions)
}

/// Writes sessions into a folder in place of those that are there.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write_files(dir: &Path, sessions: &Sessions) -> Result<()> {
    for file in FILES {
        output::remove_if_there(&dir.join(file))?;
    }
    for (file, text) in &sessions.files {
        output::write(dir.join(file), text)?;
    }
    Ok(())
}

/// Whether the sessions that are in a folder are these.
pub fn are_there(dir: &Path, sessions: &Sessions) -> bool {
    let is_there = |file: &str| {
        let made = sessions.files.iter().find(|(name, _)| *name == file);
        let there = std::fs::read_to_string(dir.join(file)).ok();
        there.as_ref() == made.map(|(_, text)| text)
    };
    FILES.into_iter().all(is_there)
}

/// The sessions of a folder of tracks at a pair, with tracks of the user's own behind those of the
/// folder; by addresses where it is known where the folder lies on the web.
///
/// Browsers find an assembly that they do not know by a path relative to the session's, so there
/// is no session for one that lies elsewhere than in the folder around the tracks, or whose path
/// no session could name.
pub fn sessions(
    folder: &Folder,
    best: Option<Pair>,
    (chroms, format): (&Chroms, SequenceFormat),
    added: &[AddedFile],
    base: Option<&BaseUrl>,
) -> Sessions {
    let dir = &folder.dir;
    let Some(best) = best else {
        return Sessions::default();
    };
    let name = folder.genome();
    let path = folder.summary.made.reference.path.to_str().unwrap_or("");
    let genome = match &folder.summary.genome {
        Some(known) => SessionGenome::Known(known),
        None if Path::new(path).is_relative() && !path.is_empty() => SessionGenome::Own {
            name: &name,
            sequence: Sequence { path, format },
        },
        None => {
            let dir = dir.display();
            info!("no sessions: the reference is not in the folder around {dir}");
            return Sessions::default();
        }
    };
    let (measured, added): (Vec<_>, Vec<_>) = added.iter().partition(|file| file.is_measured());
    let names: Vec<Names> = folder.summary.activity.iter().map(names).collect();
    let (above, below) = tracks(folder, &names);
    let measured = measured.into_iter().map(AddedFile::track);
    let added = added.into_iter().map(AddedFile::track);
    let tracks = above.into_iter().chain(measured).chain(below).chain(added);
    let tracks: Vec<SessionTrack> = tracks.collect();
    let session = Session::new(genome, locus(&best, chroms), &tracks);
    let session = session.and_then(|session| match base {
        Some(base) => session.at(base),
        None => Ok(session),
    });
    // The tracks took long to compute; a path with a colon in it must not cost them.
    match session {
        Ok(session) => of_session(&session),
        Err(problem) => {
            warn!("no sessions: {problem}");
            Sessions::default()
        }
    }
}

fn of_session(session: &Session) -> Sessions {
    let texts = [session.igv_desktop(), session.igv_js(), session.jbrowse()];
    let files = FILES
        .into_iter()
        .zip(texts.into_iter().chain(session.washu()));
    Sessions {
        files: files.collect(),
        washu: session.washu_address(WASHU),
    }
}

/// A folder's own tracks: attention and predicted activity, below which stands what was measured, and what
/// follows.
fn tracks<'a>(
    folder: &'a Folder,
    activities: &'a [Names],
) -> (Vec<SessionTrack<'a>>, Vec<SessionTrack<'a>>) {
    let summary = &folder.summary;
    let contributions = summary.contribution.iter().flat_map(|contributed| {
        let [names, of_spread] = match contributed.activity {
            None => [
                ["enhancer contribution", "promoter contribution"],
                ["enhancer contribution, sd", "promoter contribution, sd"],
            ],
            Some(_) => [
                [
                    "enhancer activity contribution",
                    "promoter activity contribution",
                ],
                [
                    "enhancer activity contribution, sd",
                    "promoter activity contribution, sd",
                ],
            ],
        };
        let tracks = both(names, &contributed.tracks, Kind::Letters);
        let spread = contributed.spread.iter();
        let spread = spread.flat_map(move |spread| signals(of_spread, spread));
        tracks.into_iter().chain(spread)
    });
    let names = ["enhancer attention, sd", "promoter attention, sd"];
    let spread = summary.spread.iter();
    let spread = spread.flat_map(move |spread| signals(names, spread));
    let names = ["enhancer attention", "promoter attention"];
    let attention = signals(names, &summary.tracks);
    let mut tracks = vec![SessionTrack {
        name: "pairs",
        path: "pairs.bb",
        kind: Kind::Arcs {
            bedpe: "pairs.bedpe",
        },
        // Where a browser does not take each arc's own: none that means what many of them are not.
        rgb: UNLABELLED_RGB,
    }];
    tracks.extend(attention.into_iter().chain(spread));
    tracks.extend(summary.activity.iter().zip(activities).flat_map(activity));
    let mut below: Vec<SessionTrack> = contributions.collect();
    below.push(regions("top regions", "top_regions.bb"));
    if folder.dir.join(MERGED).is_file() {
        below.push(regions("merged regions", MERGED));
    }
    (tracks, below)
}

/// What the tracks of an activity are called, of both elements: predicted, and how far the members of an
/// ensemble disagree.
type Names = [[String; 2]; 2];

fn names(of: &Predicted) -> Names {
    let predicted = Element::BOTH.map(|element| of.name(element));
    let spread = predicted.each_ref().map(|name| format!("{name}, sd"));
    [predicted, spread]
}

/// The tracks of an activity under these names.
fn activity<'a>(
    (of, [predicted, spread]): (&'a Predicted, &'a Names),
) -> impl Iterator<Item = SessionTrack<'a>> {
    let kind = Kind::Signal {
        min: 0.0,
        max: of.upper() as f32,
    };
    let of_both = |names: &'a [String; 2]| names.each_ref().map(String::as_str);
    let spread = of_both(spread);
    let disagreement = of.spread.iter();
    let disagreement = disagreement.flat_map(move |tracks| signals(spread, tracks));
    let tracks = both(of_both(predicted), &of.tracks, kind).into_iter();
    tracks.chain(disagreement)
}

fn regions<'a>(name: &'a str, path: &'a str) -> SessionTrack<'a> {
    SessionTrack {
        name,
        path,
        kind: Kind::Regions,
        // Where a browser does not take each region's own.
        rgb: UNLABELLED_RGB,
    }
}

/// The signals of both elements on one scale.
fn signals<'a>(names: [&'a str; 2], tracks: &'a Sides<Track>) -> [SessionTrack<'a>; 2] {
    let kind = Kind::Signal {
        min: 0.0,
        max: upper_end(tracks) as f32,
    };
    both(names, tracks, kind)
}

/// The tracks of both elements, in their colours.
fn both<'a>(
    [enhancer, promoter]: [&'a str; 2],
    tracks: &'a Sides<Track>,
    kind: Kind<'a>,
) -> [SessionTrack<'a>; 2] {
    let of = |element: Element, name| SessionTrack {
        name,
        path: &tracks.get(element).file,
        kind,
        rgb: text_of(element),
    };
    [
        of(Element::Enhancer, enhancer),
        of(Element::Promoter, promoter),
    ]
}

/// What shows a pair: both elements and a tenth more on either side, or the enhancer alone if the
/// promoter is on another chromosome.
pub(super) fn locus<'a>(pair: &Pair, chroms: &'a Chroms) -> Locus<'a> {
    let Sides { enhancer, promoter } = pair.elements;
    let both = enhancer.chrom == promoter.chrom;
    let other = if both { promoter } else { enhancer };
    let (start, end) = (enhancer.start.min(other.start), enhancer.end.max(other.end));
    let chrom = enhancer.chrom;
    let shown = Region { chrom, start, end };
    let Region { start, end, .. } = shown.widened(shown.len() / 10 + 1000).cut(chroms);
    Locus {
        chrom: chroms.name(chrom),
        start,
        end,
    }
}
