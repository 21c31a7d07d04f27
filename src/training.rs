//! Training: from labelled pairs to weights.

mod adam;
mod batches;
mod checkpoint;
mod config;
mod data;
mod history;
mod stopping;

use std::path::Path;
use std::time::Instant;

use burn::tensor::Device;
use tracing::info;

pub use config::TrainingConfig;
pub use data::TrainingData;
pub use history::{Epoch, History, write as write_history};

use crate::error::{Error, Result};
use crate::evaluation::{self, Scored};
use crate::inference::Predictor;
use crate::model::{Epiann, Loss, ModelConfig, Weights};
use crate::progress::Progress;
use crate::seed::{Purpose, stream};
use adam::Adam;
use checkpoint::{Checkpoint, State};
use stopping::Best;

/// What training learnt.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The weights of the best epoch.
    pub weights: Weights,
    /// That epoch, from 1.
    pub best_epoch: usize,
    /// Every epoch.
    pub history: History,
    /// The threshold with the best F1 on the validation part.
    pub threshold: f64,
}

/// Trains a network, or goes on where an interrupted run of the same settings stopped.
///
/// `start` are the first weights. `checkpoint` is a file that is rewritten after each epoch (and
/// every `checkpoint_batches` batches); a run that is killed at any moment and started again ends
/// with the same weights as one that was not. `identity` says which run it belongs to.
///
/// # Errors
///
/// A checkpoint of other settings, a loss that is not a finite number, a folder that cannot be
/// written to.
pub fn train(
    data: &TrainingData,
    model: &ModelConfig,
    start: Weights,
    config: &TrainingConfig,
    devices: (&Device, &Device),
    checkpoint: (&Path, &str),
    progress: &dyn Progress,
) -> Result<Trained> {
    let checkpoint = Checkpoint::new(checkpoint.0, checkpoint.1);
    let mut trainer = Trainer {
        data,
        config,
        device: devices.0,
        inference: devices.1,
        run: match checkpoint.read(model, config, devices.0)? {
            Some(run) => {
                info!(
                    "going on in epoch {}, batch {}",
                    run.state.epoch + 1,
                    run.state.batch
                );
                run
            }
            None => Run {
                network: Epiann::load(model, &start, devices.0)?,
                adam: Adam::new(config),
                best: None,
                state: State::default(),
            },
        },
        checkpoint,
        progress,
    };
    while !trainer.is_over() {
        trainer.epoch()?;
    }
    trainer.conclude()
}

/// Everything that changes while training.
struct Run {
    network: Epiann,
    adam: Adam,
    best: Option<Best>,
    state: State,
}

struct Trainer<'a> {
    data: &'a TrainingData,
    config: &'a TrainingConfig,
    device: &'a Device,
    inference: &'a Device,
    run: Run,
    checkpoint: Checkpoint,
    progress: &'a dyn Progress,
}

impl Trainer<'_> {
    fn is_over(&self) -> bool {
        let State { epoch, .. } = self.run.state;
        let patience = |best: &Best| epoch >= best.epoch + self.config.patience;
        epoch >= self.config.epochs || self.run.best.as_ref().is_some_and(patience)
    }

    /// Trains on the batches that are left of this epoch, validates, and writes the checkpoint.
    fn epoch(&mut self) -> Result<()> {
        let epoch = self.run.state.epoch;
        let batches = self.data.batches_per_epoch(self.config);
        let begun = Instant::now();
        let first = self.run.state.batch;
        self.progress.start(
            &format!("epoch {} of at most {}", epoch + 1, self.config.epochs),
            batches as u64,
        );
        self.progress.advance(first as u64, "");
        for examples in self
            .data
            .epoch(self.config, epoch)
            .skip(first)
            .take(batches - first)
        {
            self.step(&examples)?;
            let mean = self.run.state.loss / self.run.state.batch as f64;
            self.progress.advance(1, &format!("loss {mean:.4}"));
            let every = self.config.checkpoint_batches;
            if every > 0
                && self.run.state.batch.is_multiple_of(every)
                && self.run.state.batch < batches
            {
                self.checkpoint.write(&self.run)?;
            }
        }
        self.progress.finish();
        let pairs = ((batches - first) * self.config.batch()) as f64;
        let pairs_per_second = pairs / begun.elapsed().as_secs_f64();

        let scored = self.validate()?;
        let record = Epoch::new(&self.run.state, batches, &scored, pairs_per_second)?;
        info!("{record}");
        if self
            .run
            .best
            .as_ref()
            .is_none_or(|best| record.auprc > best.auprc)
        {
            self.run.best = Some(Best {
                epoch: epoch + 1,
                auprc: record.auprc,
                weights: self.run.network.weights(),
            });
        }
        self.run.state.history.push(record);
        self.run.state.begin_next_epoch();
        self.checkpoint.write(&self.run)
    }

    /// One step of Adam on one batch.
    fn step(&mut self, examples: &batches::Batch) -> Result<()> {
        let Run {
            network,
            adam,
            state,
            ..
        } = &mut self.run;
        let (sequences, targets) = self.data.tensors(examples, self.device);
        let mut rng = stream(self.config.seed, Purpose::Dropout, adam.steps());
        let output = network.forward(sequences, Some(&mut rng));
        let loss = Loss::new(&output, &targets, network.config().lambda);
        let total: f32 = loss.total.clone().into_scalar();
        let bce: f32 = loss.bce.clone().into_scalar();
        if !total.is_finite() {
            return Err(Error::NotFinite(format!(
                "the loss of epoch {}, batch {} is {total}: try a smaller --learning-rate",
                state.epoch + 1,
                state.batch + 1
            )));
        }
        let gradients = network.gradients(&loss.total.backward());
        let parameters = adam.step(network.parameters(), gradients);
        *network = network.clone().with_parameters(&parameters);
        state.batch += 1;
        state.loss += f64::from(total);
        state.bce += f64::from(bce);
        Ok(())
    }

    /// The validation pairs with the logits of the network as it is now.
    fn validate(&self) -> Result<Vec<Scored>> {
        score(
            self.data,
            &self.run.network.weights(),
            self.run.network.config(),
            self.inference,
        )
    }

    fn conclude(self) -> Result<Trained> {
        let best = self.run.best.ok_or_else(|| {
            Error::Configuration("training: epochs must be at least 1".to_string())
        })?;
        let scored = score(
            self.data,
            &best.weights,
            self.run.network.config(),
            self.inference,
        )?;
        Ok(Trained {
            weights: best.weights,
            best_epoch: best.epoch,
            history: self.run.state.history,
            threshold: evaluation::best_f1_threshold(&scored)?,
        })
    }
}

/// The validation pairs with the probabilities that a network of these weights gives them.
fn score(
    data: &TrainingData,
    weights: &Weights,
    model: &ModelConfig,
    device: &Device,
) -> Result<Vec<Scored>> {
    let predictor = Predictor::new(Epiann::load(model, weights, device)?, device.clone());
    data.validation(&predictor)
}
