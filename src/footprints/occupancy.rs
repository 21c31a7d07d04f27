//! How strongly bases are occupied, by footprints that were called here or elsewhere.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::names::ChromNames;
use crate::error::{Error, Result, RowProblem};
use crate::formats::{BigWig, is_bigwig};
use crate::genome::{Chroms, Overlaps, Region, read_bed_rows};

/// The field with −log10 p where no header names another, from 0.
const SCORE: usize = 4;
/// What the header of epitrack's own footprints calls that field.
pub(super) const SCORE_NAME: &str = "neg_log10_p";

/// Occupancy of bases in −log10 p; 0 where there is no footprint.
pub struct Footprints(Source);

enum Source {
    Bed(Overlaps<f32>),
    BigWig {
        file: Box<Mutex<BigWig>>,
        names: ChromNames,
    },
}

impl Footprints {
    /// Opens footprints as a BED file, plain or gzip, or as a bigWig of the scores of bases.
    ///
    /// The score of a BED row is −log10 p: column 5, or the one that a header line beginning with
    /// `#` calls `neg_log10_p`, as that of epitrack's own footprints does. A BED file is held in
    /// memory, twenty bytes a row; of a bigWig only what is asked for is read.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, all bad rows together, scores that are below zero (natural
    /// logarithms, as pyDNase's) or no numbers, chromosomes of other lengths.
    pub fn open(path: &Path, chroms: &Chroms) -> Result<Self> {
        if !is_bigwig(path)? {
            let footprints = Overlaps::new(read_bed(path, chroms)?);
            return Ok(Self(Source::Bed(footprints)));
        }
        let file = BigWig::open(path)?;
        let names = ChromNames::new(path, &file.reference_chroms()?, chroms)?;
        let file = Box::new(Mutex::new(file));
        Ok(Self(Source::BigWig { file, names }))
    }

    /// The occupancy of every base of a region: of the strongest footprint, where several overlap.
    ///
    /// # Errors
    ///
    /// A bigWig that cannot be read, or a value of it that is below zero or no number.
    pub fn occupancy(&self, region: Region) -> Result<Vec<f32>> {
        let mut bases = vec![0.0f32; region.len() as usize];
        let mut show = |part: Region, score: f32| {
            let from = part.start.max(region.start) - region.start;
            let to = part.end.min(region.end).max(region.start) - region.start;
            if let Some(part) = bases.get_mut(from as usize..to as usize) {
                part.iter_mut().for_each(|base| *base = base.max(score));
            }
        };
        match &self.0 {
            Source::Bed(footprints) => {
                for &(part, score) in footprints.overlapping(region) {
                    show(part, score);
                }
            }
            Source::BigWig { file, names } => {
                if let Some(name) = names.get(region) {
                    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                    for segment in file.segments(name, region)? {
                        let score = check(segment.value);
                        let score = score.map_err(|problem| Error::format(file.path(), problem))?;
                        show(segment.region, score);
                    }
                }
            }
        }
        Ok(bases)
    }
}

fn read_bed(path: &Path, chroms: &Chroms) -> Result<Vec<(Region, f32)>> {
    let column = std::cell::Cell::new(SCORE);
    let header = |line: &str| {
        let mut names = line.trim_start_matches('#').split('\t');
        if let Some(place) = names.position(|name| name == SCORE_NAME) {
            column.set(place);
        }
    };
    read_bed_rows(path, chroms, header, |region, row| {
        let field = row.field(column.get(), "score")?;
        let score = field.parse::<f32>().ok().filter(|score| !score.is_nan());
        let score = score
            .ok_or_else(|| RowProblem::Unreadable(format!("score is not a number: {field:?}")))?;
        Ok((region, check(score).map_err(RowProblem::Unreadable)?))
    })
}

