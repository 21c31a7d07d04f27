//! The two kinds of files that share the container.

/// The first four bytes of a bigWig file, as a number (table 5).
pub const BIGWIG: u32 = 0x888F_FC26;
/// Those of a bigBed file.
pub const BIGBED: u32 = 0x8789_F2EB;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values of bases, none twice.
    BigWig,
    /// Items with names and more, of whose fields so many are BED's own.
    BigBed {
        /// The `n` of `bed n +`.
        standard_fields: u16,
    },
}

impl Kind {
    /// As the header says it: by the first four bytes and the number of BED's own fields.
    pub fn of(magic: u32, standard_fields: u16) -> Self {
        match magic {
            BIGWIG => Self::BigWig,
            _ => Self::BigBed { standard_fields },
        }
    }

    /// What the header says of it.
    pub fn numbers(self) -> (u32, u16) {
        match self {
            Self::BigWig => (BIGWIG, 0),
            Self::BigBed { standard_fields } => (BIGBED, standard_fields),
        }
    }
}
