//! A file that is there already, in another place too.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use super::partial::Partial;
use super::remove_if_there;
use crate::error::{IoContext, Result};

/// How much of each file is compared at once, in bytes.
const BLOCK: usize = 1 << 20;

/// Puts a file in another place too, as a hard link where the file system allows, and says whether it did.
/// What was there is replaced.
///
/// # Errors
///
/// A file that cannot be read, a folder that cannot be written to.
pub fn place(source: &Path, target: &Path) -> Result<bool> {
    // A hard link to a symbolic link would be a link to a place that may move.
    let source = source.canonicalize().at(source)?;
    let file = Partial::new(target);
    let partial = file.path().to_path_buf();
    let linked = file.link(&source)?;
    if !linked {
        let mut source = File::open(&source).at(&source)?;
        let mut copy = file.create()?;
        let copied = io::copy(&mut source, &mut copy);
        let permissions = source.metadata().map(|about| about.permissions());
        copied
            .and_then(|_| copy.flush())
            .and_then(|()| copy.get_ref().set_permissions(permissions?))
            .at(target)?;
    }
    file.complete()?;
    // Where both names are of one file already, renaming leaves both.
    remove_if_there(&partial)?;
    Ok(linked)
}

/// Whether two files hold the same bytes: one file in two places, or as much and the same.
///
/// # Errors
///
/// A file that cannot be read.
pub fn is_same(one: &Path, other: &Path) -> Result<bool> {
    let open = |path: &Path| -> Result<(File, Metadata)> {
        let file = File::open(path).at(path)?;
        let about = file.metadata().at(path)?;
        Ok((file, about))
    };
    let ((file, about), (other_file, about_other)) = (open(one)?, open(other)?);
    if is_one_file(&about, &about_other) {
        return Ok(true);
    }
    if about.len() != about_other.len() {
        return Ok(false);
    }
    have_same_bytes(file, other_file).at(one)
}

#[cfg(unix)]
fn is_one_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Systems where files have no numbers: their bytes tell.
#[cfg(not(unix))]
fn is_one_file(_one: &Metadata, _other: &Metadata) -> bool {
    false
}

fn have_same_bytes(one: File, other: File) -> io::Result<bool> {
    let mut one = BufReader::with_capacity(BLOCK, one);
    let mut other = BufReader::with_capacity(BLOCK, other);
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let both = left.len().min(right.len());
        if both == 0 {
            return Ok(left.len() == right.len());
        }
        if left[..both] != right[..both] {
            return Ok(false);
        }
        one.consume(both);
        other.consume(both);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_there_twice_and_over_itself_once() {
        let dir = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| dir.path().join(name));
        fs::write(&one, "x").unwrap();
        fs::write(&other, "y").unwrap();
        for _ in 0..2 {
            place(&one, &other).unwrap();
            assert_eq!(fs::read(&other).unwrap(), b"x");
        }
        place(&one, &one).unwrap();
        assert_eq!(fs::read(&one).unwrap(), b"x");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        assert!(place(&dir.path().join("nowhere"), &other).is_err());
    }

    #[test]
    fn the_same_bytes_are_known_whatever_their_place() {
        let dir = tempfile::tempdir().unwrap();
        let [one, linked, other] = ["one", "linked", "other"].map(|name| dir.path().join(name));
        let mut bytes = vec![7u8; BLOCK + 10];
        fs::write(&one, &bytes).unwrap();
        place(&one, &linked).unwrap();
        assert!(is_same(&one, &linked).unwrap());
        fs::write(&other, &bytes).unwrap();
        assert!(is_same(&one, &other).unwrap());
        // Behind the first block, and of another length.
        bytes[BLOCK + 5] = 8;
        fs::write(&other, &bytes).unwrap();
        assert!(!is_same(&one, &other).unwrap());
        fs::write(&other, &bytes[..BLOCK]).unwrap();
        assert!(!is_same(&one, &other).unwrap());
        assert!(is_same(&one, &dir.path().join("nowhere")).is_err());
    }
}
