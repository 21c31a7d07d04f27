//! What results were made from.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, IoContext, Result};

/// The version of epitrack that is running.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An input file and its checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Absolute path, without symbolic links.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Input {
    /// Reads a file through once to sum it up.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn new(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.canonicalize().at(path)?,
            sha256: sha256(File::open(path).at(path)?).at(path)?,
        })
    }

    /// Checks that the file is what it was.
    ///
    /// # Errors
    ///
    /// A file that is not there any more, or holds something else.
    pub fn unchanged(&self) -> Result<()> {
        match Self::new(&self.path)?.sha256 == self.sha256 {
            true => Ok(()),
            false => Err(Error::format(&self.path, "has changed since it was used")),
        }
    }

    /// The same input as a file of `dir` should name it: relative to `dir` where it lies in the
    /// folder around that, so that this folder can be moved as a whole, and so that two such
    /// folders hold the same bytes.
    ///
    /// # Errors
    ///
    /// A folder that does not exist.
    pub fn seen_from(&self, dir: &Path) -> Result<Self> {
        let dir = dir.canonicalize().at(dir)?;
        let inside = dir
            .parent()
            .and_then(|around| self.path.strip_prefix(around).ok());
        Ok(Self {
            path: inside.map_or(self.path.clone(), |inside| Path::new("..").join(inside)),
            ..self.clone()
        })
    }

    /// The opposite of [`Input::seen_from`]. A file that is not there any more keeps a path that
    /// says where it was looked for.
    pub fn found_from(&mut self, dir: &Path) {
        let path = dir.join(&self.path);
        self.path = path.canonicalize().unwrap_or(path);
    }
}

/// Makes paths whole, without following links: whoever reads them later may stand elsewhere.
///
/// # Errors
///
/// An empty path.
pub fn make_whole<'a>(paths: impl IntoIterator<Item = &'a mut PathBuf>) -> Result<()> {
    for path in paths {
        *path = std::path::absolute(&*path).at(&*path)?;
    }
    Ok(())
}

/// SHA-256, in hexadecimal, of a value as JSON: what two values share only if they are the same.
///
/// # Errors
///
/// A value that JSON cannot hold.
pub fn digest(value: &impl Serialize) -> Result<String> {
    let json = serde_json::to_vec(value);
    let json = json.map_err(|error| Error::Configuration(error.to_string()))?;
    Ok(hex(&Sha256::digest(&json)))
}

fn sha256(file: File) -> io::Result<String> {
    let mut reader = BufReader::new(file);
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match reader.read(&mut buffer)? {
            0 => break,
            read => digest.update(&buffer[..read]),
        }
    }
    Ok(hex(&digest.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_sha_256() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        // FIPS 180-2, appendix B.1
        assert_eq!(
            Input::new(&path).unwrap().sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
