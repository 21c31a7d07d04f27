//! Whether files lie on the assembly of a CRISPRi table.

use std::path::Path;

use crate::error::{Error, Result};
use crate::genome::known_assembly;

/// Refuses a file whose chromosomes have the lengths of a known assembly that is not the table's.
pub fn check<'a>(
    path: &Path,
    chroms: impl IntoIterator<Item = (&'a str, u32)>,
    wanted: &str,
) -> Result<()> {
    match known_assembly(chroms) {
        Some(name) if name != wanted => {
            let problem = format!(
                "is of {name}, and the CRISPRi table of {wanted}: lift the table over and say so, or \
                 take one of {wanted}"
            );
            Err(Error::format(path, problem))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_assembly_has_to_be_the_tables() {
        let check = |length, wanted| check(Path::new("a.bw"), [("chr1", length)], wanted);
        assert!(check(249_250_621, "hg19").is_ok());
        let said = check(249_250_621, "hg38").unwrap_err().to_string();
        assert!(said.starts_with("a.bw: is of hg19, and "), "{said}");
        // Nobody knows it.
        assert!(check(1000, "hg38").is_ok());
    }
}
