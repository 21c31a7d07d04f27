//! Figures of one pair.

use super::tracks::{OpenTracks, PairTracks};
use crate::attention::Attended;
use crate::browser::tracks::{Detail, Folder, Moved, choose, details};
use crate::error::{Error, Result};
use crate::figures::{self, Figure, PairFigure, Panels, Width, WindowFigure};
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

/// A figure of a pair of a folder of tracks, of the most probable one if none is named.
///
/// # Errors
///
/// A name that no pair has; a run or a reference that is not there any more; files of tracks that
/// cannot be read, or that are of another assembly.
pub fn pair(
    folder: &Folder,
    name: Option<&str>,
    moved: &Moved,
    kind: &PairKind,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Figure> {
    let (run, mut reference) = folder.network(moved)?;
    let chroms = reference.chroms().clone();
    let names: Vec<String> = name.into_iter().map(str::to_string).collect();
    let chosen = choose(&folder.pairs(&chroms)?, &names, 1, &chroms)?;
    // Before the network runs: what is wrong with a file is told at once.
    let mut tracks = match kind {
        PairKind::Matrix(_) => OpenTracks::default(),
        PairKind::Browser(request) => {
            let file = moved.reference.clone();
            let file = file.unwrap_or_else(|| folder.reference());
            let windows = chosen.iter().flat_map(|shown| shown.windows);
            let windows: Vec<Region> = windows.collect();
            let known = match request.motifs.is_none() && folder.knows_sites() {
                true => Some(folder.annotations(windows.iter().copied(), &chroms)?),
                false => None,
            };
            OpenTracks::open(request, (&file, &chroms), &windows, known, progress)?
        }
    };
    let details = details(&run, &mut reference, &chosen, device)?;
    let detail = details
        .first()
        .ok_or_else(|| Error::format(&folder.dir, "shows no pair"))?;
    draw(detail, kind, &chroms, &mut tracks)
}

fn draw(
    detail: &Detail,
    kind: &PairKind,
    chroms: &Chroms,
    tracks: &mut OpenTracks,
) -> Result<Figure> {
    let name = detail.shown.pair.id(chroms).to_string();
    let sides = detail.sides();
    let sides = sides.as_ref().zip(detail.shown.pair.elements);
    let windows = sides.map(|(side, element)| window(side, element, chroms, tracks));
    let pair = PairFigure {
        name: &name,
        probability: detail.shown.probability,
        label: detail.shown.pair.label,
        windows: windows.transpose()?,
    };
    match kind {
        PairKind::Matrix(panels) => {
            let matrices = detail.matrices.as_ref().map(Vec::as_slice);
            figures::pair_matrix(&pair, &matrices, *panels)
        }
        PairKind::Browser(_) => figures::pair_browser(&pair, Width::Double),
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
        tracks: tracks.found(side)?,
    })
}
