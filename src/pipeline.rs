//! The whole way of cell lines: train, evaluate, footprints, tracks, enrich, a page for each, and a hub
//! of all. A step that is complete is not done again.

mod added;
pub mod demo;
mod page;
mod shown;

use std::path::{Path, PathBuf};

use tracing::info;

use crate::analysis::{self, AnalysisRequest, AnalysisSummary};
use crate::browser::added::AddedTrack;
use crate::browser::tracks::{self, Folder, HubRequest, TracksRequest, ViewRequest};
use crate::error::{Error, Result};
use crate::evaluation::RunMetrics;
use crate::footprints::{self, CallRequest};
use crate::network::device::ComputeDevice;
use crate::output::shard::Shard;
use crate::output::{self, Claim};
use crate::progress::Progress;
use crate::run::{MovedInputs, Run, Settings};
use crate::text::choice::{Choice, Named};
use page::PageMade;
pub use page::PageRequest;

/// The folder, in that of a cell line, of the network whose tracks are written.
pub const RUN: &str = "run";

/// A cell line, and what is to be made of it.
pub struct CellLine {
    /// What it is called.
    pub name: String,
    /// Its folder, in which each step has its own: `run/`, `repeats/`, `footprints/`, `tracks/`,
    /// `enrichment/`; and `view.html`, with `view.json`, which says what it was made with.
    pub dir: PathBuf,
    /// What to train.
    pub settings: Settings,
    /// Trainings with other seeds or other test chromosomes, which are only evaluated, and their names.
    pub repeats: Vec<(String, Settings)>,
    /// Where its footprints come from, if it has any.
    pub footprints: Option<FootprintSource>,
    /// The tracks; they are annotated with its footprints.
    pub tracks: TracksRequest,
    /// The analysis, if one is wanted; of its footprints.
    pub enrich: Option<AnalysisRequest>,
    /// The page.
    pub page: PageRequest,
    /// The assembly's name, if not the one that the chromosomes' lengths tell.
    pub genome: Option<String>,
    /// Tracks of the user's own, on its page, in its sessions and in the hub.
    pub added: Vec<AddedTrack>,
}

/// A step of a cell line. Each needs those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Train the network.
    Train,
    /// Measure it on the test part.
    Evaluate,
    /// Call footprints, where they are not given.
    Footprints,
    /// Write the tracks.
    Tracks,
    /// Analyse the run, where there are motifs.
    Enrich,
    /// Write the page.
    View,
}

impl Choice for Step {
    const ALL: &'static [Named<Self>] = &[
        (Self::Train, "train", "Train the network"),
        (Self::Evaluate, "evaluate", "Measure it on the test part"),
        (
            Self::Footprints,
            "footprints",
            "Call footprints, where they are not given",
        ),
        (Self::Tracks, "tracks", "Write the tracks"),
        (
            Self::Enrich,
            "enrich",
            "Analyse the run, where there are motifs",
        ),
        (Self::View, "view", "Write the page"),
    ];
}

/// Where footprints come from.
pub enum FootprintSource {
    /// They are there: BED, or a bigWig of scores.
    Given(PathBuf),
    /// They are called.
    Called(Box<CallRequest>),
}

/// How steps are done.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Whether what is complete is done again.
    pub fresh: bool,
    /// Where networks run.
    pub device: &'a ComputeDevice,
    /// Told of what takes long.
    pub progress: &'a dyn Progress,
}

impl CellLine {
    /// The folder of its tracks.
    pub fn tracks_dir(&self) -> PathBuf {
        self.dir.join("tracks")
    }

    /// The page.
    pub fn page(&self) -> PathBuf {
        self.dir.join("view.html")
    }

    /// The folder of a training: of a repeat, or of the network whose tracks are written.
    pub fn run_dir(&self, repeat: Option<&str>) -> PathBuf {
        match repeat {
            // With the cell line's name: where runs are gathered, folders' names tell them apart.
            Some(repeat) => {
                let name = format!("{}.{repeat}", self.name);
                self.dir.join("repeats").join(name)
            }
            None => self.dir.join(RUN),
        }
    }

    /// The network whose tracks are written.
    fn run(&self) -> Result<Run> {
        self.open(None)
    }

