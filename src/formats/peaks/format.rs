//! How files of peaks are written, and which field is the signal.

use std::path::Path;

use crate::error::RowProblem;
use crate::genome::BedRow;
use crate::text::finite;

/// Reads of a methylated site at least, in TargetFinder (`generate_training.py`).
const LEAST_READS: f64 = 10.0;

/// A format of peak files: tab-separated, 0-based and half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeakFormat {
    /// ENCODE narrowPeak, BED6+4: `signalValue` is field 7
    /// (<https://genome.ucsc.edu/FAQ/FAQformat.html#format12>).
    NarrowPeak,
    /// ENCODE broadPeak, BED6+3: `signalValue` is field 7
    /// (<https://genome.ucsc.edu/FAQ/FAQformat.html#format13>).
    BroadPeak,
    /// BED whose score, field 5, is the signal, such as the clusters of CAGE tags.
    Score,
    /// ENCODE bedMethyl, BED9+2: field 10 counts the reads, field 11 is the percentage of them
    /// that are methylated, the signal (<https://www.encodeproject.org/data-standards/wgbs/>). As
    /// in TargetFinder, sites of fewer than 10 reads and sites without methylation are left out.
    BedMethyl,
}

impl PeakFormat {
    /// The format's name in a list of assays.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "narrowPeak" => Some(Self::NarrowPeak),
            "broadPeak" => Some(Self::BroadPeak),
            "score" => Some(Self::Score),
            "bedMethyl" => Some(Self::BedMethyl),
            _ => None,
        }
    }

    /// The format that a file's name tells, whether it ends in `.gz` or not. `.bed` tells none:
    /// ENCODE names all four formats so.
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let name = name.strip_suffix(".gz").unwrap_or(name);
        let (_, extension) = name.rsplit_once('.')?;
        let known = ["narrowPeak", "broadPeak", "bedMethyl"];
        let known = known
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(extension))?;
        Self::named(known)
    }

    /// The format of a `.bed` file with so many columns: narrowPeak has 10, bedMethyl 11 or more, and up to 8
    /// the score is what there is. 9 are those of broadPeak, but of BED with colours too.
    pub fn of_columns(columns: usize) -> Option<Self> {
        match columns {
            5..=8 => Some(Self::Score),
            10 => Some(Self::NarrowPeak),
            11.. => Some(Self::BedMethyl),
            _ => None,
        }
    }

    /// The signal of a row; none where its site is left out.
    pub(super) fn signal(self, row: &BedRow) -> Result<Option<f64>, RowProblem> {
        // Fields are counted from 1, as in the specifications above.
        let number = |at: usize, name: &str| finite::<f64>(name, row.field(at - 1, name)?);
        match self {
            Self::NarrowPeak | Self::BroadPeak => number(7, "signalValue").map(Some),
            Self::Score => number(5, "score").map(Some),
            Self::BedMethyl => {
                let percentage = number(11, "percentage of methylated reads")?;
                let left_out = number(10, "reads")? < LEAST_READS || percentage <= 0.0;
                Ok((!left_out).then_some(percentage))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::{BedReader, Empty};

    /// What a format reads from a line; nothing from a header.
    fn read(format: PeakFormat, line: &str) -> Option<Result<Option<f64>, RowProblem>> {
        BedReader::new("peak", Empty::Refused).row(line, |row| format.signal(row))
    }

    const NARROW: &str = "chr1\t9\t20\tx\t900\t.\t1.5\t-1\t-1\t-1";

    #[test]
    fn each_format_has_its_signal() {
        let methyl = |reads, percentage: &str| {
            format!("chr1\t9\t10\tx\t900\t+\t9\t10\t0,0,0\t{reads}\t{percentage}")
        };
        let signal = |format: PeakFormat, line: &str| read(format, line).unwrap().unwrap();
        assert_eq!(signal(PeakFormat::NarrowPeak, NARROW), Some(1.5));
        assert_eq!(signal(PeakFormat::BroadPeak, NARROW), Some(1.5));
        assert_eq!(signal(PeakFormat::Score, NARROW), Some(900.0));
        assert_eq!(signal(PeakFormat::BedMethyl, &methyl(10, "40")), Some(40.0));
        assert_eq!(signal(PeakFormat::BedMethyl, &methyl(9, "40")), None);
        assert_eq!(signal(PeakFormat::BedMethyl, &methyl(10, "0")), None);
    }

    #[test]
    fn headers_are_no_rows_and_missing_fields_are_named() {
        for header in ["# x", "track name=x", "browser position chr1"] {
            assert_eq!(read(PeakFormat::Score, header), None);
        }
        let got = read(PeakFormat::NarrowPeak, "chr1\t9\t20\tx\t900");
        let missing = RowProblem::Missing("signalValue".to_string());
        assert_eq!(got, Some(Err(missing)));
        let got = read(PeakFormat::Score, "chr1\t9\t20\tx\tinf");
        assert!(matches!(got, Some(Err(RowProblem::NotFinite { .. }))));
    }

    #[test]
    fn a_name_tells_the_format_unless_it_is_bed() {
        let of = |name: &str| PeakFormat::of_path(Path::new(name));
        assert_eq!(
            of("a/E127-H3K27ac.narrowPeak.gz"),
            Some(PeakFormat::NarrowPeak)
        );
        assert_eq!(of("x.broadPeak"), Some(PeakFormat::BroadPeak));
        assert_eq!(of("x.bedmethyl.gz"), Some(PeakFormat::BedMethyl));
        assert_eq!(of("x.bed.gz"), None);
        assert_eq!(of("narrowPeak"), None);
    }

    #[test]
    fn columns_tell_what_a_bed_file_holds_unless_they_are_nine() {
        let formats = [3, 4, 5, 6, 8, 9, 10, 11, 18].map(PeakFormat::of_columns);
        let (score, methyl) = (Some(PeakFormat::Score), Some(PeakFormat::BedMethyl));
        let narrow = Some(PeakFormat::NarrowPeak);
        let wanted = [
            None, None, score, score, score, None, narrow, methyl, methyl,
        ];
        assert_eq!(formats, wanted);
    }
}
