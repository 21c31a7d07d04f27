//! Progress: a bar on a terminal, a log line now and then elsewhere.

use std::io::{self, Write};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use epitrack::progress::Progress;
use indicatif::{HumanDuration, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing::info;

/// Between two log lines about the same work.
const EVERY: Duration = Duration::from_secs(30);

/// All bars, so that log lines can be written beside them.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Shows the progress of one piece of work at a time.
pub struct Bars {
    quiet: bool,
    current: Mutex<Option<Work>>,
}

struct Work {
    bar: ProgressBar,
    name: String,
    told: Instant,
}

impl Bars {
    /// Shows nothing where `quiet`.
    pub fn new(quiet: bool) -> Self {
        if quiet {
            BARS.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self {
            quiet,
            current: Mutex::new(None),
        }
    }

    fn with(&self, what: impl FnOnce(&mut Option<Work>)) {
        if let Ok(mut current) = self.current.lock() {
            what(&mut current);
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg} {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}

impl Progress for Bars {
    fn start(&self, name: &str, total: u64, done: u64) {
        let bar = BARS.add(ProgressBar::new(total).with_style(style()));
        bar.set_prefix(name.to_string());
        bar.set_position(done);
        bar.reset_eta();
        self.with(|current| {
            *current = Some(Work {
                bar,
                name: name.to_string(),
                told: Instant::now(),
            });
        });
    }

    fn advance(&self, steps: u64, note: &str) {
        self.with(|current| {
            let Some(work) = current else {
                return;
            };
            work.bar.set_message(note.to_string());
            work.bar.inc(steps);
            if !self.quiet && BARS.is_hidden() && work.told.elapsed() >= EVERY {
                work.told = Instant::now();
                let (done, of) = (work.bar.position(), work.bar.length().unwrap_or(0));
                let left = HumanDuration(work.bar.eta());
                info!("{}: {done} of {of} {note} ({left} left)", work.name);
            }
        });
    }

    fn finish(&self) {
        self.with(|current| {
            if let Some(work) = current.take() {
                work.bar.finish_and_clear();
                BARS.remove(&work.bar);
            }
        });
    }
}

/// Standard error, beside the bars.
pub struct Aside;

impl Write for Aside {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        BARS.suspend(|| io::stderr().write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
