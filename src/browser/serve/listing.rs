//! A page that lists a folder.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::root::{Root, is_hidden};
use crate::text::escape;

/// The page of a folder that clients know as `title`. What they may not see is left out, and so
/// are names that are not UTF-8.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn page(root: &Root, folder: &Path, title: &str) -> io::Result<String> {
    let mut items = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if is_hidden(&entry.file_name()) {
            continue;
        }
        let metadata = root
            .inside(&entry.path())
            .and_then(|path| path.metadata().ok());
        let Some((name, metadata)) = entry.file_name().into_string().ok().zip(metadata) else {
            continue;
        };
        if metadata.is_dir() {
            items.push((name + "/", None));
        } else if metadata.is_file() {
            items.push((name, Some(metadata.len())));
        }
    }
    items.sort();

    let title = escape::markup(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <h1>{title}</h1>\n<ul>\n"
    );
    if title != "/" {
        page.push_str("<li><a href=\"../\">../</a></li>\n");
    }
    for (name, size) in items {
        let size = size.map_or(String::new(), |size| format!(" {size} bytes"));
        let (href, name) = (escape::path(&name), escape::markup(&name));
        // Writing to a string does not fail.
        let _ = writeln!(page, "<li><a href=\"./{href}\">{name}</a>{size}</li>");
    }
    page.push_str("</ul>\n</html>\n");
    Ok(page)
}
