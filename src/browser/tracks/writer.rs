//! Everything that is being written while pairs come in from left to right.

use std::path::Path;

use super::merging::Merging;
use super::request::{Selection, TracksRequest};
use super::signals::{Signals, Written};
use super::summary::{SEARCH, SITES};
use crate::attention::{Attended, Bins, TopCount};
use crate::browser::tracks::annotation::Annotator;
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::evaluation::Correction;
use crate::formats::{
    self, INTERACT_CONTEXT_SCHEMA, INTERACT_SCHEMA, InOrder, Lines, Link, MERGED_CONTEXT_SCHEMA,
    MERGED_SCHEMA, Prediction, REGION_CONTEXT_SCHEMA, REGION_SCHEMA, RegionRecord, Schema,
    ScoredBed, Trix,
};
use crate::genome::{ChromId, Chroms, Region};
use crate::network::inference::Averaged;
use crate::output::Partial;
use crate::pairs::{Pair, Part};
use crate::run::{Offsets, Run};

/// The files of a folder of tracks, as far as they are written.
pub struct Writer<'a> {
    chroms: &'a Chroms,
    /// What each pair of the table was to the training.
    parts: &'a [Option<Part>],
    /// What the run's context says of each, where it has one.
    context: Option<&'a Offsets>,
    threshold: f64,
    /// What makes calibrated probabilities, where the run has it.
    correction: Option<Correction>,
    /// Whether pairs are shown that are not predicted to interact.
    shows_all: bool,
    bins: Sides<Bins>,
    /// Top regions of each window.
    top_regions: TopCount,
    signals: Signals,
    best: Option<Prediction>,
    held: Held,
    annotator: Annotator,
    merging: Merging,
    regions: ScoredBed,
    merged: ScoredBed,
    /// Where motifs are looked for.
    sites: Option<Lines>,
    pairs: Lines,
    predictions: Lines,
    arcs: Lines,
    /// What becomes the bigBed of the arcs.
    big_arcs: Lines,
    longrange: Lines,
    /// The words by which arcs are found.
    search: Trix,
    count: usize,
    /// Pairs whose gene is known.
    genes: usize,
}

/// Records that others may still precede.
#[derive(Default)]
struct Held {
    regions: InOrder<Region, RegionRecord>,
    predictions: InOrder<Region, Prediction>,
    links: InOrder<Region, Link>,
    sides: InOrder<Region, (Prediction, Element)>,
}

/// Complete files that do not have their names yet.
pub struct Finished {
    /// The files.
    pub files: Vec<Partial>,
    /// The bigWigs.
    pub tracks: Written,
    /// The most probable pair, of those that training never saw if there are any; of equal ones the first in the
    /// files.
    pub best: Option<Pair>,
    /// Pairs that were added.
    pub pairs: usize,
    /// Those of them whose gene is known.
    pub genes: usize,
}

impl<'a> Writer<'a> {
    /// Begins the files. Pairs whose probability reaches the run's threshold are shown as predicted.
    pub fn new(
        dir: &Path,
        chroms: &'a Chroms,
        request: &TracksRequest,
        run: &Run,
        (parts, context): (&'a [Option<Part>], Option<&'a Offsets>),
        annotator: Annotator,
    ) -> Result<Self> {
        let bins = run.record.settings.model.bins();
        let lines = |file: &str, header: &str| Lines::new(&dir.join(file), header);
        let scored = |file: &str| ScoredBed::new(&dir.join(file));
        let has_motifs = annotator.has_motifs();
        let known = context.is_some();
        let sites = has_motifs.then(|| lines(SITES, &formats::sites_header(known)));
        Ok(Self {
            chroms,
            parts,
            context,
            threshold: run.record.outcome.threshold,
            correction: run.record.correction(),
            shows_all: request.selection != Selection::Predicted,
            bins,
            top_regions: request.top_regions,
            annotator,
            sites: sites.transpose()?,
            signals: Signals::new(dir, chroms, request, &run.record.settings),
            best: None,
            held: Held::default(),
            merging: Merging::default(),
            regions: scored("top_regions.bed")?,
            merged: scored("merged_regions.bed")?,
            pairs: lines("pairs.bedpe", &formats::bedpe_header(known))?,
            predictions: lines("predictions.tsv", &formats::predictions_header(known))?,
            arcs: lines("pairs.interact", "")?,
            big_arcs: lines("pairs.bb", "")?,
            longrange: lines("pairs.longrange", "")?,
            search: Trix::default(),
            count: 0,
            genes: 0,
        })
    }

