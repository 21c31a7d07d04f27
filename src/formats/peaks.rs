//! Peaks of assays: where a signal was found, and how strong it was.

mod format;
mod list;

use std::path::Path;

use crate::error::{Error, Result};
use crate::genome::{BedReader, Chroms, Empty, Overlaps, Region};
use crate::text::Lines;

pub use format::PeakFormat;
pub use list::{Assay, assays};

/// All peaks of an assay, each with its signal.
#[derive(Debug, Clone)]
pub struct Peaks(Overlaps<f64>);

impl Peaks {
    /// Reads the files of one assay. Peaks on chromosomes that the reference does not have meet no
    /// pair and are left out.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; all bad rows of a file together: places that are none, peaks of
    /// no length, signals that are no finite numbers; a file that has peaks, but none on a
    /// chromosome of the reference.
    pub fn read<'a>(files: impl IntoIterator<Item = &'a Assay>, chroms: &Chroms) -> Result<Self> {
        let mut peaks = Vec::new();
        for file in files {
            peaks.extend(read(&file.path, file.format, chroms)?);
        }
        Ok(Self(Overlaps::new(peaks)))
    }

    /// The peaks in order, each with its signal.
    pub fn items(&self) -> impl Iterator<Item = &(Region, f64)> {
        self.0.items()
    }

    /// The sum of the signals of the peaks that share a base with a region.
    pub fn signal(&self, region: Region) -> f64 {
        let peaks = self.0.overlapping(region);
        peaks.map(|&(_, signal)| signal).sum()
    }

    /// The same divided by the region's bases; 0 of a region that holds none.
    pub fn mean(&self, region: Region) -> f64 {
        match region.is_empty() {
            true => 0.0,
            false => self.signal(region) / f64::from(region.len()),
        }
    }
}

fn read(path: &Path, format: PeakFormat, chroms: &Chroms) -> Result<Vec<(Region, f64)>> {
    let mut reader = BedReader::new("peak", Empty::Refused);
    let mut unknown = false;
    let (peaks, bad) = Lines::open(path)?.rows(|_, line| {
        let peak = reader.row(line, |row| {
            let Some(signal) = format.signal(row)? else {
                return Ok(None);
            };
            let chrom = chroms.find(row.chrom);
            let region = chrom.and_then(|(chrom, _)| Region::new(chrom, row.start, row.end));
            unknown |= region.is_none();
            Ok(region.map(|region| (region, signal)))
        });
        peak.and_then(Result::transpose)
    })?;
    Error::bad_rows([(path, bad)])?;
    if peaks.is_empty() && unknown {
        return Err(Error::format(
            path,
            "none of its peaks lies on a chromosome of the reference",
        ));
    }
    Ok(peaks)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::genome::ChromId;
    use proptest::prelude::*;
    use std::io::Write;

    /// Reads files of one assay from their text.
    pub fn peaks(files: &[&str], format: PeakFormat) -> Result<Peaks> {
        let chroms = Chroms::new(["chr1", "chr2"].map(|name| (name.to_string(), 1000))).unwrap();
        let files: Vec<tempfile::NamedTempFile> = files
            .iter()
            .map(|text| {
                let mut file = tempfile::NamedTempFile::new().unwrap();
                file.write_all(text.as_bytes()).unwrap();
                file
            })
            .collect();
        let assays: Vec<Assay> = files
            .iter()
            .map(|file| Assay {
                name: "A".to_string(),
                path: file.path().to_path_buf(),
                format,
            })
            .collect();
        Peaks::read(&assays, &chroms)
    }

    fn region(start: u32, end: u32) -> Region {
        Region::new(ChromId(0), start, end).unwrap()
    }

    #[test]
    fn peaks_that_only_touch_a_region_do_not_count() {
        let peaks = peaks(&["chr1\t10\t20\t.\t3\n"], PeakFormat::Score).unwrap();
        let sums = [(0, 10), (0, 11), (19, 30), (20, 30)].map(|(s, e)| peaks.signal(region(s, e)));
        assert_eq!(sums, [0.0, 3.0, 3.0, 0.0]);
    }

    #[test]
    fn files_of_one_assay_count_together() {
        let row = "chr1\t10\t20\t.\t3\n";
        let peaks = peaks(&[row, row, ""], PeakFormat::Score).unwrap();
        assert_eq!(peaks.signal(region(0, 100)), 6.0);
    }

    #[test]
    fn bad_rows_are_listed_together_and_unknown_chromosomes_passed_over() {
        let text = "chr1\t10\t10\t.\t3\nchr9\t1\t2\t.\t3\nchr1\t1\t2\t.\tnan\nchr1\t1\n";
        let Err(Error::BadRows { rows, .. }) = peaks(&[text], PeakFormat::Score) else {
            panic!("accepted")
        };
        assert_eq!(
            rows.iter().map(|row| row.line).collect::<Vec<_>>(),
            [1, 3, 4]
        );
        let error = peaks(&["chr9\t1\t2\t.\t3\n"], PeakFormat::Score).unwrap_err();
        assert!(error.to_string().contains("none of its peaks"), "{error}");
    }

    proptest! {
        #[test]
        fn as_summed_peak_by_peak(
            rows in prop::collection::vec((0u32..300, 1u32..80, 1u32..9), 0..40),
            (start, length) in (0u32..300, 0u32..100),
        ) {
            let text: String = rows
                .iter()
                .map(|(start, length, signal)| format!("chr1\t{start}\t{}\t.\t{signal}\n", start + length))
                .collect();
            let peaks = peaks(&[&text], PeakFormat::Score).unwrap();
            let brute: u32 = rows
                .iter()
                .filter(|(s, l, _)| *s < start + length && s + l > start && length > 0)
                .map(|(_, _, signal)| signal)
                .sum();
            let got = if length == 0 { 0.0 } else { peaks.signal(region(start, start + length)) };
            prop_assert_eq!(got, f64::from(brute));
        }
    }
}
