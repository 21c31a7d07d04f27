//! Files of a cell line with what they are called.

use std::path::PathBuf;

use epitrack::network::activity::Source;
use serde::Deserialize;

/// A file of measured activity: `NAME=FILE`, or `FILE`, which is called as the file up to the first dot.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ActivityFile {
    /// What it is called.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// An assay of the context of pairs: `NAME=FILE`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AssayFile {
    /// What its features are called after.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

impl TryFrom<String> for ActivityFile {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (name, path) = Source::named(&text);
        if path.as_os_str().is_empty() {
            return Err(format!("{text:?} has to be NAME=FILE or FILE"));
        }
        let path = path.to_path_buf();
        Ok(Self { name, path })
    }
}

impl TryFrom<String> for AssayFile {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, path)) if !name.trim().is_empty() && !path.is_empty() => Ok(Self {
                name: name.trim().to_string(),
                path: path.into(),
            }),
            _ => Err(format!(
                "{text:?} has to be NAME=FILE, such as DNase=dnase.bw"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_whole() {
        let address = "https://a.org/K562.DNase.bw?of=1";
        let named = format!("dnase={address}");
        for (text, name) in [(address, "K562"), (named.as_str(), "dnase")] {
            let file = ActivityFile::try_from(text.to_string()).unwrap();
            assert_eq!(
                (file.name.as_str(), file.path.to_str()),
                (name, Some(address))
            );
        }
        let said = ActivityFile::try_from("dnase=".to_string()).unwrap_err();
        assert!(said.contains("NAME=FILE"), "{said}");
        let assay = AssayFile::try_from(format!("CTCF ={address}")).unwrap();
        assert_eq!(
            (assay.name.as_str(), assay.path.to_str()),
            ("CTCF", Some(address))
        );
    }

    #[test]
    fn an_assay_has_a_name_and_a_file() {
        for bad in ["ctcf.bed", "=ctcf.bed", " =ctcf.bed", "CTCF="] {
            let said = AssayFile::try_from(bad.to_string()).unwrap_err();
            assert!(said.contains("NAME=FILE") && said.contains(bad), "{said}");
        }
    }
}
