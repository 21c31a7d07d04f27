//! Training into a folder: from the beginning, on where it was interrupted, or further than it went.

use std::path::Path;

use tracing::{info, warn};

use super::activity::Activity;
use super::members::{self, HISTORY, Members};
use super::offsets::HeldContext;
use super::record::{Outcome, Record, Settings};
use super::start::Opened;
use super::{
    CHROMOSOMES, CONTEXT, FILES, METRICS, PREDICTIONS, RECORD, Run, SPLIT, held_out, multiqc, sums,
};
use crate::error::{Error, Result};
use crate::network::device::ComputeDevice;
use crate::network::training::{
    self, ActivityTask, Trained, TrainingConfig, TrainingData, Validated,
};
use crate::output::provenance::VERSION;
use crate::output::{self, Claim, FolderKind};
use crate::progress::Progress;

impl Run {
    /// Trains with these settings into a folder, which is made; goes on where an interrupted run
    /// of the same settings stopped, or a complete one that was to have fewer epochs; does nothing where
    /// one is complete. With `fresh`, replaces whatever run is there, once the inputs have shown to be
    /// good.
    ///
    /// What comes out is the same, byte by byte, as where all epochs were trained at once.
    ///
    /// # Errors
    ///
    /// Bad settings or inputs; without `fresh`, a folder that holds a run of other settings, one that is
    /// past the epochs that are asked for, or one that was to have fewer and whose state is not there any
    /// more.
    pub fn train(
        dir: &Path,
        settings: &Settings,
        fresh: bool,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<Self> {
        settings.validate()?;
        if !fresh
            && let Some(run) = Self::found(dir, settings, device)?
            && run.record.settings.training.epochs == settings.training.epochs
            && run.record.settings.training.prior == settings.training.prior
        {
            return run.complete();
        }

        let mut inputs = settings.open()?;
        let context = HeldContext::fit(settings, &inputs)?;
        let activity = activity_task(settings, &mut inputs)?;
        let identity = settings.training_identity(&device.description)?;
        let members = Members {
            settings,
            dir,
            identity: &identity,
            device,
        };
        let start = members.first_weights()?;
        let _claim = Claim::folder(dir, FolderKind::Run)?;
        if fresh {
            Self::remove(dir)?;
        } else if let Some(run) = Self::found(dir, settings, device)?
            && let Some(run) = run.with_epochs_of(settings)?
        {
            // Another process was done before this one had its place, or more epochs change nothing.
            return Ok(run);
        }
        members.check()?;
        let data = prepared(dir, settings, inputs, (context, activity))?;
        let trained = members.train(&data, start, progress)?;
        Self::keep(&members, &data, &trained)
    }

    /// Writes what a training learnt: the weights, and what describes them.
    fn keep(members: &Members, data: &TrainingData, trained: &[Trained]) -> Result<Self> {
        let (dir, settings) = (members.dir, members.settings);
        // Until here a run of fewer epochs was complete.
        Self::forget(dir)?;
        members.write(trained)?;
        let (validated, outcomes) = members.outcome(data, trained)?;
        let Validated {
            sum,
            threshold,
            correction,
        } = validated;
        let context = settings.context.as_ref().map(|_| dir.join(CONTEXT));
        let files = members.weights().chain([dir.join(SPLIT)]).chain(context);
        let record = Record {
            settings: settings.clone(),
            outcome: Outcome {
                version: VERSION.to_string(),
                device: members.device.description.clone(),
                coordinates: data.scale(),
                activity: data.activity_scales().to_vec(),
                best_epoch: trained[0].best_epoch,
                sum,
                threshold,
                correction,
                files: sums::of(dir, files)?,
                members: outcomes,
            },
        };
        // The record comes last: where it is, the run is complete.
        record.write(&dir.join(RECORD))?;
        let stopped = |of: &Trained| settings.training.stops(of.history.len(), of.best_epoch);
        if trained.iter().all(stopped) {
            members::remove_checkpoints(dir, trained.len())?;
        }
        match trained {
            [only] => info!(
                "trained: best epoch {} of {}, threshold {threshold:.3}",
                only.best_epoch,
                only.history.len()
            ),
            all => info!(
                "trained: {} networks, threshold {threshold:.3} of their mean probability",
                all.len()
            ),
        }
        record.tell();
        Ok(Self {
            dir: dir.to_path_buf(),
            record,
        })
    }

    /// The complete run in a folder, which differs from what is asked for in the number of epochs at
    /// most; none where there is no complete one.
    fn found(dir: &Path, settings: &Settings, device: &ComputeDevice) -> Result<Option<Self>> {
        if !dir.join(RECORD).exists() {
            return Ok(None);
        }
        let (run, device) = (Self::open(dir)?, &device.description);
        if run.record.training_identity()? == settings.training_identity(device)? {
            return Ok(Some(run));
        }
        let (identity, asked) = (run.record.identity()?, settings.identity(device)?);
        Err(run.occupied(&identity, &asked))
    }

    /// This run, which is what was asked for.
    fn complete(self) -> Result<Self> {
        info!("{} is complete", self.dir.display());
        // A process that was killed may have left the checkpoints of a training that stopped by itself.
        if self.trained().is_ok_and(|trained| trained.stopped) {
            members::remove_checkpoints(&self.dir, self.record.settings.ensemble)?;
        }
        Ok(self)
    }

    /// This run as one of so many epochs as are asked for; none where these are still to be trained.
    fn with_epochs_of(self, settings: &Settings) -> Result<Option<Self>> {
        let asked = settings.training.epochs;
        if self.record.settings.training.epochs == asked {
            return self.restated(settings)?.complete().map(Some);
        }
        if members::have_checkpoints(&self.dir, settings.ensemble) {
            return Ok(None);
        }
        let trained = self.trained()?;
        if asked < trained.epochs {
            return Err(Error::TooFewEpochs {
                path: self.dir,
                reached: trained.epochs,
                asked,
            });
        }
        if !trained.stopped {
            return Err(Error::NoCheckpoint {
                path: self.dir,
                trained: trained.epochs,
            });
        }
        info!(
            "{}: training stopped by itself after {} epochs, and does so for {asked}",
            self.dir.display(),
            trained.epochs
        );
        self.restated(settings).map(Some)
    }

    /// This run with these settings, which change no weights. Where they state another prior, what was
    /// evaluated goes.
    fn restated(self, settings: &Settings) -> Result<Self> {
        let (before, now) = (&self.record.settings.training, &settings.training);
        if (before.epochs, before.prior) == (now.epochs, now.prior) {
            return Ok(self);
        }
        if before.prior != now.prior {
            Self::forget_evaluation(&self.dir)?;
        }
        let record = Record {
            settings: settings.clone(),
            outcome: self.record.outcome,
        };
        record.write(&self.dir.join(RECORD))?;
        let dir = self.dir;
        Ok(Self { dir, record })
    }

    /// How far it was trained, by its histories.
    fn trained(&self) -> Result<Extent> {
        let Record { settings, outcome } = &self.record;
        let best = |member: usize| {
            let of = outcome.members.get(member);
            of.map_or(outcome.best_epoch, |of| of.best_epoch)
        };
        let mut extent = Extent {
            epochs: 0,
            stopped: true,
        };
        for member in 0..settings.ensemble {
            let history = members::folder(&self.dir, member).join(HISTORY);
            let epochs = training::read_history(&history)?.len();
            extent.add(epochs, best(member), &settings.training);
        }
        Ok(extent)
    }

    /// Removes what says that a folder's run is complete, and what was found with its weights.
    fn forget(dir: &Path) -> Result<()> {
        // The record goes last: a complete run without an evaluation is one all the same.
        Self::forget_evaluation(dir)?;
        output::remove_if_there(&dir.join(RECORD))
    }

    /// Removes what was found with a run's weights.
    fn forget_evaluation(dir: &Path) -> Result<()> {
        for name in multiqc::FILES.into_iter().chain([METRICS, PREDICTIONS]) {
            output::remove_if_there(&dir.join(name))?;
        }
        held_out::forget(dir)
    }

    /// Removes what a run has left in a folder; other files stay.
    fn remove(dir: &Path) -> Result<()> {
        for name in FILES.into_iter().chain(multiqc::FILES) {
            output::remove_if_there(&dir.join(name))?;
        }
        held_out::forget(dir)?;
        members::remove_others(dir)
    }
}

impl Record {
    /// Says what the validation part decided about probabilities.
    fn tell(&self) {
        match self.outcome.sum {
            Some(sum) if sum.sequence == 0.0 => warn!(
                "by the validation part's {} + {} pairs the sequence says nothing that the context does not: \
                 probabilities are the context's alone",
                sum.positives, sum.negatives
            ),
            Some(sum) => info!("with the context: {sum}"),
            None => {}
        }
        match self.correction() {
            Some(correction) => info!("calibrated: {correction}"),
            None => warn!("not calibrated: the validation part lacks positives or negatives"),
        }
    }
}

/// The activity task of a run that has one.
fn activity_task(settings: &Settings, inputs: &mut Opened) -> Result<Option<ActivityTask>> {
    let task = |of: &Activity| {
        let divided = (&inputs.table, &inputs.split, &settings.split);
        let seed = settings.training.seed;
        of.task(divided, &settings.model, seed, &mut inputs.reference)
    };
    settings.activity.as_ref().map(task).transpose()
}

/// Writes into a folder how the pairs are divided and what is known of them beside their sequence, and reads the
/// examples.
fn prepared(
    dir: &Path,
    settings: &Settings,
    inputs: Opened,
    (context, activity): (Option<(HeldContext, Vec<f32>)>, Option<ActivityTask>),
) -> Result<TrainingData> {
    let Opened {
        mut reference,
        table,
        split,
    } = inputs;
    let chroms = reference.chroms();
    split.write_of(&dir.join(SPLIT), &table, chroms)?;
    split.write_chromosomes(&dir.join(CHROMOSOMES), &table.pairs, chroms)?;
    let data = TrainingData::read(&table, &split, &settings.augmentation, &mut reference)?;
    let mut data = data.with_activity(activity);
    if let Some((held, offsets)) = context {
        held.write(dir)?;
        data = data.with_offsets(offsets);
    }
    let (positive, negative) = data.examples();
    info!(
        "training on {positive} positive and {negative} negative windows, {} bases in memory",
        data.bases()
    );
    Ok(data)
}

/// How far the networks of a run were trained.
struct Extent {
    /// The most epochs of any.
    epochs: usize,
    /// Whether each stopped by itself, so that more epochs change nothing.
    stopped: bool,
}

impl Extent {
    /// Counts a network in that was trained for so many epochs, the best of which is known.
    fn add(&mut self, epochs: usize, best: usize, config: &TrainingConfig) {
        self.epochs = self.epochs.max(epochs);
        self.stopped &= config.stops(epochs, best);
    }
}
