//! Matrices of motifs that nobody planted.
//!
//! What must be found to be enriched nowhere has to be at home everywhere: a matrix that the
//! planted sites happen to match, in part or on the other strand, is enriched for a reason. (The
//! embedded matrices that are not planted are such: EGR1's hits are many times as frequent at
//! NRF1's sites as elsewhere.) So each decoy is chosen among random matrices as one that planted
//! sites hold about as often as random letters do.

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::background;
use crate::motifs::Matrix;
use crate::seed::{Purpose, stream};

/// How many there are.
pub const DECOYS: usize = 30;
/// The most matrices tried for each.
const CANDIDATES: usize = 32;
/// Close enough to chance: the logarithm of the ratio of hits at planted sites to those by chance.
const CLOSE: f64 = 0.25;
/// A hit is as rare as this at a place of random letters, on one strand.
const P_VALUE: f64 = 1e-4;
/// Scores are whole multiples of so many nats.
const STEP: f64 = 0.2;
/// The probabilities of the letters at each position of a site, as read on either strand.
type Strands = [Vec<[f64; 4]>; 2];
/// Random letters, in the background's proportions.
const ANY: [f64; 4] = [0.29, 0.21, 0.21, 0.29];

/// `DECOY01`, `DECOY02`, …: each as long and as strict as one of the templates, position by
/// position, but of random letters in the background's proportions.
pub fn draw(planted: &[&Matrix], templates: &[Matrix], seed: u64) -> Vec<Matrix> {
    let strands: Vec<Strands> = planted.iter().map(|matrix| strands(matrix)).collect();
    (0..DECOYS)
        .into_par_iter()
        .map(|place| {
            let template = &templates[place % templates.len()];
            let columns = nearest_to_chance(template, &strands, seed, place as u64);
            let number = place + 1;
            let id = format!("ED{number:04}.1");
            Matrix::new(id, format!("DECOY{number:02}"), columns)
        })
        .collect()
}

/// The first of random matrices that is close enough to chance, else the closest of them all.
fn nearest_to_chance(
    template: &Matrix,
    planted: &[Strands],
    seed: u64,
    number: u64,
) -> Vec<[f64; 4]> {
    let mut rng = stream(seed, Purpose::Decoys, number);
    let mut nearest = Vec::new();
    let mut least = f64::INFINITY;
    for _ in 0..CANDIDATES {
        let counts = other_letters(template, &mut rng);
        let excess = excess(&counts, planted);
        if excess < least {
            (nearest, least) = (counts, excess);
        }
        if least < CLOSE {
            break;
        }
    }
    nearest
}

/// The columns of a matrix, each with its counts given to other letters: the greatest one to a
/// random letter, the next to the letter after that, and so on.
fn other_letters(template: &Matrix, rng: &mut ChaCha8Rng) -> Vec<[f64; 4]> {
    let letters = background::letters(template.len(), rng);
    let column = |(counts, letter): (&[f64; 4], u8)| {
        let mut falling = *counts;
        falling.sort_unstable_by(|a, b| b.total_cmp(a));
        falling.rotate_right(usize::from(letter));
        falling
    };
    template.columns.iter().zip(letters).map(column).collect()
}

/// How far the hits at planted sites are from what random letters would hold: the logarithm of
/// their ratio, whatever its sign, of the motif where it is greatest.
fn excess(counts: &[[f64; 4]], planted: &[Strands]) -> f64 {
    let scores = Scores::new(counts);
    let by_chance = scores.hit(&vec![ANY; counts.len()]);
    // Every place of which a site takes a part.
    let flank = vec![ANY; counts.len() - 1];
    let excess = planted.iter().map(|strands| {
        let (mut hits, mut places) = (0.0, 0.0);
        for letters in strands {
            let around = [&flank, letters.as_slice(), &flank].concat();
            for window in around.windows(counts.len()) {
                hits += scores.hit(window);
                places += 1.0;
            }
        }
        (hits / places / by_chance).ln().abs()
    });
    excess.fold(0.0, f64::max)
}

/// A matrix's log-odds as losses: how many steps each letter of a position lies below the best.
struct Scores {
    losses: Vec<[usize; 4]>,
    /// A hit loses fewer steps than this.
    limit: usize,
}

impl Scores {
    fn new(counts: &[[f64; 4]]) -> Self {
        let losses: Vec<[usize; 4]> = counts
            .iter()
            .map(|counts| {
                let letters = probabilities(counts);
                let log_odds = [0, 1, 2, 3].map(|code| (letters[code] / ANY[code]).ln());
                let best = log_odds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                log_odds.map(|score| ((best - score) / STEP).round() as usize)
            })
            .collect();
        let most: usize = losses.iter().flat_map(|losses| losses.iter().max()).sum();
        let all = Self {
            losses,
            limit: most + 1,
        };
        let mut sum = 0.0;
        let chances = all.distribution(&vec![ANY; counts.len()]);
        let rare = chances.iter().take_while(|&chance| {
            sum += chance;
            sum <= P_VALUE
        });
        let limit = rare.count();
        Self { limit, ..all }
    }

