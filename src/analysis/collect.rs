//! Runs pairs through the network and counts what lies in their windows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::request::AnalysisRequest;
use crate::attention::{Bins, top_regions};
use crate::element::Element;
use crate::enrichment::tf_pairs::{Bound, Counts, Factors};
use crate::enrichment::{Enrichment, Site, Window};
use crate::error::Result;
use crate::footprints::Footprints;
use crate::genome::{Chroms, Reference, Region};
use crate::motifs::Collection;
use crate::network::device::ComputeDevice;
use crate::network::inference::{PairAttention, along_the_genome};
use crate::pairs::{Pair, PairTable, Part, Windows};
use crate::progress::Progress;
use crate::run::Run;

/// What windows are looked through for.
pub struct Content<'a> {
    /// Motifs.
    pub motifs: &'a Collection,
    /// Footprints.
    pub footprints: Option<&'a Footprints>,
    /// The sequence, apart from the network's own: that is read ahead.
    pub reference: Reference,
}

/// Counts over all pairs.
pub struct Counted<'a> {
    /// Figures 2 and 3.
    pub enrichment: Enrichment,
    /// Figure 4.
    pub tf_pairs: Counts<'a>,
}

/// What lies in a window.
#[derive(Clone)]
struct Found {
    sites: Vec<Site>,
    occupancy: Option<Vec<f32>>,
}

/// The pairs of a run that an analysis is of.
pub fn pairs_of(
    run: &Run,
    request: &AnalysisRequest,
    chroms: &Chroms,
) -> Result<(PairTable, Vec<usize>)> {
    let table = run.read_table(request.table.as_deref(), chroms)?;
    let split = run.split(&table, chroms)?;
    let wanted = |place: &usize| {
        request
            .part
            .is_none_or(|part: Part| split.part(*place) == part)
    };
    let places = (0..table.pairs.len()).filter(wanted).collect();
    Ok((table, places))
}

/// Counts what lies in the windows of some labelled pairs.
///
/// A window is looked through once, however many pairs it has, and is forgotten when the pairs,
/// which come from left to right, have passed it: memory does not grow with their number.
pub fn count<'a>(
    run: &Run,
    pairs: &[Pair],
    mut content: Content,
    factors: &'a Factors,
    enrichment: Enrichment,
    device: &ComputeDevice,
    (reference, progress): (&mut Reference, &dyn Progress),
) -> Result<Counted<'a>> {
    let model = &run.record.settings.model;
    let bins = [model.enhancer_pooling(), model.promoter_pooling()].map(Bins);
    let chroms = reference.chroms().clone();
    let windows = Windows::of_all(pairs, model.lengths(), &chroms)?;
    let order = along_the_genome(&windows);
    let ordered: Vec<Windows> = order.iter().map(|&place| windows[place]).collect();
    let mut counted = Counted {
        enrichment,
        tf_pairs: Counts::new(factors),
    };
    let mut cache: BTreeMap<Region, Found> = BTreeMap::new();
    progress.start("windows", ordered.len() as u64, 0);
    let predictor = run.predictor(device)?;
    predictor.for_each(reference, &ordered, |number, attention| {
        let windows = ordered[number];
        // Nothing to the left of the pair's first window comes any more.
        cache = cache.split_off(&windows.enhancer.min(windows.promoter));
        for region in [windows.enhancer, windows.promoter] {
            if let Entry::Vacant(place) = cache.entry(region) {
                place.insert(content.look_through(region)?);
            }
        }
        let found = [windows.enhancer, windows.promoter].map(|region| cache[&region].clone());
        progress.advance(1, "");
        counted.add(&pairs[order[number]], &windows, &bins, &attention, found)
    })?;
    progress.finish();
    Ok(counted)
}

impl Content<'_> {
    fn look_through(&mut self, window: Region) -> Result<Found> {
        let codes = self.reference.codes(window)?;
        let mut hits = self.motifs.scanner.scan(&codes);
        // A palindrome is one site, though it matches on both strands.
        hits.dedup_by_key(|hit| (hit.start, hit.matrix));
        let length = |matrix: u32| self.motifs.matrices[matrix as usize].len() as u32;
        let site = |hit: &crate::motifs::Hit| Site {
            matrix: hit.matrix,
            start: hit.start,
            end: hit.start + length(hit.matrix),
        };
        let occupancy = self.footprints.map(|all| all.occupancy(window));
        Ok(Found {
            sites: hits.iter().map(site).collect(),
            occupancy: occupancy.transpose()?,
        })
    }
}

impl Counted<'_> {
    fn add(
        &mut self,
        pair: &Pair,
        windows: &Windows,
        bins: &[Bins; 2],
        attention: &PairAttention,
        [enhancer, promoter]: [Found; 2],
    ) -> Result<()> {
        let positive = pair.label == Some(true);
        let side = |element, region: Region, bins: &Bins, marginal: &[f32], found: Found| {
            let top = top_regions(bins, marginal);
            let range = |bin| {
                let top = bins.region_in(region, bin);
                top.start - region.start..top.end - region.start
            };
            Window {
                element,
                positive,
                region,
                regions: top.iter().map(|top| range(top.bin)).collect(),
                sites: found.sites,
                occupancy: found.occupancy,
            }
        };
        let sides = [
            side(
                Element::Enhancer,
                windows.enhancer,
                &bins[0],
                &attention.enhancer,
                enhancer,
            ),
            side(
                Element::Promoter,
                windows.promoter,
                &bins[1],
                &attention.promoter,
                promoter,
            ),
        ];
        let [enhancer, promoter] = sides.each_ref().map(in_top_regions);
        let bound = |element, matrices| Bound { element, matrices };
        self.tf_pairs.add(
            positive,
            bound(pair.enhancer, &enhancer),
            bound(pair.promoter, &promoter),
        );
        sides
            .into_iter()
            .try_for_each(|window| self.enrichment.add(window))
    }
}

/// The matrices with a site wholly inside a top region.
fn in_top_regions(window: &Window) -> Vec<u32> {
    let inside = |site: &&Site| {
        let mut regions = window.regions.iter();
        regions.any(|region| region.start <= site.start && site.end <= region.end)
    };
    let sites = window.sites.iter().filter(inside);
    sites.map(|site| site.matrix).collect()
}
