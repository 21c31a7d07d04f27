//! An added track, opened where it is shown.

use std::io;
use std::path::Path;

use super::AddedTrack;
use super::item::Item;
use super::rows::{OTHER_ASSEMBLY, rows};
use crate::error::{Error, IoContext, Result};
use crate::footprints::ChromNames;
use crate::formats::{BbiFile, BigWig, Content, Entry, Fields, is_bigwig};
use crate::genome::{Chroms, Overlaps, Region, Segment};

/// An added track, compared with the reference.
pub struct OpenAdded {
    track: AddedTrack,
    source: Source,
}

enum Source {
    Signal(Box<BigWig>, ChromNames),
    BigBed(Box<BbiFile>, Fields, ChromNames),
    Rows(Overlaps<Item>),
}

/// What lies in a region.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Values from left to right, cut to the region; where there is none, a gap.
    Signal(Vec<Segment>),
    /// Items from left to right that share a base with the region, whole.
    Items(Vec<(Region, Item)>),
}

impl OpenAdded {
    /// Opens tracks for what lies in some windows; of text only that is kept.
    ///
    /// # Errors
    ///
    /// Names given twice, files that cannot be read, that are of another assembly or hold what no
    /// window shows, and a range of a track without values.
    pub fn all(tracks: &[AddedTrack], chroms: &Chroms, windows: &[Region]) -> Result<Vec<Self>> {
        super::check_names(tracks)?;
        let windows = Overlaps::of(windows.to_vec());
        let open = |track: &AddedTrack| Self::open(track, chroms, &windows);
        tracks.iter().map(open).collect()
    }

    fn open(track: &AddedTrack, chroms: &Chroms, windows: &Overlaps<()>) -> Result<Self> {
        let path = &track.path;
        let source = if is_bigwig(path)? {
            let (file, names) = open_bigwig(path, chroms)?;
            Source::Signal(Box::new(file), names)
        } else if is_text(path)? {
            let kept = rows(path, chroms, |region, row| {
                let is_near = windows.places(region).next().is_some();
                is_near.then(|| Item::new(&row.others))
            });
            Source::Rows(Overlaps::new(kept?))
        } else {
            let (file, fields, names) = open_big_bed(path, chroms)?;
            if fields.is_interact() {
                let problem = "holds interactions, which only a hub shows";
                return Err(Error::format(path, problem));
            }
            Source::BigBed(Box::new(file), fields, names)
        };
        let opened = Self {
            track: track.clone(),
            source,
        };
        match track.range {
            Some(_) if !opened.is_signal() => Err(has_no_range(path)),
            _ => Ok(opened),
        }
    }

    /// The track.
    pub fn track(&self) -> &AddedTrack {
        &self.track
    }

    /// Whether it shows values.
    pub fn is_signal(&self) -> bool {
        matches!(self.source, Source::Signal(..))
    }

    /// How many fields of a bigBed are BED's own; none of another file.
    pub fn bed_fields(&self) -> Option<u16> {
        match &self.source {
            Source::BigBed(_, fields, _) => Some(fields.bed()),
            Source::Signal(..) | Source::Rows(_) => None,
        }
    }

    /// What lies in a region of one of the windows.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn found(&mut self, region: Region) -> Result<Found> {
        let path = &self.track.path;
        Ok(match &mut self.source {
            Source::Signal(file, names) => Found::Signal(match names.get(region) {
                Some(name) => values(file, name, region)?,
                None => Vec::new(),
            }),
            Source::BigBed(file, fields, names) => Found::Items(match names.get(region) {
                Some(name) => items(file, fields, name, region).at(path)?,
                None => Vec::new(),
            }),
            Source::Rows(rows) => Found::Items(rows.overlapping(region).cloned().collect()),
        })
    }
}

/// What is wrong with a range of a track of items.
pub fn has_no_range(path: &Path) -> Error {
    Error::format(path, "holds no values, of which alone there is a range")
}

/// The finite values of a region.
fn values(file: &mut BigWig, name: &str, region: Region) -> Result<Vec<Segment>> {
    let mut segments = file.segments(name, region)?;
    segments.retain(|segment| segment.value.is_finite() && !segment.region.is_empty());
    Ok(segments)
}

/// The items of a region, of whose fields as many are BED's as the file says.
fn items(
    file: &mut BbiFile,
    fields: &Fields,
    name: &str,
    region: Region,
) -> io::Result<Vec<(Region, Item)>> {
    // Three are the place.
    let known = usize::from(fields.bed().min(6)) - 3;
    let entries = file.entries(name, region.start, region.end)?;
    let item = |entry: Entry| {
        let Entry { start, end, text } = entry;
        let fields: Vec<&str> = text.split('\t').take(known).collect();
        let chrom = region.chrom;
        (Region { chrom, start, end }, Item::new(&fields))
    };
    Ok(entries.into_iter().map(item).collect())
}

/// Whether a file is neither bigWig nor bigBed, and so text if it is anything.
///
/// # Errors
///
/// A file that cannot be read.
pub fn is_text(path: &Path) -> Result<bool> {
    Ok(!BbiFile::is_one(path)?)
}

/// Opens a bigWig of the reference's assembly.
///
/// # Errors
///
/// A file that cannot be read, or is no bigWig or of another assembly.
pub fn open_bigwig(path: &Path, chroms: &Chroms) -> Result<(BigWig, ChromNames)> {
    if !is_bigwig(path)? {
        return Err(Error::format(path, "is no bigWig"));
    }
    let file = BigWig::open(path)?;
    let names = names(path, &file.reference_chroms()?, chroms)?;
    Ok((file, names))
}

