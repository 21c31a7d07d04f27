//! How often each base occurs where there is no site.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::genome::{N, Reference};
use crate::progress::Progress;

/// The rarest that a base may be.
const LEAST: f64 = 0.001;
/// Bases of the reference that are counted at once.
const PIECE: u32 = 1 << 22;

/// Frequencies of A, C, G and T in the sequence that is scanned: a zero-order model.
///
/// Both strands are scanned, and what is A on one is T on the other: A and T have one frequency, C
/// and G have one, the means of what was given. So does FIMO.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Background([f64; 4]);

impl Background {
    /// A quarter each.
    pub fn uniform() -> Self {
        Self([0.25; 4])
    }

    /// From frequencies or counts of A, C, G and T.
    ///
    /// # Errors
    ///
    /// A base that is rarer than one in a thousand, after both strands were averaged.
    pub fn new(weights: [f64; 4]) -> Result<Self> {
        let [a, c, g, t] = weights;
        let (at, cg) = ((a + t) / 2.0, (c + g) / 2.0);
        let frequencies = [at, cg, cg, at].map(|weight| weight / (2.0 * (at + cg)));
        let possible = |weight: &f64| (0.0..=f64::MAX).contains(weight);
        let frequent = |&frequency: &f64| frequency >= LEAST;
        if weights.iter().all(possible) && frequencies.iter().all(frequent) {
            return Ok(Self(frequencies));
        }
        let message =
            format!("{weights:?} cannot be the background: each base needs {LEAST} or more");
        Err(Error::Configuration(message))
    }

    /// Counts the bases of a whole reference, piece by piece.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read, or that hardly has any A or C but N alone.
    pub fn of_reference(reference: &mut Reference, progress: &dyn Progress) -> Result<Self> {
        let chroms = reference.chroms().clone();
        let total = chroms.iter().map(|(_, length)| u64::from(length)).sum();
        progress.start("base counts", total, 0);
        let mut counts = [0u64; N as usize + 1];
        for piece in chroms.regions().flat_map(|chrom| chrom.pieces(PIECE)) {
            for code in reference.codes(piece)? {
                counts[usize::from(code)] += 1;
            }
            progress.advance(piece.len().into(), "");
        }
        progress.finish();
        Self::new([0, 1, 2, 3].map(|base| counts[base] as f64))
    }

    /// The frequencies of A, C, G and T, which sum to 1.
    pub fn frequencies(&self) -> [f64; 4] {
        self.0
    }
}

/// How often each base occurs where there is no site: a zero-order model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackgroundRule {
    /// A quarter each.
    #[default]
    Uniform,
    /// As often as the whole reference has the bases.
    Reference,
    /// These frequencies, or counts, of A, C, G and T.
    Given([f64; 4]),
}

impl fmt::Display for BackgroundRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform => f.write_str("uniform"),
            Self::Reference => f.write_str("reference"),
            Self::Given([a, c, g, t]) => write!(f, "{a},{c},{g},{t}"),
        }
    }
}

impl FromStr for BackgroundRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split(',').map(|part| part.trim().parse().ok());
        let numbers: Option<Vec<f64>> = numbers.collect();
        match (text, numbers.map(<[f64; 4]>::try_from)) {
            ("uniform", _) => Ok(Self::Uniform),
            ("reference", _) => Ok(Self::Reference),
            (_, Some(Ok(given))) => Ok(Self::Given(given)),
            _ => Err("give uniform, reference, or four numbers, as 0.3,0.2,0.2,0.3".to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_strands_are_averaged() {
        let got = Background::new([4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!(got.frequencies(), [0.3, 0.2, 0.2, 0.3]);
    }

    #[test]
    fn a_base_that_never_occurs_is_refused() {
        for weights in [
            [1.0, 0.0, 0.0, 1.0],
            [0.0; 4],
            [f64::NAN, 1.0, 1.0, 1.0],
            [2.0, 2.0, 2.0, -1.0],
        ] {
            assert!(Background::new(weights).is_err(), "{weights:?}");
        }
        assert!(Background::new([1.0, 0.0, 1.0, 0.0]).is_ok());
    }

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        let given = BackgroundRule::Given([0.3, 0.2, 0.2, 0.3]);
        for rule in [BackgroundRule::Uniform, BackgroundRule::Reference, given] {
            assert_eq!(rule.to_string().parse::<BackgroundRule>(), Ok(rule));
        }
        assert_eq!("0.3, 0.2,0.2,0.3".parse::<BackgroundRule>(), Ok(given));
        for bad in ["", "even", "1,2,3", "1,2,3,4,5", "1,2,3,x"] {
            let error = bad.parse::<BackgroundRule>().unwrap_err();
            assert!(error.contains("uniform, reference"), "{error}");
        }
    }
}
