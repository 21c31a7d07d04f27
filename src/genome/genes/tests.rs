use std::fs;
use std::io::Write;
use std::ops::Range;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::genome::{ChromId, Strand};

const LENGTH: u32 = 10_000;

fn chroms() -> Chroms {
    let of = ["chr1", "chr2"].map(|name| (name.to_string(), LENGTH));
    Chroms::new(of).unwrap()
}

fn region(chrom: u32, bases: Range<u32>) -> Region {
    Region::new(ChromId(chrom), bases.start, bases.end).unwrap()
}

fn read_of(text: &str, shown: &[Region]) -> Result<Genes> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("genes");
    fs::write(&path, text).unwrap();
    Genes::read(&path, &chroms(), shown)
}

/// The transcripts of all genes of the reference.
fn read(text: &str) -> Vec<Transcript> {
    let everywhere: Vec<Region> = chroms().regions().collect();
    let genes = read_of(text, &everywhere).unwrap();
    genes.all().into_iter().cloned().collect()
}

fn refused(text: &str) -> String {
    let everywhere: Vec<Region> = chroms().regions().collect();
    read_of(text, &everywhere).unwrap_err().to_string()
}

/// What a row of GTF says of a part of a transcript.
fn gtf_row(of: &Transcript, feature: &str, bases: &Range<u32>) -> String {
    let chrom = format!("chr{}", of.region.chrom.0 + 1);
    let (start, end, strand) = (bases.start + 1, bases.end, of.strand_text());
    let (gene, name) = (&of.gene, &of.name);
    format!(
        "{chrom}\tx\t{feature}\t{start}\t{end}\t.\t{strand}\t.\tgene_id \"G.{gene}\"; \
         transcript_id \"{name}\"; gene_name \"{gene}\";\n"
    )
}

/// The coding part of an exon.
fn coding(of: &Transcript, exon: &Range<u32>) -> Option<Range<u32>> {
    let coding = of.coding.as_ref()?;
    let part = exon.start.max(coding.start)..exon.end.min(coding.end);
    (!part.is_empty()).then_some(part)
}

/// As GENCODE writes it: exons in the direction of the strand, the stop codon's last base apart.
fn gtf(of: &Transcript) -> String {
    let mut exons: Vec<&Range<u32>> = of.exons.iter().collect();
    let forward = of.strand == Some(Strand::Forward);
    if !forward {
        exons.reverse();
    }
    let whole = of.region.start..of.region.end;
    let mut text = gtf_row(of, "transcript", &whole);
    for exon in exons {
        text += &gtf_row(of, "exon", exon);
        let Some(part) = coding(of, exon) else {
            continue;
        };
        let end = of.coding.clone().unwrap();
        let (stop, rest) = match forward {
            true if part.end == end.end => (part.end - 1..part.end, part.start..part.end - 1),
            false if part.start == end.start => {
                (part.start..part.start + 1, part.start + 1..part.end)
            }
            _ => (0..0, part.clone()),
        };
        if !rest.is_empty() {
            text += &gtf_row(of, "CDS", &rest);
        }
        if !stop.is_empty() {
            text += &gtf_row(of, "stop_codon", &stop);
        }
    }
    text
}

/// A row of an extended genePred.
fn gene_pred(of: &Transcript) -> String {
    let Region { chrom, start, end } = of.region;
    let coding = of.coding.clone().unwrap_or(end..end);
    let list = |bases: fn(&Range<u32>) -> u32| -> String {
        of.exons
            .iter()
            .map(|exon| format!("{},", bases(exon)))
            .collect()
    };
    let (starts, ends) = (list(|exon| exon.start), list(|exon| exon.end));
    let (name, gene, strand) = (&of.name, &of.gene, of.strand_text());
    let (count, frames) = (of.exons.len(), list(|_| 0));
    format!(
        "{name}\tchr{}\t{strand}\t{start}\t{end}\t{}\t{}\t{count}\t{starts}\t{ends}\t0\t{gene}\t\
         cmpl\tcmpl\t{frames}\n",
        chrom.0 + 1,
        coding.start,
        coding.end,
    )
}

/// A gene of three exons that codes from its first to its last one.
fn myc(strand: Strand) -> Transcript {
    Transcript {
        gene: "MYC".to_string(),
        ensembl: None,
        name: "NM_1.2".to_string(),
        region: region(0, 100..900),
        strand: Some(strand),
        exons: vec![100..200, 400..500, 800..900],
        coding: Some(150..850),
        protein_coding: None,
    }
}

