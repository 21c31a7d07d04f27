//! How active elements are, by signals and peaks.

use std::path::{Path, PathBuf};

use super::assembly;
use super::table::CrisprTable;
use crate::error::{Error, Result};
use crate::formats::{Assay, BigWig, PeakFormat, Peaks, is_bigwig};

/// The activity of each pair's element: the geometric mean over the files of the sum of a bigWig's values
/// over its bases, or of the signals of the peaks that share a base with it; none on chromosomes that a
/// bigWig does not have.
///
/// # Errors
///
/// A file that cannot be read, is of another assembly, has none of the table's chromosomes or holds less
/// than nothing: an activity counts.
pub fn of_files(
    files: &[PathBuf],
    table: &CrisprTable,
    assembly: &str,
) -> Result<Vec<Option<f64>>> {
    let mut products = vec![Some(1.0); table.tested.len()];
    for path in files {
        let sums = match is_bigwig(path)? {
            true => of_bigwig(path, table, assembly)?,
            false => of_peaks(path, table)?,
        };
        if sums.iter().flatten().any(|sum| *sum < 0.0) {
            let problem =
                "holds values below 0, which no activity has: take counts, coverage or peaks";
            return Err(Error::format(path, problem));
        }
        for (product, sum) in products.iter_mut().zip(sums) {
            *product = product
                .zip(sum)
                .map(|(product, sum): (f64, f64)| product * sum);
        }
    }
    let root = 1.0 / files.len() as f64;
    let means = products.into_iter();
    Ok(means.map(|of| of.map(|of| of.powf(root))).collect())
}

fn of_bigwig(path: &Path, table: &CrisprTable, assembly: &str) -> Result<Vec<Option<f64>>> {
    let mut file = BigWig::open(path)?;
    let own = file.reference_chroms()?;
    assembly::check(path, own.iter(), assembly)?;
    let mut sums = Vec::with_capacity(table.tested.len());
    for tested in &table.tested {
        let element = tested.pair.elements.enhancer;
        let Some((chrom, _)) = own.find(table.chroms.name(element.chrom)) else {
            sums.push(None);
            continue;
        };
        let (name, length) = (own.name(chrom), own.length(chrom));
        if element.end > length {
            let place = element.told(&table.chroms);
            let problem = format!(
                "{name} has {length} bases, an element of the table lies at {place}: is it of \
                 another assembly?"
            );
            return Err(Error::format(path, problem));
        }
        let segments = file.segments(name, element)?;
        let sum = segments.iter().map(|of| {
            let bases = of.region.overlap(&element);
            f64::from(of.value) * f64::from(bases)
        });
        sums.push(Some(sum.sum::<f64>()));
    }
    match sums.iter().any(Option::is_some) {
        true => Ok(sums),
        false => Err(Error::format(
            path,
            "has none of the CRISPRi table's chromosomes",
        )),
    }
}

fn of_peaks(path: &Path, table: &CrisprTable) -> Result<Vec<Option<f64>>> {
    let known = [PeakFormat::NarrowPeak, PeakFormat::BroadPeak];
    let format = PeakFormat::of_path(path).filter(|format| known.contains(format));
    let format = format.ok_or_else(|| {
        let problem = "is neither a bigWig nor called NAME.narrowPeak or NAME.broadPeak (.gz)";
        Error::format(path, problem)
    })?;
    let assay = Assay {
        name: "activity".to_string(),
        path: path.to_path_buf(),
        format,
    };
    let peaks = Peaks::read([&assay], &table.chroms)?;
    let elements = table.tested.iter().map(|of| of.pair.elements.enhancer);
    Ok(elements
        .map(|element| Some(peaks.signal(element)))
        .collect())
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::compare::crispr::testing::{table, transepi};
    use crate::formats::write_bigwig;
    use crate::genome::{ChromId, Chroms, Region, Segment};

    /// Elements of 500 bases at 1000, 2000 and 3000.
    fn elements() -> CrisprTable {
        table(&transepi(&[
            (1000, 9000, "A", true),
            (2000, 9000, "A", false),
            (3000, 9000, "A", false),
        ]))
    }

    fn bigwig(path: &Path, (name, length): (&str, u32), values: &[(u32, u32, f32)]) {
        let chroms = Chroms::new([(name.to_string(), length)]).unwrap();
        let segment = |&(start, end, value): &(u32, u32, f32)| Segment {
            region: Region::new(ChromId(0), start, end).unwrap(),
            value,
        };
        let segments: Vec<Segment> = values.iter().map(segment).collect();
        let (file, _) = write_bigwig(path, &chroms, segments.into_iter()).unwrap();
        file.complete().unwrap();
    }

    #[test]
    fn signals_are_summed_and_their_geometric_mean_taken() {
        let dir = tempfile::tempdir().unwrap();
        let [dnase, peaks] = ["dnase.bw", "h3k27ac.narrowPeak"].map(|of| dir.path().join(of));
        // Half of the first element, and past its end; the second as a whole.
        let values = [(1250, 1700, 2.0), (1900, 2600, 0.5)];
        bigwig(&dnase, ("chr1", 10_000), &values);
        let rows =
            "chr1\t1400\t1600\t.\t0\t.\t5\t-1\t-1\t-1\nchr1\t1490\t1510\t.\t0\t.\t15\t-1\t-1\t-1\n";
        std::fs::write(&peaks, rows).unwrap();
        let of = |files: &[PathBuf]| of_files(files, &elements(), "hg19").unwrap();
        assert_eq!(of(from_ref(&dnase)), [Some(500.0), Some(250.0), Some(0.0)]);
        assert_eq!(of(from_ref(&peaks)), [Some(20.0), Some(0.0), Some(0.0)]);
        assert_eq!(of(&[dnase, peaks]), [Some(100.0), Some(0.0), Some(0.0)]);
    }

    #[test]
    fn what_cannot_be_an_activity_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        let said = |chrom, value| {
            bigwig(&path, chrom, &[(100, 3200, value)]);
            let found = of_files(from_ref(&path), &elements(), "hg19");
            found.unwrap_err().to_string()
        };
        assert!(said(("chr1", 10_000), -1.0).contains("holds values below 0"));
        assert!(said(("chr1", 3300), 1.0).contains("is it of another assembly?"));
        assert!(said(("chr7", 10_000), 1.0).contains("none of the CRISPRi table's"));
        let other = said(("chr1", 248_956_422), 1.0);
        assert!(
            other.contains("is of hg38, and the CRISPRi table of hg19"),
            "{other}"
        );
        let bed = dir.path().join("a.bed");
        std::fs::write(&bed, "chr1\t1\t2\n").unwrap();
        let said = of_files(&[bed], &elements(), "hg19")
            .unwrap_err()
            .to_string();
        assert!(said.contains("is neither a bigWig"), "{said}");
    }
}
