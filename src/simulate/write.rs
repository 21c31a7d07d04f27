//! The files of a simulation.

use std::io::{self, Write};
use std::iter;
use std::path::{Path, PathBuf};

use noodles_bed as bed;
use noodles_bed::feature::RecordBuf;
use noodles_bed::feature::record::Strand;
use noodles_bed::feature::record_buf::other_fields::Value;
use noodles_core::Position;

use super::cell_line::{MOST, letter};
use super::interactome::Interactome;
use super::{CellLine, Simulation, SimulationConfig};
use crate::error::Result;
use crate::genome::{ChromId, Region, letters};
use crate::output::{self, Claim, FolderKind, write_with};

/// Bases in a line of the FASTA file.
const LINE: usize = 60;

/// Where the files of a simulation are: those of one cell line and those that all share. Of several
/// cell lines the names of their own files tell which one they are of: `pairs.A.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The genome as FASTA; shared.
    pub reference: PathBuf,
    /// The pairs, in TargetFinder's columns; labels are the cell line's.
    pub pairs: PathBuf,
    /// The planted sites: BED6, then the pair's name, the element, and whether the site is
    /// occupied (1 or 0).
    pub sites: PathBuf,
    /// For each pair its label and the motifs in it.
    pub truth: PathBuf,
    /// DNase-seq reads as BAM.
    pub reads: PathBuf,
    /// The index of the reads (BAI).
    pub reads_index: PathBuf,
    /// The regions of open chromatin as BED.
    pub peaks: PathBuf,
    /// Accessibility as bigWig: a bump over each occupied site.
    pub accessibility: PathBuf,
    /// Its bumps as narrowPeak.
    pub narrow_peaks: PathBuf,
    /// The matrices of planted and unplanted motifs, in JASPAR's format; shared.
    pub motifs: PathBuf,
    /// Interactions of proteins, in BioGRID's TAB 3.0 format; shared.
    pub interactome: PathBuf,
    /// The configuration; shared.
    pub config: PathBuf,
}

impl Files {
    /// The files of a simulation of one cell line in this folder.
    pub fn in_dir(dir: &Path) -> Self {
        Self::named(dir, "")
    }

    /// The files of one of several cell lines, of this name, in the folder of their simulation.
    pub fn of_cell_line(dir: &Path, name: &str) -> Self {
        Self::named(dir, &format!(".{name}"))
    }

    fn named(dir: &Path, name: &str) -> Self {
        let own = |stem: &str, ending: &str| dir.join(format!("{stem}{name}.{ending}"));
        Self {
            reference: dir.join("genome.fa"),
            pairs: own("pairs", "csv"),
            sites: own("truth", "bed"),
            truth: own("truth", "tsv"),
            reads: own("dnase", "bam"),
            reads_index: own("dnase", "bam.bai"),
            peaks: own("peaks", "bed"),
            accessibility: own("accessibility", "bw"),
            narrow_peaks: own("accessibility", "narrowPeak"),
            motifs: dir.join("motifs.jaspar"),
            interactome: dir.join("interactome.tab3.txt"),
            config: dir.join("simulation.json"),
        }
    }

    /// Those that no other cell line shares.
    fn own(&self) -> [&Path; 8] {
        [
            &self.pairs,
            &self.sites,
            &self.truth,
            &self.reads,
            &self.reads_index,
            &self.peaks,
            &self.accessibility,
            &self.narrow_peaks,
        ]
    }
}

