//! Which of the simulated proteins interact.

use std::collections::HashSet;
use std::path::Path;

use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::SimulationConfig;
use crate::error::Result;
use crate::motifs::Matrix;
use crate::output;
use crate::seed::{Purpose, stream};

/// The most random interactions that may be asked for.
pub const MOST: usize = 300;

/// The columns of BioGRID's TAB 3.0 format.
///
/// <https://wiki.thebiogrid.org/doku.php/biogrid_tab_version_3.0>
const HEADER: &str = "#BioGRID Interaction ID\t\
    Entrez Gene Interactor A\tEntrez Gene Interactor B\t\
    BioGRID ID Interactor A\tBioGRID ID Interactor B\t\
    Systematic Name Interactor A\tSystematic Name Interactor B\t\
    Official Symbol Interactor A\tOfficial Symbol Interactor B\t\
    Synonyms Interactor A\tSynonyms Interactor B\t\
    Experimental System\tExperimental System Type\tAuthor\tPublication Source\t\
    Organism ID Interactor A\tOrganism ID Interactor B\t\
    Throughput\tScore\tModification\tQualifications\tTags\tSource Database\t\
    SWISS-PROT Accessions Interactor A\tTREMBL Accessions Interactor A\t\
    REFSEQ Accessions Interactor A\tSWISS-PROT Accessions Interactor B\t\
    TREMBL Accessions Interactor B\tREFSEQ Accessions Interactor B\t\
    Ontology Term IDs\tOntology Term Names\tOntology Term Categories\t\
    Ontology Term Qualifier IDs\tOntology Term Qualifier Names\tOntology Term Types\t\
    Organism Name Interactor A\tOrganism Name Interactor B";

/// Experiments that show physical contact, by BioGRID's names.
const PHYSICAL: [&str; 4] = [
    "Affinity Capture-MS",
    "Affinity Capture-Western",
    "Reconstituted Complex",
    "Two-hybrid",
];
const GENETIC: &str = "Synthetic Lethality";

/// NCBI's number and name of an organism.
type Organism = (u32, &'static str);
const HUMAN: Organism = (9606, "Homo sapiens");
/// An organism whose genes have the same symbols, letter by letter, as the human ones.
const CHICKEN: Organism = (9031, "Gallus gallus");

/// A gene.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gene {
    /// The official symbol.
    pub symbol: String,
    /// Another name of the gene.
    pub synonym: Option<String>,
    organism: Organism,
}

/// An interaction of two proteins or genes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interaction {
    /// Interactor A and interactor B.
    pub genes: [Gene; 2],
    /// BioGRID's name of the experiment.
    pub experiment: &'static str,
}

/// Interactions in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interactome {
    /// All of them.
    pub interactions: Vec<Interaction>,
}

