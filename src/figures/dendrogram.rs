//! Trees that say which rows or columns are alike.

use super::check;
use super::drawing::colour::GREY;
use super::drawing::{Drawing, Point, Stroke};
use crate::error::Result;

/// Two groups that become one. Groups are numbered as SciPy's linkage does: below the number `n`
/// of names, a name by itself; `n + i`, what merge number `i` made
/// (<https://docs.scipy.org/doc/scipy/reference/generated/scipy.cluster.hierarchy.linkage.html>).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The one group.
    pub left: usize,
    /// The other.
    pub right: usize,
    /// How unlike they are, 0 or more.
    pub height: f64,
}

/// Names in the order in which they are drawn, and the tree over them.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustered<'a> {
    /// The names.
    pub names: Vec<&'a str>,
    /// One fewer than there are names, or none where nothing was clustered.
    pub merges: Vec<Merge>,
}

impl Clustered<'_> {
    /// Refuses what is no tree over the names.
    pub fn check(&self, what: &str) -> Result<()> {
        let count = self.names.len();
        if self.merges.is_empty() {
            return Ok(());
        }
        let mut merged = vec![false; count + self.merges.len()];
        let mut join = |group: usize, made: usize| {
            group < made && !std::mem::replace(&mut merged[group], true)
        };
        for (number, merge) in self.merges.iter().enumerate() {
            let tree = join(merge.left, count + number) && join(merge.right, count + number);
            let height = merge.height.is_finite() && merge.height >= 0.0;
            check::refuse_if(!tree || !height, || {
                format!("merge {number} of the {what} makes no tree: {merge:?}")
            })?;
        }
        let merges = self.merges.len();
        check::refuse_if(merges + 1 != count, || {
            format!("{merges} merges make no tree of {count} {what}")
        })
    }

    /// Draws the tree. A leaf stands at its place among the names + ½; `at` takes a place along the
    /// names and a part of the highest merge's height to the page.
    pub fn draw(&self, drawing: &mut Drawing, at: impl Fn(f64, f64) -> Point) {
        let leaves = 0..self.names.len();
        let mut middles: Vec<f64> = leaves.map(|place| place as f64 + 0.5).collect();
        let mut heights = vec![0.0; self.names.len()];
        let all = self.merges.iter().map(|merge| merge.height);
        let highest = all.fold(0.0, f64::max);
        for merge in &self.merges {
            // Where all are alike the tree has to be seen all the same.
            let part = if highest > 0.0 {
                merge.height / highest
            } else {
                1.0
            };
            let [left, right] =
                [merge.left, merge.right].map(|group| (middles[group], heights[group]));
            let corners = [left, (left.0, part), (right.0, part), right];
            let corners = corners.map(|(along, up)| at(along, up));
            drawing.line(corners, Stroke::new(GREY, 0.5));
            middles.push((left.0 + right.0) / 2.0);
            heights.push(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::Step;
    use crate::figures::drawing::canvas::Shape;

    fn merge(left: usize, right: usize, height: f64) -> Merge {
        Merge {
            left,
            right,
            height,
        }
    }

    fn tree(merges: &[Merge]) -> Clustered<'static> {
        Clustered {
            names: vec!["A", "B", "C"],
            merges: merges.to_vec(),
        }
    }

    #[test]
    fn a_merge_stands_over_the_middle_of_what_it_joins() {
        let merges = [merge(1, 2, 1.0), merge(3, 0, 4.0)];
        let mut drawing = Drawing::new(10.0);
        tree(&merges).draw(&mut drawing, |along, up| (along, 1.0 - up));
        let corners = |shape: &Shape| match shape {
            Shape::Path(steps, _) => steps.clone(),
            Shape::Text(_) => Vec::new(),
        };
        let drawn: Vec<Vec<Step>> = drawing.shapes().iter().map(corners).collect();
        let bracket = |corners: [Point; 4]| {
            let [a, b, c, d] = corners;
            vec![Step::Move(a), Step::Line(b), Step::Line(c), Step::Line(d)]
        };
        // A, B, C from left to right; B and C join at a quarter of the height.
        let lower = bracket([(1.5, 1.0), (1.5, 0.75), (2.5, 0.75), (2.5, 1.0)]);
        let upper = bracket([(2.0, 0.75), (2.0, 0.0), (0.5, 0.0), (0.5, 1.0)]);
        assert_eq!(drawn, [lower, upper]);
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let whole = [merge(0, 1, 1.0), merge(2, 3, 2.0)];
        let refused = |merges: &[Merge]| tree(merges).check("rows").is_err();
        assert!(!refused(&whole));
        assert!(!refused(&[]));
        assert!(refused(&whole[..1]));
        for merges in [
            [merge(0, 1, 1.0), merge(0, 2, 2.0)],
            [merge(0, 3, 1.0), merge(1, 2, 2.0)],
            [merge(0, 0, 1.0), merge(1, 3, 2.0)],
            [merge(0, 1, 1.0), merge(2, 99, 2.0)],
            [merge(0, 1, f64::NAN), merge(2, 3, 2.0)],
            [merge(0, 1, -1.0), merge(2, 3, 2.0)],
        ] {
            assert!(refused(&merges), "{merges:?}");
        }
    }
}
