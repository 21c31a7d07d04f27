//! Matrices by their names.

use std::collections::BTreeSet;

use super::matrix::Matrix;
use crate::error::{Error, Result};
use crate::text::nearest;

/// The places of the matrices of these names, in the matrices' order. A name is what the file has, the
/// accession, or an accession without its version (`MA0139` of `MA0139.1`); capitals count only where
/// two matrices differ by nothing else. A name that several matrices have means all of them.
///
/// # Errors
///
/// The names that no matrix has, all of them, each with what is like it.
pub fn select(matrices: &[Matrix], names: &[String]) -> Result<Vec<usize>> {
    let (mut wanted, mut unknown) = (BTreeSet::new(), Vec::new());
    for name in names {
        let found = places(matrices, name.trim());
        if found.is_empty() {
            unknown.push(no_such(matrices, name.trim()));
        }
        wanted.extend(found);
    }
    if !unknown.is_empty() {
        return Err(Error::Configuration(unknown.join("\n")));
    }
    Ok(wanted.into_iter().collect())
}

/// The places of the matrices of a name.
fn places(matrices: &[Matrix], name: &str) -> Vec<usize> {
    let of = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let has = |matrix: &Matrix| names(matrix).into_iter().any(same);
        let all = matrices.iter().enumerate();
        let all = all.filter(|(_, matrix)| has(matrix));
        all.map(|(place, _)| place).collect()
    };
    let exact = of(&|other| other == name);
    match exact.is_empty() {
        true => of(&|other| other.to_lowercase() == name.to_lowercase()),
        false => exact,
    }
}

/// What a matrix may be called.
fn names(matrix: &Matrix) -> [&str; 3] {
    let id = matrix.id.as_str();
    let is_version = |of: &str| !of.is_empty() && of.bytes().all(|byte| byte.is_ascii_digit());
    let bare = match id.rsplit_once('.') {
        Some((bare, version)) if is_version(version) => bare,
        _ => id,
    };
    [id, bare, &matrix.name]
}

fn no_such(matrices: &[Matrix], name: &str) -> String {
    let all = matrices.len();
    let near = nearest(name, matrices.iter().flat_map(names));
    match near.is_empty() {
        true => format!("none of the {all} matrices is called {name:?}, or anything like it"),
        false => {
            let near = near.join(", ");
            format!("none of the {all} matrices is called {name:?}; there are {near}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrices() -> Vec<Matrix> {
        let named = [
            ("MA0139.1", "CTCF"),
            ("MA1929.2", "CTCF"),
            ("MA0506.1", "NRF1"),
            ("ets.core", "Ets1"),
            ("M5", "ETS1"),
        ];
        let matrix = |(id, name)| Matrix::new(id, name, vec![[1.0; 4]]);
        named.map(matrix).to_vec()
    }

    fn selected(names: &[&str]) -> Result<Vec<String>> {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        let matrices = matrices();
        let found = select(&matrices, &names)?;
        Ok(found
            .into_iter()
            .map(|place| matrices[place].id.clone())
            .collect())
    }

    #[test]
    fn names_and_accessions_with_or_without_version_select() {
        assert_eq!(selected(&["CTCF"]).unwrap(), ["MA0139.1", "MA1929.2"]);
        // In the files' order, each once.
        assert_eq!(
            selected(&["nrf1", "MA1929", "ma0506.1"]).unwrap(),
            ["MA1929.2", "MA0506.1"]
        );
        assert_eq!(selected(&["Ets1"]).unwrap(), ["ets.core"]);
        assert_eq!(selected(&["ets1"]).unwrap(), ["ets.core", "M5"]);
        assert!(selected(&["ets"]).is_err(), "a word is no version");
    }

    #[test]
    fn unknown_names_are_told_all_with_what_is_like_them() {
        let said = selected(&["CTFC", "CTCF", "qqq"]).unwrap_err().to_string();
        let wanted = "none of the 5 matrices is called \"CTFC\"; there are CTCF\n\
                      none of the 5 matrices is called \"qqq\", or anything like it";
        assert_eq!(said, wanted);
    }
}
