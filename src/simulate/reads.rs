//! DNase-seq reads of the simulated cells: a BAM file and its index.
//!
//! Reads are placed where they were made, without errors of sequencing or mapping. What is not
//! simulated: the enzyme's preference for some words, fragment lengths, duplicates.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::Path;

use noodles_bam::{self as bam, bai};
use noodles_core::Position;
use noodles_sam::alignment::RecordBuf;
use noodles_sam::alignment::io::Write as _;
use noodles_sam::alignment::record::cigar::{Op, op::Kind};
use noodles_sam::alignment::record::{Flags, MappingQuality};
use noodles_sam::alignment::record_buf::{QualityScores, Sequence};
use noodles_sam::header::record::value::Map;
use noodles_sam::header::record::value::map::header::{sort_order::COORDINATE, tag::SORT_ORDER};
use noodles_sam::header::record::value::map::{self, ReferenceSequence};

use super::cuts::FLANK;
use super::{CellLine, Simulation, SimulationConfig};
use crate::error::{Error, IoContext, Result};
use crate::genome::{ChromId, N, Region, Strand, letters, merge};
use crate::output::{self, Partial};
use crate::seed::{Purpose, stream};

/// Bases of a read.
pub const READ: u32 = 36;
const MAPPING_QUALITY: u8 = 60;
/// Phred score of every base.
const BASE_QUALITY: u8 = 40;

/// A read: its first base on the forward strand, and the strand that it was read from.
type Read = (u32, Strand);

impl Simulation {
    /// The elements, sorted and apart, each with a flank on either side, over which the cuts become
    /// fewer: the regions of open chromatin of the only cell line.
    pub fn peaks(&self) -> Vec<Region> {
        let elements = self.pairs.iter().flat_map(|pair| pair.elements);
        merge(elements.map(|element| element.widened(FLANK).cut(&self.chroms)))
    }

    /// Writes the reads of a cell line, of one chromosome after the other, as BAM, then the index.
    pub(super) fn write_reads(
        &self,
        config: &SimulationConfig,
        cell: &CellLine,
        path: &Path,
        index_path: &Path,
    ) -> Result<()> {
        // An index of other reads must not stand beside these.
        output::remove_if_there(index_path)?;
        let file = Partial::new(path);
        let written = file.create()?;
        self.write_bam(config, cell, written).at(file.target())?;
        let index = match bam::fs::index(file.path()).at(file.target())? {
            bam::Index::Bai(index) => index,
            bam::Index::Csi(_) => {
                return Err(Error::format(path, "a chromosome is too long for BAI"));
            }
        };
        file.complete()?;
        output::write_with(index_path, |writer| {
            bai::io::Writer::new(writer).write_index(&index)
        })
    }

    fn write_bam(
        &self,
        config: &SimulationConfig,
        cell: &CellLine,
        writer: impl Write,
    ) -> io::Result<()> {
        let header = self.sam_header()?;
        let mut writer = bam::io::Writer::new(writer);
        writer.write_header(&header)?;
        let peaks = self.open_in(cell);
        let mut count = 0u64;
        for (place, codes) in self.sequences.iter().enumerate() {
            let chrom = ChromId(place as u32);
            for (start, strand) in self.reads(config, cell, chrom, &peaks) {
                count += 1;
                let letters = &codes[start as usize..(start + READ) as usize];
                let record = record(format!("read{count}"), place, start, strand, letters)?;
                writer.write_alignment_record(&header, &record)?;
            }
        }
        writer.try_finish()?;
        writer.into_inner().into_inner().flush()
    }

