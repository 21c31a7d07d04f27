//! The activity task in a training: learnt before the pairs, and beside them.

use std::sync::Arc;

use burn::tensor::activation::log_sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::evaluation::{ActivityMetrics, BinMeasures};
use crate::network::activity::{ActivityConfig, Examples, Kind, Scale};
use crate::network::kernels::dropout::Dropout;
use crate::network::model::{Epiann, host, not_finite};
use crate::pairs::Part;
use crate::seed::{Purpose, stream};

/// Windows that the network judges at once.
const JUDGED: usize = 64;
/// Windows by which each epoch is judged, at most.
const MOST_JUDGED: usize = 2000;

/// The activity task.
#[derive(Debug, Clone)]
pub struct ActivityTask {
    /// The windows.
    pub examples: Arc<Examples>,
    /// The settings.
    pub config: ActivityConfig,
}

/// Windows of a step, on a device.
#[derive(Debug)]
pub struct ActivityBatch {
    /// `[n, L_E]`, base codes
    codes: Tensor<2, Int>,
    /// `[n, l_E, a]`: of peaks 0 and 1, of signals standardised logarithms of 1 + signal.
    targets: Tensor<3>,
    /// 1 for peaks, 0 for signals: `[1, 1, a]`.
    peaks: Tensor<3>,
    /// Part of the activations that are dropped.
    dropout: f64,
}

impl ActivityTask {
    /// Steps in an epoch.
    pub fn batches_per_epoch(&self) -> usize {
        self.examples.len(Part::Train).div_ceil(self.config.batch)
    }

    /// The windows of a step, from 0, of an epoch: every training window once an epoch, in an order of its
    /// own, from a strand drawn at random. Past the last step it begins anew.
    pub fn batch(
        &self,
        seed: u64,
        (epoch, step): (usize, usize),
        device: &Device,
    ) -> ActivityBatch {
        let windows = self.examples.len(Part::Train);
        let mut order: Vec<usize> = (0..windows).collect();
        order.shuffle(&mut stream(seed, Purpose::ActivityOrder, epoch as u64));
        let step = step % self.batches_per_epoch();
        let places = order.into_iter().skip(step * self.config.batch);
        let number = (epoch as u64) << 32 | step as u64;
        let mut strands = stream(seed, Purpose::ActivityStrands, number);
        let chosen = places.take(self.config.batch);
        let chosen: Vec<_> = chosen.map(|place| (place, strands.random())).collect();
        self.on_device(Part::Train, &chosen, device)
    }

    /// Windows of a part, of which the reverse complement is taken where that is said.
    fn on_device(&self, part: Part, windows: &[(usize, bool)], device: &Device) -> ActivityBatch {
        let (examples, n) = (&self.examples, windows.len());
        let (mut codes, mut targets) = (Vec::new(), Vec::new());
        for &(window, reverse) in windows {
            let bases = examples.codes(part, window, reverse);
            codes.extend(bases.into_iter().map(i32::from));
            let values = examples.targets(part, window, reverse);
            let scales = self.scales().into_iter().cycle();
            targets.extend(
                values
                    .into_iter()
                    .zip(scales)
                    .map(|(of, scale)| scale.standardise(of)),
            );
        }
        let sources = examples.sources.len();
        let (length, bins) = (codes.len() / n, targets.len() / n / sources);
        let is_peaks = |source| f32::from(u8::from(self.kind(source) == Kind::Peaks));
        let peaks: Vec<f32> = (0..sources).map(is_peaks).collect();
        ActivityBatch {
            codes: Tensor::from_data(TensorData::new(codes, [n, length]), device),
            targets: Tensor::from_data(TensorData::new(targets, [n, bins, sources]), device),
            peaks: Tensor::from_data(TensorData::new(peaks, [1, 1, sources]), device),
            dropout: self.config.dropout,
        }
    }

    fn kind(&self, source: usize) -> Kind {
        self.examples.sources[source].kind
    }

    /// What the targets of each source are standardised by; those of peaks are not.
    fn scales(&self) -> Vec<Scale> {
        self.examples.scales().to_vec()
    }

    /// The windows of a part that a network is judged by: so many, spread over all, as windows stand in the order
    /// of the genome; or all, where one of the sources is the same in all of these.
    fn judged(&self, part: Part, most: Option<usize>) -> Vec<usize> {
        let all = self.examples.len(part);
        let count = most.unwrap_or(all).min(all);
        let some: Vec<usize> = (0..count).map(|place| place * all / count).collect();
        let sources = self.examples.sources.len();
        let varies = |source: usize| {
            let targets = some
                .iter()
                .flat_map(|&window| self.examples.targets(part, window, false));
            let mut own = targets.skip(source).step_by(sources);
            let first = own.next();
            own.any(|value| Some(value) != first)
        };
        match (0..sources).all(varies) {
            true => some,
            false => (0..all).collect(),
        }
    }

