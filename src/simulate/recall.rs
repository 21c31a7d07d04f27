//! How well top regions find what was planted.

use std::ops::Add;

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::enrichment::mock;
use crate::genome::Region;
use crate::seed::{Purpose, stream};

/// Draws of random regions for each window.
const DRAWS: u64 = 100;

/// How many of some planted sites lie, whole, in one of their window's regions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    /// Planted sites.
    pub sites: usize,
    /// Those inside a top region.
    pub found: usize,
    /// The mean number inside as many random regions of the same length.
    pub found_by_chance: f64,
}

impl Recall {
    /// Counts the sites of one window.
    pub fn count(
        &mut self,
        sites: &[Region],
        window: Region,
        top: &[Region],
        (seed, index): (u64, u64),
    ) {
        self.sites += sites.len();
        self.found += inside(sites, top);
        let Some(length) = top.first().map(Region::len) else {
            return;
        };
        let mut rng = stream(seed, Purpose::RandomRegions, index);
        let by_chance: usize = (0..DRAWS)
            .map(|_| {
                let regions = random_regions(window, length, top.len() as u32, &mut rng);
                inside(sites, &regions)
            })
            .sum();
        self.found_by_chance += by_chance as f64 / DRAWS as f64;
    }

    /// The part found.
    pub fn recall(&self) -> f64 {
        self.found as f64 / self.sites as f64
    }

    /// The part found by random regions.
    pub fn by_chance(&self) -> f64 {
        self.found_by_chance / self.sites as f64
    }
}

impl Add for Recall {
    type Output = Self;

    /// That of the sites of both.
    fn add(self, other: Self) -> Self {
        Self {
            sites: self.sites + other.sites,
            found: self.found + other.found,
            found_by_chance: self.found_by_chance + other.found_by_chance,
        }
    }
}

/// The planted sites that are occupied in a cell line, apart from all others, of factors that it
/// has and of factors that it lacks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ByOccupancy {
    /// The occupied ones.
    pub occupied: Recall,
    /// The others.
    pub unoccupied: Recall,
}

impl ByOccupancy {
    /// Counts the sites of one window, each with whether it is occupied, as [`Recall::count`] does.
    pub fn count(
        &mut self,
        sites: &[(Region, bool)],
        window: Region,
        top: &[Region],
        draw: (u64, u64),
    ) {
        let those = |wanted: bool| -> Vec<Region> {
            let sites = sites.iter().filter(|(_, occupied)| *occupied == wanted);
            sites.map(|(region, _)| *region).collect()
        };
        self.occupied.count(&those(true), window, top, draw);
        self.unoccupied.count(&those(false), window, top, draw);
    }

    /// How many times as large a part of the occupied sites is found as of the others; none where
    /// there are no sites of a kind, or where nothing is found.
    pub fn ratio(&self) -> Option<f64> {
        let Self {
            occupied,
            unoccupied,
        } = self;
        let both = occupied.sites > 0 && unoccupied.sites > 0;
        let any = occupied.found + unoccupied.found > 0;
        (both && any).then(|| occupied.recall() / unoccupied.recall())
    }
}

impl Add for ByOccupancy {
    type Output = Self;

    /// That of the sites of both.
    fn add(self, other: Self) -> Self {
        Self {
            occupied: self.occupied + other.occupied,
            unoccupied: self.unoccupied + other.unoccupied,
        }
    }
}

fn inside(sites: &[Region], regions: &[Region]) -> usize {
    let whole = |site: &&Region| {
        let mut regions = regions.iter();
        regions.any(|region| region.overlap(site) == site.len())
    };
    sites.iter().filter(whole).count()
}

/// So many regions of a length anywhere in a window, none over another, all arrangements alike.
fn random_regions(window: Region, length: u32, count: u32, rng: &mut ChaCha8Rng) -> Vec<Region> {
    mock::divide(window.len(), length, count, rng)
        .into_iter()
        .map(|start| window.part(start..start + length))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::genome::ChromId;

    fn region(start: u32, end: u32) -> Region {
        Region {
            chrom: ChromId(0),
            start,
            end,
        }
    }

    #[test]
    fn random_regions_fit_and_never_overlap() {
        let mut rng = stream(1, Purpose::RandomRegions, 0);
        for _ in 0..200 {
            let got = random_regions(region(100, 400), 45, 5, &mut rng);
            assert_eq!(got.len(), 5);
            assert!(
                got.iter()
                    .all(|region| region.start >= 100 && region.end <= 400)
            );
            assert!(got.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }

    #[test]
    fn a_site_counts_when_it_lies_inside_whole() {
        let sites = [region(110, 120), region(140, 150)];
        // As many random regions as there are top regions, of the same length.
        for (count, by_chance, error) in [(5, 0.18, 0.06), (1, 0.036, 0.034)] {
            let all = [100, 300, 400, 500, 600].map(|start| region(start, start + 45));
            let mut recall = Recall::default();
            recall.count(&sites, region(0, 1000), &all[..count], (1, 0));
            assert_eq!((recall.sites, recall.found), (2, 1));
            // A site of 10 bases lies in one of n regions of 45 in 1000 with a probability near
            // n · 36 / 991.
            let got = recall.by_chance();
            assert!((got - by_chance).abs() < error, "{got}");
        }
    }

    #[test]
    fn the_ratio_is_that_of_the_parts_found() {
        let recall = |sites, found| Recall {
            sites,
            found,
            found_by_chance: 0.0,
        };
        for (occupied, unoccupied, wanted) in [
            ((10, 6), (20, 4), Some(3.0)),
            ((10, 6), (20, 0), Some(f64::INFINITY)),
            ((10, 0), (20, 4), Some(0.0)),
            ((10, 0), (20, 0), None),
            ((10, 6), (0, 0), None),
        ] {
            let both = ByOccupancy {
                occupied: recall(occupied.0, occupied.1),
                unoccupied: recall(unoccupied.0, unoccupied.1),
            };
            match (both.ratio(), wanted) {
                (Some(got), Some(wanted)) => {
                    assert!(got == wanted || (got - wanted).abs() < 1e-9, "{got}");
                }
                (got, wanted) => assert_eq!(got, wanted),
            }
        }
    }

    proptest! {
        #[test]
        fn occupied_sites_and_the_others_are_all_sites(
            sites in prop::collection::vec((0u32..980, 1u32..20, any::<bool>()), 0..20),
            top in prop::collection::vec(0u32..950, 0..5),
        ) {
            let of = |&(start, length, occupied): &(u32, u32, bool)| {
                (region(start, start + length), occupied)
            };
            let sites: Vec<(Region, bool)> = sites.iter().map(of).collect();
            let top: Vec<Region> = top.iter().map(|&start| region(start, start + 45)).collect();
            let window = region(0, 1000);
            let mut apart = ByOccupancy::default();
            apart.count(&sites, window, &top, (1, 7));
            let regions: Vec<Region> = sites.iter().map(|(region, _)| *region).collect();
            let mut all = Recall::default();
            all.count(&regions, window, &top, (1, 7));
            let occupied = sites.iter().filter(|(_, occupied)| *occupied).count();
            prop_assert_eq!(apart.occupied.sites, occupied);
            let together = apart.occupied + apart.unoccupied;
            prop_assert_eq!((together.sites, together.found), (all.sites, all.found));
            // The same random regions for both.
            prop_assert!((together.found_by_chance - all.found_by_chance).abs() < 1e-9);
        }
    }
}
