//! How much of the attention of a run's held-out windows their partners explain.

use std::collections::BTreeSet;

use crate::attention::PartnerShare;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::{Reference, Region};
use crate::network::inference::Ensemble;
use crate::pairs::{PairTable, Part, Split};
use crate::progress::Progress;

/// The most windows of each side, which make 1,024 pairs.
const MOST: usize = 32;

/// The [share](PartnerShare) of each side's attention, none for windows without two partners. Windows
/// are those of the test part, or of the validation part where the test part has not two of both
/// sides; each enhancer's stands beside each promoter's, whether they are a pair of the table or not.
pub(super) fn partner_share(
    ensemble: &Ensemble,
    reference: &mut Reference,
    (table, split): (&PairTable, &Split),
    progress: &dyn Progress,
) -> Result<Sides<Option<f64>>> {
    let some = |part: Part| some_of(&table.windows_of(&split.members(part)));
    let of_test = some(Part::Test);
    let enough = of_test.as_ref().into_iter().all(|of| of.len() >= 2);
    let Sides {
        enhancer: enhancers,
        promoter: promoters,
    } = match enough {
        true => of_test,
        false => some(Part::Validation),
    };
    let crossed: Vec<Sides<Region>> = enhancers
        .iter()
        .flat_map(|&enhancer| promoters.iter().map(move |&of| Sides::new(enhancer, of)))
        .collect();
    let bins = ensemble.config().bins();
    let mut enhancer = PartnerShare::new(enhancers.len(), bins.enhancer.count());
    let mut promoter = PartnerShare::new(promoters.len(), bins.promoter.count());
    progress.start("crossing windows", crossed.len() as u64, 0);
    ensemble.for_each(reference, &crossed, |place, found| {
        let found = found.mean;
        enhancer.add(place / promoters.len(), &found.marginal.enhancer);
        promoter.add(place % promoters.len(), &found.marginal.promoter);
        progress.advance(1, "");
        Ok(())
    })?;
    progress.finish();
    Ok(Sides::new(enhancer.share(), promoter.share()))
}

/// Up to [`MOST`] distinct windows of each side, evenly spaced in their order.
fn some_of(windows: &[Sides<Region>]) -> Sides<Vec<Region>> {
    Sides::from_fn(|element: Element| {
        let mut seen = BTreeSet::new();
        let regions = windows.iter().map(|windows| *windows.get(element));
        let distinct: Vec<Region> = regions.filter(|&region| seen.insert(region)).collect();
        let count = distinct.len().min(MOST);
        let chosen = (0..count).map(|place| distinct[place * distinct.len() / count]);
        chosen.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    #[test]
    fn windows_are_distinct_and_evenly_spaced() {
        let region = |start: u32| Region {
            chrom: ChromId(0),
            start,
            end: start + 10,
        };
        // Each enhancer twice, and three promoters by turns.
        let windows: Vec<_> = (0..160)
            .map(|pair| Sides::new(region(pair / 2), region(pair % 3)))
            .collect();
        let Sides { enhancer, promoter } = some_of(&windows);
        let starts: Vec<u32> = enhancer.iter().map(|region| region.start).collect();
        assert_eq!(starts.len(), MOST);
        assert_eq!(starts[..5], [0, 2, 5, 7, 10]);
        assert_eq!(starts.last(), Some(&77));
        assert_eq!(promoter, [0, 1, 2].map(region));
        assert_eq!(some_of(&[]), Sides::default());
    }
}
