//! The file of `epitrack run`.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use epitrack::analysis::{AnalysisRequest, UNTRAINED};
use epitrack::attention::{Aggregate, Rank};
use epitrack::browser::added::{AddedTrack, OpenAdded};
use epitrack::browser::tracks::annotation::AnnotationRequest;
use epitrack::browser::tracks::{HubRequest, NOBODY, Selection, TracksRequest};
use epitrack::enrichment::interactome::InteractomeSource;
use epitrack::enrichment::tf_pairs::PERMUTATIONS;
use epitrack::footprints::{self, Assay, CallRequest, CutSource};
use epitrack::genome::Reference;
use epitrack::motifs::CollectionRequest;
use epitrack::network::contribution::Method;
use epitrack::output::provenance::Input;
use epitrack::pairs::{Part, SplitRule};
use epitrack::pipeline::{CellLine, FootprintSource};
use epitrack::progress::Progress;
use epitrack::run::{Config, Settings};
use epitrack::text::BaseUrl;
use serde::Deserialize;

use super::super::device::DeviceArg;
use super::super::inputs::{self, SplitArgs, TableArgs};
use super::super::remote;

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
    hub: HubPlan,
    #[serde(default)]
    model: epitrack::network::model::ModelConfig,
    #[serde(default)]
    training: epitrack::network::training::TrainingConfig,
    #[serde(default)]
    augmentation: epitrack::pairs::Augmentation,
}

