//! A trained network and files of variants for it.

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use epitrack::element::Sides;
use epitrack::genome::{ChromId, Chroms, Reference, Region, letters};
use epitrack::network::device::ComputeDevice;
use epitrack::network::inference::Predictor;
use epitrack::pairs::PairTable;
use epitrack::run::Run;
use noodles_vcf as vcf;

use crate::support::{Workplace, arg, fail, run};

/// The header of a file.
pub const HEADER: &str = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// A row of a table, by the columns' names.
pub type Row<'a> = HashMap<&'a str, &'a str>;

/// A folder with a run.
pub struct Place {
    workplace: Workplace,
    run: Run,
    chroms: Chroms,
    table: PairTable,
}

/// Records of every kind that has no effect among some that have one.
pub struct Odd {
    pub text: String,
    /// How many alleles have none, by the reason.
    pub left_out: [(&'static str, usize); 8],
}

/// The letter of a base code.
pub fn letter(code: u8) -> String {
    String::from_utf8(letters(&[code])).unwrap()
}

/// The rows of a table.
pub fn rows(table: &str) -> impl Iterator<Item = Row<'_>> {
    let mut lines = table.lines().map(|line| line.split('\t'));
    let names: Vec<&str> = lines.next().unwrap().collect();
    lines.map(move |fields| names.iter().copied().zip(fields).collect())
}

/// A field as a number.
pub fn number(row: &Row, field: &str) -> f32 {
    row[field].parse().unwrap()
}

impl Place {
    pub fn new() -> Self {
        let workplace = Workplace::new();
        workplace.trained("run", &[]);
        let run = Run::open(&workplace.path("run")).unwrap();
        let (reference, _) = run.open_reference(None).unwrap();
        let chroms = Chroms::clone(reference.chroms());
        let table = run.read_table(None, &chroms).unwrap();
        Self {
            workplace,
            run,
            chroms,
            table,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.workplace.path(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.workplace.text(name)
    }

    /// The text of a file, plain or compressed.
    pub fn unpacked(&self, name: &str) -> String {
        let mut text = String::new();
        let mut reader = epitrack::text::open(&self.path(name)).unwrap();
        reader.read_to_string(&mut text).unwrap();
        text
    }

    pub fn predictor(&self) -> Predictor {
        self.run.predictor(&ComputeDevice::cpu()).unwrap()
    }

    pub fn threshold(&self) -> f64 {
        self.run.record.outcome.threshold
    }

    /// The windows of a pair and their base codes.
    pub fn pair(&self, place: usize) -> (Sides<Region>, Sides<Vec<u8>>) {
        let windows = self.table.windows[place];
        let codes = windows.map(|window| self.codes(window));
        (windows, codes)
    }

    pub fn pair_name(&self, place: usize) -> String {
        self.table.pairs[place].id(&self.chroms).to_string()
    }

    pub fn chrom(&self, region: Region) -> &str {
        self.chroms.name(region.chrom)
    }

    fn codes(&self, region: Region) -> Vec<u8> {
        let mut reference = Reference::open(self.path("sim/genome.fa")).unwrap();
        reference.codes(region).unwrap()
    }

    /// Writes the genome again with other bases at a place.
    pub fn rewrite_genome(&self, name: &str, chrom: ChromId, start: u32, bases: &str) {
        let mut text = String::new();
        for region in self.chroms.regions() {
            let mut sequence = String::from_utf8(letters(&self.codes(region))).unwrap();
            if region.chrom == chrom {
                let start = start as usize;
                sequence.replace_range(start..start + bases.len(), bases);
            }
            text += &format!(">{}\n{sequence}\n", self.chrom(region));
        }
        std::fs::write(self.path(name), text).unwrap();
    }

    /// The arguments that look at a file's variants and write into another.
    pub fn arguments(&self, input: &str, output: &str, more: &[&str]) -> Vec<String> {
        let [run, input, output] = ["run", input, output].map(|name| self.path(name));
        let arguments = [
            "variants",
            arg(&run),
            "--vcf",
            arg(&input),
            "--out",
            arg(&output),
            "--device",
            "cpu",
        ];
        let all = arguments.iter().chain(more);
        all.map(|text| text.to_string()).collect()
    }

    /// Runs the command, which must end well; what it said.
    pub fn variants(&self, input: &str, output: &str, more: &[&str]) -> String {
        let (done, _, said) = run(&self.arguments(input, output, more));
        assert!(done.status.success(), "{said}");
        said
    }

    /// The table of effects of a file's text.
    pub fn table(&self, text: &str, more: &[&str]) -> String {
        std::fs::write(self.path("input.vcf"), text).unwrap();
        self.variants("input.vcf", "out.tsv", more);
        self.text("out.tsv")
    }

    /// What is said of a file that must be refused.
    pub fn refused(&self, text: &str, more: &[&str]) -> String {
        std::fs::write(self.path("input.vcf"), text).unwrap();
        fail(&self.arguments("input.vcf", "refused.tsv", more))
    }

    /// Ten records with twelve alleles, of which three have an effect; unsorted, and the first
    /// chromosome by two names.
    pub fn odd_records(&self) -> Odd {
        let (windows, codes) = self.pair(0);
        let window = windows.enhancer;
        let chrom = self.chrom(window);
        let bare = chrom.strip_prefix("chr").unwrap();
        let known = |at: &usize| codes.enhancer[*at..at + 3].iter().all(|&code| code < 4);
        let at = (120..180).find(known).unwrap();
        let three = &codes.enhancer[at..at + 3];
        let bases: String = three.iter().map(|&code| letter(code)).collect();
        let (first, other) = (&bases[..1], letter((three[0] + 1) % 4));
        let position = window.start as usize + at + 1;
        // Nothing lies left of the leftmost window of a chromosome.
        let all = self.table.windows.iter().copied().flatten();
        let leftmost = all.filter(|of| of.chrom == window.chrom).min().unwrap();
        let edge = leftmost.start as usize;
        let over: String = self
            .codes(Region {
                start: leftmost.start - 2,
                end: leftmost.start + 2,
                ..leftmost
            })
            .iter()
            .map(|&code| letter(code))
            .collect();
        let lines = [
            format!("{chrom}\t{position}\ta\t{first}\t{other},<DEL>,*\t.\tPASS\tDP=3"),
            format!("{bare}\t{position}\tb\t{bases}\t{first}\t.\t.\t."),
            format!("{bare}\t{position}\tc\t{first}\t{first}{other}{other}\t9.5\t.\t."),
            format!("{chrom}\t{position}\td\t{first}\t{first}[{chrom}:7[\t.\t.\t."),
            format!("{chrom}\t{position}\te\t{first}\t.\t.\t.\t."),
            format!(
                "{chrom}\t{position}\tf\t{first}\t{}\t.\t.\t.",
                first.to_lowercase()
            ),
            format!("{chrom}\t{}\tg\t{over}\t{}\t.\t.\t.", edge - 1, &over[..1]),
            format!("{chrom}\t1\th\tN\tA\t.\t.\t."),
            "chrElsewhere\t5\ti\tA\tC\t.\t.\t.".to_string(),
            // A telomere, which lies behind the last base (VCFv4.5, 1.6.1.2).
            format!(
                "{chrom}\t{}\tj\tN\t.[{chrom}:7[\t.\t.\t.",
                self.chroms.length(window.chrom) + 1
            ),
        ];
        Odd {
            text: format!("{HEADER}{}\n", lines.join("\n")),
            left_out: [
                ("symbolic", 1),
                ("overlapping_deletion", 1),
                ("breakend", 2),
                ("no_alternate", 1),
                ("same_as_reference", 1),
                ("over_a_windows_edge", 1),
                ("outside_every_window", 1),
                ("other_chromosome", 1),
            ],
        }
    }

    /// Reads a file as noodles does, and compares what it holds with the summary.
    pub fn read_as_vcf(&self, name: &str, json: &serde_json::Value) {
        let file = std::fs::File::open(self.path(name)).unwrap();
        let mut reader = vcf::io::Reader::new(BufReader::new(file));
        let header = reader.read_header().unwrap();
        assert!(header.infos().contains_key("EPI"));
        let (mut records, mut entries) = (0, 0);
        for record in reader.records() {
            let record = record.unwrap();
            let info = record.info();
            let text: &str = info.as_ref();
            let values = text.split(';').find_map(|entry| entry.strip_prefix("EPI="));
            for value in values.into_iter().flat_map(|values| values.split(',')) {
                assert_eq!(value.split('|').count(), 14, "{value}");
                entries += 1;
            }
            records += 1;
        }
        assert_eq!(json["records"], records);
        assert_eq!(json["effects"], entries);
        assert!(entries > 0);
    }
}
