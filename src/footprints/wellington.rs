//! Wellington's score of every base of a region.

use super::cuts::CutCounts;
use super::settings::Settings;
use super::shape::{Shape, Sums};
use crate::error::Result;

/// The lowest score, as in pyDNase.
const FLOOR: f32 = -1000.0;
/// What the tables of tails may take, in bytes.
const TABLES: usize = 128 << 20;

/// Scores regions.
pub struct Wellington {
    shapes: Vec<Shape>,
}

/// The scores of the bases of a region.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// The smallest ln p over all shapes, from −1000 to 0.
    pub ln_p: Vec<f32>,
    /// The width of the footprint that gave it, in bases; 0 where the score is 0.
    pub widths: Vec<u32>,
}

impl Wellington {
    /// Prepares the tables.
    ///
    /// # Errors
    ///
    /// No shoulder or width, one out of bounds or given twice, an even width.
    pub fn new(settings: &Settings) -> Result<Self> {
        settings.check()?;
        let count = settings.shoulders.len() * settings.widths.len();
        let rows = (TABLES / 2 / count).isqrt();
        let shapes = settings.shoulders.iter().flat_map(|&shoulder| {
            let widths = settings.widths.iter();
            widths.map(move |&width| Shape::new(shoulder, width, rows))
        });
        Ok(Self {
            shapes: shapes.collect(),
        })
    }

    /// The scores of a region. Bases too near to its ends for shoulder and footprint score 0.
    ///
    /// With `x` the cuts of the shoulder upstream on the strand, and `n` those and the cuts of the
    /// footprint itself: ln P(X ≥ x; n, shoulder / (shoulder + width)), summed over the strands.
    /// Where either strand has no cut on its shoulder the score is 0. Of several shapes the
    /// smallest score counts, of equal ones the first.
    pub fn scores(&self, cuts: &CutCounts) -> Scores {
        let mut scorer = Scorer::default();
        scorer.score(self, cuts, 0.0);
        scorer.scores
    }

    /// The strongest score that so many cuts could give, were all of them on the shoulders.
    pub(super) fn strongest(&self, cuts: u64) -> f64 {
        let chances = self.shapes.iter().map(|shape| shape.p.ln());
        cuts as f64 * chances.fold(0.0, f64::min)
    }
}

/// Scores one region after the other in the same memory.
#[derive(Default)]
pub(super) struct Scorer {
    forward: Sums,
    reverse: Sums,
    promising: Vec<bool>,
    scores: Scores,
}

