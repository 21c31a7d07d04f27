//! Analyses of a realistic size, made up.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::super::*;
use crate::element::Sides;
use crate::evaluation::ReliabilityBin;
use crate::seed::{self, Purpose};
use crate::statistics::Interval;

/// Matrices of JASPAR's vertebrates.
const MATRICES: usize = 746;

const FACTORS: [&str; 40] = [
    "CTCF",
    "EGR1",
    "NRF1",
    "USF1",
    "GATA1::TAL1",
    "SP1",
    "KLF4",
    "ZNF143",
    "REST",
    "YY1",
    "JUN::FOS",
    "MAFK",
    "NFE2L2",
    "ETV6",
    "ELK4",
    "GABPA",
    "TEAD4",
    "RUNX1",
    "MYC::MAX",
    "E2F4",
    "NFYA",
    "CREB1",
    "ATF3",
    "SRF",
    "STAT1::STAT2",
    "IRF1",
    "CEBPB",
    "FOXA2",
    "HNF4A",
    "RXRA::VDR",
    "ZBTB7A",
    "TCF12",
    "MEF2A",
    "PAX5",
    "SPI1",
    "BHLHE40",
    "ZNF263",
    "THAP11",
    "TFAP2C",
    "ARNT::HIF1A",
];

fn names(count: usize) -> Vec<String> {
    let name = |number: usize| match FACTORS.get(number) {
        Some(name) => name.to_string(),
        None => format!("ZNF{}", 100 + number),
    };
    (0..count).map(name).collect()
}

fn random(index: u64) -> ChaCha8Rng {
    seed::stream(1, Purpose::Simulation, index)
}

/// About a normal deviate.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// Matrices of which every ninth is enriched, and one in two hundred depleted.
fn captured<'a>(names: &'a [String], expected: f64, index: u64) -> Vec<CapturedMatrix<'a>> {
    let mut random = random(index);
    let matrix = |(number, name): (usize, &'a String)| {
        let sites = 10f64.powf(1.2 + 2.9 * random.random::<f64>()) as u64;
        let deviation = (1.3 * expected * (1.0 - expected) / sites as f64).sqrt();
        let centre = expected * (1.0 + 0.02 * normal(&mut random));
        let (factor, q) = match number {
            number if number % 9 == 0 => (1.3 + 1.4 * random.random::<f64>(), 0.003),
            number if number % 200 == 50 => (0.4, 0.02),
            _ => (1.0, 0.4),
        };
        let captured = centre * factor + deviation * normal(&mut random);
        CapturedMatrix {
            name,
            sites,
            captured: captured.clamp(0.0, 1.0),
            expected: Interval {
                value: centre,
                low: (centre - 1.96 * deviation).max(0.0),
                high: (centre + 1.96 * deviation).min(1.0),
            },
            untrained: Some((0.7 * centre, (1.3 * centre).min(1.0))),
            q,
        }
    };
    names.iter().enumerate().map(matrix).collect()
}

/// Fractions that lie about on the diagonal, but for every fifteenth.
fn two<'a>(names: &'a [String], expected: f64, index: u64) -> Vec<TwoFractions<'a>> {
    let mut random = random(index);
    let fractions = |(number, name): (usize, &'a String)| {
        let x = expected * (1.0 + 0.25 * normal(&mut random).abs());
        let significant = number % 15 == 0;
        let factor = if significant { 1.5 } else { 1.0 };
        let y = x * factor * (1.0 + 0.08 * normal(&mut random));
        TwoFractions {
            name,
            x,
            y: y.clamp(0.0, 1.0),
            significant,
        }
    };
    names.iter().enumerate().map(fractions).collect()
}

/// A bump of a height over the regions of 45 bases.
fn profile(height: f64, index: u64) -> Vec<ProfilePoint> {
    let mut random = random(index);
    let around = |value: f64, half: f64| Interval {
        value,
        low: value - half,
        high: value + half,
    };
    let point = |position: i32| {
        let away = f64::from(position) / 60.0;
        let top = 1.0 + height * (-away * away / 2.0).exp() + 0.02 * normal(&mut random);
        ProfilePoint {
            position,
            top: around(top, 0.11),
            mock: around(1.0 + 0.01 * normal(&mut random), 0.05),
        }
    };
    (-500..=500).map(point).collect()
}

/// A tree in which neighbours become one in rounds, as in a tournament.
fn tree(count: usize) -> Vec<Merge> {
    let mut groups: Vec<usize> = (0..count).collect();
    let mut merges = Vec::new();
    let mut height = 0.4;
    while groups.len() > 1 {
        let mut next = Vec::new();
        for pair in groups.chunks(2) {
            match *pair {
                [left, right] => {
                    next.push(count + merges.len());
                    let height = height + 0.07 * (merges.len() % 5) as f64;
                    merges.push(Merge {
                        left,
                        right,
                        height,
                    });
                }
                _ => next.extend(pair),
            }
        }
        (groups, height) = (next, height + 0.7);
    }
    merges
}

