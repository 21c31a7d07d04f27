//! Sums over bases (table 7 of the supplement).

use std::io;

use crate::genome::Binary;

/// Sums over the bases that have a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Totals {
    /// How many there are.
    pub bases: u64,
    /// The smallest value.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The sum.
    pub sum: f64,
    /// The sum of the squares.
    pub squares: f64,
}

impl Totals {
    /// Bytes in a file.
    pub const SIZE: usize = 40;
    /// Those of no base.
    pub const NONE: Self = Self {
        bases: 0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        sum: 0.0,
        squares: 0.0,
    };

    /// Takes in some bases of one value.
    pub fn add(&mut self, bases: u32, value: f32) {
        let (weight, value) = (f64::from(bases), f64::from(value));
        self.bases += u64::from(bases);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.sum += weight * value;
        self.squares += weight * value * value;
    }

    /// Takes in other bases.
    pub fn join(&mut self, other: &Self) {
        self.bases += other.bases;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// Those that stand at the next byte of a file.
    pub fn read(file: &mut Binary) -> io::Result<Self> {
        Ok(Self {
            bases: file.u64()?,
            min: file.f64()?,
            max: file.f64()?,
            sum: file.f64()?,
            squares: file.f64()?,
        })
    }

    /// Their bytes in a file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.bases.to_le_bytes().to_vec();
        for number in [self.min, self.max, self.sum, self.squares] {
            bytes.extend(number.to_le_bytes());
        }
        bytes
    }
}
