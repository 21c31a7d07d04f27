//! What a GPU compiles before it begins.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use cubecl::config::{TypeNameFormatLevel, type_name_format};
use cubecl::logging::{LaunchObservation, LaunchObserver};
use tracing::{Level, debug, enabled};

/// Does what a GPU compiles kernels for; where debug lines are wanted, one says which and how long
/// it took.
pub(in crate::network) fn compiling<T>(what: &str, work: impl FnOnce() -> T) -> T {
    if !enabled!(Level::DEBUG) {
        return work();
    }
    let started = Arc::new(Started::default());
    let observation = LaunchObservation::new(started.clone());
    let begun = Instant::now();
    let done = work();
    drop(observation);
    let seconds = begun.elapsed().as_secs_f64();
    let kernels = started.0.lock().unwrap_or_else(PoisonError::into_inner);
    if !kernels.is_empty() {
        let names = Vec::from_iter(kernels.iter().map(String::as_str)).join(", ");
        let count = kernels.len();
        debug!("{what} after {seconds:.2} s, for which {count} kernels were compiled: {names}");
    }
    done
}

/// The names of the kernels that were started.
#[derive(Default)]
struct Started(Mutex<BTreeSet<String>>);

impl LaunchObserver for Started {
    fn launched(&self, kernel: &'static str) {
        let mut kernels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kernels.insert(type_name_format(kernel, TypeNameFormatLevel::Short));
    }
}