    /// The chromosomes.
    pub fn chroms(&self) -> &'a Chroms {
        self.chroms
    }

    /// Writes what lies left of a place, before which nothing will come any more.
    fn write_left_of(&mut self, mark: &Region) -> Result<()> {
        while let Some(record) = self.held.regions.next_before(mark) {
            let line = record.bed(record.value, self.chroms);
            self.regions.add(record.value, &line)?;
            self.merging.add(&record);
            if let Some(lines) = &mut self.sites {
                for line in record.sites(self.chroms) {
                    lines.add(&line)?;
                }
            }
        }
        while let Some(merged) = self.merging.next_before(mark) {
            let line = merged.bed(merged.value, self.chroms);
            self.merged.add(merged.value, &line)?;
        }
        while let Some(prediction) = self.held.predictions.next_before(mark) {
            let line = prediction.bedpe(self.chroms, self.threshold);
            self.pairs.add(&line)?;
            let logit = f64::from(prediction.logit);
            let calibrated = self.correction.map(|of| of.probability(logit));
            self.predictions
                .add(&prediction.tsv(self.chroms, calibrated))?;
            // As `choose` has it.
            let is_seen = |of: &Prediction| of.part.is_some_and(Part::is_seen);
            let is_better = |best: &Prediction| match (is_seen(&prediction), is_seen(best)) {
                (false, true) => true,
                (true, false) => false,
                _ => prediction.probability > best.probability,
            };
            if self.best.as_ref().is_none_or(is_better) {
                self.best = Some(prediction);
            }
        }
        while let Some(link) = self.held.links.next_before(mark) {
            let (chroms, threshold) = (self.chroms, self.threshold);
            self.arcs.add(&link.interact(chroms, threshold))?;
            self.big_arcs.add(&link.big_interact(chroms, threshold))?;
        }
        while let Some((prediction, element)) = self.held.sides.next_before(mark) {
            let line = formats::longrange(&prediction, element, self.chroms);
            self.longrange.add(&line)?;
        }
        self.signals.write_left_of(mark)
    }

    /// Adds a pair, if it is to be shown; nothing of a pair lies left of all of those before it.
    ///
    /// # Errors
    ///
    /// What its regions are annotated with cannot be read; a file that cannot be written.
    pub fn add(
        &mut self,
        place: usize,
        pair: &Pair,
        windows: Sides<Region>,
        said: &Averaged,
    ) -> Result<()> {
        let found = &said.mean;
        self.write_left_of(&leftmost(pair, windows))?;
        let shown = self.shows_all || f64::from(found.probability) >= self.threshold;
        if !shown {
            return Ok(());
        }
        self.count += 1;
        let prediction = Prediction {
            pair: *pair,
            probability: found.probability,
            logit: found.logit,
            part: self.parts[place],
            context: self.context.map(|of| of.probability(place)),
        };
        if let Some(gene) = pair.gene {
            self.genes += 1;
            self.search.add(gene.name());
        }
        self.held
            .predictions
            .push(pair.elements.enhancer, prediction);
        for link in Link::of(prediction) {
            self.held.links.push(link.span, link);
        }
        self.signals.add(windows, said);
        let sides = found.sides(windows, self.bins, self.top_regions);
        for (element, side) in sides.iter() {
            let region = *pair.elements.get(element);
            self.held.sides.push(region, (prediction, element));
            self.add_regions(element, side, prediction)?;
        }
        Ok(())
    }

    /// Adds the top regions of a side of a pair.
    fn add_regions(
        &mut self,
        element: Element,
        side: &Attended,
        prediction: Prediction,
    ) -> Result<()> {
        let regions = side.regions();
        let annotations = self.annotator.annotate(side.window, &regions)?;
        for ((top, region), annotation) in side.top.iter().zip(regions).zip(annotations) {
            let record = RegionRecord {
                region,
                element,
                rank: top.rank,
                value: side.value(top),
                prediction,
                annotation,
            };
            self.held.regions.push(region, record);
        }
        Ok(())
    }

    /// Writes what is left, and the bigBeds while the bigWigs come to their end.
    pub fn finish(mut self, dir: &Path) -> Result<Finished> {
        if self.count == 0 {
            let message = "no pair reaches the run's threshold: there is nothing to show";
            return Err(Error::Undefined(message.to_string()));
        }
        let chrom = ChromId(u32::MAX);
        let (start, end) = (0, 0);
        self.write_left_of(&Region { chrom, start, end })?;
        self.signals.close();
        let (regions, merged) = (self.regions.finish()?, self.merged.finish()?);
        let arcs = self.big_arcs.finish()?;
        let bigbed = |lines: &Partial, file: &str, schema| {
            formats::write_bigbed(lines.path(), &dir.join(file), schema, self.chroms)
        };
        let schemas = schemas(self.context.is_some(), self.genes > 0);
        // Each is compressed on all threads, but put right on one.
        let (regions_bb, (merged_bb, arcs_bb)) = rayon::join(
            || bigbed(&regions, "top_regions.bb", schemas[0]),
            || {
                rayon::join(
                    || bigbed(&merged, "merged_regions.bb", schemas[1]),
                    || bigbed(&arcs, "pairs.bb", schemas[2]),
                )
            },
        );
        let (mut files, tracks) = self.signals.finish()?;
        files.extend([
            regions_bb?,
            merged_bb?,
            arcs_bb?,
            regions,
            merged,
            self.arcs.finish()?,
            self.pairs.finish()?,
            self.predictions.finish()?,
            self.longrange.finish()?,
        ]);
        if let Some(sites) = self.sites {
            files.push(sites.finish()?);
        }
        if self.genes > 0 {
            files.extend(self.search.write(&dir.join(SEARCH[0]))?);
        }
        Ok(Finished {
            files,
            tracks,
            best: self.best.map(|best| best.pair),
            pairs: self.count,
            genes: self.genes,
        })
    }
}

/// How top regions, merged regions and arcs are to be read, of a run that has a context or none, where some
/// pair's gene is known or none.
fn schemas(context: bool, genes: bool) -> [Schema; 3] {
    let [regions, merged, arcs] = match context {
        true => [
            REGION_CONTEXT_SCHEMA,
            MERGED_CONTEXT_SCHEMA,
            INTERACT_CONTEXT_SCHEMA,
        ],
        false => [REGION_SCHEMA, MERGED_SCHEMA, INTERACT_SCHEMA],
    };
    // Nobody looks for pairs by their places: without genes there is no index of names.
    let indexed = arcs.indexed.filter(|_| genes);
    [regions, merged, Schema { indexed, ..arcs }]
}

/// The first place that anything of the pair can have, without its bases.
pub fn leftmost(pair: &Pair, windows: Sides<Region>) -> Region {
    let sides = pair.elements.zip(windows);
    let Sides { enhancer, promoter } = sides.map(|(element, window)| element.min(window));
    let first = enhancer.min(promoter);
    Region { end: 0, ..first }
}
