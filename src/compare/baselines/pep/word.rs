//! PEP-Word: the mean vectors of the words of either element.

use crate::element::{Element, Sides};
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::described::regions;
use super::embedding::{Embedding, EmbeddingSettings, words};
use super::tf_idf::TfIdf;
use crate::compare::baselines::method::{Labelled, Method, classes};
use crate::error::Result;
use crate::genome::{Chroms, Region, Sequences};
use crate::pairs::{FeatureTable, Pair};
use crate::seed::{Purpose, stream};
use crate::statistics::boosting::Boosting;

/// Boosted trees on word vectors: for either element the sum of its words' vectors weighted by
/// TF-IDF.
///
/// PEP learns the vectors and the weights from all elements of a cell line. Here each part learns
/// them from the elements of its training pairs alone, the enhancers without their flanks, so that
/// nothing of the test part is known. Words with an N are left out, where PEP leaves out the pair.
#[derive(Debug, Clone)]
pub struct PepWord<'a> {
    /// The annotated elements of each pair.
    annotated: Vec<Sides<Region>>,
    /// The regions that describe each pair.
    described: Vec<Sides<Region>>,
    sequences: &'a Sequences,
    embedding: EmbeddingSettings,
    boosting: Boosting,
}

impl<'a> PepWord<'a> {
    /// For the pairs of a table. `sequences` hold the pairs' [`regions`].
    pub fn new(pairs: &[Pair], chroms: &Chroms, sequences: &'a Sequences) -> Self {
        Self {
            annotated: pairs.iter().map(|pair| pair.elements).collect(),
            described: pairs.iter().map(|pair| regions(pair, chroms)).collect(),
            sequences,
            embedding: EmbeddingSettings::PEP,
            boosting: Boosting::PEP,
        }
    }

    /// The same with other settings than PEP's.
    #[cfg(test)]
    pub fn with_settings(mut self, embedding: EmbeddingSettings, boosting: Boosting) -> Self {
        (self.embedding, self.boosting) = (embedding, boosting);
        self
    }

    /// One side's features for the pairs `wanted`, learned from the pairs `train`: for each
    /// dimension its value for every pair of the table, 0 for all others.
    fn side(
        &self,
        side: Element,
        train: &[Labelled],
        wanted: &[usize],
        seed: u64,
    ) -> Vec<Vec<f32>> {
        let annotated = train.iter().map(|example| example.pair);
        let annotated = annotated.map(|pair| *self.annotated[pair].get(side));
        // Each element once, in an order that does not depend on the pairs'.
        let annotated: BTreeSet<Region> = annotated.collect();
        let texts = annotated.into_iter();
        let texts = texts.map(|region| words(self.sequences.codes(region)));
        let texts: Vec<Vec<u16>> = texts.collect();
        let rng = stream(seed, Purpose::Words, side as u64);
        let embedding = Embedding::learn(&texts, self.embedding, rng);
        let weights = TfIdf::new(&texts);
        let described = wanted.iter().map(|&pair| *self.described[pair].get(side));
        let described: BTreeSet<Region> = described.collect();
        let means: BTreeMap<Region, Vec<f32>> = described
            .into_par_iter()
            .map(|region| (region, self.mean(region, &embedding, &weights)))
            .collect();
        let mut columns = vec![vec![0.0; self.described.len()]; self.embedding.dimensions];
        for &pair in wanted {
            let mean = &means[self.described[pair].get(side)];
            for (column, value) in columns.iter_mut().zip(mean) {
                column[pair] = *value;
            }
        }
        columns
    }

    fn mean(&self, region: Region, embedding: &Embedding, weights: &TfIdf) -> Vec<f32> {
        let mut sum = vec![0.0f64; self.embedding.dimensions];
        for (word, weight) in weights.weights(&words(self.sequences.codes(region))) {
            for (sum, value) in sum.iter_mut().zip(embedding.vector(word)) {
                *sum += weight * f64::from(*value);
            }
        }
        sum.into_iter().map(|value| value as f32).collect()
    }
}

