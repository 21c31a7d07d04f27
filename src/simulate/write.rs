//! The files of a simulation.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::interactome::Interactome;
use super::{Simulation, SimulationConfig};
use crate::error::Result;
use crate::genome::{Region, letters};
use crate::output::{self, write_table, write_with};

/// Bases in a line of the FASTA file.
const LINE: usize = 60;

/// Where the files of a simulation are.
#[derive(Debug, Clone)]
pub struct Files {
    /// The genome as FASTA.
    pub reference: PathBuf,
    /// The pairs, in TargetFinder's columns.
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
    /// The matrices of planted and unplanted motifs, in JASPAR's format.
    pub motifs: PathBuf,
    /// Interactions of proteins, in BioGRID's TAB 3.0 format.
    pub interactome: PathBuf,
    /// The configuration.
    pub config: PathBuf,
}

impl Files {
    /// The files of a simulation in this folder.
    pub fn in_dir(dir: &Path) -> Self {
        Self {
            reference: dir.join("genome.fa"),
            pairs: dir.join("pairs.csv"),
            sites: dir.join("truth.bed"),
            truth: dir.join("truth.tsv"),
            reads: dir.join("dnase.bam"),
            reads_index: dir.join("dnase.bam.bai"),
            peaks: dir.join("peaks.bed"),
            motifs: dir.join("motifs.jaspar"),
            interactome: dir.join("interactome.tab3.txt"),
            config: dir.join("simulation.json"),
        }
    }
}

impl Simulation {
    /// Writes the genome, the pairs, the truth, the reads, the matrices and the interactome into
    /// a folder, which is made.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, config: &SimulationConfig, dir: &Path) -> Result<Files> {
        output::create_dir(dir)?;
        let files = Files::in_dir(dir);
        write_with(&files.reference, |writer| self.write_fasta(writer))?;
        write_with(&files.pairs, |writer| self.write_pairs(writer))?;
        self.write_sites(&files.sites)?;
        self.write_truth(config, &files.truth)?;
        self.write_reads(config, &files.reads, &files.reads_index)?;
        self.write_peaks(&files.peaks)?;
        write_with(&files.motifs, |writer| self.write_motifs(writer))?;
        let interactome = Interactome::simulate(config, &self.motifs);
        interactome.write(&files.interactome)?;
        output::write_json(&files.config, config)?;
        Ok(files)
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

    fn write_pairs(&self, writer: &mut dyn Write) -> io::Result<()> {
        writeln!(
            writer,
            "enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,promoter_end,label"
        )?;
        for pair in &self.pairs {
            for element in pair.elements {
                let (name, [start, end]) = self.place(element);
                write!(writer, "{name},{start},{end},")?;
            }
            writeln!(writer, "{}", pair.label_text())?;
        }
        Ok(())
    }

    fn write_sites(&self, path: &Path) -> Result<()> {
        let rows = self.sites.iter().map(|site| {
            let strand = if site.forward { '+' } else { '-' };
            let pair = self.pairs[site.pair].id(&self.chroms).to_string();
            let others = (pair, site.element.name(), u8::from(site.occupied));
            (self.place(site.region), &site.name, 0, strand, others)
        });
        write_table(path, "", rows)
    }

    fn write_truth(&self, config: &SimulationConfig, path: &Path) -> Result<()> {
        let header = "pair\tlabel\tenhancer_motif\tpromoter_motif";
        let rows = self.pairs.iter().zip(&self.couples).map(|(pair, couples)| {
            let motif = |side: usize| {
                couples[side].map_or(".", |couple| config.couples[couple][side].as_str())
            };
            let id = pair.id(&self.chroms).to_string();
            (id, pair.label_text(), motif(0), motif(1))
        });
        write_table(path, header, rows)
    }

    fn write_peaks(&self, path: &Path) -> Result<()> {
        let peaks = self.peaks().into_iter().zip(1..);
        let rows = peaks.map(|(peak, number)| (self.place(peak), format!("peak{number}")));
        write_table(path, "", rows)
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

    /// The first three fields of a row.
    fn place(&self, region: Region) -> (&str, [u32; 2]) {
        (self.chroms.name(region.chrom), [region.start, region.end])
    }
}
