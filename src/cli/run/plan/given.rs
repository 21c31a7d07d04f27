//! What is given in place of what the file of `run` says.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What is given in place of what the file says; paths are as they were given, or [`whole`](Given::located).
#[derive(Debug, Default)]
pub struct Given {
    /// Matrices.
    pub motifs: Vec<PathBuf>,
    /// Their names.
    pub motif: Vec<String>,
    /// Seeds of further trainings.
    pub seeds: Vec<u64>,
    /// Footprints of cell lines, by their names.
    pub footprints: Vec<(String, PathBuf)>,
}

impl Given {
    /// With whole paths: they are relative to where the command is given, not to the file.
    pub fn located(mut self) -> Result<Self> {
        let footprints = self.footprints.iter_mut().map(|(_, path)| path);
        for path in self.motifs.iter_mut().chain(footprints) {
            *path = whole(path)?;
        }
        Ok(self)
    }
}

fn whole(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| path.display().to_string())
}
