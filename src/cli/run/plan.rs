//! The file of `epitrack run`.

mod cell;
mod given;
mod kept;
mod named;
mod repeats;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use epitrack::attention::Rank;
use epitrack::browser::added::{AddedTrack, OpenAdded, check_names};
use epitrack::browser::tracks::HubRequest;
use epitrack::footprints::{self, CallRequest, CutSource};
use epitrack::genome::{Genes, Reference};
use epitrack::network::activity::ActivityConfig;
use epitrack::output::provenance::Input;
use epitrack::pairs::folds::FoldRule;
use epitrack::pipeline::{CellLine, FootprintSource};
use epitrack::progress::Progress;
use epitrack::run::{Config, Settings};
use serde::Deserialize;

pub use given::Given;

use super::super::advice::{in_words, is_of_file};
use super::super::device::DeviceArg;
use super::super::inputs::{self, SplitArgs, TableArgs};
use super::super::remote;
use super::steps::{EnrichPlan, HubPlan, SitesPlan, TracksPlan, ViewPlan};
use cell::{Cell, CellInputs};

/// The file, with paths relative to its own folder until they are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The folder of everything.
    pub out: PathBuf,
    reference: PathBuf,
    /// Where the networks run.
    #[serde(default)]
    pub device: DeviceArg,
    /// Networks for each cell line.
    #[serde(default = "one")]
    ensemble: usize,
    /// Seeds of further trainings, which are only evaluated.
    #[serde(default)]
    seeds: Vec<u64>,
    /// Test chromosomes of further trainings, each with a name.
    #[serde(default)]
    folds: BTreeMap<String, Vec<String>>,
    /// Matrices; without them tracks have no motif sites, and nothing is analysed.
    #[serde(default)]
    motifs: Vec<PathBuf>,
    #[serde(default)]
    sites: SitesPlan,
    /// Genes, on the pages and, where UCSC lacks the assembly, in the hub.
    genes: Option<PathBuf>,
    /// Tracks of the user's own, shown with every cell line.
    #[serde(default)]
    add: Vec<AddedTrack>,
    cell: Vec<Cell>,
    #[serde(default)]
    split: SplitArgs,
    #[serde(default)]
    table: TableArgs,
    #[serde(default)]
    tracks: TracksPlan,
    #[serde(default)]
    enrich: EnrichPlan,
    #[serde(default)]
    view: ViewPlan,
    #[serde(default)]
    hub: HubPlan,
    #[serde(default)]
    model: epitrack::network::model::ModelConfig,
    #[serde(default)]
    training: epitrack::network::training::TrainingConfig,
    #[serde(default)]
    augmentation: epitrack::pairs::Augmentation,
    /// The activity task, of cell lines that have one.
    #[serde(default)]
    activity: ActivityConfig,
}

fn one() -> usize {
    1
}

/// The cell lines of a file.
#[derive(Default)]
pub struct Cells {
    /// Those that can be worked on.
    pub ready: Vec<CellLine>,
    /// What is wrong with the files of the others.
    pub without_files: Vec<String>,
    /// Those of the others whose results are there, for what is made of all.
    pub kept: Vec<CellLine>,
}

impl Plan {
    /// Reads a plan, with what is given in place of what it says; its paths are made relative to its folder,
    /// and what lies at an address is fetched.
    pub fn read(path: &Path, given: Given, progress: &dyn Progress) -> Result<Self> {
        let context = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(context)?;
        let mut plan: Self = toml::from_str(&text).with_context(context)?;
        // What is not used need not be there.
        plan.give(given.located()?)?;
        plan.check_learnt().with_context(context)?;
        let base = path.parent().unwrap_or(Path::new("."));
        for path in plan.paths() {
            locate(path, base, progress)?;
        }
        for cell in &mut plan.cell {
            // Of one cell line alone: told with it. The others of its files may still be of use.
            let located = cell.paths().map(|path| locate(path, base, progress));
            let located: Vec<Result<()>> = located.collect();
            let first = located.into_iter().find_map(Result::err);
            cell.not_fetched = first.map(|error| in_words(&error));
        }
        plan.check_names().with_context(context)?;
        Ok(plan)
    }

    /// Puts what was given before what the file says.
    fn give(&mut self, given: Given) -> Result<()> {
        if !given.motifs.is_empty() {
            self.motifs = given.motifs;
        }
        if !given.motif.is_empty() {
            self.sites.motif = given.motif;
        }
        if !given.seeds.is_empty() {
            self.seeds = given.seeds;
        }
        for (name, path) in given.footprints {
            let cell = self.cell.iter_mut().find(|cell| cell.name == name);
            let cell =
                cell.with_context(|| format!("--footprints: there is no cell line {name}"))?;
            cell.footprints = Some(path);
            (cell.bam, cell.regions) = (None, None);
        }
        Ok(())
    }

