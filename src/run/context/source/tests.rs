use proptest::prelude::*;

use super::*;
use crate::element::Sides;
use crate::genome::{ChromId, Region};

/// A chromosome and the first base there.
type Place = (u32, u32);

fn region((chrom, start): Place) -> Region {
    Region {
        chrom: ChromId(chrom),
        start,
        end: start + 10,
    }
}

fn pairs(places: &[(Place, Place)]) -> Vec<Pair> {
    let pair = |(place, &(enhancer, promoter)): (usize, &(Place, Place))| Pair {
        elements: Sides::new(region(enhancer), region(promoter)),
        label: None,
        line: place as u32 + 2,
        gene: None,
    };
    places.iter().enumerate().map(pair).collect()
}

fn chroms() -> Chroms {
    Chroms::new(["chr1", "chr2"].map(|name| (name.to_string(), 100_000))).unwrap()
}

fn column(table: &FeatureTable, name: &str) -> Vec<f32> {
    let column = table.column(name);
    column
        .unwrap_or_else(|| panic!("{name}: {:?}", table.names()))
        .to_vec()
}

/// A folder with a file of peaks, and a source of it.
fn with_peaks(text: &str) -> (tempfile::TempDir, ContextSource) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bed");
    std::fs::write(&path, text).unwrap();
    let assay = ContextAssay {
        name: "A".to_string(),
        file: Input::new(&path).unwrap(),
    };
    let source = ContextSource {
        features: None,
        assays: vec![assay],
    };
    (dir, source)
}

