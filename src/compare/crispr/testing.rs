//! Small CRISPRi tables.

use super::table::CrisprTable;

/// Of a pair the start of its element (of 500 bases) and of the gene's start site, the gene, and
/// whether it reacted; all on chr1.
pub type Row<'a> = (u32, u32, &'a str, bool);

fn distance(&(element, tss, ..): &Row) -> f64 {
    (f64::from(element) + 250.0 - f64::from(tss)).abs()
}

/// In TransEPI's layout.
pub fn transepi(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let &(element, tss, gene, label) = row;
        let (end, after) = (element + 500, tss + 1);
        format!(
            "{}\t{}\tchr1\t{element}\t{end}\tchr1:{element}-{end}|K562|.\tchr1\t{tss}\t{after}\t\
             chr1:{tss}-{after}|K562|ENST1|{gene}|TPM=1|.\n",
            u8::from(label),
            distance(row)
        )
    };
    rows.iter().map(line).collect()
}

/// In the Engreitz laboratory's layout, without marks.
pub fn engreitz(rows: &[Row]) -> String {
    let header = "chrom\tchromStart\tchromEnd\tValidConnection\tCellType\tRegulated\tchrTSS\tstartTSS\t\
                  endTSS\tmeasuredGeneSymbol\n";
    let line = |&(element, tss, gene, label): &Row| {
        let (end, after) = (element + 500, tss + 1);
        let label = if label { "TRUE" } else { "FALSE" };
        format!("chr1\t{element}\t{end}\tTRUE\tK562\t{label}\tchr1\t{tss}\t{after}\t{gene}\n")
    };
    header.to_string() + &rows.iter().map(line).collect::<String>()
}

/// Reads a table.
pub fn table(text: &str) -> CrisprTable {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("crispr.tsv");
    std::fs::write(&path, text).unwrap();
    CrisprTable::read(&path, None).unwrap()
}
