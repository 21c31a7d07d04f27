//! Hierarchical clustering with average linkage (UPGMA).

use serde::Serialize;

/// Two clusters that become one. The `n` leaves are numbered from 0 and the merges from `n`, in
/// their order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Merge {
    /// The cluster drawn first.
    pub first: usize,
    /// The cluster drawn second.
    pub second: usize,
    /// The mean distance between members of the two; it never falls from merge to merge.
    pub height: f64,
    /// Leaves below.
    pub size: usize,
}

/// A tree over rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tree {
    /// The row of each leaf. Leaves are numbered as they are drawn, so that no branches cross.
    pub rows: Vec<usize>,
    /// One fewer than rows, by ascending height.
    pub merges: Vec<Merge>,
}

/// Clusters rows of one length by their Euclidean distance.
///
/// Of equally close clusters those whose first rows come first are merged first, and the cluster
/// with the earlier row is drawn first, so that equal input gives equal trees. Cubic in the
/// number of rows.
///
/// Sokal & Michener, *Univ. Kansas Sci. Bull.* 38, 1409 (1958); the distances of a merged cluster
/// by Lance & Williams, *Comput. J.* 9, 373 (1967).
pub fn average_linkage(rows: &[Vec<f64>]) -> Tree {
    let mut distances: Vec<Vec<f64>> = rows
        .iter()
        .map(|a| rows.iter().map(|b| euclidean(a, b)).collect())
        .collect();
    // The clusters that are left, by their earliest row: number, and leaves in drawn order.
    let mut clusters: Vec<(usize, Vec<usize>)> =
        (0..rows.len()).map(|row| (row, vec![row])).collect();
    let mut merges = Vec::new();
    while clusters.len() > 1 {
        let (a, b, height) = closest(&distances);
        let (second, leaves) = clusters.remove(b);
        join(&mut distances, (a, clusters[a].1.len()), (b, leaves.len()));
        let (first, merged) = &mut clusters[a];
        merged.extend(leaves);
        merges.push(Merge {
            first: *first,
            second,
            height,
            size: merged.len(),
        });
        *first = rows.len() + merges.len() - 1;
    }
    let rows = clusters.pop().map(|(_, leaves)| leaves).unwrap_or_default();
    drawn(rows, merges)
}

fn euclidean(a: &[f64], b: &[f64]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f64>().sqrt()
}

/// The first of the closest two clusters.
fn closest(distances: &[Vec<f64>]) -> (usize, usize, f64) {
    let pairs = (0..distances.len()).flat_map(|a| (a + 1..distances.len()).map(move |b| (a, b)));
    let pairs = pairs.map(|(a, b)| (a, b, distances[a][b]));
    pairs.min_by(|x, y| x.2.total_cmp(&y.2)).unwrap_or_default()
}

/// Puts cluster `b` into `a`, of which the sizes are given.
fn join(distances: &mut Vec<Vec<f64>>, (a, size_a): (usize, usize), (b, size_b): (usize, usize)) {
    let (size_a, size_b) = (size_a as f64, size_b as f64);
    let both = distances[a].iter().zip(&distances[b]);
    let mut joined: Vec<f64> = both
        .map(|(to_a, to_b)| (size_a * to_a + size_b * to_b) / (size_a + size_b))
        .collect();
    for (row, &distance) in distances.iter_mut().zip(&joined) {
        row[a] = distance;
        row.remove(b);
    }
    joined.remove(b);
    distances[a] = joined;
    distances.remove(b);
}

