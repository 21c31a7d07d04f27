//! Footprints out of scores.

use super::wellington::Scores;
use crate::genome::Region;

/// A footprint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Footprint {
    /// Its bases.
    pub region: Region,
    /// Its score: the natural logarithm of a probability.
    pub ln_p: f64,
}

/// The footprints of a region, from left to right, whose scores are below `cutoff` (ln p).
///
/// The base with the smallest score (the first of equal ones) becomes a footprint of the width
/// that gave the score. No further footprint is centred on it, on the width before it or on the
/// width after its last base but one, which is how pyDNase counts. Then comes the smallest score
/// that is left.
///
/// Footprints may thus share bases where a wide one follows a narrow one. pyDNase drops the better
/// of two that touch in one way and keeps both otherwise; here both are kept.
pub fn call(region: Region, scores: &Scores, cutoff: f64) -> Vec<Footprint> {
    let below = scores.ln_p.iter().zip(&scores.widths).enumerate();
    let mut candidates: Vec<(f32, usize, u32)> = below
        .filter(|&(_, (&score, _))| f64::from(score) < cutoff)
        .map(|(base, (&score, &width))| (score, base, width))
        .collect();
    candidates.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut masked = vec![false; scores.ln_p.len()];
    let mut footprints = Vec::new();
    for (score, base, width) in candidates {
        if masked[base] {
            continue;
        }
        let (width, half) = (width as usize, width as usize / 2);
        let from = base.saturating_sub(half + width);
        let to = (base + half + width).min(masked.len());
        masked[from..to].fill(true);
        let (chrom, ln_p) = (region.chrom, score.into());
        let start = region.start + base.saturating_sub(half) as u32;
        let end = (region.start + (base + half + 1) as u32).min(region.end);
        let region = Region { chrom, start, end };
        footprints.push(Footprint { region, ln_p });
    }
    footprints.sort_unstable_by_key(|footprint| footprint.region);
    footprints
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::genome::ChromId;

    /// pyDNase's loop, as it stands there.
    fn loop_of_pydnase(scores: &Scores, cutoff: f64) -> Vec<(usize, usize)> {
        let mut left: Vec<f64> = scores.ln_p.iter().map(|&score| score.into()).collect();
        let mut ranges = Vec::new();
        loop {
            let smallest = left.iter().copied().fold(f64::INFINITY, f64::min);
            if smallest >= cutoff {
                ranges.sort_unstable();
                return ranges;
            }
            let base = left.iter().position(|&score| score == smallest).unwrap();
            let width = scores.widths[base] as usize;
            let (lower, upper) = (base.saturating_sub(width / 2), base + width / 2);
            ranges.push((lower, upper + 1));
            let to = (upper + width).min(left.len());
            left[lower.saturating_sub(width)..to].fill(1.0);
        }
    }

    fn region(bases: usize) -> Region {
        Region {
            chrom: ChromId(0),
            start: 100,
            end: 100 + bases as u32,
        }
    }

    proptest! {
        #[test]
        fn calls_are_those_of_pydnase_before_it_merges(
            bases in prop::collection::vec((0u32..20, 1u32..4), 60..200)
        ) {
            // Bases near the ends score nothing, as they do in every region.
            let inside = |at: usize| (10..bases.len() - 10).contains(&at);
            let scores = Scores {
                ln_p: bases.iter().enumerate()
                    .map(|(at, &(score, _))| if inside(at) { -(score as f32) } else { 0.0 })
                    .collect(),
                widths: bases.iter().map(|&(_, width)| 2 * width + 3).collect(),
            };
            let got: Vec<(usize, usize)> = call(region(bases.len()), &scores, -3.0)
                .iter()
                .map(|f| (f.region.start as usize - 100, f.region.end as usize - 100))
                .collect();
            prop_assert!(!got.is_empty());
            prop_assert_eq!(got, loop_of_pydnase(&scores, -3.0));
        }
    }

    #[test]
    fn a_score_at_the_cutoff_is_no_footprint() {
        let mut scores = Scores {
            ln_p: vec![0.0; 101],
            widths: vec![0; 101],
        };
        scores.ln_p[50] = -30.0;
        scores.widths[50] = 11;
        assert!(call(region(101), &scores, -30.0).is_empty());
        let calls = call(region(101), &scores, -29.9);
        assert_eq!(calls.len(), 1);
        assert_eq!((calls[0].region.start, calls[0].region.end), (145, 156));
    }
}
