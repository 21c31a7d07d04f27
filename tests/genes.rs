//! Genes and parts, from the table of pairs into every file that shows them.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::support::{Workplace, arg, files, succeed};

/// What the table calls the genes of its rows, in turn.
const GENES: [&str; 3] = ["MYC", "HLA-A;PVT1", ""];

/// A workplace whose table names genes, and its run.
fn place() -> Workplace {
    let place = Workplace::new();
    let text = place.text("sim/pairs.csv");
    let mut lines = text.lines();
    let mut named = format!("{},gene_name\n", lines.next().unwrap());
    for (line, gene) in lines.zip(GENES.into_iter().cycle()) {
        named += &format!("{line},{gene}\n");
    }
    std::fs::write(place.path("sim/pairs.csv"), named).unwrap();
    place.trained("run", &[]);
    place
}

/// The rows of a table by the names of its columns.
fn rows(text: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let header = lines.next().unwrap().trim_start_matches('#');
    let header: Vec<&str> = header.split('\t').collect();
    lines
        .map(|line| {
            assert_eq!(line.split('\t').count(), header.len(), "{line}");
            header.iter().copied().zip(line.split('\t')).collect()
        })
        .collect()
}

/// A number of a file, the low byte first.
fn number(file: &[u8], at: usize, size: usize) -> usize {
    let bytes = file[at..at + size].iter().rev();
    bytes.fold(0, |number, &byte| (number << 8) | usize::from(byte))
}

/// The sections of a B+ tree's leaves whose key this is, whatever its inner nodes say.
fn sections(file: &[u8], node: usize, key: &[u8], found: &mut Vec<(usize, usize)>) {
    let (leaf, count) = (file[node] == 1, number(file, node + 2, 2));
    let value = if leaf { 16 } else { 8 };
    for place in 0..count {
        let entry = node + 4 + place * (key.len() + value);
        let behind = entry + key.len();
        if !leaf {
            sections(file, number(file, behind, 8), key, found);
        } else if &file[entry..behind] == key {
            found.push((number(file, behind, 8), number(file, behind + 8, 8)));
        }
    }
}

/// How many items of a bigBed have a name, found through the index that its header leads to: UCSC's way.
fn items_called(file: &[u8], name: &str) -> usize {
    let list = number(file, number(file, 56, 8) + 4, 8);
    let tree = number(file, list + 4, 8);
    let mut key = name.as_bytes().to_vec();
    key.resize(number(file, tree + 8, 4), 0);
    let mut found = Vec::new();
    sections(file, tree + 32, &key, &mut found);
    let mut items = 0;
    for (place, size) in found {
        let mut plain = Vec::new();
        let mut decoder = ZlibDecoder::new(&file[place..place + size]);
        decoder.read_to_end(&mut plain).unwrap();
        let mut rest = plain.as_slice();
        while rest.len() > 12 {
            let end = 12 + rest[12..].iter().position(|&byte| byte == 0).unwrap();
            let text = std::str::from_utf8(&rest[12..end]).unwrap();
            items += usize::from(text.split('\t').next() == Some(name));
            rest = &rest[end + 1..];
        }
    }
    items
}

#[test]
fn every_file_names_the_gene_and_the_part() {
    let place = place();
    succeed(&place.tracks("run", "tracks", &[]));
    let predictions = place.text("tracks/predictions.tsv");
    let predictions = rows(&predictions);
    assert_eq!(predictions.len(), 150);
    let mut known: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for row in &predictions {
        let line: usize = row["line"].parse().unwrap();
        let gene = match GENES[(line - 2) % 3] {
            "" => ".",
            gene => gene,
        };
        assert_eq!(row["gene"], gene, "{row:?}");
        assert!(["train", "validation", "test", "none"].contains(&row["part"]));
        known.insert(row["pair"], (gene, row["part"]));
    }
    let split = place.text("run/split.tsv");
    for row in rows(&split) {
        assert_eq!(known[row["pair"]].1, row["part"]);
    }
    let bedpe = place.text("tracks/pairs.bedpe");
    for row in rows(&bedpe) {
        assert_eq!((row["gene"], row["part"]), known[row["name"]]);
    }
    let regions = place.text("tracks/top_regions.bed");
    for line in regions.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!((fields[18], fields[19]), known[fields[12]]);
    }
    for line in place.text("tracks/pairs.interact").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 18);
        match known.get(fields[3]) {
            // What has no gene is called after the pair.
            Some((gene, _)) => assert_eq!((*gene, fields[16]), (".", "promoter")),
            None => assert!(GENES.contains(&fields[3]) && fields[16] == fields[3]),
        }
    }
}