impl Method for PepWord<'_> {
    fn scores(&self, train: &[Labelled], test: &[usize], seed: u64) -> Result<Vec<f64>> {
        classes(train)?;
        let trained = train.iter().map(|example| example.pair);
        let wanted: Vec<usize> = trained.chain(test.iter().copied()).collect();
        let side = |side| self.side(side, train, &wanted, seed);
        let [first, second] = Element::BOTH;
        let (enhancer, promoter) = rayon::join(|| side(first), || side(second));
        let named = [("enhancer", enhancer), ("promoter", promoter)];
        let columns = named.into_iter().flat_map(|(name, columns)| {
            let named = move |(at, column)| (format!("{at} ({name})"), column);
            columns.into_iter().enumerate().map(named)
        });
        let table = FeatureTable::new(columns)?;
        let examples = Labelled::examples(train);
        let forest = self.boosting.fit(table.columns(), &examples, seed)?;
        Ok(forest.probabilities(table.columns(), test))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::baselines::testing::{pair, train};
    use crate::evaluation::{Scored, auroc};
    use crate::genome::ChromId;
    use rand::RngExt;

    const SETTINGS: (EmbeddingSettings, Boosting) = (
        EmbeddingSettings {
            dimensions: 10,
            window: 5,
            negatives: 5,
            epochs: 3,
        },
        Boosting {
            trees: 60,
            depth: 3,
            ..Boosting::PEP
        },
    );
    const PAIRS: usize = 300;

    /// Pairs whose promoters are rich in G and C where they are positive, all on one chromosome,
    /// the enhancers in its first half and the promoters in its second.
    fn world() -> (Vec<Pair>, Vec<u8>, Chroms, Vec<u8>) {
        let mut rng = stream(3, Purpose::Simulation, 0);
        let labels: Vec<u8> = (0..PAIRS).map(|_| rng.random_range(0..2)).collect();
        let length = 2 * 300 * PAIRS;
        let mut codes: Vec<u8> = (0..length).map(|_| rng.random_range(0..4)).collect();
        let pairs = (0..PAIRS)
            .map(|at| {
                let mut pair = pair((300 * at) as u32, (300 * (PAIRS + at)) as u32);
                pair.elements.enhancer.end = pair.elements.enhancer.start + 300;
                pair.elements.promoter.end = pair.elements.promoter.start + 300;
                if labels[at] == 1 {
                    for base in &mut codes[300 * (PAIRS + at)..][..300] {
                        if rng.random_bool(0.3) {
                            *base = rng.random_range(1..3);
                        }
                    }
                }
                pair
            })
            .collect();
        let chroms = Chroms::new([("chr1".to_string(), length as u32)]).unwrap();
        (pairs, labels, chroms, codes)
    }

    fn sequences(codes: Vec<u8>) -> Sequences {
        let region = Region {
            chrom: ChromId(0),
            start: 0,
            end: codes.len() as u32,
        };
        Sequences::of(region, codes)
    }

    #[test]
    fn another_composition_is_found_in_elements_never_seen() {
        let (pairs, labels, chroms, codes) = world();
        let sequences = sequences(codes);
        let method =
            PepWord::new(&pairs, &chroms, &sequences).with_settings(SETTINGS.0, SETTINGS.1);
        let test: Vec<usize> = (200..PAIRS).collect();
        let scores = method.scores(&train(&labels[..200]), &test, 1).unwrap();
        let scored: Vec<Scored> = scores
            .iter()
            .zip(&labels[200..])
            .map(|(&score, &label)| Scored {
                score,
                positive: label == 1,
            })
            .collect();
        let auroc = auroc(&scored).unwrap();
        assert!(auroc > 0.9, "{auroc}");
    }

    #[test]
    fn the_rest_of_the_test_part_changes_no_score_and_threads_do_not() {
        let (pairs, labels, chroms, mut codes) = world();
        let train = train(&labels[..200]);
        let score = |codes: Vec<u8>, test: &[usize]| {
            let sequences = sequences(codes);
            let method =
                PepWord::new(&pairs, &chroms, &sequences).with_settings(SETTINGS.0, SETTINGS.1);
            method.scores(&train, test, 1).unwrap()
        };
        let before = score(codes.clone(), &[200]);
        let promoter = pairs[299].elements.promoter;
        codes[promoter.start as usize..promoter.end as usize].fill(0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let after = pool.unwrap().install(|| score(codes, &[299, 200]));
        assert_eq!(before[0], after[1]);
    }
}
