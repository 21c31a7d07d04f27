//! Figures of pairs.

use std::sync::Arc;

use super::assembly;
use super::predicted::{Activities, OpenActivities};
use super::tracks::{OpenTracks, PairTracks};
use crate::attention::{Attended, TopCount};
use crate::browser::tracks::{Detail, Folder, Moved, ShownPair, choose, details};
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::figures::{self, Figure, Look, PairFigure, Panels, Width, WindowFigure};
use crate::genome::{Chroms, Reference, Region};
use crate::network::device::ComputeDevice;
use crate::progress::Progress;
use crate::run::Run;

/// A kind of figure of a pair.
#[derive(Debug, Clone)]
pub enum PairKind {
    /// The attention matrices as heat maps.
    Matrix(Panels),
    /// Both windows as in a browser, with further tracks below the attention: figure 1 of Mao,
    /// Kostka & Chikina 2017.
    Browser(PairTracks),
}

/// A figure of pairs of folders of tracks, of the most probable one of the first if none is named: those that are
/// chosen in the first are drawn of each. Several are drawn on one scale.
///
/// # Errors
///
/// A name that no pair answers to, or several; a run or a reference that is not there any more; files of tracks that
/// cannot be read, or that are of another assembly; a folder of another assembly than the first, or without its pairs;
/// matrices of several pairs.
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
    // Before a network runs: what is wrong with a folder is told at once.
    let mut all: Vec<Chosen> = Vec::new();
    for folder in folders {
        let chosen = Chosen::new(folder, names, all.first(), moved)?;
        all.push(chosen);
    }
    let activities = match kind {
        PairKind::Browser(tracks) => Some(activities(folders, tracks, moved)?),
        PairKind::Matrix(_) => None,
    };
    let found = all
        .into_iter()
        .enumerate()
        .map(|(place, chosen)| -> Result<Found> {
            let name = chosen.folder.name();
            let windows = chosen.pairs.iter().flat_map(|shown| shown.windows);
            let windows: Vec<Region> = windows.collect();
            let there = (place, chosen.folder);
            let open = |of: &Activities| of.open(there, &chosen.chroms, &windows);
            let opened = activities.as_ref().map(open).transpose()?;
            let mut found = Found::new(chosen, (kind, known), moved, (device, progress))?;
            found.activities = opened.unwrap_or_default();
            // Of several folders each pair says which it is of.
            if folders.len() > 1 {
                found.of = format!("{name}: ");
            }
            Ok(found)
        });
    draw(&mut found.collect::<Result<Vec<_>>>()?, kind, look)
}

/// The activities that a figure of pairs shows.
fn activities(folders: &[Folder], tracks: &PairTracks, moved: &Moved) -> Result<Activities> {
    Activities::of(folders, &tracks.added, moved, |folder| {
        let (_, reference) = folder.network(moved)?;
        Ok(Chroms::clone(reference.chroms()))
    })
}

/// The pairs of a folder that are drawn, and its network.
struct Chosen<'a> {
    folder: &'a Folder,
    run: Run,
    reference: Reference,
    chroms: Arc<Chroms>,
    pairs: Vec<ShownPair>,
}

impl<'a> Chosen<'a> {
    /// Chooses the pairs in the first folder, and finds the same ones in each further.
    fn new(
        folder: &'a Folder,
        names: &[String],
        first: Option<&Chosen>,
        moved: &Moved,
    ) -> Result<Self> {
        let (run, reference) = folder.network(moved)?;
        let chroms = reference.chroms().clone();
        let all = folder.pairs(&chroms)?;
        let pairs = match first {
            Some(first) => {
                let shown = first.pairs.iter().flat_map(|of| of.pair.elements);
                let theirs = (first.folder, &*first.chroms);
                assembly::compare(shown, theirs, (folder, &chroms))?;
                let lost = |id: String| {
                    let first = first.folder.dir.display();
                    Error::format(&folder.dir, format!("has no pair {id}, as {first} has"))
                };
                same((&first.pairs, &first.chroms), (&all, &chroms)).map_err(lost)?
            }
            None => choose(&all, names, 1, &chroms)?,
        };
        if pairs.is_empty() {
            return Err(Error::format(&folder.dir, "shows no pair"));
        }
        Ok(Self {
            folder,
            run,
            reference,
            chroms,
            pairs,
        })
    }
}