impl Scorer {
    /// [`Wellington::scores`], save that what is not below `bound` may come out as anything else
    /// that is not.
    pub fn score(&mut self, wellington: &Wellington, cuts: &CutCounts, bound: f32) -> &Scores {
        self.forward.of(&cuts.forward);
        self.reverse.of(&cuts.reverse);
        let bases = cuts.forward.len().min(cuts.reverse.len());
        let Scores { ln_p, widths } = &mut self.scores;
        ln_p.clear();
        ln_p.resize(bases, 0.0);
        widths.clear();
        widths.resize(bases, 0);
        for shape in &wellington.shapes {
            let Some(edges) = shape.edges(&self.forward, &self.reverse) else {
                continue;
            };
            shape.promising(&edges, bound, &mut self.promising);
            for (place, _) in self.promising.iter().enumerate().filter(|(_, yes)| **yes) {
                let score = shape.score(&edges, place);
                let base = place + shape.reach();
                if score < ln_p[base] {
                    ln_p[base] = score;
                    widths[base] = shape.width as u32;
                }
            }
        }
        for score in ln_p {
            *score = score.max(FLOOR);
        }
        &self.scores
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::binomial::ln_tail;

    /// The definition, base by base.
    fn brute(cuts: &CutCounts, settings: &Settings, at: usize) -> f64 {
        let bases = cuts.forward.len();
        let sum = |counts: &[u32]| counts.iter().map(|&count| u64::from(count)).sum::<u64>();
        let mut best = 0.0;
        for &shoulder in &settings.shoulders {
            for &width in &settings.widths {
                let (half, s) = ((width as usize - 1) / 2, shoulder as usize);
                if at < half + s || at + half + s >= bases {
                    continue;
                }
                let centre = at - half..at + half + 1;
                let x_forward = sum(&cuts.forward[centre.start - s..centre.start]);
                let x_reverse = sum(&cuts.reverse[centre.end..centre.end + s]);
                if x_forward == 0 || x_reverse == 0 {
                    continue;
                }
                let p = f64::from(shoulder) / f64::from(shoulder + width);
                let n_forward = x_forward + sum(&cuts.forward[centre.clone()]);
                let n_reverse = x_reverse + sum(&cuts.reverse[centre]);
                let score = ln_tail(x_forward, n_forward, p) + ln_tail(x_reverse, n_reverse, p);
                best = score.min(best);
            }
        }
        best
    }

    /// Whether a score is that of the definition. A score is an `f32`: what is nearer to 0 than the
    /// least of its normal numbers is rounded coarsely or becomes 0.
    fn close(score: f64, wanted: f64) -> bool {
        (score - wanted).abs() <= 1e-6 * wanted.abs() + f64::from(f32::MIN_POSITIVE)
    }

    #[test]
    fn a_score_next_to_nothing_is_rounded_to_nothing() {
        let (mut forward, mut reverse) = (vec![0; 90], vec![0; 90]);
        // A cut on each shoulder of base 40, and four hundred on it.
        (forward[10], reverse[70]) = (1, 1);
        (forward[40], reverse[40]) = (400, 400);
        let cuts = CutCounts { forward, reverse };
        let settings = Settings {
            shoulders: vec![35],
            widths: vec![11],
        };
        let wanted = brute(&cuts, &settings, 40);
        let scores = Wellington::new(&settings).unwrap().scores(&cuts);
        assert!(
            wanted < 0.0 && wanted > -f64::from(f32::MIN_POSITIVE),
            "{wanted}"
        );
        assert!(close(scores.ln_p[40].into(), wanted));
    }

    proptest! {
        #[test]
        fn scores_are_those_of_the_definition(
            cuts in prop::collection::vec((0u32..60, 0u32..60), 20..160),
            empty in 1u32..4,
        ) {
            let thin = |count: u32| if count.is_multiple_of(empty) { count } else { 0 };
            let cuts = CutCounts {
                forward: cuts.iter().map(|&(forward, _)| thin(forward)).collect(),
                reverse: cuts.iter().map(|&(_, reverse)| thin(reverse)).collect(),
            };
            let settings = Settings { shoulders: vec![10, 35], widths: vec![11, 5, 25] };
            let scores = Wellington::new(&settings).unwrap().scores(&cuts);
            for (at, (&score, &width)) in scores.ln_p.iter().zip(&scores.widths).enumerate() {
                let wanted = brute(&cuts, &settings, at);
                prop_assert!(close(score.into(), wanted));
                let alone = Settings { widths: vec![width], ..settings.clone() };
                let of_width = if width == 0 { 0.0 } else { brute(&cuts, &alone, at) };
                prop_assert!(close(of_width, wanted));
            }
        }
    }

    #[test]
    fn scores_end_at_a_thousand() {
        let mut forward = vec![0; 90];
        forward[0..35].fill(1000);
        let reverse = forward.iter().rev().copied().collect();
        let wellington = Wellington::new(&Settings::default()).unwrap();
        let scores = wellington.scores(&CutCounts { forward, reverse });
        assert_eq!(scores.ln_p[45], -1000.0);
        assert_eq!(scores.ln_p.len(), 90);
        assert!(scores.ln_p[..40].iter().all(|&score| score == 0.0));
    }

    #[test]
    fn a_short_region_scores_nothing() {
        let wellington = Wellington::new(&Settings::default()).unwrap();
        for bases in [0, 1, 80] {
            let cuts = CutCounts {
                forward: vec![5; bases],
                reverse: vec![5; bases],
            };
            assert_eq!(wellington.scores(&cuts).ln_p, vec![0.0; bases]);
        }
    }
}
