//! How fast this machine trains and runs the paper's network.

mod kernels;
mod operations;

use std::fmt;
use std::time::{Duration, Instant};

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::element::Sides;
use crate::error::{Error, Result};
use crate::genome::{ChromId, Region, Sequences};
use crate::network::device::{ComputeDevice, synced};
use crate::network::inference::Predictor;
use crate::network::model::{self, Epiann, ModelConfig, Targets};
use crate::network::training::{self, Adam, TrainingConfig};
use crate::output::provenance::VERSION;
use crate::progress::Progress;
use crate::seed::{Purpose, stream};
pub use kernels::{Kernels, Launch};
pub use operations::Operation;

/// Pairs at once.
pub const BATCHES: [usize; 3] = [1, 64, 512];
/// The most pairs at once, far above what a machine can hold.
const MOST: usize = 1 << 16;
/// Every measurement is the median of at least this many runs …
const RUNS: usize = 5;
/// … and of as many as fit into this time.
const TIME: Duration = Duration::from_secs(2);

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Bench {
    /// The program's version.
    pub version: String,
    /// The device's kind and name.
    pub device: String,
    /// Threads that the CPU's part of the work could use.
    pub threads: usize,
    /// One after the other.
    pub results: Vec<Measured>,
    /// The parts of the work, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
}

/// Where the time goes.
#[derive(Debug, Clone, Serialize)]
pub struct Profile {
    /// Each operation of the network by itself, at each batch size.
    pub operations: Vec<Operation>,
    /// The kernels of a training step and of inference at each batch size; none on the CPU.
    pub kernels: Vec<Kernels>,
}

/// The speed of one kind of work.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// `training` or `inference`.
    pub what: &'static str,
    /// Pairs at once.
    pub batch: usize,
    /// The time of the first batch, for which a GPU's kernels are compiled.
    pub first_seconds: f64,
    /// The median time of one batch.
    pub seconds: f64,
    /// Runs that the median is of.
    pub runs: usize,
    /// `batch / seconds`.
    pub pairs_per_second: f64,
}

impl fmt::Display for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, {} threads", self.device, self.threads)?;
        writeln!(
            f,
            "what       batch  first ms  ms per batch  pairs per second"
        )?;
        self.results.iter().try_for_each(|result| {
            writeln!(
                f,
                "{:<9} {:>6} {:>9.0} {:>13.2} {:>17.1}",
                result.what,
                result.batch,
                result.first_seconds * 1e3,
                result.seconds * 1e3,
                result.pairs_per_second
            )
        })?;
        self.profile
            .iter()
            .try_for_each(|profile| write!(f, "\n{profile}"))
    }
}

impl Profile {
    fn of(device: &ComputeDevice, batches: &[usize], progress: &dyn Progress) -> Result<Self> {
        let (mut operations, mut kernels) = (Vec::new(), Vec::new());
        for &batch in batches {
            operations.extend(operations::operations(device, batch)?);
            let mut step = Step::new(device, batch)?;
            kernels.extend(Kernels::of("training", batch, || step.run())?);
            let inference = Inference::new(device, batch)?;
            kernels.extend(Kernels::of("inference", batch, || inference.run())?);
            progress.advance(1, "");
        }
        Ok(Self {
            operations,
            kernels,
        })
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = ["batch", "operation", "ms", "ms with gradient"];
        let [batch, operation, forward, both] = columns;
        writeln!(f, "{batch} {operation:<26} {forward:>9} {both:>18}")?;
        self.operations
            .iter()
            .try_for_each(|of| write!(f, "{of}"))?;
        self.kernels.iter().try_for_each(|of| write!(f, "\n{of}"))
    }
}

/// Measures the full-size network on random sequence, and where asked for its parts.
///
/// # Errors
///
/// A batch of no pairs or of far too many; a device that failed.
pub fn run(
    device: &ComputeDevice,
    batches: &[usize],
    parts: bool,
    progress: &dyn Progress,
) -> Result<Bench> {
    if !batches.iter().all(|batch| (1..=MOST).contains(batch)) {
        return Err(Error::Configuration(format!(
            "a batch has at least one pair and at most {MOST}"
        )));
    }
    let mut results = Vec::new();
    let works = if parts { 3 } else { 2 };
    progress.start("measuring", works * batches.len() as u64, 0);
    for &batch in batches {
        for (what, measure) in [
            ("training", training as fn(&_, _) -> _),
            ("inference", inference),
        ] {
            let Times {
                first,
                median,
                runs,
            }: Times = measure(device, batch)?;
            results.push(Measured {
                what,
                batch,
                first_seconds: first,
                seconds: median,
                runs,
                pairs_per_second: batch as f64 / median,
            });
            progress.advance(1, "");
        }
    }
    let profile = parts.then(|| Profile::of(device, batches, progress));
    let profile = profile.transpose()?;
    progress.finish();
    Ok(Bench {
        version: VERSION.to_string(),
        device: device.description.to_string(),
        threads: rayon::current_num_threads(),
        results,
        profile,
    })
}

