//! Standard output.

use std::fmt::Display;
use std::io::{Write, stdout};

use anyhow::Result;

/// Writes a line, where a closed pipe is an error and not a panic.
pub fn print(text: impl Display) -> Result<()> {
    Ok(writeln!(stdout(), "{text}")?)
}
