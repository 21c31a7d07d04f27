//! The attention matrices of chosen pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::attention::Bins;
use crate::element::Sides;
use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output;
use crate::pairs::Pair;

/// Where a folder of tracks has them.
const FOLDER: &str = "matrix";

/// The places of the pairs of these names.
///
/// # Errors
///
/// The names that no pair has, all of them.
pub fn find(pairs: &[Pair], chroms: &Chroms, names: &[String]) -> Result<Vec<(String, usize)>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    // Until they are found.
    let mut unknown: BTreeSet<String> = names.iter().cloned().collect();
    let ids = pairs.iter().map(|pair| pair.id(chroms).to_string());
    let wanted = ids.zip(0..).filter(|(id, _)| unknown.contains(id));
    let found: BTreeMap<String, usize> = wanted.collect();
    unknown.retain(|name| !found.contains_key(name));
    if !unknown.is_empty() {
        return Err(Error::Configuration(format!(
            "the table has no pair {}; names look like chr1:100-200~chr1:5000-6000 (enhancer, \
             promoter; 0-based)",
            Vec::from_iter(unknown).join(", ")
        )));
    }
    Ok(found.into_iter().collect())
}

/// Writes `matrix/NAME.tsv`: for each enhancer bin and each promoter bin their bases and both
/// attentions.
pub fn write(
    dir: &Path,
    name: &str,
    chroms: &Chroms,
    windows: Sides<Region>,
    bins: Sides<Bins>,
    matrices: &Sides<Vec<f32>>,
) -> Result<()> {
    output::create_dir(dir.join(FOLDER))?;
    let mut text = String::from(
        "enhancer_chrom\tenhancer_start\tenhancer_end\tpromoter_chrom\tpromoter_start\t\
         promoter_end\tattention_enhancer\tattention_promoter\n",
    );
    let bases = |window: Region, bins: &Bins, bin: usize| window.part(bins.tile(bin)).bed(chroms);
    for i in 0..bins.enhancer.count() {
        for j in 0..bins.promoter.count() {
            let at = i * bins.promoter.count() + j;
            let _ = writeln!(
                text,
                "{}\t{}\t{}\t{}",
                bases(windows.enhancer, &bins.enhancer, i),
                bases(windows.promoter, &bins.promoter, j),
                matrices.enhancer[at],
                matrices.promoter[at],
            );
        }
    }
    output::write(path(dir, name), text)
}

/// Copies what was written of these pairs from one folder into another.
pub fn copy(from: &Path, to: &Path, names: &[String]) -> Result<()> {
    for name in names {
        let (from, to) = (path(from, name), path(to, name));
        output::create_dir(output::folder_of(&to))?;
        output::write(&to, std::fs::read(&from).at(&from)?)?;
    }
    Ok(())
}

fn path(dir: &Path, name: &str) -> PathBuf {
    dir.join(FOLDER).join(format!("{}.tsv", file_name(name)))
}

/// A name with nothing in it that a file system would take amiss.
fn file_name(name: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    name.replace(|c| !safe(c), "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_folder() {
        assert_eq!(file_name("../a:1-2~b:3-4"), ".._a_1-2_b_3-4");
    }
}
