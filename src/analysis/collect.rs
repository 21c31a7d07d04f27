//! Runs pairs through the network and counts what lies in their windows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::request::AnalysisRequest;
use super::result::class;
use crate::attention::Attended;
use crate::element::Sides;
use crate::enrichment::tf_pairs::{Bound, Counts, Factors};
use crate::enrichment::{Enrichment, Site, Window};
use crate::error::{Error, Result};
use crate::footprints::Footprints;
use crate::genome::{Chroms, Reference, Region};
use crate::motifs::{Collection, Hit};
use crate::network::device::ComputeDevice;
use crate::network::inference::along_the_genome;
use crate::pairs::{Pair, PairTable};
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
struct Contents {
    sites: Vec<Site>,
    occupancy: Option<Vec<f32>>,
}

/// The pairs of a run that an analysis is of, by their places in the table.
///
/// # Errors
///
/// A table that cannot be read, no pair of one class.
pub fn pairs_of(
    run: &Run,
    request: &AnalysisRequest,
    chroms: &Chroms,
) -> Result<(PairTable, Vec<usize>)> {
    let table = run.read_table(request.table.as_deref(), chroms)?;
    let split = run.split(&table, chroms)?;
    let wanted = |place: &usize| request.part.is_none_or(|part| split.part(*place) == part);
    let places: Vec<usize> = (0..table.pairs.len()).filter(wanted).collect();
    let labels = places.iter().map(|&place| table.pairs[place].label);
    for label in [true, false] {
        if !labels.clone().any(|other| other == Some(label)) {
            let class = class(label);
            let problem = format!("there is no {class} pair: both classes are compared");
            return Err(Error::Undefined(problem));
        }
    }
    Ok((table, places))
}

/// Counts what lies in the windows of some labelled pairs.
///
/// A window is looked through once, however many pairs it has, and is forgotten when the pairs,
/// which come from left to right, have passed it: memory does not grow with their number.
pub fn count<'a>(
    run: &Run,
    (table, places): (&PairTable, &[usize]),
    mut content: Content,
    factors: &'a Factors,
    enrichment: Enrichment,
    device: &ComputeDevice,
    (reference, progress): (&mut Reference, &dyn Progress),
) -> Result<Counted<'a>> {
    let bins = run.record.settings.model.bins();
    let windows = table.windows_of(places);
    let order = along_the_genome(&windows);
    let ordered: Vec<_> = order.iter().map(|&place| windows[place]).collect();
    let mut counted = Counted {
        enrichment,
        tf_pairs: Counts::new(factors),
    };
    let mut cache: BTreeMap<Region, Contents> = BTreeMap::new();
    progress.start("windows", ordered.len() as u64, 0);
    let predictor = run.predictor(device)?;
    predictor.for_each(reference, &ordered, |number, attention| {
        let windows = ordered[number];
        // Nothing to the left of the pair's first window comes any more.
        cache = cache.split_off(&windows.enhancer.min(windows.promoter));
        for region in windows {
            if let Entry::Vacant(place) = cache.entry(region) {
                place.insert(content.look_through(region)?);
            }
        }
        let contents = windows.map(|region| cache[&region].clone());
        progress.advance(1, "");
        let pair = &table.pairs[places[order[number]]];
        counted.add(pair, attention.sides(windows, bins), contents)
    })?;
    progress.finish();
    Ok(counted)
}

impl Content<'_> {
    fn look_through(&mut self, window: Region) -> Result<Contents> {
        let codes = self.reference.codes(window)?;
        let mut hits = self.motifs.scanner.scan(&codes);
        // A palindrome is one site, though it matches on both strands.
        hits.dedup_by_key(|hit| (hit.start, hit.matrix));
        let length = |matrix: u32| self.motifs.matrices[matrix as usize].len() as u32;
        let site = |hit: &Hit| Site {
            matrix: hit.matrix,
            start: hit.start,
            end: hit.start + length(hit.matrix),
        };
        let occupancy = self.footprints.map(|all| all.occupancy(window));
        Ok(Contents {
            sites: hits.iter().map(site).collect(),
            occupancy: occupancy.transpose()?,
        })
    }
}

impl Counted<'_> {
    fn add(
        &mut self,
        pair: &Pair,
        attended: Sides<Attended>,
        contents: Sides<Contents>,
    ) -> Result<()> {
        let positive = pair.label == Some(true);
        let sides = Sides::from_fn(|element| element).zip(attended);
        let windows = sides.zip(contents).map(|((element, side), found)| {
            let first = side.window.start;
            let inside = |top: Region| top.start - first..top.end - first;
            Window {
                element,
                positive,
                region: side.window,
                regions: side.regions().into_iter().map(inside).collect(),
                sites: found.sites,
                occupancy: found.occupancy,
            }
        });
        let matrices = windows.as_ref().map(in_top_regions);
        let bound = pair.elements.zip(matrices.as_ref());
        let bound = bound.map(|(element, matrices)| Bound { element, matrices });
        self.tf_pairs.add(positive, bound);
        windows
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
