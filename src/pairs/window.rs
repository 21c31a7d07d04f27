//! The fixed-length windows in which the model sees the two elements.

use crate::element::Sides;
use crate::error::RowProblem;
use crate::genome::{Chroms, Region};

/// Windows of these lengths with the elements in their middle, moved inside the chromosome where
/// they would leave it.
///
/// # Errors
///
/// A chromosome shorter than the window.
pub fn centred(
    elements: Sides<Region>,
    lengths: Sides<u32>,
    chroms: &Chroms,
) -> Result<Sides<Region>, RowProblem> {
    Sides::from_fn(|element| {
        let (region, &window) = (*elements.get(element), lengths.get(element));
        let short = || RowProblem::ShortChromosome {
            element: element.name(),
            chrom: chroms.name(region.chrom).to_string(),
            length: chroms.length(region.chrom),
            window,
        };
        around(region, window, chroms).ok_or_else(short)
    })
    .transpose()
}

/// The window of a length with a region in its middle, moved inside the chromosome where it would leave it;
/// none of a chromosome that is shorter.
pub fn around(region: Region, length: u32, chroms: &Chroms) -> Option<Region> {
    let chrom_length = chroms.length(region.chrom);
    (length <= chrom_length).then(|| centre(region, length, chrom_length))
}

/// The same windows `shift` bases further right; none where one would leave its chromosome.
pub fn shifted(windows: Sides<Region>, shift: i64, chroms: &Chroms) -> Option<Sides<Region>> {
    let shifted = |window: Region| {
        let start = u32::try_from(i64::from(window.start) + shift).ok()?;
        let end = start.checked_add(window.len())?;
        let region = Region::new(window.chrom, start, end)?;
        (end <= chroms.length(window.chrom)).then_some(region)
    };
    Some(Sides::new(
        shifted(windows.enhancer)?,
        shifted(windows.promoter)?,
    ))
}

/// The window of `length` around the middle of `element`, inside a chromosome that can hold it.
fn centre(element: Region, length: u32, chrom_length: u32) -> Region {
    let slack = i64::from(element.len()) - i64::from(length);
    let start = i64::from(element.start) + slack.div_euclid(2);
    let start = start.clamp(0, i64::from(chrom_length - length)) as u32;
    Region {
        chrom: element.chrom,
        start,
        end: start + length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use proptest::prelude::*;

    fn region(start: u32, end: u32) -> Region {
        Region {
            chrom: ChromId(0),
            start,
            end,
        }
    }

    #[test]
    fn short_elements_are_centred_and_long_ones_cut() {
        assert_eq!(centre(region(500, 600), 300, 10_000), region(400, 700));
        assert_eq!(centre(region(500, 601), 300, 10_000), region(400, 700));
        assert_eq!(centre(region(1000, 5000), 2000, 10_000), region(2000, 4000));
    }

    #[test]
    fn windows_stay_inside_the_chromosome() {
        assert_eq!(centre(region(0, 10), 300, 1000), region(0, 300));
        assert_eq!(centre(region(990, 1000), 300, 1000), region(700, 1000));
    }

    proptest! {
        #[test]
        fn a_window_has_its_length_and_touches_its_element(
            start in 0u32..5000, len in 1u32..4000, window in 1u32..3000, beyond in 0u32..100,
        ) {
            let element = region(start, start + len);
            let chrom_length = (start + len + beyond).max(window);
            let got = centre(element, window, chrom_length);
            prop_assert_eq!(got.len(), window);
            prop_assert!(got.end <= chrom_length);
            prop_assert_eq!(got.overlap(&element), len.min(window));
        }
    }
}
