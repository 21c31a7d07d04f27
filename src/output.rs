//! Files that are complete or absent.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{IoContext, Result};

/// A file that is written under another name and takes its own when it is complete.
///
/// The other name is always the same, so that an interrupted run leaves at most one partial file
/// behind and the next run overwrites it.
pub struct Partial {
    target: PathBuf,
    partial: PathBuf,
}

impl Partial {
    /// A partial file for `target`, in the same folder.
    pub fn new(target: impl Into<PathBuf>) -> Self {
        let target = target.into();
        let mut name = std::ffi::OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(".partial");
        let partial = target.with_file_name(name);
        Self { target, partial }
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// A buffered writer to the partial file.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn create(&self) -> Result<BufWriter<File>> {
        File::create(&self.partial)
            .map(BufWriter::new)
            .at(&self.partial)
    }

    /// Gives the complete file its name.
    ///
    /// # Errors
    ///
    /// A file that cannot be written to the disk or renamed.
    pub fn complete(self) -> Result<()> {
        // On the disk before it has its name: a power cut must not leave a named empty file.
        File::open(&self.partial)
            .and_then(|file| file.sync_all())
            .at(&self.partial)?;
        std::fs::rename(&self.partial, &self.target).at(&self.target)
    }
}

/// Writes a whole file, complete or not at all.
///
/// # Errors
///
/// A folder that cannot be written to, a full disk.
pub fn write(path: impl Into<PathBuf>, contents: impl AsRef<[u8]>) -> Result<()> {
    let file = Partial::new(path);
    let mut writer = file.create()?;
    writer
        .write_all(contents.as_ref())
        .and_then(|()| writer.flush())
        .at(file.path())?;
    file.complete()
}

/// Makes a folder and those above it.
///
/// # Errors
///
/// A folder that cannot be made.
pub fn create_dir(path: impl AsRef<Path>) -> Result<()> {
    std::fs::create_dir_all(&path).at(path)
}
