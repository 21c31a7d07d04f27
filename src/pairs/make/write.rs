//! The table of pairs, in TargetFinder's columns, and what it was made from.

use crate::element::Sides;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::config::Config;
use super::counts::Counts;
use super::elements::ElementsSummary;
use super::loops::LoopsSummary;
use super::maker::PairMaker;
use super::tss::{Flank, TssFeature};
use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Partial};
use crate::pairs::Pair;

/// The columns of TargetFinder's released tables, in their order.
const COLUMNS: [&str; 10] = [
    "enhancer_chrom",
    "enhancer_distance_to_promoter",
    "enhancer_end",
    "enhancer_name",
    "enhancer_start",
    "label",
    "promoter_chrom",
    "promoter_end",
    "promoter_name",
    "promoter_start",
];

/// The files that pairs were made from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inputs {
    /// The enhancers.
    pub enhancers: Input,
    /// The promoters, or the transcription start sites.
    pub promoters: Input,
    /// Where the file names transcription start sites: how far promoters reach, and which rows of
    /// GTF count.
    pub tss: Option<(Flank, TssFeature)>,
    /// The loops.
    pub loops: Vec<Input>,
    /// The reference, or its chromosome sizes.
    pub reference: Input,
}

/// What a table of pairs was made from, and what came of it: the JSON file beside it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    /// The version of epitrack.
    pub version: String,
    /// The files.
    pub inputs: Inputs,
    /// The settings.
    pub config: Config,
    /// What the file of enhancers held.
    pub enhancers: ElementsSummary,
    /// What the file of promoters held.
    pub promoters: ElementsSummary,
    /// What the files of loops held.
    pub loops: LoopsSummary,
    /// What was made.
    pub counts: Counts,
}

impl PairMaker<'_> {
    /// Writes the pairs as CSV in TargetFinder's columns, gzip where the name ends with `.gz`, and
    /// beside it a JSON file that says what they were made from. `cell` begins the names of the
    /// elements, as in `K562|chr1:100-200`.
    ///
    /// # Errors
    ///
    /// A name of cells that a table cannot hold, a folder that cannot be written to, no negative.
    pub fn write(
        &self,
        path: &Path,
        chroms: &Chroms,
        cell: Option<&str>,
        inputs: Inputs,
        loops: LoopsSummary,
    ) -> Result<Provenance> {
        let prefix = prefix(cell)?;
        let json = json_path(path)?;
        let file = Partial::new(path);
        let writer = file.create()?;
        let counts = if path.extension().is_some_and(|extension| extension == "gz") {
            let mut writer = GzEncoder::new(writer, Compression::default());
            let counts = self.rows(&mut writer, file.path(), chroms, &prefix)?;
            let written = writer.finish().and_then(|mut writer| writer.flush());
            written.at(file.path())?;
            counts
        } else {
            let mut writer = writer;
            let counts = self.rows(&mut writer, file.path(), chroms, &prefix)?;
            writer.flush().at(file.path())?;
            counts
        };
        let provenance = Provenance {
            version: VERSION.to_string(),
            inputs,
            config: self.candidates.config.clone(),
            enhancers: self.candidates.enhancers.summary(),
            promoters: self.candidates.promoters.summary(),
            loops,
            counts,
        };
        // What describes the table goes before it changes and comes when it is there.
        output::remove_if_there(&json)?;
        file.complete()?;
        output::write_json(json, &provenance)?;
        Ok(provenance)
    }

    fn rows(
        &self,
        writer: &mut dyn Write,
        path: &Path,
        chroms: &Chroms,
        prefix: &str,
    ) -> Result<Counts> {
        let mut writer = csv::Writer::from_writer(writer);
        let at = |result: csv::Result<()>| result.map_err(io::Error::from).at(path);
        at(writer.write_record(COLUMNS))?;
        let counts = self.for_each(|pair| at(writer.write_record(row(chroms, prefix, &pair))))?;
        writer.flush().at(path)?;
        Ok(counts)
    }
}

fn row(chroms: &Chroms, prefix: &str, pair: &Pair) -> [String; 10] {
    let Sides {
        enhancer: e,
        promoter: p,
    } = pair.elements;
    let chrom = |region: Region| chroms.name(region.chrom).to_string();
    let name =
        |region: Region| format!("{prefix}{}:{}-{}", chrom(region), region.start, region.end);
    [
        chrom(e),
        pair.distance().unwrap_or_default().to_string(),
        e.end.to_string(),
        name(e),
        e.start.to_string(),
        pair.label_text().to_string(),
        chrom(p),
        p.end.to_string(),
        name(p),
        p.start.to_string(),
    ]
}

/// What names of elements begin with.
fn prefix(cell: Option<&str>) -> Result<String> {
    let Some(cell) = cell else {
        return Ok(String::new());
    };
    let allowed = |letter: char| letter.is_alphanumeric() || " _-.+/".contains(letter);
    if cell.trim().is_empty() || !cell.chars().all(allowed) {
        return Err(Error::Configuration(format!(
            "the cells' name may hold letters, digits, spaces and _-.+/ only: {cell:?}"
        )));
    }
    Ok(format!("{}|", cell.trim()))
}

/// `pairs.json` beside `pairs.csv` or `pairs.csv.gz`.
fn json_path(path: &Path) -> Result<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Error::format(path, "is no name for a file"))?;
    let stem = name.strip_suffix(".gz").unwrap_or(name);
    let stem = ["csv", "tsv", "txt"]
        .iter()
        .find_map(|extension| stem.strip_suffix(extension)?.strip_suffix('.'))
        .unwrap_or(stem);
    let json = path.with_file_name(format!("{stem}.json"));
    if json == path {
        return Err(Error::format(
            path,
            "is where the JSON file belongs: name it .csv",
        ));
    }
    Ok(json)
}
