//! Numbers as a page holds them: as many bits as an eye can tell, in an order that deflates well.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;

/// Natural logarithm of the factor between two neighbouring values of a [`Matrix`]: each comes back
/// within 2.5 % of what it was.
const STEP: f64 = 0.05;
/// The code of a value that is not above zero.
const NOTHING: u16 = u16::MAX;
/// What the largest of [`Signed`] values is usually counted in: letters of 80 pixels show no more.
const STEPS: i16 = 255;

/// A matrix of values from 0 on, each as the number of steps by which it is below the largest.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// The largest value.
    max: f32,
    /// The natural logarithm of the factor that a step stands for.
    step: f64,
    /// A code is told by how far it is from that so many places before it.
    back: usize,
    #[serde(skip)]
    bytes: Vec<u8>,
}

impl Matrix {
    /// Of values row by row, of which those that are `back` places apart are much alike.
    pub fn new(values: &[f32], back: usize) -> Self {
        let max = values.iter().copied().fold(0.0, f32::max);
        let codes: Vec<u16> = values.iter().map(|&value| code(value, max)).collect();
        let before = std::iter::repeat_n(0, back).chain(codes.iter().copied());
        let differences = codes
            .iter()
            .zip(before)
            .map(|(&code, before)| zigzag(code.wrapping_sub(before) as i16));
        Self {
            max,
            step: STEP,
            back,
            bytes: planes(differences),
        }
    }

    /// What the page holds of the values, where its bytes are: two of each value.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// By how many steps a value is below the largest. The least that an `f32` holds is 5,200 below one.
fn code(value: f32, max: f32) -> u16 {
    if value > 0.0 {
        let below = (f64::from(max) / f64::from(value)).ln();
        ((below / STEP).round() as u16).min(NOTHING - 1)
    } else {
        NOTHING
    }
}

/// A value for each base of a stretch, as a number of steps of either sign.
#[derive(Debug, Clone, Serialize)]
pub struct Signed {
    /// The chromosome's name.
    chrom: String,
    /// First base.
    start: u32,
    /// The number of bases.
    length: usize,
    /// The largest value, without its sign.
    max: f32,
    /// How many steps it is from zero.
    steps: i16,
    #[serde(skip)]
    bytes: Vec<u8>,
}

impl Signed {
    /// Of the values of neighbouring bases, as closely as letters show them.
    pub fn new(chrom: &str, start: u32, values: &[f32]) -> Self {
        Self::in_steps(chrom, start, values, STEPS)
    }

    /// The same, the largest in so many steps.
    pub fn in_steps(chrom: &str, start: u32, values: &[f32], steps: i16) -> Self {
        let max = values
            .iter()
            .fold(0.0f32, |max, value| max.max(value.abs()));
        let scale = if max > 0.0 {
            f32::from(steps) / max
        } else {
            0.0
        };
        let codes = values
            .iter()
            .map(|value| zigzag((value * scale).round() as i16));
        Self {
            chrom: chrom.to_string(),
            start,
            length: values.len(),
            max,
            steps,
            bytes: planes(codes),
        }
    }

    /// What the page holds of the values, where its bytes are: two of each value.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Small numbers of either sign as small numbers: 0, -1, 1, -2 as 0, 1, 2, 3.
fn zigzag(number: i16) -> u16 {
    ((number << 1) ^ (number >> 15)) as u16
}

/// All low bytes, then all high ones, which are mostly alike.
fn planes(codes: impl Iterator<Item = u16> + Clone) -> Vec<u8> {
    let [low, high] = [0, 8].map(|shift| codes.clone().map(move |code| (code >> shift) as u8));
    low.chain(high).collect()
}

/// Bytes as zlib's (RFC 1950) in base64, in which there is no markup. Browsers unpack it
/// (`DecompressionStream("deflate")`).
///
/// # Errors
///
/// Never: it is written into memory.
pub fn pack(bytes: &[u8]) -> io::Result<String> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(STANDARD.encode(encoder.finish()?))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    /// The numbers that a page's script makes of the bytes.
    fn codes(bytes: &[u8]) -> Vec<i16> {
        let (low, high) = bytes.split_at(bytes.len() / 2);
        let codes = low.iter().zip(high);
        codes
            .map(|(&low, &high)| u16::from_le_bytes([low, high]))
            .map(|code| (code >> 1) as i16 ^ -((code & 1) as i16))
            .collect()
    }

