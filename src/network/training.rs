//! Training: from labelled pairs to weights.

mod activity;
mod adam;
mod batches;
mod before;
mod checkpoint;
mod config;
mod data;
mod history;
mod judge;
mod state;
mod step;

use std::path::Path;
use std::time::Instant;

use burn::tensor::{Device, Tensor};
use tracing::{debug, info};

pub use activity::ActivityTask;
pub use adam::Adam;
pub use checkpoint::check_checkpoint;
pub use config::TrainingConfig;
pub use data::TrainingData;
pub use history::{ACTIVITY, History, read as read_history};
pub use judge::{Validated, score, validated};
pub use step::step;

use crate::error::{Error, Result};
use crate::evaluation::Scored;
use crate::network::device::{ComputeDevice, compiling, synced};
use crate::network::model::{Epiann, HeldSequence, Loss, ModelConfig, Weights, host};
use crate::progress::Progress;
use crate::seed::{Purpose, stream};
use activity::{ActivityEpoch, Phase};
use before::before;
use checkpoint::Checkpoint;
use state::{Best, Run, State};
use step::{descend, pair_loss};

/// What training learnt.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The weights of the best epoch.
    pub weights: Weights,
    /// That epoch, from 1.
    pub best_epoch: usize,
    /// Every epoch.
    pub history: History,
    /// What the validation part says of these weights.
    pub validated: Validated,
}

/// A training run: what to train, how, and where to keep its state.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The network.
    pub model: &'a ModelConfig,
    /// The settings.
    pub config: &'a TrainingConfig,
    /// The first weights.
    pub start: Weights,
    /// Where it runs.
    pub device: &'a ComputeDevice,
    /// A file that is rewritten after each epoch, and every `checkpoint_batches` batches.
    pub checkpoint: &'a Path,
    /// What the run is told from others by: settings, inputs, device. Where it names no number of
    /// epochs, a training can be gone on with to more of them.
    pub identity: &'a str,
    /// `history.csv`, rewritten after each epoch.
    pub history: &'a Path,
    /// Whether each epoch is worth a log line: not where this is one training of hundreds.
    pub tells_epochs: bool,
}

/// Trains a network, or goes on where a run of the same identity stopped, because it was interrupted or
/// had no more epochs. It ends with the same weights as one that was not: nothing that happens in an
/// epoch, nor when to stop, depends on the number of epochs. The checkpoint stays.
///
/// # Errors
///
/// The checkpoint of another run, or one past the plan's epochs; a loss that is not a finite number, a device that failed, a
/// folder that cannot be written to.
pub fn train(data: &TrainingData, plan: Plan, progress: &dyn Progress) -> Result<Trained> {
    let Plan { model, config, .. } = plan;
    let device = plan.device.training();
    let checkpoint = Checkpoint::new(plan.checkpoint, plan.identity);
    let mut run = match checkpoint.read(model, config, &device)? {
        Some(mut run) => {
            let State { epoch, batch, .. } = run.state;
            info!("going on in epoch {}, batch {batch}", epoch + 1);
            history::take_speeds(&mut run.state.history, plan.history);
            run
        }
        None => Run {
            network: Epiann::load(model, &plan.start, &device)?,
            adam: Adam::new(config),
            best: None,
            state: State::default(),
        },
    };
    if let Some(task) = &data.activity {
        let inference = plan.device.inference();
        let judge = |weights: &Weights| {
            let network = Epiann::load(model, weights, &inference)?;
            task.validate(&network, &inference)
        };
        let save = |run: &Run| {
            history::write_activity(plan.history, &run.state.activity)?;
            checkpoint.write(run)
        };
        run = before(run, task, config, &device, judge, save, progress)?;
    }
    let mut trainer = Trainer {
        data,
        held: data.held(&device),
        plan,
        device,
        run,
        checkpoint,
        progress,
        losses: Vec::new(),
        compiled: false,
    };
    let batches = data.batches_per_epoch(config);
    let done = trainer.run.state.epoch * batches + trainer.run.state.batch;
    progress.start("training", (config.epochs * batches) as u64, done as u64);
    while !trainer.is_over() {
        trainer = trainer.epoch()?;
    }
    progress.finish();
    trainer.conclude()
}

