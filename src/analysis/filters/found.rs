//! What was found of a network's filters.

use super::compared::Compared;
use super::seqlets::Cluster;
use super::silence::Silenced;
use super::sites::{Sites, matrix};
use crate::motifs::{Background, Matrix};

/// What a network's filters have become.
pub struct Found {
    /// What activates each filter.
    pub sites: Vec<Sites>,
    /// What becomes of answers without each filter; none of those that nothing activates, or where the
    /// test part has no pair.
    pub silenced: Vec<Option<Silenced>>,
    /// Clusters of seqlets.
    pub clusters: Vec<Cluster>,
    /// Known matrices.
    pub known: Vec<Matrix>,
    /// The matrices of filters, and each filter's place among them.
    pub filters: Motifs,
    /// The matrices of clusters.
    pub seqlets: Motifs,
}

/// Matrices that the network made.
pub struct Motifs {
    /// The matrices.
    pub matrices: Vec<Matrix>,
    /// For each of what they could be of its matrix, if it has one.
    pub places: Vec<Option<usize>>,
    /// The matrices beside known ones.
    pub compared: Compared,
}

impl Motifs {
    /// Of filters: `filter_0`, `filter_1`, …, by their places among the weights.
    pub fn of_filters(sites: &[Sites], known: &[Matrix]) -> Self {
        let named = sites.iter().enumerate();
        Self::new(
            named.map(|(place, sites)| sites.matrix(&format!("filter_{place}"))),
            known,
        )
    }

    /// Of clusters of seqlets: `seqlets_1`, `seqlets_2`, …, the largest first.
    pub fn of_clusters(clusters: &[Cluster], known: &[Matrix]) -> Self {
        let named = clusters.iter().zip(1..);
        let of = |(cluster, number): (&Cluster, u32)| {
            Some(matrix(&format!("seqlets_{number}"), &cluster.counts))
        };
        Self::new(named.map(of), known)
    }

    fn new(all: impl Iterator<Item = Option<Matrix>>, known: &[Matrix]) -> Self {
        let (mut matrices, mut places) = (Vec::new(), Vec::new());
        for matrix in all {
            // A position at which every seqlet left its window has nothing.
            let matrix = matrix.filter(|matrix| matrix.problem().is_none());
            places.push(matrix.as_ref().map(|_| matrices.len()));
            matrices.extend(matrix);
        }
        Self {
            compared: Compared::new(&matrices, known),
            matrices,
            places,
        }
    }
}

impl Found {
    /// The information of a matrix in bits.
    pub fn information(matrix: &Matrix) -> f64 {
        matrix.information(&Background::uniform())
    }

    /// The filters that have a matrix, those without which answers change most first.
    pub fn by_importance(&self) -> Vec<usize> {
        let change =
            |&filter: &usize| self.silenced[filter].map_or(0.0, |silenced| silenced.change);
        let all = 0..self.sites.len();
        let mut filters: Vec<usize> = all
            .filter(|&filter| self.filters.places[filter].is_some())
            .collect();
        filters.sort_by(|a, b| change(b).total_cmp(&change(a)));
        filters
    }
}
