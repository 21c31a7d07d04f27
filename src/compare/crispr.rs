//! Which elements act on which genes, by CRISPR interference: how well a network, scores from
//! elsewhere and plain baselines tell them from those that do not.
//!
//! A table of perturbed elements and measured genes ([`CrisprTable`]) is scored by every method; all
//! of them are measured on the pairs that each of them scores, and those that score the whole table
//! on that too. Gschwind et al. 2023, doi:10.1101/2023.11.09.563812, compare methods in this way.

mod activity;
mod assembly;
mod baselines;
mod differences;
mod engreitz;
mod judgement;
mod lengths;
mod links;
mod measured;
mod method;
mod nearest;
mod of_run;
mod probabilities;
mod request;
mod row;
mod score_file;
mod sets;
mod table;
#[cfg(test)]
mod testing;
mod told;
mod transepi;

use std::path::{Path, PathBuf};

pub use differences::Difference;
pub use judgement::{Judged, Judgement};
pub use lengths::Lengths;
pub use measured::Measured;
pub use method::{Method, RECALL, Role, Threshold};
pub use of_run::OfRun;
pub use probabilities::{OnTable, ProbabilityMeasures};
pub use request::{CrisprRequest, JudgedRun};
pub use table::{CrisprTable, Layout, LeftOut, Tested};

use crate::error::Result;
use crate::output::provenance::Input;
use crate::output::{self, Claim, FolderKind};
use crate::progress::Progress;
use judgement::Measures;

/// Judges and writes into a folder, which is made: `crispr.json`, `measures.tsv`, `differences.tsv`,
/// `scores.tsv` and of each method its links.
///
/// # Errors
///
/// Bad settings or inputs; a run that scores no pair of the table.
pub fn judge(
    dir: &Path,
    request: &CrisprRequest,
    run: Option<&JudgedRun>,
    progress: &dyn Progress,
) -> Result<Judgement> {
    request.validate(run.is_some())?;
    let table = CrisprTable::read(&request.table, request.cell_type.as_deref())?;
    let assembly = request.genome.as_deref();
    let assembly = assembly.unwrap_or(table.layout.assembly()).to_string();
    let mut lengths = Lengths::new(&table, &assembly, request.chrom_sizes.as_deref())?;
    let mut methods = others(request, &table, (assembly.as_str(), &lengths))?;
    let own = run.map(|judged| of_run::names(judged.run));
    let own = own.iter().flatten().map(String::as_str);
    let names: Vec<&str> = own
        .chain(methods.iter().map(|of| of.name.as_str()))
        .collect();
    method::check_names(&names)?;
    let earlier = links::of_earlier(dir);
    let mut outputs: Vec<PathBuf> = judgement::FILES.map(|name| dir.join(name)).into();
    outputs.extend(names.iter().flat_map(|name| links::files(dir, name)));
    outputs.extend_from_slice(&earlier);
    let of_run_files = run.map(JudgedRun::files).unwrap_or_default();
    let inputs = of_run_files.iter().map(PathBuf::as_path);
    output::spare(&outputs, request.files().chain(inputs))?;
    FolderKind::Crispr.check(dir)?;
    // After all that can be refused without it: the network takes long.
    let mut of_run = None;
    if let Some(run) = run {
        let by_run = of_run::score(run, &table, (assembly.as_str(), request), progress)?;
        lengths = lengths.or_of_reference(&table, &by_run.chroms);
        methods.splice(0..0, by_run.methods);
        of_run = Some(by_run.found);
    }

    let _claim = Claim::folder(dir, FolderKind::Crispr)?;
    // An earlier judgement's links go while its summary still tells of them.
    for stale in &earlier {
        output::remove_if_there(stale)?;
    }
    // What describes the folder goes first and comes last.
    output::remove_if_there(&dir.join(judgement::SUMMARY))?;
    let seed = request.seed;
    let measured = Measures {
        measures: measured::measure(&table.tested, &methods, seed, progress)?,
        differences: differences::differences(&table.tested, &methods, seed, progress)?,
        seed,
    };
    for method in &mut methods {
        method.choose_threshold(&table.tested);
        links::write(dir, &table, method, lengths.chroms.as_ref())?;
    }
    let about = (Input::new(&request.table)?, assembly, lengths);
    let judgement = Judgement::new(about, &table, of_run, &methods, measured);
    judgement.write(dir, &table, &methods)?;
    Ok(judgement)
}

/// The methods beside a run: scores of files, and the baselines.
fn others(
    request: &CrisprRequest,
    table: &CrisprTable,
    (assembly, lengths): (&str, &Lengths),
) -> Result<Vec<Method>> {
    let mut methods = Vec::new();
    for (name, file) in &request.scores {
        methods.push(score_file::method(name, file, table, request.threshold)?);
    }
    methods.push(baselines::distance(table));
    methods.extend(by_activity(request, table, assembly)?);
    methods.push(match &request.genes {
        Some(genes) => nearest::of_annotation(table, genes, lengths.chroms.as_ref())?,
        None => nearest::of_table(table),
    });
    Ok(methods)
}

/// Activity by distance, where there is an activity: of files, or else of the table itself.
fn by_activity(
    request: &CrisprRequest,
    table: &CrisprTable,
    assembly: &str,
) -> Result<Option<Method>> {
    if request.activity.is_empty() {
        let known: Vec<Option<f64>> = table.tested.iter().map(|of| of.activity).collect();
        let any = known.iter().any(Option::is_some);
        return Ok(any.then(|| baselines::activity(table, &known, engreitz::ACTIVITY)));
    }
    let known = activity::of_files(&request.activity, table, assembly)?;
    let mut method = baselines::activity(table, &known, "the signal of the files given");
    let inputs = request.activity.iter().map(|file| Input::new(file));
    method.inputs = inputs.collect::<Result<_>>()?;
    Ok(Some(method))
}
