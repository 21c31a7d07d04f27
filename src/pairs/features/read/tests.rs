use super::*;
use crate::genome::ChromId;
use crate::pairs::Pair;
use std::io::Write;

const HEADER: &str = "enhancer_chrom,enhancer_start,enhancer_end,promoter_name,label,bin,\
                      A (enhancer),A (window),B (promoter)";

/// A pair of elements of ten bases that start there.
fn pair(enhancer: u32, promoter: u32) -> Pair {
    let region = |start| Region {
        chrom: ChromId(0),
        start,
        end: start + 10,
    };
    Pair {
        elements: Sides::new(region(enhancer), region(promoter)),
        label: None,
        line: 1,
        gene: None,
    }
}

/// Reads a table about the pairs 100~500 (line 2, positive) and 200~500 (line 3, unknown).
fn read(text: &str, regions: Regions) -> Result<FeatureTable> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    read_file(file.path(), regions)
}

fn read_file(path: &Path, regions: Regions) -> Result<FeatureTable> {
    let mut pairs = [pair(100, 500), pair(200, 500)];
    (pairs[0].line, pairs[1].line) = (2, 3);
    pairs[0].label = Some(true);
    let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
    let wanted = Wanted {
        path: Path::new("pairs.csv"),
        pairs: &pairs,
        chroms: &chroms,
    };
    FeatureTable::read(path, wanted, regions)
}

fn table(rows: &[&str]) -> String {
    [&[HEADER], rows].concat().join("\n")
}

/// What is said, without the path of the temporary file.
fn said(rows: &[&str]) -> Vec<String> {
    let error = read(&table(rows), Regions::EnhancerPromoter).unwrap_err();
    let text = error.to_string();
    let after_line = |line: &str| {
        let (_, problem) = line.rsplit_once(".tmp").unwrap_or(("", line));
        problem[problem.find(':').unwrap_or(0)..].to_string()
    };
    text.lines().skip(1).map(after_line).collect()
}

#[test]
fn rows_are_joined_by_coordinates_in_any_order() {
    let text = table(&[
        "1,200,210,x|chr1:500-510,0,\"(1, 2]\",0.5,7,2",
        "chr1,100,110,chr1:500-510,1,,1e-3,8,-1",
        "chr1,300,310,chr1:500-510,1,,nonsense,9,0",
        "chrUn,100,110,chr1:500-510,1,,1,1,1",
    ]);
    let ep = read(&text, Regions::EnhancerPromoter).unwrap();
    assert_eq!(ep.names(), ["A (enhancer)", "B (promoter)"]);
    assert_eq!(ep.columns(), [[0.001, 0.5], [-1.0, 2.0]]);
    let epw = read(&text, Regions::EnhancerPromoterWindow).unwrap();
    assert_eq!(epw.column("A (window)"), Some(&[8.0, 7.0][..]));
}

#[test]
fn gzip_and_tabs_are_read() {
    let text = table(&[
        "chr1,200,210,x|chr1:500-510,0,,0.5,7,2",
        "chr1,100,110,chr1:500-510,1,,1,8,1",
    ]);
    let file = tempfile::NamedTempFile::new().unwrap();
    let level = flate2::Compression::fast();
    let mut gzip = flate2::write::GzEncoder::new(&file, level);
    gzip.write_all(text.replace(',', "\t").as_bytes()).unwrap();
    gzip.finish().unwrap();
    let got = read_file(file.path(), Regions::EnhancerPromoter).unwrap();
    assert_eq!(got, read(&text, Regions::EnhancerPromoter).unwrap());
}

#[test]
fn bad_rows_and_pairs_without_one_are_told_together() {
    let said = said(&["chr1,100,110,chr1:500-510,1,,x,1,1"]);
    assert_eq!(said[0], ":2: A (enhancer) is not a finite number: \"x\"");
    assert_eq!(said.len(), 3);
    assert!(said[2].ends_with("has no row for this pair"), "{said:?}");
}

#[test]
fn pairs_without_a_row_are_listed_with_their_lines() {
    let text = table(&["chr1,300,310,chr1:500-510,1,,1,1,1"]);
    let error = read(&text, Regions::EnhancerPromoter)
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("pairs.csv: 2 rows are bad"), "{error}");
    assert!(error.contains("pairs.csv:2: ") && error.contains("pairs.csv:3: "));
    assert!(error.contains("has no row for this pair"));
}

