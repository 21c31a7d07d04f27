//! What goes into a hub: every file read, found fit and given its name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tracing::warn;

use super::agreement::Agreement;
use super::genome::{ChromLengths, Genome, chrom_lengths, position_in};
use super::measure::Measure;
use super::name::{LONG_LABEL, Names, label};
use super::track_type::TrackType;
use super::{CellActivity, CellTracks, Hub, HubGenes};
use crate::browser::added::{AddedTrack, has_no_range};
use crate::element::{Element, Sides};
use crate::error::{Error, IoContext, Result};
use crate::formats::{BbiFile, Content, Values};
use crate::genome::TwoBit;

/// The folders beside those of the cell lines.
const ADDED: &str = "added";
const GENES: &str = "genes";
/// The field that says what pairs and regions were to the training.
const PART: &str = "part";
/// The regions that overlap or touch as one.
const MERGED: &str = "merged_regions.bb";
/// The field of the pairs' names, counted from 0.
const NAME: u16 = 3;
/// The index of the words of these names, and its index.
const WORDS: [&str; 2] = ["pairs.ix", "pairs.ixx"];

/// Everything that a hub shows.
pub struct Inventory<'a> {
    /// The cell lines, in the user's order.
    pub cells: Vec<Cell<'a>>,
    /// Genes, if the hub brings them along.
    pub genes: Option<GenesFile<'a>>,
    /// The user's own tracks, in the user's order.
    pub added: Vec<AddedFile<'a>>,
}

/// A cell line and its files.
pub struct Cell<'a> {
    /// What the user says of it.
    pub tracks: &'a CellTracks,
    /// Its name in the names of tracks and folders.
    pub id: String,
    /// Attention over the elements.
    pub attention: Sides<Signal>,
    /// What each base adds to the logit or to an activity, if that was computed.
    pub contribution: Option<Sides<Signal>>,
    /// What is predicted of activities.
    pub activities: Vec<Activity<'a>>,
    /// The top regions.
    pub regions: DataFile,
    /// Those that overlap or touch as one.
    pub merged: DataFile,
    /// The pairs.
    pub pairs: DataFile,
    /// How the pairs are found.
    pub search: Search,
    /// Whether pairs and regions say what they were to the training.
    pub parts: bool,
}

/// How a browser finds a cell line's pairs by what people type.
#[derive(Debug, Default)]
pub struct Search {
    /// Whether the bigBed has an index of their names.
    pub names: bool,
    /// The index of words, where there is one: where its two files are and where they go, as of
    /// [`DataFile`].
    pub words: Vec<(PathBuf, String)>,
}

/// A file that the hub takes in.
pub struct DataFile {
    /// Where it is now, without symbolic links.
    pub source: PathBuf,
    /// Where it goes, from the genome's folder, with `/` between folders.
    pub target: String,
    /// Its track's type.
    pub kind: TrackType,
}

/// A bigWig of the hub.
pub struct Signal {
    /// The file.
    pub file: DataFile,
    /// Its values.
    pub values: Values,
}

/// An activity that a cell line's network predicts.
pub struct Activity<'a> {
    /// What is known of it.
    pub tracks: &'a CellActivity,
    /// Its place among those of the cell line, from 1.
    pub place: usize,
    /// The bigWigs.
    pub signals: Sides<Signal>,
}

/// The bigWigs of a measure, and the activity that they are of, if they are of one.
pub type Measured<'a, 'b> = (Option<&'b Activity<'a>>, &'b Sides<Signal>);

/// Genes that the hub brings along.
pub struct GenesFile<'a> {
    /// What they were made from.
    pub source: &'a str,
    /// The file.
    pub file: DataFile,
}

/// A track of the user's own.
pub struct AddedFile<'a> {
    /// What the user says of it.
    pub track: &'a AddedTrack,
    /// Its name in the names of tracks and files.
    pub id: String,
    /// The file.
    pub file: DataFile,
}

impl<'a> AddedFile<'a> {
    fn new(track: &'a AddedTrack, names: &mut Names, agreement: &mut Agreement) -> Result<Self> {
        let id = names.add(&track.name);
        let (file, content) = data_file(&track.path, agreement, |content| {
            let ending = match content {
                Content::Signal(_) => "bw",
                Content::Items(_) => "bb",
            };
            format!("{ADDED}/{id}.{ending}")
        })?;
        if track.range.is_some() && !matches!(content, Content::Signal(_)) {
            return Err(has_no_range(&track.path));
        }
        Ok(Self { track, id, file })
    }
}

