//! BED and narrowPeak as bigBed: no browser reads a part of a text file that lies elsewhere.

use std::path::Path;

use super::item::Item;
use super::rows::rows;
use crate::error::Result;
use crate::formats::{Lines, Schema, write_bigbed};
use crate::genome::{BedRow, Chroms, Region};
use crate::output::Partial;

/// BED's first six fields.
const BED: Schema = Schema {
    auto_sql: include_str!("../../../tracks/addedBed.as"),
    standard_fields: 6,
    indexed: None,
};
/// The same and what narrowPeak adds.
const PEAKS: Schema = Schema {
    auto_sql: include_str!("../../../tracks/addedPeaks.as"),
    standard_fields: 6,
    indexed: None,
};
/// Fields of narrowPeak behind the first three, of which the last four are its own
/// (<https://genome.ucsc.edu/FAQ/FAQformat.html#format12>).
const PEAK_FIELDS: usize = 7;

/// What a row says beside its place.
struct Row {
    item: Item,
    /// Signal, p-value, q-value and summit, with tabs between them.
    peak: Option<String>,
}

/// Writes a BED or narrowPeak file, plain or gzip, as a bigBed with BED's first six fields, and of a
/// narrowPeak with its own four. The rows need no order. The caller completes the file.
///
/// # Errors
///
/// A file that cannot be read, bad rows, another assembly; a folder that cannot be written to.
pub fn as_big_bed(bed: &Path, path: &Path, chroms: &Chroms) -> Result<Partial> {
    let mut rows = rows(bed, chroms, |_, row| Some(Row::new(row)))?;
    rows.sort_by_key(|(region, _)| *region);
    let are_peaks = rows.iter().all(|(_, row)| row.peak.is_some());
    let mut lines = Lines::new(&path.with_added_extension("txt"), "")?;
    for (region, row) in &rows {
        lines.add(&row.line(*region, chroms, are_peaks))?;
    }
    let lines = lines.finish()?;
    let schema = if are_peaks { PEAKS } else { BED };
    write_bigbed(lines.path(), path, schema, chroms)
}

impl Row {
    fn new(row: &BedRow) -> Self {
        Self {
            item: Item::new(&row.others),
            peak: peak(&row.others),
        }
    }

    fn line(&self, region: Region, chroms: &Chroms, with_peak: bool) -> String {
        let place = region.bed(chroms);
        let (name, score, strand) = (
            self.item.name_text(),
            self.item.score,
            self.item.strand_text(),
        );
        let line = format!("{place}\t{name}\t{score}\t{strand}");
        match &self.peak {
            Some(peak) if with_peak => format!("{line}\t{peak}"),
            _ => line,
        }
    }
}

/// The fields that are narrowPeak's own, where they can be that.
fn peak(fields: &[&str]) -> Option<String> {
    if fields.len() != PEAK_FIELDS {
        return None;
    }
    let (own, summit) = (&fields[3..6], fields[6]);
    let numbers = own.iter().all(|field| field.parse::<f64>().is_ok());
    let summit = summit.parse::<i32>().ok().filter(|&summit| summit >= -1)?;
    numbers.then(|| format!("{}\t{summit}", own.join("\t")))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::chroms;
    use super::*;
    use crate::formats::{BbiFile, Content};

    /// The number of fields, and the items of chr1 with their further fields.
    fn converted(text: &str) -> (u16, u16, Vec<(u32, u32, String)>) {
        let dir = tempfile::tempdir().unwrap();
        let (bed, path) = (dir.path().join("a.bed"), dir.path().join("a.bb"));
        fs::write(&bed, text).unwrap();
        let of = chroms(&[("chr1", 1000), ("chr2", 500)]);
        as_big_bed(&bed, &path, &of).unwrap().complete().unwrap();
        // Nothing unfinished stays.
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        let mut file = BbiFile::open_whole(&path).unwrap();
        let Content::Items(fields) = file.content.clone() else {
            panic!("no bigBed");
        };
        let entries = file.entries("chr1", 0, 1000).unwrap().into_iter();
        let entries = entries.map(|entry| (entry.start, entry.end, entry.text));
        (fields.count, fields.bed(), entries.collect())
    }

    #[test]
    fn rows_are_sorted_and_have_six_fields() {
        let text = "browser position chr1\nchr2\t5\t9\n1 300 400 b 12.4 -\nchr1\t7\t9\ta\t0\t+\t7\t9\t1,2,3\n";
        let (count, bed, items) = converted(text);
        assert_eq!((count, bed), (6, 6));
        let wanted = [
            (7, 9, "a\t0\t+".to_string()),
            (300, 400, "b\t12\t-".to_string()),
        ];
        assert_eq!(items, wanted);
    }

    #[test]
    fn peaks_keep_their_summits_and_p_values() {
        let text =
            "chr1\t300\t400\tp2\t1000\t.\t9.5\t-1\t3.2\t50\nchr1\t7\t9\t.\t12\t.\t1\t-1\t-1\t-1\n";
        let (count, bed, items) = converted(text);
        assert_eq!((count, bed), (10, 6));
        assert_eq!(items[0].2, ".\t12\t.\t1\t-1\t-1\t-1");
        assert_eq!(items[1].2, "p2\t1000\t.\t9.5\t-1\t3.2\t50");
        // One row that is none makes all of it plain BED.
        let (count, ..) = converted(&format!("{text}chr1\t1\t2\n"));
        assert_eq!(count, 6);
    }
}
