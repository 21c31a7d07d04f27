//! A file that is there already, in another place too.

use std::fs;
use std::path::Path;

use super::partial::Partial;
use super::remove_if_there;
use crate::error::{IoContext, Result};

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
    // A process of the same number may have left a link to the source there: copying would empty that.
    remove_if_there(&partial)?;
    let linked = fs::hard_link(&source, &partial).is_ok();
    if !linked {
        fs::copy(&source, &partial).at(target)?;
    }
    file.complete()?;
    // Where both names are of one file already, renaming leaves both.
    remove_if_there(&partial)?;
    Ok(linked)
}

#[cfg(test)]
mod tests {
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
}
