//! The table of pairs, in TargetFinder's columns, and what it was made from.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::called::Called;
use super::config::Config;
use super::counts::Counts;
use super::elements::ElementsSummary;
use super::loops::LoopsSummary;
use super::maker::PairMaker;
use super::tss::{Flank, TssFeature};
use crate::element::Sides;
use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, Partial};
use crate::pairs::Pair;

/// The columns of TargetFinder's released tables, in their order, and, where start sites have names,
/// what their promoters are called.
#[derive(Serialize)]
struct Row<'a> {
    enhancer_chrom: &'a str,
    enhancer_distance_to_promoter: u32,
    enhancer_end: u32,
    enhancer_name: String,
    enhancer_start: u32,
    label: &'a str,
    promoter_chrom: &'a str,
    promoter_end: u32,
    promoter_name: String,
    promoter_start: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter_gene: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter_strand: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter_transcript: Option<String>,
}

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

impl Inputs {
    fn all(&self) -> impl Iterator<Item = &Path> {
        let others = [&self.enhancers, &self.promoters, &self.reference];
        let all = others.into_iter().chain(&self.loops);
        all.map(|input| input.path.as_path())
    }
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
        let outputs = [path.to_path_buf(), json.clone()];
        output::spare(&outputs, inputs.all())?;
        let _claim = Claim::files(&outputs)?;
        let file = Partial::new(path);
        let mut writer = file.create()?;
        let rows = |writer: &mut dyn Write| self.rows(writer, path, chroms, &prefix);
        let counts;
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut gzip = GzEncoder::new(&mut writer, Compression::default());
            counts = rows(&mut gzip)?;
            gzip.finish().at(file.target())?;
        } else {
            counts = rows(&mut writer)?;
        }
        writer.flush().at(file.target())?;
        let provenance = Provenance {
            version: VERSION.to_string(),
            inputs,
            config: self.candidates.config.clone(),
            enhancers: self.candidates.elements.enhancer.summary,
            promoters: self.candidates.elements.promoter.summary,
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
        let counts = self.for_each(|pair| {
            let called = self.called(pair.elements.promoter);
            let written = writer.serialize(Row::new(&pair, chroms, prefix, called));
            written.map_err(io::Error::from).at(path)
        })?;
        writer.flush().at(path)?;
        Ok(counts)
    }

    /// What a promoter is called, in the columns that say so; nothing where no promoter has a name:
    /// all rows have the same columns.
    fn called(&self, promoter: Region) -> Option<[String; 3]> {
        let all = &self.candidates.elements.promoter.called;
        let called = all.get(&promoter).map(Called::fields);
        (!all.is_empty()).then(|| called.unwrap_or_default())
    }
}

impl<'a> Row<'a> {
    fn new(pair: &Pair, chroms: &'a Chroms, prefix: &str, called: Option<[String; 3]>) -> Self {
        let Sides { enhancer, promoter } = pair.elements;
        let called = called.map(|fields| fields.map(Some)).unwrap_or_default();
        let [promoter_gene, promoter_strand, promoter_transcript] = called;
        let name = |element: Region| format!("{prefix}{}", element.named(chroms));
        Self {
            enhancer_chrom: chroms.name(enhancer.chrom),
            enhancer_distance_to_promoter: pair.distance().unwrap_or_default(),
            enhancer_end: enhancer.end,
            enhancer_name: name(enhancer),
            enhancer_start: enhancer.start,
            label: pair.label_text(),
            promoter_chrom: chroms.name(promoter.chrom),
            promoter_end: promoter.end,
            promoter_name: name(promoter),
            promoter_start: promoter.start,
            promoter_gene,
            promoter_strand,
            promoter_transcript,
        }
    }
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
        let problem = "is where the JSON file belongs: name it .csv";
        return Err(Error::format(path, problem));
    }
    Ok(json)
}