    /// The files that all cell lines share.
    fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let table = self
            .table
            .bengi_ccres
            .iter_mut()
            .chain(&mut self.table.bengi_tss);
        let optional = self.split.split_file.iter_mut().chain(table);
        let steps = self.sites.paths().chain(self.enrich.paths());
        let steps = steps.chain(self.view.paths()).chain(self.hub.paths());
        let added = self.add.iter_mut().map(|track| &mut track.path);
        [&mut self.out, &mut self.reference]
            .into_iter()
            .chain(&mut self.motifs)
            .chain(optional)
            .chain(&mut self.genes)
            .chain(steps)
            .chain(added)
    }

    /// Names become folders.
    fn check_names(&self) -> Result<()> {
        if self.cell.is_empty() {
            bail!("names no cell line");
        }
        let (mut seen, mut folders) = (HashSet::new(), HashSet::new());
        let cells = self.cell.iter().map(|cell| &cell.name);
        for name in cells.chain(self.folds.keys()) {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
                bail!("the name {name:?} is not made of letters, digits, -, _ and .");
            }
        }
        for cell in &self.cell {
            let name = &cell.name;
            if !seen.insert(name) {
                bail!("names {name:?} twice");
            }
            if !folders.insert(self.dir(cell)) {
                bail!("gives {name:?} the folder of another cell line");
            }
        }
        Ok(())
    }

    /// What networks learn from has names that can be told apart, and what goes with an activity is there.
    fn check_learnt(&self) -> Result<()> {
        let at_random = self.split.split_file.is_none() && self.split.rule == FoldRule::Random;
        for cell in &self.cell {
            let name = &cell.name;
            let of_cell = || format!("cell line {name}");
            cell.check_names().with_context(of_cell)?;
            let learns = cell.learns_activity();
            if learns && at_random {
                bail!(
                    "cell line {name} learns an activity, which takes whole chromosomes, and [split] has \
                     the rule \"random\""
                );
            }
            if !learns && self.tracks.rank == Rank::Activity {
                bail!(
                    "[tracks] has the rank \"activity\", and cell line {name} learns none: give it activity \
                     or activity_peaks, or rank by another measure"
                );
            }
        }
        Ok(())
    }

    /// Test chromosomes are the reference's, and so are those of genes and of tracks that are shown with every
    /// cell line.
    fn check_chromosomes(&self, reference: &Reference) -> Result<()> {
        OpenAdded::all(&self.add, reference.chroms(), &[])?;
        if let Some(genes) = &self.genes {
            Genes::read(genes, reference.chroms(), &[])?;
        }
        let named = self.folds.values().chain([&self.split.test_chromosomes]);
        let unknown = named
            .flatten()
            .filter(|name| reference.chroms().find(name).is_none());
        let unknown: Vec<&str> = unknown.map(String::as_str).collect();
        if !unknown.is_empty() {
            let reference = self.reference.display();
            bail!("{reference} has no chromosome {}", unknown.join(", "));
        }
        Ok(())
    }

    /// Tracks of the user's own that are shown with a cell line.
    fn added(&self, cell: &Cell) -> Vec<AddedTrack> {
        self.add.iter().chain(&cell.add).cloned().collect()
    }

    /// A cell line's own tracks have other names than those of all, and are of the reference's assembly.
    fn check_added(&self, cell: &Cell, reference: &Reference) -> Result<()> {
        check_names(&self.added(cell))?;
        OpenAdded::all(&cell.add, reference.chroms(), &[])?;
        Ok(())
    }

    fn dir(&self, cell: &Cell) -> PathBuf {
        let dir = cell.dir.clone().unwrap_or_else(|| cell.name.clone().into());
        self.out.join(dir)
    }

    /// The cell lines, or the one of a name. All settings are checked, and all files looked for.
    ///
    /// # Errors
    ///
    /// Settings that make no sense, files that all cell lines share. What is wrong with the files of one
    /// is no matter of the others.
    pub fn cells(&self, only: Option<&str>) -> Result<Cells> {
        let input = Input::new(&self.reference)?;
        let reference = Reference::open(&self.reference)?;
        self.check_chromosomes(&reference)?;
        self.check_seeds()?;
        self.model.validate()?;
        self.tracks.check(self.model.bins())?;
        if let Some(motifs) = self.sites.request(&self.motifs)? {
            motifs.check()?;
        }
        let mut cells = Cells::default();
        let wanted = self.cell.iter();
        let wanted = wanted.filter(|cell| only.is_none_or(|name| cell.name == name));
        for cell in wanted {
            match self.ready(cell, &reference, &input)? {
                Ok(cell) => cells.ready.push(cell),
                // Alone it has no part of what is made of all.
                Err(problem) if only.is_some() => cells.without_files.push(problem),
                Err(problem) => {
                    let (kept, said) = self.kept(cell, &reference, &input);
                    cells.kept.extend(kept);
                    cells.without_files.push(format!("{problem}; {said}"));
                }
            }
        }
        Ok(cells)
    }

    /// Puts cell lines in the file's order.
    pub fn sort(&self, cells: &mut [CellLine]) {
        cells.sort_by_key(|cell| self.cell.iter().position(|of| of.name == cell.name));
    }

    /// A cell line, or what is wrong with its files.
    fn ready(
        &self,
        cell: &Cell,
        reference: &Reference,
        input: &Input,
    ) -> Result<Result<CellLine, String>> {
        let name = &cell.name;
        if let Some(problem) = &cell.not_fetched {
            return Ok(Err(format!("cell line {name}: {problem}")));
        }
        let made = self.check_added(cell, reference);
        let made = made.and_then(|()| {
            let line = self.line(cell, cell.inputs(input, None)?)?;
            let footprints = self.footprints(cell)?;
            Ok(CellLine { footprints, ..line })
        });
        match made.with_context(|| format!("cell line {name}")) {
            Ok(cell) => Ok(Ok(cell)),
            Err(error) if is_of_file(&error) => Ok(Err(in_words(&error))),
            Err(error) => Err(error),
        }
    }

    /// A cell line whose networks learn from these files, without its footprints.
    fn line(&self, cell: &Cell, inputs: CellInputs) -> Result<CellLine> {
        let (seed, rank) = (self.training.seed, self.tracks.rank);
        let motifs = self.sites.request(&self.motifs)?;
        Ok(CellLine {
            name: cell.name.clone(),
            dir: self.dir(cell),
            enrich: self.enrich.request(motifs.clone(), rank, seed)?,
            page: self.view.request(self.genes.clone())?,
            repeats: self.repeats(&inputs)?,
            settings: self.settings(inputs)?,
            footprints: None,
            tracks: self.tracks.request(motifs),
            genome: self.hub.genome.clone(),
            added: self.added(cell),
        })
    }

    fn settings(&self, from: CellInputs) -> Result<Settings> {
        let config = Config {
            model: self.model.clone(),
            training: self.training.clone(),
            augmentation: self.augmentation,
            activity: self.activity.clone(),
        };
        let (table, split) = (self.table.clone(), self.split.clone());
        let mut settings = inputs::settings(config, from.pairs, from.reference, table, split)?;
        settings.learn_activity(from.activity, self.activity.clone());
        settings.context = from.context;
        settings.ensemble = self.ensemble;
        settings.validate()?;
        Ok(settings)
    }

    fn footprints(&self, cell: &Cell) -> Result<Option<FootprintSource>> {
        let (bam, regions) = match (&cell.footprints, &cell.bam, &cell.regions) {
            (None, None, None) => return Ok(None),
            (Some(given), None, None) => {
                // Whether it is there is told before the first cell line trains.
                Input::new(given)?;
                return Ok(Some(FootprintSource::Given(given.clone())));
            }
            (None, Some(bam), Some(regions)) => (bam, regions),
            (Some(_), ..) => bail!("has footprints, and a bam or regions to call them from"),
            _ => bail!("footprints are called from a bam in regions: both are needed"),
        };
        Input::new(regions)?;
        Ok(Some(FootprintSource::Called(Box::new(CallRequest {
            cuts: CutSource::bam(bam, cell.assay)?,
            files: vec![bam.clone()],
            regions: regions.clone(),
            reference: Some(self.reference.clone()),
            settings: footprints::Settings::default(),
            selection: footprints::Selection::usual(self.training.seed),
        }))))
    }

    /// The hub of all cell lines.
    pub fn hub(&self) -> HubRequest {
        HubRequest {
            genes: self.genes.clone(),
            added: self.add.clone(),
            ..self.hub.request()
        }
    }
}

/// Makes a path relative to the file's folder, or fetches what lies at an address.
fn locate(path: &mut PathBuf, base: &Path, progress: &dyn Progress) -> Result<()> {
    *path = match path.to_str() {
        Some(text) => base.join(remote::file(text, progress)?),
        None => base.join(&*path),
    };
    Ok(())
}
