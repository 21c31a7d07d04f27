//! The assembly that a hub's tracks lie on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::name::is_word;
use crate::error::{Error, Result};
use crate::genome::{known_assembly, known_length};
use crate::text::escape;

/// The assembly that a hub's tracks lie on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Genome {
    /// One that the browser has, by its name there: `hg19`.
    Known(String),
    /// One that the hub brings along.
    Assembly(Assembly),
}

/// UCSC's browser.
const UCSC: &str = "https://genome.ucsc.edu/cgi-bin/hgTracks";

/// An assembly that the browser does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    /// Its name, unlike that of any assembly the browser has.
    pub name: String,
    /// Its sequence, as 2bit.
    pub two_bit: PathBuf,
    /// The organism, as the browser's menus name it.
    pub organism: String,
    /// A line about it.
    pub description: String,
    /// Where the browser opens, as `chrom:start-end`, 1-based as browsers count.
    pub default_position: String,
}

impl Genome {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(name) => name,
            Self::Assembly(assembly) => &assembly.name,
        }
    }

    /// The assembly of UCSC's whose chromosomes have these lengths, if it is [`known_assembly`].
    pub fn recognise<'a>(chroms: impl IntoIterator<Item = (&'a str, u32)>) -> Option<Self> {
        known_assembly(chroms).map(|name| Self::Known(name.to_string()))
    }

    /// The address that opens UCSC's browser with a hub of this genome, which lies at `hub`: assemblies of
    /// UCSC's are `db`, those that hubs bring along `genome`
    /// (<https://genome.ucsc.edu/FAQ/FAQlink.html>).
    pub fn ucsc_address(&self, hub: &str) -> String {
        let key = match self {
            Self::Known(_) => "db",
            Self::Assembly(_) => "genome",
        };
        let (name, hub) = (escape::query(self.name()), escape::query(hub));
        format!("{UCSC}?{key}={name}&hubUrl={hub}")
    }

    /// Refuses a name that could not be a folder and a word of a hub's files.
    pub(super) fn check_name(&self) -> Result<()> {
        let name = self.name();
        if is_genome_name(name) {
            return Ok(());
        }
        Err(Error::Configuration(format!(
            "{name:?} is not a genome's name: it has to begin with a letter and to hold only \
             letters, digits, '_', '-' and '.'"
        )))
    }
}

/// Names and lengths of chromosomes, in the order of the names.
pub(super) type ChromLengths = BTreeMap<String, u32>;

/// The chromosomes of an open file.
pub(super) fn chrom_lengths<'a>(chroms: impl Iterator<Item = (&'a str, u32)>) -> ChromLengths {
    let owned = chroms.map(|(name, length)| (name.to_string(), length));
    owned.collect()
}

/// Whether a genome can have this name.
pub(super) fn is_genome_name(name: &str) -> bool {
    is_word(name, "_-.")
}

/// The chromosomes whose lengths are not those of the assembly of this name, with the right
/// length. Empty for an assembly that is not in the table.
pub(super) fn wrong_lengths<'a>(
    name: &str,
    chroms: &'a ChromLengths,
) -> impl Iterator<Item = (&'a str, u32, u32)> {
    let name = name.to_string();
    chroms.iter().filter_map(move |(chrom, &length)| {
        let right = known_length(&name, chrom)?;
        (right != length).then_some((chrom.as_str(), length, right))
    })
}

/// Refuses a position, `chrom:start-end` and 1-based, that is not among these chromosomes.
pub(super) fn position_in(position: &str, chroms: &ChromLengths) -> Result<(), String> {
    let parse = || {
        let (chrom, range) = position.rsplit_once(':')?;
        let (start, end) = range.split_once('-')?;
        let number = |text: &str| text.replace(',', "").parse::<u32>().ok();
        Some((chrom, number(start)?, number(end)?))
    };
    let Some((chrom, start, end)) = parse() else {
        return Err(format!("{position:?} is not chrom:start-end"));
    };
    match chroms.get(chrom) {
        None => Err(format!("{position}: the 2bit file has no {chrom}")),
        Some(&length) if start < 1 || end < start || length < end => Err(format!(
            "{position} is not within {chrom}, which has {length} bases"
        )),
        Some(_) => Ok(()),
    }
}
