//! What a run's network says of the activities that it has learnt.

use tracing::warn;

use super::Run;
use crate::attention::Rank;
use crate::error::{Error, MissingInput, Result};
use crate::evaluation::ActivityMetrics;
use crate::genome::Reference;
use crate::network::device::ComputeDevice;
use crate::network::inference::Predictor;
use crate::pairs::{PairTable, Part, Split};

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

    /// How well the run's network, of an ensemble the first one, predicts the activities that it has learnt
    /// in the windows of the test part. Nothing of a run without, nor where a file that it learnt from is
    /// lost: a message says so.
    ///
    /// # Errors
    ///
    /// As [`ActivityTask::measure`](crate::network::training::ActivityTask::measure).
    pub(super) fn measured_activity(
        &self,
        of: (&PairTable, &Split),
        reference: &mut Reference,
        device: &ComputeDevice,
    ) -> Result<Vec<ActivityMetrics>> {
        let settings = &self.record.settings;
        let Some(activity) = &settings.activity else {
            return Ok(Vec::new());
        };
        if let Err(problem) = activity.unchanged() {
            warn!("activity is not evaluated without what it was learnt from: {problem}");
            return Ok(Vec::new());
        }
        let task = activity.task(of, &settings.model, settings.training.seed, reference)?;
        let network = self.network(0, device)?;
        task.measure(&network, Part::Test, None, &device.inference())
    }
}
