//! Log lines, on standard error.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::progress::Aside;

/// Logs what epitrack does, and from `-vv` on what its libraries say.
pub fn set_up(verbose: u8, quiet: bool) {
    let (own, others) = match (quiet, verbose) {
        (true, _) => (LevelFilter::ERROR, LevelFilter::OFF),
        (_, 0) => (LevelFilter::INFO, LevelFilter::OFF),
        (_, 1) => (LevelFilter::DEBUG, LevelFilter::WARN),
        _ => (LevelFilter::TRACE, LevelFilter::DEBUG),
    };
    let targets = Targets::new()
        .with_target("epitrack", own)
        .with_default(others);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(|| Aside)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(own > Level::INFO)
        .without_time();
    tracing_subscriber::registry()
        .with(lines)
        .with(targets)
        .init();
}
