//! How long work tells how far it is.

/// Receives how far a piece of work is; the command line shows it as a bar or as log lines.
pub trait Progress: Sync {
    /// A piece of work of `total` steps begins, `done` of which an earlier run has done.
    fn start(&self, name: &str, total: u64, done: u64);
    /// Some steps are done; `note` says what the work looks like now.
    fn advance(&self, steps: u64, note: &str);
    /// The piece of work is done.
    fn finish(&self);
}

/// Tells nobody, of tests.
#[cfg(test)]
pub struct Silent;

#[cfg(test)]
impl Progress for Silent {
    fn start(&self, _: &str, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: &str) {}
    fn finish(&self) {}
}
