//! Loops: two anchors that touch each other in the nucleus.

use std::path::Path;

use serde::Serialize;

use crate::error::{Result, RowProblem};
use crate::genome::{
    Chroms, Places, Region, field, fields, is_bed_header, is_one_place, is_passed_over, position,
    read_rows,
};

/// The loops of one or several files.
#[derive(Debug, Clone, Default)]
pub struct Loops {
    /// Both anchors of each loop, the left one first.
    pub anchors: Vec<[Region; 2]>,
    /// What the files held.
    pub summary: LoopsSummary,
}

/// What files of loops held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LoopsSummary {
    /// Good rows.
    pub rows: usize,
    /// Bad rows that were left out.
    pub skipped: usize,
    /// Rows whose anchors lie on two chromosomes, which no pair of a table can.
    pub between_chromosomes: usize,
    /// Different loops within one chromosome.
    pub loops: usize,
}

/// Where the six positions of a loop stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    at: [usize; 6],
    one_based: bool,
}

/// The first six columns, as in BEDPE without a header.
const BEDPE: Columns = Columns {
    at: [0, 1, 2, 3, 4, 5],
    one_based: false,
};

/// The names of the six columns in known headers, in lower case, and whether their positions are
/// 1-based and closed. Restriction fragments are: CHiCAGO takes them over from HiCUP's digest.
const HEADERS: [(&str, bool); 8] = [
    // HiCCUPS: <https://github.com/aidenlab/juicer/wiki/HiCCUPS>; bins that begin at 0.
    ("chr1 x1 x2 chr2 y1 y2", false),
    // BEDPE: <https://bedtools.readthedocs.io/en/latest/content/general-usage.html#bedpe-format>
    ("chrom1 start1 end1 chrom2 start2 end2", false),
    ("chr1 start1 end1 chr2 start2 end2", false),
    // FitHiChIP: bins that begin at 0.
    ("chr1 s1 e1 chr2 s2 e2", false),
    // Mustache and SIP: bins that begin at 0.
    (
        "bin1_chr bin1_start bin1_end bin2_chromosome bin2_start bin2_end",
        false,
    ),
    ("chromosome1 x1 x2 chromosome2 y1 y2", false),
    // CHiCAGO's ibed: <https://bioconductor.org/packages/Chicago>
    (
        "bait_chr bait_start bait_end otherend_chr otherend_start otherend_end",
        true,
    ),
    // CHiCAGO's peak matrix.
    ("baitchr baitstart baitend oechr oestart oeend", true),
];

impl Loops {
    /// Loops within one chromosome, or not, with their anchors in any order.
    pub fn new(loops: impl IntoIterator<Item = [Region; 2]>) -> Self {
        let mut summary = LoopsSummary::default();
        let mut anchors = Vec::new();
        for [a, b] in loops {
            summary.rows += 1;
            if a.chrom == b.chrom {
                anchors.push([a.min(b), a.max(b)]);
            } else {
                summary.between_chromosomes += 1;
            }
        }
        anchors.sort_unstable();
        anchors.dedup();
        summary.loops = anchors.len();
        Self { anchors, summary }
    }

    /// Reads files of loops: HiCCUPS's list, BEDPE (ChIA-PET), or CHiCAGO's tables (promoter
    /// capture), plain or gzip, with or without a header. What the columns are called decides where
    /// they stand and whether they count from 1; without known names the first six are taken as
    /// BEDPE's. An anchor that passes the end of its chromosome, as a last bin does, is cut there.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, no row, and, unless `skip_bad`, all rows of a file together
    /// that do not name two regions of the reference.
    pub fn read(paths: &[impl AsRef<Path>], chroms: &Chroms, skip_bad: bool) -> Result<Self> {
        let (mut all, mut skipped) = (Vec::new(), 0);
        for path in paths {
            let mut columns = None;
            let rows = read_rows(path.as_ref(), chroms, skip_bad, |line, places| {
                row(line, &mut columns, places)
            })?;
            let rows = rows.not_empty(path.as_ref())?;
            all.extend(rows.good);
            skipped += rows.skipped;
        }
        let mut loops = Self::new(all);
        loops.summary.skipped = skipped;
        Ok(loops)
    }
}

/// A row of a file whose header may already have been seen.
fn row(
    line: &str,
    columns: &mut Option<Columns>,
    places: &mut Places,
) -> Option<Result<[Region; 2], RowProblem>> {
    let fields = fields(line);
    if columns.is_none() {
        *columns = Columns::named(&fields);
        if columns.is_some() {
            return None;
        }
    }
    if is_bed_header(line) {
        return None;
    }
    let is_first = columns.is_none();
    let columns = columns.get_or_insert(BEDPE);
    // Names that nobody knows stand where BEDPE's do.
    let is_names = is_first && is_passed_over(line, &fields, &[1, 2, 4, 5]);
    if *columns == BEDPE && is_one_place(&fields, places.chroms()) {
        return Some(Err(RowProblem::OnePlace));
    }
    (!is_names).then(|| columns.read(&fields, places))
}

