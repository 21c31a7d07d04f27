//! The pairs that a loop joins.

use std::collections::HashSet;

use tracing::warn;

use super::config::Config;
use super::elements::Elements;
use super::loops::Loops;
use crate::element::Sides;
use crate::error::{Error, Result};

/// The pairs of elements that a loop joins, by their places.
#[derive(Default)]
pub struct Positives {
    /// (enhancer, promoter) in order, each once, whatever the distance.
    pub linked: Vec<(usize, usize)>,
    /// Bases between the elements of those within the limits, in ascending order: at least one.
    pub distances: Vec<u32>,
    /// The enhancers and the promoters of the pairs within the limits.
    active: Sides<HashSet<usize>>,
    /// How many lie nearer than the limit.
    pub too_near: usize,
    /// How many lie further than the limit.
    pub too_far: usize,
    /// Loops that join any pair.
    pub joining: usize,
}

impl Positives {
    /// Finds them.
    pub fn find(elements: Sides<&Elements>, loops: &Loops, config: &Config) -> Result<Self> {
        let (mut linked, mut joining) = (Vec::new(), 0);
        for &[left, right] in &loops.anchors {
            let before = linked.len();
            for (one, other) in [(left, right), (right, left)] {
                for enhancer in elements.enhancer.index.places(one) {
                    let promoters = elements.promoter.index.places(other);
                    linked.extend(promoters.map(|promoter| (enhancer, promoter)));
                }
            }
            joining += usize::from(linked.len() > before);
        }
        linked.sort_unstable();
        linked.dedup();
        let mut positives = Self {
            linked,
            joining,
            ..Self::default()
        };
        positives.measure(elements, config);
        positives.check(loops, config)?;
        Ok(positives)
    }

    /// Finds out which of the linked pairs lie within the limits.
    fn measure(&mut self, elements: Sides<&Elements>, config: &Config) {
        for &(enhancer, promoter) in &self.linked {
            let other = elements.promoter.index.region(promoter);
            let distance = elements.enhancer.index.region(enhancer).gap(&other);
            if distance < config.min_distance {
                self.too_near += 1;
            } else if distance > config.max_distance {
                self.too_far += 1;
            } else {
                self.distances.push(distance);
                self.active.enhancer.insert(enhancer);
                self.active.promoter.insert(promoter);
            }
        }
        self.distances.sort_unstable();
    }

    /// The linked pairs of an enhancer.
    pub fn of(&self, enhancer: usize) -> &[(usize, usize)] {
        let from = self.linked.partition_point(|pair| pair.0 < enhancer);
        let to = self.linked.partition_point(|pair| pair.0 <= enhancer);
        &self.linked[from..to]
    }

    /// Whether an enhancer and a promoter both stand in pairs within the limits.
    pub fn both_active(&self, enhancer: usize, promoter: usize) -> bool {
        self.active.enhancer.contains(&enhancer) && self.active.promoter.contains(&promoter)
    }

    fn check(&self, loops: &Loops, config: &Config) -> Result<()> {
        let (linked, outside) = (self.linked.len(), self.too_near + self.too_far);
        if outside > self.distances.len() && outside < linked {
            warn!(
                "{outside} of {linked} pairs that a loop joins lie outside the limits of distance"
            );
        }
        if !self.distances.is_empty() {
            return Ok(());
        }
        let count = loops.anchors.len();
        Err(Error::Configuration(if linked == 0 {
            format!(
                "none of {count} loops joins an enhancer and a promoter: are they of the same \
                 assembly as the elements?"
            )
        } else {
            format!(
                "all {linked} pairs that a loop joins lie nearer than {} bases ({}) or further \
                 apart than {} ({})",
                config.min_distance, self.too_near, config.max_distance, self.too_far
            )
        }))
    }
}