/// Numbers the leaves as they are drawn.
fn drawn(rows: Vec<usize>, mut merges: Vec<Merge>) -> Tree {
    let mut place = vec![0; rows.len()];
    for (leaf, &row) in rows.iter().enumerate() {
        place[row] = leaf;
    }
    for merge in &mut merges {
        for cluster in [&mut merge.first, &mut merge.second] {
            *cluster = place.get(*cluster).copied().unwrap_or(*cluster);
        }
    }
    Tree { rows, merges }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `scipy.cluster.hierarchy.linkage(rows, "average")` of SciPy 1.17.1: the rows of each merge
    /// and its height.
    #[test]
    fn scipy_builds_the_same_tree() {
        let rows = [
            vec![2.04, -2.56, 0.42],
            vec![-0.57, -0.45, -0.22],
            vec![-2.02, -0.23, -0.87],
            vec![3.32, 0.23, -0.35],
            vec![-0.28, -0.67, -1.06],
            vec![-0.39, 0.48, -0.24],
            vec![0.96, -0.2, 0.02],
            vec![1.55, 0.55, -0.51],
            vec![-0.18, 0.54, 1.94],
        ];
        let wanted = [
            (vec![1, 4], 0.9154780172128657),
            (vec![6, 7], 1.0915585188161008),
            (vec![1, 4, 5], 1.182078295265913),
            (vec![1, 2, 4, 5], 1.7650736125972646),
            (vec![3, 6, 7], 2.1165084280084225),
            (vec![1, 2, 4, 5, 8], 2.8202751870803455),
            (vec![1, 2, 3, 4, 5, 6, 7, 8], 2.9709156187422616),
            (vec![0, 1, 2, 3, 4, 5, 6, 7, 8], 3.592049595105054),
        ];
        let tree = average_linkage(&rows);
        assert_eq!(tree.merges.len(), wanted.len());
        for (number, (members, height)) in wanted.into_iter().enumerate() {
            let mut got = below(&tree, rows.len() + number);
            got.sort_unstable();
            assert_eq!(got, members);
            assert!((tree.merges[number].height - height).abs() < 1e-12);
        }
    }

    #[test]
    fn equally_close_rows_stay_in_their_order() {
        let tree = average_linkage(&vec![vec![1.0, 2.0]; 4]);
        assert_eq!(tree.rows, [0, 1, 2, 3]);
        let merged: Vec<_> = tree
            .merges
            .iter()
            .map(|m| (m.first, m.second, m.size))
            .collect();
        assert_eq!(merged, [(0, 1, 2), (4, 2, 3), (5, 3, 4)]);
    }

    #[test]
    fn one_row_is_a_tree_and_none_is_an_empty_one() {
        assert_eq!(average_linkage(&[vec![1.0]]).rows, [0]);
        assert_eq!(average_linkage(&[]).rows, [0; 0]);
    }

    /// The rows below a cluster of a tree.
    fn below(tree: &Tree, cluster: usize) -> Vec<usize> {
        match cluster.checked_sub(tree.rows.len()) {
            None => vec![tree.rows[cluster]],
            Some(merge) => {
                let Merge { first, second, .. } = tree.merges[merge];
                [below(tree, first), below(tree, second)].concat()
            }
        }
    }

    proptest! {
        /// Every merge is of the two clusters with the smallest mean distance between members,
        /// counted anew from the rows.
        #[test]
        fn each_merge_joins_the_closest_clusters(
            rows in prop::collection::vec(prop::collection::vec(-4.0f64..4.0, 3), 1..12)
        ) {
            let tree = average_linkage(&rows);
            let mut clusters: Vec<usize> = (0..rows.len()).collect();
            let mean = |a: usize, b: usize| {
                let (a, b) = (below(&tree, a), below(&tree, b));
                let sum: f64 = a
                    .iter()
                    .flat_map(|&x| b.iter().map(move |&y| (x, y)))
                    .map(|(x, y)| euclidean(&rows[x], &rows[y]))
                    .sum();
                sum / (a.len() * b.len()) as f64
            };
            for (number, merge) in tree.merges.iter().enumerate() {
                let smallest = clusters
                    .iter()
                    .flat_map(|&a| clusters.iter().filter(move |&&b| a < b).map(move |&b| (a, b)))
                    .map(|(a, b)| mean(a, b))
                    .fold(f64::INFINITY, f64::min);
                prop_assert!((merge.height - smallest).abs() < 1e-9);
                prop_assert!((mean(merge.first, merge.second) - smallest).abs() < 1e-9);
                clusters.retain(|&cluster| cluster != merge.first && cluster != merge.second);
                clusters.push(rows.len() + number);
                prop_assert_eq!(merge.size, below(&tree, rows.len() + number).len());
            }
            // Leaves are numbered as they are drawn: every cluster is a run of them.
            let root = below(&tree, *clusters.last().unwrap());
            prop_assert_eq!(&root, &tree.rows);
        }
    }
}
