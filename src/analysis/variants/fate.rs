//! What becomes of each allele of a file: the windows that hold it, or why it has none.

use serde::Serialize;

use super::change::Change;
use super::windows::Windows;
use crate::error::{Result, RowProblem};
use crate::formats::{Allele, VcfRecord};
use crate::genome::{Places, Reference, Region, base_code, letters};

/// Why nothing is computed for an allele.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No window holds a base of it.
    OutsideEveryWindow,
    /// It lies partly inside a window, and whole inside none.
    OverAWindowsEdge,
    /// The reference has no such chromosome.
    OtherChromosome,
    /// `<DEL>` and the like.
    Symbolic,
    /// A join with another place.
    Breakend,
    /// `*`, of a base that another record deletes.
    OverlappingDeletion,
    /// `.`, no alternate allele.
    NoAlternate,
    /// The same bases as REF.
    SameAsReference,
    /// Other letters than A, C, G, T and N.
    OtherLetters,
    /// REF is not what stands in the reference, or reaches past a chromosome's end.
    OtherReference,
    /// No pair whose window holds it is predicted to interact.
    NotPredicted,
}

impl Reason {
    /// All, in the order in which they are told, each in words.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::OutsideEveryWindow, "outside every window"),
        (Self::OverAWindowsEdge, "over the edge of a window"),
        (
            Self::OtherChromosome,
            "on a chromosome that the reference lacks",
        ),
        (Self::Symbolic, "symbolic"),
        (Self::Breakend, "breakends"),
        (Self::OverlappingDeletion, "*"),
        (Self::NoAlternate, "without an alternate"),
        (Self::SameAsReference, "the same as REF"),
        (Self::OtherLetters, "of other letters than A, C, G, T and N"),
        (
            Self::OtherReference,
            "with a REF that is not the reference's, or past a chromosome's end",
        ),
        (
            Self::NotPredicted,
            "in no pair that is predicted to interact",
        ),
    ];
}

/// What becomes of an allele.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It changes something in these windows.
    Held(Change, Vec<usize>),
    /// It has no effect that could be computed.
    LeftOut(Reason),
}

/// Finds out what becomes of alleles.
pub struct Fates<'a> {
    places: Places<'a>,
    windows: &'a Windows,
}

impl<'a> Fates<'a> {
    /// By the chromosomes of a reference, and some windows.
    pub fn new(places: Places<'a>, windows: &'a Windows) -> Self {
        Self { places, windows }
    }

    /// Whether chromosomes had to be looked for under another name.
    pub fn translated(&self) -> bool {
        self.places.translated()
    }

    /// What becomes of each alternate allele of a record, or what is wrong with its REF. That is compared
    /// with the reference where an allele lies in a window. Where no allele has bases it may lie past
    /// the chromosome's end: breakends of telomeres do (VCFv4.5, 1.6.1.2).
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn of(
        &mut self,
        record: &VcfRecord,
        reference: &mut Reference,
    ) -> Result<Result<Vec<Fate>, RowProblem>> {
        let length = record.reference.len() as u32;
        let region = record.start.map(|start| {
            let end = start.saturating_add(length);
            self.places
                .region("REF", (record.chrom.as_str(), start, end))
        });
        let place = match region {
            None => Err(Reason::OutsideEveryWindow),
            Some(Err(RowProblem::UnknownChromosome(_))) => Err(Reason::OtherChromosome),
            Some(Err(problem)) if has_bases(record) => return Ok(Err(problem)),
            Some(Err(_)) => Err(Reason::OutsideEveryWindow),
            Some(Ok(region)) => Ok(region),
        };
        let codes: Vec<u8> = record.reference.bytes().map(base_code).collect();
        let fate = |text: &String| self.fate(Allele::new(text), place, &codes);
        let fates: Vec<Fate> = record.alternates.iter().map(fate).collect();
        let is_held = |fate: &Fate| matches!(fate, Fate::Held(..));
        if let (Ok(region), true) = (place, fates.iter().any(is_held)) {
            let there = reference.codes(region)?;
            if there != codes {
                return Ok(Err(RowProblem::OtherBases {
                    given: shown(record.reference.as_bytes()),
                    there: shown(&letters(&there)),
                }));
            }
        }
        Ok(Ok(fates))
    }

    fn fate(&self, allele: Allele, place: Result<Region, Reason>, reference: &[u8]) -> Fate {
        let bases = match allele {
            Allele::Bases(bases) => bases,
            Allele::Symbolic => return Fate::LeftOut(Reason::Symbolic),
            Allele::Breakend => return Fate::LeftOut(Reason::Breakend),
            Allele::Overlapped => return Fate::LeftOut(Reason::OverlappingDeletion),
            Allele::Missing => return Fate::LeftOut(Reason::NoAlternate),
            Allele::Other => return Fate::LeftOut(Reason::OtherLetters),
        };
        let region = match place {
            Ok(region) => region,
            Err(reason) => return Fate::LeftOut(reason),
        };
        let codes: Vec<u8> = bases.bytes().map(base_code).collect();
        let Some(change) = Change::new(region, reference, &codes) else {
            return Fate::LeftOut(Reason::SameAsReference);
        };
        let touched = self.windows.touched(change.touched());
        match (touched.whole.is_empty(), touched.partly) {
            (false, _) => Fate::Held(change, touched.whole),
            (true, true) => Fate::LeftOut(Reason::OverAWindowsEdge),
            (true, false) => Fate::LeftOut(Reason::OutsideEveryWindow),
        }
    }
}

/// Whether one of its alternate alleles is bases.
fn has_bases(record: &VcfRecord) -> bool {
    let mut alternates = record.alternates.iter();
    alternates.any(|text| matches!(Allele::new(text), Allele::Bases(_)))
}

/// Bases as a message tells them.
fn shown(letters: &[u8]) -> String {
    const MOST: usize = 20;
    let text = String::from_utf8_lossy(&letters[..letters.len().min(MOST)]).into_owned();
    match letters.len() {
        0..=MOST => text,
        all => format!("{text}… ({all} bases)"),
    }
}
