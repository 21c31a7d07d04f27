//! A page that shows pairs, their tracks and their attention, with igv.js.

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::element::Sides;

const STYLE: &str = include_str!("../../assets/view/view.css");
/// In the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("../../assets/view/data.js"),
    include_str!("../../assets/view/table.js"),
    include_str!("../../assets/view/heatmap.js"),
    include_str!("../../assets/view/tracks.js"),
    include_str!("../../assets/view/added.js"),
    include_str!("../../assets/view/genome.js"),
    include_str!("../../assets/view/view.js"),
);

/// The page's parts, all but the title as they are: they may not end what they stand in.
#[derive(Template)]
#[template(path = "view/page.html", config = "assets/askama.toml")]
struct Parts<'a> {
    title: &'a str,
    css: &'static str,
    js: &'static str,
    data: String,
    /// What igv.js says, where the page holds it. Its published address is that of the version that
    /// the page was tested with, beside what the script sums up to: a browser runs no other.
    igv: Option<String>,
}

/// A stretch of a chromosome, by the chromosome's name: `[name, start, end]` in JSON.
pub type Stretch = (String, u32, u32);

/// Everything that a page shows.
#[derive(Debug, Clone, Serialize)]
pub struct Page {
    /// What the tracks are of.
    pub title: String,
    /// The program's version.
    pub version: String,
    /// The assembly's name.
    pub genome: String,
    /// Names and lengths of the chromosomes.
    pub chromosomes: Vec<(String, u32)>,
    /// What a value of the tracks means.
    pub value: String,
    /// What the tracks were made from: names and descriptions.
    pub made: Vec<(String, String)>,
    /// The probability from which on a pair is predicted to interact.
    pub threshold: f64,
    /// Pairs that the page shows.
    pub pairs_shown: usize,
    /// Pairs that the tracks show.
    pub pairs_total: usize,
    /// Red, green and blue of each element.
    pub colours: Sides<&'static str>,
    /// Edges of the bins, from the window's first base: one more than there are bins.
    pub bins: Sides<Vec<u32>>,
    /// Values of the tracks around the pairs: for each chromosome, start, end and value of each
    /// stretch one after the other.
    pub tracks: Sides<Vec<(String, Vec<f64>)>>,
    /// What the bases of the pairs' windows add to the logits, if the tracks say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributions: Option<Contributions>,
    /// Tracks of the user's own, as far as they lie in the windows.
    #[serde(rename = "add", skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<PageTrack>,
    /// The pairs.
    pub pairs: Vec<PagePair>,
}

/// A track of the user's own.
#[derive(Debug, Clone, Serialize)]
pub struct PageTrack {
    /// What it is called.
    pub name: String,
    /// Red, green and blue.
    pub colour: String,
    /// What it shows.
    #[serde(flatten)]
    pub shown: PageTrackContent,
}

/// What a track of the user's own shows.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum PageTrackContent {
    /// Values, in one of two forms.
    Signal {
        /// The ends of the scale; what is in sight where there are none.
        #[serde(skip_serializing_if = "Option::is_none")]
        range: Option<(f32, f32)>,
        /// As those of [`Page::tracks`].
        values: Vec<(String, Vec<f64>)>,
        /// Base by base, where that takes less room.
        bases: Vec<Signed>,
    },
    /// Items: chromosome, start, end, name, score and strand of each.
    Features {
        /// From left to right.
        features: Vec<(String, u32, u32, String, u16, &'static str)>,
    },
}

/// Contributions of a page, and the letters that they are shown as.
#[derive(Debug, Clone, Serialize)]
pub struct Contributions {
    /// What a value means.
    pub value: String,
    /// Of each element: stretches of bases that have one.
    pub tracks: Sides<Vec<Signed>>,
    /// The sequence of the windows, each base once.
    pub sequences: Vec<Letters>,
}

/// A value for each base of a stretch, in 16 bits.
#[derive(Debug, Clone, Serialize)]
pub struct Signed {
    /// The chromosome's name.
    chrom: String,
    /// First base.
    start: u32,
    /// What 32,767 stands for.
    max: f32,
    /// Base by base, the low byte first, in base64.
    i16: String,
}

/// The sequence of a stretch.
#[derive(Debug, Clone, Serialize)]
pub struct Letters {
    /// The chromosome's name.
    pub chrom: String,
    /// First base.
    pub start: u32,
    /// A, C, G, T or N.
    pub letters: String,
}

impl Signed {
    /// Of the values of neighbouring bases.
    pub fn new(chrom: &str, start: u32, values: &[f32]) -> Self {
        let max = values
            .iter()
            .fold(0.0f32, |max, value| max.max(value.abs()));
        let scale = if max > 0.0 {
            f32::from(i16::MAX) / max
        } else {
            0.0
        };
        let bytes = values
            .iter()
            .flat_map(|value| ((value * scale).round() as i16).to_le_bytes());
        Self {
            chrom: chrom.to_string(),
            start,
            max,
            i16: STANDARD.encode(bytes.collect::<Vec<u8>>()),
        }
    }
}

