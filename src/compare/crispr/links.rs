//! The links of a method as files.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::judgement::SUMMARY;
use super::method::Method;
use super::table::CrisprTable;
use crate::compare::file_name::file_name;
use crate::error::Result;
use crate::formats::{GENE_LINKS_BEDPE_HEADER, GENE_LINKS_HEADER, GeneLink, Lines};
use crate::output;

/// The folder of the links inside that of a judgement.
const FOLDER: &str = "links";

/// The endings of the files of a method: all that it scores, and what reaches its threshold.
const ENDINGS: [&str; 3] = ["tsv.gz", "thresholded.tsv.gz", "bedpe"];

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
/// in the same (`NAME.thresholded.tsv.gz`) and as BEDPE (`NAME.bedpe`), from left to right.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(dir: &Path, table: &CrisprTable, method: &Method) -> Result<()> {
    output::create_dir(dir.join(FOLDER))?;
    let scored = table.tested.iter().zip(&method.scores);
    let links = scored.filter_map(|(of, score)| {
        Some(GeneLink {
            pair: of.pair,
            ensembl: of.ensembl.as_deref(),
            cell: &of.cell,
            distance: of.distance,
            score: (*score)?,
        })
    });
    let mut links: Vec<GeneLink> = links.collect();
    links.sort_by_key(|of| (of.pair.elements, of.pair.line));
    let [all, chosen, bedpe] = files(dir, &method.name);
    let mut all = Lines::new(&all, GENE_LINKS_HEADER)?;
    let mut chosen = Lines::new(&chosen, GENE_LINKS_HEADER)?;
    let mut bedpe = Lines::new(&bedpe, GENE_LINKS_BEDPE_HEADER)?;
    for link in &links {
        let line = link.tsv(&table.chroms).to_string();
        all.add(&line)?;
        if method.threshold.is_some_and(|of| link.score >= of.value) {
            chosen.add(&line)?;
            bedpe.add(&link.bedpe(&table.chroms))?;
        }
    }
    for lines in [all, chosen, bedpe] {
        lines.finish()?.complete()?;
    }
    Ok(())
}
