//! `chrom.sizes`: a chromosome's name and length a line, as `fetchChromSizes` writes them; the
//! first two columns of a `.fai` index too.

use std::path::Path;

use super::chroms::Chroms;
use crate::error::{Error, Result, RowProblem};
use crate::text::Lines;

/// Reads the chromosomes of a `chrom.sizes` or `.fai` file.
///
/// # Errors
///
/// A file that cannot be read or holds no chromosome, a name that occurs twice, and every line
/// without a name and a length from 1 to 4,294,967,295.
pub fn read(path: &Path) -> Result<Chroms> {
    let lines = Lines::open(path)?;
    let (chroms, bad) = lines.rows(|_, line| (!line.starts_with('#')).then(|| row(line)))?;
    Error::bad_rows([(path, bad)])?;
    if chroms.is_empty() {
        return Err(Error::format(path, "holds no chromosome"));
    }
    Chroms::new(chroms).map_err(|name| Error::format(path, format!("{name} stands there twice")))
}

fn row(text: &str) -> Result<(String, u32), RowProblem> {
    let mut fields = text.split_whitespace();
    let mut field = |name: &str| fields.next().ok_or(RowProblem::Missing(name.to_string()));
    let (name, length) = (field("name")?, field("length")?);
    match length.parse() {
        Ok(length) if length > 0 => Ok((name.to_string(), length)),
        _ => Err(RowProblem::not_a_position("length", length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Chroms, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("chrom.sizes");
        std::fs::write(&path, text).unwrap();
        read(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn names_and_lengths_are_read() {
        let chroms = read_text("chr2\t20\nchr1\t10\t5\t60\t61\n\n").unwrap();
        let got: Vec<(&str, u32)> = chroms.iter().collect();
        assert_eq!(got, [("chr1", 10), ("chr2", 20)]);
    }

    #[test]
    fn all_bad_lines_are_told() {
        let error = read_text("chr1\t10\nchr2\nchr3\t-1\nchr4\t0\n").unwrap_err();
        for line in [":2: ", ":3: ", ":4: "] {
            assert!(error.contains(line), "{error}");
        }
        assert!(read_text("").unwrap_err().contains("no chromosome"));
        let twice = read_text("chr1\t10\nchr1\t20\n").unwrap_err();
        assert!(twice.contains("chr1 stands there twice"), "{twice}");
    }
}
