//! Distance bins that hold equal numbers of positives.

use crate::statistics::quantile;

/// Bins between ascending edges: the first holds both of its edges, every other one its upper.
///
/// They are those of pandas' `qcut` and `cut(…, include_lowest=True)`, with which TargetFinder made
/// its own, except that edges that fall together are one edge, where pandas refuses them.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    edges: Vec<f64>,
}

impl Bins {
    /// At most `count` bins with as many of these ascending distances in each as can be.
    pub fn of(sorted: &[u32], count: u32) -> Self {
        let sorted: Vec<f64> = sorted.iter().copied().map(f64::from).collect();
        let count = count.min(sorted.len() as u32);
        // Steps as NumPy's `linspace` takes them, whose last bit may decide about a tie.
        let step = 1.0 / f64::from(count);
        let parts = (0..count).map(|i| f64::from(i) * step).chain([1.0]);
        let mut edges: Vec<f64> = parts.filter_map(|part| quantile(&sorted, part)).collect();
        edges.dedup();
        if let [only] = edges[..] {
            edges.push(only);
        }
        Self { edges }
    }

    /// The number of bins.
    pub fn len(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// Whether there is no bin, because there was no distance.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bin of a distance, if one holds it.
    pub fn bin(&self, distance: u32) -> Option<usize> {
        let distance = f64::from(distance);
        let (first, upper) = self.edges.split_first()?;
        let bin = upper.partition_point(|&edge| edge < distance);
        (distance >= *first && bin < upper.len()).then_some(bin)
    }

    /// The edges of a bin.
    pub fn edges(&self, bin: usize) -> [f64; 2] {
        [self.edges[bin], self.edges[bin + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_those_of_pandas() {
        // pandas.qcut([1, 2, 3, 4, 5, 6, 7, 8, 9, 20], 4, retbins=True)[1]
        let bins = Bins::of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 20], 4);
        assert_eq!(bins.edges, [1.0, 3.25, 5.5, 7.75, 20.0]);
        let got: Vec<_> = [0, 1, 3, 4, 5, 6, 20, 21].map(|d| bins.bin(d)).into();
        let wanted = [
            None,
            Some(0),
            Some(0),
            Some(1),
            Some(1),
            Some(2),
            Some(3),
            None,
        ];
        assert_eq!(got, wanted);
        assert_eq!(Bins::of(&[10, 20, 30], 2).bin(20), Some(0));
    }

    #[test]
    fn edges_that_fall_together_are_one() {
        let bins = Bins::of(&[5, 5, 5, 5, 9], 5);
        assert_eq!(
            (bins.len(), bins.bin(5), bins.bin(6)),
            (2, Some(0), Some(1))
        );
        let bins = Bins::of(&[5], 5);
        assert_eq!((bins.len(), bins.bin(5), bins.bin(6)), (1, Some(0), None));
        assert!(Bins::of(&[], 5).is_empty());
    }
}
