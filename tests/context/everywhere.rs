//! Every command that goes by a run's probabilities takes its context.

use std::collections::BTreeMap;

use epitrack::run::Run;

use super::{json, number, rows, write_other_table, write_peaks};
use crate::support::{Workplace, arg, fail, files, succeed};

/// Bases of every promoter.
const PROMOTER: usize = 301;

/// A pair: chromosome, enhancer, the base in the middle of the promoter, label.
struct Known {
    chrom: String,
    enhancer: [usize; 2],
    middle: usize,
    label: String,
}

/// The simulated pairs, whose promoters become ones of one length, also in the table.
fn even_promoters(place: &Workplace) -> Vec<Known> {
    let table = place.text("sim/pairs.csv");
    let mut lines = table.lines();
    let header = lines.next().unwrap();
    let pairs = lines.map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        let at = |place: usize| fields[place].parse::<usize>().unwrap();
        Known {
            chrom: fields[0].to_string(),
            enhancer: [at(1), at(2)],
            middle: (at(4) + at(5)) / 2,
            label: fields[6].to_string(),
        }
    });
    let pairs: Vec<Known> = pairs.collect();
    let row = |of: &Known| {
        let (chrom, [start, end], from) = (&of.chrom, of.enhancer, of.middle - PROMOTER / 2);
        let label = &of.label;
        format!(
            "{chrom},{start},{end},{chrom},{from},{},{label}\n",
            from + PROMOTER
        )
    };
    let rows: String = pairs.iter().map(row).collect();
    std::fs::write(place.path("sim/pairs.csv"), format!("{header}\n{rows}")).unwrap();
    pairs
}

/// A run with a context of every kind of file, and the arguments that give these files.
struct Told {
    place: Workplace,
    pairs: Vec<Known>,
    given: Vec<String>,
}

impl Told {
    fn new() -> Self {
        let place = Workplace::new();
        let pairs = even_promoters(&place);
        super::write_hints(&place, "hints.tsv");
        write_peaks(&place, "dnase.bed", |number| 1 + number % 7);
        write_peaks(&place, "ctcf.bed", |number| 1 + number % 3);
        let assay = |name: &str, file: &str| format!("{name}={}", arg(&place.path(file)));
        let given = vec![
            "--context-features".to_string(),
            arg(&place.path("hints.tsv")).to_string(),
            "--context-assays".to_string(),
            assay("DNase", "dnase.bed"),
            assay("CTCF", "ctcf.bed"),
        ];
        let mut arguments = place.train("run");
        arguments.extend(["--split", "chromosome"].map(str::to_string));
        arguments.extend(given.iter().cloned());
        succeed(&arguments);
        super::with_half_of_the_sequence(&place);
        Self {
            place,
            pairs,
            given,
        }
    }

    /// A command about the run, with a folder or file to write.
    fn command(&self, name: &str, out: &str, more: &[&str]) -> Vec<String> {
        let [run, out] = ["run", out].map(|name| self.place.path(name));
        let arguments = [name, arg(&run), "--out", arg(&out), "--device", "cpu"];
        let arguments = arguments.iter().chain(more);
        arguments.map(|text| text.to_string()).collect()
    }

    /// The same with the files of the context.
    fn with_context(&self, name: &str, out: &str, more: &[&str]) -> Vec<String> {
        let mut arguments = self.command(name, out, more);
        arguments.extend(self.given.iter().cloned());
        arguments
    }

    /// What tracks say of each pair, by its name.
    fn predicted(&self) -> BTreeMap<String, Vec<String>> {
        let (predicted, last) = rows(&self.place, "one/out/predictions.tsv", 0);
        assert_eq!((predicted.len(), last.as_str()), (150, "context"));
        predicted
    }

    /// Checks that the sequence has the same part in two rows of predictions.
    fn same_sequence(one: &[String], other: &[String]) {
        let part = |row: &[String]| {
            let context = number(&row[8]);
            number(&row[5]) - (context / (1.0 - context)).ln()
        };
        assert!((part(one) - part(other)).abs() < 1e-2, "{one:?} {other:?}");
    }