    /// What a training is asked for.
    fn settings_of(&self, repeat: Option<&str>) -> Result<&Settings> {
        let Some(name) = repeat else {
            return Ok(&self.settings);
        };
        let repeat = self.repeats.iter().find(|(other, _)| other == name);
        let none = || Error::Configuration(format!("{} has no repeat {name}", self.name));
        repeat.map(|(_, settings)| settings).ok_or_else(none)
    }

    /// A training that is complete, of these settings.
    fn open(&self, repeat: Option<&str>) -> Result<Run> {
        let settings = self.settings_of(repeat)?;
        let run = Run::open(&self.run_dir(repeat))?;
        run.check_settings(settings)?;
        Ok(run)
    }

    /// Checks that the tracks are those of this run and request.
    ///
    /// # Errors
    ///
    /// Tracks that are not there, or others.
    pub fn check_tracks(&self) -> Result<()> {
        let dir = self.tracks_dir();
        match tracks::written(&self.run()?, &self.tracks_request(), &dir)? {
            Some(_) => Ok(()),
            None => Err(Error::format(dir, "holds no tracks of these settings")),
        }
    }

    /// Does a step, unless it is complete.
    ///
    /// # Errors
    ///
    /// What the step says; a step before it that is not complete.
    pub fn step(&self, step: Step, work: Work) -> Result<()> {
        match step {
            Step::Train => self.train(None, work).map(drop),
            Step::Evaluate => self.evaluate(None, work).map(drop),
            Step::Footprints => self.call_footprints(work),
            Step::Tracks => self.write_tracks(work),
            Step::Enrich => self.analyse(work).map(drop),
            Step::View => self.write_page(work),
        }
    }

    /// Does every step that is not complete, then trains and evaluates the repeats. What the network
    /// reaches.
    ///
    /// # Errors
    ///
    /// What a step says.
    pub fn work_through(&self, work: Work) -> Result<RunMetrics> {
        for &(step, ..) in Step::ALL {
            self.step(step, work)?;
        }
        for (name, _) in &self.repeats {
            self.train(Some(name), work)?;
            self.evaluate(Some(name), work)?;
        }
        self.metrics(None)
    }

    /// Trains a network.
    ///
    /// # Errors
    ///
    /// As [`Run::train`]; a repeat that there is none of.
    pub fn train(&self, repeat: Option<&str>, work: Work) -> Result<Run> {
        let settings = self.settings_of(repeat)?;
        let dir = self.run_dir(repeat);
        Run::train(&dir, settings, work.fresh, work.device, work.progress)
    }

    /// Evaluates a network.
    ///
    /// # Errors
    ///
    /// As [`Run::evaluate`]; one that is not trained.
    pub fn evaluate(&self, repeat: Option<&str>, work: Work) -> Result<RunMetrics> {
        let run = self.open(repeat)?;
        match run.evaluated() {
            Some(metrics) if !work.fresh => Ok(metrics),
            _ => run.evaluate(work.device, &MovedInputs::default(), work.progress),
        }
    }

    /// What a network reaches, of which that is known.
    ///
    /// # Errors
    ///
    /// One that is not trained, or not evaluated.
    pub fn metrics(&self, repeat: Option<&str>) -> Result<RunMetrics> {
        let dir = self.run_dir(repeat);
        let unknown = || Error::format(&dir, "is not evaluated");
        self.open(repeat)?.evaluated().ok_or_else(unknown)
    }

    /// What its tracks are asked for.
    pub fn tracks_request(&self) -> TracksRequest {
        let mut request = self.tracks.clone();
        request.annotation.footprints = self.footprint_file("bed");
        request
    }

    fn write_tracks(&self, work: Work) -> Result<()> {
        let (run, request, dir) = (self.run()?, self.tracks_request(), self.tracks_dir());
        if !work.fresh && dir.exists() && tracks::written(&run, &request, &dir)?.is_some() {
            info!("{} is complete", dir.display());
            return Ok(());
        }
        // What shows the tracks goes before they change.
        output::remove_if_there(&self.page())?;
        tracks::write(&run, &request, &dir, work.device, work.progress).map(drop)
    }

