//! Tracks of the user's own on a page.

use super::values::{by_chromosome, signed};
use crate::browser::added::{Found, Item, OpenAdded};
use crate::browser::view::{PageTrack, PageTrackContent, Signed};
use crate::error::Result;
use crate::genome::{Chroms, Region, Segment, merge};

/// So many bases, each by itself, take the room of one stretch with its length.
const STRETCH: u32 = 8;

/// What a track of the user's own shows in the windows of the pairs.
///
/// # Errors
///
/// A file that cannot be read.
pub fn shown(track: &mut OpenAdded, windows: &[Region], chroms: &Chroms) -> Result<PageTrack> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut features: Vec<(Region, Item)> = Vec::new();
    let mut before: Option<Region> = None;
    for window in merge(windows.iter().copied()) {
        let seen = before.filter(|of| of.chrom == window.chrom);
        match track.found(window)? {
            Found::Signal(found) => segments.extend(found),
            // What reaches from one window into the next is one item.
            Found::Items(found) => features.extend(
                found
                    .into_iter()
                    .filter(|(region, _)| seen.is_none_or(|of| of.end <= region.start)),
            ),
        }
        before = Some(window);
    }
    let of = track.track();
    let (name, colour) = (of.title().to_string(), of.rgb());
    let shown = match track.is_signal() {
        true => {
            let bases: u32 = segments.iter().map(|segment| segment.region.len()).sum();
            let is_dense = segments.len() as u64 * u64::from(STRETCH) > u64::from(bases);
            let none: &[Segment] = &[];
            let (sparse, dense) = match is_dense {
                true => (none, segments.as_slice()),
                false => (segments.as_slice(), none),
            };
            PageTrackContent::Signal {
                range: of.range,
                values: by_chromosome(sparse, chroms),
                bases: signed(dense, chroms, finely),
            }
        }
        false => {
            let features = features.into_iter().map(|(region, item)| {
                let chrom = chroms.name(region.chrom).to_string();
                let (name, strand) = (item.name.to_string(), item.strand_text());
                (chrom, region.start, region.end, name, item.score, strand)
            });
            PageTrackContent::Features {
                features: features.collect(),
            }
        }
    };
    Ok(PageTrack {
        name,
        colour,
        is_measured: of.is_measured,
        shown,
    })
}

/// With all the steps that there are: whoever gave a range looks closely.
fn finely(chrom: &str, start: u32, values: &[f32]) -> Signed {
    Signed::in_steps(chrom, start, values, i16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::added::AddedTrack;
    use crate::formats::write_bigwig;
    use crate::genome::ChromId;

    fn region(start: u32, end: u32) -> Region {
        let chrom = ChromId(0);
        Region { chrom, start, end }
    }

    /// A page's track of values, and their two forms: stretches and bases.
    fn forms(stretches: &[(u32, u32)]) -> (usize, usize) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let segments = stretches.iter().map(|&(start, end)| Segment {
            region: region(start, end),
            value: start as f32 + 1.0,
        });
        let (file, _) = write_bigwig(&path, &chroms, segments).unwrap();
        file.complete().unwrap();
        let windows = [region(0, 300), region(250, 400)];
        let track = AddedTrack::new("x", path);
        let mut opened = OpenAdded::all(&[track], &chroms, &windows).unwrap();
        match shown(&mut opened[0], &windows, &chroms).unwrap().shown {
            PageTrackContent::Signal { values, bases, .. } => {
                let steps = values.iter().map(|(_, steps)| steps.len());
                (steps.sum(), bases.len())
            }
            PageTrackContent::Features { .. } => panic!("no values"),
        }
    }

    #[test]
    fn values_take_the_form_that_takes_less_room() {
        assert_eq!(forms(&[(10, 200), (350, 600)]), (2, 0));
        let bases: Vec<(u32, u32)> = (20..120).map(|base| (base, base + 1)).collect();
        assert_eq!(forms(&bases), (0, 1));
    }

    #[test]
    fn an_item_of_two_windows_is_there_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bed");
        let rows =
            "chr1\t50\t900\tlong\nchr1\t60\t70\tshort\nchr1\t610\t620\tlate\nchr1\t950\t960\tno\n";
        std::fs::write(&path, rows).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let windows = [region(600, 700), region(0, 100)];
        let track = AddedTrack::new("x", path);
        let mut opened = OpenAdded::all(&[track], &chroms, &windows).unwrap();
        let page = shown(&mut opened[0], &windows, &chroms).unwrap();
        assert_eq!(page.colour, "60,60,60");
        let PageTrackContent::Features { features } = page.shown else {
            panic!("no items");
        };
        let names: Vec<&str> = features.iter().map(|item| item.3.as_str()).collect();
        assert_eq!(names, ["long", "short", "late"]);
    }
}