/// The time of a training step.
fn training(device: &ComputeDevice, batch: usize) -> Result<Times> {
    let mut step = Step::new(device, batch)?;
    times(|| step.run())
}

/// A training step, again and again on one batch: forward, backward, Adam. Its loss stays on the
/// device.
struct Step {
    device: Device,
    network: Option<Epiann>,
    adam: Adam,
    rng: ChaCha8Rng,
    sequences: Sides<Tensor<2, Int>>,
    targets: Targets,
}

impl Step {
    fn new(device: &ComputeDevice, batch: usize) -> Result<Self> {
        let device = device.training();
        let config = ModelConfig::default();
        let mut rng = random();
        let (sequences, targets) = examples(&config, batch, &mut rng, &device);
        Ok(Self {
            network: Some(Epiann::new(&config, 0, &device)?),
            adam: Adam::new(&TrainingConfig::default()),
            rng,
            sequences,
            targets,
            device,
        })
    }

    /// Takes it and waits for the device.
    fn run(&mut self) -> Result<()> {
        if let Some(before) = self.network.take() {
            let (sequences, targets) = (self.sequences.clone(), &self.targets);
            let (after, _) =
                training::step(before, &mut self.adam, sequences, targets, &mut self.rng)?;
            self.network = Some(after);
        }
        synced(&self.device)
    }
}

/// The time of inference, for a caller on a thread of rayon's pool: see `Predictor::attentions`.
fn inference(device: &ComputeDevice, batch: usize) -> Result<Times> {
    let inference = Inference::new(device, batch)?;
    rayon::scope(|_| times(|| inference.run()))
}

/// Probability and marginal attention, from sequence in memory to values in memory, of pairs that share
/// no window, again and again.
struct Inference {
    predictor: Predictor,
    sequences: Sequences,
    windows: Vec<Sides<Region>>,
}

impl Inference {
    fn new(device: &ComputeDevice, batch: usize) -> Result<Self> {
        let config = ModelConfig::default();
        let device = device.inference();
        let (sequences, windows) = windows(&config, batch);
        Ok(Self {
            predictor: Predictor::new(Epiann::new(&config, 0, &device)?, device),
            sequences,
            windows,
        })
    }

    fn run(&self) -> Result<()> {
        let found = self.predictor.attentions(&self.sequences, &self.windows);
        found.map(drop)
    }
}

/// Seconds of some runs, and how many after the first two.
struct Times {
    first: f64,
    median: f64,
    runs: usize,
}

/// Times some runs, of which the first two warm up.
fn times(mut work: impl FnMut() -> Result<()>) -> Result<Times> {
    let mut timed = || {
        let start = Instant::now();
        work().map(|()| start.elapsed().as_secs_f64())
    };
    let first = timed()?;
    timed()?;
    let (mut times, begun) = (Vec::new(), Instant::now());
    while times.len() < RUNS || begun.elapsed() < TIME {
        times.push(timed()?);
    }
    times.sort_by(f64::total_cmp);
    Ok(Times {
        first,
        median: times[times.len() / 2],
        runs: times.len(),
    })
}

fn random() -> ChaCha8Rng {
    stream(0, Purpose::Simulation, 0)
}

fn random_codes(bases: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
    (0..bases).map(|_| rng.random_range(0..4)).collect()
}

/// A batch of random windows, half of them labelled positive.
fn examples(
    config: &ModelConfig,
    n: usize,
    rng: &mut ChaCha8Rng,
    device: &Device,
) -> (Sides<Tensor<2, Int>>, Targets) {
    let lengths = config.lengths().map(|length| length as usize);
    let codes = lengths.map(|length| random_codes(n * length, rng));
    let windows = codes.as_ref().zip(lengths);
    let windows = windows.map(|(codes, length)| codes.chunks(length).collect::<Vec<_>>());
    let sequences = model::codes(windows.as_ref().map(Vec::as_slice), device);
    // Labels and coordinates that take turns.
    let tensor = |columns: usize, turns: &[f32]| {
        let values: Vec<f32> = turns.iter().copied().cycle().take(n * columns).collect();
        Tensor::from_data(TensorData::new(values, [n, columns]), device)
    };
    let targets = Targets {
        label: tensor(1, &[0.0, 1.0]),
        coordinates: Sides::new(tensor(2, &[-1.0, 1.0, 0.5]), tensor(2, &[1.0, -0.5, -1.0])),
        offset: None,
    };
    (sequences, targets)
}

/// Pairs of windows that lie one after the other on a random chromosome.
fn windows(config: &ModelConfig, n: usize) -> (Sequences, Vec<Sides<Region>>) {
    let chrom = ChromId(0);
    let mut end = 0;
    let mut next = |length: u32| {
        let start = end;
        end += length;
        Region { chrom, start, end }
    };
    let windows = (0..n).map(|_| config.lengths().map(&mut next)).collect();
    let codes = random_codes(end as usize, &mut random());
    let start = 0;
    (Sequences::of(Region { chrom, start, end }, codes), windows)
}
