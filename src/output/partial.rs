//! A file under another name until it is complete.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufWriter;
use std::mem;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::folder_of;
use crate::error::{IoContext, Result};

/// How the names of unfinished files begin and end. Between stand a checksum of the file's name, by which
/// those that a killed process left are known, the process and a number, so that two never write to one;
/// the name is short whatever the file is called.
const BEGIN: &str = ".epitrack-";
const END: &str = ".partial";

/// The unfinished files of this process, and its locks.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is written under another name and takes its own when it is complete; until then it goes
/// where it is dropped, and when the process is told to stop ([`abandon`]).
pub struct Partial {
    target: PathBuf,
    partial: PathBuf,
}

impl Partial {
    /// A partial file for `target`, in the same folder.
    pub fn new(target: impl Into<PathBuf>) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let target = target.into();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}{}-{number}{END}", begin(&target), process::id());
        let partial = target.with_file_name(name);
        remember(&partial);
        Self { target, partial }
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// What it will be called: what errors name.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A buffered writer to the partial file.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn create(&self) -> Result<BufWriter<File>> {
        // Not while all of them are being removed.
        let _all = unfinished();
        let file = File::create(&self.partial);
        file.map(BufWriter::new).at(&self.target)
    }

    /// Gives the complete file its name.
    ///
    /// # Errors
    ///
    /// A file that cannot be written to the disk or renamed.
    pub fn complete(self) -> Result<()> {
        // On the disk before it has its name: a power cut must not leave a named empty file.
        let file = File::open(&self.partial);
        file.and_then(|file| file.sync_all()).at(&self.target)?;
        fs::rename(&self.partial, &self.target).at(&self.target)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // A complete one has another name by now.
        forget(&self.partial);
    }
}

/// How the names of a file's unfinished forms begin.
fn begin(target: &Path) -> String {
    let mut sum = DefaultHasher::new();
    target.file_name().hash(&mut sum);
    format!("{BEGIN}{:08x}-", sum.finish() as u32)
}

/// Notes a file that is to go when the process is told to stop.
pub(super) fn remember(path: &Path) {
    unfinished().insert(path.to_path_buf());
}

/// Removes such a file.
pub(super) fn forget(path: &Path) {
    let _ = fs::remove_file(path);
    unfinished().remove(path);
}

/// Removes every unfinished file of this process, which must end then: whoever begins another one waits
/// for ever.
pub fn abandon() {
    let all = unfinished();
    for path in all.iter() {
        let _ = fs::remove_file(path);
    }
    mem::forget(all);
}

/// Removes what processes that were killed have left unfinished in a folder and those in it.
pub(super) fn remove_left_over(dir: &Path) {
    remove_beginning(dir, BEGIN, true);
}

/// Removes what processes that were killed have left unfinished of a file.
pub(super) fn remove_left_over_of(file: &Path) {
    remove_beginning(folder_of(file), &begin(file), false);
}

fn remove_beginning(dir: &Path, begin: &str, also_below: bool) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if also_below && entry.file_type().is_ok_and(|of| of.is_dir()) {
            remove_beginning(&path, begin, true);
        } else if name.starts_with(begin) && name.ends_with(END) && !unfinished().contains(&path) {
            let _ = fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_is_not_completed_goes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x".repeat(250));
        let file = Partial::new(&path);
        file.create().unwrap().write_all(b"half").unwrap();
        let partial = file.path().to_path_buf();
        assert!(partial.exists());
        drop(file);
        assert!(!partial.exists() && !path.exists());

        let file = Partial::new(&path);
        file.create().unwrap().write_all(b"whole").unwrap();
        file.complete().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_others_left_goes_and_what_is_being_written_stays() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("matrix");
        fs::create_dir(&inner).unwrap();
        let left = inner.join(".epitrack-1-7.partial");
        fs::write(&left, "left").unwrap();
        let own = Partial::new(dir.path().join("own"));
        own.create().unwrap();
        let file = dir.path().join("x.bed");
        let of_file = dir.path().join(format!("{}1-7{END}", begin(&file)));
        fs::write(&of_file, "left").unwrap();
        remove_left_over_of(&file);
        assert!(left.exists() && !of_file.exists() && own.path().exists());
        remove_left_over(dir.path());
        assert!(!left.exists() && own.path().exists());
    }
}
