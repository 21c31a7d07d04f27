//! The examples of a training run and their sequence.

use std::collections::HashSet;
use std::sync::Arc;

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::activity::ActivityTask;
use super::batches::Batch;
use super::config::TrainingConfig;
use crate::element::Sides;
use crate::error::Result;
use crate::evaluation::Told;
use crate::genome::{self, Chroms, Reference, Region};
use crate::network::activity;
use crate::network::inference::{self, Ensemble};
use crate::network::model::{HeldSequence, Scale, Targets};
use crate::pairs::{Augmentation, Example, Pair, PairTable, Part, Split, shifted};

/// The examples of a training run.
///
/// Sequence is kept once for all windows that cover it, one byte a base: for validation, and to be
/// held where the network trains, which is where the windows of a batch are cut out.
#[derive(Clone)]
pub struct TrainingData {
    pairs: Vec<Pair>,
    centred: Vec<Sides<Region>>,
    chroms: Arc<Chroms>,
    sequences: Arc<genome::Sequences>,
    pub(super) positives: Vec<Example>,
    pub(super) negatives: Vec<Example>,
    /// The places of the validation pairs in the table.
    pub(super) validation: Vec<usize>,
    scale: Sides<Scale>,
    /// What is added to a network's log-odds of each pair of the table, where something is.
    offsets: Option<Vec<f32>>,
    /// The activity task, where there is one.
    pub(super) activity: Option<ActivityTask>,
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
        augmentation: &Augmentation,
        reference: &mut Reference,
    ) -> Result<Self> {
        let chroms = reference.chroms().clone();
        let (mut positives, mut negatives) = (Vec::new(), Vec::new());
        for pair in split.members(Part::Train) {
            if table.pairs[pair].label == Some(true) {
                let shifts = augmentation.shifts(&table.pairs[pair], table.windows[pair], &chroms);
                positives.extend(shifts.map(|shift| Example { pair, shift }));
            } else {
                negatives.push(Example { pair, shift: 0 });
            }
        }
        let mut data = Self {
            scale: Sides::new(UNIT_SCALE, UNIT_SCALE),
            validation: split.members(Part::Validation),
            sequences: Arc::default(),
            pairs: table.pairs.clone(),
            chroms,
            centred: table.windows.clone(),
            positives,
            negatives,
            offsets: None,
            activity: None,
        };
        data.sequences = Arc::new(genome::Sequences::read(reference, data.regions())?);
        data.scale = data.measure_scale();
        Ok(data)
    }

    /// The same data, of whose pairs something is known beside their sequence: of each pair of the table the
    /// log-odds that are added to a network's. They are held, and the network learns the rest.
    pub fn with_offsets(self, offsets: Vec<f32>) -> Self {
        Self {
            offsets: Some(offsets),
            ..self
        }
    }

    /// The same with an activity to be learnt, or without.
    pub fn with_activity(self, activity: Option<ActivityTask>) -> Self {
        Self { activity, ..self }
    }

    /// The scales of the activities that are learnt, in the order of their sources.
    pub fn activity_scales(&self) -> &[activity::Scale] {
        let task = self.activity.as_ref();
        task.map_or(&[], |task| task.examples.scales())
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
    pub fn scale(&self) -> Sides<Scale> {
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
    ) -> (Sides<Tensor<2, Int>>, Targets) {
        let windows: Vec<_> = batch.iter().map(|example| self.windows(example)).collect();
        let sequences = match held {
            Some(held) => self.cut(&windows, held),
            None => {
                let of = |element| windows.iter().map(|of| *of.get(element)).collect();
                inference::batch(&self.sequences, Sides::from_fn(of).as_ref(), device)
            }
        };
        let labels = batch
            .iter()
            .map(|example| f32::from(u8::from(self.pairs[example.pair].label == Some(true))))
            .collect();
        let coordinates = Sides::from_fn(|element| {
            let scale = self.scale.get(element);
            let of = |example| scale.standardise(*self.coordinates(example).get(element));
            let values: Vec<[f32; 2]> = batch.iter().map(of).collect();
            tensor(values.into_flattened(), 2, device)
        });
        let offset = self.offsets.as_ref().map(|offsets| {
            let of_batch = batch.iter().map(|example| offsets[example.pair]);
            tensor(of_batch.collect(), 1, device)
        });
        let targets = Targets {
            label: tensor(labels, 1, device),
            coordinates,
            offset,
        };
        (sequences, targets)
    }

    /// Windows, at least one, of the sequence on a device.
    fn cut(&self, windows: &[Sides<Region>], held: &HeldSequence) -> Sides<Tensor<2, Int>> {
        let starts = Sides::from_fn(|element| {
            let regions = windows.iter().map(move |windows| *windows.get(element));
            regions.map(|region| self.sequences.place(region))
        });
        held.windows(starts, windows[0].map(|window| window.len() as usize))
    }

    /// These pairs of the training and validation parts, by their places in the table, with the log-odds that an
    /// ensemble, which may be of one, gives them, and those that are known beside sequence.
    pub(super) fn told(&self, pairs: &[usize], ensemble: &Ensemble) -> Result<Vec<Told>> {
        let windows: Vec<_> = pairs.iter().map(|&pair| self.centred[pair]).collect();
        let logits = ensemble.logits(&self.sequences, &windows)?;
        let told = pairs.iter().zip(logits).map(|(&pair, logit)| Told {
            sequence: f64::from(logit),
            context: f64::from(self.offsets.as_ref().map_or(0.0, |offsets| offsets[pair])),
            positive: self.pairs[pair].label == Some(true),
        });
        Ok(told.collect())
    }

    /// Whether something is known of the pairs beside their sequence.
    pub(super) fn has_context(&self) -> bool {
        self.offsets.is_some()
    }

    fn windows(&self, example: &Example) -> Sides<Region> {
        shifted(self.centred[example.pair], example.shift, &self.chroms)
            .expect("augmentation only makes windows inside their chromosome")
    }

    /// Start and end of both elements, in bases from their windows' first base; what lies outside
    /// the window counts as its edge.
    fn coordinates(&self, example: &Example) -> Sides<[f64; 2]> {
        let elements = self.pairs[example.pair].elements;
        elements
            .zip(self.windows(example))
            .map(|(element, window)| {
                [element.start, element.end]
                    .map(|at| f64::from(at.clamp(window.start, window.end) - window.start))
            })
    }

    fn examples_iter(&self) -> impl Iterator<Item = &Example> {
        self.positives.iter().chain(&self.negatives)
    }

    fn measure_scale(&self) -> Sides<Scale> {
        Sides::from_fn(|element| {
            let examples = self.examples_iter();
            Scale::of(examples.map(|example| *self.coordinates(example).get(element)))
        })
    }

    fn regions(&self) -> Vec<Region> {
        let training = self.examples_iter().map(|example| self.windows(example));
        let validation = self.validation.iter().map(|&pair| self.centred[pair]);
        training.chain(validation).flatten().collect()
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
        let centred = [(10, 130), (93, 180), (160, 0)].map(|(enhancer, promoter)| {
            Sides::new(
                region(enhancer, enhancer + 37),
                region(promoter, promoter + 20),
            )
        });
        let pair = |&elements: &Sides<Region>| Pair {
            elements,
            label: Some(true),
            line: 1,
            gene: None,
        };
        let data = TrainingData {
            pairs: centred.iter().map(pair).collect(),
            centred: centred.to_vec(),
            chroms: Arc::new(Chroms::new([("chr1".to_string(), 200)]).unwrap()),
            sequences: Arc::new(genome::Sequences::of(region(0, 200), codes)),
            positives: Vec::new(),
            negatives: Vec::new(),
            validation: Vec::new(),
            scale: Sides::new(UNIT_SCALE, UNIT_SCALE),
            offsets: Some(vec![0.5, -1.25, 2.0]),
            activity: None,
        };
        let device = Device::flex();
        let held = data.held(&device);
        assert!(held.is_some());
        let batch: Batch = (0..3).map(|pair| Example { pair, shift: 0 }).collect();
        let [there, sent] = [held.as_ref(), None].map(|held| {
            let (sequences, _) = data.tensors(&batch, held, &device);
            sequences.map(Tensor::into_data)
        });
        assert_eq!(there, sent);
        // What is known of a pair goes with it, wherever it stands in the batch.
        let batch: Batch = [2, 0].map(|pair| Example { pair, shift: 0 }).to_vec();
        let (_, targets) = data.tensors(&batch, None, &device);
        let offset = targets.offset.unwrap().into_data();
        assert_eq!(offset, TensorData::new(vec![2.0f32, 0.5], [2, 1]));
    }
}
