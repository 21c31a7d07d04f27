//! How figures are to look, from a file.

use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, IoContext, Result};
use crate::figures::Look;

/// What such a file holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    figure: Look,
}

/// Reads the table `[figure]` of a file in TOML.
///
/// # Errors
///
/// A file that cannot be read, or that holds anything else.
pub fn read_look(path: &Path) -> Result<Look> {
    let text = std::fs::read_to_string(path).at(path)?;
    let settings: Settings = toml::from_str(&text).map_err(|error| Error::format(path, error))?;
    Ok(settings.figure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Look> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("figure.toml");
        std::fs::write(&path, text).unwrap();
        read_look(&path)
    }

    #[test]
    fn a_table_says_how_figures_look() {
        let text = "[figure]\ntitle = \"Figure 1\"\nwidth = 85\nfont_size = 6.5\ny_range = [0, 12.5]\n\
                    colours = [\"#e66101\", \"#5E3C99\"]\n";
        let colours = ["#e66101", "#5e3c99"].map(|colour| colour.parse().unwrap());
        let wanted = Look {
            title: Some("Figure 1".to_string()),
            width: Some(85.0),
            font_size: Some(6.5),
            y_range: Some([0.0, 12.5]),
            colours: colours.to_vec(),
        };
        assert_eq!(read(text).unwrap(), wanted);
        assert_eq!(read("").unwrap(), Look::default());
    }

    #[test]
    fn what_there_is_not_is_refused() {
        for (text, said) in [
            ("[figure]\nwide = 3\n", "wide"),
            ("[figures]\n", "figures"),
            ("[figure]\ncolours = [\"blue\"]\n", "#e66101"),
            ("[figure]\ny_range = [1]\n", "y_range"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
            assert!(refused.contains("figure.toml"), "{refused}");
        }
    }
}
