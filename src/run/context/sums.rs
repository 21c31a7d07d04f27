//! Sums of a bigWig's values over many regions, which may overlap: each stretch of the file is read once.

use crate::error::{Error, Result};
use crate::formats::BigWig;
use crate::genome::{Chroms, Region, merge};

/// Bases that are read at a time.
const PIECE: u32 = 1 << 20;

/// The sum of the values over the bases of each region; nothing of chromosomes that the file does not have.
/// Names may be of another custom in the file (`1` for `chr1`).
///
/// # Errors
///
/// A file that cannot be read, a region past the end of its chromosome in the file, values below 0 or
/// infinite ones.
pub fn sums(file: &mut BigWig, chroms: &Chroms, regions: &[Region]) -> Result<Vec<f64>> {
    let own = file.reference_chroms()?;
    let given = regions.iter().copied().filter(|of| !of.is_empty());
    let given = given.filter(|of| own.find(chroms.name(of.chrom)).is_some());
    let spans = merge(given);
    let mut ends: Vec<Vec<u32>> = vec![Vec::new(); spans.len()];
    for region in regions {
        if let Some(span) = span(&spans, *region) {
            ends[span].extend([region.start, region.end]);
        }
    }
    let mut totals = Vec::with_capacity(spans.len());
    for (span, mut ends) in spans.iter().zip(ends) {
        ends.sort_unstable();
        ends.dedup();
        let before = running(file, &own, chroms, *span, &ends)?;
        totals.push((ends, before));
    }
    let sum = |region: &Region| {
        let Some(span) = span(&spans, *region) else {
            return 0.0;
        };
        let (ends, before) = &totals[span];
        let at = |end: u32| before[ends.partition_point(|other| *other < end)];
        at(region.end) - at(region.start)
    };
    Ok(regions.iter().map(sum).collect())
}

/// The span that holds a region, if any does.
fn span(spans: &[Region], region: Region) -> Option<usize> {
    if region.is_empty() {
        return None;
    }
    let past =
        spans.partition_point(|span| (span.chrom, span.start) <= (region.chrom, region.start));
    let place = past.checked_sub(1)?;
    let holds = spans[place].chrom == region.chrom && region.end <= spans[place].end;
    holds.then_some(place)
}

/// The sum of the values from the start of a span to each of some places in it, ascending.
fn running(
    file: &mut BigWig,
    own: &Chroms,
    chroms: &Chroms,
    span: Region,
    ends: &[u32],
) -> Result<Vec<f64>> {
    let found = own.find(chroms.name(span.chrom));
    let (chrom, _) = found.ok_or_else(|| Error::format(file.path(), "lacks a chromosome"))?;
    let (name, length) = (own.name(chrom), own.length(chrom));
    if span.end > length {
        let problem = format!(
            "{name} has {length} bases, elements of the pairs lie up to base {}: is it of another \
             assembly?",
            span.end
        );
        return Err(Error::format(file.path(), problem));
    }
    let mut sums = Vec::with_capacity(ends.len());
    let mut ends = ends.iter().copied().peekable();
    let mut total = 0.0;
    for piece in span.pieces(PIECE) {
        for segment in file.segments(name, piece)? {
            let value = f64::from(segment.value);
            check(file, value)?;
            let (start, end) = (segment.region.start, segment.region.end);
            while let Some(place) = ends.next_if(|place| *place < end) {
                sums.push(total + value * f64::from(place.saturating_sub(start)));
            }
            total += value * f64::from(end - start);
        }
        while ends.next_if(|place| *place <= piece.end).is_some() {
            sums.push(total);
        }
    }
    Ok(sums)
}

fn check(file: &BigWig, value: f64) -> Result<()> {
    let problem = match value {
        value if value < 0.0 => "holds values below 0: take counts, coverage or peaks",
        value if value.is_infinite() => "holds infinite values",
        _ => return Ok(()),
    };
    Err(Error::format(file.path(), problem))
}

#[cfg(test)]
mod tests;