/// Opens a bigBed of the reference's assembly.
fn open_big_bed(path: &Path, chroms: &Chroms) -> Result<(BbiFile, Fields, ChromNames)> {
    let file = BbiFile::open(path)?;
    let Content::Items(fields) = &file.content else {
        return Err(Error::format(path, "is no bigBed"));
    };
    let fields = fields.clone();
    let owned = file
        .chroms()
        .map(|(name, length)| (name.to_string(), length));
    let twice = |name: String| Error::format(path, format!("{name} stands there twice"));
    let own = Chroms::new(owned).map_err(twice)?;
    let names = names(path, &own, chroms)?;
    Ok((file, fields, names))
}

/// The names of an assembly's chromosomes in a file that has these.
fn names(path: &Path, own: &Chroms, chroms: &Chroms) -> Result<ChromNames> {
    let names = ChromNames::new(path, own, chroms)?;
    match chroms.iter().any(|(name, _)| own.find(name).is_some()) {
        true => Ok(names),
        false => Err(Error::format(path, OTHER_ASSEMBLY)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::{bed, big_bed, bigwig, chroms};
    use super::*;
    use crate::genome::ChromId;

    fn region(chrom: u32, start: u32, end: u32) -> Region {
        let chrom = ChromId(chrom);
        Region { chrom, start, end }
    }

    fn opened(path: &Path, of: &Chroms, window: Region) -> Result<OpenAdded> {
        let mut all = OpenAdded::all(&[AddedTrack::new("x", path)], of, &[window])?;
        Ok(all.remove(0))
    }

    #[test]
    fn a_signal_is_cut_to_its_window_and_keeps_its_gaps() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("signal.bw");
        bigwig(&path, &chroms(&[("1", 100), ("2", 80)]));
        let of = chroms(&[("chr1", 100), ("chr2", 80), ("chr3", 70)]);
        let mut signal = opened(&path, &of, region(0, 0, 100)).unwrap();
        assert!(signal.is_signal());
        let mut values = |window| match signal.found(window).unwrap() {
            Found::Signal(found) => found
                .iter()
                .map(|segment| (segment.region.start, segment.region.end, segment.value))
                .collect::<Vec<_>>(),
            Found::Items(_) => panic!("items"),
        };
        let wanted = [(15, 20, 1.0), (20, 25, 3.0), (40, 50, 0.5)];
        assert_eq!(values(region(0, 15, 50)), wanted);
        for empty in [region(0, 70, 90), region(2, 10, 50)] {
            assert!(values(empty).is_empty());
        }
    }

    #[test]
    fn text_and_big_bed_say_the_same_of_their_items() {
        let dir = tempfile::tempdir().unwrap();
        let (text, big) = (dir.path().join("a.bed"), dir.path().join("a.bb"));
        let of = chroms(&[("chr1", 100), ("chr2", 80)]);
        bed(&text);
        big_bed(&big, &of);
        let (window, elsewhere) = (region(0, 15, 50), region(1, 0, 80));
        let items = |path: &Path| {
            let mut track = opened(path, &of, window).unwrap();
            assert!(!track.is_signal());
            assert_eq!(track.found(elsewhere).unwrap(), Found::Items(Vec::new()));
            match track.found(window).unwrap() {
                Found::Items(items) => items,
                Found::Signal(_) => panic!("values"),
            }
        };
        let found = items(&text);
        let places = found.iter().map(|(region, item)| {
            let Region { start, end, .. } = *region;
            (start, end, item.name_text(), item.score, item.strand_text())
        });
        let wanted = [(10, 20, "one", 7, "+"), (30, 40, ".", 0, ".")];
        assert_eq!(places.collect::<Vec<_>>(), wanted);
        assert_eq!(items(&big), found);
    }

    #[test]
    fn a_file_that_does_not_fit_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let own = chroms(&[("chr1", 100)]);
        bigwig(&path("a.bw"), &own);
        bed(&path("a.bed"));
        big_bed(&path("a.bb"), &own);
        let window = region(0, 0, 50);
        let refused = |name: &str, of: &[(&str, u32)]| {
            let said = opened(&path(name), &chroms(of), window).err();
            said.map_or(String::new(), |error| error.to_string())
        };
        for name in ["a.bw", "a.bed", "a.bb"] {
            assert_eq!(refused(name, &[("chr1", 100)]), "");
            let other = refused(name, &[("chrA", 100), ("chrB", 50)]);
            assert!(other.contains(OTHER_ASSEMBLY), "{other}");
        }
        for name in ["a.bw", "a.bb"] {
            assert!(refused(name, &[("chr1", 99)]).contains("another assembly"));
        }
        assert!(refused("nowhere.bw", &[("chr1", 100)]).contains("nowhere.bw"));
        fs::write(path("noise.bed"), "one two three four\n").unwrap();
        assert!(refused("noise.bed", &[("chr1", 100)]).contains("noise.bed"));
        let with_range = AddedTrack {
            range: Some((0.0, 1.0)),
            ..AddedTrack::new("x", path("a.bed"))
        };
        let said = OpenAdded::all(&[with_range], &own, &[window]).err();
        assert!(said.unwrap().to_string().contains("range"));
        let twice = ["a.bw", "a.bed"].map(|name| AddedTrack::new("x", path(name)));
        assert!(OpenAdded::all(&twice, &own, &[window]).is_err());
    }
}
