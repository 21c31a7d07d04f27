//! A cell line in the file of `run`, and the files that its networks learn from.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use epitrack::browser::added::AddedTrack;
use epitrack::error;
use epitrack::footprints::Assay;
use epitrack::network::activity::{Kind, Source};
use epitrack::output::provenance::Input;
use epitrack::run::{ContextAssay, ContextSource, Settings};
use serde::Deserialize;

use super::named::{ActivityFile, AssayFile};

/// A cell line, with paths relative to the folder of the plan until they are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// What it is called.
    pub name: String,
    /// Its folder in `out`; its name by default.
    pub dir: Option<PathBuf>,
    /// Its table of pairs.
    pub pairs: PathBuf,
    /// Footprints that are there.
    pub footprints: Option<PathBuf>,
    /// Reads to call footprints from.
    pub bam: Option<PathBuf>,
    /// The regions to call them in.
    pub regions: Option<PathBuf>,
    /// What the reads are of.
    #[serde(default)]
    pub assay: Assay,
    /// Tracks of the user's own.
    #[serde(default)]
    pub add: Vec<AddedTrack>,
    /// bigWigs of activities that its networks learn beside the pairs.
    #[serde(default)]
    activity: Vec<ActivityFile>,
    /// Peaks of such activities.
    #[serde(default)]
    activity_peaks: Vec<ActivityFile>,
    /// Whether its networks are trained beside the context of pairs; with files of context they are.
    context: Option<bool>,
    #[serde(default)]
    context_assays: Vec<AssayFile>,
    context_features: Option<PathBuf>,
    /// Why one of its files could not be fetched from an address.
    #[serde(skip)]
    pub not_fetched: Option<String>,
}

/// What the networks of a cell line learn from.
#[derive(Debug, Clone)]
pub struct CellInputs {
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// Measured activities, signals before peaks.
    pub activity: Vec<Source>,
    /// What the context of pairs is computed from, if there is to be one.
    pub context: Option<ContextSource>,
}

impl Cell {
    /// Its files.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let files = [
            &mut self.footprints,
            &mut self.bam,
            &mut self.regions,
            &mut self.context_features,
        ];
        let added = self.add.iter_mut().map(|track| &mut track.path);
        let activities = self.activity.iter_mut().chain(&mut self.activity_peaks);
        let activities = activities.map(|file| &mut file.path);
        let assays = self.context_assays.iter_mut().map(|file| &mut file.path);
        [&mut self.pairs]
            .into_iter()
            .chain(files.into_iter().flatten())
            .chain(added)
            .chain(activities)
            .chain(assays)
    }

    /// Whether its networks learn an activity.
    pub fn learns_activity(&self) -> bool {
        !self.activity.is_empty() || !self.activity_peaks.is_empty()
    }

    /// Checks what the files that it learns from are called, whether they are there or not.
    pub fn check_names(&self) -> Result<()> {
        let files = self.activity.iter().chain(&self.activity_peaks);
        let named: Vec<(&str, &Path)> = files
            .map(|file| (file.name.as_str(), file.path.as_path()))
            .collect();
        Source::check_names(&named)?;
        for (at, assay) in self.context_assays.iter().enumerate() {
            let name = &assay.name;
            if self.context_assays[..at].iter().any(|of| of.name == *name) {
                bail!("two of context_assays are called {name}");
            }
        }
        let has_files = !self.context_assays.is_empty() || self.context_features.is_some();
        if self.context == Some(false) && has_files {
            bail!("context is false, and context_assays or context_features are given");
        }
        Ok(())
    }

    /// What its networks learn from, read through once. What is not there is, where that is given, what they
    /// learnt from before under the same name.
    pub fn inputs(&self, reference: &Input, before: Option<&Settings>) -> Result<CellInputs> {
        let pairs = Input::new(&self.pairs);
        Ok(CellInputs {
            pairs: or_before(pairs, before.map(|of| &of.table.file))?,
            reference: reference.clone(),
            activity: self.activities(before)?,
            context: self.context(before)?,
        })
    }

    fn activities(&self, before: Option<&Settings>) -> error::Result<Vec<Source>> {
        let before: &[Source] = match before.and_then(|of| of.activity.as_ref()) {
            Some(activity) => &activity.sources,
            None => &[],
        };
        let signals = self.activity.iter().map(|file| (file, Kind::Signal));
        let peaks = self.activity_peaks.iter().map(|file| (file, Kind::Peaks));
        let source = |(file, kind): (&ActivityFile, Kind)| {
            let mut before = before.iter();
            let before = before.find(|of| of.name == file.name && of.kind == kind);
            or_before(Source::new(&file.name, kind, &file.path), before)
        };
        signals.chain(peaks).map(source).collect()
    }

    fn context(&self, before: Option<&Settings>) -> error::Result<Option<ContextSource>> {
        let before = before.and_then(|of| of.context.as_ref());
        let features = |path: &Path| {
            let before = before.and_then(|of| of.features.as_ref());
            or_before(Input::new(path), before)
        };
        let assay = |assay: &AssayFile| {
            let before = before.and_then(|of| of.assays.iter().find(|of| of.name == assay.name));
            let file = or_before(Input::new(&assay.path), before.map(|of| &of.file));
            file.map(|file| ContextAssay {
                name: assay.name.clone(),
                file,
            })
        };
        let features = self.context_features.as_deref().map(features);
        let assays = self.context_assays.iter().map(assay);
        let source = ContextSource {
            features: features.transpose()?,
            assays: assays.collect::<error::Result<_>>()?,
        };
        let is_asked_for = self.context == Some(true) || !source.is_empty();
        Ok(is_asked_for.then_some(source))
    }
}

