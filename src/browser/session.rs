//! Sessions: files that open a genome browser with every track in place.
//!
//! Four browsers' own: IGV desktop's XML, igv.js' JSON, JBrowse 2's configuration and WashU's data
//! hub. They name the files by paths relative to their own, so that the folder can be moved or served,
//! or by addresses, so that they open from anywhere.

mod igv_desktop;
mod igv_js;
mod jbrowse;
mod washu;

use serde::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::genome::SequenceFormat;
use crate::text::{BaseUrl, escape};

/// What the tracks lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionGenome<'a> {
    /// A genome that browsers know, by UCSC's name, such as hg19.
    Known(&'a str),
    /// A genome of one's own.
    Own {
        /// What it is called.
        name: &'a str,
        /// Its sequence.
        sequence: Sequence<'a>,
    },
}

/// A reference sequence. Its indexes, if it has any, are where IGV desktop looks for them: at its
/// path with `.fai` and `.gzi` added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence<'a> {
    /// The file, relative to the session.
    pub path: &'a str,
    /// How it is written.
    pub format: SequenceFormat,
}

/// What is shown first, 0-based and half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locus<'a> {
    /// The chromosome's name.
    pub chrom: &'a str,
    /// First base.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
}

/// A track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SessionTrack<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The file, relative to the session.
    pub path: &'a str,
    /// What it holds.
    pub kind: Kind<'a>,
    /// The colour, as three numbers from 0 to 255 with commas between them. [`Kind::Regions`] and
    /// [`Kind::Arcs`] have it only where a browser does not take those of their items.
    pub rgb: &'a str,
}

/// What a track holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind<'a> {
    /// Values, as bigWig.
    Signal {
        /// The bottom of the scale.
        min: f32,
        /// The top of the scale.
        max: f32,
    },
    /// A signed value for each base, as bigWig: the bases themselves, as high as their values, where a
    /// browser can draw that (Nair et al. 2022, doi:10.1038/s41588-022-01194-w), else bars. Scaled to
    /// what is in sight.
    Letters,
    /// Values as bigWig, scaled to what is in sight.
    Scaled,
    /// Regions, as bigBed.
    Regions,
    /// Regions in the track's colour, as bigBed.
    Plain,
    /// Pairs of regions, as bigInteract.
    Arcs {
        /// The same pairs as BEDPE, relative to the session. IGV desktop reads bigInteract from
        /// version 3 on only, JBrowse not as pairs.
        bedpe: &'a str,
    },
}

/// A session that can be written for every browser.
#[derive(Debug, Clone)]
pub struct Session<'a> {
    genome: SessionGenome<'a>,
    locus: Locus<'a>,
    tracks: &'a [SessionTrack<'a>],
    base: Option<&'a BaseUrl>,
}

impl<'a> Session<'a> {
    /// Checks what no browser could read.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for a path that is not relative, a colour or scale that is none, an
    /// empty locus, and the name of a known genome that has other than letters and digits.
    pub fn new(
        genome: SessionGenome<'a>,
        locus: Locus<'a>,
        tracks: &'a [SessionTrack<'a>],
    ) -> Result<Self> {
        match genome {
            SessionGenome::Known(id) => check_id(id)?,
            SessionGenome::Own { sequence, .. } => check_path(sequence.path)?,
        }
        let Locus { chrom, start, end } = locus;
        ensure(!chrom.is_empty() && start < end, || {
            format!("there is no base in {chrom:?} {start}-{end}")
        })?;
        tracks.iter().try_for_each(check_track)?;
        Ok(Self {
            genome,
            locus,
            tracks,
            base: None,
        })
    }

    /// The same, with addresses in place of paths: the session's folder lies at `base`.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for a file that lies outside of the site.
    pub fn at(self, base: &'a BaseUrl) -> Result<Self> {
        let sequence = match self.genome {
            SessionGenome::Known(_) => None,
            SessionGenome::Own { sequence, .. } => Some(sequence.path),
        };
        let bedpe = self.tracks.iter().filter_map(|track| match track.kind {
            Kind::Arcs { bedpe } => Some(bedpe),
            _ => None,
        });
        let paths = self.tracks.iter().map(|track| track.path);
        for path in paths.chain(bedpe).chain(sequence) {
            ensure(base.join(path).is_some(), || {
                format!("{path} is outside of what {base} holds")
            })?;
        }
        let base = Some(base);
        Ok(Self { base, ..self })
    }

    /// Where a browser on the web finds a file.
    fn address(&self, path: &str) -> String {
        let address = self.base.and_then(|base| base.join(path));
        address.unwrap_or_else(|| escape::path(path))
    }

    /// What a session says to whoever opens it with an editor: where it may lie.
    fn note(&self, relative: &'static str) -> &'static str {
        match self.base {
            Some(_) => "All files are named by their addresses: this file opens from anywhere.",
            None => relative,
        }
    }
}

impl Sequence<'_> {
    /// The paths of all its files, its own first.
    fn paths(self) -> impl Iterator<Item = String> {
        let endings: &[&str] = match self.format {
            SequenceFormat::Fasta => &["", ".fai"],
            SequenceFormat::Bgzip => &["", ".fai", ".gzi"],
            SequenceFormat::TwoBit => &[""],
        };
        let path = move |ending: &&str| format!("{}{ending}", self.path);
        endings.iter().map(path)
    }
}

impl Locus<'_> {
    /// As both IGVs write it: 1-based, with the last base.
    pub(super) fn one_based(self) -> String {
        format!("{}:{}-{}", self.chrom, self.start + 1, self.end)
    }
}

fn check_track(track: &SessionTrack) -> Result<()> {
    check_path(track.path)?;
    check_rgb(track.rgb)?;
    match track.kind {
        Kind::Signal { min, max } => {
            let (name, rises) = (track.name, min.is_finite() && max.is_finite() && min < max);
            ensure(rises, || {
                format!("{name:?}: a scale cannot go from {min} to {max}")
            })
        }
        Kind::Arcs { bedpe } => check_path(bedpe),
        Kind::Letters | Kind::Scaled | Kind::Regions | Kind::Plain => Ok(()),
    }
}

fn check_id(id: &str) -> Result<()> {
    let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    ensure(plain, || format!("no browser knows a genome named {id:?}"))
}

/// A path with a colon could be taken for the address of another site.
fn check_path(path: &str) -> Result<()> {
    let relative = !path.is_empty()
        && !path.starts_with('/')
        && !path.contains([':', '\\'])
        && !path.chars().any(char::is_control);
    ensure(relative, || {
        format!("a session cannot name the file {path:?}")
    })
}

fn check_rgb(rgb: &str) -> Result<()> {
    let is_part =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u8>().is_ok();
    let is_colour = rgb.split(',').count() == 3 && rgb.split(',').all(is_part);
    ensure(is_colour, || {
        format!("{rgb:?} is no colour such as 230,97,1")
    })
}

fn ensure(right: bool, problem: impl FnOnce() -> String) -> Result<()> {
    let refuse = || Error::Configuration(problem());
    right.then_some(()).ok_or_else(refuse)
}

/// Values by their keys, which JSON keeps in this order.
struct Keyed<T>(Vec<(&'static str, T)>);

impl<T> Keyed<T> {
    /// Each value has the key in its place; keys that are left over have none.
    fn new(keys: &[&'static str], values: impl IntoIterator<Item = T>) -> Self {
        Self(keys.iter().copied().zip(values).collect())
    }
}

impl<T: Serialize> Serialize for Keyed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Indented JSON, ending in a line break.
fn json(value: &impl Serialize) -> String {
    // Fails for maps without text keys alone, of which there are none.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests;
