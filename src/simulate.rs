//! A small genome with planted motif pairs, and the truth about them.
//!
//! Positive pairs carry the two motifs of one couple, one in the enhancer and its partner in the
//! promoter. Negative pairs carry the same motifs, but never the two of one couple: either only
//! one of the two elements has its motif, or (a *swapped* negative) the enhancer's motif of one
//! couple stands opposite the promoter's motif of another. Where all negatives are swapped, each
//! motif is as frequent in either class, and the pairing alone tells them apart.
//!
//! Proteins occupy only some of the sites. DNase-seq reads show which; a file of matrices holds
//! the planted ones among others, and an interactome the couples among other interactions.
//!
//! Several cell lines share genome, pairs and sites. Each has couples of its own that are active in
//! it: they alone make its positives, and proteins occupy the sites of their factors alone.

mod accessibility;
mod background;
mod cell_line;
mod config;
mod cuts;
mod decoys;
mod interactome;
mod layout;
mod reads;
mod recall;
mod tracks;
mod write;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Region};
use crate::motifs::{self, Matrix};
use crate::pairs::Pair;
use crate::seed::{Purpose, stream};

pub use accessibility::REACH;
pub use cell_line::CellLine;
pub use config::SimulationConfig;
pub use cuts::{CutRates, FLANK, MARGIN, SHOULDER};
pub use decoys::DECOYS;
pub use interactome::{Gene, Interaction, Interactome};
pub use reads::READ;
pub use recall::{ByOccupancy, Recall};
pub use tracks::recall_of_tracks;
pub use write::Files;

/// The matrices that sites are drawn from, built from well-known consensus sequences.
const MATRICES: &str = include_str!("../assets/motifs.jaspar");

const MOST_PAIRS: usize = 1_000_000;
const MOST_CHROMOSOMES: usize = 100;
const CHROMOSOME_LENGTHS: std::ops::RangeInclusive<u32> = 100_000..=250_000_000;

/// A planted site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Where.
    pub region: Region,
    /// The transcription factor.
    pub name: String,
    /// Whether it is on the forward strand.
    pub forward: bool,
    /// The place of its pair.
    pub pair: usize,
    /// Which element of the pair it lies in.
    pub element: Element,
}

/// A simulated genome and what is true about it.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The chromosomes.
    pub chroms: Chroms,
    /// Base codes of each chromosome.
    pub sequences: Vec<Vec<u8>>,
    /// The pairs, sorted by position; labelled positive where they interact in some cell line.
    pub pairs: Vec<Pair>,
    /// The couples that the motifs of each pair's enhancer and promoter were taken from: the same
    /// one for positives, none where an element has no motif.
    pub couples: Vec<[Option<usize>; 2]>,
    /// The planted sites, sorted by position.
    pub sites: Vec<Site>,
    /// The matrices: those that sites may be drawn from, then decoys, which planted sites
    /// match as often as random letters do.
    pub motifs: Vec<Matrix>,
    /// What differs between the cell lines, of which there is at least one.
    pub cell_lines: Vec<CellLine>,
}

impl Simulation {
    /// The planted sites that are occupied in a cell line, sorted by position.
    pub fn occupied_in(&self, cell: &CellLine) -> impl Iterator<Item = Region> {
        let sites = self.sites.iter().zip(&cell.occupied);
        let occupied = sites.filter(|(_, occupied)| **occupied);
        occupied.map(|(site, _)| site.region)
    }
}

impl SimulationConfig {
    /// Simulates.
    ///
    /// # Errors
    ///
    /// Unknown motifs, ranges the wrong way round, fewer than two couples, more cell lines than couples,
    /// no room for the pairs, several cell lines of which one lacks a class on a chromosome.
    pub fn run(&self) -> Result<Simulation> {
        let mut motifs = motifs::parse("assets/motifs.jaspar", MATRICES)?;
        let couples = self.matrices(&motifs)?;
        self.validate(&couples)?;
        let chroms = Chroms::new(
            (1..=self.chromosomes).map(|number| (format!("chr{number}"), self.chromosome_length)),
        )
        .map_err(Error::Configuration)?;
        let mut sequences: Vec<Vec<u8>> = (0..self.chromosomes)
            .map(|chrom| {
                let mut rng = stream(self.seed, Purpose::Simulation, 1 + chrom as u64);
                background::sequence(self.chromosome_length as usize, &mut rng)
            })
            .collect();

        let mut rng = stream(self.seed, Purpose::Simulation, 0);
        let mut pairs = layout::pairs(self, &sequences, &mut rng)?;
        let mut sites = Vec::new();
        let mut chosen = Vec::new();
        let mut turns = vec![0; self.chromosomes];
        for (place, pair) in pairs.iter_mut().enumerate() {
            pair.line = place as u32 + 2;
            let choice = self.choose(pair, &mut turns, &mut rng);
            for (side, element) in pair.elements.into_iter().enumerate() {
                let Some(couple) = choice[side] else {
                    continue;
                };
                let matrix = &couples[couple][side];
                let ChromId(chrom) = element.chrom;
                let sequence = &mut sequences[chrom as usize];
                for (region, forward) in self.plant(matrix, element, sequence, &mut rng) {
                    sites.push(Site {
                        region,
                        name: matrix.name.clone(),
                        forward,
                        pair: place,
                        element: Element::BOTH[side],
                    });
                }
            }
            chosen.push(choice);
        }
        sites.sort_by_key(|site| site.region);
        let cell_lines = self.cell_lines(&chroms, &pairs, &chosen, &sites)?;
        let planted: Vec<&Matrix> = couples.iter().flatten().collect();
        motifs.extend(decoys::draw(&planted, &motifs, self.seed));
        Ok(Simulation {
            chroms,
            sequences,
            pairs,
            couples: chosen,
            sites,
            motifs,
            cell_lines,
        })
    }

