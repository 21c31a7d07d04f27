//! Predicts pairs from Rust: opens a run, reads a table of pairs, and prints each pair's name and
//! its probability.
//!
//! ```sh
//! cargo run --release --example predict_pairs -- epitrack-demo/run epitrack-demo/simulation/pairs.csv
//! ```
//!
//! The pairs need no labels. A third argument says where the reference is, if it has moved.

use std::path::Path;

use anyhow::{Result, bail};
use epitrack::network::device::ComputeDevice;
use epitrack::pairs::{Labels, TableSource};
use epitrack::run::Run;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [run, pairs] => predict(Path::new(run), Path::new(pairs), None),
        [run, pairs, reference] => {
            predict(Path::new(run), Path::new(pairs), Some(Path::new(reference)))
        }
        _ => bail!("usage: predict_pairs RUN PAIRS [REFERENCE]"),
    }
}

fn predict(run: &Path, pairs: &Path, reference: Option<&Path>) -> Result<()> {
    let run = Run::open(run)?;
    let (mut reference, _) = run.open_reference(reference)?;
    let chroms = reference.chroms().clone();
    let lengths = run.record.settings.model.lengths();
    let table = TableSource::plain(pairs)?.read(&chroms, lengths, Labels::Optional)?;

    let context = run.context((table.pairs.as_slice(), false), None, &chroms)?;
    let places: Vec<usize> = (0..table.pairs.len()).collect();
    let known = context.map(|context| context.of_places(&places));
    let asked = (table.windows.as_slice(), known.as_deref());

    let ensemble = run.ensemble(&ComputeDevice::cpu())?;
    println!("pair\tprobability");
    // Pairs come back in the order in which they are given, whatever runs beside each other.
    ensemble.for_each_with(&mut reference, asked, |place, found| {
        let pair = table.pairs[place].id(&chroms);
        println!("{pair}\t{}", found.mean.probability);
        Ok(())
    })?;
    Ok(())
}