    fn unpacked(matrix: &Matrix) -> Vec<f64> {
        let mut found: Vec<u16> = Vec::new();
        for (at, difference) in codes(&matrix.bytes).into_iter().enumerate() {
            let before = at.checked_sub(matrix.back).map_or(0, |at| found[at]);
            found.push(before.wrapping_add(difference as u16));
        }
        let value = |code: u16| match code {
            NOTHING => 0.0,
            code => f64::from(matrix.max) * (-matrix.step * f64::from(code)).exp(),
        };
        found.into_iter().map(value).collect()
    }

    /// Values over all powers of ten, and none at all.
    fn value() -> impl Strategy<Value = f32> {
        prop_oneof![
            1 => Just(0.0f32),
            1 => Just(f32::from_bits(1)),
            8 => (-30.0f32..0.0).prop_map(f32::exp),
        ]
    }

    proptest! {
        #[test]
        fn a_matrix_comes_back_within_half_a_step(
            values in prop::collection::vec(value(), 0..200),
            back in 1usize..20,
        ) {
            let found = unpacked(&Matrix::new(&values, back));
            prop_assert_eq!(found.len(), values.len());
            for (&value, found) in values.iter().zip(found) {
                if value == 0.0 {
                    prop_assert_eq!(found, 0.0);
                } else {
                    let miss = (found / f64::from(value)).ln().abs();
                    prop_assert!(miss <= STEP / 2.0 + 1e-9, "{} became {}", value, found);
                }
            }
        }

        #[test]
        fn signed_values_come_back_within_half_a_step(
            values in prop::collection::vec(-3.0f32..3.0, 0..200),
            steps in prop::sample::select(vec![STEPS, i16::MAX]),
        ) {
            let signed = Signed::in_steps("chr1", 7, &values, steps);
            prop_assert_eq!(signed.length, values.len());
            let step = f64::from(signed.max) / f64::from(signed.steps);
            let found = codes(&signed.bytes);
            prop_assert_eq!(found.len(), values.len());
            for (&value, code) in values.iter().zip(found) {
                let miss = (step * f64::from(code) - f64::from(value)).abs();
                prop_assert!(miss <= 0.51 * step, "{} became {} steps", value, code);
            }
        }

        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let text = pack(&bytes).unwrap();
            let zlib = STANDARD.decode(&text).unwrap();
            let mut found = Vec::new();
            flate2::read::ZlibDecoder::new(&zlib[..]).read_to_end(&mut found).unwrap();
            prop_assert_eq!(found, bytes);
        }
    }

    #[test]
    fn the_bytes_are_those_that_the_script_reads() {
        // A step below is e^-0.05; then the same again, nothing, and the largest.
        let step = (-STEP).exp() as f32;
        let matrix = Matrix::new(&[step, step, 0.0, 1.0], 1);
        // 1, 0, 65,534 as -2, and 1 as of 65,536.
        assert_eq!(matrix.bytes, [2, 0, 3, 2, 0, 0, 0, 0]);
        let signed = Signed::new("chr1", 7, &[-0.5, 0.0, 0.25]);
        assert_eq!(codes(&signed.bytes), [-255, 0, 128]);
        assert_eq!(signed.bytes, [0xfd, 0, 0, 0x01, 0, 0x01]);
        assert_eq!(Matrix::new(&[0.0, f32::NAN], 1).max, 0.0);
        assert_eq!(unpacked(&Matrix::new(&[0.0, f32::NAN], 1)), [0.0, 0.0]);
    }
}
