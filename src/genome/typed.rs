//! Places as people write them, and as browsers show them: `chr1:1,234-5,678`.

use super::chroms::Chroms;
use super::region::Region;
use crate::text::thousands;

/// A place as it was typed, of which it is not said from where it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedPlace<'a> {
    /// What the chromosome is called.
    pub chrom: &'a str,
    /// The first number.
    pub first: u32,
    /// The second number; the first where there is one only.
    pub last: u32,
    /// Whether its numbers have commas, as no file of ours does.
    pub has_commas: bool,
}

impl<'a> TypedPlace<'a> {
    /// From `chrom:first-last` or `chrom:base`, with commas in the numbers or without; none of anything
    /// else. Names of chromosomes may hold colons and hyphens, as those of HLA alleles do.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (chrom, range) = text.trim().rsplit_once(':')?;
        let (first, last) = range.split_once(['-', '–']).unwrap_or((range, range));
        (!chrom.is_empty()).then_some(())?;
        Some(Self {
            chrom,
            first: number(first)?,
            last: number(last)?,
            has_commas: range.contains(','),
        })
    }

    /// The place where both numbers count from 1 and the second is the last base's, as browsers do.
    pub fn counted_from_one(&self, chroms: &Chroms) -> Option<Region> {
        let (chrom, _) = chroms.find(self.chrom)?;
        Region::new(chrom, self.first.checked_sub(1)?, self.last)
    }

    /// The place where both count from 0 and the second is the base's after the last, as BED and the
    /// names of pairs do.
    pub fn counted_from_zero(&self, chroms: &Chroms) -> Option<Region> {
        let (chrom, _) = chroms.find(self.chrom)?;
        Region::new(chrom, self.first, self.last)
    }
}

/// The region that a person means by a place as browsers show it, which counts from 1 and has the last base.
///
/// # Errors
///
/// What is wrong with it: no such place, no such chromosome, bases past its end.
pub fn typed_region(text: &str, chroms: &Chroms) -> Result<Region, String> {
    let is_none = || {
        format!(
            "{text:?} is no region: it has to be like chr8:127,700,001-127,760,000, from 1 and with the last \
             base"
        )
    };
    let place = TypedPlace::parse(text).ok_or_else(is_none)?;
    let Some((chrom, _)) = chroms.find(place.chrom) else {
        return Err(format!("{text:?}: there is no {}", place.chrom));
    };
    let region = place.counted_from_one(chroms).ok_or_else(is_none)?;
    let (name, length) = (chroms.name(chrom), chroms.length(chrom));
    match region.end > length {
        true => Err(format!("{text:?}: {name} has {} bases", thousands(length))),
        false => Ok(region),
    }
}

/// A whole number, perhaps with commas between its digits.
fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let begins = text.starts_with(|first: char| first.is_ascii_digit());
    begins.then(|| text.replace(',', "").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chroms() -> Chroms {
        Chroms::new(["chr1", "HLA-A*01:01"].map(|name| (name.to_string(), u32::MAX))).unwrap()
    }

    #[test]
    fn places_are_read_as_they_are_typed() {
        let chroms = chroms();
        let parsed = |text: &'static str| TypedPlace::parse(text).unwrap();
        let place = parsed(" chr1:1,234-5,678 ");
        assert_eq!(
            (place.first, place.last, place.has_commas),
            (1234, 5678, true)
        );
        let region = place.counted_from_one(&chroms).unwrap();
        assert_eq!((region.start, region.end), (1233, 5678));
        let place = parsed("1:100–200");
        let (one, zero) = (
            place.counted_from_one(&chroms),
            place.counted_from_zero(&chroms),
        );
        assert_eq!((one.unwrap().start, zero.unwrap().start), (99, 100));
        let base = parsed("chr1:7").counted_from_one(&chroms).unwrap();
        assert_eq!((base.start, base.end), (6, 7));
        let allele = parsed("HLA-A*01:01:5-9").counted_from_one(&chroms).unwrap();
        assert_eq!(chroms.name(allele.chrom), "HLA-A*01:01");
        for none in [
            "chr1",
            "chr1:",
            ":1-2",
            "chr1:a-b",
            "chr1:-5-9",
            "chr1:1-99999999999",
            "MYC",
        ] {
            assert_eq!(TypedPlace::parse(none), None, "{none}");
        }
        // No base has the number 0, and no place ends before it begins.
        assert_eq!(parsed("chr1:0-5").counted_from_one(&chroms), None);
        assert_eq!(parsed("chr1:9-5").counted_from_one(&chroms), None);
        assert_eq!(parsed("chr9:1-5").counted_from_one(&chroms), None);
    }

    #[test]
    fn a_region_lies_on_its_chromosome_or_it_is_said() {
        let chroms = Chroms::new([("chr1".to_string(), 400_000)]).unwrap();
        let region = typed_region("1:1,001-400,000", &chroms).unwrap();
        assert_eq!((region.start, region.end), (1000, 400_000));
        for (text, said) in [
            ("MYC", "it has to be like chr8:"),
            ("chr1:9-5", "it has to be like chr8:"),
            ("chr1:0-5", "it has to be like chr8:"),
            ("chr7:1-5", "there is no chr7"),
            ("chr1:1-400001", "chr1 has 400,000 bases"),
        ] {
            let refused = typed_region(text, &chroms).unwrap_err();
            assert!(
                refused.contains(said) && refused.contains(text),
                "{refused}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_a_browser_shows_of_a_region_is_that_region(start in 0u32..300_000_000, length in 1u32..5_000_000) {
            let chroms = chroms();
            let region = Region::new(chroms.find("chr1").unwrap().0, start, start + length).unwrap();
            let commas = |number: u32| {
                let digits = number.to_string();
                let mut text = String::new();
                for (at, digit) in digits.chars().enumerate() {
                    if at > 0 && (digits.len() - at).is_multiple_of(3) {
                        text.push(',');
                    }
                    text.push(digit);
                }
                text
            };
            let shown = format!("chr1:{}-{}", commas(start + 1), commas(region.end));
            prop_assert_eq!(TypedPlace::parse(&shown).unwrap().counted_from_one(&chroms), Some(region));
            let named = region.named(&chroms).to_string();
            prop_assert_eq!(TypedPlace::parse(&named).unwrap().counted_from_zero(&chroms), Some(region));
        }
    }
}
