//! What tracks say at variants, as LD score regression reads it.

use std::io::Read;

use bigtools::BigWigRead;
use flate2::read::MultiGzDecoder;

use super::support::{Workplace, arg, fail, succeed};

/// A row of the top regions that a place lies in, by the file alone.
fn is_top(regions: &str, element: &str, place: u32) -> bool {
    regions.lines().any(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let at = |column: usize| fields[column].parse::<u32>().unwrap();
        fields[0] == "chr2" && fields[9] == element && (at(1)..at(2)).contains(&place)
    })
}

#[test]
fn every_variant_has_the_values_of_its_base() {
    let place = Workplace::new();
    place.trained("run", &["--epochs", "1"]);
    succeed(&place.tracks("run", "tracks", &["--contributions"]));
    let places: Vec<u32> = (1..400_000).step_by(37).collect();
    let row = |place: &u32| format!("2 rs{place} 0.{place} {place} A G\n");
    let mut bim: String = places.iter().map(row).collect();
    bim += "23 rsX 0 5000 C T\nchrUn\tnone\t0\t7\tA\tC\n2 far 0 4000000000 A C\n";
    std::fs::write(place.path("a.2.bim"), &bim).unwrap();
    let [folder, file, out] = ["tracks", "a.2.bim", "annot"].map(|name| place.path(name));
    succeed(&[
        "annot",
        arg(&folder),
        "--bim",
        arg(&file),
        "--out",
        arg(&out),
    ]);
    let mut text = String::new();
    let gzip = std::fs::File::open(out.join("a.2.annot.gz")).unwrap();
    MultiGzDecoder::new(gzip).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let header = "CHR\tBP\tSNP\tCM\tenhancer_top\tpromoter_top\tenhancer_attention\tpromoter_attention\t\
                  enhancer_contribution\tpromoter_contribution";
    assert_eq!(lines.next().unwrap(), header);
    let regions = place.text("tracks/top_regions.bed");
    let tracks = [
        "enhancer_attention",
        "promoter_attention",
        "enhancer_contribution",
        "promoter_contribution",
    ];
    let values = tracks.map(|name| {
        let path = place.path(&format!("tracks/{name}.bw"));
        let mut file = BigWigRead::open_file(path).unwrap();
        file.values("chr2", 0, 400_000).unwrap()
    });
    let (mut top, mut covered) = (0, 0);
    for (&position, line) in places.iter().zip(lines.by_ref()) {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(
            fields[..3],
            ["2", &position.to_string(), &format!("rs{position}")]
        );
        for (column, element) in [(4, "enhancer"), (5, "promoter")] {
            let wanted = is_top(&regions, element, position - 1);
            assert_eq!(fields[column] == "1", wanted, "{line}");
            top += usize::from(wanted);
        }
        for (column, values) in (6..).zip(&values) {
            let value = values[position as usize - 1];
            let wanted = if value.is_nan() { 0.0 } else { value };
            let wanted = if column < 8 { wanted } else { wanted.abs() };
            assert_eq!(fields[column].parse::<f32>().unwrap(), wanted, "{line}");
            covered += usize::from(wanted != 0.0);
        }
    }
    assert!(top > 10 && covered > 100, "{top} {covered}");
    // Where no track is, nothing is said.
    for line in lines {
        assert!(line.ends_with("\t0\t0\t0\t0\t0\t0"), "{line}");
    }

    std::fs::write(&file, "2 rs1 0 x A G\n2 rs2 0 5 A G\n2 rs3\n").unwrap();
    let said = fail(&[
        "annot",
        arg(&folder),
        "--bim",
        arg(&file),
        "--out",
        arg(&out),
    ]);
    assert!(
        said.contains("bim:1: position") && said.contains("bim:3: no field"),
        "{said}"
    );
}