impl Interactome {
    /// The interactome that belongs to a simulation's couples and matrices. With E and P for the
    /// first couple's enhancer and promoter protein, it holds
    ///
    /// * for each couple, a physical interaction of its proteins (of each with each, where a
    ///   matrix names several, as `FOS::JUN`), the first couple's a second time the other way
    ///   round;
    /// * P with itself;
    /// * a chain of the second order, from E over `BRIDGE1`, which has no matrix, to `DECOY01`;
    /// * a genetic interaction of E with `DECOY02`, and no physical one;
    /// * a physical interaction of E with `DECOY03` in another organism only;
    /// * a physical interaction of E with `DECOY04`, whose official symbol is `ALIAS4` everywhere
    ///   and whose matrix's name is a synonym;
    /// * [`SimulationConfig::interactions`] random physical interactions of two of the matrices'
    ///   proteins, at least one of which was not planted, none listed above.
    pub fn simulate(config: &SimulationConfig, motifs: &[Matrix]) -> Self {
        let mut rng = stream(config.seed, Purpose::Interactome, 0);
        let mut interactions = Vec::new();
        for couple in &config.couples {
            let [enhancer, promoter] = couple.each_ref().map(|name| proteins(name));
            for a in &enhancer {
                interactions.extend(promoter.iter().map(|b| physical(a, b, &mut rng)));
            }
        }
        let names = config.couples.iter().flatten();
        let planted: HashSet<&str> = names.flat_map(|name| proteins(name)).collect();
        let first = config.couples.first().map(|couple| {
            let [enhancer, promoter] = couple.each_ref().map(|name| proteins(name)[0]);
            (enhancer, promoter)
        });
        let mut listed = HashSet::new();
        if let Some((enhancer, promoter)) = first {
            let physicals = [
                (promoter, enhancer),
                (promoter, promoter),
                (enhancer, "BRIDGE1"),
                ("BRIDGE1", "DECOY01"),
                (enhancer, "DECOY04"),
            ];
            interactions.extend(physicals.map(|(a, b)| physical(a, b, &mut rng)));
            interactions.push(Interaction {
                genes: [enhancer, "DECOY02"].map(|name| gene(name, HUMAN)),
                experiment: GENETIC,
            });
            interactions.push(Interaction {
                genes: [enhancer, "DECOY03"].map(|name| gene(name, CHICKEN)),
                experiment: PHYSICAL[0],
            });
            let decoys = ["DECOY01", "DECOY02", "DECOY03", "DECOY04"];
            listed.extend(decoys.map(|decoy| (enhancer, decoy)));
        }
        let free = |a: &str, b: &str| {
            let both_planted = planted.contains(a) && planted.contains(b);
            let known = listed.contains(&(a, b)) || listed.contains(&(b, a));
            !both_planted && !known
        };
        let mut others = pairs(motifs, free);
        others.shuffle(&mut rng);
        others.truncate(config.interactions);
        let others = others.into_iter();
        interactions.extend(others.map(|(a, b)| physical(a, b, &mut rng)));
        interactions.shuffle(&mut rng);
        Self { interactions }
    }

    /// Writes the header and a row for each interaction.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let mut genes: Vec<&Gene> = Vec::new();
        let rows = self.interactions.iter().zip(1..);
        let rows = rows.map(|(interaction, number)| {
            let numbers = interaction.genes.each_ref().map(|gene| {
                let place = genes.iter().position(|other| *other == gene);
                place.unwrap_or_else(|| {
                    genes.push(gene);
                    genes.len() - 1
                })
            });
            interaction.row(number, numbers)
        });
        output::write_table(path, HEADER, rows)
    }
}

impl Interaction {
    /// Whether the two touch.
    pub fn is_physical(&self) -> bool {
        self.experiment != GENETIC
    }

    fn row(&self, number: usize, numbers: [usize; 2]) -> impl Serialize {
        let genes = self.genes.each_ref();
        let kind = if self.is_physical() {
            "physical"
        } else {
            "genetic"
        };
        (
            number,
            // Numbers of genes that are nobody else's.
            numbers.map(|gene| 900_000_001 + gene),
            numbers.map(|gene| 1 + gene),
            ["-"; 2],
            genes.map(|gene| gene.symbol.as_str()),
            genes.map(|gene| gene.synonym.as_deref().unwrap_or("-")),
            [self.experiment, kind, "epitrack simulation", "-"],
            genes.map(|gene| gene.organism.0),
            "Low Throughput",
            ["-"; 4],
            "SIMULATED",
            ["-"; 12],
            genes.map(|gene| gene.organism.1),
        )
    }
}

/// The proteins of a matrix: dimers are written `FOS::JUN`.
fn proteins(name: &str) -> Vec<&str> {
    name.split("::").collect()
}