#[test]
fn places_are_counted_as_by_hand() {
    // Two enhancers of a promoter, one of which lies behind the other; another promoter on the way.
    let pairs = pairs(&[
        ((0, 1000), (0, 5010)),
        ((0, 2000), (0, 5010)),
        ((0, 1000), (0, 3000)),
        ((0, 1000), (1, 3000)),
        ((0, 1000), (0, 995)),
    ]);
    let table = ContextSource::default().table(&pairs, &chroms()).unwrap();
    let far = 4000f64.ln_1p() as f32;
    let distances = column(&table, "ln(1 + distance)");
    assert_eq!((distances[0], distances[3], distances[4]), (far, -1.0, 0.0));
    let of = |name: &str| column(&table, name);
    assert_eq!(of("two chromosomes"), [0.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!(of("enhancers between"), [1.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(of("promoters between"), [1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(of("pairs of the promoter"), [2.0, 2.0, 1.0, 1.0, 1.0]);
    assert_eq!(of("pairs of the enhancer"), [4.0, 1.0, 4.0, 4.0, 4.0]);
    assert_eq!(
        of("nearer pairs of the promoter"),
        [1.0, 0.0, 0.0, -1.0, 0.0]
    );
    assert_eq!(
        of("nearer pairs of the enhancer"),
        [2.0, 0.0, 1.0, -1.0, 0.0]
    );
}

#[test]
fn activity_by_distance_and_its_shares_are_as_by_hand() {
    let (_dir, source) = with_peaks(
        "chr1\t1000\t1010\t.\t20\nchr1\t12000\t12010\t.\t40\nchr1\t30000\t30010\t.\t5\n\
         chr1\t20000\t20100\t.\t3\n",
    );
    // Enhancers of 2 and 4 a base, 28,990 and 17,990 bases from a promoter of 0.5.
    let pairs = pairs(&[((0, 1000), (0, 30_000)), ((0, 12_000), (0, 30_000))]);
    let table = source.table(&pairs, &chroms()).unwrap();
    let contacts = [2.0 / 28_990.0, 4.0 / 17_990.0];
    let sum: f64 = contacts.iter().sum();
    let single = |values: [f64; 2]| values.map(|value| value as f32);
    assert_eq!(column(&table, "A (enhancer)"), [2.0, 4.0]);
    assert_eq!(column(&table, "A by distance (enhancer)"), single(contacts));
    let shares = single(contacts.map(|of| of / sum));
    assert_eq!(column(&table, "share of A by distance (enhancer)"), shares);
    // Each enhancer has this promoter alone.
    assert_eq!(
        column(&table, "share of A by distance (promoter)"),
        [1.0, 1.0]
    );
    // TargetFinder's window is two bases shorter than what lies between.
    let between = column(&table, "A between");
    let wanted = f64::from((43.0 / 28_988.0) as f32) * 28_990.0;
    assert!((f64::from(between[0]) - wanted).abs() < 1e-3, "{between:?}");
}

#[test]
fn what_is_around_the_elements_is_counted_and_measured_as_by_hand() {
    let (_dir, source) = with_peaks(
        "chr1\t1000\t1010\t.\t20\nchr1\t11000\t11010\t.\t40\nchr1\t21001\t21011\t.\t60\n\
         chr1\t30000\t30010\t.\t5\n",
    );
    // Enhancers of 2, 4 and 6; the second is near the first, just, and just not near the third. Promoters of 0.5
    // and, on another chromosome, 0.
    let pairs = pairs(&[
        ((0, 1000), (0, 30_000)),
        ((0, 11_000), (0, 30_000)),
        ((0, 21_001), (1, 11_000)),
    ]);
    let table = source.table(&pairs, &chroms()).unwrap();
    let of = |name: &str| column(&table, name);
    assert_eq!(of("enhancers near the enhancer"), [2.0, 2.0, 1.0]);
    assert_eq!(of("mean A of enhancers near the enhancer"), [3.0, 3.0, 6.0]);
    assert_eq!(
        of("largest A of enhancers near the enhancer"),
        [4.0, 4.0, 6.0]
    );
    assert_eq!(of("promoters near the enhancer"), [0.0, 0.0, 1.0]);
    assert_eq!(of("mean A of promoters near the enhancer"), [0.0, 0.0, 0.5]);
    assert_eq!(of("enhancers near the promoter"), [1.0, 1.0, 0.0]);
    assert_eq!(
        of("largest A of enhancers near the promoter"),
        [6.0, 6.0, 0.0]
    );
    assert_eq!(of("promoters near the promoter"), [1.0, 1.0, 1.0]);
    assert_eq!(
        of("largest A of promoters near the promoter"),
        [0.5, 0.5, 0.0]
    );
}

#[test]
fn a_pair_that_comes_again_changes_no_number_and_has_those_of_the_first() {
    let (_dir, source) = with_peaks("chr1\t1000\t1010\t.\t20\nchr1\t12000\t12010\t.\t40\n");
    let once = [((0, 1000), (0, 30_000)), ((0, 12_000), (0, 30_000))];
    let again = [once[0], once[1], once[0]];
    let of = |places: &[(Place, Place)]| source.table(&pairs(places), &chroms()).unwrap();
    let (once, again) = (of(&once), of(&again));
    assert_eq!(column(&once, "pairs of the promoter"), [2.0, 2.0]);
    for (once, again) in once.columns().iter().zip(again.columns()) {
        assert_eq!([once[0], once[1], once[0]], again[..]);
    }
}

#[test]
fn columns_depend_on_the_files_alone_and_a_ready_table_brings_its_own() {
    let (dir, mut source) = with_peaks("chr1\t1000\t1010\t.\t20\n");
    let ready = dir.path().join("ready.csv");
    let rows = "label,enh_name,prom_name,B (enhancer),contact\n\
                1,chr1:1000-1010,chr1:9000-9010,2,0.5\n0,chr1:1000-1010,chr1:7000-7010,3,0.25\n";
    std::fs::write(&ready, rows).unwrap();
    source.features = Some(Input::new(&ready).unwrap());
    let two = pairs(&[((0, 1000), (0, 7000)), ((0, 1000), (0, 9000))]);
    let table = source.table(&two, &chroms()).unwrap();
    assert_eq!(column(&table, "contact"), [0.25, 0.5]);
    assert_eq!(column(&table, "B (enhancer)"), [3.0, 2.0]);
    let contacts = column(&table, "B by distance (enhancer)");
    assert_eq!(contacts, [3.0 / 5990.0, 2.0 / 7990.0]);
    let other = source.table(&two[..1], &chroms()).unwrap();
    assert_eq!(other.names(), table.names());
    assert_eq!(source.inputs().count(), 2);
    // A pair that the ready table does not have.
    let unknown = pairs(&[
        ((0, 1000), (0, 7000)),
        ((0, 2000), (0, 9000)),
        ((0, 1), (0, 50)),
    ]);
    let error = source.table(&unknown, &chroms()).unwrap_err().to_string();
    assert!(
        error.starts_with("the table of pairs: 2 rows are bad"),
        "{error}"
    );
    assert!(error.contains(":3: ") && error.contains("has no row for this pair"));
    // Two of one name.
    source.assays.push(source.assays[0].clone());
    let error = source.table(&two, &chroms()).unwrap_err().to_string();
    assert!(
        error.contains("two features are called \"A (enhancer)\""),
        "{error}"
    );
}

#[test]
fn a_source_survives_json() {
    let (_dir, source) = with_peaks("chr1\t1000\t1010\t.\t20\n");
    for source in [source, ContextSource::default()] {
        let json = serde_json::to_string(&source).unwrap();
        assert_eq!(
            serde_json::from_str::<ContextSource>(&json).unwrap(),
            source
        );
    }
    assert!(ContextSource::default().is_empty());
}

proptest! {
    #[test]
    fn rows_in_another_order_have_the_same_numbers(
        places in prop::collection::vec(((0u32..2, 0u32..40), (0u32..2, 0u32..40)), 1..40),
        turn in 0usize..40,
    ) {
        let (_dir, source) = with_peaks(
            "chr1\t1000\t3010\t.\t20\nchr2\t2000\t2010\t.\t7\nchr1\t9000\t9500\t.\t0.3\n",
        );
        let mut distinct: Vec<_> = places
            .into_iter()
            .map(|((chrom, enhancer), (other, promoter))| {
                ((chrom, enhancer * 500), (other, promoter * 700))
            })
            .collect();
        distinct.sort_unstable();
        distinct.dedup();
        let plain = source.table(&pairs(&distinct), &chroms()).unwrap();
        let turn = turn % distinct.len();
        distinct.rotate_left(turn);
        let turned = source.table(&pairs(&distinct), &chroms()).unwrap();
        prop_assert_eq!(turned.names(), plain.names());
        for (plain, turned) in plain.columns().iter().zip(turned.columns()) {
            let mut plain = plain.clone();
            plain.rotate_left(turn);
            prop_assert_eq!(&plain, turned);
        }
    }
}
