//! A page that shows pairs, their tracks and their attention, with igv.js.

mod packed;

use std::io;

use askama::Template;
use serde::Serialize;

use packed::pack;
pub use packed::{Matrix, Signed};

use crate::element::Sides;

const STYLE: &str = include_str!("../../assets/view/view.css");
/// In the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("../../assets/view/data.js"),
    include_str!("../../assets/view/table.js"),
    include_str!("../../assets/view/heatmap.js"),
    include_str!("../../assets/view/tracks.js"),
    include_str!("../../assets/view/added.js"),
    include_str!("../../assets/view/genes.js"),
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
    /// What the page shows as JSON, [`pack`].
    data: String,
    /// The bytes of its matrices, contributions and added values, [`pack`].
    values: String,
    /// What igv.js says, where the page holds it. Its published address is that of the version that
    /// the page was tested with, beside what the script sums up to: a browser runs no other.
    igv: Option<String>,
}

/// A stretch of a chromosome, by the chromosome's name: `[name, start, end]` in JSON.
pub type Stretch = (String, u32, u32);

/// A stretch of one value: bases from the end of the one before it, or from the chromosome's start;
/// length; value. As places would take, packed, five times the room.
pub type Step = (i64, u32, f32);

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
    /// Why what the page shows is no finding, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// The probability from which on a pair is predicted to interact.
    pub threshold: f64,
    /// Pairs that the page shows.
    pub pairs_shown: usize,
    /// Pairs that the tracks show.
    pub pairs_total: usize,
    /// Edges of the bins, from the window's first base: one more than there are bins.
    pub bins: Sides<Vec<u32>>,
    /// The upper end of the scale of the tracks, whose lower one is 0, as in genome browsers.
    pub scale: f64,
    /// Values of the tracks around the pairs, by chromosome, from left to right.
    pub tracks: Sides<Vec<(String, Vec<Step>)>>,
    /// What the bases of the pairs' windows add to the logits, or to an activity, if the tracks say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributions: Option<Contributions>,
    /// What is predicted of the activities that the network has learnt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<PageActivity>,
    /// Genes around the pairs and between their windows, from left to right, if they were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genes: Option<Vec<PageGene>>,
    /// Tracks of the user's own, as far as they lie in the windows.
    #[serde(rename = "add", skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<PageTrack>,
    /// The pairs.
    pub pairs: Vec<PagePair>,
}

/// What is predicted of an activity around the pairs.
#[derive(Debug, Clone, Serialize)]
pub struct PageActivity {
    /// What the tracks are called.
    pub names: Sides<String>,
    /// What a value means.
    pub value: String,
    /// The upper end of the scale, whose lower one is 0.
    pub scale: f64,
    /// As those of [`Page::tracks`].
    pub tracks: Sides<Vec<(String, Vec<Step>)>>,
}

/// A gene of a page, as one of its transcripts.
#[derive(Debug, Clone, Serialize)]
pub struct PageGene {
    /// Its name.
    pub name: String,
    /// The transcript's name.
    pub transcript: String,
    /// From its first to its last base.
    pub place: Stretch,
    /// `+`, `-` or `.`.
    pub strand: &'static str,
    /// The first coding base and one past the last, if it codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coding: Option<(u32, u32)>,
    /// Of each exon, from left to right, how many bases lie before it, from the end of the one before or
    /// from the gene's start, and its length.
    pub exons: Vec<(u32, u32)>,
}

/// A track of the user's own.
#[derive(Debug, Clone, Serialize)]
pub struct PageTrack {
    /// What it is called.
    pub name: String,
    /// Red, green and blue.
    pub colour: String,
    /// Whether it is what an activity was learnt from: it stands below what is predicted.
    #[serde(rename = "measured", skip_serializing_if = "std::ops::Not::not")]
    pub is_measured: bool,
    /// What it shows.
    #[serde(flatten)]
    pub shown: PageTrackContent,
}

impl PageTrack {
    /// The values that it has base by base.
    fn bases(&self) -> &[Signed] {
        match &self.shown {
            PageTrackContent::Signal { bases, .. } => bases,
            PageTrackContent::Features { .. } => &[],
        }
    }
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
        values: Vec<(String, Vec<Step>)>,
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
    /// The activity that they are of, by its name; of the logit where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// What a value means.
    pub value: String,
    /// Of each element: stretches of bases that have one.
    pub tracks: Sides<Vec<Signed>>,
    /// The sequence of the windows, each base once.
    pub sequences: Vec<Letters>,
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

/// A pair of a page.
#[derive(Debug, Clone, Serialize)]
pub struct PagePair {
    /// Its name.
    pub name: String,
    /// Its promoter's gene, where the table names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gene: Option<&'static str>,
    /// What it was to the training: `train`, `validation`, `test`, `none`; nothing of a pair that the
    /// run's table did not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// 1, 0, or nothing where nobody knows.
    pub label: Option<u8>,
    /// Its predicted probability.
    pub probability: f32,
    /// The probability that the context alone gives it, of a run that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<f32>,
    /// Its rank by the predicted probability, from 1, among all pairs of the tracks.
    pub rank: usize,
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

impl Page {
    /// The page as one HTML file. The browser comes from its published address when the page is
    /// opened, or from the script `igv`, which the page then holds: it needs no network.
    ///
    /// # Errors
    ///
    /// Never: what a page holds can be written as JSON, and into memory.
    pub fn html(&self, igv: Option<&str>) -> io::Result<String> {
        let parts = Parts {
            title: &self.title,
            css: STYLE,
            js: SCRIPT,
            data: pack(&serde_json::to_vec(self)?)?,
            values: pack(&self.values())?,
            // The page's policy lets no other script run than those of its name.
            igv: igv.map(inside_script),
        };
        // askama leaves out the end of a template's last line.
        Ok(format!("{parts}\n"))
    }

    /// The bytes of both matrices of each pair, the enhancer's first, then those of the contributions and
    /// of added tracks, in the order in which the page's JSON names them.
    fn values(&self) -> Vec<u8> {
        let matrices = self
            .pairs
            .iter()
            .flat_map(|pair| [&pair.matrix_enhancer, &pair.matrix_promoter])
            .map(Matrix::bytes);
        let contributions = self
            .contributions
            .iter()
            .flat_map(|of| of.tracks.as_ref().into_iter().flatten());
        let added = self.added.iter().flat_map(PageTrack::bases);
        let signed = contributions.chain(added).map(Signed::bytes);
        matrices.chain(signed).flatten().copied().collect()
    }
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
mod tests;
