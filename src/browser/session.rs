//! Sessions: files that open a genome browser with every track in place.
//!
//! Three browsers' own: IGV desktop's XML, igv.js' JSON and JBrowse 2's configuration. All name
//! the files by paths relative to their own, so that the folder can be moved or served.

mod igv_desktop;
mod igv_js;
mod jbrowse;

use serde::Serialize;

use crate::error::{Error, Result};

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

/// A reference sequence, by paths relative to the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence<'a> {
    /// FASTA with the index of `samtools faidx`. IGV desktop looks for it at the sequence's path
    /// with `.fai` added.
    Fasta {
        /// The sequence.
        path: &'a str,
        /// The index.
        index: &'a str,
    },
    /// FASTA in bgzip form with both its indexes. IGV desktop looks for them at the sequence's
    /// path with `.fai` and `.gzi` added.
    BgzipFasta {
        /// The sequence.
        path: &'a str,
        /// The index of `samtools faidx`.
        index: &'a str,
        /// The index of the compressed blocks.
        blocks: &'a str,
    },
    /// UCSC's 2bit.
    TwoBit {
        /// The sequence.
        path: &'a str,
    },
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
    /// The colour, as three numbers from 0 to 255 with commas between them. Where a browser lets a
    /// track's colour hide those of its items, [`Kind::Regions`] keep their own.
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
    /// Regions, as bigBed.
    Regions,
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
            SessionGenome::Own { sequence, .. } => sequence.paths().try_for_each(check_path)?,
        }
        if locus.chrom.is_empty() || locus.start >= locus.end {
            let Locus { chrom, start, end } = locus;
            return Err(refuse(format!(
                "there is no base in {chrom:?} {start}-{end}"
            )));
        }
        tracks.iter().try_for_each(check_track)?;
        Ok(Self {
            genome,
            locus,
            tracks,
        })
    }
}

impl<'a> Sequence<'a> {
    fn paths(self) -> impl Iterator<Item = &'a str> {
        let (path, indexes) = match self {
            Self::Fasta { path, index } => (path, [Some(index), None]),
            Self::BgzipFasta {
                path,
                index,
                blocks,
            } => (path, [Some(index), Some(blocks)]),
            Self::TwoBit { path } => (path, [None, None]),
        };
        std::iter::once(path).chain(indexes.into_iter().flatten())
    }
}

impl Locus<'_> {
    /// As both IGVs write it: 1-based, with the last base.
    fn one_based(self) -> String {
        format!("{}:{}-{}", self.chrom, self.start + 1, self.end)
    }
}

fn check_track(track: &SessionTrack) -> Result<()> {
    check_path(track.path)?;
    check_rgb(track.rgb)?;
    match track.kind {
        Kind::Signal { min, max } if !(min.is_finite() && max.is_finite() && min < max) => {
            let name = track.name;
            Err(refuse(format!(
                "{name:?}: a scale cannot go from {min} to {max}"
            )))
        }
        Kind::Arcs { bedpe } => check_path(bedpe),
        Kind::Signal { .. } | Kind::Regions => Ok(()),
    }
}

fn check_id(id: &str) -> Result<()> {
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(refuse(format!("no browser knows a genome named {id:?}")))
    }
}

/// A path with a colon could be taken for the address of another site.
fn check_path(path: &str) -> Result<()> {
    let relative = !path.is_empty()
        && !path.starts_with('/')
        && !path.contains([':', '\\'])
        && !path.chars().any(char::is_control);
    if relative {
        Ok(())
    } else {
        Err(refuse(format!("a session cannot name the file {path:?}")))
    }
}

fn check_rgb(rgb: &str) -> Result<()> {
    let is_part =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u8>().is_ok();
    if rgb.split(',').count() == 3 && rgb.split(',').all(is_part) {
        Ok(())
    } else {
        Err(refuse(format!("{rgb:?} is no colour such as 230,97,1")))
    }
}

/// Indented JSON, ending in a line break.
fn json(value: &impl Serialize) -> String {
    // Fails for maps without text keys alone, of which there are none.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn refuse(message: String) -> Error {
    Error::Configuration(message)
}

#[cfg(test)]
mod tests;
