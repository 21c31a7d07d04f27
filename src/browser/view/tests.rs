//! What a page holds, and that nothing in it is taken for something else.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::element::colours::{ENHANCER_RGB, PROMOTER_RGB};
use crate::formats::{Link, Prediction};
use crate::genome::{ChromId, Chroms, Region};
use crate::pairs::Pair;

const HOSTILE: &str = "</script><!--&\u{2028}";

fn pair(name: &str) -> PagePair {
    let stretch = |start| -> Stretch { ("chr1".to_string(), start, start + 60) };
    PagePair {
        name: name.to_string(),
        gene: Some("MYC"),
        part: Some("test".to_string()),
        label: Some(1),
        probability: 0.75,
        context: None,
        rank: 7,
        distance: Some(140),
        elements: Sides::new(stretch(100), stretch(300)),
        enhancer_window: stretch(100),
        promoter_window: stretch(300),
        regions: Vec::new(),
        matrix_enhancer: Matrix::new(&[0.5, 0.25], 1),
        matrix_promoter: Matrix::new(&[1.0, 1.0], 1),
    }
}

fn track(shown: PageTrackContent) -> PageTrack {
    PageTrack {
        name: HOSTILE.to_string(),
        colour: "136,0,170".to_string(),
        is_measured: false,
        shown,
    }
}

fn page() -> Page {
    let signed = |start| vec![Signed::new("chr1", start, &[-0.5, 0.5, 0.0])];
    Page {
        title: HOSTILE.to_string(),
        version: "1".to_string(),
        genome: "hg19".to_string(),
        chromosomes: vec![("chr1".to_string(), 1000)],
        value: HOSTILE.to_string(),
        made: Vec::new(),
        doubt: None,
        threshold: 0.5,
        pairs_shown: 2,
        pairs_total: 7,
        bins: Sides::new(vec![0, 30, 60], vec![0, 60]),
        scale: 5.0,
        tracks: Sides::default(),
        contributions: Some(Contributions {
            activity: None,
            value: "log-odds".to_string(),
            tracks: Sides::new(signed(100), signed(300)),
            sequences: Vec::new(),
        }),
        activity: vec![PageActivity {
            names: Sides::new(HOSTILE.to_string(), "promoter".to_string()),
            value: HOSTILE.to_string(),
            scale: 1.0,
            tracks: Sides::new(vec![("chr1".to_string(), vec![(7, 2, 0.5)])], Vec::new()),
        }],
        genes: Some(vec![PageGene {
            name: HOSTILE.to_string(),
            transcript: "NM_1".to_string(),
            place: ("chr1".to_string(), 110, 190),
            strand: "-",
            coding: Some((120, 180)),
            exons: vec![(0, 30), (20, 30)],
        }]),
        added: vec![
            track(PageTrackContent::Features {
                features: vec![("chr1".to_string(), 7, 9, HOSTILE.to_string(), 0, "+")],
            }),
            track(PageTrackContent::Signal {
                range: Some((0.0, 2.5)),
                values: vec![("chr1".to_string(), vec![(7, 2, 1.5)])],
                bases: vec![Signed::in_steps("chr1", 40, &[0.5, 1.0], i16::MAX)],
            }),
        ],
        pairs: vec![pair("one"), pair(HOSTILE)],
    }
}

/// What stands in the page's element of this name, unpacked.
fn block(html: &str, id: &str) -> Vec<u8> {
    let (_, rest) = html.split_once(&format!("id=\"{id}\">")).unwrap();
    let (text, _) = rest.split_once("</script>").unwrap();
    let zlib = STANDARD.decode(text).unwrap();
    let mut bytes = Vec::new();
    let mut decoder = flate2::read::ZlibDecoder::new(&zlib[..]);
    decoder.read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn what_a_page_holds_comes_back() {
    let page = page();
    let html = page.html(None).unwrap();
    let data: serde_json::Value = serde_json::from_slice(&block(&html, "data")).unwrap();
    assert_eq!(data["value"], HOSTILE);
    assert_eq!(data["pairs"][1]["name"], HOSTILE);
    assert_eq!(data["pairs"][0]["matrix_promoter"]["back"], 1);
    assert_eq!(data["contributions"]["tracks"]["promoter"][0]["length"], 3);
    let activity = &data["activity"][0];
    assert_eq!(activity["names"]["enhancer"], HOSTILE);
    assert_eq!(activity["tracks"]["enhancer"][0][1][0][2], 0.5);
    let gene = &data["genes"][0];
    assert_eq!(gene["name"], HOSTILE);
    assert_eq!(gene["coding"][1], 180);
    assert_eq!(gene["exons"][1][0], 20);
    let (places, signal) = (&data["add"][0], &data["add"][1]);
    assert_eq!(places["kind"], "features");
    assert_eq!(places["features"][0][3], HOSTILE);
    assert_eq!(signal["kind"], "signal");
    assert!(signal.get("measured").is_none());
    assert_eq!(signal["colour"], "136,0,170");
    assert_eq!(signal["range"][1], 2.5);
    assert_eq!(signal["values"][0][1][0][0], 7);
    assert_eq!(signal["bases"][0]["length"], 2);
    let pair = &page.pairs[0];
    let matrices = [pair.matrix_enhancer.bytes(), pair.matrix_promoter.bytes()].concat();
    let contributed = Signed::new("chr1", 0, &[-0.5, 0.5, 0.0]);
    let contributed = contributed.bytes();
    assert_eq!((matrices.len(), contributed.len()), (8, 6));
    // The half and the whole of 32,767 steps, as even numbers: those of either sign share them.
    let added: &[u8] = &[0x00, 0xfe, 0x80, 0xff];
    let contributed = [contributed, contributed].concat();
    let all = [&matrices[..], &matrices[..], &contributed, added].concat();
    assert_eq!(block(&html, "values"), all);
}

#[test]
fn nothing_ends_the_script() {
    let html = page().html(Some("a = \"</script>\"")).unwrap();
    // The data's two blocks, the page's own script, igv.js.
    assert_eq!(html.matches("</script").count(), 4, "{html}");
    assert!(!html.contains(HOSTILE));
    let script = inside_script("a = \"</script></SCRIPT><!--\" < 'β'");
    assert_eq!(script, "a = \"<\\/script><\\/SCRIPT><\\!--\" < 'β'");
}

/// One set of colours, in the page as in the files that genome browsers open.
#[test]
fn colours_are_those_of_arcs_and_tracks() {
    let has = |name: &str, rgb: &str| {
        let line = format!("  --{name}: {rgb};\n");
        assert!(STYLE.contains(&line), "view.css has no line{line}");
    };
    has("enhancer", ENHANCER_RGB);
    has("promoter", PROMOTER_RGB);
    let region = |start| Region {
        chrom: ChromId(0),
        start,
        end: start + 60,
    };
    let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
    let labels = [
        (Some(true), "positive"),
        (Some(false), "negative"),
        (None, "unlabelled"),
    ];
    for (label, name) in labels {
        for (probability, weak) in [(0.75, ""), (0.25, "-weak")] {
            let prediction = Prediction {
                pair: Pair {
                    elements: Sides::new(region(100), region(300)),
                    label,
                    gene: None,
                    line: 2,
                },
                probability,
                logit: 0.0,
                part: None,
                context: None,
            };
            let link = Link::of(prediction).next().unwrap();
            let line = link.interact(&chroms, 0.5).to_string();
            let hex = line.split('\t').nth(7).unwrap();
            let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            let rgb = format!("{},{},{}", part(1), part(3), part(5));
            has(&format!("{name}{weak}"), &rgb);
        }
    }
}
