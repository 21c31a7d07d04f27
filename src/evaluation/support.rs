//! What measures rest on: pairs that share an element are no independent witnesses.

use serde::{Deserialize, Serialize};

use super::metrics::Scored;
use crate::statistics::{Clusters, Distinct, FEWEST_CLUSTERS};

/// Below so many enhancers or promoters of positives an interval is to be taken with care.
const FEW: usize = 10;

/// Distinct elements of pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elements {
    /// Enhancers.
    pub enhancers: usize,
    /// Promoters.
    pub promoters: usize,
    /// Groups of pairs that no chain of shared elements joins: connected components.
    pub components: usize,
}

impl From<Distinct> for Elements {
    fn from(of: Distinct) -> Self {
        Self {
            enhancers: of.first,
            promoters: of.second,
            components: of.components,
        }
    }
}

/// What the measures of a set rest on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// Elements of the positive pairs.
    pub positives: Elements,
    /// Elements of all pairs.
    pub all: Elements,
}

impl Support {
    /// Of pairs by their enhancers and promoters.
    pub fn new(set: &[Scored], clusters: &Clusters) -> Self {
        let positive = |&place: &usize| set[place].positive;
        let positives: Vec<usize> = (0..set.len()).filter(positive).collect();
        Self {
            positives: clusters.of(&positives).distinct().into(),
            all: clusters.distinct().into(),
        }
    }

    /// The number of clusters that intervals rest on: the enhancers or the promoters of the
    /// positives, whichever are fewer.
    pub fn independent(&self) -> usize {
        self.positives.enhancers.min(self.positives.promoters)
    }

    /// Whether an interval is to be taken with care, if there is one.
    pub fn few(&self) -> bool {
        self.independent() < FEW
    }

    /// Why there is no interval, or why it is to be taken with care, where it is so.
    pub fn doubt(&self) -> Option<String> {
        let count = self.independent();
        let element = match self.positives.promoters == count {
            true => "promoter",
            false => "enhancer",
        };
        let end = if count == 1 { "" } else { "s" };
        match count {
            0..FEWEST_CLUSTERS => Some(format!("no interval: {count} {element}{end}")),
            FEWEST_CLUSTERS..FEW => Some(format!("rough intervals: {count} {element}{end}")),
            _ => None,
        }
    }

    /// Names of elements, and how many the positives and all pairs have.
    pub fn counts(&self) -> [(&'static str, usize, usize); 3] {
        let Self { positives, all } = self;
        [
            ("enhancers", positives.enhancers, all.enhancers),
            ("promoters", positives.promoters, all.promoters),
            ("components", positives.components, all.components),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(enhancers: usize, promoters: usize) -> Option<String> {
        let positives = Elements {
            enhancers,
            promoters,
            components: 1,
        };
        let all = positives;
        Support { positives, all }.doubt()
    }

    #[test]
    fn few_elements_are_told() {
        assert_eq!(of(10, 3).as_deref(), Some("no interval: 3 promoters"));
        assert_eq!(of(10, 1).as_deref(), Some("no interval: 1 promoter"));
        assert_eq!(of(9, 30).as_deref(), Some("rough intervals: 9 enhancers"));
        assert_eq!(of(10, 10), None);
    }

    #[test]
    fn positives_and_all_are_counted() {
        let set = [true, true, false].map(|positive| Scored {
            score: 0.5,
            positive,
        });
        let got = Support::new(&set, &Clusters::new([(1, "p"), (2, "p"), (3, "q")]));
        let wanted = [
            ("enhancers", 2, 3),
            ("promoters", 1, 2),
            ("components", 1, 2),
        ];
        assert_eq!(got.counts(), wanted);
    }
}