#[test]
fn values_that_are_no_finite_numbers_are_all_listed() {
    let rows = [
        "chr1,200,210,chr1:500-510,0,,NaN,7,2",
        "chr1,100,110,chr1:500-510,1,,1,8,inf",
    ];
    let said = said(&rows);
    assert_eq!(said[0], ":2: A (enhancer) is not a finite number: \"NaN\"");
    assert_eq!(said[1], ":3: B (promoter) is not a finite number: \"inf\"");
    for bad in ["", "1e60", "NA", "0x1"] {
        let row = format!("chr1,100,110,chr1:500-510,1,,{bad},8,1");
        let error = read(&table(&[&row]), Regions::EnhancerPromoter).unwrap_err();
        assert!(error.to_string().contains("not a finite number"), "{bad}");
    }
}

#[test]
fn short_rows_and_bad_places_are_listed() {
    let said = said(&[
        "chr1,200,210,chr1:500-510,0,,1",
        "chr1,-1,210,chr1:500-510,0,,1,1,1",
    ]);
    assert_eq!(said[0], ":2: no field for B (promoter)");
    assert!(
        said[1].contains("enhancer_start is not a position"),
        "{said:?}"
    );
}

#[test]
fn a_pair_that_stands_there_twice_is_refused_and_it_is_said_if_labels_differ() {
    let row = "chr1,200,210,chr1:500-510,0,,1,1,1";
    let other = "chr1,200,210,chr1:500-510,1,,1,1,1";
    let said = said(&[row, row, other]);
    assert_eq!(said[0], ":3: the same pair as line 2");
    assert_eq!(said[1], ":4: the same pair as line 2, with the other label");
}

#[test]
fn a_label_that_the_pairs_contradict_is_refused() {
    let said = said(&[
        "chr1,100,110,chr1:500-510,0,,1,1,1",
        "chr1,200,210,chr1:500-510,0,,1,1,1",
    ]);
    assert_eq!(
        said,
        [":2: the label is not that of line 2 of the table of pairs"]
    );
}

#[test]
fn a_region_without_features_is_refused() {
    let text = table(&[]).replace("A (window)", "window");
    let error = read(&text, Regions::EnhancerPromoterWindow).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no column whose name ends in (window)")
    );
    assert!(read("", Regions::EnhancerPromoter).is_err());
    assert!(read("a,b\n1,2\n", Regions::EnhancerPromoter).is_err());
}

/// Reads all columns of a table about pairs of a chromosome of 10 kb.
fn read_all(text: &str, pairs: &[Pair]) -> Result<FeatureTable> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let chroms = Chroms::new([("chr1".to_string(), 10_000)]).unwrap();
    let wanted = Wanted {
        path: Path::new("pairs.csv"),
        pairs,
        chroms: &chroms,
    };
    FeatureTable::read_all(file.path(), wanted)
}

const NAMES: &str =
    "label,enh_name,prom_name,celltype,chrom,enhancer_distance_to_promoter,A (enhancer),contact\n";

#[test]
fn all_columns_of_numbers_are_read_but_places_names_and_what_was_counted_by_labels() {
    let text = "bin,enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,\
                promoter_end,promoter_name,gene_name,label,window_start,interactions_in_window,A,B (x)\n\
                \"(1, 2]\",chr1,100,110,chr1,500,510,P,MYC,1,7,8,0.5,-2\n";
    let table = read_all(text, &[pair(100, 500)]).unwrap();
    assert_eq!(table.names(), ["A", "B (x)"]);
    assert_eq!(table.columns(), [[0.5], [-2.0]]);
    let none = "label,enh_name,prom_name\n1,chr1:100-110,chr1:500-510\n";
    let error = read_all(none, &[pair(100, 500)]).unwrap_err().to_string();
    assert!(error.contains("has no column of features"), "{error}");
}

#[test]
fn numbers_of_rows_and_labels_are_no_features_however_they_are_written() {
    let text = ",Unnamed: 1,Index,LABEL,CellType,Bin,enh_name,prom_name,Enhancer_Start,A\n\
                0,7,1,1,x,y,chr1:100-110,chr1:500-510,100,0.5\n";
    let table = read_all(text, &[pair(100, 500)]).unwrap();
    assert_eq!(table.names(), ["A"]);
}

#[test]
fn a_column_that_is_the_label_of_every_pair_is_refused_by_name() {
    let mut pairs = [pair(100, 500), pair(200, 500), pair(300, 500)];
    (pairs[0].label, pairs[1].label) = (Some(true), Some(false));
    let of = |values: [u8; 3], pairs: &[Pair]| {
        let row = |(place, value): (u32, u8)| {
            format!("chr1:{place}-{},chr1:500-510,{value},3\n", place + 10)
        };
        let rows: String = [100, 200, 300].into_iter().zip(values).map(row).collect();
        read_all(&format!("enh_name,prom_name,loop,A\n{rows}"), pairs)
    };
    let error = of([1, 0, 1], &pairs).unwrap_err().to_string();
    assert!(
        error.contains("\"loop\" is the label of every pair"),
        "{error}"
    );
    assert!(of([0, 0, 1], &pairs).is_ok());
    // Of one class any constant would be the label.
    pairs[1].label = None;
    assert!(of([1, 1, 1], &pairs).is_ok());
}

