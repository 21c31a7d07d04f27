//! Variants of a small run, against the network itself and against bad files.

mod place;

use std::io::Write;

use epitrack::element::Element;
use epitrack::network::contribution::Method;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::support::{arg, fail};
use place::{HEADER, Place, number, rows};

#[test]
fn effects_of_single_bases_are_those_of_mutagenesis() {
    let place = Place::new();
    let (windows, codes) = place.pair(0);
    let sequences = codes.as_ref().map(Vec::as_slice);
    let predictor = place.predictor();
    let letters = predictor
        .contributions(Method::Ism, &[sequences])
        .unwrap()
        .remove(0);
    let mut text = HEADER.to_string();
    for (element, window) in windows.iter() {
        let codes = codes.get(element);
        for at in (0..codes.len()).step_by(7).filter(|&at| codes[at] < 4) {
            // All three in one record.
            let others = (0..4).filter(|&code| code != codes[at]);
            let others: Vec<String> = others.map(place::letter).collect();
            let (base, position) = (place::letter(codes[at]), window.start as usize + at + 1);
            let chrom = place.chrom(*window);
            let line = [
                chrom,
                &position.to_string(),
                ".",
                &base,
                &others.join(","),
                ".\t.\t.\n",
            ];
            text += &line.join("\t");
        }
    }
    let table = place.table(&text, &[]);
    let (mut compared, mut largest) = (0, 0.0f32);
    for row in rows(&table).filter(|row| row["pair"] == place.pair_name(0)) {
        let element = Element::BOTH
            .into_iter()
            .find(|of| of.name() == row["element"])
            .unwrap();
        let window = windows.get(element);
        let at = row["position"].parse::<usize>().unwrap() - 1 - window.start as usize;
        let code = "ACGT".find(row["allele"]).unwrap();
        let wanted = letters.get(element).letters()[at][code];
        let (got, scale) = (
            number(&row, "dlogit"),
            number(&row, "ref_logit").abs().max(1.0),
        );
        assert!((got - wanted).abs() < 1e-4 * scale, "{row:?}: {wanted}");
        let changed = number(&row, "alt_logit") - number(&row, "ref_logit");
        assert!((changed - got).abs() < 1e-5 * scale);
        (compared, largest) = (compared + 1, largest.max(got.abs()));
    }
    assert!(compared > 100 && largest > 0.0, "{compared} {largest}");
}

#[test]
fn the_opposite_variant_on_the_changed_genome_has_the_opposite_effect() {
    let place = Place::new();
    let (windows, codes) = place.pair(0);
    let window = windows.enhancer;
    let known = |at: &usize| codes.enhancer[*at..at + 3].iter().all(|&code| code < 4);
    let at = (20..150).find(known).unwrap();
    let old: String = codes.enhancer[at..at + 3]
        .iter()
        .map(|&code| place::letter(code))
        .collect();
    let new: String = codes.enhancer[at..at + 3]
        .iter()
        .map(|&code| place::letter((code + 1) % 4))
        .collect();
    let start = window.start + at as u32;
    let record = |reference: &str, alternate: &str| {
        let chrom = place.chrom(window);
        format!(
            "{HEADER}{chrom}\t{}\t.\t{reference}\t{alternate}\t.\t.\t.\n",
            start + 1
        )
    };
    let forth = place.table(&record(&old, &new), &[]);
    place.rewrite_genome("changed.fa", window.chrom, start, &new);
    let changed = place.path("changed.fa");
    let back = place.table(&record(&new, &old), &["--reference", arg(&changed)]);
    let (mut compared, mut largest) = (0, 0.0f32);
    let pairs = |table: &str, pair: &str| rows(table).filter(|row| row["pair"] == pair).count();
    for (one, other) in rows(&forth).zip(rows(&back)) {
        assert_eq!(
            (one["pair"], one["element"]),
            (other["pair"], other["element"])
        );
        // Where both windows hold it, the changed genome has it in both, and an effect is of one.
        if pairs(&forth, one["pair"]) > 1 {
            continue;
        }
        for field in ["dlogit", "dprob", "dattention"] {
            let (one, other) = (number(&one, field), number(&other, field));
            assert!((one + other).abs() < 1e-5, "{field}: {one} {other}");
            largest = largest.max(one.abs());
        }
        let apart = number(&one, "ref_logit") - number(&other, "alt_logit");
        assert!(apart.abs() < 1e-5, "{apart}");
        compared += 1;
    }
    assert!(compared > 0 && largest > 0.0);
    // The old variant is no variant of the changed genome.
    let said = place.refused(&record(&old, &new), &["--reference", arg(&changed)]);
    assert!(
        said.contains(&format!("REF is {old}, but the reference has {new}")),
        "{said}"
    );
}

