//! Whether maps show what the network has learnt: the same maps by the network with its parameters
//! shuffled, layer by layer (Adebayo et al. 2018, "Sanity checks for saliency maps", arXiv:1810.03292).
//!
//! What stays the same when a layer has forgotten what it learnt does not show it.

mod alike;
mod verdict;

use std::path::{Path, PathBuf};

use rand::seq::SliceRandom;
use serde::Serialize;
use tracing::info;

use crate::browser::tracks::{SANITY, SANITY_FIGURE};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::figures::{self, SanitySeries};
use crate::genome::{Region, Sequences};
use crate::network::contribution::Method;
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::network::inference::Predictor;
use crate::network::model::Layer;
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind};
use crate::pairs::{Pair, Part};
use crate::progress::Progress;
use crate::run::Run;
use crate::seed::{Purpose, stream};
use crate::statistics::{Clusters, Estimate};
use alike::{Alike, MAPS};
pub use alike::{Map, Order, Row};
use verdict::verdict;

/// Pairs whose maps are in the making at once.
const BLOCK: usize = 64;

/// The files.
const TABLE: &str = SANITY[0];
const SUMMARY: &str = SANITY[1];

const HEADER: &str = "map\telement\tlayer\torder\tcorrelation\tlow\thigh\tcorrelation_of_sizes\t\
     flat\tpairs\tcomponents";

/// What to compare.
#[derive(Debug, Clone)]
pub struct SanityRequest {
    /// How contributions are computed.
    pub method: Method,
    /// Pairs, drawn at random; all of the part where it has fewer.
    pub pairs: usize,
    /// Which part of the run's split they are of.
    pub part: Part,
    /// Networks for each way to shuffle, whose rank correlations are averaged.
    pub networks: u32,
    /// The seed of the pairs and of the shuffles.
    pub seed: u64,
    /// Where the run's table is now.
    pub table: Option<PathBuf>,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
}

impl Default for SanityRequest {
    fn default() -> Self {
        Self {
            method: Method::default(),
            pairs: 64,
            part: Part::Test,
            networks: 3,
            seed: 1,
            table: None,
            reference: None,
        }
    }
}

/// What was compared, and what it says.
#[derive(Debug, Clone, Serialize)]
pub struct Sanity {
    /// The version of epitrack.
    pub version: String,
    /// The network's weights; of an ensemble the file of the first member, the one that is looked at,
    /// and the checksum of all.
    pub weights: Input,
    /// The table of pairs.
    pub table: Input,
    /// The reference sequence.
    pub reference: Input,
    /// How contributions were computed.
    pub method: Method,
    /// The part that the pairs are of.
    pub part: Part,
    /// Pairs.
    pub pairs: usize,
    /// Connected components of shared elements among them.
    pub components: usize,
    /// Networks for each way to shuffle.
    pub networks: u32,
    /// The seed of the pairs and of the shuffles.
    pub seed: u64,
    /// Where the networks ran.
    pub device: DeviceDescription,
    /// What the rank correlations say, of attention and then of contributions.
    pub verdicts: [String; 2],
    /// The rank correlations.
    #[serde(skip)]
    pub rows: Vec<Row>,
}

