//! The state of a run, kept so that it can be killed at any moment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::adam::{Adam, Moments};
use super::config::TrainingConfig;
use super::state::{Best, Run, State};
use crate::error::{Difference, Error, Result};
use crate::network::model::{Epiann, ModelConfig, Weights, host};

/// What stands in the file beside the tensors, as TOML: unlike `serde_json`'s, its numbers are read
/// back to the last bit.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Header {
    identity: String,
    steps: u64,
    best: Option<(usize, f64)>,
    state: State,
}

/// What the names of Adam's means begin with.
const FIRST: &str = "adam.first";
const SECOND: &str = "adam.second";

/// A file that holds the state of a run: a safetensors file with the network's weights under
/// `weights`, the best epoch's under `best` and Adam's means under `adam`.
pub struct Checkpoint {
    path: PathBuf,
    identity: String,
}

impl Checkpoint {
    /// A checkpoint of the run that `identity` (its settings) names.
    pub fn new(path: &Path, identity: &str) -> Self {
        Self {
            path: path.to_path_buf(),
            identity: identity.to_string(),
        }
    }

    /// Writes the state, replacing the one before only when complete.
    pub fn write(&self, run: &Run) -> Result<()> {
        let mut arrays = Weights::default();
        arrays.insert_under("weights", run.network.weights()?);
        if let Some(best) = &run.best {
            arrays.insert_under("best", best.weights.clone());
        }
        for (name, Moments { first, second }) in run.adam.moments() {
            for (moment, values) in [(FIRST, first), (SECOND, second)] {
                let values = host(values.clone())?;
                arrays.insert(format!("{moment}.{name}"), vec![values.len()], values);
            }
        }
        let mut state = run.state.clone();
        // Speeds stand in the history alone: two checkpoints of one training have the same bytes.
        for epoch in &mut state.history {
            epoch.pairs_per_second = 0.0;
        }
        let header = Header {
            identity: self.identity.clone(),
            steps: run.adam.steps(),
            best: run.best.as_ref().map(|best| (best.epoch, best.auprc)),
            state,
        };
        let header = toml::to_string(&header).map_err(|error| Error::format(&self.path, error))?;
        arrays.write(&self.path, Some(header))
    }

    /// What the file holds, none where there is no file yet; it must not be past so many epochs.
    fn open(&self, epochs: usize) -> Result<Option<(Weights, Header)>> {
        if !self.path.exists() {
            return Ok(None);
        }
        let (arrays, metadata) = Weights::read(&self.path)?;
        let header: Header = toml::from_str(&metadata.unwrap_or_default())
            .map_err(|_| Error::format(&self.path, "is not a checkpoint"))?;
        let path = self.path.clone();
        if header.identity != self.identity {
            let differences = Difference::between(&header.identity, &self.identity);
            return Err(Error::OtherCheckpoint { path, differences });
        }
        match header.state.reached() {
            reached if reached > epochs => Err(Error::TooFewEpochs {
                path,
                reached,
                asked: epochs,
            }),
            _ => Ok(Some((arrays, header))),
        }
    }

    /// Reads the state, none where there is no file yet. Of the epochs' speeds it knows nothing.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; the checkpoint of another run, or of one that is past the epochs of
    /// `config`.
    pub fn read(
        &self,
        model: &ModelConfig,
        config: &TrainingConfig,
        device: &Device,
    ) -> Result<Option<Run>> {
        let Some((arrays, header)) = self.open(config.epochs)? else {
            return Ok(None);
        };
        let tensor = |values: &[f32]| {
            let data = TensorData::new(values.to_vec(), [values.len()]);
            Tensor::from_data(data, &device.clone().without_autodiff())
        };
        let weights = arrays.under("weights");
        let (first, second) = (arrays.under(FIRST), arrays.under(SECOND));
        let sizes = |of: &Weights| -> Vec<(String, usize)> {
            of.iter()
                .map(|(name, _, values)| (name.to_string(), values.len()))
                .collect()
        };
        let wanted = sizes(&weights);
        if header.steps > 0 && (sizes(&first) != wanted || sizes(&second) != wanted) {
            let path = self.path.clone();
            return Err(Error::OldCheckpoint { path });
        }
        let moments: BTreeMap<_, _> = first
            .iter()
            .map(|(name, _, first)| {
                let moments = Moments {
                    first: tensor(first),
                    second: tensor(second.values(name)),
                };
                (name.to_string(), moments)
            })
            .collect();
        Ok(Some(Run {
            network: Epiann::load(model, &weights, device)?,
            adam: Adam::resume(config, header.steps, moments),
            best: header.best.map(|(epoch, auprc)| Best {
                epoch,
                auprc,
                weights: arrays.under("best"),
            }),
            state: header.state,
        }))
    }
}

