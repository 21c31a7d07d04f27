//! The attention matrices of chosen pairs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::attention::Bins;
use crate::element::Sides;
use crate::error::{IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output;

/// Where a folder of tracks has them.
const FOLDER: &str = "matrix";

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
