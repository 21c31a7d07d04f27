//! Everything that is being written while pairs come in from left to right.

use std::path::Path;

use super::{Track, TracksRequest};
use crate::attention::{Bins, Coverage, Element, top_regions};
use crate::browser::{self, InOrder, PairWriter, PredictionWriter, RegionRecord, RegionWriter};
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Region};
use crate::inference::PairAttention;
use crate::model::ModelConfig;
use crate::output::Partial;
use crate::pairs::{Pair, Split, Windows};

/// The files of a folder of tracks, as far as they are written.
pub struct Writer<'a> {
    chroms: &'a Chroms,
    split: Option<&'a Split>,
    bins: [Bins; 2],
    coverage: [Coverage; 2],
    held_regions: InOrder<Region, RegionRecord>,
    regions: RegionWriter<'a>,
    held_lines: InOrder<Region, Line>,
    pairs: PairWriter<'a>,
    predictions: PredictionWriter<'a>,
    count: usize,
}

/// What is known of a pair when its lines are written.
struct Line {
    place: usize,
    pair: Pair,
    probability: f32,
    logit: f32,
}

/// Complete files that do not have their names yet.
pub struct Finished {
    /// The files.
    pub files: Vec<Partial>,
    /// The enhancers' and the promoters' track.
    pub tracks: [Track; 2],
    /// Pairs that were added.
    pub pairs: usize,
}

impl<'a> Writer<'a> {
    /// Begins the files.
    pub fn new(
        dir: &Path,
        chroms: &'a Chroms,
        request: &TracksRequest,
        model: &ModelConfig,
        split: Option<&'a Split>,
    ) -> Result<Self> {
        let bins = [model.enhancer_pooling(), model.promoter_pooling()].map(Bins);
        Ok(Self {
            chroms,
            split,
            bins,
            coverage: bins.map(|bins| Coverage::new(request.aggregate, bins)),
            held_regions: InOrder::new(),
            regions: RegionWriter::new(&dir.join("top_regions.bed"), chroms)?,
            held_lines: InOrder::new(),
            pairs: PairWriter::new(&dir.join("pairs.bedpe"), chroms)?,
            predictions: PredictionWriter::new(&dir.join("predictions.tsv"), chroms)?,
            count: 0,
        })
    }

    /// The bins of the enhancer's and the promoter's window.
    pub fn bins(&self) -> [Bins; 2] {
        self.bins
    }

    /// Writes what lies left of a place, before which nothing will come any more.
    pub fn write_left_of(&mut self, (chrom, start): (ChromId, u32)) -> Result<()> {
        let mark = Region {
            chrom,
            start,
            end: 0,
        };
        while let Some(record) = self.held_regions.next_before(&mark) {
            self.regions.write(&record)?;
        }
        while let Some(line) = self.held_lines.next_before(&mark) {
            self.line(&line)?;
        }
        Ok(())
    }

    /// Adds a pair.
    pub fn add(&mut self, place: usize, pair: &Pair, windows: &Windows, found: &PairAttention) {
        self.count += 1;
        let line = Line {
            place,
            pair: *pair,
            probability: found.probability,
            logit: found.logit,
        };
        self.held_lines.push(pair.enhancer, line);
        let sides = [
            (Element::Enhancer, windows.enhancer, &found.enhancer),
            (Element::Promoter, windows.promoter, &found.promoter),
        ];
        for (side, (element, window, marginal)) in sides.into_iter().enumerate() {
            let bins = self.bins[side];
            self.coverage[side].add(window, found.probability, marginal);
            for top in top_regions(&bins, marginal) {
                let region = bins.region_in(window, top.bin);
                let record = RegionRecord {
                    region,
                    element,
                    rank: top.rank,
                    attention: top.attention,
                    value: top.attention * bins.count() as f32,
                    pair: *pair,
                    probability: found.probability,
                };
                self.held_regions.push(region, record);
            }
        }
    }

    fn line(&mut self, line: &Line) -> Result<()> {
        let part = self.split.map(|split| split.part(line.place));
        self.pairs.write(&line.pair, line.probability)?;
        self.predictions
            .write(&line.pair, part, line.probability, line.logit)
    }

    /// Writes what is left, and the bigWigs.
    pub fn finish(mut self, dir: &Path) -> Result<Finished> {
        if self.count == 0 {
            return Err(Error::Undefined(
                "no pair reaches the run's threshold: there is nothing to show".to_string(),
            ));
        }
        for record in std::mem::take(&mut self.held_regions) {
            self.regions.write(&record)?;
        }
        for line in std::mem::take(&mut self.held_lines) {
            self.line(&line)?;
        }
        let mut files = vec![
            self.regions.finish()?,
            self.pairs.finish()?,
            self.predictions.finish()?,
        ];
        let [enhancer, promoter] = &self.coverage;
        let mut track = |element: Element, coverage: &Coverage| -> Result<Track> {
            let file = format!("{}_attention.bw", element.name());
            let segments = coverage.segments();
            let (partial, summary) =
                browser::write_bigwig(&dir.join(&file), self.chroms, segments)?;
            files.push(partial);
            Ok(Track {
                file,
                windows: coverage.windows(),
                summary,
            })
        };
        let tracks = [
            track(Element::Enhancer, enhancer)?,
            track(Element::Promoter, promoter)?,
        ];
        Ok(Finished {
            files,
            tracks,
            pairs: self.count,
        })
    }
}
