//! How much each word of a text tells about it.

use super::embedding::WORDS;

/// What a word's presence tells, learned from some texts.
///
/// A word that stands `n` times in a text weighs `n log₂(D / d)`, where `d` of the `D` texts that
/// were learned from have it; a text's weights are divided by their length (L2), as in gensim's
/// `TfidfModel`, which PEP uses. Words that were never seen weigh nothing.
pub struct TfIdf {
    weights: Vec<f64>,
}

impl TfIdf {
    /// Learns from texts.
    pub fn new(texts: &[Vec<u16>]) -> Self {
        let mut having = vec![0u32; WORDS];
        for text in texts {
            for (having, count) in having.iter_mut().zip(counts(text)) {
                *having += u32::from(count > 0.0);
            }
        }
        let all = texts.len() as f64;
        let weight = |having: u32| match having {
            0 => 0.0,
            some => (all / f64::from(some)).log2(),
        };
        Self {
            weights: having.into_iter().map(weight).collect(),
        }
    }

    /// The words of a text that weigh something, with their weights.
    pub fn weights(&self, text: &[u16]) -> Vec<(u16, f64)> {
        let weighted = counts(text).into_iter().zip(&self.weights);
        let weights: Vec<(u16, f64)> = (0..)
            .zip(weighted.map(|(count, weight)| count * weight))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        let length = weights.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
        weights
            .into_iter()
            .map(|(word, w)| (word, w / length))
            .collect()
    }
}

fn counts(text: &[u16]) -> Vec<f64> {
    let mut counts = vec![0.0; WORDS];
    for &word in text {
        counts[usize::from(word)] += 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `gensim.models.TfidfModel` says of `[1, 1, 2, 3]` after `[[1, 2], [1, 3, 3], [1], [2]]`.
    #[test]
    fn weights_are_as_computed_by_hand() {
        let learned = TfIdf::new(&[vec![1, 2], vec![1, 3, 3], vec![1], vec![2]]);
        let got = learned.weights(&[1, 1, 2, 3, 9]);
        let raw = [2.0 * (4.0f64 / 3.0).log2(), 1.0, 2.0];
        let length = raw.iter().map(|w| w * w).sum::<f64>().sqrt();
        for ((word, weight), (wanted, raw)) in
            got.iter().zip([(1, raw[0]), (2, raw[1]), (3, raw[2])])
        {
            assert_eq!(*word, wanted);
            assert!((weight - raw / length).abs() < 1e-12);
        }
        assert_eq!(got.len(), 3, "a word that was never seen weighs nothing");
    }

    #[test]
    fn a_word_that_every_text_has_tells_nothing() {
        let learned = TfIdf::new(&[vec![5, 6], vec![5, 7]]);
        assert_eq!(learned.weights(&[5, 5, 5]), []);
        assert_eq!(learned.weights(&[]), []);
        assert_eq!(learned.weights(&[5, 6]), [(6, 1.0)]);
    }
}
