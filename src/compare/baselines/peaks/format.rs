//! How files of peaks are written, and which field is the signal.

use std::path::Path;

use crate::compare::baselines::wanted::finite;
use crate::error::RowProblem;
use crate::genome::position;

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

    /// Chromosome, start, end and signal of a line; none where the line is a header or its site is
    /// left out.
    pub(super) fn row(self, line: &str) -> Result<Option<(&str, u32, u32, f64)>, RowProblem> {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if first.starts_with('#') || ["track", "browser"].contains(&first) {
            return Ok(None);
        }
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let field = |at: usize, name: &str| {
            let value = fields.get(at - 1).copied();
            value.ok_or_else(|| RowProblem::Missing(name.to_string()))
        };
        let start = position("start", field(2, "start")?)?;
        let end = position("end", field(3, "end")?)?;
        if end <= start {
            let element = "peak";
            return Err(RowProblem::Reversed {
                element,
                start,
                end,
            });
        }
        let number = |at: usize, name: &str| finite::<f64>(name, field(at, name)?);
        let signal = match self {
            Self::NarrowPeak | Self::BroadPeak => number(7, "signalValue")?,
            Self::Score => number(5, "score")?,
            Self::BedMethyl => {
                let percentage = number(11, "percentage of methylated reads")?;
                if number(10, "reads")? < LEAST_READS || percentage <= 0.0 {
                    return Ok(None);
                }
                percentage
            }
        };
        Ok(Some((fields[0], start, end, signal)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: &str = "chr1\t9\t20\tx\t900\t.\t1.5\t-1\t-1\t-1";

    #[test]
    fn each_format_has_its_signal() {
        let methyl = |reads, percentage: &str| {
            format!("chr1\t9\t10\tx\t900\t+\t9\t10\t0,0,0\t{reads}\t{percentage}")
        };
        let signal = |format: PeakFormat, line: &str| format.row(line).unwrap().map(|row| row.3);
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
            assert_eq!(PeakFormat::Score.row(header), Ok(None));
        }
        let problem = PeakFormat::NarrowPeak
            .row("chr1\t9\t20\tx\t900")
            .unwrap_err();
        assert_eq!(problem, RowProblem::Missing("signalValue".to_string()));
        let problem = PeakFormat::Score.row("chr1\t9\t20\tx\tinf").unwrap_err();
        assert!(matches!(problem, RowProblem::NotFinite { .. }));
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
}