    /// The reads of a chromosome by position, save those that touch a gap or an end.
    fn reads(
        &self,
        config: &SimulationConfig,
        cell: &CellLine,
        chrom: ChromId,
        peaks: &[Region],
    ) -> Vec<Read> {
        let length = self.chroms.length(chrom);
        let codes = &self.sequences[chrom.0 as usize];
        let here = |region: &Region| region.chrom == chrom;
        let peaks: Vec<Region> = peaks.iter().copied().filter(here).collect();
        let occupied: Vec<Region> = self.occupied_in(cell).filter(here).collect();
        let mut reads = Vec::new();
        for (number, strand) in [(0, Strand::Forward), (1, Strand::Reverse)] {
            let strand_index = 2 * u64::from(chrom.0) + number;
            let index = (cell.number as u64) << 32 | strand_index;
            let mut rng = stream(config.seed, Purpose::Reads, index);
            let rates = &config.cuts;
            let cuts = rates.draw(length, &peaks, &occupied, strand, &mut rng);
            let starts = cuts.into_iter().filter_map(|cut| match strand {
                Strand::Forward => Some(cut + 1),
                Strand::Reverse => cut.checked_sub(READ),
            });
            let readable = starts.filter(|&start| {
                let letters = codes.get(start as usize..(start + READ) as usize);
                letters.is_some_and(|letters| !letters.contains(&N))
            });
            reads.extend(readable.map(|start| (start, strand)));
        }
        reads.sort_unstable();
        reads
    }

    fn sam_header(&self) -> io::Result<noodles_sam::Header> {
        let order = Map::<map::Header>::builder().insert(SORT_ORDER, COORDINATE);
        let mut header =
            noodles_sam::Header::builder().set_header(order.build().map_err(io::Error::other)?);
        for (name, length) in self.chroms.iter() {
            let length = NonZero::new(length as usize)
                .ok_or_else(|| io::Error::other("a chromosome without bases"))?;
            header = header.add_reference_sequence(name, Map::<ReferenceSequence>::new(length));
        }
        Ok(header.build())
    }
}

