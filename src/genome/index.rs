//! The indexes of a FASTA file, made where they are missing or out of date.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom};
use std::path::Path;

use noodles_bgzf::{self as bgzf, gzi};
use noodles_fasta::fai;
use tracing::{info, warn};

use super::binary::broken;
use super::fasta;
use crate::error::{Error, IoContext, Result};
use crate::output;

/// What is wrong with gzip that another program than bgzip made.
const NOT_BGZIP: &str = "gzip, but not in bgzip's blocks";
/// Bytes of a block's header, of the shortest data and of its checksum and length.
const LEAST_BLOCK: u64 = 12 + 6 + 2 + 8;

/// The `.fai` index of a FASTA file: read, or else made and, where the folder allows it, kept.
pub fn fai(path: &Path, compressed: bool) -> Result<fai::Index> {
    let index_path = path.with_added_extension("fai");
    if is_current(&index_path, path) {
        return fai::fs::read(&index_path).at(&index_path);
    }
    info!("indexing {}", path.display());
    let file = File::open(path).at(path)?;
    let records = if compressed {
        fasta::records(bgzf::io::Reader::new(BufReader::new(file)))
    } else {
        fasta::records(BufReader::new(file))
    };
    let records = records.map_err(|problem| Error::format(path, problem))?;
    let index = fai::Index::from(records);
    keep(&index_path, |file| {
        fai::io::Writer::new(file).write_index(&index)
    });
    Ok(index)
}

/// The `.gzi` index of a bgzip file: read, or else made and, where the folder allows it, kept.
pub fn gzi(path: &Path) -> Result<gzi::Index> {
    let index_path = path.with_added_extension("gzi");
    if is_current(&index_path, path) {
        return gzi::fs::read(&index_path).at(&index_path);
    }
    info!("indexing the blocks of {}", path.display());
    let file = File::open(path).at(path)?;
    let offsets = block_offsets(file).map_err(|problem| told(path, &problem))?;
    let index = gzi::Index::from(offsets);
    keep(&index_path, |file| {
        gzi::io::Writer::new(file).write_index(&index)
    });
    Ok(index)
}

/// What is wrong with a file, and where another program mends it, how that is called.
fn told(path: &Path, problem: &io::Error) -> Error {
    let problem = problem.to_string();
    if problem != NOT_BGZIP {
        return Error::format(path, problem);
    }
    let (from, to) = (path.display(), path.with_extension("bgz"));
    let command = format!("gunzip -c {from} | bgzip > {}", to.display());
    Error::format(path, format!("{problem}: `{command}` packs it so"))
}

/// Writes an index beside its file; a folder that cannot be written to is no error.
fn keep(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
    if let Err(error) = output::write_with(path, write) {
        warn!("{error}: the index is kept in memory");
    }
}

/// Whether there is an index that is not older than its file. An older one may describe what the
/// file was before, and reading with it would give other bases without a word.
fn is_current(index: &Path, path: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    let Some(of_index) = modified(index) else {
        return false;
    };
    let current = modified(path).is_none_or(|of_file| of_file <= of_index);
    if !current {
        let index = index.display();
        warn!("{index} is older than its file and is made anew");
    }
    current
}

/// (compressed, uncompressed) offsets of every block but the first, found by walking the block
/// headers (SAM specification, section 4.1: BSIZE in the extra field, ISIZE in the last four
/// bytes).
fn block_offsets(file: File) -> io::Result<Vec<(u64, u64)>> {
    let end = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    let (mut compressed, mut uncompressed) = (0u64, 0u64);
    let mut offsets = Vec::new();
    let truncated = |block| {
        broken(format!(
            "is truncated: its last block, at byte {block}, is not whole"
        ))
    };
    while compressed < end {
        let size = block_size(&mut reader).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => truncated(compressed),
            _ => error,
        })?;
        if size < LEAST_BLOCK || compressed + size > end {
            return Err(truncated(compressed));
        }
        reader.seek(SeekFrom::Start(compressed + size - 4))?;
        let mut isize_bytes = [0; 4];
        reader.read_exact(&mut isize_bytes)?;
        compressed += size;
        uncompressed += u64::from(u32::from_le_bytes(isize_bytes));
        if compressed < end {
            offsets.push((compressed, uncompressed));
        }
    }
    Ok(offsets)
}

/// The length of the block whose header comes next.
fn block_size(reader: &mut impl Read) -> io::Result<u64> {
    let not_bgzip = || broken(NOT_BGZIP);
    let mut header = [0; 12];
    reader.read_exact(&mut header)?;
    if header[..4] != [0x1f, 0x8b, 8, 4] {
        return Err(not_bgzip());
    }
    let mut extra = vec![0; usize::from(u16::from_le_bytes([header[10], header[11]]))];
    reader.read_exact(&mut extra)?;
    let mut fields = extra.as_slice();
    while let [s1, s2, l1, l2, rest @ ..] = fields {
        let length = usize::from(u16::from_le_bytes([*l1, *l2]));
        let value = rest.get(..length).ok_or_else(not_bgzip)?;
        if [*s1, *s2] == *b"BC" && length == 2 {
            return Ok(u64::from(u16::from_le_bytes([value[0], value[1]])) + 1);
        }
        fields = &rest[length..];
    }
    Err(not_bgzip())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn gzip_of_another_program_is_told_with_the_command_that_packs_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hg19.fa.gz");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        gzip.write_all(b">chr1\nACGT\n").unwrap();
        std::fs::write(&path, gzip.finish().unwrap()).unwrap();
        let said = gzi(&path).unwrap_err().to_string();
        let [from, to] = ["hg19.fa.gz", "hg19.fa.bgz"].map(|name| dir.path().join(name));
        let command = format!("gunzip -c {} | bgzip > {}", from.display(), to.display());
        assert!(
            said.contains("not in bgzip's blocks") && said.contains(&command),
            "{said}"
        );
        // What was cut is no matter of packing.
        std::fs::write(&path, [0x1f, 0x8b, 8, 4]).unwrap();
        let said = gzi(&path).unwrap_err().to_string();
        assert!(
            said.contains("truncated") && !said.contains("gunzip"),
            "{said}"
        );
    }
}
