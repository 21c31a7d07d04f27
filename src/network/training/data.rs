//! The examples of a training run and their sequence.

use std::collections::HashSet;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::TrainingConfig;
use super::batches::{self, Batch};
use crate::error::Result;
use crate::evaluation::Scored;
use crate::genome::{self, Chroms, Reference, Region};
use crate::network::inference;
use crate::network::inference::{Predictor, probability};
use crate::network::model;
use crate::network::model::{CoordinateScale, HeldSequence, Scale, Targets};
use crate::pairs::{Augmentation, Example, Pair, PairTable, Part, Split, WindowLengths, Windows};

/// The examples of a training run.
///
/// Sequence is kept once for all windows that cover it, one byte a base: for validation, and to be
/// held where the network trains, which is where the windows of a batch are cut out.
#[derive(Clone)]
pub struct TrainingData {
    pairs: Vec<Pair>,
    centred: Vec<Windows>,
    chroms: Arc<Chroms>,
    sequences: Arc<genome::Sequences>,
    positives: Vec<Example>,
    negatives: Vec<Example>,
    validation: Vec<usize>,
    scale: CoordinateScale,
}

impl TrainingData {
    /// Collects the examples of the training and validation parts and reads their sequence.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn read(
        table: &PairTable,
        split: &Split,
        lengths: WindowLengths,
        augmentation: &Augmentation,
        reference: &mut Reference,
    ) -> Result<Self> {
        let chroms = reference.chroms().clone();
        let centred = Windows::of_all(&table.pairs, lengths, &chroms)?;
        let (mut positives, mut negatives) = (Vec::new(), Vec::new());
        for pair in split.members(Part::Train) {
            if table.pairs[pair].label == Some(true) {
                let shifts = augmentation.shifts(&table.pairs[pair], &centred[pair], &chroms);
                positives.extend(shifts.map(|shift| Example { pair, shift }));
            } else {
                negatives.push(Example { pair, shift: 0 });
            }
        }
        let mut data = Self {
            scale: CoordinateScale {
                enhancer: UNIT_SCALE,
                promoter: UNIT_SCALE,
            },
            validation: split.members(Part::Validation),
            sequences: Arc::default(),
            pairs: table.pairs.clone(),
            chroms,
            centred,
            positives,
            negatives,
        };
        data.sequences = Arc::new(genome::Sequences::read(reference, data.regions())?);
        data.scale = data.measure_scale();
        Ok(data)
    }

    /// The same data with only these pairs, by their places in the table, left to train: a fold of
    /// a cross-validation. The validation part stays, and sequence is shared.
    pub fn training_on(&self, pairs: &[usize]) -> Self {
        let kept: HashSet<usize> = pairs.iter().copied().collect();
        let of = |class: &[Example]| -> Vec<Example> {
            let kept = |example: &&Example| kept.contains(&example.pair);
            class.iter().filter(kept).copied().collect()
        };
        let mut data = Self {
            positives: of(&self.positives),
            negatives: of(&self.negatives),
            ..self.clone()
        };
        data.scale = data.measure_scale();
        data
    }

    /// Positive and negative training examples, with augmentation.
    pub fn examples(&self) -> (usize, usize) {
        (self.positives.len(), self.negatives.len())
    }

    /// Bases of sequence in memory.
    pub fn bases(&self) -> usize {
        self.sequences.all().len()
    }

    /// The scale of the coordinates over the training examples.
    pub fn scale(&self) -> CoordinateScale {
        self.scale
    }

    /// Batches in an epoch.
    pub fn batches_per_epoch(&self, config: &TrainingConfig) -> usize {
        if config.epoch_batches > 0 {
            return config.epoch_batches;
        }
        let positives = self.positives.len().div_ceil(config.batch_positives);
        let negatives = self.negatives.len().div_ceil(config.batch_negatives);
        positives.max(negatives)
    }

    /// The batches of an epoch, without end.
    pub(super) fn epoch<'a>(
        &'a self,
        config: &'a TrainingConfig,
        epoch: usize,
    ) -> impl Iterator<Item = Batch> + 'a {
        batches::epoch(&self.positives, &self.negatives, config, epoch)
    }

    /// The sequence on a device, unless it is too long to be held there.
    pub(super) fn held(&self, device: &Device) -> Option<HeldSequence> {
        let codes = self.sequences.all();
        let fits = (1..=HeldSequence::MOST).contains(&codes.len());
        fits.then(|| HeldSequence::new(codes, device))
    }

    /// A batch on the device, where the sequence is held or not.
    pub(super) fn tensors(
        &self,
        batch: &Batch,
        held: Option<&HeldSequence>,
        device: &Device,
    ) -> (model::Sequences, Targets) {
        let windows: Vec<Windows> = batch.iter().map(|example| self.windows(example)).collect();
        let sequences = match held {
            Some(held) => self.cut(&windows, held),
            None => inference::batch(&self.sequences, &windows, device),
        };
        let labels = batch
            .iter()
            .map(|example| f32::from(u8::from(self.pairs[example.pair].label == Some(true))))
            .collect();
        let (enhancers, promoters): (Vec<_>, Vec<_>) = batch
            .iter()
            .map(|example| self.coordinates(example))
            .map(|[enhancer, promoter]| {
                (
                    self.scale.enhancer.standardise(enhancer),
                    self.scale.promoter.standardise(promoter),
                )
            })
            .unzip();
        let targets = Targets {
            label: tensor(labels, 1, device),
            enhancer_coordinates: tensor(enhancers.into_flattened(), 2, device),
            promoter_coordinates: tensor(promoters.into_flattened(), 2, device),
        };
        (sequences, targets)
    }

    /// Windows, at least one, of the sequence on a device.
    fn cut(&self, windows: &[Windows], held: &HeldSequence) -> model::Sequences {
        let of = |side: fn(&Windows) -> Region| {
            let starts = windows.iter().map(|pair| self.sequences.place(side(pair)));
            held.windows(starts, side(&windows[0]).len() as usize)
        };
        model::Sequences {
            enhancer: of(|windows| windows.enhancer),
            promoter: of(|windows| windows.promoter),
        }
    }

    /// The places of the validation pairs in the table.
    pub(super) fn validation(&self) -> &[usize] {
        &self.validation
    }

    /// These pairs of the training and validation parts, by their places in the table, with the
    /// probabilities that `predictor` gives them.
    pub(super) fn scored(&self, pairs: &[usize], predictor: &Predictor) -> Result<Vec<Scored>> {
        let windows: Vec<Windows> = pairs.iter().map(|&pair| self.centred[pair]).collect();
        let logits = predictor.logits(&self.sequences, &windows)?;
        let scored = pairs.iter().zip(logits).map(|(&pair, logit)| Scored {
            score: f64::from(probability(logit)),
            positive: self.pairs[pair].label == Some(true),
        });
        Ok(scored.collect())
    }

    fn windows(&self, example: &Example) -> Windows {
        self.centred[example.pair]
            .shifted(example.shift, &self.chroms)
            .expect("augmentation only makes windows inside their chromosome")
    }

    /// Start and end of both elements, in bases from their windows' first base; what lies outside
    /// the window counts as its edge.
    fn coordinates(&self, example: &Example) -> [[f64; 2]; 2] {
        let windows = self.windows(example);
        let pair = &self.pairs[example.pair];
        let inside = |element: Region, window: Region| {
            [element.start, element.end]
                .map(|at| f64::from(at.clamp(window.start, window.end) - window.start))
        };
        [
            inside(pair.enhancer, windows.enhancer),
            inside(pair.promoter, windows.promoter),
        ]
    }

    fn examples_iter(&self) -> impl Iterator<Item = &Example> {
        self.positives.iter().chain(&self.negatives)
    }

    fn measure_scale(&self) -> CoordinateScale {
        let of = |element: usize| {
            Scale::of(
                self.examples_iter()
                    .map(|example| self.coordinates(example)[element]),
            )
        };
        CoordinateScale {
            enhancer: of(0),
            promoter: of(1),
        }
    }

    fn regions(&self) -> Vec<Region> {
        let training = self.examples_iter().map(|example| self.windows(example));
        let validation = self.validation.iter().map(|&pair| self.centred[pair]);
        training
            .chain(validation)
            .flat_map(|windows| [windows.enhancer, windows.promoter])
            .collect()
    }
}

