//! The activity task alone, before the pairs.

use burn::tensor::{Device, Tensor};
use tracing::info;

use super::activity::{ActivityEpoch, ActivityTask, Phase};
use super::adam::Adam;
use super::config::TrainingConfig;
use super::state::Run;
use super::step::descend;
use crate::error::{Error, Result};
use crate::evaluation::ActivityMetrics;
use crate::network::model::{Weights, host};
use crate::progress::Progress;
use crate::seed::{Purpose, stream};

/// Steps between two readings of the losses from the device.
const LOSS_EVERY: usize = 16;

/// Trains the network on the activity task for the epochs that are left of those before the pairs; after each
/// of them it is judged and saved. What the pairs alone need keeps its values, and Adam begins anew behind it.
///
/// # Errors
///
/// A loss or weights that are not finite, what `judge` and `save` return.
pub fn before(
    mut run: Run,
    task: &ActivityTask,
    config: &TrainingConfig,
    device: &Device,
    judge: impl Fn(&Weights) -> Result<Vec<ActivityMetrics>>,
    save: impl Fn(&Run) -> Result<()>,
    progress: &dyn Progress,
) -> Result<Run> {
    let (epochs, batches) = (task.config.epochs, task.batches_per_epoch());
    if run.state.before >= epochs {
        return Ok(run);
    }
    let done = run.state.before * batches;
    progress.start("learning activity", (epochs * batches) as u64, done as u64);
    while run.state.before < epochs {
        let epoch = run.state.before;
        let (after, loss) = learn(run, task, config, device, progress)?;
        run = after;
        run.state.before += 1;
        let weights = run.network.weights()?;
        // A last step that took them out of the real numbers must not reach the checkpoint.
        if !weights.are_finite() {
            return Err(Error::Diverged(format!(
                "the weights after epoch {} of the activity are not finite",
                epoch + 1
            )));
        }
        let metrics = judge(&weights)?;
        for metrics in metrics {
            info!("activity, epoch {}: loss {loss:.4}, {metrics}", epoch + 1);
            run.state.activity.push(ActivityEpoch {
                phase: Phase::Before,
                epoch: epoch + 1,
                loss: Some(loss),
                metrics,
            });
        }
        if run.state.before == epochs {
            run.adam = Adam::new(config);
        }
        save(&run)?;
    }
    progress.finish();
    Ok(run)
}

/// One epoch, and its mean loss.
fn learn(
    mut run: Run,
    task: &ActivityTask,
    config: &TrainingConfig,
    device: &Device,
    progress: &dyn Progress,
) -> Result<(Run, f64)> {
    let (epoch, batches) = (run.state.before, task.batches_per_epoch());
    let (mut losses, mut sum): (Vec<Tensor<1>>, f64) = (Vec::new(), 0.0);
    for step in 0..batches {
        let batch = task.batch(config.seed, (epoch, step), device);
        let number = (epoch as u64) << 32 | step as u64;
        let mut rng = stream(config.seed, Purpose::ActivityDropout, number);
        let (network, loss) = descend(run.network, &mut run.adam, |network| {
            let loss = batch.loss(network, &mut rng)?;
            Ok((loss.clone(), loss.without_autodiff()))
        })?;
        run.network = network;
        losses.push(loss);
        if losses.len() == LOSS_EVERY || step + 1 == batches {
            let read = host(Tensor::cat(std::mem::take(&mut losses), 0))?;
            sum += read.iter().map(|&loss| f64::from(loss)).sum::<f64>();
        }
        if !sum.is_finite() {
            let place = format!(
                "the loss of the activity's epoch {}, batch {}",
                epoch + 1,
                step + 1
            );
            return Err(Error::Diverged(format!("{place} is {sum}")));
        }
        progress.advance(1, &format!("epoch {}", epoch + 1));
    }
    Ok((run, sum / batches as f64))
}
