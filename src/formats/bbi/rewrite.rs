//! What bigtools wrote, put right.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::bufread::ZlibDecoder;
use tokio::runtime::{Builder, Runtime};

use super::counted::Counted;
use super::depth::Depth;
use super::header::{self, Header, ZoomHeader};
use super::index::{self, Extent};
use super::kind::Kind;
use super::section::Section;
use super::totals::Totals;
use super::zoom::{self, Zooms};
use crate::error::{IoContext, Result};
use crate::genome::{Binary, Chroms, broken};
use crate::output::{self, Partial};

/// Writes a file, through one of bigtools' that `encode` writes where it is told; the sums over its
/// values, of a bigBed those over the depths of its items. The caller completes it.
///
/// # Errors
///
/// Those of `encode`; files that cannot be read or written.
pub fn write(
    path: &Path,
    kind: Kind,
    encode: impl FnOnce(&Path) -> Result<()>,
) -> Result<(Partial, Totals)> {
    let file = Partial::new(path);
    let raw = Partial::new(path.with_added_extension("raw"));
    let result =
        encode(raw.path()).and_then(|()| put_right(raw.path(), file.path(), kind).at(path));
    output::remove_if_there(raw.path())?;
    result.map(|totals| (file, totals))
}

/// Writes into `out` what bigtools wrote into `raw`, put right; the sums over all values.
///
/// One pass over the data; memory grows with the number of sections alone.
fn put_right(raw: &Path, out: &Path, kind: Kind) -> io::Result<Totals> {
    let (magic, _) = kind.numbers();
    let (mut raw, _) =
        Binary::open(raw, &[magic])?.ok_or_else(|| broken("not a file of this kind"))?;
    let header = Header::read(&mut raw, magic)?;
    let chromosomes = header.chromosomes(&mut raw)?;
    let auto_sql = header.auto_sql(&mut raw)?;

    let mut out = Counted::new(File::create(out)?);
    out.write_all(&[0; header::SIZE])?;
    let auto_sql_at = match kind {
        Kind::BigWig => 0,
        Kind::BigBed { .. } => out.written,
    };
    out.write_all(&auto_sql)?;
    let summary_at = out.written;
    out.write_all(&[0; Totals::SIZE])?;
    let chromosomes_at = out.written;
    out.write_all(&chromosomes)?;

    let data_at = out.written;
    out.write_all(&header.count(&mut raw)?.to_le_bytes())?;
    let mut zooms = Zooms::new(header.mean_length(&mut raw)?)?;
    let (extents, items) = copy_sections(&mut raw, &header, &mut out, &mut zooms)?;
    let index_at = out.written;
    index::write(&mut out, &extents)?;
    let (totals, zooms) = zooms.finish(items)?;
    let mut zoom_headers = Vec::new();
    for zoom in zooms {
        zoom_headers.push(ZoomHeader {
            reduction: zoom.reduction,
            data: out.written,
            index: zoom.write(&mut out)?,
        });
    }
    out.write_all(&magic.to_le_bytes())?;

    let header = Header {
        kind,
        chromosomes: chromosomes_at,
        data: data_at,
        index: index_at,
        auto_sql: auto_sql_at,
        summary: summary_at,
        largest_section: header.largest_section.max(zoom::LARGEST_BLOCK),
        ..header
    };
    let mut out = out.into_inner()?;
    out.seek(SeekFrom::Start(summary_at))?;
    out.write_all(&totals.bytes())?;
    out.rewind()?;
    out.write_all(&header.bytes(&zoom_headers))?;
    Ok(totals)
}

/// Names and lengths as bigtools takes them.
pub fn sizes(chroms: &Chroms) -> HashMap<String, u32> {
    let owned = |(name, length): (&str, u32)| (name.to_string(), length);
    chroms.iter().map(owned).collect()
}

/// The threads on which bigtools compresses.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(rayon::current_num_threads())
        .build()
}

/// Copies the sections of the raw file, and shows their items to the zoom levels; what each section
/// spans, and the number of all items.
fn copy_sections(
    raw: &mut Binary,
    header: &Header,
    out: &mut Counted,
    zooms: &mut Zooms,
) -> io::Result<(Vec<Extent>, u64)> {
    let (mut extents, mut items) = (Vec::new(), 0);
    let (mut depth, mut plain) = (Depth::default(), Vec::new());
    // One lies behind the other: bigtools puts the chromosomes after them.
    let mut place = header.data + 8;
    while place < header.chromosomes {
        raw.seek(place)?;
        let mut decoder = ZlibDecoder::new(raw.reader());
        plain.clear();
        decoder.read_to_end(&mut plain)?;
        let size = decoder.total_in();
        raw.seek(place)?;
        let compressed = raw.bytes(size)?;
        place += size;

        let section = Section::decode(raw.part(&plain), header.kind)?;
        items += section.items.len() as u64;
        extents.push(section.extent(out.written, size));
        out.write_all(&compressed)?;
        for item in &section.items {
            match header.kind {
                Kind::BigWig => zooms.add(section.chrom, item)?,
                Kind::BigBed { .. } => {
                    depth.add(section.chrom, item, |chrom, run| zooms.add(chrom, run))?;
                }
            }
        }
    }
    depth.finish(|chrom, run| zooms.add(chrom, run))?;
    Ok((extents, items))
}
