//! A list of assays: which file holds which one's peaks.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::format::PeakFormat;
use crate::error::{BadRow, Error, IoContext, Result, RowProblem};

/// A file of peaks, and what was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assay {
    /// What was measured, such as `H3K27ac`. The files of one name count together.
    pub name: String,
    /// The file, plain or gzip.
    pub path: PathBuf,
    /// How it is written.
    pub format: PeakFormat,
}

/// A row of the list.
#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    filename: String,
    #[serde(default)]
    format: Option<String>,
}

/// Reads TargetFinder's `filenames.csv`: a header, then for each file the assay's `name` and the
/// `filename`, which lies in the list's folder, perhaps with `.gz` behind its name. A `format`
/// (`narrowPeak`, `broadPeak`, `bedMethyl` or `score`) is needed where the file's name does not
/// tell it; other columns are passed over.
///
/// # Errors
///
/// A file that cannot be read or is no such list; all bad rows together: no name, files that are
/// not there, formats that are unknown or missing.
pub fn assays(path: &Path) -> Result<Vec<Assay>> {
    let text = std::fs::read(path).at(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_slice());
    let header = reader.headers().cloned();
    let header = header.map_err(|error| Error::format(path, error))?;
    for column in ["name", "filename"] {
        if !header.iter().any(|name| name == column) {
            return Err(Error::format(path, format!("has no column {column}")));
        }
    }
    let (mut assays, mut bad) = (Vec::new(), Vec::new());
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut record);
        if matches!(more, Ok(false)) {
            break;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let row = more.and_then(|_| record.deserialize(Some(&header)));
        let row = row.map_err(|error| RowProblem::Unreadable(error.to_string()));
        match row.and_then(|row| assay(path, row)) {
            Ok(assay) => assays.push(assay),
            Err(problem) => bad.push(BadRow { line, problem }),
        }
    }
    Error::bad_rows([(path, bad)])?;
    if assays.is_empty() {
        return Err(Error::format(path, "names no file"));
    }
    Ok(assays)
}

fn assay(list: &Path, row: Row) -> Result<Assay, RowProblem> {
    if row.name.is_empty() {
        return Err(RowProblem::Missing("name".to_string()));
    }
    let path = file(list, &row.filename)
        .ok_or_else(|| RowProblem::Unreadable(format!("{:?} is not there", row.filename)))?;
    let named = row.format.filter(|format| !format.is_empty());
    let format = match &named {
        Some(name) => PeakFormat::named(name),
        None => PeakFormat::of_path(&path),
    };
    let format = format.ok_or_else(|| {
        RowProblem::Unreadable(format!(
            "the format of {:?} is none of narrowPeak, broadPeak, bedMethyl and score: state it \
             in a column format",
            row.filename
        ))
    })?;
    Ok(Assay {
        name: row.name,
        path,
        format,
    })
}

/// The file beside the list, under this name or with `.gz` behind it.
fn file(list: &Path, name: &str) -> Option<PathBuf> {
    [name.to_string(), format!("{name}.gz")]
        .map(|name| list.with_file_name(name))
        .into_iter()
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, files: &[&str]) -> Result<Vec<Assay>> {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(dir.path().join(file), "").unwrap();
        }
        let list = dir.path().join("filenames.csv");
        std::fs::write(&list, text).unwrap();
        assays(&list)
    }

    #[test]
    fn names_formats_and_compressed_files_are_found() {
        let text = "name,filename,source,format\nCTCF,a.narrowPeak,x,\nCAGE,b.bed,y,score\n";
        let got = read(text, &["a.narrowPeak.gz", "b.bed"]).unwrap();
        assert_eq!(got[0].name, "CTCF");
        assert_eq!(got[0].format, PeakFormat::NarrowPeak);
        assert!(got[0].path.ends_with("a.narrowPeak.gz"));
        assert_eq!(got[1].format, PeakFormat::Score);
    }

    #[test]
    fn all_bad_rows_are_listed() {
        let text = "name,filename,format\nA,gone.narrowPeak\nB,b.bed,\nC,b.bed,wig\n,b.bed,score\n";
        let Err(Error::BadRows { rows, .. }) = read(text, &["b.bed"]) else {
            panic!("accepted")
        };
        assert_eq!(
            rows.iter().map(|row| row.line).collect::<Vec<_>>(),
            [2, 3, 4, 5]
        );
        assert!(read("file,x\n1,2\n", &[]).is_err());
        assert!(read("name,filename\n", &[]).is_err());
    }
}
