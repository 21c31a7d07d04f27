//! IGV desktop's session, an XML document.
//!
//! What is written is what `XMLSessionReader` (up to 2.19: `IGVSessionReader`) and the tracks'
//! `unmarshalXML` read, in 2.16, 2.19 and 3.0 (<https://github.com/igvteam/igv>). Relative paths
//! are sought beside the session, and a track's `id` is the path of its resource.

use askama::Template;

use super::{Kind, Session, SessionGenome, SessionTrack};

/// The document, in the version of the format that IGV writes since 2.0.
///
/// Up to 2.19 a list of panels hides the sequence unless it is in it. Signals show the largest
/// value of a pixel, not the mean: a peak stays in sight from afar.
#[derive(Template)]
#[template(
    path = "session/igv_desktop.xml",
    escape = "html",
    config = "assets/askama.toml"
)]
struct Document<'a> {
    genome: &'a str,
    locus: String,
    tracks: &'a [SessionTrack<'a>],
}

impl Session<'_> {
    /// The session for IGV desktop, as a file whose name ends in `.xml`.
    pub fn igv_desktop(&self) -> String {
        let document = Document {
            genome: match self.genome {
                SessionGenome::Known(id) => id,
                SessionGenome::Own { sequence, .. } => sequence.path,
            },
            locus: self.locus.one_based(),
            tracks: self.tracks,
        };
        // askama leaves out the end of a template's last line.
        format!("{document}\n")
    }
}

impl SessionTrack<'_> {
    /// The file that IGV desktop reads, and its format.
    fn igv_file(&self) -> (&str, &'static str) {
        match self.kind {
            Kind::Signal { .. } | Kind::Letters => (self.path, "bigwig"),
            Kind::Regions => (self.path, "bigbed"),
            Kind::Arcs { bedpe } => (bedpe, "bedpe"),
        }
    }

    /// Zero, or the end of a signal's scale that is next to it.
    fn baseline(&self) -> f32 {
        match self.kind {
            Kind::Signal { min, max } => 0f32.clamp(min, max),
            _ => 0.0,
        }
    }
}
