//! The files of a hub: where their names lead, and the stanzas in them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::findings::{Findings, Place, Severity};
use super::settings::is_among;
use super::suggestion::suggestion;
use crate::browser::hub::stanza::{Setting, Stanza, parse};
use crate::error::Error;

/// The largest text file that the browser reads
/// (`MAX_HUB_TRACKDB_FILE_SIZE` of `src/hg/inc/trackHub.h`).
const LARGEST_TEXT: u64 = 64 << 20;
/// Files included by one file, directly or not.
const MOST_INCLUDES: usize = 1000;

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

/// The stanzas of a file and of those that it includes. What cannot be read is reported at `from`,
/// or at the file itself.
pub fn read(file: &Path, from: Option<&Place>, found: &mut Findings) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut left = MOST_INCLUDES;
    read_into(&mut entries, file, from, &mut Vec::new(), &mut left, found);
    entries
}

fn read_into(
    entries: &mut Vec<Entry>,
    file: &Path,
    from: Option<&Place>,
    around: &mut Vec<PathBuf>,
    left: &mut usize,
    found: &mut Findings,
) {
    let whole = Place {
        file: file.to_path_buf(),
        line: 0,
    };
    let from = from.unwrap_or(&whole);
    if around.iter().any(|other| other == file) {
        return found.error(from, format!("{} includes itself", file.display()));
    }
    let text = match text(&found.dir().join(file)) {
        Ok(text) => text,
        Err(problem) => return found.error(from, format!("{}: {problem}", file.display())),
    };
    around.push(file.to_path_buf());
    for stanza in parse(&text) {
        let entry = Entry {
            file: file.to_path_buf(),
            stanza,
        };
        if entry.stanza.kind() != "include" {
            report_twice(&entry, found);
            entries.push(entry);
        } else if *left == 0 {
            found.error(
                &entry.place(),
                format!("more than {MOST_INCLUDES} includes"),
            );
            break;
        } else {
            *left -= 1;
            let place = entry.place();
            if let Some(included) = entry.file_of("include", found) {
                read_into(entries, &included, Some(&place), around, left, found);
            }
        }
    }
    around.pop();
}

/// Reports settings that come twice in a stanza.
fn report_twice(entry: &Entry, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for setting in entry.stanza.settings() {
        let name = setting.name.as_str();
        if seen.insert(name) {
            continue;
        }
        let message = if name == entry.stanza.kind() {
            format!("a second '{name}' in one stanza: is the blank line before it missing?")
        } else {
            format!("'{name}' comes twice in one stanza")
        };
        found.error(&entry.place_of(setting), message);
    }
}

fn text(path: &Path) -> Result<String, String> {
    check_file(path)?;
    let length = path.metadata().map_or(0, |metadata| metadata.len());
    if length > LARGEST_TEXT {
        return Err(format!(
            "has {length} bytes, and browsers read {LARGEST_TEXT}"
        ));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn check_file(path: &Path) -> Result<(), String> {
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::broken::{data, lines, only, says, tracks};
    use crate::browser::hub::testing::Data;

    #[test]
    fn files_exist_and_are_whole() {
        only(
            &data(|out| fs::remove_file(out.join("test/K562/pairs.bb")).unwrap()),
            &["error", "K562/pairs.bb", "no such file"],
        );
        only(
            &data(|out| {
                fs::remove_file(out.join("test/K562/pairs.bb")).unwrap();
                fs::write(out.join("test/K562/pairs.bb"), "").unwrap()
            }),
            &["error", "K562/pairs.bb", "empty"],
        );
        only(
            &data(|out| {
                fs::remove_file(out.join("test/K562/pairs.bb")).unwrap();
                fs::write(out.join("test/K562/pairs.bb"), "hello hello").unwrap()
            }),
            &["error", "K562/pairs.bb", "neither bigWig nor bigBed"],
        );
        only(
            &data(|out| {
                fs::remove_file(out.join("test/K562/pairs.bb")).unwrap();
                fs::create_dir(out.join("test/K562/pairs.bb")).unwrap()
            }),
            &["error", "K562/pairs.bb", "not a file"],
        );
        let cut = |out: &Path| {
            let path = out.join("test/K562/pairs.bb");
            let bytes = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            fs::write(&path, &bytes[..60]).unwrap();
        };
        only(&data(cut), &["error", "K562/pairs.bb", "broken"]);
    }

    #[test]
    fn addresses_stay_in_the_directory() {
        says(
            &tracks("bigDataUrl K562/pairs.bb", "bigDataUrl ../../pairs.bb"),
            &["warning", "leaves the hub's directory"],
        );
        let inside = tracks(
            "bigDataUrl K562/pairs.bb",
            "bigDataUrl ../test/./K562/pairs.bb",
        );
        assert_eq!(inside, Vec::<String>::new());
        only(
            &tracks("bigDataUrl K562/pairs.bb", "bigDataUrl /etc/hosts"),
            &["error", "absolute path"],
        );
        only(
            &tracks(
                "bigDataUrl K562/pairs.bb",
                "bigDataUrl https://example.org/a.bb",
            ),
            &["note", "not checked"],
        );
        only(
            &tracks(
                "bigDataUrl K562/pairs.bb",
                "bigDataUrl gopher://example.org/a.bb",
            ),
            &["error", "gopher"],
        );
    }

    #[test]
    fn includes_are_followed_but_not_for_ever() {
        let data = Data::new();
        let (_dir, out) = data.written(false, false);
        let path = out.join("test/trackDb.txt");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(
            out.join("test/more.txt"),
            text.replace("interactUp true", "interactUp up"),
        )
        .unwrap();
        fs::write(&path, "include more.txt\n").unwrap();
        says(&lines(&out), &["test/more.txt:", "error", "interactUp"]);
        fs::write(
            out.join("test/more.txt"),
            format!("include trackDb.txt\n\n{text}"),
        )
        .unwrap();
        only(&lines(&out), &["test/more.txt:1: error", "includes itself"]);
        fs::write(&path, format!("include gone.txt\n\n{text}")).unwrap();
        only(
            &lines(&out),
            &["test/trackDb.txt:1: error", "gone.txt", "no such file"],
        );
        let nested = out.join("test/0.txt");
        fs::write(&path, "include 0.txt\n").unwrap();
        fs::write(nested, "include 1.txt\ninclude 1.txt\n").unwrap();
        for depth in 1..64 {
            let next = depth + 1;
            fs::write(
                out.join(format!("test/{depth}.txt")),
                format!("include {next}.txt\ninclude {next}.txt\n"),
            )
            .unwrap();
        }
        says(&lines(&out), &["error", "includes"]);
    }
}
