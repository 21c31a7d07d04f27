//! The folder of a search: what it was made from, and its files.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::search::Search;
use crate::error::{Difference, Error, IoContext, Result};
use crate::network::device::DeviceDescription;
use crate::output::provenance::VERSION;
use crate::output::{self, Claim, FolderKind};
use crate::run::Settings;

/// The files of a search.
pub struct Files {
    dir: PathBuf,
    /// What the search was made from.
    pub record: PathBuf,
    /// Which pairs are kept for the test, of which nothing is used.
    pub split: PathBuf,
    /// The fold of each pair of the training part.
    pub folds: PathBuf,
    /// The trainings that are done.
    pub journal: PathBuf,
    /// How the trials stand.
    pub trials: PathBuf,
    /// The best configuration.
    pub best: PathBuf,
    /// The state of the training that runs.
    pub checkpoint: PathBuf,
    /// Its epochs.
    pub history: PathBuf,
}

/// `tune.json`: everything that decides what a search finds.
#[derive(Serialize, Deserialize)]
pub struct Record {
    version: String,
    device: DeviceDescription,
    search: Search,
    /// What the search does not vary, and the inputs.
    settings: Settings,
}

impl Record {
    /// Of a search.
    pub fn new(settings: &Settings, search: &Search, device: DeviceDescription) -> Self {
        Self {
            version: VERSION.to_string(),
            device,
            search: search.clone(),
            settings: settings.clone(),
        }
    }

    /// A text, in JSON, that two searches share only if they find the same.
    fn identity(&self) -> Result<String> {
        let refuse = |error: serde_json::Error| Error::Configuration(error.to_string());
        let search = serde_json::to_string(&self.search).map_err(refuse)?;
        let settings = self.settings.identity(&self.device)?;
        Ok(format!("{{\"search\":{search},\"settings\":{settings}}}"))
    }
}

impl Files {
    /// The files of a search in a folder.
    pub fn of(dir: &Path) -> Self {
        Self {
            dir: dir.to_path_buf(),
            record: dir.join("tune.json"),
            split: dir.join("split.tsv"),
            folds: dir.join("folds.tsv"),
            journal: dir.join("measures.tsv"),
            trials: dir.join("trials.tsv"),
            best: dir.join("best.toml"),
            checkpoint: dir.join("training.safetensors"),
            history: dir.join("training.csv"),
        }
    }

    /// Checks that the folder is free for this search, or holds a part of it.
    ///
    /// # Errors
    ///
    /// Another search, unless it is to be replaced; work of another kind, always.
    pub fn check(&self, asked: &Record, fresh: bool) -> Result<()> {
        FolderKind::Search.check(&self.dir)?;
        if fresh || !self.record.exists() {
            return Ok(());
        }
        let text = std::fs::read_to_string(&self.record).at(&self.record)?;
        let refuse = |error| Error::format(&self.record, error);
        let kept: Record = serde_json::from_str(&text).map_err(refuse)?;
        let (kept, asked) = (kept.identity()?, asked.identity()?);
        if kept == asked {
            return Ok(());
        }
        Err(Error::Occupied {
            path: self.dir.clone(),
            work: "a search",
            differences: Difference::between(&kept, &asked),
        })
    }

    /// Makes the folder and writes the record; with `fresh`, removes what another search has left
    /// there before.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to, or that another process writes to.
    pub fn begin(&self, mut record: Record, fresh: bool) -> Result<Claim> {
        let claim = Claim::folder(&self.dir, FolderKind::Search)?;
        // Another process may have begun one before this one had its place.
        self.check(&record, fresh)?;
        if fresh {
            // The record goes last, so that what is left is never taken for another search's.
            for file in [
                &self.best,
                &self.trials,
                &self.journal,
                &self.checkpoint,
                &self.history,
                &self.folds,
                &self.split,
                &self.record,
            ] {
                output::remove_if_there(file)?;
            }
        }
        for input in record.settings.inputs() {
            *input = input.seen_from(&self.dir)?;
        }
        output::write_json(&self.record, &record)?;
        Ok(claim)
    }

    /// Removes the state of a training.
    ///
    /// # Errors
    ///
    /// A file that cannot be removed.
    pub fn remove_training(&self) -> Result<()> {
        output::remove_if_there(&self.checkpoint)?;
        output::remove_if_there(&self.history)
    }
}
