//! Writes a bigWig from values: reads a bedGraph and the sizes of the chromosomes, and writes what
//! the program's own tracks are written with.
//!
//! ```sh
//! cargo run --release --example write_bigwig -- hg19.chrom.sizes values.bedGraph values.bw
//! ```

use std::path::Path;

use anyhow::{Context, Result, bail};
use epitrack::formats::write_bigwig;
use epitrack::genome::{Chroms, Region, Segment, read_chrom_sizes};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [sizes, values, out] = arguments.as_slice() else {
        bail!("usage: write_bigwig CHROM_SIZES BEDGRAPH OUT.bw");
    };
    let chroms = read_chrom_sizes(Path::new(sizes))?;
    let text = std::fs::read_to_string(values).with_context(|| values.clone())?;
    let segments = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.starts_with('#') && !line.starts_with("track"))
        .map(|(line, number)| {
            let segment = segment(line, &chroms);
            segment.with_context(|| format!("{values}:{number}: not chrom, start, end, value"))
        });
    let mut segments: Vec<Segment> = segments.collect::<Result<_>>()?;
    // A bigWig is written from left to right, chromosomes in the order of their names.
    segments.sort_by_key(|segment| segment.region);

    // The file has another name until it is complete: no reader ever sees half of it.
    let (file, summary) = write_bigwig(Path::new(out), &chroms, segments.into_iter())?;
    file.complete()?;
    println!(
        "{out}: {} bases from {} to {}, mean {}",
        summary.bases, summary.min, summary.max, summary.mean
    );
    Ok(())
}

/// A line of a bedGraph: chromosome, start, end (0-based half-open) and value.
fn segment(line: &str, chroms: &Chroms) -> Option<Segment> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [chrom, start, end, value] = fields[..] else {
        return None;
    };
    let (chrom, _) = chroms.find(chrom)?;
    let (start, end): (u32, u32) = (start.parse().ok()?, end.parse().ok()?);
    if start >= end || end > chroms.length(chrom) {
        return None;
    }
    Some(Segment {
        region: Region { chrom, start, end },
        value: value.parse().ok()?,
    })
}
