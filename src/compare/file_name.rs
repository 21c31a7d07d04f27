//! Names as parts of paths.

/// A name as part of a path.
pub fn file_name(name: &str) -> String {
    let safe = |letter: char| match letter {
        letter if letter.is_alphanumeric() || "-_.".contains(letter) => letter,
        _ => '_',
    };
    name.chars().map(safe).collect()
}