    /// Tracks at once, in shards, and from files that are named in another order.
    fn check_tracks(&self) {
        let place = &self.place;
        for folder in ["one", "merged", "shards"] {
            std::fs::create_dir(place.path(folder)).unwrap();
        }
        succeed(&self.command("tracks", "one/out", &[]));
        for shard in ["1", "2"] {
            let of = format!("{shard}/2");
            let out = format!("shards/{shard}");
            succeed(&self.command("tracks", &out, &["--shard", &of]));
        }
        let [one, two, merged] =
            ["shards/2", "shards/1", "merged/out"].map(|name| place.path(name));
        succeed(&["merge", arg(&one), arg(&two), "--out", arg(&merged)]);
        let [whole, merged] = ["one", "merged"].map(|folder| files(&place.path(folder)));
        assert!(whole.keys().eq(merged.keys()));
        for (name, bytes) in &whole {
            assert!(merged[name] == *bytes, "{name}");
        }
        let turned: [&str; 3] = ["--context-assays", &self.given[4], &self.given[3]];
        succeed(&self.command("tracks", "turned", &turned));
        let [whole, turned] = ["one/out", "turned"].map(|dir| format!("{dir}/predictions.tsv"));
        assert_eq!(place.text(&whole), place.text(&turned));
    }

    /// A base of the first enhancer, changed.
    fn check_variants(&self) {
        let place = &self.place;
        let Known {
            chrom,
            enhancer: [start, end],
            ..
        } = &self.pairs[0];
        let genome = place.text("sim/genome.fa");
        let record = genome.split('>').find(|of| {
            let name = of.split_whitespace().next();
            name == Some(chrom.as_str())
        });
        let bases: String = record.unwrap().lines().skip(1).collect();
        let at = (start + end) / 2;
        let base = &bases[at..=at];
        let other = if base.eq_ignore_ascii_case("A") {
            "C"
        } else {
            "A"
        };
        let text = format!(
            "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
             {chrom}\t{}\t.\t{base}\t{other}\t.\t.\t.\n",
            at + 1
        );
        std::fs::write(place.path("in.vcf"), text).unwrap();
        let vcf = place.path("in.vcf");
        let more = ["--vcf", arg(&vcf), "--pairs", "all"];
        succeed(&self.command("variants", "effects.tsv", &more));
        let table = place.text("effects.tsv");
        let mut lines = table.lines().map(|line| line.split('\t'));
        let header: Vec<&str> = lines.next().unwrap().collect();
        let predicted = self.predicted();
        let mut found = 0;
        for fields in lines {
            let row: BTreeMap<&str, &str> = header.iter().copied().zip(fields).collect();
            let wanted = &predicted[row["pair"]];
            for (column, at) in [("ref_logit", 5), ("ref_prob", 4), ("context", 8)] {
                let [here, there] = [row[column], wanted[at].as_str()].map(number);
                assert!((here - there).abs() < 1e-4, "{column}: {row:?} {wanted:?}");
            }
            // Of the network's own difference the logits take half.
            let difference = number(row["alt_logit"]) - number(row["ref_logit"]);
            let wanted = 0.5 * number(row["dlogit"]);
            assert!((difference - wanted).abs() < 1e-4, "{row:?}");
            found += 1;
        }
        assert!(found > 0, "{table}");
        // What the context was computed from is an input, though nobody named it.
        let said = fail(&self.command("variants", "hints.tsv", &more));
        assert!(said.contains("is an input and would be replaced"), "{said}");
    }

    /// The pairs that are predicted are so with their context.
    fn check_knockout(&self) {
        let motifs = self.place.path("sim/motifs.jaspar");
        let more = [
            "--motifs",
            arg(&motifs),
            "--all-parts",
            "--pairs",
            "predicted",
            "--p-value",
            "0.003",
            "--draws",
            "1",
        ];
        succeed(&self.command("knockout", "knockout", &more));
        let summary = json(&self.place, "knockout/knockout.json");
        assert!(summary["context"]["fitted"].is_object());
        let run = Run::open(&self.place.path("run")).unwrap();
        let threshold = run.record.outcome.threshold;
        let predicted = self.predicted();
        let is_predicted = |row: &&Vec<String>| number(&row[4]) >= threshold - 1e-6;
        let wanted = predicted.values().filter(is_predicted).count();
        let selected = summary["pairs_selected"].as_u64().unwrap() as usize;
        // One may lie at the threshold itself.
        assert!(selected.abs_diff(wanted) <= 1, "{selected} {wanted}");
    }