/// The pairs of the same elements in another folder, whatever their ranks there, or the name of the first that is
/// not there.
fn same(
    (wanted, chroms): (&[ShownPair], &Chroms),
    (all, theirs): (&[ShownPair], &Chroms),
) -> Result<Vec<ShownPair>, String> {
    let there = |place: Region| -> Option<Region> {
        let (chrom, _) = theirs.find(chroms.name(place.chrom))?;
        Some(Region { chrom, ..place })
    };
    let find = |wanted: &ShownPair| {
        let elements = wanted.pair.elements.map(there);
        let is_same = |other: &&ShownPair| other.pair.elements.map(Some) == elements;
        let found = all.iter().find(is_same).copied();
        found.ok_or_else(|| wanted.pair.id(chroms).to_string())
    };
    wanted.iter().map(find).collect()
}

/// What a folder has of the pairs that are drawn.
struct Found {
    /// What stands before the pairs' names.
    of: String,
    chroms: Arc<Chroms>,
    details: Vec<Detail>,
    activities: OpenActivities,
    tracks: OpenTracks,
}

impl Found {
    /// `known` says that the figure shows the motif sites that the folder knows.
    fn new(
        of: Chosen,
        (kind, known): (&PairKind, bool),
        moved: &Moved,
        (device, progress): (&ComputeDevice, &dyn Progress),
    ) -> Result<Self> {
        let Chosen {
            folder,
            run,
            mut reference,
            chroms,
            pairs,
        } = of;
        // Before the network runs: what is wrong with a file is told at once.
        let tracks = match kind {
            PairKind::Matrix(_) => OpenTracks::default(),
            PairKind::Browser(request) => {
                let file = moved.reference.clone();
                let file = file.unwrap_or_else(|| folder.reference());
                let windows = pairs.iter().flat_map(|shown| shown.windows);
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
            details: details(&run, &mut reference, &pairs, device)?,
            activities: OpenActivities::default(),
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
            let (chroms, activities, tracks) = (&of.chroms, &mut of.activities, &mut of.tracks);
            let sides = Sides::from_fn(|element| element).zip(sides);
            let windows = sides.map(|(which, (side, element))| {
                let below = (&mut *activities, &mut *tracks);
                window((which, side), element, chroms, below)
            });
            pairs.push(PairFigure {
                name: names.next().map_or("", String::as_str),
                probability: detail.shown.probability,
                context: detail.shown.context,
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
    (which, side): (Element, &Attended<'a>),
    element: Region,
    chroms: &'a Chroms,
    (activities, tracks): (&mut OpenActivities, &mut OpenTracks),
) -> Result<WindowFigure<'a>> {
    let top = side.top.iter().zip(side.regions());
    let top = top.map(|(top, region)| (region.start..region.end, top.rank));
    let predicted = activities.of_window(which, side.window)?;
    let found = tracks.found(side.window, &side.regions())?;
    Ok(WindowFigure {
        chrom: chroms.name(side.window.chrom),
        window: side.window.start..side.window.end,
        element: element.start..element.end,
        edges: side.bins.edges(),
        marginal: side.marginal,
        top: top.collect(),
        tracks: [predicted, found].concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::pairs::Pair;

    fn shown(chrom: u32, start: u32, rank: usize) -> ShownPair {
        let place = |start| Region::new(ChromId(chrom), start, start + 50).unwrap();
        let elements = Sides::new(place(start), place(9_000));
        ShownPair {
            pair: Pair {
                elements,
                label: None,
                line: 1,
                gene: None,
            },
            windows: elements,
            probability: 0.5,
            rank,
            part: None,
            context: None,
        }
    }

    #[test]
    fn of_another_folder_the_same_pairs_are_drawn_whatever_their_ranks() {
        let of = |names: &[&str]| {
            Chroms::new(names.iter().map(|name| (name.to_string(), 10_000))).unwrap()
        };
        // In the other reference the chromosome has another place and another name.
        let (chroms, theirs) = (of(&["chr1", "chr2"]), of(&["1", "10", "2"]));
        let all = [shown(2, 100, 1), shown(0, 300, 2), shown(2, 300, 3)];
        let wanted = [shown(1, 300, 1), shown(1, 100, 2)];
        let found = same((&wanted, &chroms), (&all, &theirs)).unwrap();
        let ranks: Vec<usize> = found.iter().map(|of| of.rank).collect();
        assert_eq!(ranks, [3, 1]);
        let lost = same((&[shown(1, 500, 1)], &chroms), (&all, &theirs)).unwrap_err();
        assert_eq!(lost, "chr2:500-550~chr2:9000-9050");
    }
}
