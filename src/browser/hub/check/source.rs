//! The files of a hub: the stanzas in them and in those that they include.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::entry::check_file;
use super::findings::Findings;
use crate::browser::hub::stanza::{Place, Stanza, parse};

/// The largest text file that the browser reads
/// (`MAX_HUB_TRACKDB_FILE_SIZE` of `src/hg/inc/trackHub.h`).
const LARGEST_TEXT: u64 = 64 << 20;
/// Files included by one file, directly or not.
const MOST_INCLUDES: usize = 1000;

/// The stanzas of a file and of those that it includes. What cannot be read is reported at `from`,
/// or at the file itself.
pub fn read(file: &Path, from: Option<&Place>, found: &mut Findings) -> Vec<Stanza> {
    let mut reading = Reading {
        stanzas: Vec::new(),
        around: Vec::new(),
        left: MOST_INCLUDES,
        found,
    };
    reading.read(file, from.unwrap_or(&Place::whole(file)));
    reading.stanzas
}

/// A file that is being read, and what came before.
struct Reading<'a> {
    stanzas: Vec<Stanza>,
    /// The file that is being read, and those that include it.
    around: Vec<PathBuf>,
    /// How many more files may be included.
    left: usize,
    found: &'a mut Findings,
}

impl Reading<'_> {
    fn read(&mut self, file: &Path, from: &Place) {
        let name = file.display();
        if self.around.iter().any(|other| other == file) {
            return self.found.error(from, format!("{name} includes itself"));
        }
        let text = match text(&self.found.dir().join(file)) {
            Ok(text) => text,
            Err(problem) => return self.found.error(from, format!("{name}: {problem}")),
        };
        self.around.push(file.to_path_buf());
        for stanza in parse(file, &text) {
            if stanza.kind() != "include" {
                report_twice(&stanza, self.found);
                self.stanzas.push(stanza);
            } else if self.left == 0 {
                let message = format!("more than {MOST_INCLUDES} includes");
                self.found.error(stanza.place(), message);
                break;
            } else {
                self.left -= 1;
                if let Some((included, place)) = stanza.file_of("include", self.found) {
                    self.read(&included, place);
                }
            }
        }
        self.around.pop();
    }
}

/// Reports settings that come twice in a stanza.
fn report_twice(stanza: &Stanza, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for setting in stanza.settings() {
        let name = setting.name.as_str();
        if seen.insert(name) {
            continue;
        }
        let message = if name == stanza.kind() {
            format!("a second '{name}' in one stanza: is the blank line before it missing?")
        } else {
            format!("'{name}' comes twice in one stanza")
        };
        found.error(&setting.place, message);
    }
}

fn text(path: &Path) -> Result<String, String> {
    check_file(path)?;
    let length = path.metadata().map_or(0, |metadata| metadata.len());
    if length > LARGEST_TEXT {
        let message = format!("has {length} bytes, and browsers read {LARGEST_TEXT}");
        return Err(message);
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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