#[test]
fn a_pair_that_stands_twice_among_the_pairs_has_its_row_twice() {
    let row = "0,chr1:100-110,chr1:500-510,x,chr1,380,0.5,2\n";
    let mut pairs = [pair(100, 500), pair(200, 500), pair(100, 500)];
    (pairs[0].label, pairs[2].label) = (Some(true), Some(false));
    let other = row
        .replace("chr1:100-110", "chr1:200-210")
        .replace("0.5", "4");
    let table = read_all(&format!("{NAMES}{row}{other}"), &pairs).unwrap();
    assert_eq!(table.column("A (enhancer)"), Some(&[0.5, 4.0, 0.5][..]));
    // A label has to be that of one of the two.
    pairs[2].label = Some(true);
    let error = read_all(&format!("{NAMES}{row}{other}"), &pairs).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the label is not that of line 1"),
        "{error}"
    );
}

#[test]
fn a_row_that_comes_twice_has_to_say_the_same() {
    let row = "1,chr1:100-110|x|_,chr1:500-510|x|_,x,chr1,380,0.5,2\n";
    let pairs = [pair(100, 500)];
    let twice = format!("{NAMES}{row}{}", row.replace("1,chr1:100", "0,chr1:100"));
    let table = read_all(&twice, &pairs).unwrap();
    assert_eq!(table.columns(), [[0.5], [2.0]]);
    let differs = format!("{NAMES}{row}{}", row.replace("0.5", "0.25"));
    let error = read_all(&differs, &pairs).unwrap_err().to_string();
    assert!(error.contains(":3: the same pair as line 2"), "{error}");
}

#[test]
fn rows_in_the_pairs_order_serve_where_places_do_not_and_are_checked_one_by_one() {
    // Promoters of 10 bases here, start sites there.
    let mut pairs = [pair(100, 500), pair(100, 700), pair(200, 500)];
    for (pair, label) in pairs.iter_mut().zip([true, false, true]) {
        pair.label = Some(label);
    }
    let row = |label: u8, enhancer: u32, site: u32, value: u32| {
        let (end, after) = (enhancer + 10, site + 1);
        format!("{label},chr1:{enhancer}-{end}|x,chr1:{site}-{after}|x,x,chr1,1,{value},0\n")
    };
    let rows = [
        row(1, 100, 505, 1),
        row(0, 100, 705, 2),
        row(1, 200, 505, 3),
    ];
    let table = read_all(&format!("{NAMES}{}", rows.concat()), &pairs).unwrap();
    assert_eq!(table.column("A (enhancer)"), Some(&[1.0, 2.0, 3.0][..]));

    let turned = [rows[0].clone(), rows[2].clone(), rows[1].clone()].concat();
    let error = read_all(&format!("{NAMES}{turned}"), &pairs)
        .unwrap_err()
        .to_string();
    let unknown = ":3: \"chr1:200-210~chr1:505-506\" is no pair of the table of pairs";
    assert!(error.contains(unknown), "{error}");
    let labelled = [rows[0].clone(), row(1, 100, 705, 2), rows[2].clone()].concat();
    let error = read_all(&format!("{NAMES}{labelled}"), &pairs)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(":3: the label is not that of line 1"),
        "{error}"
    );
    // Not as many rows as pairs: nobody can say which is whose.
    let fewer = rows[..2].concat();
    let error = read_all(&format!("{NAMES}{fewer}"), &pairs)
        .unwrap_err()
        .to_string();
    assert!(error.contains("has no row for this pair"), "{error}");
}

#[test]
fn a_number_that_is_none_is_refused_by_its_line_in_either_order() {
    for (site, value) in [(500, "NaN"), (505, "inf"), (500, "many")] {
        let row = format!("1,chr1:100-110,chr1:{site}-510,x,chr1,380,{value},2\n");
        let error = read_all(&format!("{NAMES}{row}"), &[pair(100, 500)]).unwrap_err();
        let wanted = format!(":2: A (enhancer) is not a finite number: \"{value}\"");
        assert!(error.to_string().contains(&wanted), "{error}");
    }
}
