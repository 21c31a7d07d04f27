//! A page that lists a folder.

use std::fs::DirEntry;
use std::io;
use std::path::Path;

use askama::Template;

use super::root::{Root, is_hidden};
use crate::text::escape;

/// What the template shows.
#[derive(Debug, Template)]
#[template(path = "serve/listing.html", config = "assets/askama.toml")]
struct Listing<'a> {
    title: &'a str,
    items: Vec<Item>,
}

/// A file, or a folder, whose name ends with `/` and which has no size.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    name: String,
    /// The name as it may stand in an address.
    address: String,
    size: Option<u64>,
}

/// The page of a folder that clients know as `title`. What they may not see is left out, and so
/// are names that are not UTF-8.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn page(root: &Root, folder: &Path, title: &str) -> io::Result<String> {
    let mut items = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        items.extend(item(root, &entry?));
    }
    items.sort();
    // A template's last line end is not part of it.
    Ok(format!("{}\n", Listing { title, items }))
}

fn item(root: &Root, entry: &DirEntry) -> Option<Item> {
    if is_hidden(&entry.file_name()) {
        return None;
    }
    let metadata = root.inside(&entry.path())?.metadata().ok()?;
    let name = entry.file_name().into_string().ok()?;
    let (name, size) = match (metadata.is_dir(), metadata.is_file()) {
        (true, _) => (name + "/", None),
        (false, true) => (name, Some(metadata.len())),
        (false, false) => return None,
    };
    Some(Item {
        address: escape::path(&name),
        name,
        size,
    })
}
