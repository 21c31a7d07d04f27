//! What is checked of every stanza, and where the addresses in it lead.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::findings::{Findings, Severity};
use super::settings::is_among;
use super::suggestion::suggestion;
use crate::browser::hub::stanza::{Place, Setting, Stanza};
use crate::error::{Error, Result};

impl Stanza {
    /// Where the setting of this name is, or else where the stanza begins.
    pub fn place_of(&self, name: &str) -> &Place {
        let setting = self.get(name);
        setting.map_or(self.place(), |setting| &setting.place)
    }

    /// Whether the stanza begins with a word, which is reported where it does not.
    pub fn begins_with(&self, word: &str, found: &mut Findings) -> bool {
        let kind = self.kind();
        if kind != word {
            let message = format!("begins with '{kind}', not with '{word}'");
            found.error(self.place(), message);
        }
        kind == word
    }

    /// Reports the settings that are missing, or that have no value.
    pub fn require(&self, names: &[&str], found: &mut Findings) {
        for name in names {
            if self.get(name).is_none() {
                let (kind, subject) = (self.kind(), self.subject());
                found.error(self.place(), format!("{kind} {subject} has no '{name}'"));
            }
        }
    }

    /// The file that a setting names, if it is there to be read, and where it does; what is not is
    /// reported.
    pub fn file_of(&self, name: &str, found: &mut Findings) -> Option<(PathBuf, &Place)> {
        let setting = self.get(name).filter(|setting| !setting.value.is_empty())?;
        let file = setting.existing(&setting.value, Severity::Error, found)?;
        Some((file, &setting.place))
    }

    /// Reports settings without a value, and those that are not among these words.
    pub fn check_known(&self, known: &'static str, found: &mut Findings) {
        for setting in self.settings() {
            let name = &setting.name;
            if !is_among(known, name) {
                setting.unknown(known.split_whitespace(), found);
            } else if setting.value.is_empty() {
                found.error(&setting.place, format!("{name} has no value"));
            }
        }
    }

    /// Reports a label that is longer than browsers show.
    pub fn check_label(&self, name: &str, longest: usize, found: &mut Findings) {
        let Some(setting) = self.get(name) else {
            return;
        };
        let length = setting.value.chars().count();
        if length > longest {
            let message = format!("{name} has {length} characters; browsers show {longest}");
            found.warning(&setting.place, message);
        }
    }
}

impl Setting {
    /// The file that an address leads to, which the setting is about: a path as seen from the hub's
    /// directory. `None` for what is elsewhere or missing, which is reported, missing ones with
    /// `severity`.
    pub fn existing(
        &self,
        address: &str,
        severity: Severity,
        found: &mut Findings,
    ) -> Option<PathBuf> {
        let path = self.path(address, found)?;
        let Err(problem) = check_file(&found.dir().join(&path)) else {
            return Some(path);
        };
        let message = format!("{}: {problem}", path.display());
        found.add(severity, &self.place, message);
        None
    }

    /// The path of an address within the hub.
    fn path(&self, address: &str, found: &mut Findings) -> Option<PathBuf> {
        let place = &self.place;
        if let Some((protocol, _)) = address.split_once("://") {
            if ["http", "https", "ftp"].contains(&protocol) {
                let message = format!("{address} is on another machine: not checked");
                found.add(Severity::Note, place, message);
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
        let beside = place.file.parent().unwrap_or(Path::new("")).join(address);
        let path = without_dots(&beside);
        if path.is_none() {
            found.warning(place, format!("{address} leaves the hub's directory"));
        }
        Some(path.unwrap_or(beside))
    }

    /// Reports that the setting is not among those that browsers know.
    pub fn unknown(&self, known: impl Iterator<Item = &'static str>, found: &mut Findings) {
        let name = &self.name;
        let suggestion = suggestion(name, known);
        let message = format!("'{name}' is an unknown setting{suggestion}");
        found.warning(&self.place, message);
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

/// A file of the hub, opened; what keeps it from being read is reported, without the hub's
/// directory.
pub fn opened<T>(
    path: &Path,
    open: impl FnOnce(&Path) -> Result<T>,
    place: &Place,
    found: &mut Findings,
) -> Option<T> {
    let problem = match open(&found.dir().join(path)) {
        Ok(file) => return Some(file),
        Err(Error::Format { message, .. }) => message,
        Err(Error::Io { source, .. }) => source.to_string(),
        Err(other) => other.to_string(),
    };
    found.error(place, format!("{}: {problem}", path.display()));
    None
}
