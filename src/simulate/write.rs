//! The files of a simulation.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use noodles_bed as bed;
use noodles_bed::feature::RecordBuf;
use noodles_bed::feature::record::Strand;
use noodles_bed::feature::record_buf::other_fields::Value;
use noodles_core::Position;

use super::interactome::Interactome;
use super::{Simulation, SimulationConfig};
use crate::error::Result;
use crate::genome::{ChromId, Region, letters};
use crate::output::{self, Claim, FolderKind, write_with};

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
        let _claim = Claim::folder(dir, FolderKind::Simulation)?;
        let files = Files::in_dir(dir);
        // What describes the files goes before they change and comes when they are all there.
        output::remove_if_there(&files.config)?;
        write_with(&files.reference, |writer| self.write_fasta(writer))?;
        write_with(&files.pairs, |writer| self.write_pairs(writer))?;
        write_with(&files.sites, |writer| self.write_sites(writer))?;
        self.write_truth(config, &files.truth)?;
        self.write_reads(config, &files.reads, &files.reads_index)?;
        write_with(&files.peaks, |writer| self.write_peaks(writer))?;
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
                let name = self.name(element.chrom);
                write!(writer, "{name},{},{},", element.start, element.end)?;
            }
            writeln!(writer, "{}", pair.label_text())?;
        }
        Ok(())
    }

    fn write_sites(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut writer = bed::io::Writer::<6, _>::new(writer);
        for site in &self.sites {
            let [first, last] = ends(site.region)?;
            let others = vec![
                Value::from(self.pairs[site.pair].id(&self.chroms).to_string()),
                Value::from(site.element.name()),
                Value::from(u64::from(site.occupied)),
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

    fn write_truth(&self, config: &SimulationConfig, path: &Path) -> Result<()> {
        let header = "pair\tlabel\tenhancer_motif\tpromoter_motif";
        let rows = self.pairs.iter().zip(&self.couples).map(|(pair, couples)| {
            let motif = |side: usize| {
                couples[side].map_or(".", |couple| config.couples[couple][side].as_str())
            };
            let id = pair.id(&self.chroms).to_string();
            (id, pair.label_text(), motif(0), motif(1))
        });
        output::write_table(path, header, rows)
    }

    fn write_peaks(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut writer = bed::io::Writer::<4, _>::new(writer);
        for (peak, number) in self.peaks().into_iter().zip(1..) {
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

/// The first and the last base of a region, counted from 1.
fn ends(region: Region) -> io::Result<[Position; 2]> {
    let position = |at: u32| Position::try_from(at as usize).map_err(io::Error::other);
    Ok([position(region.start + 1)?, position(region.end)?])
}
