//! Findings and where they are.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::browser::hub::stanza::Place;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something that could not be checked.
    Note,
    /// Something that a browser ignores or cuts, or may not find.
    Warning,
    /// Something that keeps a browser from showing a track as it is meant.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something about a hub that its author should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What it is, in a line.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line } = &self.place;
        let file = file.display().to_string();
        write!(f, "{}:", file.replace(char::is_control, " "))?;
        if *line > 0 {
            write!(f, "{line}:")?;
        }
        write!(f, " {}: {}", self.severity, self.message)
    }
}

/// Findings as they come.
#[derive(Debug)]
pub struct Findings {
    dir: PathBuf,
    findings: Vec<(usize, Finding)>,
    files: Vec<Arc<Path>>,
}

impl Findings {
    /// For the hub of a directory.
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_path_buf(),
            findings: Vec::new(),
            files: Vec::new(),
        }
    }

    /// The hub's directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether nothing was found so far.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds an error.
    pub fn error(&mut self, at: &Place, message: impl fmt::Display) {
        self.add(Severity::Error, at, message);
    }

    /// Adds a warning.
    pub fn warning(&mut self, at: &Place, message: impl fmt::Display) {
        self.add(Severity::Warning, at, message);
    }

    /// Adds a finding. Files keep the order in which they come up first.
    pub fn add(&mut self, severity: Severity, at: &Place, message: impl fmt::Display) {
        let known = self.files.iter().position(|file| *file == at.file);
        let order = known.unwrap_or_else(|| {
            self.files.push(at.file.clone());
            self.files.len() - 1
        });
        let finding = Finding {
            severity,
            place: at.clone(),
            message: message.to_string().replace(char::is_control, " "),
        };
        self.findings.push((order, finding));
    }

    /// All findings by file and line, each once.
    pub fn finish(mut self) -> Vec<Finding> {
        let place = |(order, finding): &(usize, Finding)| (*order, finding.place.line);
        self.findings.sort_by_key(place);
        self.findings.dedup();
        let findings = self.findings.into_iter();
        findings.map(|(_, finding)| finding).collect()
    }
}
