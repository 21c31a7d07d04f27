//! Baselines on real tables, where `EPITRACK_DATA` says they are.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use epitrack::compare::baselines::{Boosted, Labelled, Method, targetfinder_features};
use epitrack::element::Sides;
use epitrack::evaluation::{Scored, auroc};
use epitrack::formats::assays;
use epitrack::genome::{ChromId, Chroms};
use epitrack::pairs::{FeatureTable, Labels, Pair, Regions, TableSource, Wanted};
use epitrack::statistics::boosting::Boosting;
use flate2::bufread::MultiGzDecoder;

use super::support::skipped;

/// The data folder; none, and a word about it, where the variable is unset.
fn data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("EPITRACK_DATA").map(PathBuf::from);
    if folder.is_none() {
        skipped(test, "EPITRACK_DATA is unset");
    }
    folder
}

fn chroms(data: &Path) -> Chroms {
    let sizes = std::fs::read_to_string(data.join("genome/hg19.chrom.sizes")).unwrap();
    let size = |line: &str| {
        let (name, length) = line.split_once('\t').unwrap();
        (name.to_string(), length.parse().unwrap())
    };
    Chroms::new(sizes.lines().map(size)).unwrap()
}

fn pairs(path: &Path, chroms: &Chroms) -> Vec<Pair> {
    let table = TableSource::plain(path).unwrap();
    let table = table.read(chroms, Sides::new(1, 1), Labels::BothClasses);
    table.unwrap().pairs
}

/// Copies a gzip narrowPeak with the inverse hyperbolic sine of its signals, as which TransEPI takes
/// them.
fn with_asinh(from: &Path, to: &Path) {
    let file = BufReader::new(std::fs::File::open(from).unwrap());
    let line = |line: Result<String, _>| {
        let line: String = line.unwrap();
        let mut fields: Vec<&str> = line.split('\t').collect();
        let signal = fields[6].parse::<f64>().unwrap().asinh().to_string();
        fields[6] = &signal;
        fields.join("\t") + "\n"
    };
    let text: String = BufReader::new(MultiGzDecoder::new(file))
        .lines()
        .map(line)
        .collect();
    std::fs::write(to, text).unwrap();
}

#[test]
fn features_from_peaks_are_those_of_the_released_table() {
    let Some(data) = data("baselines::features_from_peaks_are_those_of_the_released_table") else {
        return;
    };
    let chroms = chroms(&data);
    let path = data.join("pairs/K562.with-sequence.csv.gz");
    let pairs = pairs(&path, &chroms);
    let dir = tempfile::tempdir().unwrap();
    let mut list = "name,filename\n".to_string();
    for (name, file) in [
        ("CTCF", "wgEncodeAwgTfbsHaibK562CtcfcPcr1xUniPk.narrowPeak"),
        ("DNase", "wgEncodeAwgDnaseUwdukeK562UniPk.narrowPeak"),
    ] {
        let gzip = data.join(format!("peaks/K562/{file}.gz"));
        with_asinh(&gzip, &dir.path().join(file));
        list += &format!("{name},{file}\n");
    }
    let list_path = dir.path().join("filenames.csv");
    std::fs::write(&list_path, list).unwrap();
    let regions = Regions::EnhancerPromoter;
    let assays = assays(&list_path).unwrap();
    let computed = targetfinder_features(&assays, &pairs, &chroms, regions).unwrap();
    let wanted = Wanted {
        path: &path,
        pairs: &pairs,
        chroms: &chroms,
    };
    let released = FeatureTable::read(&data.join("features/K562.epw.csv.gz"), wanted, regions);
    let released = released.unwrap();
    let mut signals = 0;
    for name in computed.names() {
        let [ours, theirs] = [&computed, &released].map(|table| table.column(name).unwrap());
        for (ours, theirs) in ours.iter().zip(theirs) {
            // The released numbers have eight places, and were computed in single precision or less.
            let error = (ours - theirs).abs() / theirs.max(f32::MIN_POSITIVE);
            assert!(error < 1e-4, "{name}: {ours} {theirs}");
            signals += usize::from(*theirs > 0.0);
        }
    }
    assert_eq!(signals, 117 + 1306 + 1007 + 2116);
}

/// AUROC on some pairs after learning from all others.
fn held_out(method: &dyn Method, pairs: &[Pair], test: impl Fn(usize) -> bool) -> f64 {
    let (test, train): (Vec<usize>, Vec<usize>) = (0..pairs.len()).partition(|&pair| test(pair));
    let train = Labelled::of(pairs, &train);
    let scores = method.scores(&train, &test, 1).unwrap();
    let scored = |(&pair, score): (&usize, f64)| Scored {
        score,
        positive: pairs[pair].label == Some(true),
    };
    let scored: Vec<Scored> = test.iter().zip(scores).map(scored).collect();
    auroc(&scored).unwrap()
}

/// With 200 of its 4,000 trees, for the sake of time.
#[test]
fn targetfinder_knows_promoters_again_but_no_other_chromosome() {
    let Some(data) = data("baselines::targetfinder_knows_promoters_again_but_no_other_chromosome")
    else {
        return;
    };
    let chroms = chroms(&data);
    let path = data.join("pairs/NHEK.targetfinder.csv.gz");
    let pairs = pairs(&path, &chroms);
    let wanted = Wanted {
        path: &path,
        pairs: &pairs,
        chroms: &chroms,
    };
    let regions = Regions::EnhancerPromoter;
    let table = data.join("features/NHEK.targetfinder-ep.csv.gz");
    let table = FeatureTable::read(&table, wanted, regions).unwrap();
    let lengths = table.columns().iter().map(Vec::len);
    assert!(lengths.eq([26_891; 40]));
    let method = Boosted {
        settings: Boosting {
            trees: 200,
            ..Boosting::TARGETFINDER
        },
        table,
    };
    let random = held_out(&method, &pairs, |pair| pair % 10 == 3);
    assert!(random > 0.85, "{random}");
    let away: BTreeSet<ChromId> = ["chr2", "chr8", "chr11"]
        .into_iter()
        .map(|name| chroms.find(name).unwrap().0)
        .collect();
    let chromosomes = held_out(&method, &pairs, |pair| {
        away.contains(&pairs[pair].elements.enhancer.chrom)
    });
    assert!(chromosomes < 0.65, "{chromosomes}");
}