/// All pairs of two of the matrices' proteins that are free to take.
fn pairs(motifs: &[Matrix], free: impl Fn(&str, &str) -> bool) -> Vec<(&str, &str)> {
    let names = motifs.iter().flat_map(|matrix| proteins(&matrix.name));
    let names: Vec<&str> = names.collect();
    let mut pairs = Vec::new();
    for (place, &a) in names.iter().enumerate() {
        for &b in &names[place + 1..] {
            if free(a, b) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

fn gene(name: &str, organism: Organism) -> Gene {
    let (symbol, synonym) = match name {
        "DECOY04" => ("ALIAS4", Some("DECOY04|A4".to_string())),
        _ => (name, None),
    };
    Gene {
        symbol: symbol.to_string(),
        synonym,
        organism,
    }
}

fn physical(a: &str, b: &str, rng: &mut ChaCha8Rng) -> Interaction {
    Interaction {
        genes: [a, b].map(|name| gene(name, HUMAN)),
        experiment: PHYSICAL.choose(rng).unwrap_or(&PHYSICAL[0]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motifs;

    fn simulated(config: &SimulationConfig) -> Interactome {
        let mut motifs = motifs::parse("assets", super::super::MATRICES).unwrap();
        for number in 1..=30 {
            let mut decoy = motifs[0].clone();
            decoy.name = format!("DECOY{number:02}");
            motifs.push(decoy);
        }
        Interactome::simulate(config, &motifs)
    }

    /// The symbols of the interactions of a kind, either way round.
    fn found(interactome: &Interactome, a: &str, b: &str) -> Vec<(bool, u32)> {
        let mut found = Vec::new();
        for interaction in &interactome.interactions {
            let [one, other] = &interaction.genes;
            let symbols = (one.symbol.as_str(), other.symbol.as_str());
            if symbols == (a, b) || symbols == (b, a) {
                found.push((interaction.is_physical(), one.organism.0));
            }
        }
        found
    }

    #[test]
    fn it_holds_what_it_says() {
        let config = SimulationConfig::default();
        let got = simulated(&config);
        let human = (true, 9606);
        // Two couples, one of them twice; seven special ones but one.
        assert_eq!(got.interactions.len(), 2 + 7 + config.interactions);
        for (a, b, expected) in [
            ("CTCF", "NRF1", vec![human; 2]),
            ("USF1", "REST", vec![human]),
            ("CTCF", "REST", vec![]),
            ("CTCF", "USF1", vec![]),
            ("NRF1", "NRF1", vec![human]),
            ("CTCF", "BRIDGE1", vec![human]),
            ("BRIDGE1", "DECOY01", vec![human]),
            ("CTCF", "DECOY01", vec![]),
            ("CTCF", "DECOY02", vec![(false, 9606)]),
            ("CTCF", "DECOY03", vec![(true, 9031)]),
            ("CTCF", "ALIAS4", vec![human]),
            ("CTCF", "DECOY04", vec![]),
        ] {
            assert_eq!(found(&got, a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_gene_has_one_symbol_and_its_matrix_is_a_synonym() {
        let config = SimulationConfig {
            interactions: MOST,
            ..SimulationConfig::default()
        };
        let got = simulated(&config);
        let genes: Vec<&Gene> = got.interactions.iter().flat_map(|i| &i.genes).collect();
        assert!(genes.iter().all(|gene| gene.symbol != "DECOY04"));
        let alias = genes.iter().find(|gene| gene.symbol == "ALIAS4").unwrap();
        assert_eq!(alias.synonym.as_deref(), Some("DECOY04|A4"));
        assert_eq!(got.interactions.len(), 9 + MOST);
    }

    #[test]
    fn dimers_interact_by_each_of_their_proteins() {
        let config = SimulationConfig {
            couples: vec![["FOS::JUN".to_string(), "SP1".to_string()]],
            ..SimulationConfig::default()
        };
        let got = simulated(&config);
        assert_eq!(found(&got, "FOS", "SP1").len(), 2);
        assert_eq!(found(&got, "JUN", "SP1").len(), 1);
        assert!(found(&got, "FOS", "JUN").is_empty());
    }

    #[test]
    fn rows_have_the_columns_of_the_format() {
        let got = simulated(&SimulationConfig::default());
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("interactome.tab3.txt");
        got.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(HEADER));
        let header: Vec<&str> = HEADER.split('\t').collect();
        assert_eq!(header.len(), 37);
        let column = |name: &str| header.iter().position(|column| *column == name).unwrap();
        for (line, interaction) in lines.zip(&got.interactions) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), header.len());
            let [a, b] = &interaction.genes;
            for (gene, side) in [(a, "A"), (b, "B")] {
                let field = |name: &str| fields[column(&format!("{name} Interactor {side}"))];
                assert_eq!(field("Official Symbol"), gene.symbol);
                assert_eq!(field("Organism ID"), gene.organism.0.to_string());
                assert_eq!(field("Organism Name"), gene.organism.1);
                assert_eq!(field("Synonyms"), gene.synonym.as_deref().unwrap_or("-"));
            }
            let kind = fields[column("Experimental System Type")];
            assert_eq!(kind == "physical", interaction.is_physical());
            assert_eq!(fields[column("Throughput")], "Low Throughput");
            assert_eq!(fields[column("Source Database")], "SIMULATED");
        }
    }
}
