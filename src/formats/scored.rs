//! BED whose scores, and shades, tell how the records of the file stand among each other.
//!
//! UCSC, IGV and others shade items by their scores, 0 to 1000. Numbers as they are, multiplied by whatever is
//! fixed, crowd into a few of those; ranks use all of them, whatever the numbers mean. Where items have colours
//! of their own, browsers look at these alone, so that the shade is in the colour.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use super::lines::Lines;
use crate::element::colours::Rgb;
use crate::error::{Error, IoContext, Result};
use crate::output::Partial;

/// The largest score of BED.
const MOST: u64 = 1000;
/// 0-based columns of the score and of the colour.
const SCORE: usize = 4;
const COLOUR: usize = 8;
/// Bits of a value that ranks leave out: 13 of the 23 behind its first one stay.
const LEFT_OUT: u32 = 10;

/// A BED file that grows by lines, whose scores are known when all have come. Until then the lines lie in a file
/// beside it, so that memory has a bound; the caller keeps their order.
///
/// The score of a record is 1000 × the part that have a smaller value among all that have another: 0 for the
/// smallest, 1000 for the largest and where all are equal. Values are compared to one part in 8,192.
pub struct ScoredBed {
    unscored: Partial,
    writer: BufWriter<File>,
    sizes: Sizes,
}

/// How many values there are of each size: no more than 2^22 sizes.
#[derive(Debug, Default)]
struct Sizes(BTreeMap<u32, u64>);

impl ScoredBed {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(path: &Path) -> Result<Self> {
        let unscored = Partial::new(path);
        let writer = unscored.create()?;
        Ok(Self {
            unscored,
            writer,
            sizes: Sizes::default(),
        })
    }

    /// Adds a line of BED5 or more that has the record's value, as it is displayed, where its score is to be. The
    /// colour of BED9 becomes paler, the lower the score.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn add(&mut self, value: f32, line: &impl Display) -> Result<()> {
        self.sizes.add(value);
        writeln!(self.writer, "{line}").at(self.unscored.target())
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(self) -> Result<Partial> {
        let Self {
            unscored,
            mut writer,
            sizes,
        } = self;
        let path = unscored.target();
        writer.flush().at(path)?;
        let scores = sizes.scores();
        let mut scored = Lines::new(path, "")?;
        let lines = BufReader::new(File::open(unscored.path()).at(path)?);
        for line in lines.lines() {
            let line = with_score(&line.at(path)?, &scores);
            let changed = || Error::format(path, "was changed while it was written");
            scored.add(&line.ok_or_else(changed)?)?;
        }
        scored.finish()
    }
}

impl Sizes {
    fn add(&mut self, value: f32) {
        *self.0.entry(size(value)).or_default() += 1;
    }

    /// The score of each size.
    fn scores(self) -> BTreeMap<u32, u64> {
        let all: u64 = self.0.values().sum();
        let mut smaller = 0;
        let scores = self.0.into_iter().map(|(size, count)| {
            let others = all - count;
            let score = match others {
                0 => MOST,
                others => (2 * MOST * smaller + others) / (2 * others),
            };
            smaller += count;
            (size, score)
        });
        scores.collect()
    }
}

/// What stands for a value in comparisons: larger for larger ones.
fn size(value: f32) -> u32 {
    // −0 becomes 0.
    let bits = (value + 0.0).to_bits();
    let is_negative = bits >> 31 == 1;
    let in_order = if is_negative { !bits } else { bits | (1 << 31) };
    in_order >> LEFT_OUT
}

/// The line with the score of its value in the value's place.
fn with_score(line: &str, scores: &BTreeMap<u32, u64>) -> Option<String> {
    let (before, _) = line.match_indices('\t').nth(3)?;
    let (head, rest) = line.split_at(before + 1);
    let (value, tail) = rest.split_at(rest.find('\t').unwrap_or(rest.len()));
    let score = *scores.get(&size(value.parse().ok()?))?;
    Some(format!("{head}{score}{}", with_shade(tail, score)))
}