impl Simulation {
    /// Writes the genome, the matrices and the interactome into a folder, which is made, and of each
    /// cell line the pairs, the truth, the reads and the accessibility. Returns the files of each.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, config: &SimulationConfig, dir: &Path) -> Result<Vec<Files>> {
        let _claim = Claim::folder(dir, FolderKind::Simulation)?;
        let shared = Files::in_dir(dir);
        let all = match &self.cell_lines[..] {
            [_] => vec![shared.clone()],
            several => {
                let several = several.iter();
                let files = several.map(|cell| Files::of_cell_line(dir, &cell.name()));
                files.collect()
            }
        };
        // A folder that holds none may have files of these names that are not ours.
        let is_again = shared.config.exists();
        // What describes the files goes before they change and comes when they are all there.
        output::remove_if_there(&shared.config)?;
        if is_again {
            remove_others(dir, &all)?;
        }
        write_with(&shared.reference, |writer| self.write_fasta(writer))?;
        for (cell, files) in self.cell_lines.iter().zip(&all) {
            write_with(&files.pairs, |writer| self.write_pairs(cell, writer))?;
            write_with(&files.sites, |writer| self.write_sites(cell, writer))?;
            self.write_truth(config, cell, &files.truth)?;
            self.write_reads(config, cell, &files.reads, &files.reads_index)?;
            write_with(&files.peaks, |writer| self.write_peaks(cell, writer))?;
            let (signal, peaks) = (&files.accessibility, &files.narrow_peaks);
            self.write_accessibility(config, cell, signal, peaks)?;
        }
        write_with(&shared.motifs, |writer| self.write_motifs(writer))?;
        let interactome = Interactome::simulate(config, &self.motifs);
        interactome.write(&shared.interactome)?;
        output::write_json(&shared.config, config)?;
        Ok(all)
    }

    fn write_fasta(&self, writer: &mut dyn Write) -> io::Result<()> {
        for ((name, _), codes) in self.chroms.iter().zip(&self.sequences) {
            writeln!(writer, ">{name}")?;
            for line in codes.chunks(LINE) {
                writer.write_all(&letters(line))?;
                writer.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn write_pairs(&self, cell: &CellLine, writer: &mut dyn Write) -> io::Result<()> {
        writeln!(
            writer,
            "enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,promoter_end,label"
        )?;
        for (pair, label) in self.pairs.iter().zip(&cell.labels) {
            for element in pair.elements {
                let name = self.name(element.chrom);
                write!(writer, "{name},{},{},", element.start, element.end)?;
            }
            writeln!(writer, "{}", u8::from(*label))?;
        }
        Ok(())
    }

    fn write_sites(&self, cell: &CellLine, writer: &mut dyn Write) -> io::Result<()> {
        let mut writer = bed::io::Writer::<6, _>::new(writer);
        for (site, occupied) in self.sites.iter().zip(&cell.occupied) {
            let [first, last] = ends(site.region)?;
            let others = vec![
                Value::from(self.pairs[site.pair].id(&self.chroms).to_string()),
                Value::from(site.element.name()),
                Value::from(u64::from(*occupied)),
            ];
            let record = RecordBuf::<6>::builder()
                .set_reference_sequence_name(self.name(site.region.chrom))
                .set_feature_start(first)
                .set_feature_end(last)
                .set_name(site.name.as_str())
                .set_strand(if site.forward {
                    Strand::Forward
                } else {
                    Strand::Reverse
                })
                .set_other_fields(others.into())
                .build();
            writer.write_feature_record(&record)?;
        }
        Ok(())
    }

    fn write_truth(&self, config: &SimulationConfig, cell: &CellLine, path: &Path) -> Result<()> {
        let header = "pair\tlabel\tenhancer_motif\tpromoter_motif";
        let pairs = self.pairs.iter().zip(&cell.labels).zip(&self.couples);
        let rows = pairs.map(|((pair, label), couples)| {
            let motif = |side: usize| {
                couples[side].map_or(".", |couple| config.couples[couple][side].as_str())
            };
            let id = pair.id(&self.chroms).to_string();
            (id, u8::from(*label), motif(0), motif(1))
        });
        output::write_table(path, header, rows)
    }

    fn write_peaks(&self, cell: &CellLine, writer: &mut dyn Write) -> io::Result<()> {
        let mut writer = bed::io::Writer::<4, _>::new(writer);
        for (peak, number) in self.open_in(cell).into_iter().zip(1..) {
            let [first, last] = ends(peak)?;
            let record = RecordBuf::<4>::builder()
                .set_reference_sequence_name(self.name(peak.chrom))
                .set_feature_start(first)
                .set_feature_end(last)
                .set_name(format!("peak{number}"))
                .build();
            writer.write_feature_record(&record)?;
        }
        Ok(())
    }

    /// <https://jaspar.elixir.no/docs/>
    fn write_motifs(&self, writer: &mut dyn Write) -> io::Result<()> {
        for matrix in &self.motifs {
            writeln!(writer, ">{}\t{}", matrix.id, matrix.name)?;
            for (place, letter) in ["A", "C", "G", "T"].into_iter().enumerate() {
                write!(writer, "{letter}  [")?;
                for counts in &matrix.columns {
                    write!(writer, " {:>3}", counts[place])?;
                }
                writeln!(writer, " ]")?;
            }
        }
        Ok(())
    }

    fn name(&self, chrom: ChromId) -> &str {
        self.chroms.name(chrom)
    }
}

/// Removes the files of the cell lines of an earlier simulation that has others: they belong to another
/// genome.
fn remove_others(dir: &Path, own: &[Files]) -> Result<()> {
    let several = (0..MOST).map(|number| Files::of_cell_line(dir, &letter(number)));
    let all = iter::once(Files::in_dir(dir)).chain(several);
    for other in all.filter(|files| !own.contains(files)) {
        for path in other.own() {
            output::remove_if_there(path)?;
        }
    }
    Ok(())
}

/// The first and the last base of a region, counted from 1.
fn ends(region: Region) -> io::Result<[Position; 2]> {
    let position = |at: u32| Position::try_from(at as usize).map_err(io::Error::other);
    Ok([position(region.start + 1)?, position(region.end)?])
}
