//! How well the top regions of a folder of tracks find what was planted, by what is occupied in a cell
//! line.

use std::collections::HashMap;
use std::path::Path;

use super::recall::ByOccupancy;
use crate::browser::tracks::Folder;
use crate::element::{Element, Sides};
use crate::error::{Error, Result, RowProblem};
use crate::genome::{BedRow, Chroms, Reference, Region, read_bed_rows};
use crate::pairs::Part;

/// The columns with the pair and the element, from 0: of top regions, and of planted sites.
const TOP_REGION: [usize; 2] = [12, 9];
const SITE: [usize; 2] = [6, 7];
/// The column of top regions with the rank.
const RANK: usize = 10;
/// The column of planted sites with 1 for an occupied one.
const OCCUPIED: usize = 8;

/// What a pair has in each of its elements, by the pair's name.
type Elements<T> = HashMap<String, Sides<Vec<T>>>;

/// Of the planted sites in `truth` (a simulation's `truth.bed`, or `truth.A.bed` of one of its cell lines),
/// those that the top regions of a folder of tracks hold: of the pairs that it shows, or of those of one
/// part alone.
///
/// # Errors
///
/// A folder without tracks, a reference that is not there any more, rows of another form, no planted site
/// of such a pair.
pub fn recall_of_tracks(
    tracks: &Path,
    truth: &Path,
    part: Option<Part>,
) -> Result<Sides<ByOccupancy>> {
    let folder = Folder::open(tracks)?;
    let reference = Reference::open(folder.reference())?;
    let chroms = reference.chroms();
    let path = tracks.join("top_regions.bed");
    let top = read(&path, chroms, TOP_REGION, |region, row| {
        Ok((rank(row)?, region))
    })?;
    let sites = read(truth, chroms, SITE, |region, row| {
        Ok((region, is_occupied(row)?))
    })?;
    let mut recall = Sides::<ByOccupancy>::default();
    for (place, shown) in folder.pairs(chroms)?.iter().enumerate() {
        if part.is_some_and(|part| shown.part != Some(part)) {
            continue;
        }
        let pair = shown.pair.id(chroms).to_string();
        let Some(sites) = sites.get(&pair) else {
            continue;
        };
        let top = top.get(&pair);
        for (element, &window) in shown.windows.iter() {
            let index = 2 * place as u64 + u64::from(element == Element::Enhancer);
            let draw = (folder.summary.seed, index);
            let mut top = top.map_or_else(Vec::new, |top| top.get(element).clone());
            top.sort_unstable();
            let top: Vec<Region> = top.into_iter().map(|(_, region)| region).collect();
            let sites = sites.get(element);
            recall.get_mut(element).count(sites, window, &top, draw);
        }
    }
    let both = recall.enhancer + recall.promoter;
    if both.occupied.sites + both.unoccupied.sites == 0 {
        let problem = format!(
            "holds no planted site of the pairs asked for in {}",
            tracks.display()
        );
        return Err(Error::format(truth, problem));
    }
    Ok(recall)
}

/// Reads a BED file whose rows tell their pair and their element in these columns.
fn read<T>(
    path: &Path,
    chroms: &Chroms,
    [pair, element]: [usize; 2],
    of: impl Fn(Region, &BedRow) -> Result<T, RowProblem>,
) -> Result<Elements<T>> {
    let rows = read_bed_rows(
        path,
        chroms,
        |_| {},
        |region, row| {
            let pair = row.field(pair, "pair")?.to_string();
            let name = row.field(element, "element")?;
            let element = Element::BOTH.into_iter().find(|of| of.name() == name);
            let no_element = || RowProblem::Unreadable(format!("no element: {name:?}"));
            Ok((pair, element.ok_or_else(no_element)?, of(region, row)?))
        },
    )?;
    let mut elements: Elements<T> = HashMap::new();
    for (pair, element, found) in rows {
        let sides = elements.entry(pair);
        let sides = sides.or_insert_with(|| Sides::new(Vec::new(), Vec::new()));
        sides.get_mut(element).push(found);
    }
    Ok(elements)
}

fn rank(row: &BedRow) -> Result<u8, RowProblem> {
    let rank = row.field(RANK, "rank")?;
    let parsed = rank.parse();
    parsed.map_err(|_| RowProblem::Unreadable(format!("no rank: {rank:?}")))
}

fn is_occupied(row: &BedRow) -> Result<bool, RowProblem> {
    match row.field(OCCUPIED, "occupied")? {
        "1" => Ok(true),
        "0" => Ok(false),
        other => Err(RowProblem::Unreadable(format!(
            "occupied is not 0 or 1: {other:?}"
        ))),
    }
}
