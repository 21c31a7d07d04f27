//! Whether the gene is the nearest one of its element, among those of the table or of an annotation.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::method::Method;
use super::table::{CrisprTable, Tested};
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Genes, Region, Transcript};
use crate::output::provenance::Input;
use crate::pairs::Gene;

/// What the baseline is called.
const NAME: &str = "nearest-gene";

/// Bases within which one assembly's annotations have a start site of the same gene, and the fewest genes by
/// which assemblies are told apart: from one to the next most genes move further.
const SAME_PLACE: u32 = 10_000;
const FEWEST: usize = 5;

/// Start sites by chromosome, ascending.
type Starts = BTreeMap<ChromId, Vec<u32>>;

/// 1 where no start site of the table's genes is nearer to the element's middle than one of the pair's
/// own, else 0.
pub fn of_table(table: &CrisprTable) -> Method {
    let own = own_starts(table);
    let mut starts = Starts::new();
    for ((chrom, _), of_gene) in &own {
        starts.entry(*chrom).or_default().extend(of_gene);
    }
    let starts = ascending(starts);
    let scores = table.tested.iter().map(|of| {
        let place = (of.pair.elements.enhancer.chrom, of.pair.gene);
        let own = own.get(&place).into_iter().flatten();
        score(of, own.copied(), &starts)
    });
    let about = "1 for the nearest start site of the table's genes, else 0".to_string();
    Method::new(NAME, about, scores.collect())
}

/// 1 where no start site of an annotation's genes is nearer to the element's middle than one of the pair's own,
/// else 0. `known` are the table's chromosomes with their lengths.
///
/// Genes that code for a protein count: those that the file calls protein-coding, or else those with a transcript
/// that has a coding sequence; where there is none, all. Every transcript has a start site. The pair's own are
/// those of its gene in the annotation, whether it codes or not, by name or by its accession in Ensembl, and in the
/// table.
///
/// # Errors
///
/// As [`Genes::read`]; an annotation that names none of the table's genes, or that has most of them elsewhere,
/// as one of another assembly has.
pub fn of_annotation(table: &CrisprTable, path: &Path, known: Option<&Chroms>) -> Result<Method> {
    let endless;
    let chroms = match known {
        Some(known) => known,
        None => {
            endless = without_lengths(path, table)?;
            &endless
        }
    };
    let everywhere: Vec<Region> = chroms.regions().collect();
    let genes = Genes::read(path, chroms, &everywhere)?;
    let annotated = Annotated::new(&genes);
    let in_table = own_starts(table);
    let unnamed = annotated.check(path, table, &in_table)?;
    let scores = table.tested.iter().map(|of| {
        let chrom = of.pair.elements.enhancer.chrom;
        let in_table = in_table.get(&(chrom, of.pair.gene)).into_iter().flatten();
        let own = annotated.of(of).filter(|start| start.0 == chrom);
        let own = own.map(|start| start.1).chain(in_table.copied());
        score(of, own, &annotated.starts)
    });
    let about = format!(
        "1 for the nearest start site of {} in {}, else 0; {unnamed}",
        annotated.told(),
        path.file_name().unwrap_or_default().to_string_lossy(),
    );
    let mut method = Method::new(NAME, about, scores.collect());
    method.inputs = vec![Input::new(path)?];
    Ok(method)
}

/// 1 where one of a gene's own start sites is as near to the element's middle as the nearest of `starts`.
fn score(of: &Tested, own: impl Iterator<Item = u32>, starts: &Starts) -> Option<f64> {
    let element = of.pair.elements.enhancer;
    // Twice, as the middle may lie between two bases.
    let middle = i64::from(element.start) + i64::from(element.end);
    let away = |start: u32| (middle - 2 * i64::from(start)).abs();
    let here = starts.get(&element.chrom).map_or(&[][..], Vec::as_slice);
    let behind = here.partition_point(|&start| 2 * i64::from(start) < middle);
    let around = &here[behind.saturating_sub(1)..here.len().min(behind + 1)];
    let nearest = around.iter().map(|&start| away(start)).min();
    let own = own.map(away).min();
    let is_nearest = own.is_some_and(|own| nearest.is_none_or(|nearest| own <= nearest));
    Some(f64::from(u8::from(is_nearest)))
}

fn ascending(mut starts: Starts) -> Starts {
    for here in starts.values_mut() {
        here.sort_unstable();
        here.dedup();
    }
    starts
}

/// The start sites that the table has of each gene on each chromosome.
fn own_starts(table: &CrisprTable) -> BTreeMap<(ChromId, Option<Gene>), BTreeSet<u32>> {
    let mut starts: BTreeMap<_, BTreeSet<u32>> = BTreeMap::new();
    for Tested { pair, .. } in &table.tested {
        let Region { chrom, start, .. } = pair.elements.promoter;
        starts.entry((chrom, pair.gene)).or_default().insert(start);
    }
    starts
}

