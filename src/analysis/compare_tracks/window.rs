//! What two ensembles say about a window, and how improbable the difference is.
//!
//! Under the null that the two runs differ by their seeds alone, all members are exchangeable. The
//! statistic of a bin is |mean of B − mean of A| / (s + s₀), where s is the standard deviation of the
//! bin over all members, A's and B's together, and s₀ the median of s over the window's bins, which
//! keeps bins in which all networks agree from deciding (Tusher, Tibshirani & Chu 2001,
//! <https://doi.org/10.1073/pnas.091062498>). Neither depends on the labels. Of one bin the statistic
//! orders labellings as one with the pooled standard deviation does. A region is chosen out of its
//! window, so it is compared with the largest statistic of the window in each labelling (Westfall &
//! Young 1993).

use super::relabelings::Relabelings;
use crate::attention::{Bins, TopCount, TopRegion, top_regions};
use crate::statistics::quantile;

/// A standard deviation of which nothing but rounding is left, as a part of the mean value.
const ROUNDING: f64 = 1e-6;

/// What the members of two ensembles say about the bins of a window.
pub struct Window {
    /// Of each member, A's first, the value of each bin: `[members][l]`.
    pub members: Vec<Vec<f64>>,
    /// Of how many A has.
    pub of_a: usize,
}

/// The difference of two ensembles in a window.
pub struct Difference {
    /// B's mean less A's of each bin, `[l]`.
    pub difference: Vec<f64>,
    /// The regions in which it is largest, the best one first, with what is known of each.
    pub regions: Vec<DifferentRegion>,
    /// The largest statistic of the window in each labelling; empty where nothing is tested.
    pub largest: Vec<f64>,
}

/// A region that differs.
pub struct DifferentRegion {
    /// Where; its score is the statistic.
    pub top: TopRegion,
    /// The mean of A's and of B's members.
    pub means: [f64; 2],
    /// The standard deviation within the two, pooled; none of two members.
    pub sd: Option<f64>,
    /// The p-value, where there are members enough.
    pub p: Option<f64>,
}

impl Window {
    /// The difference and at most `most` regions, tested where there are labellings.
    pub fn compare(&self, bins: &Bins, most: usize, null: Option<&Relabelings>) -> Difference {
        let own: Vec<usize> = (self.of_a..self.members.len()).collect();
        let total: Vec<f64> = (0..bins.count())
            .map(|bin| self.values(bin).sum::<f64>())
            .collect();
        let difference = self.difference(&own, &total);
        let scale = match null {
            Some(_) => self.scale(&total),
            None => vec![1.0; total.len()],
        };
        let largest = null.into_iter().flat_map(Relabelings::iter).map(|of_b| {
            let statistics = statistics(&self.difference(of_b, &total), &scale);
            statistics.into_iter().fold(0.0, f64::max)
        });
        let largest: Vec<f64> = largest.collect();
        let observed = statistics(&difference, &scale);
        let single: Vec<f32> = observed.iter().map(|&value| value as f32).collect();
        let chosen = top_regions(bins, &single, TopCount::default());
        let chosen = chosen.into_iter().take(most);
        let region = |top: TopRegion| DifferentRegion {
            top,
            means: self.means(top.bin),
            sd: self.pooled_sd(top.bin),
            p: null.map(|null| null.p_value(observed[top.bin], &largest)),
        };
        Difference {
            regions: chosen.map(region).collect(),
            difference,
            largest,
        }
    }

    fn values(&self, bin: usize) -> impl Iterator<Item = f64> + '_ {
        self.members.iter().map(move |values| values[bin])
    }

    /// B's mean less A's of each bin where these members are B's; `total` is the sum over all members.
    fn difference(&self, of_b: &[usize], total: &[f64]) -> Vec<f64> {
        let b = of_b.len() as f64;
        let a = self.members.len() as f64 - b;
        let of_bin = |(bin, total): (usize, &f64)| {
            let sum: f64 = of_b.iter().map(|&member| self.members[member][bin]).sum();
            sum / b - (total - sum) / a
        };
        total.iter().enumerate().map(of_bin).collect()
    }

    /// s + s₀ of each bin.
    fn scale(&self, total: &[f64]) -> Vec<f64> {
        let n = self.members.len() as f64;
        let of_bin = |(bin, total): (usize, &f64)| {
            let mean = total / n;
            let squares = self.values(bin).map(|value| (value - mean).powi(2));
            (squares.sum::<f64>() / (n - 1.0)).sqrt()
        };
        let sd: Vec<f64> = total.iter().enumerate().map(of_bin).collect();
        let size = total.iter().map(|total| total.abs()).sum::<f64>();
        let mean = size / (n * total.len() as f64);
        let mut sorted = sd.clone();
        sorted.sort_by(f64::total_cmp);
        let least = quantile(&sorted, 0.5).unwrap_or(0.0) + ROUNDING * mean;
        sd.into_iter().map(|sd| sd + least).collect()
    }

    fn means(&self, bin: usize) -> [f64; 2] {
        self.groups(bin)
            .map(|of| of.iter().sum::<f64>() / of.len() as f64)
    }

    fn groups(&self, bin: usize) -> [Vec<f64>; 2] {
        let (a, b) = self.members.split_at(self.of_a);
        [a, b].map(|of| of.iter().map(|values| values[bin]).collect())
    }

    fn pooled_sd(&self, bin: usize) -> Option<f64> {
        let free = self.members.len().checked_sub(2).filter(|&free| free > 0)?;
        let squares = self.groups(bin).map(|of| {
            let mean = of.iter().sum::<f64>() / of.len() as f64;
            of.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
        });
        Some((squares.iter().sum::<f64>() / free as f64).sqrt())
    }
}

/// How large each difference is on its scale.
fn statistics(difference: &[f64], scale: &[f64]) -> Vec<f64> {
    let on_scale = |(difference, &scale): (&f64, &f64)| match scale > 0.0 {
        true => difference.abs() / scale,
        false => 0.0,
    };
    difference.iter().zip(scale).map(on_scale).collect()
}

#[cfg(test)]
mod tests;
