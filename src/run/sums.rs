//! Checksums of the files that results rest on: weights, split and context. `run.json` keeps them, and who reads one
//! of the files compares.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::output::provenance::Input;

/// SHA-256 of files by their names in a run's folder.
pub type Sums = BTreeMap<String, String>;

/// The sums of some files of a folder.
pub fn of(dir: &Path, files: impl IntoIterator<Item = PathBuf>) -> Result<Sums> {
    let sum = |path: PathBuf| Ok((name_in(dir, &path), Input::new(&path)?.sha256));
    files.into_iter().map(sum).collect()
}

/// A file of a folder and its checksum, which has to be that of what the training wrote, where that is known.
pub fn checked(sums: &Sums, dir: &Path, path: &Path) -> Result<Input> {
    let input = Input::new(path)?;
    match sums.get(&name_in(dir, path)) {
        Some(sum) if *sum != input.sha256 => {
            let problem = "is not what the training wrote: its content has changed";
            Err(Error::format(path, problem))
        }
        _ => Ok(input),
    }
}

/// What a file of a folder is called in it.
fn name_in(dir: &Path, path: &Path) -> String {
    let name = path.strip_prefix(dir).unwrap_or(path);
    let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