/// Compares the maps of some of a run's pairs by its network and by networks with shuffled parameters;
/// writes a table, a figure and what they say into a folder, which is made.
///
/// # Errors
///
/// Inputs that cannot be read, a part without pairs, no network to compare with.
pub fn write(
    run: &Run,
    request: &SanityRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Sanity> {
    if request.networks == 0 || request.pairs == 0 {
        let problem = "the sanity check takes at least one pair and one shuffled network";
        return Err(Error::Configuration(problem.to_string()));
    }
    let (mut reference, reference_file) = run.open_reference(request.reference.as_deref())?;
    let chroms = reference.chroms().clone();
    // Of several cell lines all, where none is meant.
    let table = match request.table.as_deref() {
        Some(table) => run.read_table(Some(table), &chroms)?,
        None => run.read_tables(&[], &chroms)?,
    };
    let members = run.split(&table, &chroms)?.members(request.part);
    let places = drawn(members, request)?;
    let windows = table.windows_of(&places);
    let sequences = Sequences::read(&mut reference, windows.iter().copied().flatten())?;
    let _claim = Claim::folder(dir, FolderKind::Sanity)?;
    let compared = Compared {
        run,
        request,
        sequences,
        windows,
        clusters: Pair::clusters(places.iter().map(|&place| &table.pairs[place])),
    };
    let rows = compared.rows(device, progress)?;
    let verdicts = [Map::Attention, Map::Contribution].map(|map| verdict(map, &rows));
    let file = request.table.as_ref();
    let file = file.unwrap_or(&run.record.settings.table.file.path);
    let sanity = Sanity {
        version: VERSION.to_string(),
        weights: run.weights()?.seen_from(dir)?,
        table: Input::new(file)?.seen_from(dir)?,
        reference: reference_file.seen_from(dir)?,
        method: request.method,
        part: request.part,
        pairs: places.len(),
        components: compared.clusters.distinct().components,
        networks: request.networks,
        seed: request.seed,
        device: device.description.clone(),
        verdicts,
        rows,
    };
    sanity.write(&run.name(), dir)?;
    sanity.verdicts.iter().for_each(|said| info!("{said}"));
    Ok(sanity)
}

/// The places of the pairs, in the table's order.
fn drawn(mut places: Vec<usize>, request: &SanityRequest) -> Result<Vec<usize>> {
    if places.is_empty() {
        let problem = format!("the run's {} part has no pair", request.part);
        return Err(Error::Undefined(problem));
    }
    // Shuffles of weights have numbers below.
    places.shuffle(&mut stream(request.seed, Purpose::Sanity, u64::MAX));
    places.truncate(request.pairs);
    places.sort_unstable();
    Ok(places)
}

/// The ways to shuffle: from the logit down ever more layers, then each layer alone. The first of
/// either kind is one and the same.
fn ways() -> impl Iterator<Item = (Layer, Order, Vec<Layer>)> {
    let layers = Layer::FROM_THE_TOP;
    let cascade =
        (0..layers.len()).map(move |last| (layers[last], Order::Cascade, layers[..=last].to_vec()));
    let alone = layers.map(|layer| (layer, Order::Alone, vec![layer]));
    cascade.chain(alone)
}

/// The pairs whose maps are compared.
struct Compared<'a> {
    run: &'a Run,
    request: &'a SanityRequest,
    sequences: Sequences,
    windows: Vec<Sides<Region>>,
    clusters: Clusters,
}

/// The values of a pair's [`MAPS`].
type Maps = [Vec<f32>; MAPS.len()];
/// How alike each of them is by another network.
type AlikeMaps = [Option<Alike>; MAPS.len()];

impl Compared<'_> {
    fn rows(&self, device: &ComputeDevice, progress: &dyn Progress) -> Result<Vec<Row>> {
        let (networks, seed) = (self.request.networks, self.request.seed);
        let steps = 1 + ways().count() as u64 * u64::from(networks);
        progress.start("maps", steps * self.windows.len() as u64, 0);
        let trained = self.maps(&self.run.predictor(device)?, progress)?;
        let mut rows = Vec::new();
        for (layer, order, layers) in ways() {
            // For each network, pair and map.
            let mut alike: Vec<Vec<AlikeMaps>> = Vec::new();
            for number in 0..networks {
                let shuffled = self.run.shuffled(&layers, (seed, number), device)?;
                let shuffled = self.maps(&shuffled, progress)?;
                let pairs = trained.iter().zip(&shuffled);
                alike.push(pairs.map(|(own, other)| compared(own, other)).collect());
            }
            for (map, &key) in MAPS.iter().enumerate() {
                let pairs = averaged(&alike, map);
                let made = (layer, order);
                rows.extend(Row::of(key, made, &pairs, &self.clusters, seed)?);
            }
        }
        progress.finish();
        Ok(rows)
    }

    /// The maps of each pair by a network.
    fn maps(&self, predictor: &Predictor, progress: &dyn Progress) -> Result<Vec<Maps>> {
        let mut maps = Vec::with_capacity(self.windows.len());
        for block in self.windows.chunks(BLOCK) {
            let codes =
                |windows: &Sides<Region>| windows.map(|region| self.sequences.codes(region));
            let codes: Vec<Sides<&[u8]>> = block.iter().map(codes).collect();
            let contributions = predictor.contributions(self.request.method, &codes)?;
            let attentions = predictor.attentions(&self.sequences, block)?;
            let pairs = attentions.into_iter().zip(contributions).zip(codes);
            maps.extend(pairs.map(|((attention, contributions), codes)| {
                let of_bases = contributions
                    .zip(codes)
                    .map(|(of, codes)| of.of_bases(codes));
                let Sides { enhancer, promoter } = attention.marginal;
                [enhancer, promoter, of_bases.enhancer, of_bases.promoter]
            }));
            progress.advance(block.len() as u64, "");
        }
        Ok(maps)
    }
}

/// How alike each map of a pair is by two networks.
fn compared(trained: &Maps, shuffled: &Maps) -> AlikeMaps {
    std::array::from_fn(|map| Alike::of(&trained[map], &shuffled[map]))
}