struct Trainer<'a> {
    data: &'a TrainingData,
    /// Its sequence on the device; none where it is longer than [`HeldSequence::MOST`].
    held: Option<HeldSequence>,
    plan: Plan<'a>,
    device: Device,
    run: Run,
    checkpoint: Checkpoint,
    progress: &'a dyn Progress,
    /// Of the batches since the last reading: total and cross-entropy, and the activity's where that is learnt
    /// beside the pairs: `[2]` or `[3]`.
    losses: Vec<Tensor<1>>,
    /// Whether this process has taken a step, for which a GPU's kernels are compiled.
    compiled: bool,
}

/// Batches between two readings of the losses from the device, which each wait for it.
const LOSS_EVERY: usize = 16;

impl Trainer<'_> {
    fn is_over(&self) -> bool {
        let State { epoch, .. } = self.run.state;
        let config = self.plan.config;
        let stops = |best: &Best| config.stops(epoch, best.epoch);
        epoch >= config.epochs || self.run.best.as_ref().is_some_and(stops)
    }

    /// Trains on the batches that are left of this epoch, validates, and writes the checkpoint.
    fn epoch(mut self) -> Result<Self> {
        let (epoch, first) = (self.run.state.epoch, self.run.state.batch);
        let (data, config) = (self.data, self.plan.config);
        let batches = data.batches_per_epoch(config);
        let begun = Instant::now();
        let all = batches::epoch(&data.positives, &data.negatives, config, epoch);
        for examples in all.skip(first).take(batches - first) {
            self = match self.compiled {
                true => self.step(&examples)?,
                false => compiling("first step", || self.first_step(&examples))?,
            };
            let read = self.run.state.batch - self.losses.len();
            let mean = self.run.state.loss / read as f64;
            let note = match read {
                0 => format!("epoch {}", epoch + 1),
                _ => format!("epoch {}, loss {mean:.4}", epoch + 1),
            };
            self.progress.advance(1, &note);
            let (batch, every) = (self.run.state.batch, config.checkpoint_batches);
            if every > 0 && batch.is_multiple_of(every) && batch < batches {
                self.check()?;
                self.checkpoint.write(&self.run)?;
            }
        }
        self.check()?;
        let pairs = ((batches - first) * config.batch()) as f64;
        let pairs_per_second = pairs / begun.elapsed().as_secs_f64();

        let weights = self.run.network.weights()?;
        let scored = self.validate(&weights)?;
        self.judge_activity(&weights, batches)?;
        let record = self.run.state.row(batches, &scored, pairs_per_second)?;
        if self.plan.tells_epochs {
            info!("{record}");
        } else {
            debug!("{record}");
        }
        let best = self.run.best.as_ref();
        if best.is_none_or(|best| record.auprc > best.auprc) {
            self.run.best = Some(Best {
                epoch: epoch + 1,
                auprc: record.auprc,
                weights,
            });
        }
        self.run.state.history.push(record);
        history::write(self.plan.history, &self.run.state.history)?;
        self.run.state.begin_next_epoch();
        self.checkpoint.write(&self.run)?;
        Ok(self)
    }

    /// The first step of this process, waited for.
    fn first_step(mut self, examples: &batches::Batch) -> Result<Self> {
        self = self.step(examples)?;
        synced(&self.device)?;
        self.compiled = true;
        Ok(self)
    }

    /// One step on one batch.
    fn step(mut self, examples: &batches::Batch) -> Result<Self> {
        let held = self.held.as_ref();
        let (sequences, targets) = self.data.tensors(examples, held, &self.device);
        let seed = self.plan.config.seed;
        let mut rng = stream(seed, Purpose::Dropout, self.run.adam.steps());
        let beside = self.beside().map(|task| {
            let State { epoch, batch, .. } = self.run.state;
            let epoch = task.config.epochs + epoch;
            let number = (epoch as u64) << 32 | batch as u64;
            let rng = stream(seed, Purpose::ActivityDropout, number);
            let batch = task.batch(seed, (epoch, batch), &self.device);
            (batch, task.config.weight, rng)
        });
        let (network, losses) = descend(self.run.network, &mut self.run.adam, |network| {
            let Loss { total, both } = pair_loss(network, sequences, &targets, &mut rng);
            let both = both.without_autodiff();
            let Some((batch, weight, mut rng)) = beside else {
                return Ok((total, both));
            };
            let activity = batch.loss(network, &mut rng)?;
            let read = Tensor::cat(vec![both, activity.clone().without_autodiff()], 0);
            Ok((total + activity * weight, read))
        })?;
        self.run.network = network;
        self.losses.push(losses);
        self.run.state.batch += 1;
        if self.run.state.batch.is_multiple_of(LOSS_EVERY) {
            self.read_losses()?;
        }
        Ok(self)
    }

    /// The activity task, where it is learnt beside the pairs.
    fn beside(&self) -> Option<&ActivityTask> {
        let task = self.data.activity.as_ref();
        task.filter(|task| task.config.weight > 0.0)
    }

    /// Adds the losses that are still on the device, and looks at the parameters: a step that took
    /// them out of the real numbers must not reach the checkpoint.
    fn check(&mut self) -> Result<()> {
        self.read_losses()?;
        if self.run.network.weights()?.are_finite() {
            return Ok(());
        }
        Err(Error::Diverged(format!(
            "the weights after epoch {}, batch {} are not finite",
            self.run.state.epoch + 1,
            self.run.state.batch
        )))
    }

    /// Adds the losses that are still on the device.
    fn read_losses(&mut self) -> Result<()> {
        if self.losses.is_empty() {
            return Ok(());
        }
        let read = 2 + usize::from(self.beside().is_some());
        let losses = host(Tensor::cat(std::mem::take(&mut self.losses), 0))?;
        let state = &mut self.run.state;
        for (losses, ago) in losses.chunks_exact(read).rev().zip(0..) {
            if !losses[0].is_finite() {
                return Err(Error::Diverged(format!(
                    "the loss of epoch {}, batch {} is {}",
                    state.epoch + 1,
                    state.batch - ago,
                    losses[0]
                )));
            }
        }
        for losses in losses.chunks_exact(read) {
            state.loss += f64::from(losses[0]);
            state.bce += f64::from(losses[1]);
            state.activity_loss += losses.get(2).map_or(0.0, |&loss| f64::from(loss));
        }
        Ok(())
    }

    /// The validation pairs with the probabilities that a network of these weights gives them.
    fn validate(&self, weights: &Weights) -> Result<Vec<Scored>> {
        let Plan { model, device, .. } = self.plan;
        let pairs = &self.data.validation;
        score(self.data, pairs, weights, model, &device.inference())
    }

    /// Notes how well a network of these weights predicts activity, after so many batches.
    fn judge_activity(&mut self, weights: &Weights, batches: usize) -> Result<()> {
        let Some(task) = &self.data.activity else {
            return Ok(());
        };
        let Plan { model, device, .. } = self.plan;
        let device = device.inference();
        let network = Epiann::load(model, weights, &device)?;
        let state = &mut self.run.state;
        let loss = (task.config.weight > 0.0).then(|| state.activity_loss / batches as f64);
        for metrics in task.validate(&network, &device)? {
            debug!("activity: {metrics}");
            state.activity.push(ActivityEpoch {
                phase: Phase::Beside,
                epoch: state.epoch + 1,
                loss,
                metrics,
            });
        }
        history::write_activity(self.plan.history, &state.activity)
    }

    fn conclude(mut self) -> Result<Trained> {
        let best = self.run.best.take().ok_or_else(|| {
            Error::Configuration("training: epochs must be at least 1".to_string())
        })?;
        let Plan {
            model,
            config,
            device,
            ..
        } = self.plan;
        let setting = (model, config);
        let validated = validated(self.data, &[&best.weights], setting, &device.inference())?;
        Ok(Trained {
            weights: best.weights,
            best_epoch: best.epoch,
            history: self.run.state.history,
            validated,
        })
    }
}