fn cells(rows: usize, columns: usize) -> Vec<TfPairCell> {
    let mut random = random(9);
    let cell = |number: usize| {
        let (row, column) = ((number / columns) as f64, (number % columns) as f64);
        let value = 1.1 * (row / 6.0).sin() * (column / 5.0).cos() + 0.3 * normal(&mut random);
        let interaction = match random.random_range(0..100) {
            0..3 => Interaction::First,
            3..32 => Interaction::Second,
            _ => Interaction::Unknown,
        };
        TfPairCell {
            value: Some(value).filter(|_| number % 41 != 5),
            significant: value.abs() > 1.1 && number % 41 != 5,
            interaction,
        }
    };
    (0..rows * columns).map(cell).collect()
}

fn bins(count: usize, most: f64, bend: f64) -> Vec<ReliabilityBin> {
    let bin = |number: usize| {
        let [low, high] = [number, number + 1].map(|edge| edge as f64 / count as f64);
        let predicted = (low + high) / 2.0;
        let pairs = (most * (-predicted * 9.0).exp()) as usize + 12 + 6 * number;
        let value = predicted.powf(bend);
        let half = 1.96 * (value * (1.0 - value) / pairs as f64).sqrt();
        ReliabilityBin {
            pairs,
            positives: (value * pairs as f64) as usize,
            low,
            high,
            predicted,
            effective: pairs as f64,
            observed: Interval {
                value,
                low: (value - half).max(0.0),
                high: (value + half).min(1.0),
            },
        }
    };
    (0..count).map(bin).collect()
}

/// Every figure of an analysis, with these words for the first name of each kind and the titles.
pub fn all(words: &str) -> Vec<Figure> {
    let mut names = names(MATRICES);
    names[0] = words.to_string();
    let (captured_e, captured_p) = (captured(&names, 0.074, 1), captured(&names, 0.112, 2));
    let sides = Sides {
        enhancer: &captured_e[..],
        promoter: &captured_p[..],
    };
    let captured = captured_fractions(&title(words, "Sites in the top regions"), 1000, sides);
    let (two_e, two_p) = (two(&names, 0.074, 3), two(&names, 0.112, 4));
    let two = Sides {
        enhancer: &two_e[..],
        promoter: &two_p[..],
    };
    let classes = captured_classes(
        &title(words, "Capture by class"),
        [2113, 39_364],
        "difference at q ≤ 0.05",
        two,
    );
    let one = Sides {
        enhancer: &two_e[..3],
        promoter: &[],
    };
    let (points_e, points_p) = (profile(1.4, 5), profile(0.7, 6));
    let profile = |points| Profile {
        points,
        regions: 1204,
        mock_regions: 24_080,
        untrained: vec![vec![(-400, 1.0), (0, 1.2), (400, 0.9)]],
    };
    let occupancy = occupancy_profile(
        &title(words, "Footprints around the top regions"),
        "mean occupancy (mock = 1)",
        45,
        Sides {
            enhancer: profile(points_e),
            promoter: profile(points_p),
        },
    );
    let sets = [
        ReliabilitySet {
            name: words,
            bins: &bins(10, 30_000.0, 1.35),
            brier: 0.0432,
        },
        ReliabilitySet {
            name: "test, recalibrated",
            bins: &bins(10, 28_000.0, 1.05),
            brier: 0.0381,
        },
    ];
    vec![
        reliability(title(words, "Calibration").as_str().into(), &sets).unwrap(),
        captured.unwrap(),
        classes.unwrap(),
        occupied_capture(&title(words, "Occupied sites"), "", two).unwrap(),
        occupied_capture(words, "", one).unwrap(),
        occupancy.unwrap(),
        heat_map(words, (40, 40), None),
        heat_map(words, (60, 60), Some(1.5)),
        heat_map(words, (60, 9), Some(1.5)),
        heat_map(words, (7, 52), Some(1.5)),
        heat_map(words, (1, 1), None),
    ]
}

fn title(words: &str, of: &str) -> String {
    format!("{of}, {words}")
}

fn heat_map(words: &str, (rows, columns): (usize, usize), limit: Option<f64>) -> Figure {
    let mut names = names(rows.max(columns));
    names[0] = words.to_string();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let side = |count: usize| Clustered {
        names: names[..count].to_vec(),
        merges: tree(count),
    };
    let pairs = TfPairs {
        factors: Sides::new(rows, columns).map(side),
        cells: &cells(rows, columns),
        limit,
        positive: 2113,
        negative: 39_364,
        controls: "called in controls: 0 to 3 with untrained networks",
    };
    tf_pair_heat_map(&title(words, "Pairs of transcription factors"), &pairs).unwrap()
}