fn record(
    name: String,
    chrom: usize,
    start: u32,
    strand: Strand,
    codes: &[u8],
) -> io::Result<RecordBuf> {
    let position = Position::try_from(start as usize + 1).map_err(io::Error::other)?;
    let quality = MappingQuality::new(MAPPING_QUALITY)
        .ok_or_else(|| io::Error::other("not a mapping quality"))?;
    Ok(RecordBuf::builder()
        .set_name(name)
        .set_flags(match strand {
            Strand::Forward => Flags::empty(),
            Strand::Reverse => Flags::REVERSE_COMPLEMENTED,
        })
        .set_reference_sequence_id(chrom)
        .set_alignment_start(position)
        .set_mapping_quality(quality)
        .set_cigar([Op::new(Kind::Match, READ as usize)].into_iter().collect())
        .set_sequence(Sequence::from(letters(codes)))
        .set_quality_scores(QualityScores::from(vec![BASE_QUALITY; READ as usize]))
        .build())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use noodles_sam::alignment::Record as _;

    use super::*;
    use crate::simulate::{Files, MARGIN, SHOULDER};

    fn small(seed: u64) -> SimulationConfig {
        SimulationConfig {
            chromosomes: 2,
            chromosome_length: 400_000,
            positives: 20,
            negatives: 20,
            sites: [1, 1],
            distance: [5_000, 50_000],
            seed,
            ..SimulationConfig::default()
        }
    }

    /// Where Wellington counts the cuts of forward and of reverse reads, each on its chromosome;
    /// all that must hold for every read is checked on the way.
    fn cuts(simulation: &Simulation, path: &Path) -> [Vec<Region>; 2] {
        let mut reader = bam::io::Reader::new(File::open(path).unwrap());
        let header = reader.read_header().unwrap();
        let lengths: Vec<(&str, u32)> = simulation.chroms.iter().collect();
        for ((name, length), (told, map)) in lengths.iter().zip(header.reference_sequences()) {
            assert!(told == name && map.length().get() == *length as usize);
        }
        let mut last = (ChromId(0), 0);
        let mut cuts = [Vec::new(), Vec::new()];
        for record in reader.records() {
            let record = record.unwrap();
            let chrom = ChromId(record.reference_sequence_id().unwrap().unwrap() as u32);
            let start = record.alignment_start().unwrap().unwrap().get() as u32 - 1;
            let end = record.alignment_end().unwrap().unwrap().get() as u32;
            assert!((chrom, start) >= last && end - start == READ);
            last = (chrom, start);
            let codes = &simulation.sequences[chrom.0 as usize][start as usize..end as usize];
            let letters: Vec<u8> = codes.iter().map(|&c| b"ACGT"[usize::from(c)]).collect();
            assert!(record.sequence().iter().eq(letters));
            assert_eq!(record.mapping_quality().unwrap().get(), MAPPING_QUALITY);
            let reverse = record.flags().is_reverse_complemented();
            let cut = if reverse { end } else { start - 1 };
            cuts[usize::from(reverse)].push(Region {
                chrom,
                start: cut,
                end: cut + 1,
            });
        }
        cuts
    }

    fn inside(cuts: &[Region], chrom: ChromId, bases: std::ops::Range<u32>) -> usize {
        let region = Region {
            chrom,
            start: bases.start,
            end: bases.end,
        };
        cuts.iter().filter(|cut| cut.overlap(&region) == 1).count()
    }

    #[test]
    fn cuts_gather_beside_occupied_sites_and_shun_them() {
        let config = small(1);
        let simulation = config.run().unwrap();
        let dir = tempfile::tempdir().unwrap();
        simulation.write(&config, dir.path()).unwrap();
        let files = Files::in_dir(dir.path());
        let [forward, reverse] = cuts(&simulation, &files.reads);
        let (mut occupied, mut free) = ([0; 5], [0; 5]);
        let (mut occupied_sites, mut free_bases, mut occupied_bases) = (0, 0, 0);
        let is_occupied = &simulation.cell_lines[0].occupied;
        for (site, is_occupied) in simulation.sites.iter().zip(is_occupied) {
            let Region { chrom, start, end } = site.region;
            let before = start - MARGIN - SHOULDER..start - MARGIN;
            let behind = end + MARGIN..end + MARGIN + SHOULDER;
            let counts = [
                inside(&forward, chrom, before.clone()),
                inside(&reverse, chrom, behind.clone()),
                inside(&reverse, chrom, before),
                inside(&forward, chrom, behind),
                inside(&forward, chrom, start..end) + inside(&reverse, chrom, start..end),
            ];
            let sums = if *is_occupied {
                occupied_sites += 1;
                occupied_bases += end - start;
                &mut occupied
            } else {
                free_bases += end - start;
                &mut free
            };
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        let free_sites = simulation.sites.len() - occupied_sites;
        assert!(occupied_sites > 20 && free_sites > 5);
        let per = |count: usize, bases: usize| count as f64 / bases as f64;
        let shoulders = [occupied[0], occupied[1]];
        for raised in shoulders.map(|count| per(count, 35 * occupied_sites)) {
            assert!((raised - config.cuts.shoulder).abs() < 0.2, "{raised}");
        }
        for sum in [occupied[2], occupied[3]].map(|count| per(count, 35 * occupied_sites)) {
            assert!(sum < 1.5 * config.cuts.open, "{sum}");
        }
        for sum in &free[..4] {
            assert!(
                per(*sum, 35 * free_sites) < 1.8 * config.cuts.open,
                "{free:?}"
            );
        }
        let under = per(occupied[4], 2 * occupied_bases as usize);
        let open = per(free[4], 2 * free_bases as usize);
        assert!(under < 0.015 && open > 0.015, "{under} {open}");
    }

    #[test]
    fn elements_are_open_and_the_rest_is_not() {
        let config = SimulationConfig {
            occupied: 0.0,
            ..small(2)
        };
        let simulation = config.run().unwrap();
        let dir = tempfile::tempdir().unwrap();
        simulation.write(&config, dir.path()).unwrap();
        let files = Files::in_dir(dir.path());
        let [forward, reverse] = cuts(&simulation, &files.reads);
        let peaks = simulation.peaks();
        let (mut open, mut bases) = (0, 0);
        for element in simulation.pairs.iter().flat_map(|pair| pair.elements) {
            let Region { chrom, start, end } = element;
            open += inside(&forward, chrom, start..end) + inside(&reverse, chrom, start..end);
            bases += 2 * (end - start);
            let holds = |peak: &Region| peak.overlap(&element) == element.len();
            assert!(peaks.iter().any(holds));
        }
        let rate = f64::from(open as u32) / f64::from(bases);
        assert!((rate - config.cuts.open).abs() < 0.004, "{rate}");
        let in_peaks: usize = peaks
            .iter()
            .flat_map(|peak| [&forward, &reverse].map(|cuts| (peak, cuts)))
            .map(|(peak, cuts)| inside(cuts, peak.chrom, peak.start..peak.end))
            .sum();
        let outside = (forward.len() + reverse.len() - in_peaks) as f64;
        // Two strands of 0.8 Mb, a little of which is gaps or peaks.
        assert!((1_000.0..1_700.0).contains(&outside), "{outside}");
    }

    #[test]
    fn each_cell_line_is_cut_where_its_own_sites_are_occupied() {
        let config = SimulationConfig {
            cell_lines: 2,
            ..small(4)
        };
        let simulation = config.run().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let files = simulation.write(&config, dir.path()).unwrap();
        let open = [0, 1].map(|cell| simulation.open_in(&simulation.cell_lines[cell]));
        for (place, files) in files.iter().enumerate() {
            let cuts = cuts(&simulation, &files.reads).concat();
            let [own, other] = [place, 1 - place].map(|of| {
                let inside = |peak: &Region| inside(&cuts, peak.chrom, peak.start..peak.end);
                let bases: u32 = open[of].iter().map(Region::len).sum();
                open[of].iter().map(inside).sum::<usize>() as f64 / f64::from(bases)
            });
            assert!(own > 0.2 && other < 0.01, "{own} {other}");
        }
    }

    #[test]
    fn a_seed_gives_the_same_bytes_and_another_one_others() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, seed| {
            let config = small(seed);
            let out = dir.path().join(name);
            config.run().unwrap().write(&config, &out).unwrap();
            let files = Files::in_dir(&out);
            let all = [
                &files.reads,
                &files.reads_index,
                &files.peaks,
                &files.accessibility,
                &files.narrow_peaks,
                &files.motifs,
                &files.interactome,
                &files.sites,
            ];
            all.map(|path| fs::read(path).unwrap())
        };
        let one = write("one", 1);
        assert!(one == write("again", 1));
        for (a, b) in one.iter().zip(write("two", 2)) {
            assert!(!a.is_empty() && *a != b);
        }
    }

    #[test]
    fn the_index_finds_the_reads_of_a_region() {
        let config = small(3);
        let simulation = config.run().unwrap();
        let dir = tempfile::tempdir().unwrap();
        simulation.write(&config, dir.path()).unwrap();
        let files = Files::in_dir(dir.path());
        let mut all = bam::io::Reader::new(File::open(&files.reads).unwrap());
        let header = all.read_header().unwrap();
        let records: Vec<bam::Record> = all.records().map(Result::unwrap).collect();
        let index = bai::fs::read(&files.reads_index).unwrap();
        let mut reader = bam::io::Reader::new(File::open(&files.reads).unwrap());
        reader.read_header().unwrap();
        for peak in simulation.peaks() {
            let name = simulation.chroms.name(peak.chrom);
            let region = format!("{name}:{}-{}", peak.start + 1, peak.end);
            let query = reader
                .query(&header, &index, &region.parse().unwrap())
                .unwrap();
            let touches = |record: &&bam::Record| {
                let start = record.alignment_start().unwrap().unwrap().get() as u32 - 1;
                record.reference_sequence_id().unwrap().unwrap() == peak.chrom.0 as usize
                    && start < peak.end
                    && start + READ > peak.start
            };
            let expected = records.iter().filter(touches).count();
            assert!(expected > 0);
            assert_eq!(query.records().count(), expected, "{region}");
        }
    }
}
