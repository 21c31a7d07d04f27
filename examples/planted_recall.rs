//! Measures how well the top regions of a folder of tracks find the planted sites of a simulated cell
//! line: occupied sites, the others, and how many times as large a part of the occupied ones is found.
//!
//! ```sh
//! cargo run --release --example planted_recall -- tracks/A simulation/truth.A.bed test
//! ```
//!
//! The third argument is a part of the table, `test` for pairs that training never saw; without it all
//! pairs of the folder count.

use std::path::Path;

use anyhow::{Error, Result, bail};
use epitrack::element::Element;
use epitrack::pairs::Part;
use epitrack::simulate::{ByOccupancy, recall_of_tracks};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (tracks, truth, part) = match arguments.as_slice() {
        [tracks, truth] => (tracks, truth, None),
        [tracks, truth, part] => (tracks, truth, Some(part)),
        _ => bail!("usage: planted_recall TRACKS TRUTH.bed [PART]"),
    };
    let part = part.map(|part| part.parse::<Part>().map_err(Error::msg));
    let part = part.transpose()?;
    let recall = recall_of_tracks(Path::new(tracks), Path::new(truth), part)?;

    println!("sites in\tkind\tsites\tin top regions\tpart\tin random regions");
    for element in Element::BOTH {
        print(&format!("{}s", element.name()), recall.get(element));
    }
    print("both", &(recall.enhancer + recall.promoter));
    Ok(())
}

fn print(what: &str, of: &ByOccupancy) {
    for (kind, recall) in [("occupied", of.occupied), ("others", of.unoccupied)] {
        println!(
            "{what}\t{kind}\t{}\t{}\t{:.3}\t{:.3}",
            recall.sites,
            recall.found,
            recall.recall(),
            recall.by_chance()
        );
    }
    match of.ratio() {
        Some(ratio) => println!("{what}\toccupied over others\t\t\t{ratio:.2}\t"),
        None => println!("{what}\toccupied over others: no sites of a kind, or none found"),
    }
}
