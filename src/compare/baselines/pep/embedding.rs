//! Vectors of words: words of similar surroundings get similar vectors.
//!
//! The continuous bag of words with negative sampling (Mikolov et al. 2013, arXiv:1301.3781 and
//! arXiv:1310.4546), with the settings that gensim's `Word2Vec` has where PEP states none. One
//! thread learns from one word after another, so that the vectors depend on the texts and the seed
//! alone.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::genome::N;

/// Bases of a word.
const LENGTH: usize = 6;
/// Different words.
pub const WORDS: usize = 1 << (2 * LENGTH);
/// Where a word's share of all words begins to make it rarer in training (gensim's `sample`).
const FREQUENT: f64 = 1e-3;
/// The power of a word's count with which it is drawn as a wrong answer.
const NEGATIVE_POWER: f64 = 0.75;
/// The rate of learning at the beginning and at the end.
const RATES: [f32; 2] = [0.025, 0.0001];
/// Beyond this the answer is sure and nothing is learned (`MAX_EXP`).
const SURE: f32 = 6.0;

/// How word vectors are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmbeddingSettings {
    /// The length of a vector.
    pub dimensions: usize,
    /// The most words to either side that count as surroundings; how many, is drawn for each word.
    pub window: usize,
    /// Wrong answers for each right one.
    pub negatives: usize,
    /// How often all texts are read.
    pub epochs: usize,
}

impl EmbeddingSettings {
    /// PEP's settings (`genVecs.py`), else gensim's defaults.
    pub const PEP: Self = Self {
        dimensions: 300,
        window: 20,
        negatives: 5,
        epochs: 5,
    };
}

/// The overlapping words of six bases in a sequence of base codes; those with an N are left out.
pub fn words(codes: &[u8]) -> Vec<u16> {
    let word = |bases: &[u8]| {
        let known = bases.iter().all(|&base| base < N);
        known.then(|| {
            bases
                .iter()
                .fold(0, |word, &base| word << 2 | u16::from(base))
        })
    };
    codes.windows(LENGTH).filter_map(word).collect()
}

/// A vector for every word; words that were never seen have a vector of no meaning.
pub struct Embedding {
    dimensions: usize,
    vectors: Vec<f32>,
}

impl Embedding {
    /// Learns from texts.
    pub fn learn(texts: &[Vec<u16>], settings: EmbeddingSettings, mut rng: ChaCha8Rng) -> Self {
        let dimensions = settings.dimensions;
        let start = |_| (rng.random::<f32>() - 0.5) / dimensions as f32;
        let vectors: Vec<f32> = (0..WORDS * dimensions).map(start).collect();
        let mut learner = Learner {
            settings,
            vocabulary: Vocabulary::new(texts),
            embedding: Self {
                dimensions,
                vectors,
            },
            answers: vec![0.0; WORDS * dimensions],
            mean: vec![0.0; dimensions],
            error: vec![0.0; dimensions],
            rng,
        };
        let all: usize = texts.iter().map(Vec::len).sum();
        let total = (all * settings.epochs).max(1) as f32;
        let mut read = 0;
        for text in (0..settings.epochs).flat_map(|_| texts) {
            let done = read as f32 / total;
            learner.read(text, RATES[0] + (RATES[1] - RATES[0]) * done);
            read += text.len();
        }
        learner.embedding
    }

    /// The vector of a word.
    pub fn vector(&self, word: u16) -> &[f32] {
        let start = usize::from(word) * self.dimensions;
        &self.vectors[start..start + self.dimensions]
    }

    fn vector_mut(&mut self, word: u16) -> &mut [f32] {
        let start = usize::from(word) * self.dimensions;
        &mut self.vectors[start..start + self.dimensions]
    }
}

/// How often the words stand in the texts.
struct Vocabulary {
    /// The chance that a word's occurrence is kept.
    kept: Vec<f64>,
    /// For each word the chance that a wrong answer is this one or an earlier one.
    cumulative: Vec<f64>,
}

impl Vocabulary {
    fn new(texts: &[Vec<u16>]) -> Self {
        let mut counts = vec![0.0f64; WORDS];
        for &word in texts.iter().flatten() {
            counts[usize::from(word)] += 1.0;
        }
        let threshold = FREQUENT * counts.iter().sum::<f64>();
        let kept = |count: f64| ((count / threshold).sqrt() + 1.0) * (threshold / count);
        let powers = counts.iter().map(|count| count.powf(NEGATIVE_POWER));
        let total: f64 = powers.clone().sum();
        let mut sum = 0.0;
        let add = |power: f64| {
            sum += power / total;
            sum
        };
        Self {
            cumulative: powers.map(add).collect(),
            kept: counts.into_iter().map(kept).collect(),
        }
    }

    fn wrong(&self, rng: &mut ChaCha8Rng) -> u16 {
        let drawn: f64 = rng.random();
        let word = self.cumulative.partition_point(|&below| below <= drawn);
        word.min(WORDS - 1) as u16
    }
}

