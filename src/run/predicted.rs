//! What a run's network says of the activities that it has learnt.

use tracing::warn;

use super::Run;
use crate::attention::Rank;
use crate::error::{Error, MissingInput, Result};
use crate::evaluation::ActivityMetrics;
use crate::genome::Reference;
use crate::network::device::ComputeDevice;
use crate::network::inference::Predictor;
use crate::network::training::ActivityTask;
use crate::pairs::{PairTable, Part, Split, SplitRule};

impl Run {
    /// Checks that top regions can have most of this.
    ///
    /// # Errors
    ///
    /// Activity, where the run has learnt none.
    pub fn check_rank(&self, rank: Rank) -> Result<()> {
        if rank != Rank::Activity || self.record.settings.activity.is_some() {
            return Ok(());
        }
        let dir = self.dir().display();
        Err(Error::Missing {
            what: format!("{dir}: has learnt no activity that regions could be ranked by"),
            input: MissingInput::Activity,
        })
    }

    /// A network of the run's form, which knows how the activities are read that the run has learnt.
    ///
    /// # Errors
    ///
    /// A record that does not say it.
    pub(super) fn reading(&self, network: Predictor) -> Result<Predictor> {
        let Some(activity) = &self.record.settings.activity else {
            return Ok(network);
        };
        let readouts = activity.readouts(&self.record.outcome.activity)?;
        Ok(network.with_readouts(readouts))
    }

    /// The activity task that the run has learnt, with the windows of its training. None of a run without, nor
    /// where a file that it was learnt from or divided by is lost: a message says so.
    ///
    /// # Errors
    ///
    /// Windows that cannot be chosen or measured.
    pub(super) fn activity_task(
        &self,
        (table, split): (&PairTable, &Split),
        reference: &mut Reference,
    ) -> Result<Option<ActivityTask>> {
        let settings = &self.record.settings;
        let Some(activity) = &settings.activity else {
            return Ok(None);
        };
        let divided = match &settings.split {
            SplitRule::File { file } => file.unchanged(),
            SplitRule::Random | SplitRule::Chromosome { .. } => Ok(()),
        };
        if let Err(problem) = activity.unchanged().and(divided) {
            warn!("activity is not evaluated without what it was learnt from: {problem}");
            return Ok(None);
        }
        let divided = (table, split, &settings.split);
        let seed = settings.training.seed;
        let task = activity.task(divided, &settings.model, seed, reference);
        task.map(Some)
    }

    /// How well the run's network, of an ensemble the first one, predicts the activities that it has learnt
    /// in the windows of the test part. Nothing without the task.
    ///
    /// # Errors
    ///
    /// As [`ActivityTask::measure`].
    pub(super) fn measured_activity(
        &self,
        task: Option<&ActivityTask>,
        device: &ComputeDevice,
    ) -> Result<Vec<ActivityMetrics>> {
        let Some(task) = task else {
            return Ok(Vec::new());
        };
        let network = self.network(0, device)?;
        task.measure(&network, Part::Test, None, &device.inference())
    }
}