impl Columns {
    /// From a header line, if this is one.
    fn named(fields: &[&str]) -> Option<Self> {
        let names: Vec<String> = fields
            .iter()
            .map(|name| name.trim_start_matches('#').trim().to_lowercase())
            .collect();
        HEADERS.iter().find_map(|&(wanted, one_based)| {
            let mut at = [0; 6];
            for (at, wanted) in at.iter_mut().zip(wanted.split(' ')) {
                *at = names.iter().position(|name| name == wanted)?;
            }
            Some(Self { at, one_based })
        })
    }

    fn read(&self, fields: &[&str], places: &mut Places) -> Result<[Region; 2], RowProblem> {
        let mut anchor = |what, from: usize, names: [&str; 3]| {
            let text = |part: usize| field(fields, self.at[from + part], names[part]);
            let (chrom, start) = (text(0)?, text(1)?);
            let end = position(names[2], text(2)?)?;
            let start = self.start(names[1], start)?;
            let found = places.chroms().find(chrom);
            let length = found.map_or(u32::MAX, |(id, _)| places.chroms().length(id));
            let end = if start < length { end.min(length) } else { end };
            places.region(what, (chrom, start, end))
        };
        Ok([
            anchor("the first anchor", 0, ["chrom1", "start1", "end1"])?,
            anchor("the second anchor", 3, ["chrom2", "start2", "end2"])?,
        ])
    }

    fn start(&self, name: &str, text: &str) -> Result<u32, RowProblem> {
        let start = position(name, text)?;
        let from_zero = start.checked_sub(u32::from(self.one_based));
        from_zero.ok_or_else(|| RowProblem::not_a_position(name, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    fn read(text: &str) -> Result<Loops, String> {
        let chroms = ["chr1", "chr2"].map(|name| (name.to_string(), 1000));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("loops");
        std::fs::write(&path, text).unwrap();
        Loops::read(&[path], &Chroms::new(chroms).unwrap(), false).map_err(|e| e.to_string())
    }

    fn region(start: u32, end: u32) -> Region {
        Region::new(ChromId(0), start, end).unwrap()
    }

    #[test]
    fn known_headers_say_where_the_anchors_stand() {
        let wanted = [[region(10, 20), region(30, 40)]];
        let files = [
            "chr1\tx1\tx2\tchr2\ty1\ty2\tcolor\n1\t10\t20\t1\t30\t40\t0,255,255\n",
            "#chr1\tx1\tx2\tchr2\ty1\ty2\n# juicer_tools version 1.22.01\n1\t10\t20\t1\t30\t40\n",
            "chr1\t30\t40\tchr1\t10\t20\t7\n",
            "chr1 10 20 chr1 30 40\nchr1 10 20 chr1 30 40\nchr1 30 40 chr1 10 20\n",
            "name\tchrom2\tstart2\tend2\tchrom1\tstart1\tend1\nx\t1\t10\t20\t1\t30\t40\n",
            "bait_chr\tbait_start\tbait_end\tbait_name\totherEnd_chr\totherEnd_start\totherEnd_end\n\
             1\t31\t40\tG\t1\t11\t20\n",
            "baitChr\tbaitStart\tbaitEnd\tbaitID\tbaitName\toeChr\toeStart\toeEnd\n\
             1\t31\t40\t7\tG\t1\t11\t20\n",
        ];
        for file in files {
            assert_eq!(read(file).unwrap().anchors, wanted, "{file}");
        }
    }

    #[test]
    fn bed_is_called_by_its_name_and_a_bad_row_of_bedpe_is_not() {
        let peaks = "chr1\t10\t20\tpeak\t7\t+\nchr1\t30\t40\n".repeat(5);
        let said = read(&peaks).unwrap_err();
        assert!(
            said.contains(":1: one place: this is BED, not BEDPE"),
            "{said}"
        );
        assert!(said.contains("and 7 more like that of line 1"), "{said}");
        for bad in ["chr1\t10\t20\tchr1\t30\n", "chr1\t10\t20\tchrUn\tx\t40\n"] {
            let said = read(bad).unwrap_err();
            assert!(!said.contains("this is BED"), "{said}");
        }
    }

    #[test]
    fn loops_between_chromosomes_are_counted_and_left_out() {
        let text = "chr1\t10\t20\tchr2\t30\t40\nchr1\t10\t20\tchr1\t30\t40\n";
        let loops = read(text).unwrap();
        let summary = LoopsSummary {
            rows: 2,
            skipped: 0,
            between_chromosomes: 1,
            loops: 1,
        };
        assert_eq!(loops.summary, summary);
    }

    #[test]
    fn a_last_bin_is_cut_at_the_end_of_its_chromosome() {
        let loops = read("chr1\t10\t20\tchr1\t990\t1010\n").unwrap();
        assert_eq!(loops.anchors, [[region(10, 20), region(990, 1000)]]);
    }

    #[test]
    fn all_bad_rows_are_told() {
        let text = "chr1\t10\t20\tchr1\t1000\t1010\n.\t-1\t-1\tchr1\t30\t40\nchr1\t10\t20\tchr1\t40\t30\n\
                    chr1\t10\nchr1\t10\t20\tchr7\t30\t40\n";
        let error = read(text).unwrap_err();
        for line in 1..=5 {
            assert!(error.contains(&format!("loops:{line}: ")), "{error}");
        }
    }
}
