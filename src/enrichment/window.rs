//! One side of one pair, as it is handed over and as it is counted.

use std::ops::Range;

use super::mock::Room;
use super::occupied::Occupied;
use super::settings::FootprintSettings;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::genome::Region;

/// The groups that windows are counted in.
pub(super) const GROUPS: [(Element, bool); 4] = [
    (Element::Enhancer, true),
    (Element::Enhancer, false),
    (Element::Promoter, true),
    (Element::Promoter, false),
];

/// The place of a side and a class in [`GROUPS`].
pub(super) fn group(element: Element, positive: bool) -> usize {
    2 * usize::from(element == Element::Promoter) + usize::from(!positive)
}

/// One side of one pair. All offsets are bases from the window's first, 0-based and half-open.
#[derive(Debug, Clone)]
pub struct Window {
    /// The side.
    pub element: Element,
    /// The class of the pair.
    pub positive: bool,
    /// Where. Windows at one place are one window: its mock regions are the same in all its pairs.
    pub region: Region,
    /// The top regions: of one length, none over another.
    pub regions: Vec<Range<u32>>,
    /// The sites of all matrices, in any order.
    pub sites: Vec<Site>,
    /// The occupancy of every base in −log10 p, 0 where there is no footprint; given exactly
    /// where [`Settings::footprints`](super::Settings::footprints) are.
    pub occupancy: Option<Vec<f32>>,
}

/// A site of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The matrix, from 0.
    pub matrix: u32,
    /// First base.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
}

impl Site {
    /// From the first base to the last.
    pub fn bases(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A site of a window that is ready to be counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marked {
    pub site: Site,
    pub occupied: bool,
}

/// A window that is ready to be counted.
pub(super) struct Prepared {
    pub group: usize,
    pub room: Room,
    /// Of the top regions.
    pub starts: Vec<u32>,
    /// Sorted by start.
    pub sites: Vec<Marked>,
    pub occupied: Option<Occupied>,
}

impl Window {
    /// The window as it is counted.
    ///
    /// # Errors
    ///
    /// As of [`Enrichment::add`](super::Enrichment::add).
    pub(super) fn prepare(
        self,
        matrices: u32,
        footprints: Option<FootprintSettings>,
    ) -> Result<Prepared> {
        if let Some(problem) = self.problem(matrices) {
            return Err(Error::Configuration(problem));
        }
        let occupied = occupied(self.occupancy, self.region.len(), footprints)?;
        let marked = |site: Site| {
            let bases = site.start..site.end;
            let occupied = occupied.as_ref();
            Marked {
                site,
                occupied: occupied.is_some_and(|occupied| occupied.touches(bases)),
            }
        };
        let mut sites: Vec<Marked> = self.sites.into_iter().map(marked).collect();
        sites.sort_unstable_by_key(|marked| marked.site.start);
        Ok(Prepared {
            group: group(self.element, self.positive),
            room: Room {
                window: self.region,
                length: self.regions.first().map_or(0, |top| top.end - top.start),
                count: self.regions.len() as u32,
            },
            starts: self.regions.iter().map(|top| top.start).collect(),
            sites,
            occupied,
        })
    }

    /// What is wrong with the window, if anything.
    fn problem(&self, matrices: u32) -> Option<String> {
        let length = self.region.end.saturating_sub(self.region.start);
        let outside = |range: &Range<u32>| range.is_empty() || range.end > length;
        let mut regions = self.regions.clone();
        regions.sort_unstable_by_key(|region| region.start);
        if let Some(Range { start, end }) = regions.iter().find(|region| outside(region)) {
            return Some(format!(
                "the top region {start}-{end} is not inside its window of {length} bases"
            ));
        }
        if regions.windows(2).any(|pair| pair[0].end > pair[1].start) {
            return Some("top regions of a window overlap".to_string());
        }
        let lengths = |pair: &[Range<u32>]| pair[0].len() != pair[1].len();
        if regions.windows(2).any(lengths) {
            return Some("top regions of a window have several lengths".to_string());
        }
        let wrong = |site: &&Site| outside(&(site.start..site.end)) || site.matrix >= matrices;
        let Site { matrix, start, end } = self.sites.iter().find(wrong)?;
        Some(if *matrix < matrices {
            format!("the site {start}-{end} is not inside its window of {length} bases")
        } else {
            format!("a site is of matrix {matrix}, and there are {matrices}")
        })
    }
}

fn occupied(
    occupancy: Option<Vec<f32>>,
    length: u32,
    footprints: Option<FootprintSettings>,
) -> Result<Option<Occupied>> {
    let (occupancy, footprints) = match (occupancy, footprints) {
        (None, None) => return Ok(None),
        (Some(occupancy), Some(footprints)) => (occupancy, footprints),
        _ => {
            let problem = "occupancies are given for every window, or for none";
            return Err(Error::Configuration(problem.to_string()));
        }
    };
    let count = occupancy.len();
    if count != length as usize {
        let problem = format!("a window of {length} bases has {count} occupancies");
        return Err(Error::Configuration(problem));
    }
    let wrong = |value: &f32| !value.is_finite() || *value < 0.0;
    if occupancy.iter().any(wrong) {
        let problem = "an occupancy is negative or not a number";
        return Err(Error::NotFinite(problem.to_string()));
    }
    Ok(Some(Occupied::new(occupancy, footprints)))
}
