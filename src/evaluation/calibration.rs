//! Whether a probability of 0.7 comes true seven times in ten.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::metrics::{Scored, classes};
use crate::error::{Error, Result};
use crate::statistics::{Clusters, Interval, quantile, wilson};

/// How well probabilities are calibrated.
///
/// The Brier score is `reliability − resolution + uncertainty + within_variance −
/// within_covariance`, where the last two come from probabilities that differ within a bin (Murphy
/// 1973, doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; Stephenson, Coelho & Jolliffe 2008,
/// doi:10.1175/2007WAF2006116.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The reliability curve, in ascending order of the probabilities; no bin is empty.
    pub bins: Vec<ReliabilityBin>,
    /// The mean of |observed − predicted| over the bins, weighted by their pairs (Naeini, Cooper &
    /// Hauskrecht 2015). It depends on the bins: it is comparable only between sets binned alike.
    pub expected_error: f64,
    /// How far the bins' probabilities are from what is observed: the smaller, the better.
    pub reliability: f64,
    /// How far what is observed in the bins is from the part of positives: the larger, the better.
    pub resolution: f64,
    /// The variance of the truth: the Brier score of always saying the part of positives.
    pub uncertainty: f64,
    /// The variance of the probabilities within the bins.
    pub within_variance: f64,
    /// Twice the covariance of probabilities and truth within the bins.
    pub within_covariance: f64,
}

/// Pairs of nearly the same predicted probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Pairs.
    pub pairs: usize,
    /// Those of them that are positive.
    pub positives: usize,
    /// The smallest probability.
    pub low: f64,
    /// The largest probability.
    pub high: f64,
    /// The mean probability.
    pub predicted: f64,
    /// How many independent pairs say as much, if pairs that share an element all say the same
    /// ([`Clusters::effective`]).
    pub effective: f64,
    /// The part of positives with the 95 % score interval of as many pairs as are effective (Wilson
    /// 1927, doi:10.2307/2276774).
    pub observed: Interval,
}

/// The Brier score, the mean squared difference of probability and truth: 0 is perfect.
///
/// # Errors
///
/// No pair, a score that is no probability.
pub fn brier(scored: &[Scored]) -> Result<f64> {
    check(scored)?;
    Ok(mean(scored.iter().map(|s| (s.score - truth(s)).powi(2))))
}

impl Calibration {
    /// Bins a set by quantiles of its probabilities, so that the bins hold equal numbers, as
    /// scikit-learn's `calibration_curve(strategy="quantile")`: tied probabilities share a bin, and
    /// bins that ties leave empty are dropped. `clusters` are the elements of the pairs.
    ///
    /// # Errors
    ///
    /// No pair, no bin, a score that is no probability.
    pub fn new(scored: &[Scored], clusters: &Clusters, bins: usize) -> Result<Self> {
        if bins == 0 {
            return Err(Error::Configuration(
                "a reliability curve needs at least 1 bin".to_string(),
            ));
        }
        check(scored)?;
        let mut order: Vec<usize> = (0..scored.len()).collect();
        order.sort_by(|&a, &b| scored[a].score.total_cmp(&scored[b].score));
        let sorted: Vec<Scored> = order.iter().map(|&place| scored[place]).collect();
        let groups = groups(&sorted, bins);
        let bin = |group: &Range<usize>| {
            let clusters = clusters.of(&order[group.clone()]);
            ReliabilityBin::of(&sorted[group.clone()], clusters.effective())
        };
        let bins: Vec<ReliabilityBin> = groups.iter().map(bin).collect();
        let rate = mean(sorted.iter().map(truth));
        let over_bins = |value: &dyn Fn(&ReliabilityBin) -> f64| {
            let weighted = bins.iter().map(|bin| bin.pairs as f64 * value(bin));
            weighted.sum::<f64>() / scored.len() as f64
        };
        let within = |value: &dyn Fn(&Scored, &ReliabilityBin) -> f64| {
            let each = groups.iter().zip(&bins);
            let values = each.flat_map(|(group, bin)| {
                let pairs = sorted[group.clone()].iter();
                pairs.map(move |s| value(s, bin))
            });
            values.sum::<f64>() / scored.len() as f64
        };
        Ok(Self {
            expected_error: over_bins(&|bin| (bin.observed.value - bin.predicted).abs()),
            reliability: over_bins(&|bin| (bin.predicted - bin.observed.value).powi(2)),
            resolution: over_bins(&|bin| (bin.observed.value - rate).powi(2)),
            uncertainty: rate * (1.0 - rate),
            within_variance: within(&|s, bin| (s.score - bin.predicted).powi(2)),
            within_covariance: within(&|s, bin| {
                2.0 * (s.score - bin.predicted) * (truth(s) - bin.observed.value)
            }),
            bins,
        })
    }
}

fn check(scored: &[Scored]) -> Result<()> {
    if scored.is_empty() {
        return Err(Error::Undefined(
            "there is no pair to judge a calibration by".to_string(),
        ));
    }
    // NaN lies in no range.
    match scored.iter().find(|s| !(0.0..=1.0).contains(&s.score)) {
        Some(bad) => Err(Error::NotFinite(format!(
            "a score is not a probability: {}",
            bad.score
        ))),
        None => Ok(()),
    }
}

/// The places of sorted pairs between the quantiles of their scores; a score on an edge belongs below
/// it.
fn groups(sorted: &[Scored], bins: usize) -> Vec<Range<usize>> {
    let scores: Vec<f64> = sorted.iter().map(|scored| scored.score).collect();
    // More bins than pairs would only be empty ones.
    let bins = bins.min(sorted.len());
    // `numpy.percentile(scores, numpy.linspace(0, 1, bins + 1) * 100)`, to its last bit.
    let step = 1.0 / bins as f64;
    let part = |bin: usize| bin as f64 * step * 100.0 / 100.0;
    let edges = (1..bins).filter_map(|bin| quantile(&scores, part(bin)));
    let mut cuts: Vec<usize> = edges
        .map(|edge| scores.partition_point(|&score| score <= edge))
        .collect();
    cuts.push(sorted.len());
    let mut from = 0;
    let mut groups = Vec::new();
    for cut in cuts {
        if cut > from {
            groups.push(from..cut);
            from = cut;
        }
    }
    groups
}

impl ReliabilityBin {
    /// Of a group of sorted pairs, of which there is one at least, and as many as are effective.
    fn of(group: &[Scored], effective: f64) -> Self {
        let (positives, _) = classes(group);
        Self {
            pairs: group.len(),
            positives,
            low: group.first().map_or(0.0, |scored| scored.score),
            high: group.last().map_or(0.0, |scored| scored.score),
            predicted: mean(group.iter().map(|scored| scored.score)),
            effective,
            observed: wilson(positives as f64 / group.len() as f64, effective),
        }
    }
}

fn truth(scored: &Scored) -> f64 {
    f64::from(u8::from(scored.positive))
}

/// The mean of at least one value.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

#[cfg(test)]
mod tests;
