//! What differs between cell lines that share a genome.

use std::ops::Range;

use rand::RngExt;

use super::SimulationConfig;
use crate::error::{Error, Result};
use crate::genome::Chroms;
use crate::pairs::Pair;
use crate::seed::{Purpose, stream};

/// The most cell lines: as many as there are letters to call them by.
pub const MOST: usize = 26;

/// A cell line: the couples that are active in it, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellLine {
    /// Its place among the cell lines, from 0.
    pub number: usize,
    /// The places of its couples among those of the configuration.
    pub couples: Range<usize>,
    /// Whether each pair interacts: its two motifs are those of one of the couples.
    pub labels: Vec<bool>,
    /// Whether a protein sits on each planted site: only factors of the couples occupy theirs.
    pub occupied: Vec<bool>,
}

impl CellLine {
    /// A cell line of some configuration, with the couples that the motifs of each pair were taken
    /// from and the factor of each site.
    pub(super) fn new(
        config: &SimulationConfig,
        number: usize,
        chosen: &[[Option<usize>; 2]],
        factors: &[&str],
    ) -> Self {
        let couples = share(number, config.cell_lines, config.couples.len());
        let interact = |choice: &[Option<usize>; 2]| match choice {
            [Some(enhancer), Some(promoter)] => enhancer == promoter && couples.contains(enhancer),
            _ => false,
        };
        let labels = chosen.iter().map(interact).collect();
        let own: Vec<&String> = config.couples[couples.clone()].iter().flatten().collect();
        let mut rng = stream(config.seed, Purpose::Occupancy, number as u64);
        let occupied = factors.iter().map(|factor| {
            // Drawn for every site, so that the others of a factor depend on no other factor.
            let would_be = rng.random_bool(config.occupied);
            would_be && own.iter().any(|own| *own == factor)
        });
        let occupied = occupied.collect();
        Self {
            number,
            couples,
            labels,
            occupied,
        }
    }

    /// `A` for the first, `B` for the second and so on.
    pub fn name(&self) -> String {
        letter(self.number)
    }

    /// Checks that each chromosome has pairs that interact and others: splits keep chromosomes whole.
    pub(super) fn check(&self, chroms: &Chroms, pairs: &[Pair]) -> Result<()> {
        for whole in chroms.regions() {
            for (label, class) in [(true, "positive"), (false, "negative")] {
                let mut labelled = pairs.iter().zip(&self.labels);
                let is_there = labelled.any(|(pair, own)| {
                    *own == label && pair.elements.enhancer.chrom == whole.chrom
                });
                if !is_there {
                    return Err(Error::Configuration(format!(
                        "simulation: {} has no {class} pair of cell line {}: there must be more pairs",
                        chroms.name(whole.chrom),
                        self.name()
                    )));
                }
            }
        }
        Ok(())
    }
}

/// What the cell line of this number is called.
pub fn letter(number: usize) -> String {
    ('A'..='Z')
        .nth(number)
        .map(String::from)
        .unwrap_or_default()
}

