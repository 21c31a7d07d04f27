//! What a run says of the pairs of a CRISPRi table, and of which it can say nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::assembly;
use super::method::{Method, Role, Threshold};
use super::probabilities::OnTable;
use super::request::{CrisprRequest, JudgedRun};
use super::table::CrisprTable;
use crate::element::{Element, Sides};
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::{ChromId, Chroms, N, Places, Reference, Region, Sequences};
use crate::network::inference::{Beside, probability};
use crate::output::provenance::Input;
use crate::pairs::{Pair, centred};
use crate::progress::Progress;
use crate::run::{ContextSource, Run};

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
    /// Pairs that it scores on chromosomes of which it learnt pairs, or may have learnt activity.
    pub on_trained_chromosomes: usize,
    /// How good its calibrated probabilities are on those that it scores.
    pub calibrated: OnTable,
    /// What the context of the pairs is computed from; none of a run without a context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextSource>,
}

/// What a run says of a table.
pub struct ByRun {
    /// Its scores, and of a run with a context those of that alone, also of pairs without sequence.
    pub methods: Vec<Method>,
    /// How much of the table these are of.
    pub found: OfRun,
    /// The chromosomes of its reference.
    pub chroms: Arc<Chroms>,
}

/// A pair that lies on chromosomes of the run's reference.
struct Placed {
    /// Its place in the table.
    place: usize,
    /// It, on the run's chromosomes.
    pair: Pair,
    /// Its windows.
    windows: Sides<Region>,
    /// What the run's context says of it, where it has one.
    beside: Option<Beside>,
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
) -> Result<ByRun> {
    let run = judged.run;
    let (mut reference, input) = run.open_reference(judged.reference.as_deref())?;
    let chroms = reference.chroms().clone();
    assembly::check(&input.path, chroms.iter(), assembly)?;
    let trained = trained_chroms(judged, &chroms)?;
    let mut placed = placed(run, table, &chroms)?;
    let by_context = add_context(judged, &mut placed, table.tested.len(), &chroms)?;
    let without_chromosome = table.tested.len() - placed.len();
    retain_known(&mut placed, &mut reference)?;
    let without_sequence = table.tested.len() - without_chromosome - placed.len();
    if placed.is_empty() {
        let problem = format!(
            "can score no pair of the CRISPRi table: {without_sequence} have too little sequence under a window, \
             {without_chromosome} no place in its reference"
        );
        return Err(Error::format(run.dir(), problem));
    }
    let windows: Vec<Sides<Region>> = placed.iter().map(|of| of.windows).collect();
    let known: Option<Vec<Beside>> = placed.iter().map(|of| of.beside).collect();
    let asked = (windows.as_slice(), known.as_deref());
    let predicted = run.predict(judged.device, &mut reference, asked, progress)?;
    let is_trained = |of: &&Placed| of.windows.iter().any(|(_, of)| trained.contains(&of.chrom));
    let on_trained_chromosomes = placed.iter().filter(is_trained).count();
    let (mut scores, mut logits) = (vec![None; table.tested.len()], Vec::new());
    for (of, logit) in placed.iter().zip(predicted) {
        scores[of.place] = Some(f64::from(probability(logit)));
        logits.push((&table.tested[of.place], f64::from(logit)));
    }
    let positives = logits.iter().filter(|(of, _)| of.is_positive()).count();
    let own = run.record.settings.context.as_ref();
    let found = OfRun {
        name: run.name(),
        weights: run.weights()?,
        reference: input,
        device: judged.device.description.to_string(),
        scored: logits.len(),
        positives,
        without_sequence,
        without_chromosome,
        on_trained_chromosomes,
        calibrated: OnTable::new(&logits, run.record.correction(), request.seed)?,
        context: own.map(|own| judged.context.as_ref().unwrap_or(own).clone()),
    };
    let own = run.record.outcome.threshold;
    let own = method(&found, scores, (own, request.threshold));
    let alone = context_alone(run, by_context, found.context.as_ref())?;
    Ok(ByRun {
        methods: [own].into_iter().chain(alone).collect(),
        found,
        chroms,
    })
}

/// A run's probabilities as a method, with its own threshold unless one was given.
fn method(
    found: &OfRun,
    probabilities: Vec<Option<f64>>,
    (own, given): (f64, Option<f64>),
) -> Method {
    let about = match found.context {
        Some(_) => "the run's probability, by sequence and context",
        None => "the run's probability",
    };
    let mut method = Method::new(&found.name, about.to_string(), probabilities);
    method.role = Role::Run;
    method.inputs = vec![found.weights.clone()];
    let given = given.map(|value| (value, "as given"));
    let (value, from) = given.unwrap_or((own, "the run's validation part"));
    method.threshold = Some(Threshold { value, from });
    method
}

