//! Links as arcs, and the lengths of chromosomes that they need.

use std::path::{Path, PathBuf};

use bigtools::BigBedRead;

use super::{json, table};
use crate::support::{arg, fail, files, succeed};

/// A folder with the table of twelve genes in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        std::fs::write(place.path("table.tsv"), table()).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The arguments that judge into `out`.
    fn judge(&self, more: &[&str]) -> Vec<String> {
        let (table, out) = (self.path("table.tsv"), self.path("out"));
        let arguments = ["crispr", "--table", arg(&table), "--out", arg(&out)];
        let all = arguments.iter().chain(more);
        all.map(|text| text.to_string()).collect()
    }

    fn links(&self, name: &str) -> PathBuf {
        self.path("out/links").join(name)
    }
}

/// How long chr1 is in a bigBed, and its items with their fields.
fn arcs(path: &Path) -> (u32, Vec<Vec<String>>) {
    let mut reader = BigBedRead::open_file(path).unwrap();
    let schema = reader.autosql().unwrap().unwrap();
    assert!(schema.starts_with("table interact\n"), "{schema}");
    let declared = schema.lines().filter(|line| line.contains(';')).count();
    let length = reader.chroms()[0].length;
    let items = reader.get_interval("chr1", 0, length).unwrap();
    let items = items.map(|entry| {
        let entry = entry.unwrap();
        let place = [entry.start, entry.end].map(|base| base.to_string());
        let rest = entry.rest.split('\t').map(str::to_string);
        let fields: Vec<String> = place.into_iter().chain(rest).collect();
        assert_eq!(fields.len() + 1, declared);
        fields
    });
    (length, items.collect())
}

#[test]
fn links_are_arcs_on_the_chromosomes_of_the_assembly() {
    let place = Place::new();
    succeed(&place.judge(&[]));
    let (length, all) = arcs(&place.links("distance.bb"));
    // hg38's.
    assert_eq!((length, all.len()), (248_956_422, 24));
    assert_eq!(
        json(&place.path("out/crispr.json"))["lengths"]["from"],
        "hg38"
    );
    let (_, chosen) = arcs(&place.links("distance.thresholded.bb"));
    assert_eq!(chosen.len(), 12);
    // Of each gene the near element, in strong blue.
    let of = |wanted: &str| -> Vec<&Vec<String>> {
        all.iter().filter(|fields| fields[2] == wanted).collect()
    };
    for arc in &chosen {
        assert_eq!([&arc[5], &arc[6]], ["positive", "#3399dd"]);
        assert!(of(&arc[2]).contains(&arc), "{arc:?}");
    }
    let [far, near] = of("GENE0")[..] else {
        panic!("{all:?}");
    };
    let wanted = ["980000", "1000001", "GENE0", "1000"];
    assert_eq!(near[..4], wanted);
    assert_eq!(
        near[17..],
        [
            "chr1:980000-980500~chr1:1000000-1000001",
            "ENSG0",
            "K562",
            "19750"
        ]
    );
    // Regulated too, and below the threshold: weaker. Eleven of 23 others lie further away.
    assert_eq!(far[..3], ["850000", "1000001", "GENE0"]);
    assert_eq!(far[5], "positive");
    assert!(far[6] != "#3399dd" && far[3] == "478", "{far:?}");

    // Nobody knows this assembly: what was there of another one goes.
    let said = succeed(&place.judge(&["--genome", "mine"]));
    assert!(said.contains("no links as bigInteract"), "{said}");
    assert!(said.contains("would tell it: chr1\n"), "{said}");
    assert!(!place.links("distance.bb").exists() && place.links("distance.bedpe").exists());
    let found = json(&place.path("out/crispr.json"));
    assert!(found["lengths"]["from"].is_null() && found["lengths"]["missing"][0] == "chr1");

    // A file of lengths tells, under whatever form of the names.
    std::fs::write(place.path("sizes"), "1\t13000000\n2\t5\n").unwrap();
    let sizes = place.path("sizes");
    let more = ["--genome", "mine", "--chrom-sizes", arg(&sizes)];
    succeed(&place.judge(&more));
    let (length, again) = arcs(&place.links("distance.bb"));
    assert_eq!(length, 13_000_000);
    assert!(again == all);
    let found = json(&place.path("out/crispr.json"));
    assert!(
        found["lengths"]["file"]["sha256"].is_string(),
        "{}",
        found["lengths"]
    );
    let before = files(&place.path("out"));
    succeed(&place.judge(&[&more[..], &["--threads", "1"]].concat()));
    assert!(files(&place.path("out")) == before);
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
    let place = Place::new();
    let sizes = place.path("sizes");
    let said = |text: &str| {
        std::fs::write(&sizes, text).unwrap();
        fail(&place.judge(&["--chrom-sizes", arg(&sizes)]))
    };
    let short = said("chr1\t11900000\n");
    assert!(short.contains("2 rows are bad"), "{short}");
    let wanted = "table.tsv:36: promoter ends at 12000001, past the end of chr1 (11900000)";
    assert!(short.contains(wanted), "{short}");
    let other = said("chr1\t249250621\n");
    assert!(
        other.contains("is of hg19, and the CRISPRi table of hg38"),
        "{other}"
    );
    let lacks = said("chr2\t13000000\n");
    assert!(
        lacks.contains("lacks chromosomes of the CRISPRi table: chr1"),
        "{lacks}"
    );
    assert!(!place.path("out").exists());
    // hg19's chromosome 21 ends at 48,129,895.
    let far = table().replace("chr1\t", "chr21\t").replace("\t11", "\t51");
    std::fs::write(place.path("table.tsv"), far).unwrap();
    let said = fail(&place.judge(&["--genome", "hg19"]));
    assert!(said.contains("past the end of chr21 (48129895)"), "{said}");
    // What is read is not written over.
    std::fs::write(place.path("table.tsv"), table()).unwrap();
    std::fs::create_dir(place.path("out")).unwrap();
    let sizes = place.path("out/differences.tsv");
    std::fs::write(&sizes, "chr1\t13000000\n").unwrap();
    let said = fail(&place.judge(&["--chrom-sizes", arg(&sizes)]));
    assert!(said.contains("is an input and would be replaced"), "{said}");
}
