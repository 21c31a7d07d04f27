//! Tracks of contributions against a slow recomputation, of an ensemble.

use std::collections::HashMap;

use bigtools::BigWigRead;
use epitrack::element::Sides;
use epitrack::genome::{ChromId, Chroms, Region};
use epitrack::network::contribution::Method;
use epitrack::network::device::ComputeDevice;
use epitrack::run::Run;

use super::support::{Workplace, arg, succeed};

/// Of each base of each pair the mean over two members and how far they are apart.
pub type Said = Vec<(Sides<Region>, Sides<Vec<[f64; 2]>>)>;

/// Every pair of a run of two networks, in the order of the table.
fn ask(run: &Run) -> (Said, Chroms) {
    let (mut reference, _) = run.open_reference(None).unwrap();
    let chroms = reference.chroms().clone();
    let table = run.read_table(None, &chroms).unwrap();
    let networks = run.predictors(&ComputeDevice::cpu()).unwrap();
    assert_eq!(networks.len(), 2);
    let mut said = Vec::new();
    for &windows in &table.windows {
        let codes = windows.map(|window| reference.codes(window).unwrap());
        let codes = codes.as_ref().map(Vec::as_slice);
        let of_member = |member: usize| {
            let network = &networks[member];
            let found = network.contributions(Method::Gradient, &[codes]).unwrap();
            let sides = found.into_iter().next().unwrap().zip(codes);
            sides.map(|(contribution, codes)| contribution.of_bases(codes))
        };
        let both = of_member(0).zip(of_member(1));
        said.push((windows, both.map(|(one, other)| together(&one, &other))));
    }
    (said, Chroms::clone(&chroms))
}

/// The mean of what two members say of each base, and the standard deviation.
pub fn together(one: &[f32], other: &[f32]) -> Vec<[f64; 2]> {
    let of_base = |(&one, &other): (&f32, &f32)| {
        let [one, other] = [one, other].map(f64::from);
        [(one + other) / 2.0, (one - other).abs() / 2f64.sqrt()]
    };
    one.iter().zip(other).map(of_base).collect()
}

/// Every base of a bigWig.
fn read(place: &Workplace, file: &str, chroms: &Chroms) -> HashMap<(ChromId, u32), f64> {
    let mut bigwig = BigWigRead::open_file(arg(&place.path(file))).unwrap();
    let all = bigwig.chroms().iter();
    let all: Vec<(String, u32)> = all.map(|of| (of.name.clone(), of.length)).collect();
    let mut values = HashMap::new();
    for (chrom, length) in all {
        let (id, _) = chroms.find(&chrom).unwrap();
        for value in bigwig.get_interval(&chrom, 0, length).unwrap() {
            let value = value.unwrap();
            let bases = value.start..value.end;
            values.extend(bases.map(|base| ((id, base), f64::from(value.value))));
        }
    }
    values
}

/// The bigWigs of a folder `out` hold at each base the value of the largest magnitude, of the means and of the
/// standard deviations.
pub fn agree(place: &Workplace, said: &Said, chroms: &Chroms, what: &str) {
    for (which, ending) in [(0, ""), (1, "_sd")] {
        let name = format!("{what}{ending}");
        let mut wanted: Sides<HashMap<(ChromId, u32), f64>> = Sides::default();
        for (windows, bases) in said {
            for (element, window) in windows.iter() {
                for (base, values) in (window.start..).zip(bases.get(element)) {
                    let known = wanted.get_mut(element).entry((window.chrom, base));
                    let known = known.or_insert(0.0);
                    // The value of the largest magnitude, with its sign.
                    if values[which].abs() > known.abs() {
                        *known = values[which];
                    }
                }
            }
        }
        for (element, wanted) in wanted.iter() {
            let found = read(place, &format!("out/{}_{name}.bw", element.name()), chroms);
            assert_eq!(found.len(), wanted.len());
            let most = wanted.values().fold(0f64, |most, of| most.max(of.abs()));
            assert!(most > 0.0, "{element:?} {name}");
            for (place, value) in found {
                let miss = (value - wanted[&place]).abs();
                assert!(miss <= 1e-4 * most, "{element:?} {name} {place:?}: {miss}");
            }
        }
    }
}

#[test]
fn an_ensemble_says_the_mean_and_the_deviation_base_by_base() {
    let place = Workplace::new();
    place.trained("run", &["--epochs", "2", "--ensemble", "2"]);
    let [dir, out, hub] = ["run", "out", "hub"].map(|name| place.path(name));
    let paths = [arg(&dir), "--out", arg(&out), "--hub", arg(&hub)];
    succeed(&[&["contributions", "--device", "cpu"], &paths[..]].concat());
    let (said, chroms) = ask(&Run::open(&dir).unwrap());
    agree(&place, &said, &chroms, "contribution");

    // Regions are ranked by the sum over their bases, and say so.
    let rows = place.text("out/top_regions.bed");
    let fields = rows
        .lines()
        .map(|row| row.split('\t').collect::<Vec<&str>>());
    let best: Vec<Vec<&str>> = fields.filter(|row| row[10] == "1").collect();
    assert_eq!(best.len(), 2 * said.len());
    for row in best {
        let [start, end] = [1, 2].map(|at: usize| row[at].parse::<u32>().unwrap());
        let (chrom, side, chroms) = (row[0], row[9], &chroms);
        let value: f64 = row[11].parse().unwrap();
        let sums = said.iter().flat_map(|(windows, bases)| {
            let sides = windows.iter().filter(move |(of, _)| of.name() == side);
            sides.filter_map(move |(element, window)| {
                let first = start.checked_sub(window.start)? as usize;
                let last = end.checked_sub(window.start)? as usize;
                let bases = bases.get(element).get(first..last)?;
                let here = chroms.name(window.chrom) == chrom;
                here.then(|| bases.iter().map(|of| of[0]).sum::<f64>())
            })
        });
        let miss = sums.map(|sum| (sum - value).abs()).fold(f64::MAX, f64::min);
        assert!(miss <= 1e-3 * value.abs() + 1e-5, "{row:?}: {miss}");
    }

    let session = place.text("out/igv_session.json");
    assert!(session.contains("enhancer_contribution_sd.bw"), "{session}");
    succeed(&["hub", "check", arg(&hub)]);
    let files = place.text("hub/files.txt");
    for what in ["contribution", "attention"] {
        let file = format!("enhancer_{what}.bw");
        assert!(files.contains(&file), "{files}");
    }
    // Attention alone takes the other files away.
    succeed(&place.tracks("run", "out", &[]));
    assert!(!place.path("out/enhancer_contribution.bw").exists());
    assert!(place.path("out/enhancer_attention_sd.bw").exists());
}