impl<'a> Inventory<'a> {
    /// Reads the headers of all files.
    ///
    /// # Errors
    ///
    /// A name that is empty or occurs twice, a file that is missing or is not what it should be,
    /// files of different assemblies; what an activity was learnt from is left out instead, with a warning.
    pub fn new(hub: &'a Hub) -> Result<Self> {
        check_names("cell line", hub.cells.iter().map(|cell| cell.name.as_str()))?;
        check_names("track", hub.added.iter().map(|added| added.name.as_str()))?;
        let sequence = sequence(&hub.genome)?;
        let mut agreement = Agreement::new(hub.genome.name(), sequence.as_ref());
        let mut names = Names::default();
        names.add(ADDED);
        names.add(GENES);
        let cells = hub
            .cells
            .iter()
            .map(|tracks| Cell::new(tracks, names.add(&tracks.name), &mut agreement))
            .collect::<Result<_>>()?;
        let mut names = Names::default();
        let mut added = Vec::new();
        for track in &hub.added {
            match AddedFile::new(track, &mut names, &mut agreement) {
                Ok(file) => added.push(file),
                // Nobody has asked for it.
                Err(problem) if track.is_measured => {
                    warn!("{} is not shown: {problem}", track.name);
                }
                Err(problem) => return Err(problem),
            }
        }
        let genes = hub.genes.as_ref();
        let genes = genes.map(|genes| GenesFile::new(genes, &mut agreement));
        Ok(Self {
            cells,
            genes: genes.transpose()?,
            added,
        })
    }

    /// All files.
    pub fn files(&self) -> impl Iterator<Item = &DataFile> {
        let cells = self.cells.iter().flat_map(|cell| {
            let Sides { enhancer, promoter } = &cell.attention;
            let items = [&cell.regions, &cell.merged, &cell.pairs];
            let attention = [&enhancer.file, &promoter.file].into_iter().chain(items);
            let contribution = cell.contribution.iter().flat_map(Sides::as_ref);
            let activities = cell.activities.iter().flat_map(|of| of.signals.as_ref());
            let others = contribution.chain(activities).map(|signal| &signal.file);
            attention.chain(others)
        });
        let genes = self.genes.iter().map(|genes| &genes.file);
        let added = self.added.iter().map(|added| &added.file);
        cells.chain(genes).chain(added)
    }

    /// The indexes of words: where they are and where they go.
    pub fn indexes(&self) -> impl Iterator<Item = &(PathBuf, String)> {
        self.cells.iter().flat_map(|cell| &cell.search.words)
    }

    /// The values of all bigWigs of a measure together, and the largest of their means.
    pub fn values(&self, measure: Measure) -> Option<Values> {
        let all = self.cells.iter().flat_map(|cell| cell.signals(measure));
        together(all.map(|(_, signals)| signals))
    }

    /// The same of the bigWigs of an activity, by what is known of it.
    pub fn values_of(&self, activity: &CellActivity) -> Option<Values> {
        let all = self.cells.iter().flat_map(|cell| &cell.activities);
        let same = all.filter(|of| {
            let CellActivity { source, kind, .. } = of.tracks;
            (source, kind) == (&activity.source, &activity.kind)
        });
        together(same.map(|of| &of.signals))
    }
}

impl<'a> Cell<'a> {
    fn new(tracks: &'a CellTracks, id: String, agreement: &mut Agreement) -> Result<Self> {
        let mut open = |name: &str| {
            let target = format!("{id}/{name}");
            data_file(&tracks.dir.join(name), agreement, |_| target)
        };
        let mut signals = |what: &str| {
            let of = |element: Element| {
                let name = format!("{}_{what}.bw", element.name());
                open(&name).and_then(signal)
            };
            Sides::from_fn(of).transpose()
        };
        let attention = signals("attention")?;
        let contributed = tracks.contributions.is_some();
        let contribution = Measure::of_contributions(tracks).name();
        let contribution = contributed.then(|| signals(contribution)).transpose()?;
        let activities = tracks.activities.iter().zip(1..);
        let activities = activities.map(|(tracks, place)| -> Result<Activity<'a>> {
            let of = |element: Element| open(tracks.files.get(element)).and_then(signal);
            let signals = Sides::from_fn(of).transpose()?;
            Ok(Activity {
                tracks,
                place,
                signals,
            })
        });
        let activities = activities.collect::<Result<Vec<_>>>()?;
        let unfit = |file: &DataFile, message| Err(Error::format(&file.source, message));
        let (regions, _) = open("top_regions.bb")?;
        if !tracks.dir.join(MERGED).exists() {
            let problem =
                "has no merged_regions.bb, as those of earlier versions: write the tracks anew";
            return Err(Error::format(&tracks.dir, problem));
        }
        let (merged, _) = open(MERGED)?;
        for regions in [&regions, &merged] {
            if !matches!(regions.kind, TrackType::Items { fields: 9.., .. }) {
                return unfit(regions, "is not a bigBed with colours");
            }
        }
        let (pairs, content) = open("pairs.bb")?;
        if pairs.kind != TrackType::Interactions {
            return unfit(&pairs, "is not a bigBed of interactions");
        }
        Ok(Self {
            search: Search::new(&pairs, &tracks.dir, &id)?,
            parts: matches!(&content, Content::Items(fields) if fields.has(PART)),
            tracks,
            id,
            attention,
            contribution,
            activities,
            regions,
            merged,
            pairs,
        })
    }

    /// The bigWigs of a measure: one of each element, of activities those of each.
    pub fn signals(&self, measure: Measure) -> Vec<Measured<'a, '_>> {
        match measure {
            Measure::Attention => vec![(None, &self.attention)],
            Measure::Contribution | Measure::ActivityContribution => {
                let known = measure == Measure::of_contributions(self.tracks);
                let contribution = self.contribution.iter().filter(|_| known);
                contribution.map(|of| (None, of)).collect()
            }
            Measure::Activity => {
                let activities = self.activities.iter();
                activities.map(|of| (Some(of), &of.signals)).collect()
            }
        }
    }
}

