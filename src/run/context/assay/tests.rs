use super::*;
use crate::element::Sides;
use crate::formats::write_bigwig;
use crate::genome::Segment;

fn chroms(length: u32) -> Chroms {
    Chroms::new(["chr1", "chr2"].map(|name| (name.to_string(), length))).unwrap()
}

fn region(chrom: u32, start: u32, end: u32) -> Region {
    Region {
        chrom: ChromId(chrom),
        start,
        end,
    }
}

/// A pair of elements of ten bases that start there.
fn pair(chrom: u32, enhancer: u32, promoter: u32) -> Pair {
    Pair {
        elements: Sides::new(
            region(chrom, enhancer, enhancer + 10),
            region(chrom, promoter, promoter + 10),
        ),
        label: None,
        line: 1,
        gene: None,
    }
}

/// The columns of a file of this name.
fn of_text(name: &str, text: &str, pairs: &[Pair]) -> Result<Vec<(String, Vec<f32>)>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    means("A", &path, pairs, &chroms(10_000))
}

fn of_signal(
    chroms: &Chroms,
    values: &[(Region, f32)],
    pairs: &[Pair],
) -> Result<Vec<(String, Vec<f32>)>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bw");
    let segments = values
        .iter()
        .map(|&(region, value)| Segment { region, value });
    let segments: Vec<Segment> = segments.collect();
    let (file, _) = write_bigwig(&path, chroms, segments.into_iter()).unwrap();
    file.complete().unwrap();
    means("A", &path, pairs, &self::chroms(10_000))
}

#[test]
fn a_signal_and_peaks_are_means_over_the_same_regions() {
    let pairs = [pair(0, 100, 1000), pair(0, 100, 112), pair(1, 100, 1000)];
    let peaks = "chr1\t90\t105\t.\t20\nchr1\t500\t510\t.\t7\nchr2\t1009\t1010\t.\t5\n";
    let found = of_text("a.bed", peaks, &pairs).unwrap();
    let window = 7.0 / 888.0;
    let wanted = [
        ("A (enhancer)", vec![2.0, 2.0, 0.0]),
        ("A (promoter)", vec![0.0, 0.0, 0.5]),
        ("A (window)", vec![window, 0.0, 0.0]),
    ];
    let wanted = wanted.map(|(name, values)| (name.to_string(), values));
    assert_eq!(found, wanted);
    // As many bases of values as make the same sums.
    let values = [
        (region(0, 90, 105), 4.0),
        (region(0, 500, 507), 1.0),
        (region(1, 1009, 1010), 5.0),
    ];
    assert_eq!(of_signal(&chroms(10_000), &values, &pairs).unwrap(), wanted);
}

#[test]
fn formats_are_told_by_name_and_columns() {
    let pairs = [pair(0, 100, 1000)];
    let narrow = "chr1\t100\t105\t.\t900\t.\t20\t-1\t-1\t-1\n";
    for name in ["a.narrowPeak", "a.bed"] {
        let found = of_text(name, &format!("# x\n{narrow}"), &pairs).unwrap();
        assert_eq!(found[0].1, [2.0], "{name}");
    }
    for (text, why) in [
        ("chr1\t100\t105\n", "it has 3 columns"),
        (
            "chr1\t1\t2\t.\t0\t.\t1\t1\t0,0,0\n",
            "a broadPeak file is called NAME.broadPeak",
        ),
        ("# x\n", "is empty"),
    ] {
        let error = of_text("a.bed", text, &pairs).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn what_is_no_activity_or_of_another_assembly_is_refused() {
    let pairs = [pair(0, 100, 1000)];
    for (text, why) in [
        ("chr1\t100\t105\t.\t-1\n", "a signal below 0"),
        ("chr1\t100\t105\t.\tnan\n", "is not a finite number"),
        ("chr1\t100\t10001\t.\t1\n", "is it of another assembly?"),
        (
            "chr2\t100\t105\t.\t1\n",
            "no signal on any chromosome of the pairs",
        ),
    ] {
        let error = of_text("a.bed", text, &pairs).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let at = |name: &str, length: u32, value: f32| {
        let chroms = Chroms::new([(name.to_string(), length)]).unwrap();
        of_signal(&chroms, &[(region(0, 100, 105), value)], &pairs)
    };
    assert!(at("1", 10_000, 1.0).is_ok());
    let said = |name, length, value| at(name, length, value).unwrap_err().to_string();
    assert!(said("chr1", 10_000, -1.0).contains("holds values below 0"));
    assert!(said("chr1", 1005, 1.0).contains("is it of another assembly?"));
    assert!(said("chr2", 10_000, 1.0).contains("no signal on any chromosome"));
}

#[test]
fn a_known_assembly_has_to_be_the_references() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bw");
    let known = |length| Chroms::new([("chr1".to_string(), length)]).unwrap();
    let [hg19, hg38] = [249_250_621, 248_956_422].map(known);
    let values = [Segment {
        region: region(0, 100, 105),
        value: 1.0,
    }];
    let (file, _) = write_bigwig(&path, &hg38, values.into_iter()).unwrap();
    file.complete().unwrap();
    let error = means("A", &path, &[pair(0, 100, 1000)], &hg19).unwrap_err();
    let wanted = "is of hg38, and the reference of hg19: take one of hg19";
    assert!(error.to_string().contains(wanted), "{error}");
    assert!(means("A", &path, &[pair(0, 100, 1000)], &hg38).is_ok());
}

#[test]
fn chromosomes_without_a_signal_have_none() {
    let pairs = [pair(0, 100, 1000), pair(1, 100, 1000)];
    let found = of_text("a.bed", "chr1\t100\t105\t.\t1\n", &pairs).unwrap();
    assert_eq!(found[0].1, [0.1, 0.0]);
    let values = [(region(0, 100, 110), 1.0)];
    let found = of_signal(&chroms(10_000), &values, &pairs).unwrap();
    assert_eq!(found[0].1, [1.0, 0.0]);
}