/// A map of each pair, over the networks.
fn averaged(networks: &[Vec<AlikeMaps>], map: usize) -> Vec<Option<Alike>> {
    let pairs = networks.first().map_or(0, Vec::len);
    let of_pair = |pair: usize| {
        let alike: Vec<Alike> = networks.iter().filter_map(|of| of[pair][map]).collect();
        (!alike.is_empty()).then(|| Alike::mean(&alike))
    };
    (0..pairs).map(of_pair).collect()
}

impl Sanity {
    fn write(&self, name: &str, dir: &Path) -> Result<()> {
        // What describes the files goes before they change and comes when they are all there.
        output::remove_if_there(&dir.join(SUMMARY))?;
        figures::remove(dir, SANITY_FIGURE)?;
        let line = |row: &Row| {
            let interval = row.correlation.interval();
            (
                (row.map, row.element, row.layer, row.order),
                row.correlation.value,
                [interval.map(|of| of.low), interval.map(|of| of.high)],
                (row.sizes, row.flat, row.pairs, row.components),
            )
        };
        output::write_table(dir.join(TABLE), HEADER, self.rows.iter().map(line))?;
        if !self.rows.is_empty() {
            let title = format!("What is left of maps with shuffled weights, {name}");
            let figure = self.figure(&title)?;
            figure.write_all(dir, SANITY_FIGURE)?;
        }
        output::write_json(dir.join(SUMMARY), self)
    }

    /// The rank correlations as a figure.
    fn figure(&self, title: &str) -> Result<figures::Figure> {
        let layers = Layer::FROM_THE_TOP.map(|layer| layer.to_string());
        let kinds = [
            (
                "attention, all layers down to this",
                Map::Attention,
                Order::Cascade,
            ),
            ("attention, this layer", Map::Attention, Order::Alone),
            (
                "contributions, all layers down to this",
                Map::Contribution,
                Order::Cascade,
            ),
            ("contributions, this layer", Map::Contribution, Order::Alone),
        ];
        let sides = Sides::from_fn(|element| {
            let series = kinds.iter().map(|&(name, map, order)| {
                let found = |layer: Layer| -> Option<Estimate> {
                    let mut rows = self.rows.iter();
                    let row = rows.find(|row| {
                        (row.map, row.element) == (map, element)
                            && (row.layer, row.order) == (layer, order)
                    });
                    row.map(|row| row.correlation)
                };
                SanitySeries {
                    name,
                    joined: order == Order::Cascade,
                    points: Layer::FROM_THE_TOP.map(found).to_vec(),
                }
            });
            series.collect::<Vec<SanitySeries>>()
        });
        let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
        figures::sanity(title, &layers, sides.as_ref().map(Vec::as_slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_shuffled_from_the_top_and_each_alone() {
        let ways: Vec<_> = ways().collect();
        assert_eq!(ways.len(), 8);
        assert_eq!(ways[0].2, ways[4].2);
        let (layer, order, layers) = &ways[2];
        assert_eq!((*layer, *order), (Layer::Attention, Order::Cascade));
        assert_eq!(layers[..], Layer::FROM_THE_TOP[..3]);
        assert_eq!(ways[7].2, [Layer::Encoder]);
    }

    #[test]
    fn pairs_are_drawn_by_the_seed() {
        let request = |pairs, seed| SanityRequest {
            pairs,
            seed,
            ..SanityRequest::default()
        };
        let all: Vec<usize> = (10..110).collect();
        let some = drawn(all.clone(), &request(20, 1)).unwrap();
        assert!(some.len() == 20 && some.is_sorted());
        assert_eq!(some, drawn(all.clone(), &request(20, 1)).unwrap());
        assert_ne!(some, drawn(all.clone(), &request(20, 2)).unwrap());
        assert_eq!(drawn(all.clone(), &request(1000, 1)).unwrap(), all);
        let none = drawn(Vec::new(), &request(5, 1)).unwrap_err().to_string();
        assert!(none.contains("test part has no pair"), "{none}");
    }

    #[test]
    fn networks_are_averaged_pair_by_pair() {
        let alike = |correlation| {
            Some(Alike {
                correlation,
                ..Alike::default()
            })
        };
        let one = |first, second| {
            vec![
                [alike(first), None, None, None],
                [alike(second), None, None, None],
            ]
        };
        let networks = [one(0.5, 1.0), one(0.0, 0.5)];
        assert_eq!(averaged(&networks, 0), [alike(0.25), alike(0.75)]);
        assert_eq!(averaged(&networks, 1), [None, None]);
    }
}