/// What the methods of a run are called.
pub fn names(run: &Run) -> Vec<String> {
    let own = run.name();
    let context = run.record.settings.context.as_ref();
    let alone = context.map(|_| format!("{own}, context alone"));
    [own].into_iter().chain(alone).collect()
}

/// What a run's context says without the sequence, as a method.
fn context_alone(
    run: &Run,
    probabilities: Vec<Option<f64>>,
    source: Option<&ContextSource>,
) -> Result<Option<Method>> {
    let Some(source) = source else {
        return Ok(None);
    };
    let about = "the probability by the run's context alone";
    let name = names(run).pop().unwrap_or_default();
    let mut method = Method::new(&name, about.to_string(), probabilities);
    method.role = Role::Context;
    let mut source = source.clone();
    let files = source.inputs().map(|input| input.clone());
    method.inputs = [run.fitted_context()?].into_iter().chain(files).collect();
    Ok(Some(method))
}

/// Adds what the run's context says of the pairs, of those with and without sequence: counts of a context are
/// of all pairs of a table, and means of promoters as long as those of the training. The probability of each of `tested`
/// pairs by that alone, by its place in the table.
fn add_context(
    judged: &JudgedRun,
    placed: &mut [Placed],
    tested: usize,
    chroms: &Chroms,
) -> Result<Vec<Option<f64>>> {
    let mut alone = vec![None; tested];
    if placed.is_empty() {
        return Ok(alone);
    }
    let pairs: Vec<Pair> = placed.iter().map(|of| of.pair).collect();
    let of_table = (pairs.as_slice(), judged.pairs.as_slice());
    let given = judged.context.as_ref();
    let context = judged.run.context_of_start_sites(of_table, given, chroms)?;
    if let Some(context) = context {
        for (number, of) in placed.iter_mut().enumerate() {
            of.beside = Some(context.of(number));
            alone[of.place] = Some(f64::from(context.probability(number)));
        }
    }
    Ok(alone)
}

/// Keeps the pairs of whose windows enough is known.
fn retain_known(placed: &mut Vec<Placed>, reference: &mut Reference) -> Result<()> {
    let sequences = placed.iter().flat_map(|of| of.windows);
    let sequences = Sequences::read(reference, sequences)?;
    let is_known = |window: Region| {
        let codes = sequences.codes(window);
        let unknown = codes.iter().filter(|code| **code == N).count();
        unknown * UNKNOWN <= codes.len()
    };
    placed.retain(|of| of.windows.into_iter().all(is_known));
    Ok(())
}

/// The chromosomes that a run learnt from.
fn trained_chroms(judged: &JudgedRun, chroms: &Chroms) -> Result<BTreeSet<ChromId>> {
    let table = judged.run.read_tables(judged.pairs.as_slice(), chroms)?;
    let split = judged.run.split(&table, chroms)?;
    judged.run.trained_chroms(&table, &split, chroms)
}

/// The pairs that lie on chromosomes of the run's reference, with the run's windows.
fn placed(run: &Run, table: &CrisprTable, chroms: &Chroms) -> Result<Vec<Placed>> {
    let lengths = run.record.settings.model.lengths();
    let mut places = Places::new(chroms);
    let (mut placed, mut bad) = (Vec::new(), Vec::new());
    for (place, tested) in table.tested.iter().enumerate() {
        let elements = Sides::from_fn(|element: Element| {
            let Region { chrom, start, end } = *tested.pair.elements.get(element);
            let name = table.chroms.name(chrom);
            places.region(element.name(), (name, start, end))
        });
        let elements = elements.transpose();
        let windows = elements.and_then(|elements| {
            let windows = centred(elements, lengths, chroms)?;
            Ok((elements, windows))
        });
        match windows {
            Ok((elements, windows)) => placed.push(Placed {
                place,
                pair: Pair {
                    elements,
                    ..tested.pair
                },
                windows,
                beside: None,
            }),
            Err(RowProblem::UnknownChromosome(_) | RowProblem::ShortChromosome { .. }) => {}
            Err(problem) => bad.push(BadRow {
                line: u64::from(tested.pair.line),
                problem,
            }),
        }
    }
    Error::bad_rows([(table.path.as_path(), bad)])?;
    Ok(placed)
}
