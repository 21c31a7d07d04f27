//! Figures of pairs.

use super::tracks::{OpenTracks, PairTracks};
use std::sync::Arc;

use crate::attention::{Attended, TopCount};
use crate::browser::tracks::{Detail, Folder, Moved, choose, details};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::figures::{self, Figure, Look, PairFigure, Panels, Width, WindowFigure};
use crate::genome::{Chroms, Region};
use crate::network::device::ComputeDevice;
use crate::progress::Progress;

/// A kind of figure of a pair.
#[derive(Debug, Clone)]
pub enum PairKind {
    /// The attention matrices as heat maps.
    Matrix(Panels),
    /// Both windows as in a browser, with further tracks below the attention: figure 1 of Mao,
    /// Kostka & Chikina 2017.
    Browser(PairTracks),
}

/// A figure of pairs of folders of tracks, of the most probable one of each if none is named. Several are
/// drawn on one scale.
///
/// # Errors
///
/// A name that no pair answers to, or several; a run or a reference that is not there any more; files of tracks that
/// cannot be read, or that are of another assembly; matrices of several pairs.
pub fn pair(
    folders: &[Folder],
    names: &[String],
    (kind, look): (&PairKind, &Look),
    moved: &Moved,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Figure> {
    // All panels have the same tracks.
    let known = folders.iter().all(knows_sites);
    let found = folders.iter().map(|folder| -> Result<Found> {
        let mut found = Found::new(folder, names, (kind, known), moved, (device, progress))?;
        // Of several folders each pair says which it is of.
        if folders.len() > 1 {
            found.of = format!("{}: ", folder.name());
        }
        Ok(found)
    });
    draw(&mut found.collect::<Result<Vec<_>>>()?, kind, look)
}

/// What a folder has of the pairs that are drawn.
struct Found {
    /// What stands before the pairs' names.
    of: String,
    chroms: Arc<Chroms>,
    details: Vec<Detail>,
    tracks: OpenTracks,
}

impl Found {
    /// `known` says that the figure shows the motif sites that the folder knows.
    fn new(
        folder: &Folder,
        names: &[String],
        (kind, known): (&PairKind, bool),
        moved: &Moved,
        (device, progress): (&ComputeDevice, &dyn Progress),
    ) -> Result<Self> {
        let (run, mut reference) = folder.network(moved)?;
        let chroms = reference.chroms().clone();
        let chosen = choose(&folder.pairs(&chroms)?, names, 1, &chroms)?;
        if chosen.is_empty() {
            return Err(Error::format(&folder.dir, "shows no pair"));
        }
        // Before the network runs: what is wrong with a file is told at once.
        let tracks = match kind {
            PairKind::Matrix(_) => OpenTracks::default(),
            PairKind::Browser(request) => {
                let file = moved.reference.clone();
                let file = file.unwrap_or_else(|| folder.reference());
                let windows = chosen.iter().flat_map(|shown| shown.windows);
                let windows: Vec<Region> = windows.collect();
                let known = match known && request.motifs.is_none() {
                    true => Some(folder.annotations(windows.iter().copied(), &chroms)?),
                    false => None,
                };
                OpenTracks::open(request, (&file, &chroms), &windows, known, progress)?
            }
        };
        Ok(Self {
            of: String::new(),
            details: details(&run, &mut reference, &chosen, device)?,
            chroms,
            tracks,
        })
    }

    /// What the pairs are called.
    fn names(&self) -> impl Iterator<Item = String> {
        self.details.iter().map(|detail| {
            let pair = &detail.shown.pair;
            match pair.gene {
                Some(_) => format!("{}{}", self.of, pair.described(&self.chroms)),
                // Short, for a journal's column, and as `--pair` takes it.
                None => {
                    let places = pair.elements.map(|element| element.told(&self.chroms));
                    let Sides { enhancer, promoter } = places;
                    format!("{}{enhancer} → {promoter}", self.of)
                }
            }
        })
    }
}

/// Whether a folder knows the motif sites of all top regions that a figure shows.
fn knows_sites(folder: &Folder) -> bool {
    let TopCount(shown) = TopCount::default();
    folder.knows_sites() && folder.summary.made.top_regions.0 >= shown
}

fn draw(found: &mut [Found], kind: &PairKind, look: &Look) -> Result<Figure> {
    let names: Vec<String> = found.iter().flat_map(|of| of.names()).collect();
    let (mut pairs, mut matrices) = (Vec::new(), Vec::new());
    let mut names = names.iter();
    for of in found {
        for detail in &of.details {
            let sides = detail.sides();
            let sides = sides.as_ref().zip(detail.shown.pair.elements);
            let (chroms, tracks) = (&of.chroms, &mut of.tracks);
            let windows = sides.map(|(side, element)| window(side, element, chroms, tracks));
            pairs.push(PairFigure {
                name: names.next().map_or("", String::as_str),
                probability: detail.shown.probability,
                label: detail.shown.pair.label,
                windows: windows.transpose()?,
            });
            matrices.push(detail.matrices.as_ref().map(Vec::as_slice));
        }
    }
    match (kind, &pairs[..], &matrices[..]) {
        (PairKind::Browser(_), pairs, _) => figures::pair_browser(pairs, Width::Double, look),
        (PairKind::Matrix(panels), [pair], [matrices]) => {
            figures::pair_matrix(pair, matrices, *panels, look)
        }
        (PairKind::Matrix(_), ..) => {
            let problem = "matrices are drawn of one pair".to_string();
            Err(Error::Configuration(problem))
        }
    }
}

/// The window of an element, with what lies in it.
fn window<'a>(
    side: &Attended<'a>,
    element: Region,
    chroms: &'a Chroms,
    tracks: &mut OpenTracks,
) -> Result<WindowFigure<'a>> {
    let top = side.top.iter().zip(side.regions());
    let top = top.map(|(top, region)| (region.start..region.end, top.rank));
    Ok(WindowFigure {
        chrom: chroms.name(side.window.chrom),
        window: side.window.start..side.window.end,
        element: element.start..element.end,
        edges: side.bins.edges(),
        marginal: side.marginal,
        top: top.collect(),
        tracks: tracks.found(side.window, &side.regions())?,
    })
}