    fn check_contributions(&self) {
        succeed(&self.command("contributions", "contributions", &[]));
        let (found, last) = rows(&self.place, "contributions/predictions.tsv", 0);
        assert_eq!(last, "context");
        let predicted = self.predicted();
        assert!(!found.is_empty());
        for (id, row) in &found {
            assert_eq!(row[8], predicted[id][8], "{id}");
            assert!((number(&row[5]) - number(&predicted[id][5])).abs() < 1e-4);
        }
    }

    /// Another table of the chromosomes that were held out.
    fn check_held_out(&self) {
        write_other_table(&self.place, "other.csv");
        let run = self.place.path("run");
        let table = format!("OTHER={}", arg(&self.place.path("other.csv")));
        let arguments = ["evaluate", arg(&run), "--table", &table, "--device", "cpu"];
        let mut arguments: Vec<String> = arguments.map(str::to_string).into();
        let said = fail(&arguments);
        assert!(said.contains("trained with a context"), "{said}");
        arguments.extend(self.given.iter().cloned());
        succeed(&arguments);
        let (found, last) = rows(&self.place, "run/held-out/OTHER/predictions.tsv", 0);
        assert!(last == "context" && !found.is_empty());
        let predicted = self.predicted();
        for (id, row) in &found {
            Self::same_sequence(row, &predicted[id]);
        }
    }

    /// The same pairs by start sites in the middle of their promoters: the same probabilities.
    fn check_crispr(&self) {
        let place = &self.place;
        let line = |of: &Known| {
            let (chrom, [start, end], tss) = (&of.chrom, of.enhancer, of.middle);
            let (label, after) = (&of.label, tss + 1);
            let distance = (start + end).abs_diff(2 * tss) as f64 / 2.0;
            format!(
                "{label}\t{distance}\t{chrom}\t{start}\t{end}\t{chrom}:{start}-{end}|K562|.\t{chrom}\t{tss}\t\
                 {after}\t{chrom}:{tss}-{after}|K562|ENST|G{tss}|TPM=1|.\n"
            )
        };
        let text: String = self.pairs.iter().map(line).collect();
        std::fs::write(place.path("crispr.tsv"), text).unwrap();
        let table = place.path("crispr.tsv");
        let more = ["--table", arg(&table)];
        succeed(&self.with_context("crispr", "crispr", &more));
        let found = json(place, "crispr/crispr.json");
        assert_eq!(
            found["run"]["context"]["assays"].as_array().unwrap().len(),
            2
        );
        let scores = place.text("crispr/scores.tsv");
        let header = scores.lines().next().unwrap();
        let alone = header.split('\t').nth(7).unwrap();
        assert!(alone.ends_with(", context alone"), "{header}");
        let scores = scores.lines().skip(1).map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let both = [6, 7].map(|column| fields[column].to_string());
            (fields[1].parse::<u64>().unwrap(), both)
        });
        let scores: BTreeMap<u64, [String; 2]> = scores.collect();
        for row in self.predicted().values() {
            // The table of the training has a header.
            let both = &scores[&(row[1].parse::<u64>().unwrap() - 1)];
            for (score, column) in both.iter().zip([4, 8]) {
                let (here, there) = (number(score), number(&row[column]));
                assert!((here - there).abs() < 1e-4, "{row:?}: {score}");
            }
        }
    }
}

#[test]
fn every_command_takes_the_context() {
    let told = Told::new();
    told.check_tracks();
    told.check_variants();
    told.check_knockout();
    told.check_contributions();
    told.check_held_out();
    told.check_crispr();
}
