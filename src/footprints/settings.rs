//! What footprints may look like.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

const MOST_SHOULDER: u32 = 500;
const MOST_WIDTH: u32 = 201;

/// What footprints may look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Lengths of a shoulder, in bases.
    pub shoulders: Vec<u32>,
    /// Widths of a footprint, in bases; odd, so that a footprint has a central base.
    pub widths: Vec<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shoulders: vec![35],
            widths: (11..=25).step_by(2).collect(),
        }
    }
}

impl Settings {
    /// The shortest region that is scored, in bases: two shoulders and a footprint, the largest
    /// of each.
    pub fn shortest_region(&self) -> u32 {
        let largest = |lengths: &[u32]| lengths.iter().copied().max().unwrap_or(0);
        2 * largest(&self.shoulders) + largest(&self.widths)
    }

    /// Whether they make sense.
    pub(super) fn check(&self) -> Result<()> {
        check("shoulders", &self.shoulders, 1, MOST_SHOULDER)?;
        check("widths", &self.widths, 3, MOST_WIDTH)?;
        match self.widths.iter().find(|&width| width % 2 == 0) {
            Some(even) => Err(Error::Configuration(format!(
                "a footprint's width is odd: {even}"
            ))),
            None => Ok(()),
        }
    }
}

fn check(name: &str, lengths: &[u32], least: u32, most: u32) -> Result<()> {
    let refuse = |problem| Err(Error::Configuration(format!("{name}: {problem}")));
    if lengths.is_empty() {
        return refuse("none is given".to_string());
    }
    if let Some(length) = lengths.iter().find(|&l| !(least..=most).contains(l)) {
        return refuse(format!("{length} is not from {least} to {most}"));
    }
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => refuse(format!("{} is there twice", pair[0])),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_make_no_sense_are_refused() {
        let refused = |shoulders: &[u32], widths: &[u32]| {
            let settings = Settings {
                shoulders: shoulders.to_vec(),
                widths: widths.to_vec(),
            };
            settings.check().unwrap_err().to_string()
        };
        assert_eq!(refused(&[], &[11]), "shoulders: none is given");
        assert_eq!(refused(&[35, 35], &[11]), "shoulders: 35 is there twice");
        assert_eq!(refused(&[0], &[11]), "shoulders: 0 is not from 1 to 500");
        assert_eq!(refused(&[35], &[900]), "widths: 900 is not from 3 to 201");
        assert_eq!(refused(&[35], &[12]), "a footprint's width is odd: 12");
    }
}