/// The scale before it is measured.
const UNIT_SCALE: Scale = Scale {
    mean: [0.0; 2],
    sd: [1.0; 2],
};

/// Values row by row: `[values / columns, columns]`.
fn tensor(values: Vec<f32>, columns: usize, device: &Device) -> Tensor<2> {
    let rows = values.len() / columns;
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    #[test]
    fn a_batch_is_the_same_whether_its_sequence_is_held_on_the_device_or_not() {
        let region = |start: u32, end: u32| Region {
            chrom: ChromId(0),
            start,
            end,
        };
        let codes: Vec<u8> = (0..200u32).map(|at| (at * at / 7 % 5) as u8).collect();
        let centred = [(10, 130), (93, 180), (160, 0)].map(|(enhancer, promoter)| Windows {
            enhancer: region(enhancer, enhancer + 37),
            promoter: region(promoter, promoter + 20),
        });
        let pair = |windows: &Windows| Pair {
            enhancer: windows.enhancer,
            promoter: windows.promoter,
            label: Some(true),
            line: 1,
        };
        let data = TrainingData {
            pairs: centred.iter().map(pair).collect(),
            centred: centred.to_vec(),
            chroms: Arc::new(Chroms::new([("chr1".to_string(), 200)]).unwrap()),
            sequences: Arc::new(genome::Sequences::of(region(0, 200), codes)),
            positives: Vec::new(),
            negatives: Vec::new(),
            validation: Vec::new(),
            scale: CoordinateScale {
                enhancer: UNIT_SCALE,
                promoter: UNIT_SCALE,
            },
        };
        let device = Device::flex();
        let held = data.held(&device);
        assert!(held.is_some());
        let batch: Batch = (0..3).map(|pair| Example { pair, shift: 0 }).collect();
        let [there, sent] = [held.as_ref(), None].map(|held| {
            let (sequences, _) = data.tensors(&batch, held, &device);
            [sequences.enhancer, sequences.promoter].map(Tensor::into_data)
        });
        assert_eq!(there, sent);
    }
}