    /// What differs between the cell lines.
    fn cell_lines(
        &self,
        chroms: &Chroms,
        pairs: &[Pair],
        chosen: &[[Option<usize>; 2]],
        sites: &[Site],
    ) -> Result<Vec<CellLine>> {
        let factors: Vec<&str> = sites.iter().map(|site| site.name.as_str()).collect();
        let cell_line = |number| CellLine::new(self, number, chosen, &factors);
        let cell_lines: Vec<CellLine> = (0..self.cell_lines).map(cell_line).collect();
        if cell_lines.len() > 1 {
            for cell in &cell_lines {
                cell.check(chroms, pairs)?;
            }
        }
        Ok(cell_lines)
    }

    /// The couples of the enhancer's and the promoter's motif; `turns` counts the positives of each
    /// chromosome so far.
    fn choose(&self, pair: &Pair, turns: &mut [usize], rng: &mut ChaCha8Rng) -> [Option<usize>; 2] {
        let couples = self.couples.len();
        let positive = pair.label == Some(true);
        if positive && self.cell_lines > 1 {
            // So that each cell line has positives on every chromosome.
            let ChromId(chrom) = pair.elements.enhancer.chrom;
            let turn = &mut turns[chrom as usize];
            *turn += 1;
            return [Some(*turn % couples); 2];
        }
        let enhancer = rng.random_range(0..couples);
        if positive {
            return [Some(enhancer); 2];
        }
        if rng.random_bool(self.swapped) {
            let other = rng.random_range(1..couples);
            return [Some(enhancer), Some((enhancer + other) % couples)];
        }
        let first = rng.random_bool(0.5);
        [first.then_some(enhancer), (!first).then_some(enhancer)]
    }

    /// Writes sites of a motif into an element, on either strand, not over each other; returns
    /// where they are and whether on the forward strand.
    fn plant(
        &self,
        matrix: &Matrix,
        element: Region,
        sequence: &mut [u8],
        rng: &mut ChaCha8Rng,
    ) -> Vec<(Region, bool)> {
        let [fewest, most] = self.sites;
        let count = rng.random_range(fewest..=most);
        let width = matrix.len() as u32;
        // One site to a slot of the element, so that none is written over another.
        let slot = element.len() / count as u32;
        (0..count as u32)
            .map(|number| {
                let at = number * slot + rng.random_range(0..=slot - width);
                let region = element.part(at..at + width);
                let forward = rng.random_bool(0.5);
                let site = matrix.draw(rng);
                let codes = if forward {
                    site
                } else {
                    motifs::reverse_complement(&site)
                };
                sequence[region.start as usize..region.end as usize].copy_from_slice(&codes);
                (region, forward)
            })
            .collect()
    }

    fn matrices(&self, all: &[Matrix]) -> Result<Vec<[Matrix; 2]>> {
        let find = |name: &String| {
            let unknown = || format!("simulation: there is no motif {name:?}");
            let found = all.iter().find(|matrix| matrix.name == *name).cloned();
            found.ok_or_else(|| Error::Configuration(unknown()))
        };
        self.couples
            .iter()
            .map(|[enhancer, promoter]| Ok([find(enhancer)?, find(promoter)?]))
            .collect()
    }

    fn validate(&self, couples: &[[Matrix; 2]]) -> Result<()> {
        let refuse = |message: &str| Err(Error::Configuration(format!("simulation: {message}")));
        if self.couples.is_empty() || (self.couples.len() < 2 && self.swapped > 0.0) {
            return refuse("there must be a couple, and a second one to swap with");
        }
        for (name, part) in [("swapped", self.swapped), ("occupied", self.occupied)] {
            if !(0.0..=1.0).contains(&part) {
                return refuse(&format!("{name} must lie between 0 and 1"));
            }
        }
        let (cell_lines, given) = (self.cell_lines, self.couples.len());
        if !(1..=given.min(cell_line::MOST)).contains(&cell_lines) {
            return refuse(&format!(
                "cell lines: {cell_lines}, couples: {given}; there must be a cell line, each has couples of its \
                 own, and {} are the most",
                cell_line::MOST
            ));
        }
        self.cuts.validate().or_else(|wrong| refuse(&wrong))?;
        let most = interactome::MOST;
        if self.interactions > most {
            return refuse(&format!("there are at most {most} interactions"));
        }
        let classes = [self.positives, self.negatives];
        if !classes.iter().all(|count| (1..=MOST_PAIRS).contains(count)) {
            return refuse("each class needs between one and a million pairs");
        }
        if !(1..=MOST_CHROMOSOMES).contains(&self.chromosomes)
            || !CHROMOSOME_LENGTHS.contains(&self.chromosome_length)
        {
            return refuse("there must be 1 to 100 chromosomes of 100 kb to 250 Mb");
        }
        let [fewest, most] = self.sites;
        let [shortest, longest] = self.element_length;
        let [nearest, farthest] = self.distance;
        if fewest == 0 || fewest > most || shortest > longest || nearest > farthest {
            return refuse("a range has its ends the wrong way round, or no site is wanted");
        }
        let widest = couples.iter().flatten().map(Matrix::len).max().unwrap_or(0);
        if (shortest as usize) < most * widest {
            return refuse("the shortest element has no room for the sites");
        }
        Ok(())
    }
}