fn one() -> usize {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    name: String,
    /// Its folder in `out`; its name by default.
    dir: Option<PathBuf>,
    pairs: PathBuf,
    /// Footprints that are there.
    footprints: Option<PathBuf>,
    /// Reads to call footprints from, and the regions to call them in.
    bam: Option<PathBuf>,
    regions: Option<PathBuf>,
    #[serde(default)]
    assay: Assay,
    /// Tracks of the user's own.
    #[serde(default)]
    add: Vec<AddedTrack>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TracksPlan {
    pairs: Selection,
    aggregate: Aggregate,
    contributions: Option<Method>,
    rank: Rank,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct EnrichPlan {
    interactome: Option<PathBuf>,
    part: Option<Part>,
    controls: u32,
    permutations: u32,
    shuffled_labels: u32,
}

impl Default for EnrichPlan {
    fn default() -> Self {
        Self {
            interactome: None,
            part: None,
            controls: UNTRAINED,
            permutations: PERMUTATIONS,
            shuffled_labels: 0,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct HubPlan {
    name: String,
    short_label: Option<String>,
    long_label: Option<String>,
    email: String,
    /// The assembly, where the chromosomes' lengths do not tell it.
    genome: Option<String>,
    /// The sequence of an assembly that UCSC does not have.
    sequence: Option<PathBuf>,
    /// Where the hub will lie on the web.
    base_url: Option<BaseUrl>,
}

impl Default for HubPlan {
    fn default() -> Self {
        Self {
            name: "epitrack".to_string(),
            short_label: None,
            long_label: None,
            email: NOBODY.to_string(),
            genome: None,
            sequence: None,
            base_url: None,
        }
    }
}

impl Plan {
    /// Reads a plan; its paths are made relative to its folder, and what lies at an address is fetched.
    pub fn read(path: &Path, progress: &dyn Progress) -> Result<Self> {
        let context = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(context)?;
        let mut plan: Self = toml::from_str(&text).with_context(context)?;
        let base = path.parent().unwrap_or(Path::new("."));
        for path in plan.paths() {
            *path = match path.to_str() {
                Some(text) => base.join(remote::file(text, progress)?),
                None => base.join(&*path),
            };
        }
        plan.check_names().with_context(context)?;
        Ok(plan)
    }

    fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let table = self
            .table
            .bengi_ccres
            .iter_mut()
            .chain(&mut self.table.bengi_tss);
        let optional = self.split.split_file.iter_mut().chain(table);
        let optional = optional.chain(&mut self.enrich.interactome);
        let optional = optional.chain(&mut self.hub.sequence);
        let cells = self.cell.iter_mut().flat_map(|cell| {
            let files = [&mut cell.footprints, &mut cell.bam, &mut cell.regions];
            let added = cell.add.iter_mut().map(|track| &mut track.path);
            [&mut cell.pairs]
                .into_iter()
                .chain(files.into_iter().flatten())
                .chain(added)
        });
        let added = self.add.iter_mut().map(|track| &mut track.path);
        [&mut self.out, &mut self.reference]
            .into_iter()
            .chain(&mut self.motifs)
            .chain(optional)
            .chain(cells)
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

    /// Test chromosomes are the reference's, and so are those of tracks of the user's own.
    fn check_chromosomes(&self) -> Result<()> {
        let reference = Reference::open(&self.reference)?;
        for cell in &self.cell {
            let added = OpenAdded::all(&self.added(cell), reference.chroms(), &[]);
            added.with_context(|| format!("cell line {}", cell.name))?;
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

    fn dir(&self, cell: &Cell) -> PathBuf {
        let dir = cell.dir.clone().unwrap_or_else(|| cell.name.clone().into());
        self.out.join(dir)
    }

    /// The cell lines. All settings are checked, and all files found.
    pub fn cells(&self) -> Result<Vec<CellLine>> {
        let reference = Input::new(&self.reference)?;
        self.check_chromosomes()?;
        let cell = |cell: &Cell| {
            let made = self.cell(cell, &reference);
            made.with_context(|| format!("cell line {}", cell.name))
        };
        self.cell.iter().map(cell).collect()
    }

    fn cell(&self, cell: &Cell, reference: &Input) -> Result<CellLine> {
        let seed = self.training.seed;
        let motifs = CollectionRequest::new(self.motifs.clone());
        let motifs = (!self.motifs.is_empty()).then_some(motifs);
        let enrich = motifs.clone().map(|motifs| AnalysisRequest {
            interactome: self.enrich.interactome.clone().map(InteractomeSource::new),
            part: self.enrich.part,
            untrained: self.enrich.controls,
            permutations: self.enrich.permutations,
            shuffled_labels: self.enrich.shuffled_labels,
            rank: self.tracks.rank,
            ..AnalysisRequest::new(motifs, seed)
        });
        if let Some(enrich) = &enrich {
            enrich.check()?;
        }
        let implied = (self.tracks.rank == Rank::Contribution).then(Method::default);
        Ok(CellLine {
            name: cell.name.clone(),
            dir: self.dir(cell),
            repeats: self.repeats(cell, reference)?,
            settings: self.settings(cell, reference.clone())?,
            footprints: self.footprints(cell)?,
            tracks: TracksRequest {
                selection: self.tracks.pairs,
                aggregate: self.tracks.aggregate,
                contributions: self.tracks.contributions.or(implied),
                rank: self.tracks.rank,
                annotation: AnnotationRequest {
                    motifs,
                    footprints: None,
                },
                ..TracksRequest::default()
            },
            enrich,
            genome: self.hub.genome.clone(),
            added: self.added(cell),
        })
    }

    fn settings(&self, cell: &Cell, reference: Input) -> Result<Settings> {
        let config = Config {
            model: self.model.clone(),
            training: self.training.clone(),
            augmentation: self.augmentation,
        };
        let (table, split) = (self.table.clone(), self.split.clone());
        let mut settings = inputs::settings(config, &cell.pairs, reference, table, split)?;
        settings.ensemble = self.ensemble;
        settings.validate()?;
        Ok(settings)
    }

    /// Every further seed and every fold, and each with each.
    fn repeats(&self, cell: &Cell, reference: &Input) -> Result<Vec<(String, Settings)>> {
        let own = self.training.seed;
        let seeds = self.seeds.iter().filter(|&&seed| seed != own);
        let seeds: Vec<u64> = [own].into_iter().chain(seeds.copied()).collect();
        let folds = self.folds.iter().map(Some);
        let mut repeats = Vec::new();
        for fold in [None].into_iter().chain(folds) {
            for &seed in &seeds {
                let name = match fold {
                    None if seed == own => continue,
                    None => format!("seed{seed}"),
                    Some((fold, _)) => format!("{fold}-seed{seed}"),
                };
                let mut settings = self.settings(cell, reference.clone())?;
                settings.training.seed = seed;
                if let Some((_, test)) = fold {
                    let test = test.clone();
                    settings.split = SplitRule::Chromosome { test };
                }
                settings.validate()?;
                repeats.push((name, settings));
            }
        }
        Ok(repeats)
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
            name: self.hub.name.clone(),
            short_label: self.hub.short_label.clone(),
            long_label: self.hub.long_label.clone(),
            email: self.hub.email.clone(),
            genome: self.hub.genome.clone(),
            sequence: self.hub.sequence.clone(),
            base_url: self.hub.base_url.clone(),
            added: self.add.clone(),
            ..HubRequest::default()
        }
    }
}
