//! What networks say about pairs, as bytes: the values of a shard of tracks.
//!
//! A pair has its place in the table, 8 bytes, then its logit, its probability and its arrays, values of
//! 4 bytes, all little-endian. The arrays are as long as the network's bins and windows, so that all
//! pairs take the same number of bytes.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use super::request::TracksRequest;
use crate::attention::Rank;
use crate::element::Sides;
use crate::error::{Error, IoContext, Result};
use crate::network::inference::{Averaged, PairAttention};
use crate::network::model::ModelConfig;
use crate::output::Partial;

/// The file's name.
pub const FILE: &str = "said.bin";

/// Which arrays a pair has, and how long they are.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    bins: Sides<usize>,
    bases: Option<Sides<usize>>,
    several: bool,
    rank: Rank,
}

impl Layout {
    /// Of what so many networks are asked for.
    pub fn new(model: &ModelConfig, networks: usize, request: &TracksRequest) -> Self {
        let bases = model.lengths().map(|length| length as usize);
        Self {
            bins: model.bins().map(|bins| bins.count()),
            bases: request.contributions.map(|_| bases),
            several: networks > 1,
            rank: request.rank,
        }
    }

    /// The bytes of a pair.
    fn size(&self) -> usize {
        let values = |sides: Sides<usize>| sides.enhancer + sides.promoter;
        let of_network = values(self.bins) + self.bases.map_or(0, values);
        let times = if self.several { 2 } else { 1 };
        8 + 4 * (2 + times * of_network)
    }

    fn decode(&self, bytes: &[u8]) -> Option<(usize, Averaged)> {
        let (place, values) = bytes.split_first_chunk()?;
        let mut values = values
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes));
        let (logit, probability) = (values.next()?, values.next()?);
        let mut take = |lengths: Sides<usize>| {
            lengths.map(|length| values.by_ref().take(length).collect::<Vec<f32>>())
        };
        let marginal = take(self.bins);
        let sd = self.several.then(|| take(self.bins));
        let contributions = self.bases.map(&mut take);
        let contributions_sd = self.bases.filter(|_| self.several).map(&mut take);
        let mean = PairAttention {
            logit,
            probability,
            marginal,
            contributions,
            rank: self.rank,
        };
        let said = Averaged {
            mean,
            sd,
            contributions_sd,
        };
        Some((u64::from_le_bytes(*place) as usize, said))
    }
}

/// A file that is being written.
pub struct Writer {
    file: Partial,
    out: BufWriter<File>,
}

impl Writer {
    /// Begins the file of a folder.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(dir: &Path) -> Result<Self> {
        let file = Partial::new(dir.join(FILE));
        let out = file.create()?;
        Ok(Self { file, out })
    }

    /// Adds the pair at a place of the table.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn add(&mut self, place: usize, said: &Averaged) -> Result<()> {
        let mean = &said.mean;
        let arrays = [
            Some(&mean.marginal),
            said.sd.as_ref(),
            mean.contributions.as_ref(),
            said.contributions_sd.as_ref(),
        ];
        let arrays = arrays.into_iter().flatten().flat_map(Sides::as_ref);
        let values = [mean.logit, mean.probability]
            .into_iter()
            .chain(arrays.flatten().copied());
        let write = || -> io::Result<()> {
            self.out.write_all(&(place as u64).to_le_bytes())?;
            for value in values {
                self.out.write_all(&value.to_le_bytes())?;
            }
            Ok(())
        };
        write().at(self.file.path())
    }

    /// The file is complete.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(mut self) -> Result<()> {
        self.out.flush().at(self.file.path())?;
        self.file.complete()
    }
}

/// Hands on what the file of a folder says about so many pairs, in its order.
///
/// # Errors
///
/// A file that cannot be read or holds another number of pairs; what `each` returns.
pub fn for_each(
    dir: &Path,
    layout: &Layout,
    pairs: usize,
    mut each: impl FnMut(usize, Averaged) -> Result<()>,
) -> Result<()> {
    let path = dir.join(FILE);
    let refuse = || Error::format(&path, format!("does not hold {pairs} pairs"));
    let mut file = BufReader::new(File::open(&path).at(&path)?);
    let mut bytes = vec![0; layout.size()];
    for _ in 0..pairs {
        file.read_exact(&mut bytes).map_err(|_| refuse())?;
        let (place, said) = layout.decode(&bytes).ok_or_else(refuse)?;
        each(place, said)?;
    }
    match file.read(&mut bytes).at(&path)? {
        0 => Ok(()),
        _ => Err(refuse()),
    }
}
