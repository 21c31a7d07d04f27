//! IGV desktop's session, an XML document.
//!
//! What is written is what `XMLSessionReader` (up to 2.19: `IGVSessionReader`) and the tracks'
//! `unmarshalXML` read, in 2.16, 2.19 and 3.0 (<https://github.com/igvteam/igv>). Relative paths
//! are sought beside the session, and a track's `id` is the path of its resource.

use askama::Template;

use super::{Kind, Session, SessionGenome, SessionTrack};

/// From where a session with paths opens.
const RELATIVE: &str = "Paths are relative to this file: it opens where it lies beside the files that \
    it names, on a disk or on the web.";

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
    note: &'static str,
    genome: String,
    locus: String,
    tracks: Vec<Track<'a>>,
}

/// A track.
struct Track<'a> {
    name: &'a str,
    /// The path or address of its file, and what that holds.
    file: String,
    format: &'static str,
    kind: Kind<'a>,
    rgb: &'a str,
}

impl Session<'_> {
    /// The session for IGV desktop, as a file whose name ends in `.xml`.
    pub fn igv_desktop(&self) -> String {
        // A path is one of the disk, in which nothing is escaped.
        let file = |path: &str| match self.base {
            Some(_) => self.address(path),
            None => path.to_string(),
        };
        let document = Document {
            note: self.note(RELATIVE),
            genome: match self.genome {
                SessionGenome::Known(id) => id.to_string(),
                SessionGenome::Own { sequence, .. } => file(sequence.path),
            },
            locus: self.locus.one_based(),
            tracks: self
                .tracks
                .iter()
                .map(|track| Track::new(track, file))
                .collect(),
        };
        // askama leaves out the end of a template's last line.
        format!("{document}\n")
    }
}

impl<'a> Track<'a> {
    fn new(track: &SessionTrack<'a>, file: impl Fn(&str) -> String) -> Self {
        let (path, format) = match track.kind {
            Kind::Signal { .. } | Kind::Letters | Kind::Scaled => (track.path, "bigwig"),
            Kind::Regions | Kind::Plain => (track.path, "bigbed"),
            Kind::Arcs { bedpe } => (bedpe, "bedpe"),
        };
        Self {
            name: track.name,
            file: file(path),
            format,
            kind: track.kind,
            rgb: track.rgb,
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
