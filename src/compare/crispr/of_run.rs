//! What a run says of the pairs of a CRISPRi table, and of which it can say nothing.

use std::collections::BTreeSet;

use serde::Serialize;

use super::assembly;
use super::method::{Method, Threshold};
use super::request::{CrisprRequest, JudgedRun};
use super::table::CrisprTable;
use crate::element::{Element, Sides};
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::{ChromId, Chroms, N, Places, Reference, Region, Sequences};
use crate::output::provenance::Input;
use crate::pairs::{Pair, Part, centred};
use crate::progress::Progress;
use crate::run::Run;

/// A window with more unknown bases than one in so many has no sequence.
const UNKNOWN: usize = 10;

/// How much of a table a run can score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfRun {
    /// What the run is called.
    pub name: String,
    /// Its weights.
    pub weights: Input,
    /// Its reference, where the windows were read.
    pub reference: Input,
    /// What computed.
    pub device: String,
    /// Pairs that it scores.
    pub scored: usize,
    /// Those of them whose gene reacted.
    pub positives: usize,
    /// Pairs that it does not score, as more than a tenth of a window's bases are unknown.
    pub without_sequence: usize,
    /// Pairs that it does not score, as its reference lacks the chromosome or that is shorter than a window.
    pub without_chromosome: usize,
    /// Pairs that it scores on chromosomes of which it learnt pairs.
    pub on_trained_chromosomes: usize,
}

/// The probabilities of the pairs that a run can score; `assembly` is the table's.
///
/// # Errors
///
/// A run or a reference that cannot be read, a reference of another assembly, a run that can score no
/// pair.
pub fn score(
    judged: &JudgedRun,
    table: &CrisprTable,
    (assembly, request): (&str, &CrisprRequest),
    progress: &dyn Progress,
) -> Result<(Method, OfRun)> {
    let run = judged.run;
    let (mut reference, input) = run.open_reference(judged.reference.as_deref())?;
    let chroms = reference.chroms().clone();
    assembly::check(&input.path, chroms.iter(), assembly)?;
    let trained = trained_chroms(judged, &chroms)?;
    let mut found = OfRun {
        name: run.name(),
        weights: run.weights()?,
        reference: input,
        device: judged.device.description.to_string(),
        scored: 0,
        positives: 0,
        without_sequence: 0,
        without_chromosome: 0,
        on_trained_chromosomes: 0,
    };
    let mut windows = windows(run, table, &chroms)?;
    found.without_chromosome = table.tested.len() - windows.len();
    retain_known(&mut windows, &mut reference)?;
    found.scored = windows.len();
    found.without_sequence = table.tested.len() - found.without_chromosome - windows.len();
    if windows.is_empty() {
        let problem =
            "can score no pair of the CRISPRi table: none has sequence under both windows";
        return Err(Error::format(run.dir(), problem));
    }
    let only: Vec<Sides<Region>> = windows.iter().map(|(_, windows)| *windows).collect();
    let predicted = run.predict(judged.device, &mut reference, &only, progress)?;
    let mut scores = vec![None; table.tested.len()];
    for ((place, windows), (probability, _)) in windows.into_iter().zip(predicted) {
        scores[place] = Some(f64::from(probability));
        found.positives += usize::from(table.tested[place].is_positive());
        let is_trained = windows.into_iter().any(|of| trained.contains(&of.chrom));
        found.on_trained_chromosomes += usize::from(is_trained);
    }
    let about = "the run's probability".to_string();
    let mut method = Method::new(&found.name, about, scores);
    method.inputs = vec![found.weights.clone()];
    let own = (run.record.outcome.threshold, "the run's validation part");
    let given = request.threshold.map(|value| (value, "as given"));
    let (value, from) = given.unwrap_or(own);
    method.threshold = Some(Threshold { value, from });
    Ok((method, found))
}

/// Keeps the pairs of whose windows enough is known.
fn retain_known(
    windows: &mut Vec<(usize, Sides<Region>)>,
    reference: &mut Reference,
) -> Result<()> {
    let sequences = windows.iter().flat_map(|(_, windows)| *windows);
    let sequences = Sequences::read(reference, sequences)?;
    let is_known = |window: Region| {
        let codes = sequences.codes(window);
        let unknown = codes.iter().filter(|code| **code == N).count();
        unknown * UNKNOWN <= codes.len()
    };
    windows.retain(|(_, windows)| windows.into_iter().all(is_known));
    Ok(())
}

/// The chromosomes of the pairs that a run learnt from.
fn trained_chroms(judged: &JudgedRun, chroms: &Chroms) -> Result<BTreeSet<ChromId>> {
    let table = judged.run.read_tables(judged.pairs.as_slice(), chroms)?;
    let split = judged.run.split(&table, chroms)?;
    let trained = split.members(Part::Train).into_iter();
    let chroms = trained.flat_map(|place| Pair::chroms(&table.pairs[place]));
    Ok(chroms.collect())
}

/// The run's windows of the pairs that lie on chromosomes of its reference, with the pairs' places.
fn windows(run: &Run, table: &CrisprTable, chroms: &Chroms) -> Result<Vec<(usize, Sides<Region>)>> {
    let lengths = run.record.settings.model.lengths();
    let mut places = Places::new(chroms);
    let (mut windows, mut bad) = (Vec::new(), Vec::new());
    for (place, tested) in table.tested.iter().enumerate() {
        let elements = Sides::from_fn(|element: Element| {
            let Region { chrom, start, end } = *tested.pair.elements.get(element);
            let name = table.chroms.name(chrom);
            places.region(element.name(), (name, start, end))
        });
        let elements = elements.transpose();
        match elements.and_then(|elements| centred(elements, lengths, chroms)) {
            Ok(found) => windows.push((place, found)),
            Err(RowProblem::UnknownChromosome(_) | RowProblem::ShortChromosome { .. }) => {}
            Err(problem) => bad.push(BadRow {
                line: u64::from(tested.pair.line),
                problem,
            }),
        }
    }
    Error::bad_rows([(table.path.as_path(), bad)])?;
    Ok(windows)
}
