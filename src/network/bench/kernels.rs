//! Which kernels are started on a WGPU device, and how long each takes there.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cubecl::config::{TypeNameFormatLevel, type_name_format};
use cubecl::logging::{LaunchObservation, LaunchObserver, TimingMethod, TimingRequest};
use serde::Serialize;

use crate::error::Result;

/// Runs that are looked at.
const RUNS: usize = 9;

/// The kernels of a training step or of inference.
#[derive(Debug, Clone, Serialize)]
pub struct Kernels {
    /// `training` or `inference`.
    pub what: &'static str,
    /// Pairs at once.
    pub batch: usize,
    /// In the order in which they are started.
    pub launches: Vec<Launch>,
}

/// One start of a kernel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Launch {
    /// The kernel's name in the program.
    pub kernel: String,
    /// Its time on the device, by timestamp queries where the device has them: the median of
    /// several runs, while nothing else is done.
    pub microseconds: f64,
}

impl Kernels {
    /// Those that `work` on `batch` pairs starts; none on the CPU, where the operations are plain
    /// functions.
    ///
    /// # Errors
    ///
    /// What `work` returns.
    pub(super) fn of(
        what: &'static str,
        batch: usize,
        mut work: impl FnMut() -> Result<()>,
    ) -> Result<Option<Self>> {
        // Compiles the kernels.
        work()?;
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            let watch = Arc::new(Watch::default());
            let observation = LaunchObservation::new(watch.clone());
            work()?;
            drop(observation);
            runs.push(watch.launches());
        }
        let launches = medians(&runs);
        Ok((!launches.is_empty()).then_some(Self {
            what,
            batch,
            launches,
        }))
    }

    /// The kernels by name: times started and microseconds, the longest first.
    fn by_name(&self) -> Vec<(&str, usize, f64)> {
        let mut kernels: Vec<(&str, usize, f64)> = Vec::new();
        for launch in &self.launches {
            match kernels.iter_mut().find(|of| of.0 == launch.kernel) {
                Some((_, count, sum)) => {
                    *count += 1;
                    *sum += launch.microseconds;
                }
                None => kernels.push((&launch.kernel, 1, launch.microseconds)),
            }
        }
        kernels.sort_by(|a, b| b.2.total_cmp(&a.2));
        kernels
    }
}

impl fmt::Display for Kernels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kernels = self.by_name();
        let all: f64 = kernels.iter().map(|kernel| kernel.2).sum();
        let heading = format!("kernels of {}", self.what);
        writeln!(f, "{heading:<34} started  ms in all")?;
        for (name, count, microseconds) in kernels {
            writeln!(f, "{name:<34.34} {count:>7} {:>10.3}", microseconds / 1e3)?;
        }
        let (name, count) = (format!("all, {} pairs", self.batch), self.launches.len());
        writeln!(f, "{name:<34} {count:>7} {:>10.3}", all / 1e3)
    }
}

/// Each launch with its median over runs; a run that started others than the first did is left out.
fn medians(runs: &[Vec<Launch>]) -> Vec<Launch> {
    let Some(first) = runs.first() else {
        return Vec::new();
    };
    let names = |run: &[Launch]| -> Vec<String> {
        run.iter().map(|launch| launch.kernel.clone()).collect()
    };
    let alike: Vec<_> = runs
        .iter()
        .filter(|run| names(run) == names(first))
        .collect();
    let median = |place: usize| {
        let mut times: Vec<f64> = alike.iter().map(|run| run[place].microseconds).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let launches = first.iter().enumerate().map(|(place, launch)| Launch {
        kernel: launch.kernel.clone(),
        microseconds: median(place),
    });
    launches.collect()
}

/// What was started while it watched.
#[derive(Default)]
struct Watch(Mutex<Vec<Launch>>);

impl Watch {
    fn launches(&self) -> Vec<Launch> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl LaunchObserver for Watch {
    fn launched(&self, _: &'static str) {}

    fn timing(&self) -> TimingRequest {
        TimingRequest::Resolved
    }

    fn timed(&self, kernel: &'static str, duration: Duration, _: TimingMethod) {
        let launch = Launch {
            kernel: type_name_format(kernel, TypeNameFormatLevel::Balanced),
            microseconds: duration.as_secs_f64() * 1e6,
        };
        let mut launches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        launches.push(launch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(times: [f64; 3]) -> Vec<Launch> {
        let launches = ["A", "B", "A"].into_iter().zip(times);
        let launch = |(kernel, microseconds): (&str, f64)| Launch {
            kernel: kernel.to_string(),
            microseconds,
        };
        launches.map(launch).collect()
    }

    #[test]
    fn each_launch_has_its_median_and_each_kernel_the_sum_of_its_launches() {
        let mut other = step([9.0; 3]);
        other.pop();
        let steps = [
            step([1.0, 20.0, 3.0]),
            step([2.0, 10.0, 4.0]),
            other,
            step([3.0, 30.0, 5.0]),
        ];
        let kernels = Kernels {
            what: "training",
            batch: 1,
            launches: medians(&steps),
        };
        assert_eq!(kernels.launches, step([2.0, 20.0, 4.0]));
        assert_eq!(kernels.by_name(), [("B", 1, 20.0), ("A", 2, 6.0)]);
    }
}