    /// Runs a shard of the tracks into a folder.
    ///
    /// # Errors
    ///
    /// As [`tracks::write_shard`].
    pub fn write_shard(&self, shard: Shard, dir: &Path, work: Work) -> Result<()> {
        let (run, request) = (self.run()?, self.tracks_request());
        tracks::write_shard(&run, &request, shard, dir, work.device, work.progress)
    }

    /// What its footprints' files are called without their endings, where they are called.
    fn called(&self) -> Option<(&CallRequest, PathBuf)> {
        match &self.footprints {
            Some(FootprintSource::Called(request)) => {
                let dir = self.dir.join("footprints");
                Some((request, dir.join(request.cuts.assay.name())))
            }
            _ => None,
        }
    }

    /// The file of footprints, of those that are called that of an ending.
    fn footprint_file(&self, ending: &str) -> Option<PathBuf> {
        match &self.footprints {
            Some(FootprintSource::Given(path)) => Some(path.clone()),
            _ => self
                .called()
                .map(|(_, prefix)| prefix.with_added_extension(ending)),
        }
    }

    fn call_footprints(&self, work: Work) -> Result<()> {
        let Some((request, prefix)) = self.called() else {
            return Ok(());
        };
        let chroms = request.chroms()?;
        if !work.fresh && footprints::written(request, &chroms, &prefix)? {
            info!("{} is complete", prefix.display());
            return Ok(());
        }
        footprints::write(request, &chroms, &prefix, work.progress).map(drop)
    }

    /// What was found, unless it was complete or there is nothing to analyse.
    fn analyse(&self, work: Work) -> Result<Option<AnalysisSummary>> {
        let Some(enrich) = &self.enrich else {
            return Ok(None);
        };
        let request = AnalysisRequest {
            footprints: self.footprint_file("bw"),
            ..enrich.clone()
        };
        let (run, dir) = (self.run()?, self.dir.join("enrichment"));
        if !work.fresh && analysis::is_written(&run, &request, &dir, work.device)? {
            info!("{} is complete", dir.display());
            return Ok(None);
        }
        analysis::write(&run, &request, &dir, work.device, work.progress).map(Some)
    }

    fn write_page(&self, work: Work) -> Result<()> {
        let (path, record) = (self.page(), self.dir.join("view.json"));
        let folder = Folder::open(&self.tracks_dir())?;
        self.write_sessions(&folder)?;
        let request = ViewRequest {
            title: self.name.clone(),
            genome: self.genome.clone(),
            count: self.page.pairs,
            genes: self.page.genes.clone(),
            added: self.added.clone(),
            ..ViewRequest::default()
        };
        let made = PageMade::new(&self.page, &request)?;
        let is_same = PageMade::read(&record).is_some_and(|of| of == made);
        if !work.fresh && is_same && is_newer(&path, &self.tracks_dir().join(tracks::SUMMARY)) {
            info!("{} is complete", path.display());
            return Ok(());
        }
        let igv = self.page.igv()?;
        let html = tracks::page(&folder, &request, work.device)?.html(igv.as_deref());
        let html = html.map_err(|error| Error::format(&path, error))?;
        let _claim = Claim::files(&[path.clone(), record.clone()])?;
        // What describes the page goes before it changes and comes when it is there.
        output::remove_if_there(&record)?;
        output::write(&path, html)?;
        output::write_json(&record, &made)
    }
}

/// Whether a file was written after another.
fn is_newer(file: &Path, than: &Path) -> bool {
    let time = |path: &Path| std::fs::metadata(path).and_then(|of| of.modified()).ok();
    time(file)
        .zip(time(than))
        .is_some_and(|(file, than)| file >= than)
}

/// Writes the hub of some cell lines, whose tracks are complete.
///
/// # Errors
///
/// As [`tracks::write_hub`].
pub fn write_hub(cells: &[&CellLine], request: &HubRequest, out: &Path) -> Result<()> {
    let own = cells
        .iter()
        .flat_map(|cell| cell.named_tracks(&request.added));
    let request = HubRequest {
        cells: cells
            .iter()
            .map(|cell| (cell.name.clone(), cell.tracks_dir()))
            .collect(),
        added: request.added.iter().cloned().chain(own).collect(),
        ..request.clone()
    };
    let summary = tracks::write_hub(&request, out)?;
    info!("{}", summary.hub.display());
    if let Some(address) = summary.ucsc {
        info!("{address}");
    }
    Ok(())
}
