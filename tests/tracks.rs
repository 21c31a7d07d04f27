//! Tracks against a slow recomputation from the network itself.

use std::collections::HashMap;

use bigtools::BigWigRead;
use epitrack::attention::Bins;
use epitrack::element::{Element, Sides};
use epitrack::genome::Region;
use epitrack::network::device::ComputeDevice;
use epitrack::network::inference::PairAttention;
use epitrack::run::Run;

use super::support::{Workplace, arg, fail, succeed};

/// A pair of the table with its windows and what the network says about it.
struct Said {
    id: String,
    windows: Sides<Region>,
    positive: bool,
    attention: PairAttention,
}

/// Every pair of the run, one by one.
fn ask(run: &Run) -> (Vec<Said>, Sides<Bins>) {
    let (mut reference, _) = run.open_reference(None).unwrap();
    let chroms = reference.chroms().clone();
    let table = run.read_table(None, &chroms).unwrap();
    let predictor = run.predictor(&ComputeDevice::cpu()).unwrap();
    let mut said = Vec::new();
    for (pair, &windows) in table.pairs.iter().zip(&table.windows) {
        predictor
            .for_each(&mut reference, &[windows], |_, attention| {
                said.push(Said {
                    id: pair.id(&chroms).to_string(),
                    windows,
                    positive: pair.label == Some(true),
                    attention,
                });
                Ok(())
            })
            .unwrap();
    }
    (said, run.record.settings.model.bins())
}

/// Adds the value of each base of one element of the pairs.
fn slow_track(
    said: &[&Said],
    element: Element,
    bins: &Bins,
    aggregate: &str,
) -> HashMap<(u32, u32), f64> {
    let mut at: HashMap<(u32, u32), Vec<(f64, f64)>> = HashMap::new();
    for pair in said {
        let window = pair.windows.get(element);
        let marginal = pair.attention.marginal.get(element);
        for (bin, value) in marginal.iter().enumerate() {
            for base in bins.tile(bin) {
                let value = f64::from(*value) * marginal.len() as f64;
                at.entry((window.chrom.0, window.start + base))
                    .or_default()
                    .push((value, f64::from(pair.attention.probability)));
            }
        }
    }
    let one = |values: Vec<(f64, f64)>| match aggregate {
        "max" => values.iter().map(|v| v.0).fold(0.0, f64::max),
        "mean" => values.iter().map(|v| v.0).sum::<f64>() / values.len() as f64,
        _ => {
            values.iter().map(|v| v.0 * v.1).sum::<f64>() / values.iter().map(|v| v.1).sum::<f64>()
        }
    };
    at.into_iter()
        .map(|(place, values)| (place, one(values)))
        .collect()
}

#[test]
fn every_base_is_as_recomputed() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let dir = place.path("run");
    let run = Run::open(&dir).unwrap();
    let (said, bins) = ask(&run);
    for (selection, aggregate) in [
        ("all", "max"),
        ("positive", "mean"),
        ("predicted", "weighted"),
    ] {
        let folder = format!("tracks-{aggregate}");
        let out = place.path(&folder);
        succeed(&place.tracks(
            "run",
            &folder,
            &["--pairs", selection, "--aggregate", aggregate],
        ));
        let chosen: Vec<&Said> = said
            .iter()
            .filter(|pair| match selection {
                "all" => true,
                "positive" => pair.positive,
                _ => f64::from(pair.attention.probability) >= run.record.outcome.threshold,
            })
            .collect();
        assert!(!chosen.is_empty());
        for (element, bins) in bins.iter() {
            let wanted = slow_track(&chosen, element, bins, aggregate);
            let path = out.join(format!("{}_attention.bw", element.name()));
            let mut bigwig = BigWigRead::open_file(arg(&path)).unwrap();
            let mut chroms: Vec<(String, u32)> = bigwig
                .chroms()
                .iter()
                .map(|chrom| (chrom.name.clone(), chrom.length))
                .collect();
            chroms.sort();
            let mut bases = 0;
            for (chrom, length) in chroms {
                let id = chrom.strip_prefix("chr").unwrap().parse::<u32>().unwrap() - 1;
                for value in bigwig.get_interval(&chrom, 0, length).unwrap() {
                    let value = value.unwrap();
                    for base in value.start..value.end {
                        let wanted = wanted[&(id, base)];
                        let miss = (f64::from(value.value) - wanted).abs() / wanted.max(1e-6);
                        assert!(miss < 1e-4, "{chrom}:{base} {} {wanted}", value.value);
                        bases += 1;
                    }
                }
            }
            assert_eq!(bases, wanted.len());
        }
    }
}