/// The couples of one of some cell lines, among which all are divided as equally as can be.
fn share(number: usize, cell_lines: usize, couples: usize) -> Range<usize> {
    number * couples / cell_lines..(number + 1) * couples / cell_lines
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::simulate::Simulation;

    fn config(cell_lines: usize) -> SimulationConfig {
        SimulationConfig {
            chromosomes: 3,
            chromosome_length: 400_000,
            positives: 40,
            negatives: 40,
            swapped: 0.5,
            distance: [5_000, 50_000],
            cell_lines,
            ..SimulationConfig::default()
        }
    }

    fn labels(simulation: &Simulation) -> Vec<bool> {
        let pairs = simulation.pairs.iter();
        pairs.map(|pair| pair.label == Some(true)).collect()
    }

    #[test]
    fn the_only_cell_line_has_all_positives_and_any_site_may_be_occupied() {
        let simulation = config(1).run().unwrap();
        let [cell] = &simulation.cell_lines[..] else {
            panic!("{} cell lines", simulation.cell_lines.len());
        };
        assert_eq!((cell.couples.clone(), cell.name().as_str()), (0..2, "A"));
        assert_eq!(cell.labels, labels(&simulation));
        let sites = simulation.sites.iter().zip(&cell.occupied);
        let factors: HashSet<&str> = sites
            .filter(|(_, occupied)| **occupied)
            .map(|(site, _)| site.name.as_str())
            .collect();
        assert_eq!(factors, HashSet::from(["CTCF", "NRF1", "USF1", "REST"]));
    }

    #[test]
    fn each_cell_line_has_its_own_positives_and_occupied_sites() {
        let simulation = config(2).run().unwrap();
        let [a, b] = &simulation.cell_lines[..] else {
            panic!("{} cell lines", simulation.cell_lines.len());
        };
        assert_eq!([a.name(), b.name()], ["A", "B"]);
        for (place, all) in labels(&simulation).into_iter().enumerate() {
            // Positive in one of the two, or negative in both.
            assert_eq!(a.labels[place] ^ b.labels[place], all);
            assert_eq!(a.labels[place] | b.labels[place], all);
            let couple = [a, b].iter().position(|cell| cell.labels[place]);
            if let Some(couple) = couple {
                assert_eq!(simulation.couples[place], [Some(couple); 2]);
            }
        }
        for (cell, own) in [(a, ["CTCF", "NRF1"]), (b, ["USF1", "REST"])] {
            let (mut occupied, mut all) = (0, 0);
            for (site, is_occupied) in simulation.sites.iter().zip(&cell.occupied) {
                let is_own = own.contains(&site.name.as_str());
                assert!(is_own || !is_occupied, "{}", site.name);
                all += usize::from(is_own);
                occupied += usize::from(*is_occupied);
            }
            let part = occupied as f64 / all as f64;
            assert!(all > 40 && (part - 0.7).abs() < 0.2, "{occupied} of {all}");
        }
    }

    #[test]
    fn more_cell_lines_change_no_site_of_the_first() {
        let simulation = config(2).run().unwrap();
        let factors: Vec<&str> = simulation
            .sites
            .iter()
            .map(|site| site.name.as_str())
            .collect();
        let [two, one] = [2, 1].map(|cell_lines| {
            let config = config(cell_lines);
            CellLine::new(&config, 0, &simulation.couples, &factors).occupied
        });
        let of_others = factors
            .iter()
            .map(|factor| ["USF1", "REST"].contains(factor));
        for ((two, one), other) in two.into_iter().zip(one).zip(of_others) {
            assert_eq!(two, one && !other);
        }
    }

    #[test]
    fn too_few_pairs_and_too_many_cell_lines_are_refused() {
        let few = SimulationConfig {
            positives: 3,
            ..config(2)
        };
        let said = few.run().unwrap_err().to_string();
        assert!(said.contains("no positive pair of cell line"), "{said}");
        for cell_lines in [0, 3] {
            let said = config(cell_lines).run().unwrap_err().to_string();
            let wanted = format!("cell lines: {cell_lines}, couples: 2;");
            assert!(said.contains(&wanted), "{said}");
        }
    }

    proptest! {
        #[test]
        fn every_couple_is_of_one_cell_line(cell_lines in 1usize..=MOST, more in 0usize..30) {
            let couples = cell_lines + more;
            let mut next = 0;
            for number in 0..cell_lines {
                let share = share(number, cell_lines, couples);
                prop_assert_eq!(share.start, next);
                let equal = couples / cell_lines;
                prop_assert!(share.len() == equal || share.len() == equal + 1);
                next = share.end;
            }
            prop_assert_eq!(next, couples);
        }

        #[test]
        fn every_cell_line_has_a_letter_of_its_own(number in 0usize..MOST) {
            let name = letter(number);
            prop_assert_eq!(name.len(), 1);
            prop_assert_eq!(usize::from(name.as_bytes()[0] - b'A'), number);
        }
    }
}