/// What stands behind a score, its colour in the shade of the score.
fn with_shade(tail: &str, score: u64) -> String {
    // Strand, both ends of the thick part, colour: the first tab stands before the strand.
    let mut fields: Vec<&str> = tail.split('\t').collect();
    let colour = fields.get(COLOUR - SCORE);
    let shade = colour.and_then(|text| text.parse::<Rgb>().ok());
    let shade = shade.map(|colour| colour.scored(score).to_string());
    if let Some(shade) = &shade {
        fields[COLOUR - SCORE] = shade.as_str();
    }
    fields.join("\t")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The scores of a file of some values.
    fn scores(values: &[f32]) -> Vec<u64> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bed");
        let mut bed = ScoredBed::new(&path).unwrap();
        for (number, value) in values.iter().enumerate() {
            let line = format!("chr1\t{number}\t{}\tn\t{value}\t.\t{value}", number + 1);
            bed.add(*value, &line).unwrap();
        }
        bed.finish().unwrap().complete().unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().zip(values.iter().enumerate());
        let scores = lines.map(|(line, (number, value))| {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields[1], number.to_string());
            assert_eq!(fields[5..], [".", &value.to_string()]);
            fields[4].parse().unwrap()
        });
        let scores: Vec<u64> = scores.collect();
        assert_eq!(scores.len(), values.len());
        scores
    }

    #[test]
    fn the_smallest_has_0_and_the_largest_1000() {
        assert_eq!(scores(&[1.2, 39.0, 1.25, 1.3]), [0, 1000, 333, 667]);
        // Ties have one score; signs count.
        assert_eq!(scores(&[0.0, -0.0, -3.0, 2.0]), [500, 500, 0, 1000]);
        assert_eq!(scores(&[2.0, 2.0]), [1000, 1000]);
        assert_eq!(scores(&[-1e-30]), [1000]);
    }

    #[test]
    fn one_that_is_dropped_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut bed = ScoredBed::new(&dir.path().join("a.bed")).unwrap();
        bed.add(1.0, &"chr1\t0\t1\tn\t1").unwrap();
        drop(bed);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_line_may_end_with_its_score() {
        let scores = BTreeMap::from([(size(1.5), 7)]);
        let scored = |line: &str| with_score(line, &scores);
        assert_eq!(scored("a\t1\t2\tn\t1.5").unwrap(), "a\t1\t2\tn\t7");
        assert_eq!(scored("a\t1\t2\tn\t2.5"), None);
        assert_eq!(scored("a\t1\t2\tn\tx"), None);
        assert_eq!(scored("a\t1\t2\tn"), None);
    }

    #[test]
    fn a_colour_is_paler_the_lower_the_score() {
        let scores = BTreeMap::from([(size(1.0), 0), (size(2.0), 1000)]);
        let scored = |value: &str, colour: &str| {
            let line = format!("a\t1\t2\tn\t{value}\t.\t1\t2\t{colour}\tenhancer\t1,2,3");
            with_score(&line, &scores).unwrap()
        };
        let end = "enhancer\t1,2,3";
        assert_eq!(
            scored("1", "230,97,1"),
            format!("a\t1\t2\tn\t0\t.\t1\t2\t246,200,166\t{end}")
        );
        assert_eq!(
            scored("2", "230,97,1"),
            format!("a\t1\t2\tn\t1000\t.\t1\t2\t230,97,1\t{end}")
        );
        // What is no colour stays as it is.
        assert_eq!(
            scored("1", "0"),
            format!("a\t1\t2\tn\t0\t.\t1\t2\t0\t{end}")
        );
    }

    proptest! {
        #[test]
        fn scores_are_ranks(values in prop::collection::vec(-40i32..40, 1..60)) {
            // Apart by more than what is compared.
            let values: Vec<f32> = values.into_iter().map(|value| value as f32 / 8.0).collect();
            let mut sizes = Sizes::default();
            values.iter().for_each(|value| sizes.add(*value));
            let scores = sizes.scores();
            for value in &values {
                let smaller = values.iter().filter(|other| *other < value).count() as f64;
                let larger = values.iter().filter(|other| *other > value).count() as f64;
                let is_only = smaller + larger == 0.0;
                let rank = if is_only { 1.0 } else { smaller / (smaller + larger) };
                let score = scores[&size(*value)] as f64;
                prop_assert_eq!(score, (1000.0 * rank).round());
            }
        }

        #[test]
        fn larger_values_have_no_smaller_scores(a in any::<u32>(), b in any::<u32>()) {
            let [a, b] = [a, b].map(f32::from_bits);
            prop_assume!(a.is_finite() && b.is_finite());
            let (less, more) = if a < b { (a, b) } else { (b, a) };
            prop_assert!(size(less) <= size(more));
            let compared = (more.abs().max(less.abs()) / 8192.0).max(f32::MIN_POSITIVE);
            prop_assert!(more - less <= compared || size(less) < size(more));
        }
    }
}