    /// The probability of each loss below the limit where each letter has its probability.
    fn distribution(&self, letters: &[[f64; 4]]) -> Vec<f64> {
        let mut now = vec![0.0; self.limit];
        if let Some(none) = now.first_mut() {
            *none = 1.0;
        }
        for (losses, letters) in self.losses.iter().zip(letters) {
            let mut next = vec![0.0; self.limit];
            for (&loss, letter) in losses.iter().zip(letters) {
                for (next, before) in next.iter_mut().skip(loss).zip(&now) {
                    *next += before * letter;
                }
            }
            now = next;
        }
        now
    }

    /// The probability of a hit.
    fn hit(&self, letters: &[[f64; 4]]) -> f64 {
        self.distribution(letters).iter().sum()
    }
}

/// The letters of a matrix's sites, and of their other strand.
fn strands(matrix: &Matrix) -> Strands {
    let forward: Vec<[f64; 4]> = matrix.columns.iter().map(probabilities).collect();
    let reverse = forward.iter().rev().map(|&[a, c, g, t]| [t, g, c, a]);
    [forward.clone(), reverse.collect()]
}

/// With one count more for each letter, so that none is impossible.
fn probabilities(counts: &[f64; 4]) -> [f64; 4] {
    let sum = counts.iter().sum::<f64>() + 4.0;
    counts.map(|count| (count + 1.0) / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motifs;

    fn templates() -> Vec<Matrix> {
        motifs::parse("assets", super::super::MATRICES).unwrap()
    }

    #[test]
    fn decoys_are_as_long_and_as_strict_as_their_templates() {
        let templates = templates();
        let decoys = draw(&[&templates[0]], &templates, 1);
        assert_eq!(decoys.len(), DECOYS);
        let sorted = |matrix: &Matrix| {
            let mut counts = matrix.columns.clone();
            counts
                .iter_mut()
                .for_each(|counts| counts.sort_unstable_by(f64::total_cmp));
            counts
        };
        for (decoy, template) in decoys.iter().zip(templates.iter().cycle()) {
            assert_eq!(sorted(decoy), sorted(template));
            assert_ne!(decoy.columns, template.columns);
        }
        assert_ne!(decoys, draw(&[&templates[0]], &templates, 2));
    }

    #[test]
    fn the_distribution_of_scores_is_that_of_all_words() {
        let counts = [
            [10.0, 3.0, 0.0, 1.0],
            [0.0, 0.0, 7.0, 7.0],
            [1.0, 2.0, 3.0, 4.0],
            [9.0, 0.0, 0.0, 1.0],
        ];
        let letters = [[0.1, 0.2, 0.3, 0.4], ANY, [0.7, 0.1, 0.1, 0.1], ANY];
        let scores = Scores {
            limit: 20,
            ..Scores::new(&counts)
        };
        let mut expected = vec![0.0; 20];
        for word in 0..256usize {
            let codes = [word / 64, word / 16 % 4, word / 4 % 4, word % 4];
            let loss: usize = codes.iter().zip(&scores.losses).map(|(&c, l)| l[c]).sum();
            let chance: f64 = codes.iter().zip(&letters).map(|(&c, l)| l[c]).product();
            if loss < 20 {
                expected[loss] += chance;
            }
        }
        assert!((0.1..0.9).contains(&expected.iter().sum()), "{expected:?}");
        for (got, expected) in scores.distribution(&letters).iter().zip(&expected) {
            assert!((got - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_hit_is_as_rare_as_it_should_be() {
        for template in templates() {
            let scores = Scores::new(&template.columns);
            let letters = vec![ANY; template.len()];
            assert!((0.2 * P_VALUE..=P_VALUE).contains(&scores.hit(&letters)));
            let weaker = Scores {
                limit: scores.limit + 1,
                ..scores
            };
            assert!(weaker.hit(&letters) > P_VALUE);
        }
    }

    #[test]
    fn planted_sites_hold_decoys_about_as_often_as_chance() {
        let templates = templates();
        let planted = [&templates[0], &templates[1]];
        let both = planted.map(strands);
        // A planted matrix itself is thousands of times as frequent at its sites.
        assert!(excess(&templates[1].columns, &both) > 5.0);
        let excesses: Vec<f64> = draw(&planted, &templates, 1)
            .iter()
            .map(|decoy| excess(&decoy.columns, &both))
            .collect();
        assert!(
            excesses.iter().all(|&excess| excess < 1.0),
            "{excesses:.2?}"
        );
        let mean = excesses.iter().sum::<f64>() / excesses.len() as f64;
        assert!(mean < 0.25, "{excesses:.2?}");
    }
}
