//! Standard output.

use std::fmt::Display;
use std::io::{Result, Write, stdout};

/// Writes a line, where a closed pipe is an error and not a panic.
pub fn print(text: impl Display) -> Result<()> {
    writeln!(stdout(), "{text}")
}