#[test]
fn regions_are_sorted_whole_and_the_best() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let (dir, out) = (place.path("run"), place.path("tracks"));
    let (said, bins) = ask(&Run::open(&dir).unwrap());
    let some = said[3].id.clone();
    succeed(&place.tracks("run", "tracks", &["--matrix", &some]));

    let text = place.text("tracks/top_regions.bed");
    let fields = text.lines().next().unwrap().split('\t').count();
    let schema = epitrack::formats::REGION_SCHEMA.auto_sql;
    assert_eq!(
        schema.lines().filter(|line| line.contains(';')).count(),
        fields
    );
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let position = |row: &Vec<&str>| (row[0].to_string(), row[1].parse::<u32>().unwrap());
    assert!(rows.is_sorted_by_key(position));
    assert!(rows.len() > said.len() * 2 * 3);
    for pair in said.iter().step_by(7) {
        for (element, bins) in bins.iter() {
            let name = element.name();
            let window = pair.windows.get(element);
            let marginal = pair.attention.marginal.get(element);
            // The slow way: again and again the best bin whose region is still free.
            let mut free: Vec<bool> = vec![true; window.len() as usize];
            let mut wanted = Vec::new();
            while wanted.len() < 5 {
                let open = |bin: &usize| bins.region(*bin).all(|base| free[base as usize]);
                let best = (0..marginal.len()).filter(open).reduce(|best, bin| {
                    if marginal[bin] > marginal[best] {
                        bin
                    } else {
                        best
                    }
                });
                let Some(best) = best else { break };
                bins.region(best)
                    .for_each(|base| free[base as usize] = false);
                wanted.push(window.start + bins.region(best).start);
            }
            let mut found: Vec<(u32, u32)> = rows
                .iter()
                .filter(|row| row[12] == pair.id && row[9] == name)
                .map(|row| (row[10].parse().unwrap(), row[1].parse().unwrap()))
                .collect();
            found.sort_unstable();
            assert_eq!(
                found.iter().map(|(_, start)| *start).collect::<Vec<_>>(),
                wanted
            );
            let ranks: Vec<u32> = found.iter().map(|(rank, _)| *rank).collect();
            assert_eq!(ranks, (1..=found.len() as u32).collect::<Vec<_>>());
        }
    }

    // The matrix of the pair: rows and columns sum to 1, and its maxima are the marginals.
    let matrix = std::fs::read_dir(out.join("matrix"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let matrix = std::fs::read_to_string(matrix.path()).unwrap();
    let rows: Vec<Vec<f32>> = matrix
        .lines()
        .skip(1)
        .map(|line| {
            line.split('\t')
                .skip(6)
                .map(|value| value.parse().unwrap())
                .collect()
        })
        .collect();
    let (l_e, l_p) = (bins.enhancer.count(), bins.promoter.count());
    assert_eq!(rows.len(), l_e * l_p);
    for i in 0..l_e {
        let row = &rows[i * l_p..(i + 1) * l_p];
        assert!((row.iter().map(|cell| cell[1]).sum::<f32>() - 1.0).abs() < 1e-5);
        let largest = row.iter().map(|cell| cell[0]).fold(0.0, f32::max);
        assert!((largest - said[3].attention.marginal.enhancer[i]).abs() < 1e-6);
    }
    for j in 0..l_p {
        let column = (0..l_e).map(|i| &rows[i * l_p + j]);
        assert!((column.map(|cell| cell[0]).sum::<f32>() - 1.0).abs() < 1e-5);
    }
}

#[test]
fn lines_are_sorted_and_complete() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let out = place.path("tracks");
    succeed(&place.tracks("run", "tracks", &[]));
    let bedpe = place.text("tracks/pairs.bedpe");
    let starts: Vec<(&str, u32)> = bedpe
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|fields| (fields[0], fields[1].parse().unwrap()))
        .collect();
    assert_eq!(starts.len(), 150);
    assert!(starts.is_sorted());
    let predictions = place.text("tracks/predictions.tsv");
    assert_eq!(predictions.lines().count(), 151);
    assert!(predictions.contains("\ttest\t") && predictions.contains("\ttrain\t"));
    // No partial file is left behind.
    for entry in std::fs::read_dir(&out).unwrap() {
        assert!(
            !entry
                .unwrap()
                .file_name()
                .to_string_lossy()
                .contains("partial")
        );
    }
    let summary: serde_json::Value =
        serde_json::from_str(&place.text("tracks/tracks.json")).unwrap();
    assert_eq!(summary["aggregate"], "max");
    assert!(summary["value"].as_str().unwrap().contains("largest"));
}

#[test]
fn pairs_without_labels_are_shown_too() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let table = place.path("new.bedpe");
    let lines: Vec<String> = place
        .text("sim/pairs.csv")
        .lines()
        .skip(1)
        .take(20)
        .map(|line| line.split(',').take(6).collect::<Vec<_>>().join("\t"))
        .collect();
    std::fs::write(&table, lines.join("\n") + "\n").unwrap();
    succeed(&place.tracks("run", "tracks", &["--table", arg(&table)]));
    assert_eq!(place.text("tracks/predictions.tsv").lines().count(), 21);
    assert!(
        place
            .text("tracks/top_regions.bed")
            .lines()
            .all(|line| line.split('\t').nth(14) == Some("."))
    );
    // Pairs of the run's own are known as such, with or without labels.
    let predictions = place.text("tracks/predictions.tsv");
    assert!(!predictions.contains("\t.\t.\t"), "{predictions}");
    let said = fail(&place.tracks(
        "run",
        "tracks",
        &["--table", arg(&table), "--pairs", "positive"],
    ));
    assert!(said.contains("no pair of this selection"), "{said}");
    let said = fail(&place.tracks("run", "tracks", &["--matrix", "x"]));
    assert!(said.contains("has no pair x"), "{said}");
}

#[test]
fn what_belongs_to_other_pairs_does_not_stay() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let [run, out] = ["run", "tracks"].map(|name| place.path(name));
    let motifs = place.path("sim/motifs.jaspar");
    let contributions = |more: &[&str]| {
        let asked = ["contributions", arg(&run), "--out", arg(&out)];
        succeed(&[&asked[..], &["--device", "cpu", "--top"], more].concat());
    };
    let mut files = vec!["top_region_sites.tsv".to_string()];
    for side in ["enhancer", "promoter"] {
        let endings = ["sequences.npz", "hypothetical.npz", "narrowPeak"];
        files.extend(endings.map(|ending| format!("{side}.{ending}")));
    }
    let there = || files.iter().filter(|file| out.join(file).exists()).count();
    contributions(&["3", "--hypothetical", "--motifs", arg(&motifs)]);
    assert_eq!(there(), files.len());
    let windows = place.text("tracks/promoter.narrowPeak");
    assert_eq!(windows.lines().count(), 3);
    contributions(&["2"]);
    assert_eq!(there(), 0);
}
