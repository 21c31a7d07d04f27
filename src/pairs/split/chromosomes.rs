//! A division by chromosome as chrombpnet and its kin write it: JSON with the chromosomes of `train`,
//! `valid` and `test` (<https://github.com/kundajelab/chrombpnet>, "splits").

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::part::Part;
use crate::element::Sides;
use crate::error::{Error, IoContext, Result};
use crate::genome::{ChromId, Chroms, TypedPlace};
use crate::output;
use crate::pairs::{Pair, assignment};

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Chromosomes {
    train: Vec<String>,
    valid: Vec<String>,
    test: Vec<String>,
}

impl Chromosomes {
    fn parts(&self) -> [(Part, &Vec<String>); 3] {
        [
            (Part::Train, &self.train),
            (Part::Validation, &self.valid),
            (Part::Test, &self.test),
        ]
    }
}

/// Whether a file is of this form, by its name.
pub fn is_one(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

/// The part of each pair by its chromosomes: none where its elements lie on those of two parts. The file
/// may name chromosomes that the reference does not have.
///
/// # Errors
///
/// A file that cannot be read or is not of this form, a chromosome in two parts, pairs on chromosomes that
/// it does not name.
pub fn read(path: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<Vec<Part>> {
    let of = named(path, chroms)?;
    let on = pairs.iter().flat_map(Pair::chroms);
    let mut unknown: Vec<ChromId> = on.filter(|chrom| !of.contains_key(chrom)).collect();
    unknown.sort_unstable();
    unknown.dedup();
    if !unknown.is_empty() {
        let names: Vec<&str> = unknown
            .into_iter()
            .map(|chrom| chroms.name(chrom))
            .collect();
        let message = format!("does not name {}, on which pairs lie", names.join(", "));
        return Err(Error::format(path, message));
    }
    let parts = pairs.iter().map(|pair| Part::of(pair, |chrom| of[&chrom]));
    Ok(parts.collect())
}

/// The part of each chromosome of the reference that a file names, whether pairs lie on it or not.
///
/// # Errors
///
/// A file that cannot be read or is not of this form, a chromosome in two parts.
pub fn named(path: &Path, chroms: &Chroms) -> Result<BTreeMap<ChromId, Part>> {
    let text = std::fs::read_to_string(path).at(path)?;
    let refuse = |error| Error::format(path, error);
    let file: Chromosomes = serde_json::from_str(&text).map_err(refuse)?;
    let mut of: BTreeMap<ChromId, Part> = BTreeMap::new();
    for (part, names) in file.parts() {
        for name in names {
            let Some((chrom, _)) = chroms.find(name) else {
                continue;
            };
            if of.insert(chrom, part).is_some_and(|other| other != part) {
                return Err(Error::format(path, format!("names {name} in two parts")));
            }
        }
    }
    Ok(of)
}

/// Writes the parts of pairs, where they are those of chromosomes; where they are not, a file of others
/// is removed.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(path: &Path, parts: &[Part], pairs: &[Pair], chroms: &Chroms) -> Result<()> {
    let Some(of) = of_chromosomes(&rows(parts, pairs)) else {
        return output::remove_if_there(path);
    };
    let mut file = Chromosomes::default();
    for (chrom, part) in of {
        let names = match part {
            Part::Train => &mut file.train,
            Part::Validation => &mut file.valid,
            Part::Test => &mut file.test,
            Part::None => continue,
        };
        names.push(chroms.name(chrom).to_string());
    }
    output::write_json(path, &file)
}

/// Whether the parts of pairs are those of chromosomes.
pub fn are_whole(parts: &[Part], pairs: &[Pair]) -> bool {
    of_chromosomes(&rows(parts, pairs)).is_some()
}

/// The part of each chromosome that pairs of a `split.tsv` lie on: none where it does not divide whole
/// chromosomes.
///
/// # Errors
///
/// A file that cannot be read or is not of this form, pairs on chromosomes that the reference does not
/// have.
pub fn of_split(path: &Path, chroms: &Chroms) -> Result<Option<BTreeMap<ChromId, Part>>> {
    let row = |(name, part): (String, Part)| match chroms_of(&name, chroms) {
        Some(chroms) => Ok((chroms, part)),
        None => {
            let problem = format!("names {name}, which is no pair of the reference");
            Err(Error::format(path, problem))
        }
    };
    let named = assignment::names(path, "part", str::parse)?.into_iter();
    let rows: Vec<(Sides<ChromId>, Part)> = named.map(row).collect::<Result<_>>()?;
    Ok(of_chromosomes(&rows))
}

/// The chromosomes of the pair of a name. Their own names may hold what stands between the elements.
fn chroms_of(name: &str, chroms: &Chroms) -> Option<Sides<ChromId>> {
    let chrom = |text: &str| {
        let place = TypedPlace::parse(text)?.counted_from_zero(chroms)?;
        Some(place.chrom)
    };
    name.match_indices('~').find_map(|(at, between)| {
        let (enhancer, promoter) = (&name[..at], &name[at + between.len()..]);
        Some(Sides::new(chrom(enhancer)?, chrom(promoter)?))
    })
}

/// The chromosomes of pairs, and their parts.
fn rows(parts: &[Part], pairs: &[Pair]) -> Vec<(Sides<ChromId>, Part)> {
    let rows = pairs.iter().zip(parts);
    rows.map(|(pair, &part)| (pair.chroms(), part)).collect()
}

/// The part of each chromosome that pairs lie on, if each has one.
fn of_chromosomes(rows: &[(Sides<ChromId>, Part)]) -> Option<BTreeMap<ChromId, Part>> {
    let mut of: BTreeMap<ChromId, Part> = BTreeMap::new();
    for &(chroms, part) in rows {
        for chrom in chroms {
            if part != Part::None && *of.entry(chrom).or_insert(part) != part {
                return None;
            }
        }
    }
    // Those that were left out are between two parts, which other pairs tell.
    let between = |&(chroms, part): &(Sides<ChromId>, Part)| {
        let Sides { enhancer, promoter } = chroms.map(|chrom| of.get(&chrom));
        let both = enhancer.zip(promoter);
        part != Part::None || both.is_some_and(|(enhancer, promoter)| enhancer != promoter)
    };
    let consistent = rows.iter().all(between);
    consistent.then_some(of)
}
