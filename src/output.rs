//! Files that are complete or absent.

mod claim;
mod folder;
mod lock;
pub mod multiqc;
mod partial;
mod place;
pub mod provenance;
pub mod shard;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use claim::Claim;
pub use folder::FolderKind;
pub use lock::wait_for_others;
pub use partial::{Partial, abandon};
pub use place::{is_same, place};

use crate::error::{Error, IoContext, Result};

/// Writes a whole file, complete or not at all.
///
/// # Errors
///
/// A folder that cannot be written to, a full disk.
pub fn write(path: impl Into<PathBuf>, contents: impl AsRef<[u8]>) -> Result<()> {
    write_with(path, |writer| writer.write_all(contents.as_ref()))
}

/// Writes a whole file piece by piece, complete or not at all.
///
/// # Errors
///
/// As [`write()`]; what `contents` returns.
pub fn write_with(
    path: impl Into<PathBuf>,
    contents: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<()> {
    let path = path.into();
    let file = Partial::new(&path);
    let mut writer = file.create()?;
    contents(&mut writer)
        .and_then(|()| writer.flush())
        .at(&path)?;
    file.complete()
}

/// Writes a header and rows with tabs between their fields, which hold none, complete or not at all.
///
/// # Errors
///
/// As [`write()`].
pub fn write_table(
    path: impl Into<PathBuf>,
    header: &str,
    rows: impl IntoIterator<Item: Serialize>,
) -> Result<()> {
    write_with(path, |writer| {
        writeln!(writer, "{header}")?;
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b'\t')
            .quote_style(csv::QuoteStyle::Never)
            .has_headers(false)
            .from_writer(writer);
        for row in rows {
            writer.serialize(row)?;
        }
        writer.flush()
    })
}

/// Refuses to write what is being read.
///
/// # Errors
///
/// An output that is one of the inputs, by whatever path.
pub fn spare<'a>(outputs: &[PathBuf], inputs: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    // What is not there yet is no input.
    let outputs: Vec<_> = outputs
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let replaced = |input: &&Path| input.canonicalize().is_ok_and(|of| outputs.contains(&of));
    match inputs.into_iter().find(replaced) {
        None => Ok(()),
        Some(input) => Err(Error::Configuration(format!(
            "{} is an input and would be replaced: choose another name for the output",
            input.display()
        ))),
    }
}

/// The folder that a file lies in.
pub fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    }
}

/// Makes a folder and those above it.
///
/// # Errors
///
/// A folder that cannot be made.
pub fn create_dir(path: impl AsRef<Path>) -> Result<()> {
    std::fs::create_dir_all(&path).at(path)
}

/// The last name of a folder's path, also of `.` and of links; where that is just `usual`, which says
/// nothing, the name of the folder around it.
pub fn folder_name(dir: &Path, usual: &str) -> String {
    let dir = dir.canonicalize().unwrap_or(dir.to_path_buf());
    let around = dir.parent().and_then(Path::file_name);
    let name = match (dir.file_name(), around) {
        (Some(name), Some(around)) if name == usual => around,
        (name, _) => name.unwrap_or_default(),
    };
    name.to_string_lossy().into_owned()
}

/// Writes a value as indented JSON, complete or not at all.
///
/// # Errors
///
/// A folder that cannot be written to, a full disk.
pub fn write_json(path: impl Into<PathBuf>, value: &impl Serialize) -> Result<()> {
    let path = path.into();
    let json = serde_json::to_string_pretty(value).map_err(|error| Error::format(&path, error))?;
    write(path, json + "\n")
}

/// Removes a file, if it is there.
///
/// # Errors
///
/// A file that cannot be removed.
pub fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).at(path),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_not_replaced_by_whatever_path() {
        let dir = tempfile::tempdir().unwrap();
        let [input, output] = ["peaks.bed", "new.bed"].map(|name| dir.path().join(name));
        write(&input, "chr1").unwrap();
        let again = dir.path().join(".").join("peaks.bed");
        let said = spare(&[output.clone(), again], [input.as_path()]).unwrap_err();
        assert!(said.to_string().contains("peaks.bed is an input"), "{said}");
        assert!(spare(&[output], [input.as_path()]).is_ok());
    }

    #[test]
    fn a_usual_name_gives_way_to_that_of_the_folder_around_it() {
        let dir = tempfile::tempdir().unwrap();
        let run = dir.path().join("K562").join("run");
        create_dir(&run).unwrap();
        assert_eq!(folder_name(&run, "run"), "K562");
        assert_eq!(folder_name(&run, "tracks"), "run");
        assert_eq!(folder_name(&run.join("."), "run"), "K562");
        assert_eq!(folder_name(Path::new("/"), "run"), "");
    }
}