#[test]
fn every_format_says_the_same_of_a_gene() {
    for strand in [Strand::Forward, Strand::Reverse] {
        let of = myc(strand);
        let row = gene_pred(&of);
        let flat: Vec<&str> = row.split('\t').take(10).collect();
        let flat = flat.join("\t");
        let named = "name\tchrom\tstrand\ttxStart\ttxEnd\tcdsStart\tcdsEnd\texonCount\texonStarts\
                     \texonEnds\tscore\tname2\tcdsStartStat\tcdsEndStat\texonFrames";
        for text in [
            gtf(&of),
            row.clone(),
            format!("#bin\tname\n585\t{row}"),
            format!("{named}\n{row}"),
            format!("MYC\t{flat}\n"),
            row.replace("chr1", "1"),
        ] {
            assert_eq!(read(&text), std::slice::from_ref(&of), "{text}");
        }
        // genePred alone has no gene's name.
        let nameless = Transcript {
            gene: of.name.clone(),
            ..of
        };
        assert_eq!(read(&format!("{flat}\n")), [nameless]);
    }
}

#[test]
fn a_gtf_has_an_accession_beside_a_name() {
    let text = gtf(&myc(Strand::Forward));
    let of = |text: &str| read(text)[0].clone();
    let named = of(&text.replace("G.MYC", "ENSG00000136997.21"));
    assert_eq!(
        (named.gene.as_str(), named.ensembl.as_deref()),
        ("MYC", Some("ENSG00000136997.21"))
    );
    // What is no accession of Ensembl's, and one that is the name, are none beside it.
    assert_eq!(of(&text).ensembl, None);
    let nameless = text.replace("gene_name", "other").replace("G.MYC", "ENSG1");
    let nameless = of(&nameless);
    assert_eq!((nameless.gene.as_str(), nameless.ensembl), ("ENSG1", None));
}

#[test]
fn a_gtf_says_of_what_kind_genes_are() {
    let text = gtf(&myc(Strand::Reverse));
    for (attribute, wanted) in [
        ("gene_type \"protein_coding\";", Some(true)),
        ("gene_biotype \"lncRNA\";", Some(false)),
        ("level 2;", None),
    ] {
        let of = text.replace(";\n", &format!("; {attribute}\n"));
        assert_ne!(of, text);
        assert_eq!(read(&of)[0].protein_coding, wanted, "{attribute}");
    }
    // All transcripts, and not one of each gene.
    let other = text.replace("NM_1.2", "NM_2.1");
    let genes = read_of(&(text + &other), &[region(0, 0..LENGTH)]).unwrap();
    assert_eq!((genes.all().len(), genes.transcripts().count()), (1, 2));
}

#[test]
fn gzip_is_read_and_cut_gzip_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("genes.gtf.gz");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let of = myc(Strand::Reverse);
    packed.write_all(gtf(&of).as_bytes()).unwrap();
    let bytes = packed.finish().unwrap();
    fs::write(&path, &bytes).unwrap();
    let shown = [region(0, 0..LENGTH)];
    let genes = Genes::read(&path, &chroms(), &shown).unwrap();
    assert_eq!(genes.all(), [&of]);
    fs::write(&path, &bytes[..bytes.len() - 12]).unwrap();
    assert!(Genes::read(&path, &chroms(), &shown).is_err());
}

#[test]
fn only_what_is_shown_is_kept() {
    let mut other = myc(Strand::Forward);
    (other.gene, other.name) = ("SHORT".to_string(), "NM_2".to_string());
    (other.region, other.exons) = (region(0, 3000..3100), vec![3000..3050, 3060..3100]);
    other.coding = None;
    let elsewhere = Transcript {
        region: region(1, 100..900),
        ..myc(Strand::Reverse)
    };
    let all = [myc(Strand::Forward), other.clone(), elsewhere];
    for format in [gtf, gene_pred] {
        let text: String = all.iter().map(format).collect();
        // In an intron of the first one.
        let genes = read_of(&text, &[region(0, 250..350), region(0, 3090..3200)]).unwrap();
        assert_eq!(genes.all(), [&all[0], &other]);
        assert_eq!(genes.within(region(0, 0..3000)), [&all[0]]);
        assert!(genes.within(region(0, 900..3000)).is_empty());
        assert!(
            read_of(&text, &[region(0, 900..950)])
                .unwrap()
                .all()
                .is_empty()
        );
    }
}

#[test]
fn rows_may_stand_in_any_order_and_a_gene_without_exons_is_one() {
    let of = myc(Strand::Reverse);
    let text = gtf(&of);
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    assert_eq!(read(&lines.join("\n")), std::slice::from_ref(&of));
    let coding = gtf_row(&of, "CDS", &(100..900));
    let bacterial = Transcript {
        exons: std::iter::once(100..900).collect(),
        coding: Some(100..900),
        ..of
    };
    assert_eq!(read(&coding), [bacterial]);
}