struct Learner {
    settings: EmbeddingSettings,
    vocabulary: Vocabulary,
    embedding: Embedding,
    /// For each word what its surroundings should look like.
    answers: Vec<f32>,
    /// The mean of the surroundings' vectors.
    mean: Vec<f32>,
    /// How that mean should have been.
    error: Vec<f32>,
    rng: ChaCha8Rng,
}

impl Learner {
    fn read(&mut self, text: &[u16], rate: f32) {
        let mut kept = text.to_vec();
        kept.retain(|&word| {
            let chance = self.vocabulary.kept[usize::from(word)];
            chance >= 1.0 || self.rng.random::<f64>() < chance
        });
        for at in 0..kept.len() {
            let reach = self.rng.random_range(1..=self.settings.window);
            let before = &kept[at.saturating_sub(reach)..at];
            let after = &kept[at + 1..(at + 1 + reach).min(kept.len())];
            self.step(kept[at], [before, after], rate);
        }
    }

    /// Learns that a word stands in these surroundings, and some others do not.
    fn step(&mut self, word: u16, around: [&[u16]; 2], rate: f32) {
        let around = around.into_iter().flatten();
        let count = around.clone().count();
        if count == 0 {
            return;
        }
        self.mean.fill(0.0);
        self.error.fill(0.0);
        for &near in around.clone() {
            add(&mut self.mean, self.embedding.vector(near), 1.0);
        }
        for value in &mut self.mean {
            *value /= count as f32;
        }
        self.answer(word, 1.0, rate);
        for _ in 0..self.settings.negatives {
            let wrong = self.vocabulary.wrong(&mut self.rng);
            if wrong != word {
                self.answer(wrong, 0.0, rate);
            }
        }
        for &near in around {
            add(self.embedding.vector_mut(near), &self.error, 1.0);
        }
    }

    fn answer(&mut self, word: u16, label: f32, rate: f32) {
        let dimensions = self.settings.dimensions;
        let start = usize::from(word) * dimensions;
        let answer = &mut self.answers[start..start + dimensions];
        let score = dot(&self.mean, answer);
        if score.abs() < SURE {
            let step = rate * (label - 1.0 / (1.0 + (-score).exp()));
            add(&mut self.error, answer, step);
            add(answer, &self.mean, step);
        }
    }
}

fn add(to: &mut [f32], from: &[f32], times: f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += times * from;
    }
}

/// Eight sums at a time, which the compiler turns into wide instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a
        .remainder()
        .iter()
        .zip(b.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a.zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};

    const SMALL: EmbeddingSettings = EmbeddingSettings {
        dimensions: 12,
        window: 4,
        negatives: 5,
        epochs: 20,
    };

    /// Texts in which the words below 10 and those from 10 to 19 never meet.
    fn two_languages() -> Vec<Vec<u16>> {
        let mut rng = stream(1, Purpose::Simulation, 0);
        (0..40)
            .map(|text| {
                (0..100)
                    .map(|_| rng.random_range(0..10) + 10 * (text % 2))
                    .collect()
            })
            .collect()
    }

    fn cosine(embedding: &Embedding, a: u16, b: u16) -> f32 {
        let [a, b] = [a, b].map(|word| embedding.vector(word));
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn words_that_meet_are_alike_and_others_are_not() {
        let learned = Embedding::learn(&two_languages(), SMALL, stream(1, Purpose::Words, 0));
        for a in 0..10 {
            for b in 0..10 {
                let [near, far] = [b, b + 10].map(|b| cosine(&learned, a, b));
                assert!(a == b || near > far + 0.5, "{a} {b}: {near} {far}");
            }
        }
    }

    #[test]
    fn the_seed_decides_everything() {
        let learn =
            |seed| Embedding::learn(&two_languages(), SMALL, stream(seed, Purpose::Words, 0));
        assert_eq!(learn(1).vectors, learn(1).vectors);
        assert_ne!(learn(1).vectors, learn(2).vectors);
    }

    #[test]
    fn nothing_to_read_is_no_trouble() {
        for texts in [vec![], vec![vec![]], vec![vec![7]]] {
            let learned = Embedding::learn(&texts, SMALL, stream(1, Purpose::Words, 0));
            assert!(learned.vectors.iter().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn words_overlap_and_have_no_n() {
        assert_eq!(
            words(&[0, 1, 2, 3, 3, 3, 0]),
            [0b00_01_10_11_11_11, 0b01_10_11_11_11_00]
        );
        assert_eq!(
            words(&[0, 0, 0, 0, 0, 0, N, 3, 3, 3, 3, 3, 3]),
            [0, WORDS as u16 - 1]
        );
        assert!(words(&[0; 5]).is_empty());
    }

    #[test]
    fn dot_products_of_any_length_are_right() {
        for length in [1, 8, 12, 17] {
            let a: Vec<f32> = (0..length).map(|at| at as f32).collect();
            let wanted: f32 = a.iter().map(|a| a * a).sum();
            assert_eq!(dot(&a, &a), wanted);
        }
    }
}
