//! A stanza of a hub's file, and where the addresses in it lead.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::findings::{Findings, Place, Severity};
use super::settings::is_among;
use super::suggestion::suggestion;
use crate::browser::hub::stanza::{Setting, Stanza};
use crate::error::Error;

/// A stanza and the file it stands in, as seen from the hub's directory.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The file.
    pub file: PathBuf,
    /// The stanza.
    pub stanza: Stanza,
}

impl Entry {
    /// Where the stanza begins.
    pub fn place(&self) -> Place {
        self.at(self.stanza.line())
    }

    /// Where one of its settings is.
    pub fn place_of(&self, setting: &Setting) -> Place {
        self.at(setting.line)
    }

    fn at(&self, line: usize) -> Place {
        Place {
            file: self.file.clone(),
            line,
        }
    }

    /// Where the setting of this name is, or else where the stanza begins.
    pub fn place_at(&self, name: &str) -> Place {
        self.at(self.stanza.get(name).map_or(self.stanza.line(), |s| s.line))
    }

    /// Whether the stanza begins with a word, which is reported where it does not.
    pub fn begins_with(&self, word: &str, found: &mut Findings) -> bool {
        let kind = self.stanza.kind();
        if kind != word {
            let message = format!("begins with '{kind}', not with '{word}'");
            found.error(&self.place(), message);
        }
        kind == word
    }

    /// Reports the settings that are missing, or that have no value.
    pub fn require(&self, names: &[&str], found: &mut Findings) {
        for name in names {
            if self.stanza.get(name).is_none() {
                let subject = self.stanza.subject();
                let kind = self.stanza.kind();
                found.error(&self.place(), format!("{kind} {subject} has no '{name}'"));
            }
        }
    }

    /// The file that a setting names, if it is there to be read; what is not is reported.
    pub fn file_of(&self, name: &str, found: &mut Findings) -> Option<PathBuf> {
        let setting = self
            .stanza
            .get(name)
            .filter(|setting| !setting.value.is_empty())?;
        self.existing(setting, &setting.value, Severity::Error, found)
    }

    /// The file that an address leads to, which a setting is about: a path as seen from the hub's
    /// directory. `None` for what is elsewhere or missing, which is reported, missing ones with
    /// `severity`.
    pub fn existing(
        &self,
        setting: &Setting,
        address: &str,
        severity: Severity,
        found: &mut Findings,
    ) -> Option<PathBuf> {
        let place = self.place_of(setting);
        let path = self.path(address, &place, found)?;
        match check_file(&found.dir().join(&path)) {
            Ok(()) => Some(path),
            Err(problem) => {
                let message = format!("{}: {problem}", path.display());
                found.add(severity, &place, message);
                None
            }
        }
    }

    /// The path of an address within the hub.
    fn path(&self, address: &str, place: &Place, found: &mut Findings) -> Option<PathBuf> {
        if let Some((protocol, _)) = address.split_once("://") {
            if ["http", "https", "ftp"].contains(&protocol) {
                let message = format!("{address} is on another machine: not checked");
                found.note(place, message);
            } else {
                let message = format!("browsers know no address of the kind {protocol}://");
                found.error(place, message);
            }
            return None;
        }
        if Path::new(address).has_root() {
            let message = "is an absolute path, which means nothing on a web server";
            found.error(place, format!("{address} {message}"));
            return None;
        }
        let beside = self.file.parent().unwrap_or(Path::new("")).join(address);
        let path = without_dots(&beside);
        if path.is_none() {
            found.warning(place, format!("{address} leaves the hub's directory"));
        }
        Some(path.unwrap_or(beside))
    }

    /// Reports a setting that is not among those that browsers know.
    pub fn unknown(
        &self,
        setting: &Setting,
        known: impl Iterator<Item = &'static str>,
        found: &mut Findings,
    ) {
        let name = &setting.name;
        let suggestion = suggestion(name, known);
        let message = format!("'{name}' is an unknown setting{suggestion}");
        found.warning(&self.place_of(setting), message);
    }

    /// Reports settings without a value, and those that are not among these words.
    pub fn check_known(&self, known: &'static str, found: &mut Findings) {
        for setting in self.stanza.settings() {
            let name = &setting.name;
            if !is_among(known, name) {
                self.unknown(setting, known.split_whitespace(), found);
            } else if setting.value.is_empty() {
                found.error(&self.place_of(setting), format!("{name} has no value"));
            }
        }
    }

    /// Reports a label that is longer than browsers show.
    pub fn check_label(&self, name: &str, longest: usize, found: &mut Findings) {
        let Some(setting) = self.stanza.get(name) else {
            return;
        };
        let length = setting.value.chars().count();
        if length > longest {
            let message = format!("{name} has {length} characters; browsers show {longest}");
            found.warning(&self.place_of(setting), message);
        }
    }
}

/// Says what keeps a file from being read.
pub fn check_file(path: &Path) -> Result<(), String> {
    match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err("no such file".to_string()),
        Err(error) => Err(error.to_string()),
        Ok(metadata) if !metadata.is_file() => Err("is not a file".to_string()),
        Ok(metadata) if metadata.len() == 0 => Err("is empty".to_string()),
        Ok(_) => Ok(()),
    }
}

/// The same path without `.` and `..`, unless it leads out of the folder it starts from.
fn without_dots(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => clean.pop().then_some(())?,
            part => clean.push(part),
        }
    }
    Some(clean)
}

/// What is wrong with a file of the hub, told without the hub's directory.
pub fn unreadable(path: &Path, error: &Error) -> String {
    let problem = match error {
        Error::Format { message, .. } => message.clone(),
        Error::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    };
    format!("{}: {problem}", path.display())
}