#[test]
fn nothing_is_lost_of_what_has_no_effect() {
    let place = Place::new();
    let file = place.odd_records();
    let plain = place.path("odd.vcf");
    std::fs::write(&plain, &file.text).unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(file.text.as_bytes()).unwrap();
    let mut bgzip = noodles_bgzf::io::Writer::new(Vec::new());
    bgzip.write_all(file.text.as_bytes()).unwrap();
    std::fs::write(place.path("odd.gzip"), gzip.finish().unwrap()).unwrap();
    std::fs::write(place.path("odd.bgzip"), bgzip.finish().unwrap()).unwrap();

    let motifs = place.path("sim/motifs.jaspar");
    let more = ["--motifs", arg(&motifs), "--null", "9"];
    let said = place.variants("odd.vcf", "out.vcf", &more);
    assert!(said.contains("named otherwise"), "{said}");
    assert!(
        said.contains("1 symbolic; 2 breakends; 1 *; 1 without an alternate"),
        "{said}"
    );
    let out = place.text("out.vcf");
    let json: serde_json::Value = serde_json::from_str(&place.text("out.json")).unwrap();
    for (reason, count) in file.left_out {
        assert_eq!(json["left_out"][reason], count, "{reason}");
    }
    assert_eq!(
        (&json["records"], &json["alleles"]),
        (&10.into(), &12.into())
    );
    assert_eq!((&json["scored"], &json["networks"]), (&3.into(), &1.into()));
    let bodies = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let first = |line: &str| line.split('\t').take(7).collect::<Vec<_>>().join("\t");
        lines.map(first).collect()
    };
    assert_eq!(bodies(&out), bodies(&file.text));
    place.read_as_vcf("out.vcf", &json);

    for (input, output) in [("odd.gzip", "gzip.vcf"), ("odd.bgzip", "bgzip.vcf.gz")] {
        place.variants(input, output, &more);
        assert_eq!(place.unpacked(output), out, "{input}");
    }
    // Once more over what came out: the entries are replaced.
    place.variants("out.vcf", "again.vcf", &more);
    assert_eq!(place.text("again.vcf"), out);
}

#[test]
fn random_variants_and_other_pairs_can_be_asked_for() {
    let place = Place::new();
    let text = place.odd_records().text;
    let table = place.table(&text, &["--null", "9"]);
    let mut shares = rows(&table).map(|row| number(&row, "p_null") * 10.0);
    assert!(shares.all(|share| share >= 0.999 && (share - share.round()).abs() < 1e-3));
    let all = rows(&place.table(&text, &[])).count();
    assert!(rows(&place.table(&text, &[])).all(|row| row["p_null"] == "." && row["gained"] == "."));
    let positive = place.table(&text, &["--pairs", "positive"]);
    let pairs = place.text("sim/pairs.csv");
    assert!(rows(&positive).count() > 0 && rows(&positive).count() <= all);
    let predicted = place.table(&text, &["--pairs", "predicted"]);
    let least = place.threshold();
    let reaching = |row: &place::Row| f64::from(number(row, "ref_prob")) >= least;
    assert_eq!(
        rows(&predicted).count(),
        rows(&table).filter(reaching).count()
    );
    // The first pair alone, in a table of its own.
    let first: Vec<&str> = pairs.lines().take(2).collect();
    let own = place.path("first.csv");
    std::fs::write(&own, first.join("\n")).unwrap();
    let alone = place.table(&text, &["--table", arg(&own)]);
    let wanted = rows(&table).filter(|row| row["pair"] == place.pair_name(0));
    assert_eq!(rows(&alone).count(), wanted.count());
}

#[test]
fn rows_that_contradict_the_reference_are_told_together() {
    let place = Place::new();
    let (windows, codes) = place.pair(0);
    let chrom = place.chrom(windows.promoter).to_string();
    let at = (0..100).find(|&at| codes.promoter[at] == 0).unwrap();
    let position = windows.promoter.start as usize + at + 1;
    let text = format!(
        "{HEADER}{chrom}\t{position}\t.\tA\tC\t.\t.\t.\n{chrom}\t{position}\t.\tG\tC\t.\t.\t.\n\
         {chrom}\tten\t.\tG\tC\t.\t.\t.\n{chrom}\t4000000\t.\tG\tC\t.\t.\t.\n"
    );
    let said = place.refused(&text, &[]);
    for wanted in [
        "3 rows are bad",
        "input.vcf:4: REF is G, but the reference has A",
        "input.vcf:5: POS is not a position: \"ten\"",
        "input.vcf:6: REF ends at 4000000, past the end of",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(!place.path("refused.tsv").exists());
    let table = place.table(&text, &["--skip-bad"]);
    assert!(rows(&table).count() > 0 && rows(&table).all(|row| row["ref"] == "A"));
    let json: serde_json::Value = serde_json::from_str(&place.text("out.json")).unwrap();
    assert_eq!(json["unreadable"], 1);
    assert_eq!(json["left_out"]["other_reference"], 2);
    assert_eq!(json["scored"], 1);
}

#[test]
fn what_cannot_be_done_is_said_before_the_work() {
    let place = Place::new();
    let said = place.refused("chr1\t10\t.\tA\tC\t.\t.\t.\n", &[]);
    assert!(
        said.contains("input.vcf: line 1: is no VCF, or has lost its header"),
        "{said}"
    );
    std::fs::write(place.path("input.vcf"), HEADER).unwrap();
    let asked = |out: &str| fail(&place.arguments("input.vcf", out, &[]));
    assert!(asked("out.bed").contains("a name that ends in .vcf, .vcf.gz, .tsv or .tsv.gz"));
    assert!(asked("input.vcf").contains("input.vcf is an input and would be replaced"));
    // A run is not replaced by the JSON of the same name either.
    assert!(asked("run/run.tsv").contains("run.json is an input and would be replaced"));
    std::fs::rename(place.path("sim/genome.fa"), place.path("sim/moved.fa")).unwrap();
    let said = asked("out.vcf");
    assert!(
        said.contains("genome.fa") && said.contains("No such file"),
        "{said}"
    );
}
