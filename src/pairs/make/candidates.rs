//! The pairs of elements within the limits of distance.

use super::config::Config;
use super::elements::Elements;
use super::positives::Positives;
use super::rank::Ranks;
use crate::element::Sides;
use crate::genome::Region;

/// A candidate's rank, then its enhancer and its promoter, so that no two are equal.
pub type Key = (u64, usize, usize);

/// What pairs are made of.
pub struct Candidates<'a> {
    /// The enhancers and the promoters.
    pub elements: Sides<&'a Elements>,
    /// Which pairs are wanted.
    pub config: &'a Config,
    /// The pairs that a loop joins.
    pub positives: Positives,
    /// The order of the seed.
    pub ranks: Ranks,
}

/// A promoter within the limits of distance of an enhancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The promoter's place among the promoters.
    pub promoter: usize,
    /// Bases between the two elements.
    pub distance: u32,
    /// Whether a loop joins them.
    pub linked: bool,
}

impl Candidates<'_> {
    /// The promoters within the limits of distance of an enhancer, in their order.
    pub fn of(&self, enhancer: usize) -> Vec<Candidate> {
        let region = self.elements.enhancer.index.region(enhancer);
        let linked = self.positives.of(enhancer);
        let promoters = &self.elements.promoter.index;
        let near = promoters.within(region, self.config.max_distance);
        near.filter(|&(_, distance)| distance >= self.config.min_distance)
            .map(|(promoter, distance)| Candidate {
                promoter,
                distance,
                linked: linked.binary_search(&(enhancer, promoter)).is_ok(),
            })
            .collect()
    }

    /// What orders an enhancer's candidate among all others.
    pub fn key(&self, enhancer: usize, candidate: &Candidate) -> Key {
        let rank = self.ranks.of(self.regions(enhancer, candidate));
        (rank, enhancer, candidate.promoter)
    }

    /// The elements of an enhancer's candidate.
    pub fn regions(&self, enhancer: usize, candidate: &Candidate) -> Sides<Region> {
        let places = Sides::new(enhancer, candidate.promoter);
        let elements = self.elements.zip(places);
        elements.map(|(elements, place)| elements.index.region(place))
    }
}
