//! What bigtools wrote, put right.

use std::any::Any;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use bigtools::BBIWriteOptions;
use tokio::runtime::{Builder, Runtime};

use super::copy;
use super::counted::Counted;
use super::header::{self, Header, ZoomHeader};
use super::index;
use super::kind::Kind;
use super::names::NameIndex;
use super::totals::Totals;
use super::zoom::{self, ZoomLevel, Zooms};
use crate::error::{Error, IoContext, Result};
use crate::genome::{Binary, Chroms, broken};
use crate::output::Partial;

/// Writes a file, through one of bigtools' that `encode` writes, a bigWig as
/// [`raw_signal`] asks; the sums over its values, of a bigBed those over the depths of its items. By the
/// text of a bigBed's field that is `indexed`, counted from 0, readers find its items. The caller
/// completes it.
///
/// # Errors
///
/// Those of `encode`; files that cannot be read or written.
pub fn write(
    path: &Path,
    kind: Kind,
    indexed: Option<u16>,
    encode: impl FnOnce(BufWriter<File>) -> Result<()>,
) -> Result<(Partial, Totals)> {
    let (file, raw) = (Partial::new(path), Partial::new(path));
    let (out, encoded) = (file.create()?, raw.create()?);
    // bigtools' threads panic where they cannot write.
    CATCHING.fetch_add(1, Ordering::Relaxed);
    let encoded = catch_unwind(AssertUnwindSafe(|| encode(encoded)));
    CATCHING.fetch_sub(1, Ordering::Relaxed);
    let encoded = encoded.unwrap_or_else(|panic| Err(said(path, panic.as_ref())));
    encoded.map_err(|error| no_room(raw.path(), path).unwrap_or(error))?;
    let totals = put_right(raw.path(), out, kind, indexed).at(path)?;
    Ok((file, totals))
}

/// How many files bigtools is writing.
static CATCHING: AtomicUsize = AtomicUsize::new(0);

/// Whether panics of bigtools and of its threads are told as errors now.
pub fn catches_panics() -> bool {
    CATCHING.load(Ordering::Relaxed) > 0
}

/// What bigtools said when it gave up on a file.
fn said(path: &Path, panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or(panic.downcast_ref::<&str>().copied());
    let problem = format!("cannot be written: {}", said.unwrap_or("a thread failed"));
    Error::format(path, problem)
}

/// What the system says of writing where bigtools wrote, if that is why it failed: it does not tell itself.
fn no_room(raw: &Path, path: &Path) -> Option<Error> {
    let more = [0; 1 << 16];
    let beside = || {
        let mut file = File::options().append(true).open(raw)?;
        file.write_all(&more).and_then(|()| file.sync_all())
    };
    if let Err(source) = beside() {
        let path = path.to_path_buf();
        return Some(Error::Io { path, source });
    }
    let dir = std::env::temp_dir();
    let temporary = || tempfile::tempfile_in(&dir)?.write_all(&more);
    let source = temporary().err()?;
    Some(Error::Io { path: dir, source })
}

/// Writes into `out` what bigtools wrote into `raw`, put right; the sums over all values.
///
/// One pass over the data; memory grows with the number of sections alone.
fn put_right(
    raw: &Path,
    out: BufWriter<File>,
    kind: Kind,
    indexed: Option<u16>,
) -> io::Result<Totals> {
    let (magic, _) = kind.numbers();
    let (mut raw, _) =
        Binary::open(raw, &[magic])?.ok_or_else(|| broken("not a file of this kind"))?;
    let header = Header::read(&mut raw, magic)?;
    let chromosomes = header.chromosomes(&mut raw)?;
    let auto_sql = header.auto_sql(&mut raw)?;

    let mut out = Counted::new(out);
    out.write_all(&[0; header::SIZE])?;
    let auto_sql_at = match kind {
        Kind::BigWig => 0,
        Kind::BigBed { .. } => out.written,
    };
    out.write_all(&auto_sql)?;
    let summary_at = out.written;
    out.write_all(&[0; Totals::SIZE])?;
    let names = indexed.map(|field| NameIndex::begin(field, &mut out));
    let names = names.transpose()?;
    let chromosomes_at = out.written;
    out.write_all(&chromosomes)?;

    let data_at = out.written;
    out.write_all(&[0; 8])?;
    let mut zooms = Zooms::new(header.mean_length(&mut raw)?)?;
    let copied = copy::sections(&mut raw, &header, &mut out, &mut zooms, indexed)?;
    let count = match kind {
        Kind::BigWig => copied.extents.len() as u64,
        Kind::BigBed { .. } => header.count(&mut raw)?,
    };
    let index_at = out.written;
    index::write(&mut out, &copied.extents)?;
    let (totals, zooms) = zooms.finish(copied.items)?;
    let zooms = write_zooms(zooms, &mut out)?;
    let names = names.map(|names| names.finish(&mut out, copied.named));
    let names = names.transpose()?;
    out.write_all(&magic.to_le_bytes())?;

    let header = Header {
        kind,
        chromosomes: chromosomes_at,
        data: data_at,
        index: index_at,
        auto_sql: auto_sql_at,
        summary: summary_at,
        largest_section: copied.largest.max(zoom::LARGEST_BLOCK),
        extension: names.as_ref().map_or(0, |(at, _)| *at),
        ..header
    };
    let count = count.to_le_bytes().to_vec();
    let known = [(summary_at, totals.bytes()), (data_at, count)];
    let head = (0, header.bytes(&zooms));
    fill_in(out, known.into_iter().chain(names).chain([head]))?;
    Ok(totals)
}

/// Writes what could only be known at the end, each at its place.
fn fill_in(out: Counted, known: impl Iterator<Item = (u64, Vec<u8>)>) -> io::Result<()> {
    let mut out = out.into_inner()?;
    for (place, bytes) in known {
        out.seek(SeekFrom::Start(place))?;
        out.write_all(&bytes)?;
    }
    Ok(())
}

/// Writes zoom levels; what the header says of each.
fn write_zooms(zooms: Vec<ZoomLevel>, out: &mut Counted) -> io::Result<Vec<ZoomHeader>> {
    let mut headers = Vec::new();
    for zoom in zooms {
        headers.push(ZoomHeader {
            reduction: zoom.reduction,
            data: out.written,
            index: zoom.write(out)?,
        });
    }
    Ok(headers)
}

/// How bigtools is to write a bigWig: without what is made here anew, zoom levels and compression.
pub fn raw_signal(options: &mut BBIWriteOptions) {
    options.max_zooms = 0;
    options.compress = false;
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
