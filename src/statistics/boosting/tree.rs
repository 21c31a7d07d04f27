//! One tree of a forest: how it is grown, and how it is asked.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bins::Binned;
use super::split::{Cut, CutSearch, Demands, Pull, best};

/// Examples times features from which a node's features are worth sharing between threads.
const WORTH_SHARING: usize = 1 << 17;

/// A tree, its nodes in preorder: the left child of a node follows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Tree {
    /// The root first.
    pub(super) nodes: Vec<Node>,
}

/// A node of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node {
    /// Where examples part.
    Fork {
        /// The feature that parts them.
        feature: u32,
        /// Values that are not above it go left.
        threshold: f64,
        /// The right child's place.
        right: u32,
    },
    /// Where they end, with the value that is added to their log-odds.
    Leaf(f64),
}

impl Tree {
    /// The leaf's value for an example whose features `value` tells.
    pub fn value(&self, value: impl Fn(usize) -> f32) -> f64 {
        let mut at = 0;
        loop {
            match self.nodes[at] {
                Node::Leaf(leaf) => return leaf,
                Node::Fork {
                    feature,
                    threshold,
                    right,
                } => {
                    let left = f64::from(value(feature as usize)) <= threshold;
                    at = if left { at + 1 } else { right as usize };
                }
            }
        }
    }

    /// How many features an example has to have so that it can be asked about it.
    pub fn features(&self) -> usize {
        let asked = self.nodes.iter().filter_map(|node| match node {
            Node::Fork { feature, .. } => Some(*feature as usize + 1),
            Node::Leaf(_) => None,
        });
        asked.max().unwrap_or(0)
    }

    /// How many leaves it has.
    #[cfg(test)]
    pub fn leaves(&self) -> usize {
        let leaf = |node: &&Node| matches!(node, Node::Leaf(_));
        self.nodes.iter().filter(leaf).count()
    }
}

/// Grows a tree over the training examples.
pub struct Grower<'a> {
    /// The features of all training examples.
    pub features: &'a [Binned],
    /// The pull of every training example.
    pub pulls: &'a [Pull],
    /// The most forks between root and leaf.
    pub depth: usize,
    /// How many features a node looks at.
    pub sampled: usize,
    /// What a cut must bring.
    pub demands: Demands,
    /// Draws the features.
    pub rng: ChaCha8Rng,
}

impl Grower<'_> {
    /// A tree whose leaf values are those that `leaf` gives to the examples of a leaf.
    pub fn grow(mut self, mut leaf: impl FnMut(&[u32]) -> f64) -> Tree {
        let mut rows: Vec<u32> = (0..self.pulls.len() as u32).collect();
        let mut nodes = Vec::new();
        self.node(&mut rows, 0, &mut nodes, &mut leaf);
        Tree { nodes }
    }

    fn node(
        &mut self,
        rows: &mut [u32],
        depth: usize,
        nodes: &mut Vec<Node>,
        leaf: &mut impl FnMut(&[u32]) -> f64,
    ) {
        let cut = (depth < self.depth).then(|| self.best(rows));
        let Some((feature, cut)) = cut.flatten() else {
            nodes.push(Node::Leaf(leaf(rows)));
            return;
        };
        let binned = &self.features[feature];
        let lefts = partition(rows, |row| binned.codes[row as usize] <= cut.lower);
        let (left, right) = rows.split_at_mut(lefts);
        let here = nodes.len();
        let fork = |right| Node::Fork {
            feature: feature as u32,
            threshold: binned.threshold(cut.lower, cut.upper),
            right,
        };
        nodes.push(fork(0));
        self.node(left, depth + 1, nodes, leaf);
        nodes[here] = fork(nodes.len() as u32);
        self.node(right, depth + 1, nodes, leaf);
    }

    /// The best cut of some features drawn at random; further ones are drawn while all that were
    /// seen are constant, as in scikit-learn's trees. Of equal cuts the one drawn first.
    fn best(&mut self, rows: &[u32]) -> Option<(usize, Cut)> {
        if rows.len() < 2 {
            return None;
        }
        let pulls: Vec<Pull> = rows.iter().map(|&row| self.pulls[row as usize]).collect();
        let mut unseen: Vec<usize> = (0..self.features.len()).collect();
        let mut best: Option<(usize, Cut)> = None;
        let mut wanted = self.sampled.min(unseen.len());
        while wanted > 0 {
            let kept = draw(&mut unseen, wanted, &mut self.rng);
            let mut constant = true;
            for (feature, found) in self.look(kept, rows, &pulls) {
                constant &= found == CutSearch::Constant;
                if let CutSearch::Cut(cut) = found
                    && best.is_none_or(|(_, best)| cut.gain > best.gain)
                {
                    best = Some((feature, cut));
                }
            }
            wanted = if constant { unseen.len().min(1) } else { 0 };
        }
        best
    }

    /// What each feature brings. The features are independent, so that sharing them between
    /// threads changes nothing.
    fn look(&self, features: Vec<usize>, rows: &[u32], pulls: &[Pull]) -> Vec<(usize, CutSearch)> {
        let one = |feature: usize| {
            let found = best(&self.features[feature], rows, pulls, self.demands);
            (feature, found)
        };
        if rows.len() * features.len() < WORTH_SHARING {
            features.into_iter().map(one).collect()
        } else {
            features.into_par_iter().map(one).collect()
        }
    }
}

/// Takes `count` things out at random; all of them stay in their order.
fn draw(from: &mut Vec<usize>, count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    if count == from.len() {
        return std::mem::take(from);
    }
    (0..count)
        .map(|_| from.swap_remove(rng.random_range(0..from.len())))
        .collect()
}

/// Moves the rows that go left before the others, both in their old order; how many go left.
fn partition(rows: &mut [u32], left: impl Fn(u32) -> bool) -> usize {
    let mut rights = Vec::with_capacity(rows.len());
    let mut lefts = 0;
    for at in 0..rows.len() {
        let row = rows[at];
        if left(row) {
            rows[lefts] = row;
            lefts += 1;
        } else {
            rights.push(row);
        }
    }
    rows[lefts..].copy_from_slice(&rights);
    lefts
}