/// A pair of a page.
#[derive(Debug, Clone, Serialize)]
pub struct PagePair {
    /// Its name.
    pub name: String,
    /// 1, 0, or nothing where nobody knows.
    pub label: Option<u8>,
    /// Its predicted probability.
    pub probability: f32,
    /// Bases between the two elements; nothing if they are on two chromosomes.
    pub distance: Option<u32>,
    /// The annotated elements.
    #[serde(flatten)]
    pub elements: Sides<Stretch>,
    /// The enhancer's window.
    pub enhancer_window: Stretch,
    /// The promoter's window.
    pub promoter_window: Stretch,
    /// The regions with the most attention, whatever the tracks rank theirs by.
    pub regions: Vec<PageRegion>,
    /// Attention over the enhancer's bins.
    pub matrix_enhancer: Matrix,
    /// Attention over the promoter's bins.
    pub matrix_promoter: Matrix,
}

/// A region of a page.
#[derive(Debug, Clone, Serialize)]
pub struct PageRegion {
    /// `enhancer` or `promoter`.
    pub element: &'static str,
    /// From 1.
    pub rank: u8,
    /// The bin that it stands for.
    pub bin: usize,
    /// First base.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
    /// Marginal attention.
    pub attention: f32,
    /// Marginal attention × number of bins.
    pub value: f32,
    /// The factors whose motifs lie in it, that of the best site first, where the folder of tracks knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<String>,
    /// The best footprint over it, −log10 p, where the folder of tracks knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footprint: Option<f32>,
}

/// A matrix in 16 bits a value: a thousandth of a colour's step is seen by nobody, and a page of
/// fifty pairs stays small enough to be sent.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// What 65,535 stands for.
    max: f32,
    /// Row by row, the low byte first, in base64.
    u16: String,
}

impl Matrix {
    /// Of values from 0 on, row by row.
    pub fn new(values: &[f32]) -> Self {
        let max = values.iter().copied().fold(0.0, f32::max);
        let scale = if max > 0.0 {
            f32::from(u16::MAX) / max
        } else {
            0.0
        };
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| ((value * scale).round() as u16).to_le_bytes())
            .collect();
        Self {
            max,
            u16: STANDARD.encode(bytes),
        }
    }
}

impl Page {
    /// The page as one HTML file. The browser comes from its published address when the page is
    /// opened, or from the script `igv`, which the page then holds: it needs no network.
    ///
    /// # Errors
    ///
    /// Never: what a page holds can be written as JSON.
    pub fn html(&self, igv: Option<&str>) -> serde_json::Result<String> {
        let parts = Parts {
            title: &self.title,
            css: STYLE,
            js: SCRIPT,
            data: inside_json(&serde_json::to_string(self)?),
            // The page's policy lets no other script run than those of its name.
            igv: igv.map(inside_script),
        };
        // askama leaves out the end of a template's last line.
        Ok(format!("{parts}\n"))
    }
}

/// JSON between script tags: what HTML would take for markup is written as escapes, which only
/// strings can hold.
fn inside_json(json: &str) -> String {
    json.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A script between script tags, which must not hold the closing one; nor the name of a file that
/// browsers' tools would ask for.
fn inside_script(script: &str) -> String {
    let lines = script
        .lines()
        .filter(|line| !line.starts_with("//# sourceMappingURL"));
    let script: Vec<&str> = lines.collect();
    let script = script.join("\n");
    let mut parts = script.split('<');
    let mut safe = parts.next().unwrap_or_default().to_string();
    for part in parts {
        // Browsers look for the tag in letters of either case.
        let begins = |tag: &str| {
            let head = part.get(..tag.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(tag))
        };
        let ends = begins("/script") || begins("!--");
        safe.push_str(if ends { "<\\" } else { "<" });
        safe.push_str(part);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script() {
        let json = serde_json::to_string("</script><!--&\u{2028}").unwrap();
        let inside = inside_json(&json);
        assert!(!inside.contains(['<', '>', '&', '\u{2028}']), "{inside}");
        let back: String = serde_json::from_str(&inside).unwrap();
        assert_eq!(back, "</script><!--&\u{2028}");
        let script = inside_script("a = \"</script></SCRIPT><!--\" < 'β'");
        assert_eq!(script, "a = \"<\\/script><\\/SCRIPT><\\!--\" < 'β'");
    }

    #[test]
    fn signed_values_keep_their_sign() {
        let signed = Signed::new("chr1", 7, &[-0.5, 0.0, 0.25]);
        let bytes = STANDARD.decode(&signed.i16).unwrap();
        let values: Vec<i16> = bytes
            .chunks_exact(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        assert_eq!(values, [-32_767, 0, 16_384]);
        assert_eq!(signed.max, 0.5);
    }

    #[test]
    fn a_matrix_keeps_its_values() {
        let matrix = Matrix::new(&[0.0, 0.25, 0.5]);
        let bytes = STANDARD.decode(&matrix.u16).unwrap();
        assert_eq!(bytes, [0, 0, 0, 0x80, 0xff, 0xff]);
        assert_eq!(matrix.max, 0.5);
        assert_eq!(Matrix::new(&[0.0, 0.0]).max, 0.0);
    }
}