/// What a file is, or, where it cannot be read, what is known of it from before.
fn or_before<T: Clone>(read: error::Result<T>, before: Option<&T>) -> error::Result<T> {
    read.or_else(|error| before.cloned().ok_or(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(more: &str) -> Cell {
        toml::from_str(&format!("name = \"A\"\npairs = \"pairs.csv\"\n{more}")).unwrap()
    }

    #[test]
    fn every_file_is_among_its_paths() {
        let mut cell = cell(
            "footprints = \"footprints.bed\"\nbam = \"a.bam\"\nregions = \"regions.bed\"\n\
             add = [\"x=added.bw\"]\nactivity = [\"dnase=d.bw\", \"atac.bw\"]\n\
             activity_peaks = [\"peaks.bed\"]\ncontext_assays = [\"CTCF=ctcf.bed\"]\n\
             context_features = \"features.csv\"",
        );
        let mut paths: Vec<&str> = cell.paths().map(|path| path.to_str().unwrap()).collect();
        paths.sort_unstable();
        let wanted = [
            "a.bam",
            "added.bw",
            "atac.bw",
            "ctcf.bed",
            "d.bw",
            "features.csv",
            "footprints.bed",
            "pairs.csv",
            "peaks.bed",
            "regions.bed",
        ];
        assert_eq!(paths, wanted);
    }

    #[test]
    fn a_context_is_asked_for_by_itself_or_by_its_files() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ctcf.bed");
        std::fs::write(&file, "chr1\t10\t20\n").unwrap();
        let of = |more: &str| cell(more).context(None).unwrap();
        assert_eq!(of(""), None);
        assert_eq!(of("context = false"), None);
        assert_eq!(of("context = true"), Some(ContextSource::default()));
        let named = format!("CTCF={}", file.display());
        let assays = format!("context_assays = [{named:?}]");
        let source = of(&assays).unwrap();
        assert_eq!(source.assays[0].name, "CTCF");
        assert_eq!(source.assays[0].file, Input::new(&file).unwrap());
        let said = cell(&format!("context = false\n{assays}")).check_names();
        assert!(said.unwrap_err().to_string().contains("context is false"));
    }
}