impl<'a> GenesFile<'a> {
    fn new(genes: &'a HubGenes, agreement: &mut Agreement) -> Result<Self> {
        let target = format!("{GENES}/{GENES}.bb");
        let (file, _) = data_file(&genes.path, agreement, |_| target)?;
        Ok(Self {
            source: &genes.source,
            file,
        })
    }
}

impl Search {
    /// Of the pairs in a folder of tracks, whose files go into the folder `id`.
    fn new(pairs: &DataFile, dir: &Path, id: &str) -> Result<Self> {
        let mut opened = BbiFile::open(&pairs.source)?;
        let indexed = opened.indexed().at(&pairs.source)?;
        if !indexed.contains(&NAME) {
            return Ok(Self::default());
        }
        let there = WORDS.iter().all(|file| dir.join(file).is_file());
        let words = WORDS.iter().filter(|_| there).map(|file| -> Result<_> {
            let path = dir.join(file);
            let source = path.canonicalize().at(&path)?;
            Ok((source, format!("{id}/{file}")))
        });
        Ok(Self {
            names: true,
            words: words.collect::<Result<_>>()?,
        })
    }
}

/// The values of bigWigs together, and the largest of their means.
fn together<'a>(signals: impl Iterator<Item = &'a Sides<Signal>>) -> Option<Values> {
    let signals = signals.flat_map(Sides::as_ref);
    let values = signals.map(|signal| signal.values);
    values.reduce(|all, values| Values {
        min: all.min.min(values.min),
        max: all.max.max(values.max),
        mean: all.mean.max(values.mean),
    })
}

fn signal((file, content): (DataFile, Content)) -> Result<Signal> {
    match content {
        Content::Signal(Some(values)) => Ok(Signal { file, values }),
        Content::Signal(None) => Err(Error::format(file.source, "holds no value")),
        Content::Items(_) => Err(Error::format(file.source, "is not a bigWig")),
    }
}

/// Reads a file's header, and compares its chromosomes with those of the genome and of earlier
/// files.
fn data_file(
    path: &Path,
    agreement: &mut Agreement,
    target: impl FnOnce(&Content) -> String,
) -> Result<(DataFile, Content)> {
    let opened = BbiFile::open_whole(path)?;
    let chroms = chrom_lengths(opened.chroms());
    agreement.add(path, &chroms).map_err(Error::Configuration)?;
    if let Some(problem) = agreement.problems(&chroms).next() {
        return Err(Error::format(path, problem));
    }
    let file = DataFile {
        // A hard link to a symbolic link would be a link to a place that may move.
        source: path.canonicalize().at(path)?,
        target: target(&opened.content),
        kind: TrackType::of(&opened.content),
    };
    Ok((file, opened.content))
}

/// The chromosomes of an assembly that the hub brings along, in which the browser's first position
/// has to lie.
fn sequence(genome: &Genome) -> Result<Option<ChromLengths>> {
    let Genome::Assembly(assembly) = genome else {
        return Ok(None);
    };
    let chroms = chrom_lengths(TwoBit::open(&assembly.two_bit)?.chroms());
    position_in(&assembly.default_position, &chroms).map_err(Error::Configuration)?;
    Ok(Some(chroms))
}

fn check_names<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for name in names {
        if label(name, LONG_LABEL).is_empty() {
            return Err(Error::Configuration(format!("a {what} has no name")));
        }
        if !seen.insert(name.trim()) {
            let message = format!("two of the {what}s are called {name:?}");
            return Err(Error::Configuration(message));
        }
    }
    Ok(())
}
