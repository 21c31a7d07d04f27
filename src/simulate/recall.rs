//! How well top regions find what was planted.

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::Site;
use crate::attention::TOP;
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
        sites: &[&Site],
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
            .map(|_| inside(sites, &random_regions(window, length, &mut rng)))
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

fn inside(sites: &[&Site], regions: &[Region]) -> usize {
    let whole = |site: &&&Site| {
        let mut regions = regions.iter();
        regions.any(|region| region.overlap(&site.region) == site.region.len())
    };
    sites.iter().filter(whole).count()
}

/// [`TOP`] regions of a length anywhere in a window, none over another, all arrangements alike.
fn random_regions(window: Region, length: u32, rng: &mut ChaCha8Rng) -> Vec<Region> {
    mock::divide(window.len(), length, TOP as u32, rng)
        .into_iter()
        .map(|start| window.part(start..start + length))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Element;
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
            let got = random_regions(region(100, 400), 45, &mut rng);
            assert_eq!(got.len(), TOP);
            assert!(
                got.iter()
                    .all(|region| region.start >= 100 && region.end <= 400)
            );
            assert!(got.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }

    #[test]
    fn a_site_counts_when_it_lies_inside_whole() {
        let site = |start, end| Site {
            region: region(start, end),
            name: "X".into(),
            forward: true,
            pair: 0,
            element: Element::Enhancer,
            occupied: true,
        };
        let (inside, across) = (site(110, 120), site(140, 150));
        let mut recall = Recall::default();
        recall.count(
            &[&inside, &across],
            region(0, 1000),
            &[region(100, 145)],
            (1, 0),
        );
        assert_eq!((recall.sites, recall.found), (2, 1));
        // Five regions of 45 in 1000 bases: a site of 10 lies in one of them with a probability
        // near 5 · 36 / 991.
        assert!(
            (recall.by_chance() - 0.18).abs() < 0.06,
            "{}",
            recall.by_chance()
        );
    }
}
