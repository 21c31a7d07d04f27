//! Which training of a search it is that makes progress.

use crate::progress::Progress;

/// Progress under a name of its own.
pub struct Named<'a> {
    progress: &'a dyn Progress,
    name: String,
}

impl<'a> Named<'a> {
    /// Shows whatever work begins under this name.
    pub fn new(progress: &'a dyn Progress, name: String) -> Self {
        Self { progress, name }
    }
}

impl Progress for Named<'_> {
    fn start(&self, _: &str, total: u64, done: u64) {
        self.progress.start(&self.name, total, done);
    }

    fn advance(&self, steps: u64, note: &str) {
        self.progress.advance(steps, note);
    }

    fn finish(&self) {
        self.progress.finish();
    }
}
