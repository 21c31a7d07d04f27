//! Runs pairs through the network and counts what lies in their windows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::request::AnalysisRequest;
use crate::attention::{Attended, Bins, TopCount};
use crate::element::Sides;
use crate::enrichment::tf_pairs::{Bound, Counts, Factors};
use crate::enrichment::{Enrichment, Site, Window};
use crate::error::Result;
use crate::footprints::Footprints;
use crate::genome::{Chroms, Reference, Region};
use crate::motifs::{Collection, Hit};
use crate::network::inference::{Averaged, Ensemble, along_the_genome, for_each_ensemble};
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

/// One way to count the pairs.
pub struct Counting<'a> {
    /// The network, or the ensemble, whose attention tells the top regions, by its place among those that
    /// run.
    pub network: usize,
    /// For each pair whether it counts as positive.
    pub labels: Vec<bool>,
    /// What has been counted.
    pub counted: Counted<'a>,
}

/// What networks say about pairs of windows: the pairs in order, and for each of them the networks in
/// order, both by their places.
pub trait Said {
    /// Hands it on.
    ///
    /// # Errors
    ///
    /// What cannot be read or computed; what `each` returns.
    fn for_each(
        self,
        windows: &[Sides<Region>],
        each: &mut dyn FnMut(usize, usize, Averaged) -> Result<()>,
    ) -> Result<()>;
}

/// Networks that are asked.
pub struct Networks<'a> {
    /// They, in their order.
    pub ensembles: &'a [Ensemble],
    /// Where sequence is read.
    pub reference: &'a mut Reference,
}

impl Said for Networks<'_> {
    fn for_each(
        self,
        windows: &[Sides<Region>],
        each: &mut dyn FnMut(usize, usize, Averaged) -> Result<()>,
    ) -> Result<()> {
        for_each_ensemble(self.ensembles, self.reference, windows, each)
    }
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
/// A table that cannot be read.
pub fn pairs_of(
    run: &Run,
    request: &AnalysisRequest,
    chroms: &Chroms,
) -> Result<(PairTable, Vec<usize>)> {
    let table = run.read_table(request.table.as_deref(), chroms)?;
    let split = run.split(&table, chroms)?;
    let wanted = |place: &usize| request.part.is_none_or(|part| split.part(*place) == part);
    let places: Vec<usize> = (0..table.pairs.len()).filter(wanted).collect();
    Ok((table, places))
}

/// Counts what lies in the windows of some pairs, in one way and in others.
///
/// A window is looked through once, however many pairs it has and in however many ways they are
/// counted, and is forgotten when the pairs, which come from left to right, have passed it: memory
/// does not grow with their number.
pub fn count<'a>(
    (table, places): (&PairTable, &[usize]),
    mut content: Content,
    (bins, said): (Sides<Bins>, impl Said),
    (first, others): (&mut Counting<'a>, &mut [Counting<'a>]),
    progress: &dyn Progress,
) -> Result<()> {
    let windows = table.windows_of(places);
    let order = along_the_genome(&windows);
    let ordered: Vec<_> = order.iter().map(|&place| windows[place]).collect();
    let mut cache: BTreeMap<Region, Contents> = BTreeMap::new();
    progress.start("windows", ordered.len() as u64, 0);
    said.for_each(&ordered, &mut |number, network, found| {
        let windows = ordered[number];
        if network == 0 {
            // Nothing to the left of the pair's first window comes any more.
            cache = cache.split_off(&windows.enhancer.min(windows.promoter));
            for region in windows {
                if let Entry::Vacant(place) = cache.entry(region) {
                    place.insert(content.look_through(region)?);
                }
            }
            progress.advance(1, "");
        }
        let place = order[number];
        let pair = &table.pairs[places[place]];
        let countings = std::iter::once(&mut *first).chain(others.iter_mut());
        for counting in countings.filter(|counting| counting.network == network) {
            let contents = windows.map(|region| cache[&region].clone());
            let attended = found.mean.sides(windows, bins, TopCount::default());
            let positive = counting.labels[place];
            counting.counted.add((pair, positive), attended, contents)?;
        }
        Ok(())
    })?;
    progress.finish();
    Ok(())
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

impl<'a> Counting<'a> {
    /// No pair has come yet.
    pub fn new(
        network: usize,
        labels: Vec<bool>,
        factors: &'a Factors,
        enrichment: Enrichment,
    ) -> Self {
        Self {
            network,
            labels,
            counted: Counted {
                enrichment,
                tf_pairs: Counts::new(factors),
            },
        }
    }
}

impl Counted<'_> {
    fn add(
        &mut self,
        (pair, positive): (&Pair, bool),
        attended: Sides<Attended>,
        contents: Sides<Contents>,
    ) -> Result<()> {
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
        let sites = windows.as_ref().map(in_top_regions);
        let bound = pair.elements.zip(sites.as_ref());
        let bound = bound.map(|(element, sites)| Bound { element, sites });
        self.tf_pairs.add(positive, bound);
        windows
            .into_iter()
            .try_for_each(|window| self.enrichment.add(window))
    }
}

/// The sites that lie wholly inside a top region.
fn in_top_regions(window: &Window) -> Vec<Site> {
    let inside = |site: &&Site| {
        let mut regions = window.regions.iter();
        regions.any(|region| region.start <= site.start && site.end <= region.end)
    };
    window.sites.iter().filter(inside).copied().collect()
}
