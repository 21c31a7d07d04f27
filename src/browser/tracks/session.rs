//! The sessions that open a folder of tracks in a browser.

use std::path::Path;

use tracing::{info, warn};

use super::{Folder, Track, TracksSummary};
use crate::browser::session::{Kind, Locus, Sequence, Session, SessionGenome, SessionTrack};
use crate::browser::signal_range;
use crate::element::Sides;
use crate::error::Result;
use crate::formats::{ENHANCER_RGB, KNOWN_RGB, PROMOTER_RGB};
use crate::genome::{Chroms, Region, SequenceFormat};
use crate::output;
use crate::pairs::Pair;

/// The files' names: IGV desktop's, igv.js', JBrowse 2's.
const FILES: [&str; 3] = ["igv_session.xml", "igv_session.json", "jbrowse_config.json"];

/// Writes the sessions of a folder of tracks, at its most probable pair, where it has one.
///
/// Browsers find an assembly that they do not know by a path relative to the session's, so there
/// is no session for one that lies elsewhere than in the folder around the tracks, or whose path
/// no session could name.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(
    folder: &Folder,
    best: Option<Pair>,
    chroms: &Chroms,
    format: SequenceFormat,
) -> Result<()> {
    let dir = &folder.dir;
    for file in FILES {
        output::remove_if_there(&dir.join(file))?;
    }
    let Some(best) = best else {
        return Ok(());
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
            return Ok(());
        }
    };
    let tracks = tracks(&folder.summary);
    // The tracks took long to compute; a path with a colon in it must not cost them.
    let session = match Session::new(genome, locus(&best, chroms), &tracks) {
        Ok(session) => session,
        Err(problem) => {
            warn!("no sessions: {problem}");
            return Ok(());
        }
    };
    let texts = [session.igv_desktop(), session.igv_js(), session.jbrowse()];
    for (file, text) in FILES.into_iter().zip(texts) {
        output::write(dir.join(file), text)?;
    }
    Ok(())
}

fn tracks(summary: &TracksSummary) -> Vec<SessionTrack<'_>> {
    let Sides { enhancer, promoter } = &summary.tracks;
    let contributions = summary.contribution.iter().flat_map(|contributed| {
        let Sides { enhancer, promoter } = &contributed.tracks;
        let tracks = [
            letters("enhancer contribution", enhancer, ENHANCER_RGB),
            letters("promoter contribution", promoter, PROMOTER_RGB),
        ];
        let spread = contributed
            .spread
            .iter()
            .flat_map(|Sides { enhancer, promoter }| {
                [
                    signal("enhancer contribution, sd", enhancer, ENHANCER_RGB),
                    signal("promoter contribution, sd", promoter, PROMOTER_RGB),
                ]
            });
        tracks.into_iter().chain(spread)
    });
    let spread = summary
        .spread
        .iter()
        .flat_map(|Sides { enhancer, promoter }| {
            [
                signal("enhancer attention, sd", enhancer, ENHANCER_RGB),
                signal("promoter attention, sd", promoter, PROMOTER_RGB),
            ]
        });
    let mut tracks = vec![
        SessionTrack {
            name: "pairs",
            path: "pairs.bb",
            kind: Kind::Arcs {
                bedpe: "pairs.bedpe",
            },
            // Where a browser does not take each arc's own.
            rgb: KNOWN_RGB,
        },
        signal("enhancer attention", enhancer, ENHANCER_RGB),
        signal("promoter attention", promoter, PROMOTER_RGB),
    ];
    tracks.extend(spread.chain(contributions));
    tracks.push(regions("top regions", "top_regions.bb"));
    tracks.push(regions("merged regions", "merged_regions.bb"));
    tracks
}

fn regions<'a>(name: &'a str, path: &'a str) -> SessionTrack<'a> {
    SessionTrack {
        name,
        path,
        kind: Kind::Regions,
        // Where a browser does not take each region's own.
        rgb: ENHANCER_RGB,
    }
}

fn letters<'a>(name: &'a str, track: &'a Track, rgb: &'a str) -> SessionTrack<'a> {
    SessionTrack {
        name,
        path: &track.file,
        kind: Kind::Letters,
        rgb,
    }
}

fn signal<'a>(name: &'a str, track: &'a Track, rgb: &'a str) -> SessionTrack<'a> {
    let range = signal_range(track.summary.mean, f64::from(track.summary.max));
    SessionTrack {
        name,
        path: &track.file,
        kind: Kind::Signal {
            min: 0.0,
            max: range.upper as f32,
        },
        rgb,
    }
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
