//! Windows as ENCODE's narrowPeak, which Fi-NeMo reads: one a line, the summit in its middle.
//!
//! <https://genome.ucsc.edu/FAQ/FAQformat.html#format12>; Fi-NeMo cuts its regions around `chromStart +
//! peak`.

use std::fmt;

use crate::genome::{Chroms, Region};

/// A window as a line of narrowPeak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NarrowPeak<'a> {
    /// The window.
    pub window: Region,
    /// What it is called, without tabs.
    pub name: &'a str,
    /// The column `signalValue`.
    pub signal: f32,
}

impl NarrowPeak<'_> {
    /// The line, without its end: no score, no strand, no p- and no q-value.
    pub fn line(&self, chroms: &Chroms) -> impl fmt::Display {
        let Self {
            window,
            name,
            signal,
        } = self;
        let bed = window.bed(chroms);
        format!(
            "{bed}\t{name}\t0\t.\t{signal}\t-1\t-1\t{}",
            window.len() / 2
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    #[test]
    fn the_summit_is_the_middle() {
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let peak = NarrowPeak {
            window: Region::new(ChromId(0), 100, 301).unwrap(),
            name: "a~b",
            signal: 2.5,
        };
        assert_eq!(
            peak.line(&chroms).to_string(),
            "chr1\t100\t301\ta~b\t0\t.\t2.5\t-1\t-1\t100"
        );
    }
}
