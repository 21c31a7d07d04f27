//! Genes with their exons on pages, in figures and in hubs of assemblies of one's own.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::hub::block;
use super::support::{Workplace, arg, fail, succeed};

/// A run with tracks.
fn place() -> Workplace {
    let place = Workplace::new();
    place.trained("run", &[]);
    succeed(&place.tracks("run", "tracks", &[]));
    place
}

/// What a page of the tracks holds.
fn page(place: &Workplace, more: &[&str]) -> Value {
    let (dir, out) = (place.path("tracks"), place.path("page.html"));
    let view = ["view", arg(&dir), "--out", arg(&out), "--device", "cpu"];
    succeed(&[&view[..], more].concat());
    serde_json::from_slice(&block(&place.text("page.html"), "data")).unwrap()
}

/// A gene of two exons on the reverse strand inside the promoter's window of the best pair, as GTF and as a
/// packed genePred; a row of each on a chromosome that there is not.
fn genes(place: &Workplace) -> [String; 2] {
    let data = page(place, &["--top", "1"]);
    assert!(data.get("genes").is_none());
    let window = &data["pairs"][0]["promoter_window"];
    let (chrom, start) = (window[0].as_str().unwrap(), window[1].as_u64().unwrap());
    let [one, two, three, four] = [100, 200, 300, 400].map(|base| start + base);
    let row = |chrom: &str, feature: &str, from: u64, to: u64| {
        format!(
            "{chrom}\tx\t{feature}\t{}\t{to}\t.\t-\t.\tgene_id \"G1\"; transcript_id \"T1.1\"; gene_name \"OWN\";\n",
            from + 1
        )
    };
    let gtf = [
        row(chrom, "exon", three, four),
        row(chrom, "CDS", three, four - 20),
        row(chrom, "exon", one, two),
        row("chrUn", "exon", one, two),
    ];
    let ends = format!("{one},{three},\t{two},{four},");
    let table = |chrom: &str| {
        let coding = format!("{three}\t{}", four - 20);
        format!(
            "7\tT1.1\t{chrom}\t-\t{one}\t{four}\t{coding}\t2\t{ends}\t0\tOWN\tcmpl\tcmpl\t0,-1,\n"
        )
    };
    let paths = ["own.gtf", "own.txt.gz"].map(|name| place.path(name));
    std::fs::write(&paths[0], gtf.concat()).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let text = table(chrom) + &table("chrUn");
    packed.write_all(text.as_bytes()).unwrap();
    std::fs::write(&paths[1], packed.finish().unwrap()).unwrap();
    paths.map(|path| arg(&path).to_string())
}

#[test]
fn a_page_and_a_figure_show_genes_of_either_format() {
    let place = place();
    let files = genes(&place);
    let mut shown = Vec::new();
    for file in &files {
        let data = page(&place, &["--top", "1", "--genes", file]);
        let made = data["made"].as_array().unwrap().last().unwrap();
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        assert_eq!(made[0], "Genes");
        assert!(made[1].as_str().unwrap().starts_with(name), "{made}");
        shown.push(data["genes"].clone());
        let pair = data["pairs"][0]["name"].as_str().unwrap();

        let (dir, svg) = (place.path("tracks"), place.path("pair.svg"));
        let plot = ["plot", "pair", arg(&dir), "--out", arg(&svg)];
        let more = ["--genes", file, "--pair", pair, "--device", "cpu"];
        succeed(&[&plot[..], &more].concat());
        let text = place.text("pair.svg");
        assert!(text.contains(">OWN</text>"), "{text}");
        assert_eq!(text.matches(">genes").count(), 2, "{text}");
    }
    assert_eq!(shown[0], shown[1]);
    let [gene] = &shown[0].as_array().unwrap()[..] else {
        panic!("{shown:?}");
    };
    assert_eq!(gene["name"], "OWN");
    assert_eq!(gene["strand"], "-");
    assert_eq!(gene["exons"], serde_json::json!([[0, 100], [100, 100]]));
    let start = gene["place"][1].as_u64().unwrap();
    assert_eq!(
        gene["coding"],
        serde_json::json!([start + 200, start + 280])
    );
}

#[test]
fn an_assembly_of_ones_own_has_its_genes_in_the_hub() {
    let place = place();
    let [gtf, table] = genes(&place);
    let (out, tracks) = (place.path("hub"), place.path("tracks"));
    let hub = ["hub", "--out", arg(&out), arg(&tracks)];
    for file in [&gtf, &table] {
        succeed(&[&hub[..], &["--genes", file]].concat());
        let said = succeed(&["hub", "check", arg(&out)]);
        assert!(said.trim().ends_with("no errors, 0 warnings"), "{said}");
        let text = place.text("hub/genome/trackDb.txt");
        let (_, track) = text.split_once("track genes\n").unwrap();
        let (track, _) = track.split_once("\n\n").unwrap();
        for line in [
            "type bigBed 12 +",
            "bigDataUrl genes/genes.bb",
            "searchIndex name",
            "group epitrack",
        ] {
            assert!(track.lines().any(|found| found == line), "{line}: {track}");
        }
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        assert!(place.text("hub/genome/genes.html").contains(name));
    }
    // They go with the next hub, and UCSC has those of its own assemblies.
    succeed(&hub);
    assert!(!place.path("hub/genome/genes").exists());
    succeed(&[&hub[..], &["--genome", "test", "--genes", &gtf]].concat());
    assert!(!place.path("hub/test/genes").exists());
    // What is not there is told either way.
    let nowhere = ["--genes", "nowhere.gtf"];
    let assemblies: [&[&str]; 2] = [&[], &["--genome", "test"]];
    for known in assemblies {
        let said = fail(&[&hub[..], known, &nowhere].concat());
        assert!(said.contains("nowhere.gtf"), "{said}");
    }
}

#[test]
fn what_holds_no_genes_is_refused_with_its_line() {
    let place = place();
    let [gtf, table] = genes(&place);
    let tracks = place.path("tracks");
    let view = |file: &str| fail(&["view", arg(&tracks), "--genes", file, "--device", "cpu"]);
    let peaks = place.path("sim/peaks.bed");
    let said = view(arg(&peaks));
    assert!(said.contains("peaks.bed: is neither GTF nor"), "{said}");

    let whole = place.text("own.gtf");
    let cut = whole.len() - whole.lines().last().unwrap().len() - 5;
    std::fs::write(&gtf, &whole[..cut]).unwrap();
    let said = view(&gtf);
    assert!(said.contains("own.gtf:3: its attributes end"), "{said}");
    std::fs::write(&gtf, whole.replace("chr", "scaffold")).unwrap();
    let said = view(&gtf);
    assert!(said.contains("own.gtf: is of another assembly"), "{said}");

    let packed = std::fs::read(&table).unwrap();
    std::fs::write(&table, &packed[..packed.len() - 9]).unwrap();
    assert!(view(&table).contains("own.txt.gz"));
    let svg = place.path("x.svg");
    let plot = ["plot", "pair", arg(&tracks), "--out", arg(&svg)];
    let matrix = ["--view", "matrix", "--genes", &gtf];
    let said = fail(&[&plot[..], &matrix].concat());
    assert!(said.contains("--view browser"), "{said}");
}
