//! Compression of sections and of zoom blocks.

use std::io::{self, Write};

use libdeflater::Compressor;
use rayon::prelude::*;

use super::index::Extent;

/// Blocks that are compressed at a time.
const TOGETHER: usize = 64;

/// Writes blocks one behind the other, each compressed by itself on a thread of rayon's. The bytes do
/// not depend on the number of threads.
#[derive(Debug, Default)]
pub struct Packer {
    /// What each block spans, and its bytes.
    waiting: Vec<(Extent, Vec<u8>)>,
    /// What each written block spans, its place counted from the first one's.
    written: Vec<Extent>,
    bytes: u64,
}

impl Packer {
    /// Takes the next block, and what it spans.
    pub fn add(&mut self, span: Extent, block: Vec<u8>, out: &mut impl Write) -> io::Result<()> {
        self.waiting.push((span, block));
        if self.waiting.len() < TOGETHER {
            return Ok(());
        }
        self.write(out)
    }

    /// Writes what waits; the blocks of a file whose first one stands at byte `first`.
    pub fn finish(mut self, out: &mut impl Write, first: u64) -> io::Result<Vec<Extent>> {
        self.write(out)?;
        for extent in &mut self.written {
            extent.offset += first;
        }
        Ok(self.written)
    }

    fn write(&mut self, out: &mut impl Write) -> io::Result<()> {
        let packed: Vec<Vec<u8>> = self
            .waiting
            .par_iter()
            .map_init(Compressor::default, |compressor, (_, block)| {
                zlib(compressor, block)
            })
            .collect::<io::Result<_>>()?;
        for ((span, _), block) in self.waiting.drain(..).zip(packed) {
            out.write_all(&block)?;
            let size = block.len() as u64;
            self.written.push(Extent {
                offset: self.bytes,
                size,
                ..span
            });
            self.bytes += size;
        }
        Ok(())
    }
}

/// Compresses a block at the level that bigtools takes, libdeflate's default.
fn zlib(compressor: &mut Compressor, block: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = vec![0; compressor.zlib_compress_bound(block.len())];
    let size = compressor.zlib_compress(block, &mut packed);
    packed.truncate(size.map_err(io::Error::other)?);
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::bufread::ZlibDecoder;

    use super::*;

    #[test]
    fn each_block_lies_where_its_extent_says() {
        let block = |n: usize| vec![n as u8; n * 3 + 1];
        // More than wait for each other, and some that wait at the end.
        let count = 2 * TOGETHER + 5;
        let (mut out, mut packer) = (Vec::new(), Packer::default());
        for n in 0..count {
            let first = (n as u32, 7);
            let span = Extent {
                first,
                ..Extent::default()
            };
            packer.add(span, block(n), &mut out).unwrap();
        }
        let extents = packer.finish(&mut out, 100).unwrap();
        assert_eq!(extents.len(), count);
        let mut end = 100;
        for (n, extent) in extents.iter().enumerate() {
            assert_eq!((extent.first, extent.offset), ((n as u32, 7), end));
            end += extent.size;
            let bytes = &out[extent.offset as usize - 100..end as usize - 100];
            let mut plain = Vec::new();
            ZlibDecoder::new(bytes).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, block(n));
        }
        assert_eq!(end, 100 + out.len() as u64);
    }

    #[test]
    fn a_compressor_keeps_nothing_of_the_block_before() {
        let block: Vec<u8> = (0..5000u32).map(|n| (n * n % 251) as u8).collect();
        let alone = zlib(&mut Compressor::default(), &block).unwrap();
        let mut used = Compressor::default();
        zlib(&mut used, &[7; 9000]).unwrap();
        assert_eq!(zlib(&mut used, &block).unwrap(), alone);
    }
}
