//! The folder that is served, and what of it a client may see.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::error::{Error, IoContext, Result};
use crate::text::escape;

/// What stands for a folder, if it has it.
const INDEX: &str = "index.html";

/// A folder, by the path that no symbolic link is part of.
#[derive(Debug)]
pub struct Root(PathBuf);

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A file, that is in the folder also after every symbolic link was followed.
    File(PathBuf),
    /// A folder without an index file, and its name as the client knows it, with `/` at either end.
    Folder(PathBuf, String),
    /// A folder whose address lacks the last `/`, without which its relative links fail; the right
    /// address.
    Moved(String),
}

impl Root {
    /// Finds the folder.
    ///
    /// # Errors
    ///
    /// A path that does not lead to a folder.
    pub fn new(dir: &Path) -> Result<Self> {
        let path = dir.canonicalize().at(dir)?;
        if path.is_dir() {
            Ok(Self(path))
        } else {
            Err(Error::format(dir, "is not a folder"))
        }
    }

    /// What an address leads to, if it is anything that a client may see.
    pub fn find(&self, target: &str) -> Option<Found> {
        let encoded = path_of(target)?;
        let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
        let names: Vec<&str> = decoded.split('/').filter(|name| !name.is_empty()).collect();
        if !names.iter().all(|name| is_plain(name)) {
            return None;
        }
        let path = self.inside(
            &names
                .iter()
                .fold(self.0.clone(), |path, name| path.join(name)),
        )?;
        let as_folder = decoded.ends_with('/');
        match (path.is_dir(), as_folder) {
            (true, false) => Some(Found::Moved(format!(
                "/{}/",
                escape::path(&names.join("/"))
            ))),
            (true, true) => Some(match self.inside(&path.join(INDEX)) {
                Some(index) if index.is_file() => Found::File(index),
                _ => Found::Folder(path, decoded.into_owned()),
            }),
            // Not a pipe or a device, on which a thread would wait for ever.
            (false, false) if path.is_file() => Some(Found::File(path)),
            (false, _) => None,
        }
    }

    /// Where a path really leads, if that is in the folder and nothing on the way is hidden.
    pub fn inside(&self, path: &Path) -> Option<PathBuf> {
        let path = path.canonicalize().ok()?;
        let below = path.strip_prefix(&self.0).ok()?;
        let hidden = below.components().any(|part| is_hidden(part.as_os_str()));
        (!hidden).then_some(path)
    }
}

/// The path of a request's target: what stands before the query, after scheme and host if the
/// client named them (<https://www.rfc-editor.org/rfc/rfc9112#section-3.2>).
fn path_of(target: &str) -> Option<&str> {
    let path = target.split(['?', '#']).next()?;
    if path.starts_with('/') {
        return Some(path);
    }
    let (_, rest) = path.split_once("://")?;
    Some(rest.find('/').map_or("/", |slash| &rest[slash..]))
}

/// Whether a decoded name is one name on every system: no way up, no drive, no separator.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let one = matches!(parts.next(), Some(Component::Normal(part)) if part == OsStr::new(name));
    one && parts.next().is_none()
        && !is_hidden(OsStr::new(name))
        && !name
            .chars()
            .any(|character| character == '\\' || character.is_control())
}

/// Whether a file's name says that it is not for others, such as one that is still being written.
pub fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_not_plain() {
        for name in [
            "", ".", "..", ".hidden", "a/b", "a\\b", "a\0b", "a\nb", "/", "\u{7f}",
        ] {
            assert!(!is_plain(name), "{name:?}");
        }
        for name in ["a", "a.b", "a..", "…", "a b", "é%"] {
            assert!(is_plain(name), "{name:?}");
        }
    }

    #[test]
    fn the_path_of_an_address_stands_before_its_query() {
        assert_eq!(path_of("/a/b?c/d"), Some("/a/b"));
        assert_eq!(path_of("http://host:1/a#b"), Some("/a"));
        assert_eq!(path_of("http://host"), Some("/"));
        assert_eq!(path_of("*"), None);
        assert_eq!(path_of("a/b"), None);
    }
}