#[test]
fn what_is_no_gene_is_told_with_its_line() {
    let of = myc(Strand::Forward);
    let good = gene_pred(&of);
    for (from, to, problem) in [
        ("\t3\t", "\t4\t", "exonCount"),
        ("100,400,800,", "100,400,810,", ""),
        ("100,400,800,", "100,400,900,", "do not lead"),
        ("100,400,800,", "100,190,800,", "do not lead"),
        ("200,500,900,", "200,500,899,", "do not lead"),
        ("200,500,900,", "200,x,900,", "exonEnds is not a position"),
        ("\t150\t", "\t99\t", "cdsStart"),
        ("0,0,0,", "0,0,", "exonFrames"),
        ("\t900\t150", "\t10001\t150", "past the end"),
        ("\tMYC\t", "\t", "14 fields"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        let text = format!("{good}{bad}");
        match problem {
            "" => assert_eq!(read(&text).len(), 1),
            _ => {
                let said = refused(&text);
                assert!(said.contains(":2: ") && said.contains(problem), "{said}");
            }
        }
    }
    let nameless = gtf(&of).replace("transcript_id \"NM_1.2\"; ", "");
    assert!(refused(&nameless).contains(":1: no field for transcript_id"));
}

#[test]
fn exons_of_gtf_lead_from_the_start_to_the_end_of_their_transcript() {
    let of = myc(Strand::Forward);
    let whole = gtf(&of);
    let all = whole.lines().count();
    let exons = whole.replacen("\ttranscript\t", "\tgene\t", 1);
    let other = whole.replace("NM_1.2", "NM_2.1");
    // The line is that of the transcript, wherever it stands, or else of its first row.
    for (text, line) in [
        (
            other.clone() + &exons + &gtf_row(&of, "transcript", &(90..900)),
            2 * all + 1,
        ),
        (
            other.clone() + &whole + &gtf_row(&of, "stop_codon", &(900..903)),
            all + 1,
        ),
        (
            other.clone() + &exons + &gtf_row(&of, "CDS", &(90..110)),
            all + 2,
        ),
    ] {
        let said = refused(&text);
        let told = format!(":{line}: the exons do not lead");
        assert!(
            said.contains("1 row is bad") && said.contains(&told),
            "{line}: {said}"
        );
    }
    assert_eq!(read(&exons), [of]);
}

#[test]
fn files_of_other_formats_or_assemblies_are_refused() {
    let of = gene_pred(&myc(Strand::Forward));
    let elsewhere = of.replace("chr1", "chrUn");
    for (text, problem) in [
        ("", "holds no transcript"),
        ("chr1\t5\t9\tname\t0\t+\n", "neither GTF nor"),
        (
            "##gff-version 3\nchr1\tx\texon\t1\t9\t.\t+\t.\tParent=a\n",
            "GFF3",
        ),
        (elsewhere.as_str(), "another assembly"),
        (
            "chr1\tx\tgene\t11\t20\t.\t+\t.\tgene_id \"G\"; gene_name \"MYC\";\n",
            "holds no transcript",
        ),
    ] {
        let said = refused(text);
        assert!(said.contains(problem), "{said}");
    }
    assert_eq!(read(&(elsewhere + &of)).len(), 1);
}

/// A transcript of exons with gaps between them.
fn transcripts() -> impl Strategy<Value = Transcript> {
    let exons = prop::collection::vec((1u32..90, 1u32..90), 1..8);
    (
        exons,
        0u32..2,
        0u32..500,
        any::<bool>(),
        (0u32..1000, 0u32..1000),
    )
        .prop_map(|(parts, chrom, mut at, forward, (from, to))| {
            let mut exons = Vec::new();
            for (gap, length) in parts {
                at += gap;
                exons.push(at..at + length);
                at += length;
            }
            let whole = exons[0].start..at;
            // Coding begins and ends in exons, as it does.
            let bases: Vec<u32> = exons.iter().cloned().flatten().collect();
            let ends = [from, to].map(|place| bases[place as usize % bases.len()]);
            let coding = ends[0].min(ends[1])..ends[0].max(ends[1]) + 1;
            Transcript {
                gene: "G".to_string(),
                ensembl: None,
                name: "T".to_string(),
                region: region(chrom, whole),
                strand: Some(if forward {
                    Strand::Forward
                } else {
                    Strand::Reverse
                }),
                exons,
                coding: (coding.len() > 1).then_some(coding),
                protein_coding: None,
            }
        })
}

proptest! {
    #[test]
    fn gtf_and_gene_pred_of_the_same_gene_agree(of in transcripts()) {
        prop_assert_eq!(read(&gtf(&of)), std::slice::from_ref(&of));
        prop_assert_eq!(read(&gene_pred(&of)), [of]);
    }

    #[test]
    fn a_file_that_was_cut_is_refused_or_ends_with_a_row(of in transcripts(), part in 0f64..1.0) {
        for format in [gtf, gene_pred] {
            // The whole row before it tells how rows end.
            let text = format(&of) + &format(&of);
            let at = text.len() / 2 + (part * (text.len() / 2) as f64) as usize;
            let cut = &text[..at];
            let everywhere: Vec<Region> = chroms().regions().collect();
            // The comma behind a list's last number says nothing.
            let rest = text[at..].trim_start_matches(',');
            let whole_rows = cut.ends_with('\n') || rest.starts_with('\n');
            if let Ok(genes) = read_of(cut, &everywhere) {
                let good = genes.all() == [&of];
                prop_assert!(good, "{cut}");
                let ends = cut.trim_end().ends_with([';', ',']);
                prop_assert!(whole_rows || ends, "{cut}");
            }
        }
    }
}
