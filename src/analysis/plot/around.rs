//! A track of a folder around the centres of regions, as deepTools' computeMatrix and plotHeatmap show it.

mod values;

use std::path::PathBuf;

use crate::browser::tracks::{Folder, Track};
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::figures::{self, Figure, Look, Page, SignalMap, SignalRows};
use crate::network::activity::Kind;
use values::{Row, Signal, Spread, random};

/// What is drawn around which regions.
#[derive(Debug, Clone)]
pub struct AroundRequest {
    /// BED: the regions. Those on the reverse strand are turned.
    pub regions: PathBuf,
    /// A bigWig of the folder, by its name with or without `.bw`.
    pub track: String,
    /// Bases on either side of the centres.
    pub flank: u32,
    /// Bases of a bin; a whole number of them makes the flank.
    pub bin: u32,
    /// The seed of the places drawn at random.
    pub seed: u64,
}

/// The most bases on either side, and the most bins.
const FARTHEST: u32 = 50_000;
const MOST_BINS: u32 = 1_000;

/// A track of a folder around the centres of regions, and around as many places drawn at random from the
/// bases that have a value. Regions whose centre has none are left out, and counted.
///
/// # Errors
///
/// A track that the folder does not have; bins that are none; files that cannot be read; no region whose
/// centre has a value.
pub fn around(folder: &Folder, request: &AroundRequest, look: &Look) -> Result<Figure> {
    let spread = request.spread()?;
    let (element, file) = chosen(folder, &request.track)?;
    let name = file.trim_end_matches(ENDING);
    let mut signal = Signal::open(&folder.dir.join(&file))?;
    let places = signal.places(&request.regions)?;
    let given = places.len();
    let known: Vec<_> = places.into_iter().flatten().collect();
    if known.is_empty() {
        let problem = match given {
            0 => "holds no region".to_string(),
            _ => format!("has none of {name}'s chromosomes: is it of another assembly?"),
        };
        return Err(Error::format(&request.regions, problem));
    }
    let regions: Vec<Row> = signal.rows(&known, spread)?.into_iter().flatten().collect();
    if regions.is_empty() {
        let problem = format!("{name} has a value at no region's centre");
        return Err(Error::format(&request.regions, problem));
    }
    let drawn = random(&signal.covered()?, regions.len(), request.seed);
    let drawn: Vec<Row> = signal.rows(&drawn, spread)?.into_iter().flatten().collect();
    let title = format!("{}: {}", folder.name(), name.replace('_', " "));
    let of_regions = request.regions.file_name().unwrap_or_default();
    let (of_regions, measure) = (of_regions.to_string_lossy(), measure(folder, &file));
    let map = SignalMap {
        element,
        measure: &measure,
        flank: request.flank,
        given,
        regions: SignalRows {
            name: &of_regions,
            rows: &regions,
        },
        random: SignalRows {
            name: "random places",
            rows: &drawn,
        },
    };
    figures::signal_map(Page::new(&title, look)?, &map)
}

impl AroundRequest {
    fn spread(&self) -> Result<Spread> {
        let Self { flank, bin, .. } = *self;
        let bins = (flank > 0 && bin > 0).then(|| 2 * flank.min(FARTHEST) / bin);
        let problem = match bins {
            None => "bins and what lies on either side of the centres need bases".to_string(),
            Some(_) if flank > FARTHEST => {
                format!("{flank} bases on either side: at most {FARTHEST} are drawn")
            }
            Some(_) if !flank.is_multiple_of(bin) => {
                format!("no whole number of bins of {bin} bases makes the {flank} on either side")
            }
            Some(bins) if bins > MOST_BINS => {
                format!("{bins} bins: at most {MOST_BINS} are drawn")
            }
            Some(_) => return Ok(Spread { flank, bin }),
        };
        Err(Error::Configuration(problem))
    }
}

/// What the names of bigWigs end in.
const ENDING: &str = ".bw";

/// A folder's bigWig of a name, and the element that it is of.
fn chosen(folder: &Folder, name: &str) -> Result<(Element, String)> {
    let wanted = name.trim_end_matches(ENDING);
    let signals = folder.summary.signals();
    let mut names = Vec::new();
    for (element, track) in signals {
        let name = track.file.trim_end_matches(ENDING);
        if name == wanted {
            return Ok((element, track.file.clone()));
        }
        names.push(name);
    }
    let names = names.join(", ");
    let problem = format!("has no track {name:?}: there are {names}");
    Err(Error::format(&folder.dir, problem))
}

/// What a track's values are, in a few words.
fn measure(folder: &Folder, file: &str) -> String {
    let summary = &folder.summary;
    let is_of = |tracks: &Sides<Track>| tracks.iter().any(|(_, track)| track.file == file);
    let contributed = summary.contribution.as_ref();
    if is_of(&summary.tracks) {
        "attention × number of bins".to_string()
    } else if let Some(of) = contributed.filter(|of| is_of(&of.tracks)) {
        format!("contribution ({})", of.unit())
    } else if let Some(of) = summary.activity.iter().find(|of| is_of(&of.tracks)) {
        match of.kind {
            Kind::Peaks => format!("{} predicted (probability)", of.source),
            Kind::Signal => format!("{} predicted, ln(1 + signal)", of.source),
        }
    } else {
        "standard deviation over the networks".to_string()
    }
}
