//! Pairs as BEDPE.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::{IoContext, Result};
use crate::genome::Chroms;
use crate::output::Partial;
use crate::pairs::Pair;

/// Writes `pairs.bedpe`: the ten columns of BEDPE, then label and probability. The first region
/// is the enhancer, the second the promoter; the score is the probability × 1000.
pub struct PairWriter<'a> {
    file: Partial,
    writer: BufWriter<File>,
    chroms: &'a Chroms,
}

impl<'a> PairWriter<'a> {
    /// Begins a file with its header.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(path: &Path, chroms: &'a Chroms) -> Result<Self> {
        let file = Partial::new(path);
        let mut writer = file.create()?;
        writeln!(
            writer,
            "#chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tname\tscore\tstrand1\tstrand2\tlabel\tprobability"
        )
        .at(file.path())?;
        Ok(Self {
            file,
            writer,
            chroms,
        })
    }

    /// Adds a pair; the caller keeps the order.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn write(&mut self, pair: &Pair, probability: f32) -> Result<()> {
        let [enhancer, promoter] = pair.elements();
        writeln!(
            self.writer,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{:.0}\t.\t.\t{}\t{probability}",
            self.chroms.name(enhancer.chrom),
            enhancer.start,
            enhancer.end,
            self.chroms.name(promoter.chrom),
            promoter.start,
            promoter.end,
            pair.id(self.chroms),
            probability * 1000.0,
            pair.label_text(),
        )
        .at(self.file.path())
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(mut self) -> Result<Partial> {
        self.writer.flush().at(self.file.path())?;
        Ok(self.file)
    }
}