/// A score as −log10 p.
fn check(score: f32) -> Result<f32, String> {
    if score < 0.0 {
        return Err(format!(
            "score {score} is below 0: −log10 p is wanted (a natural logarithm, as pyDNase writes \
             it, is to be divided by −2.302585)"
        ));
    }
    if score.is_finite() {
        Ok(score)
    } else {
        Err(format!("score {score} is not a finite number"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::write_bigwig;
    use crate::genome::{ChromId, Segment};

    fn region(chrom: u32, start: u32, end: u32) -> Region {
        Region::new(ChromId(chrom), start, end).unwrap()
    }

    fn chroms() -> Chroms {
        let names = ["chr1", "chr2"];
        Chroms::new(names.map(|name| (name.to_string(), 400))).unwrap()
    }

    fn bed(text: &str) -> Result<Footprints> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bed");
        std::fs::write(&path, text).unwrap();
        Footprints::open(&path, &chroms())
    }

    proptest! {
        #[test]
        fn occupancy_is_the_largest_score_over_each_base(
            footprints in prop::collection::vec((0u32..2, 0u32..300, 1u32..90, 1u32..50), 1..40),
            (chrom, start, len) in (0u32..2, 0u32..300, 1u32..100),
        ) {
            let text: String = footprints
                .iter()
                .map(|(c, s, l, v)| format!("chr{}\t{s}\t{}\t.\t{v}\n", c + 1, s + l))
                .collect();
            let of_bed = bed(&text).unwrap();
            let asked = region(chrom, start, start + len);
            let wanted: Vec<f32> = (asked.start..asked.end).map(|base| {
                let over = footprints.iter().filter(|(c, s, l, _)| {
                    *c == chrom && (*s..s + l).contains(&base)
                });
                over.map(|f| f.3 as f32).fold(0.0, f32::max)
            }).collect();
            prop_assert_eq!(&of_bed.occupancy(asked).unwrap(), &wanted);
        }
    }

    /// The largest occupancy of any base.
    fn best(footprints: &Footprints, region: Region) -> f32 {
        let occupancy = footprints.occupancy(region).unwrap();
        occupancy.into_iter().fold(0.0, f32::max)
    }

    #[test]
    fn a_header_names_the_score() {
        let text = "#chrom\tchromStart\tchromEnd\tname\tscore\tstrand\tneg_log10_p\n\
                    chr1\t0\t9\ta\t71\t.\t71.27\n";
        assert_eq!(best(&bed(text).unwrap(), region(0, 0, 9)), 71.27);
    }

    #[test]
    fn scores_that_are_no_neg_log10_are_told_together() {
        let text = "chr1\t0\t9\ta\t-164.1\nchr1\t0\t9\ta\tx\nchr1\t0\t9\ta\tNaN\nchr1\t0\t9\ta\n\
                    chr1\t0\t9\ta\tinf\nchr1\t0\t9\ta\t3\n";
        let said = bed(text).err().unwrap().to_string();
        assert!(said.contains("5 rows are bad"), "{said}");
        assert!(said.contains("divided by −2.302585"), "{said}");
    }

    #[test]
    fn a_bigwig_gives_its_values() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        let segment = |start, end, value| Segment {
            region: region(0, start, end),
            value,
        };
        let values = [
            segment(10, 12, 3.5),
            segment(12, 20, 0.0),
            segment(30, 31, 7.0),
        ];
        let (file, _) = write_bigwig(&path, &chroms(), values.into_iter()).unwrap();
        file.complete().unwrap();
        let footprints = Footprints::open(&path, &chroms()).unwrap();
        let occupancy = footprints.occupancy(region(0, 9, 14)).unwrap();
        assert_eq!(occupancy, [0.0, 3.5, 3.5, 0.0, 0.0]);
        assert_eq!(best(&footprints, region(0, 9, 40)), 7.0);
        assert_eq!(best(&footprints, region(1, 0, 9)), 0.0);

        let longer = Chroms::new([("chr1".to_string(), 401)]).unwrap();
        let said = Footprints::open(&path, &longer).err().unwrap().to_string();
        assert!(said.contains("another assembly"), "{said}");
    }

    #[test]
    fn a_bigwig_of_natural_logarithms_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        let values = [Segment {
            region: region(0, 10, 12),
            value: -30.0,
        }];
        let (file, _) = write_bigwig(&path, &chroms(), values.into_iter()).unwrap();
        file.complete().unwrap();
        let footprints = Footprints::open(&path, &chroms()).unwrap();
        let said = footprints
            .occupancy(region(0, 0, 20))
            .unwrap_err()
            .to_string();
        assert!(said.contains("below 0"), "{said}");
    }
}
