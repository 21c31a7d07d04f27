//! The links of a method as files.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::judgement::SUMMARY;
use super::method::Method;
use super::table::CrisprTable;
use crate::compare::file_name::file_name;
use crate::error::Result;
use crate::formats::{
    GENE_LINKS_BEDPE_HEADER, GENE_LINKS_HEADER, GENE_LINKS_SCHEMA, GeneLink, Lines, write_bigbed,
};
use crate::genome::{Chroms, Region};
use crate::output;

/// The folder of the links inside that of a judgement.
const FOLDER: &str = "links";

/// The endings of the files of a method: all that it scores and what reaches its threshold, the last two as
/// bigInteract.
const ENDINGS: [&str; 5] = [
    "tsv.gz",
    "thresholded.tsv.gz",
    "bedpe",
    "bb",
    "thresholded.bb",
];

/// The files of a method by its name.
pub fn files(dir: &Path, method: &str) -> [PathBuf; ENDINGS.len()] {
    let (dir, name) = (dir.join(FOLDER), file_name(method));
    ENDINGS.map(|ending| dir.join(format!("{name}.{ending}")))
}

/// The files of the methods that an earlier judgement in a folder tells of: none where there was none, or
/// what it says cannot be read.
pub fn of_earlier(dir: &Path) -> Vec<PathBuf> {
    #[derive(Deserialize)]
    struct Earlier {
        methods: Vec<Named>,
    }
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let text = std::fs::read(dir.join(SUMMARY)).unwrap_or_default();
    let methods = serde_json::from_slice(&text).map_or(Vec::new(), |of: Earlier| of.methods);
    let files = methods.iter().flat_map(|of| files(dir, &of.name));
    files.collect()
}

/// Writes all that a method scores in ENCODE's columns (`NAME.tsv.gz`), and what reaches its threshold
/// in the same (`NAME.thresholded.tsv.gz`) and as BEDPE (`NAME.bedpe`), from left to right; where the lengths of
/// the table's chromosomes are known, both as bigInteract (`NAME.bb`, `NAME.thresholded.bb`).
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(
    dir: &Path,
    table: &CrisprTable,
    method: &Method,
    lengths: Option<&Chroms>,
) -> Result<()> {
    output::create_dir(dir.join(FOLDER))?;
    let links = links(table, method);
    let is_chosen = |link: &GeneLink| method.threshold.is_some_and(|of| link.score >= of.value);
    let [all, chosen, bedpe, arcs, chosen_arcs] = files(dir, &method.name);
    let mut all = Lines::new(&all, GENE_LINKS_HEADER)?;
    let mut chosen = Lines::new(&chosen, GENE_LINKS_HEADER)?;
    let mut bedpe = Lines::new(&bedpe, GENE_LINKS_BEDPE_HEADER)?;
    for (link, _) in &links {
        let line = link.tsv(&table.chroms).to_string();
        all.add(&line)?;
        if is_chosen(link) {
            chosen.add(&line)?;
            bedpe.add(&link.bedpe(&table.chroms))?;
        }
    }
    for lines in [all, chosen, bedpe] {
        lines.finish()?.complete()?;
    }
    let Some(lengths) = lengths else {
        return Ok(());
    };
    let mut lines: Vec<(Region, bool, String)> = Vec::new();
    for (link, shown) in &links {
        let is_chosen = is_chosen(link);
        let of_link = link.big_interact((*shown, is_chosen), &table.chroms);
        lines.extend(of_link.map(|(span, line)| (span, is_chosen, line)));
    }
    lines.sort_by_key(|of| of.0);
    write_arcs(&arcs, lines.iter().map(|of| &of.2), lengths)?;
    let chosen = lines.iter().filter(|of| of.1);
    write_arcs(&chosen_arcs, chosen.map(|of| &of.2), lengths)
}

