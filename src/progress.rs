//! How long work tells how far it is.

/// Receives how far a piece of work is; the command line shows it as a bar or as log lines.
pub trait Progress: Sync {
    /// A piece of work of `total` steps begins.
    fn start(&self, name: &str, total: u64);
    /// Some steps are done; `note` says what the work looks like now.
    fn advance(&self, steps: u64, note: &str);
    /// The piece of work is done.
    fn finish(&self);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _name: &str, _total: u64) {}
    fn advance(&self, _steps: u64, _note: &str) {}
    fn finish(&self) {}
}
