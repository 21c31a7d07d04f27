//! Contributions of chosen pairs in the layouts that other programs find motifs in: TF-MoDISco
//! (Shrikumar et al. 2018, arXiv:1811.00416; `modisco motifs -s … -a …`) and Fi-NeMo (`finemo
//! extract-regions-modisco-fmt`, `extract-regions-bw`).

use std::collections::BTreeMap;
use std::path::Path;

use crate::browser::tracks::{Folder, HYPOTHETICAL, Moved, ShownPair};
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::formats::{Lines, NarrowPeak, Npz};
use crate::genome::{Chroms, Region, Sequences};
use crate::network::contribution::{ActivityWindow, Contribution, Method};
use crate::network::device::ComputeDevice;
use crate::network::inference::Ensemble;
use crate::progress::Progress;
use crate::run::Run;

/// Pairs in the making at once.
const BLOCK: usize = 64;

/// A pair to be written.
struct ChosenPair {
    /// Its name, that of `predictions.tsv`.
    name: String,
    windows: Sides<Region>,
    elements: Sides<Region>,
}

/// Writes into a folder of tracks, of each side of the pairs that it shows, in the order of
/// `pairs.bedpe`, `SIDE.sequences.npz` (the letters, 0 or 1),
/// `SIDE.hypothetical.npz` (what each letter would contribute, to an activity where the folder's
/// contributions are of one) and `SIDE.narrowPeak` (where the windows
/// lie, named after their pairs). Arrays are `[n, 4, L]`, letters in the
/// order A, C, G, T. Memory grows with the pairs by their names and places alone.
///
/// # Errors
///
/// A folder of another run, a reference that cannot be read, a network whose contributions are no
/// numbers, a full disk.
pub fn write(
    dir: &Path,
    method: Method,
    moved: &Moved,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<()> {
    let folder = Folder::open(dir)?;
    let (run, mut reference) = folder.network(moved)?;
    let chroms = reference.chroms().clone();
    let chosen = |shown: ShownPair| ChosenPair {
        name: shown.pair.id(&chroms).to_string(),
        windows: shown.windows,
        elements: shown.pair.elements,
    };
    let pairs: Vec<ChosenPair> = folder.pairs(&chroms)?.into_iter().map(chosen).collect();
    let ensemble = run.ensemble(device)?;
    let activity = folder.summary.made.contributions_of.as_deref();
    let activity = activity.map(|name| source(&run, name)).transpose()?;
    let lengths = ensemble.config().lengths();
    let side = |element: Element| Side::new(dir, element, pairs.len(), *lengths.get(element));
    let mut sides = Sides::from_fn(side).transpose()?;
    progress.start("hypothetical contributions", pairs.len() as u64, 0);
    for block in pairs.chunks(BLOCK) {
        let regions = block.iter().flat_map(|pair| pair.windows);
        let sequences = Sequences::read(&mut reference, regions)?;
        let codes = |pair: &ChosenPair| pair.windows.map(|region| sequences.codes(region));
        let codes: Vec<Sides<&[u8]>> = block.iter().map(codes).collect();
        let contributions = match activity {
            None => ensemble.contributions(method, &codes)?,
            Some(source) => of_activity(&ensemble, source, block, &codes)?,
        };
        for ((pair, codes), contributions) in block.iter().zip(&codes).zip(&contributions) {
            for element in Element::BOTH {
                let (codes, of) = (*codes.get(element), contributions.get(element));
                sides.get_mut(element).add(pair, (codes, of), &chroms)?;
            }
        }
        progress.advance(block.len() as u64, "");
    }
    progress.finish();
    sides.into_iter().try_for_each(Side::finish)
}

/// The place of an activity among those of a run.
fn source(run: &Run, name: &str) -> Result<usize> {
    let activity = run.record.settings.activity.as_ref();
    let without = || Error::format(run.dir(), "has learnt no activity");
    let (place, _) = activity.ok_or_else(without)?.source(Some(name))?;
    Ok(place)
}

/// What the bases of the windows of some pairs add to an activity, of windows that several of them share
/// computed once.
fn of_activity(
    ensemble: &Ensemble,
    source: usize,
    pairs: &[ChosenPair],
    codes: &[Sides<&[u8]>],
) -> Result<Vec<Sides<Contribution>>> {
    let bins = ensemble.config().bins();
    let side = |side: Element| -> Result<Vec<Contribution>> {
        let (mut windows, mut known) = (Vec::new(), BTreeMap::new());
        let mut places = Vec::with_capacity(pairs.len());
        for (pair, codes) in pairs.iter().zip(codes) {
            let asked = (*pair.windows.get(side), *pair.elements.get(side));
            let (window, element, codes) = (asked.0, asked.1, *codes.get(side));
            let place = known.entry(asked).or_insert_with(|| {
                let bins = bins.get(side).over(window, element);
                windows.push(ActivityWindow { codes, bins });
                windows.len() - 1
            });
            places.push(*place);
        }
        let found = ensemble.activity_contributions(source, side, &windows)?;
        let of_pair = |place: usize| found[place].mean.clone();
        Ok(places.into_iter().map(of_pair).collect())
    };
    let Sides { enhancer, promoter } = Sides::from_fn(side).transpose()?;
    let pairs = enhancer.into_iter().zip(promoter);
    Ok(pairs
        .map(|(enhancer, promoter)| Sides::new(enhancer, promoter))
        .collect())
}

/// The files of one side.
struct Side {
    element: Element,
    sequences: Npz,
    hypothetical: Npz,
    windows: Lines,
}

impl Side {
    fn new(dir: &Path, element: Element, pairs: usize, length: u32) -> Result<Self> {
        let path = |ending: &str| dir.join(format!("{}.{ending}", element.name()));
        let [sequences, hypothetical, windows] = HYPOTHETICAL.map(path);
        let shape = [pairs, 4, length as usize];
        Ok(Self {
            element,
            sequences: Npz::new(&sequences, shape)?,
            hypothetical: Npz::new(&hypothetical, shape)?,
            windows: Lines::new(&windows, "")?,
        })
    }

    fn add(
        &mut self,
        pair: &ChosenPair,
        (codes, contribution): (&[u8], &Contribution),
        chroms: &Chroms,
    ) -> Result<()> {
        self.sequences.add(&by_letter(&one_hot(codes)))?;
        self.hypothetical
            .add(&by_letter(&contribution.hypothetical()))?;
        let of_bases = contribution.of_bases(codes);
        let peak = NarrowPeak {
            window: *pair.windows.get(self.element),
            name: &pair.name,
            signal: of_bases.iter().sum(),
        };
        self.windows.add(&peak.line(chroms))
    }

    /// Gives the files their names.
    fn finish(self) -> Result<()> {
        let arrays = [self.sequences.finish()?, self.hypothetical.finish()?];
        for file in arrays.into_iter().chain([self.windows.finish()?]) {
            file.complete()?;
        }
        Ok(())
    }
}

/// The letter of each base as 1 among three 0, of N four 0.
fn one_hot(codes: &[u8]) -> Vec<[f32; 4]> {
    let letters =
        |&code: &u8| std::array::from_fn(|letter| f32::from(u8::from(usize::from(code) == letter)));
    codes.iter().map(letters).collect()
}

/// Values of bases and letters, `[L][4]`, letter by letter: `[4, L]`.
fn by_letter(values: &[[f32; 4]]) -> Vec<f32> {
    let letters = (0..4).flat_map(|letter| values.iter().map(move |of| of[letter]));
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_one_after_the_other() {
        let letters = one_hot(&[2, 0, 4]);
        assert_eq!(
            letters,
            [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0; 4]]
        );
        let rows = [[0.0, 1.0, 0.0], [0.0; 3], [1.0, 0.0, 0.0], [0.0; 3]];
        assert_eq!(by_letter(&letters), rows.concat());
    }
}
