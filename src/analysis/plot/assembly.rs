//! Whether folders of tracks can stand in one figure: the same place has to be the same bases.

use std::collections::BTreeSet;

use crate::browser::tracks::Folder;
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Region};
use crate::text::thousands;

/// Refuses a folder whose reference is of another assembly than that of the first, as far as the lengths of the
/// chromosomes show it that are drawn; `shown` are regions of the first.
pub(super) fn compare(
    shown: impl IntoIterator<Item = Region>,
    (first, chroms): (&Folder, &Chroms),
    (other, theirs): (&Folder, &Chroms),
) -> Result<()> {
    let Some(problem) = difference(shown, chroms, theirs) else {
        return Ok(());
    };
    let first = first.dir.display();
    let problem = format!("is of another assembly than {first}: {problem}");
    Err(Error::format(&other.dir, problem))
}

/// How the chromosomes of regions differ from those of the same name in another reference.
fn difference(
    shown: impl IntoIterator<Item = Region>,
    chroms: &Chroms,
    theirs: &Chroms,
) -> Option<String> {
    let shown: BTreeSet<ChromId> = shown.into_iter().map(|region| region.chrom).collect();
    shown.into_iter().find_map(|chrom| {
        let (name, length) = (chroms.name(chrom), chroms.length(chrom));
        match theirs.find(name) {
            Some((there, _)) if theirs.length(there) == length => None,
            Some((there, _)) => {
                let [length, here] = [length, theirs.length(there)].map(thousands);
                Some(format!("{name} has {here} bases, and {length} there"))
            }
            None => Some(format!("it has no {name}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromosomes_of_other_lengths_are_those_of_another_assembly() {
        let of = |all: &[(&str, u32)]| {
            Chroms::new(all.iter().map(|(name, length)| (name.to_string(), *length))).unwrap()
        };
        let own = of(&[("chr1", 248_956_422), ("chr2", 500)]);
        let shown = |chrom| Some(Region::new(ChromId(chrom), 5, 9).unwrap());
        let older = of(&[("chr1", 249_250_621), ("chr2", 500)]);
        assert_eq!(
            difference(shown(0), &own, &older).unwrap(),
            "chr1 has 249,250,621 bases, and 248,956,422 there"
        );
        // What is not drawn does not matter, nor does the custom of naming.
        assert_eq!(difference(shown(1), &own, &older), None);
        assert_eq!(difference(shown(0), &own, &of(&[("1", 248_956_422)])), None);
        assert_eq!(
            difference(shown(1), &own, &of(&[("chr1", 5)])).unwrap(),
            "it has no chr2"
        );
    }
}