#[test]
fn a_browser_finds_pairs_by_their_genes() {
    let place = place();
    succeed(&place.tracks("run", "tracks", &[]));
    // The word, as people type it, leads to a name, and that to its arcs.
    let words = place.text("tracks/pairs.ix");
    assert_eq!(words, "hla-a HLA-A;PVT1,1\nmyc MYC,1\npvt1 HLA-A;PVT1,2\n");
    assert_eq!(place.text("tracks/pairs.ixx"), "hla-a0000000000\n");
    let arcs = std::fs::read(place.path("tracks/pairs.bb")).unwrap();
    let text = place.text("tracks/pairs.interact");
    for gene in ["MYC", "HLA-A;PVT1"] {
        let wanted = text
            .lines()
            .filter(|line| line.split('\t').nth(3) == Some(gene));
        assert_eq!(items_called(&arcs, gene), wanted.count());
    }
    assert!(items_called(&arcs, "MYC") >= 50);
    assert_eq!(items_called(&arcs, "myc"), 0);

    let [tracks, hub] = ["tracks", "hub"].map(|name| place.path(name));
    succeed(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
    succeed(&["hub", arg(&tracks), "--out", arg(&hub)]);
    succeed(&["hub", "check", arg(&hub)]);
    let files = files(&hub);
    let text = |ending: &str| {
        let file = files.iter().find(|(name, _)| name.ends_with(ending));
        String::from_utf8(file.unwrap().1.clone()).unwrap()
    };
    let track_db = text("trackDb.txt");
    assert!(
        track_db.contains("\nsearchIndex name\nsearchTrix "),
        "{track_db}"
    );
    assert!(track_db.contains("\nfilterValues.part test|"), "{track_db}");
    assert_eq!(text("pairs.ix"), words);
    // And its pages say what the run is worth, and on which pairs.
    for page in ["arcs.html", "regions.html", "attention.html"] {
        let page = text(page);
        for word in [
            "AUROC, test part",
            "AUPRC, test part",
            "by whole chromosomes",
        ] {
            assert!(page.contains(word), "{page}");
        }
    }
}

#[test]
fn genes_of_shards_are_those_of_one_run() {
    let place = place();
    for folder in ["one", "merged"] {
        std::fs::create_dir(place.path(folder)).unwrap();
    }
    succeed(&place.tracks("run", "one/out", &[]));
    let shards = ["1/2", "2/2"].map(|shard| {
        let out = format!("shard-{}", &shard[..1]);
        succeed(&place.tracks("run", &out, &["--shard", shard]));
        place.path(&out)
    });
    let merged = place.path("merged/out");
    let [first, second] = shards.each_ref().map(|shard| arg(shard));
    succeed(&["merge", second, first, "--out", arg(&merged)]);
    let [one, merged] = ["one/out", "merged/out"].map(|folder| files(&place.path(folder)));
    assert!(one.contains_key("pairs.ix") && one.contains_key("pairs.ixx"));
    for (name, bytes) in &one {
        assert!(merged[name] == *bytes, "{name}");
    }
    assert_eq!(one.len(), merged.len());
}

#[test]
fn the_parts_of_another_tables_pairs_are_known_where_the_run_had_them() {
    let place = place();
    let text = place.text("run/split.tsv");
    let parts: BTreeMap<&str, &str> = rows(&text)
        .into_iter()
        .map(|row| (row["pair"], row["part"]))
        .collect();
    // Some of the run's pairs, and one that it did not have.
    let mut table = String::new();
    let mut new = String::new();
    for pair in parts.keys().take(20) {
        let (enhancer, promoter) = pair.split_once('~').unwrap();
        let fields = [enhancer, promoter].map(|element| {
            let (chrom, range) = element.split_once(':').unwrap();
            format!("{chrom}\t{}", range.replace('-', "\t"))
        });
        table += &format!("{}\t{}\n", fields[0], fields[1]);
        if new.is_empty() {
            let (start, end) = promoter.split_once(':').unwrap().1.split_once('-').unwrap();
            let end: u32 = end.parse().unwrap();
            new = format!(
                "{}\t{}\t{start}\t{}\n",
                fields[0],
                fields[1].split('\t').next().unwrap(),
                end + 1
            );
        }
    }
    std::fs::write(place.path("other.bedpe"), table + &new).unwrap();
    let other = place.path("other.bedpe");
    succeed(&place.tracks("run", "tracks", &["--table", arg(&other)]));
    let text = place.text("tracks/predictions.tsv");
    let shown = rows(&text);
    assert_eq!(shown.len(), 21);
    let unknown = shown.iter().filter(|row| match parts.get(row["pair"]) {
        Some(part) => {
            assert_eq!(row["part"], *part);
            false
        }
        None => row["part"] == ".",
    });
    assert_eq!(unknown.count(), 1);
    // No gene, no index of genes.
    assert!(!place.path("tracks/pairs.ix").exists());
    let arcs = std::fs::read(place.path("tracks/pairs.bb")).unwrap();
    assert_eq!(number(&arcs, 56, 8), 0);
}