/// What a method scores, from left to right, each with what browsers see of its score.
fn links<'a>(table: &'a CrisprTable, method: &Method) -> Vec<(GeneLink<'a>, u16)> {
    let scored = table.tested.iter().zip(&method.scores).zip(method.shown());
    let links = scored.filter_map(|((of, score), shown)| {
        let link = GeneLink {
            pair: of.pair,
            ensembl: of.ensembl.as_deref(),
            cell: &of.cell,
            distance: of.distance,
            score: (*score)?,
        };
        Some((link, shown?))
    });
    let mut links: Vec<(GeneLink, u16)> = links.collect();
    links.sort_by_key(|(of, _)| (of.pair.elements, of.pair.line));
    links
}

/// Writes arcs, from left to right, as bigInteract; no file without any.
fn write_arcs<'a>(
    path: &Path,
    arcs: impl Iterator<Item = &'a String>,
    lengths: &Chroms,
) -> Result<()> {
    let mut lines = Lines::new(path, "")?;
    let mut any = false;
    for arc in arcs {
        lines.add(arc)?;
        any = true;
    }
    let lines = lines.finish()?;
    match any {
        true => write_bigbed(lines.path(), path, GENE_LINKS_SCHEMA, lengths)?.complete(),
        false => output::remove_if_there(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::method::Threshold;
    use crate::compare::crispr::testing::{table, transepi};
    use crate::formats::{BbiFile, Content};

    /// An element each of two genes, the second of which lies on another chromosome.
    fn pairs() -> CrisprTable {
        let rows = [(1000, 9000, "A", true), (3000, 7000, "B", false)];
        table(&transepi(&rows).replace("\tchr1\t7000\t", "\tchr2\t7000\t"))
    }

    fn lengths() -> Chroms {
        let names = ["chr1", "chr2"].map(|name| (name.to_string(), 10_000));
        Chroms::new(names).unwrap()
    }

    /// The arcs of a chromosome: where they lie, and of the other fields the gene, the score and its value.
    fn arcs(path: &Path, chrom: &str) -> Vec<(u32, u32, String)> {
        let mut file = BbiFile::open_whole(path).unwrap();
        let Content::Items(fields) = file.content.clone() else {
            panic!("no bigBed");
        };
        assert!(fields.is_interact() && fields.count == 22 && fields.has("cell"));
        assert_eq!(file.indexed().unwrap(), [3]);
        let entries = file.entries(chrom, 0, 10_000).unwrap().into_iter();
        let three = |text: &str| text.split('\t').take(3).collect::<Vec<_>>().join(" ");
        let arc = |of: crate::formats::Entry| (of.start, of.end, three(&of.text));
        entries.map(arc).collect()
    }

    #[test]
    fn links_are_arcs_where_lengths_are_known() {
        let (dir, table) = (tempfile::tempdir().unwrap(), pairs());
        let mut method = Method::new("m", String::new(), vec![Some(0.5), Some(0.25)]);
        method.threshold = Some(Threshold {
            value: 0.5,
            from: "a test",
        });
        let write = |method: &Method, lengths: Option<&Chroms>| {
            write(dir.path(), &table, method, lengths).unwrap();
        };
        let [.., all, chosen] = files(dir.path(), "m");
        write(&method, None);
        assert!(!all.exists() && !chosen.exists());
        write(&method, Some(&lengths()));
        let one = (1000, 9001, "A 1000 0.5".to_string());
        let other = |start, end| (start, end, "B 0 0.25".to_string());
        assert_eq!(arcs(&all, "chr1"), [one.clone(), other(3000, 3500)]);
        assert_eq!(arcs(&all, "chr2"), [other(7000, 7001)]);
        assert_eq!(arcs(&chosen, "chr1"), [one]);
        // Without a link that reaches the threshold there is no file, also where there was one.
        method.threshold = None;
        write(&method, Some(&lengths()));
        assert!(all.exists() && !chosen.exists());
        let left = std::fs::read_dir(dir.path().join(FOLDER)).unwrap();
        assert_eq!(left.count(), 4);
    }
}
