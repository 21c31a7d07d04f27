//! What networks say about pairs, as bytes: what shards hold.
//!
//! A pair has a number, 8 bytes, then its logit, its probability and its arrays, values of
//! 4 bytes, all little-endian. The arrays are as long as the network's bins and windows, so that all
//! pairs take the same number of bytes.

use std::io::{self, Read, Write};

use super::{Averaged, PairAttention};
use crate::attention::Rank;
use crate::element::Sides;
use crate::network::contribution::Method;
use crate::network::model::ModelConfig;

/// Which arrays a pair has, and how long they are.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    bins: Sides<usize>,
    bases: Option<Sides<usize>>,
    /// Values of activities.
    activity: Option<Sides<usize>>,
    several: bool,
    rank: Rank,
}

impl Layout {
    /// Of what networks of a form are asked for, and whether several together.
    pub fn new(
        model: &ModelConfig,
        several: bool,
        contributions: Option<Method>,
        rank: Rank,
    ) -> Self {
        let bases = model.lengths().map(|length| length as usize);
        Self {
            bins: model.bins().map(|bins| bins.count()),
            bases: contributions.map(|_| bases),
            activity: None,
            several,
            rank,
        }
    }

    /// The same with the activities that networks of this form have learnt, where these are asked for.
    pub fn with_activity(self, model: &ModelConfig, asked: bool) -> Self {
        let form = model.activity.filter(|_| asked);
        let values = form.map(|form| self.bins.map(|bins| bins * form.outputs));
        Self {
            activity: values,
            ..self
        }
    }

    /// The bytes of a pair.
    fn size(&self) -> usize {
        let values = |sides: Sides<usize>| sides.enhancer + sides.promoter;
        let of_network =
            values(self.bins) + self.bases.map_or(0, values) + self.activity.map_or(0, values);
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
        let activity = self.activity.map(&mut take);
        let activity_sd = self.activity.filter(|_| self.several).map(&mut take);
        let mean = PairAttention {
            logit,
            probability,
            marginal,
            contributions,
            activity,
            rank: self.rank,
        };
        let said = Averaged {
            mean,
            sd,
            contributions_sd,
            activity_sd,
        };
        Some((u64::from_le_bytes(*place) as usize, said))
    }
}

/// Adds what networks say about the pair of a number.
///
/// # Errors
///
/// A full disk.
pub fn write(out: &mut impl Write, number: usize, said: &Averaged) -> io::Result<()> {
    let mean = &said.mean;
    let arrays = [
        Some(&mean.marginal),
        said.sd.as_ref(),
        mean.contributions.as_ref(),
        said.contributions_sd.as_ref(),
        mean.activity.as_ref(),
        said.activity_sd.as_ref(),
    ];
    out.write_all(&(number as u64).to_le_bytes())?;
    for value in [mean.logit, mean.probability] {
        out.write_all(&value.to_le_bytes())?;
    }
    for array in arrays.into_iter().flatten().flat_map(Sides::as_ref) {
        for value in array {
            out.write_all(&value.to_le_bytes())?;
        }
    }
    Ok(())
}

/// The next pair's number, and what is said about it.
///
/// # Errors
///
/// A file that ends within a pair.
pub fn read(file: &mut impl Read, layout: &Layout) -> io::Result<(usize, Averaged)> {
    let mut bytes = vec![0; layout.size()];
    file.read_exact(&mut bytes)?;
    layout
        .decode(&bytes)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(several: bool) -> Averaged {
        let sides = |first: f32| Sides::new(vec![first, -0.0], vec![f32::MIN_POSITIVE]);
        let bases = |first: f32| Sides::new(vec![first; 4], vec![1.0, -1.0, 0.5]);
        let activity = |first: f32| Sides::new(vec![first; 6], vec![0.5, 0.25, f32::MAX]);
        let mean = PairAttention {
            logit: -3.25,
            probability: 0.1,
            marginal: sides(0.3),
            contributions: Some(bases(7.0)),
            activity: Some(activity(0.75)),
            rank: Rank::Contribution,
        };
        Averaged {
            mean,
            sd: several.then(|| sides(0.01)),
            contributions_sd: several.then(|| bases(0.5)),
            activity_sd: several.then(|| activity(0.125)),
        }
    }

    #[test]
    fn what_is_written_is_read_back_to_the_last_bit() {
        for several in [false, true] {
            let layout = Layout {
                bins: Sides::new(2, 1),
                bases: Some(Sides::new(4, 3)),
                // Three sources in two bins and one.
                activity: Some(Sides::new(6, 3)),
                several,
                rank: Rank::Contribution,
            };
            let mut bytes = Vec::new();
            for place in [7, 1 << 40] {
                write(&mut bytes, place, &said(several)).unwrap();
            }
            assert_eq!(bytes.len(), 2 * layout.size());
            let mut file = bytes.as_slice();
            for place in [7, 1 << 40] {
                assert_eq!(read(&mut file, &layout).unwrap(), (place, said(several)));
            }
            assert!(read(&mut &bytes[1..layout.size()], &layout).is_err());
        }
    }
}
