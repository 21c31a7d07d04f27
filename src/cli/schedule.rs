//! The arguments of train and tune about time.

use epitrack::network::training::TrainingConfig;

use super::given::set;

/// How long to train.
#[derive(Debug, clap::Args)]
pub struct ScheduleArgs {
    /// The most epochs [default: 90]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,

    /// Epochs without a better validation AUPRC after which training stops [default: 10]
    #[arg(long, value_name = "N")]
    patience: Option<usize>,

    /// Batches in an epoch; 0: every example of the larger class once [default: 0]
    #[arg(long, value_name = "N")]
    epoch_batches: Option<usize>,

    /// Batches between checkpoints inside an epoch of the pairs; 0: only after each epoch, as always of the epochs
    /// that learn activity before them [default: 0]
    #[arg(long, value_name = "N")]
    checkpoint_batches: Option<usize>,

    /// Seed of everything that is random [default: 1]
    #[arg(long)]
    seed: Option<u64>,
}

impl ScheduleArgs {
    /// Puts what was given before what the configuration says.
    pub fn apply(&self, config: &mut TrainingConfig) {
        set(&mut config.epochs, self.epochs);
        set(&mut config.patience, self.patience);
        set(&mut config.epoch_batches, self.epoch_batches);
        set(&mut config.checkpoint_batches, self.checkpoint_batches);
        set(&mut config.seed, self.seed);
    }
}