/// Checks that a training of so many epochs can go on from the checkpoint in a file, if there is one.
///
/// # Errors
///
/// The checkpoint of another run, one that is past these epochs, or a file that is none.
pub fn check_checkpoint(path: &Path, identity: &str, epochs: usize) -> Result<()> {
    Checkpoint::new(path, identity).open(epochs).map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::activity::{ActivityEpoch, Phase};
    use super::*;
    use crate::evaluation::{ActivityMetrics, BinMeasures, Epoch};
    use proptest::prelude::*;

    #[test]
    fn a_checkpoint_without_adams_means_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let checkpoint = Checkpoint::new(&dir.path().join("checkpoint"), "identity");
        let (config, device) = (TrainingConfig::default(), Device::flex().autodiff());
        let model = ModelConfig {
            enhancer_length: 60,
            promoter_length: 60,
            filters: 2,
            top_k: 2,
            ..ModelConfig::default()
        };
        let run = |steps: u64| Run {
            network: Epiann::new(&model, 0, &device).unwrap(),
            adam: Adam::resume(&config, steps, BTreeMap::new()),
            best: None,
            state: State::default(),
        };
        checkpoint.write(&run(0)).unwrap();
        assert!(checkpoint.read(&model, &config, &device).unwrap().is_some());
        checkpoint.write(&run(3)).unwrap();
        let refused = checkpoint.read(&model, &config, &device).err().unwrap();
        assert!(refused.to_string().contains("another version"), "{refused}");
    }

    #[test]
    fn a_checkpoint_past_the_epochs_that_are_asked_for_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("checkpoint");
        let device = Device::flex().autodiff();
        let model = ModelConfig {
            enhancer_length: 60,
            promoter_length: 60,
            filters: 2,
            top_k: 2,
            ..ModelConfig::default()
        };
        let mut run = Run {
            network: Epiann::new(&model, 0, &device).unwrap(),
            adam: Adam::new(&TrainingConfig::default()),
            best: None,
            state: State {
                epoch: 3,
                ..State::default()
            },
        };
        let write = |run: &Run| Checkpoint::new(&path, "{\"seed\": 1}").write(run).unwrap();
        let check = |identity: &str, epochs| check_checkpoint(&path, identity, epochs);
        write(&run);
        assert!(check("{\"seed\": 1}", 3).is_ok());
        let past = check("{\"seed\": 1}", 2).unwrap_err().to_string();
        assert!(past.contains("has reached epoch 3"), "{past}");
        // An epoch that was begun is part of what comes after three.
        run.state.batch = 1;
        write(&run);
        assert!(check("{\"seed\": 1}", 3).is_err() && check("{\"seed\": 1}", 4).is_ok());
        let other = check("{\"seed\": 7}", 4).unwrap_err().to_string();
        assert!(other.ends_with("\n  seed: 1 before, 7 now"), "{other}");
    }

    proptest! {
        #[test]
        fn the_state_is_read_back_to_the_last_bit(
            loss in any::<u32>(), numbers in prop::collection::vec(0f64..20.0, 12),
        ) {
            let epoch = |n: &[f64]| Epoch {
                epoch: 1,
                loss: n[0] / 7.0,
                bce: n[1],
                auroc: n[2] / 20.0,
                auprc: n[3] / 20.0,
                f1: n[4],
                pairs_per_second: n[5],
            };
            let activity = |n: &[f64]| ActivityEpoch {
                phase: Phase::Before,
                epoch: 1,
                loss: (n[0] > 10.0).then_some(n[1] / 7.0),
                metrics: ActivityMetrics {
                    source: "dnase".to_string(),
                    windows: 3,
                    bins: 300,
                    prevalence: (n[0] > 5.0).then_some(n[2] / 20.0),
                    network: BinMeasures::Peaks { auroc: n[2] / 3.0, auprc: n[3] },
                    gc: BinMeasures::Signal { pearson: n[1] / 20.0 },
                },
            };
            let header = Header {
                identity: "{\"a\": [1, \"b\"]}".to_string(),
                steps: u64::from(loss),
                best: Some((2, numbers[5] / 20.0)),
                state: State {
                    epoch: 3,
                    batch: 4,
                    loss: f64::from(loss) / 3.0,
                    bce: numbers[7],
                    before: 2,
                    activity_loss: numbers[8] / 3.0,
                    activity: numbers.chunks(4).map(activity).collect(),
                    history: numbers.chunks(6).map(epoch).collect(),
                },
            };
            let text = toml::to_string(&header).unwrap();
            prop_assert_eq!(toml::from_str::<Header>(&text).unwrap(), header);
        }
    }
}