    /// How well a network predicts what was measured in windows of a part, at most so many of them if these tell.
    ///
    /// # Errors
    ///
    /// A network without the task, a value that is not a number, bins that all lie in peaks or none.
    pub fn measure(
        &self,
        network: &Epiann,
        part: Part,
        most: Option<usize>,
        device: &Device,
    ) -> Result<Vec<ActivityMetrics>> {
        let examples = &self.examples;
        let windows = self.judged(part, most);
        let judged = windows.len();
        let sources = examples.sources.len();
        let (mut found, mut measured, mut gc) = (Vec::new(), Vec::new(), Vec::new());
        for windows in windows.chunks(JUDGED) {
            let forward: Vec<_> = windows.iter().map(|&window| (window, false)).collect();
            let batch = self.on_device(part, &forward, device);
            let activity = rayon::scope(|_| network.activity(batch.codes, Dropout::NONE));
            found.extend(host(activity.ok_or_else(without_task)?)?);
            for &window in windows {
                measured.extend(examples.targets(part, window, false));
                gc.extend(examples.gc(part, window));
            }
        }
        if !found.iter().all(|value| value.is_finite()) {
            return Err(not_finite());
        }
        let of = |source: usize| {
            let column = |values: &[f32]| -> Vec<f32> {
                values
                    .iter()
                    .skip(source)
                    .step_by(sources)
                    .copied()
                    .collect()
            };
            let (found, measured) = (column(&found), column(&measured));
            self.metrics(source, judged, (&found, &gc, &measured))
        };
        (0..sources).map(of).collect()
    }

    /// How well a source is predicted: by the network and by the share of G and C, against what was measured.
    fn metrics(
        &self,
        source: usize,
        windows: usize,
        (found, gc, measured): (&[f32], &[f32], &[f32]),
    ) -> Result<ActivityMetrics> {
        let name = self.examples.sources[source].name.clone();
        let (prevalence, network, gc) = match self.kind(source) {
            Kind::Peaks => {
                let inside = measured.iter().filter(|&&peak| peak > 0.5).count();
                let of = |scores| BinMeasures::of_peaks(scores, measured);
                let prevalence = inside as f64 / measured.len() as f64;
                (Some(prevalence), of(found)?, of(gc)?)
            }
            Kind::Signal => {
                let of = |scores| BinMeasures::of_signal(scores, measured);
                (None, of(found), of(gc))
            }
        };
        Ok(ActivityMetrics {
            source: name,
            windows,
            bins: measured.len(),
            prevalence,
            network,
            gc,
        })
    }

    /// How well a network predicts what was measured in the validation part, by some of its windows.
    ///
    /// # Errors
    ///
    /// As [`Self::measure`].
    pub fn validate(&self, network: &Epiann, device: &Device) -> Result<Vec<ActivityMetrics>> {
        self.measure(network, Part::Validation, Some(MOST_JUDGED), device)
    }
}

impl ActivityBatch {
    /// The loss of a network on these windows: the mean over sources and bins of the cross-entropy of peaks, in
    /// nats, and of half the squared error of standardised signals: `[1]`.
    ///
    /// # Errors
    ///
    /// A network without the task.
    pub fn loss(self, network: &Epiann, rng: &mut ChaCha8Rng) -> Result<Tensor<1>> {
        let Self {
            codes,
            targets,
            peaks,
            dropout,
        } = self;
        let dropout = match dropout {
            rate if rate > 0.0 => Dropout::new(rate, rng),
            _ => Dropout::NONE,
        };
        // [n, l, a]
        let found = network.activity(codes, dropout).ok_or_else(without_task)?;
        // −y log σ(z) − (1 − y) log σ(−z), and log σ(−z) = log σ(z) − z
        let entropy =
            found.clone() * (targets.ones_like() - targets.clone()) - log_sigmoid(found.clone());
        let error = (found - targets).square() / 2.0;
        let signals = peaks.ones_like() - peaks.clone();
        Ok((entropy * peaks + error * signals).mean())
    }
}

/// How well an activity was predicted in the validation part after an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityEpoch {
    /// Whether the pairs were learnt beside it, or are still to come.
    pub phase: Phase,
    /// From 1 in either phase.
    pub epoch: usize,
    /// Mean loss over the epoch's batches; none where the task is not learnt beside the pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// How well.
    pub metrics: ActivityMetrics,
}

/// When an activity is learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Before the pairs.
    Before,
    /// Beside them.
    Beside,
}

fn without_task() -> Error {
    Error::Configuration("the network has no layers for an activity".to_string())
}

#[cfg(test)]
mod tests;
