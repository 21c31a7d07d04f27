//! The mean signal of an assay at the elements of pairs and between them.

use std::collections::BTreeMap;
use std::path::Path;

use tracing::warn;

use super::sums::sums;
use crate::error::{Error, Result};
use crate::formats::{Assay, BigWig, PeakFormat, Peaks, is_bigwig};
use crate::genome::{ChromId, Chroms, Region, is_bed_header, known_assembly};
use crate::pairs::{Pair, Regions};
use crate::text::Lines;

/// The regions that are described.
const REGIONS: Regions = Regions::EnhancerPromoterWindow;

/// The mean signal of each pair's regions, called `NAME (enhancer)`, `NAME (promoter)` and `NAME (window)`:
/// of a bigWig the sum of the values, of peaks the sum of the signals of those that share a base with the
/// region, by the region's length.
///
/// A chromosome that the file does not have, or has no peak on, has no signal; it is told.
///
/// # Errors
///
/// A file that cannot be read, or of a format that its name and its columns do not tell; bad rows; values
/// below 0; chromosomes of another assembly, or none of the pairs'.
pub fn means(
    name: &str,
    path: &Path,
    pairs: &[Pair],
    chroms: &Chroms,
) -> Result<Vec<(String, Vec<f32>)>> {
    let regions: Vec<Region> = pairs
        .iter()
        .flat_map(|pair| REGIONS.of(pair, chroms))
        .collect();
    let means = match is_bigwig(path)? {
        true => of_bigwig(path, pairs, &regions, chroms)?,
        false => of_peaks(path, pairs, &regions, chroms)?,
    };
    let names = REGIONS.names();
    let column = |(at, region): (usize, &&str)| {
        let values = means.iter().skip(at).step_by(names.len());
        let values = values.map(|mean| *mean as f32).collect();
        (format!("{name} ({region})"), values)
    };
    Ok(names.iter().enumerate().map(column).collect())
}

fn of_bigwig(path: &Path, pairs: &[Pair], regions: &[Region], chroms: &Chroms) -> Result<Vec<f64>> {
    let mut file = BigWig::open(path)?;
    let own = file.reference_chroms()?;
    if let (Some(theirs), Some(ours)) = (known_assembly(own.iter()), known_assembly(chroms.iter()))
        && theirs != ours
    {
        let problem = format!("is of {theirs}, and the reference of {ours}: take one of {ours}");
        return Err(Error::format(path, problem));
    }
    let has = |chrom: ChromId| own.find(chroms.name(chrom)).is_some();
    tell_lacking(path, pairs, chroms, has)?;
    let sums = sums(&mut file, chroms, regions)?.into_iter().zip(regions);
    let mean = |(sum, region): (f64, &Region)| sum / f64::from(region.len().max(1));
    Ok(sums.map(mean).collect())
}

fn of_peaks(path: &Path, pairs: &[Pair], regions: &[Region], chroms: &Chroms) -> Result<Vec<f64>> {
    let assay = Assay {
        name: String::new(),
        path: path.to_path_buf(),
        format: format(path)?,
    };
    let peaks = Peaks::read([&assay], chroms)?;
    for (region, signal) in peaks.items() {
        let (name, length) = (chroms.name(region.chrom), chroms.length(region.chrom));
        if region.end > length {
            let problem = format!(
                "{name} has {length} bases, a peak ends at {}: is it of another assembly?",
                region.end
            );
            return Err(Error::format(path, problem));
        }
        if *signal < 0.0 {
            let problem = "holds a peak of a signal below 0, which no activity has";
            return Err(Error::format(path, problem));
        }
    }
    let has = |chrom: ChromId| peaks.items().any(|(region, _)| region.chrom == chrom);
    tell_lacking(path, pairs, chroms, has)?;
    Ok(regions.iter().map(|region| peaks.mean(*region)).collect())
}

/// The format of a file of peaks: that of its name, or of `.bed` that of its number of columns.
fn format(path: &Path) -> Result<PeakFormat> {
    if let Some(format) = PeakFormat::of_path(path) {
        return Ok(format);
    }
    let mut lines = Lines::open(path)?;
    while let Some((_, line)) = lines.next_line()? {
        if is_bed_header(&line) {
            continue;
        }
        let columns = line.trim_end().split('\t').count();
        return PeakFormat::of_columns(columns).ok_or_else(|| {
            let problem = format!(
                "is neither a bigWig nor narrowPeak, bedMethyl or scored BED (5 to 8 columns): it has \
                 {columns} columns; a broadPeak file is called NAME.broadPeak"
            );
            Error::format(path, problem)
        });
    }
    Err(Error::format(path, "is empty"))
}

/// Tells of the pairs' chromosomes that a file does not have; refuses it where it has none of them.
fn tell_lacking(
    path: &Path,
    pairs: &[Pair],
    chroms: &Chroms,
    has: impl Fn(ChromId) -> bool,
) -> Result<()> {
    let mut counts: BTreeMap<ChromId, usize> = BTreeMap::new();
    for pair in pairs {
        *counts.entry(pair.elements.enhancer.chrom).or_default() += 1;
        if pair.elements.promoter.chrom != pair.elements.enhancer.chrom {
            *counts.entry(pair.elements.promoter.chrom).or_default() += 1;
        }
    }
    let all = counts.len();
    counts.retain(|chrom, _| !has(*chrom));
    if counts.is_empty() {
        return Ok(());
    }
    if counts.len() == all {
        let problem = "has no signal on any chromosome of the pairs: is it of another assembly, or of \
                       other names?";
        return Err(Error::format(path, problem));
    }
    let named = counts.iter().map(|(chrom, count)| {
        let name = chroms.name(*chrom);
        format!("{name} ({count} pairs)")
    });
    let named: Vec<String> = named.collect();
    let (path, named) = (path.display(), named.join(", "));
    warn!("{path}: has no signal on {named}, and 0 is taken there");
    Ok(())
}

#[cfg(test)]
mod tests;