/// The table's chromosomes, of which nobody knows how long they are.
fn without_lengths(path: &Path, table: &CrisprTable) -> Result<Chroms> {
    let endless = table.chroms.iter();
    let endless = endless.map(|(name, _)| (name.to_string(), u32::MAX));
    Chroms::new(endless).map_err(|name| Error::format(path, format!("{name} stands there twice")))
}

/// The start sites of an annotation.
struct Annotated<'a> {
    /// Those of genes that count.
    starts: Starts,
    /// How many these are, and whether they are known to code.
    genes: (usize, bool),
    /// Those of all genes by name, and by accession without its version.
    by_name: HashMap<&'a str, Vec<(ChromId, u32)>>,
}

impl<'a> Annotated<'a> {
    fn new(genes: &'a Genes) -> Self {
        let place = |of: &'a Transcript| (of.region.chrom, of.gene.as_str());
        let coding = genes.transcripts().filter(|of| codes(of));
        let coding: HashSet<(ChromId, &str)> = coding.map(place).collect();
        let counts = |of: &'a Transcript| coding.is_empty() || coding.contains(&place(of));
        let (mut starts, mut by_name) = (Starts::new(), HashMap::new());
        let mut counted: HashSet<(ChromId, &str)> = HashSet::new();
        for of in genes.transcripts() {
            let (chrom, start) = (of.region.chrom, of.start_site());
            for name in [Some(&of.gene), of.ensembl.as_ref()].into_iter().flatten() {
                let named: &mut Vec<(ChromId, u32)> = by_name.entry(bare(name)).or_default();
                named.push((chrom, start));
            }
            if counts(of) {
                starts.entry(chrom).or_default().push(start);
                counted.insert(place(of));
            }
        }
        Self {
            starts: ascending(starts),
            genes: (counted.len(), !coding.is_empty()),
            by_name,
        }
    }

    /// The start sites of a pair's gene.
    fn of(&self, tested: &Tested) -> impl Iterator<Item = (ChromId, u32)> {
        let names = tested.pair.gene.into_iter().flat_map(Gene::each);
        let mut names: Vec<&str> = names.collect();
        names.extend(tested.ensembl.as_deref());
        let found = names.into_iter();
        let found = found.filter_map(move |name| self.by_name.get(bare(name)));
        found.flatten().copied()
    }

    fn told(&self) -> String {
        match self.genes {
            (genes, true) => format!("the {genes} protein-coding genes"),
            (genes, false) => format!("all {genes} genes, of which none is said to code,"),
        }
    }

    /// Refuses an annotation of other genes or of another assembly; how many of the table's genes it does not
    /// name.
    fn check(
        &self,
        path: &Path,
        table: &CrisprTable,
        in_table: &BTreeMap<(ChromId, Option<Gene>), BTreeSet<u32>>,
    ) -> Result<String> {
        let mut genes: BTreeMap<Option<Gene>, [bool; 2]> = BTreeMap::new();
        for tested in &table.tested {
            let [is_named, is_there] = genes.entry(tested.pair.gene).or_default();
            for (chrom, start) in self.of(tested) {
                let own = in_table.get(&(chrom, tested.pair.gene));
                let (from, to) = (
                    start.saturating_sub(SAME_PLACE),
                    start.saturating_add(SAME_PLACE),
                );
                *is_named = true;
                *is_there |= own.is_some_and(|own| own.range(from..=to).next().is_some());
            }
        }
        let count = |what: usize| genes.values().filter(|of| of[what]).count();
        let (all, named, there) = (genes.len(), count(0), count(1));
        if named == 0 {
            let problem = "names none of the CRISPRi table's genes";
            return Err(Error::format(path, problem));
        }
        if named >= FEWEST && 2 * there < named {
            let problem = format!(
                "is of another assembly than the CRISPRi table: of {named} genes that both name {} begin over \
                 10 kb from where the table has them",
                named - there
            );
            return Err(Error::format(path, problem));
        }
        let unnamed = all - named;
        Ok(format!(
            "{unnamed} of the table's {all} genes are not named there and have the table's start sites alone"
        ))
    }
}

/// Whether a transcript's gene codes for a protein, as far as this one tells.
fn codes(of: &Transcript) -> bool {
    of.protein_coding.unwrap_or(of.coding.is_some())
}

/// A name, of Ensembl's accessions without the version.
fn bare(name: &str) -> &str {
    match name.split_once('.') {
        Some((accession, _)) if name.starts_with("ENS") => accession,
        _ => name,
    }
}

#[cfg(test)]
mod tests;
