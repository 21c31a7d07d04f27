//! igv.js' session, a JSON object (<https://igv.org/doc/igvjs/>), for 3.x.
//!
//! igv.js takes relative addresses to be relative to its page, not to the session: the page that
//! loads the session lies in the same folder.

use serde::Serialize;

use super::{Keyed, Kind, Sequence, Session, SessionGenome, SessionTrack};
use crate::genome::SequenceFormat;

/// From where a session with paths opens.
const RELATIVE: &str = "Paths are relative to the page that opens this file: it has to lie in the folder \
    of this file.";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    /// igv.js reads what it knows alone.
    note: &'static str,
    #[serde(flatten)]
    genome: Genome<'a>,
    locus: String,
    tracks: Vec<Track>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Genome<'a> {
    Genome(&'a str),
    Reference(Keyed<String>),
}

/// A track. Type and format are stated: igv.js guesses them from names otherwise.
#[derive(Serialize)]
struct Track {
    name: String,
    url: String,
    #[serde(flatten)]
    look: Look,
}

#[derive(Serialize)]
#[serde(
    tag = "type",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
enum Look {
    Wig {
        format: &'static str,
        color: String,
        autoscale: bool,
        min: f32,
        max: f32,
        /// The largest value of a pixel, not the mean: a peak stays in sight from afar.
        window_function: &'static str,
        height: u32,
    },
    #[serde(rename = "wig")]
    Letters {
        format: &'static str,
        /// Letters where there is room for them, from igv.js 3.4 on; earlier ones draw bars.
        graph_type: &'static str,
        color: String,
        autoscale: bool,
        height: u32,
    },
    #[serde(rename = "wig")]
    Scaled {
        format: &'static str,
        color: String,
        autoscale: bool,
        height: u32,
    },
    Annotation {
        format: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        color: Option<String>,
        display_mode: &'static str,
        height: u32,
    },
    Interact {
        format: &'static str,
        arc_type: &'static str,
        height: u32,
    },
}

impl Session<'_> {
    /// The session for igv.js, as a file whose name ends in `.json`.
    pub fn igv_js(&self) -> String {
        let genome = match self.genome {
            SessionGenome::Known(id) => Genome::Genome(id),
            SessionGenome::Own { name, sequence } => {
                Genome::Reference(self.reference(name, sequence))
            }
        };
        let document = Document {
            note: self.note(RELATIVE),
            genome,
            locus: self.locus.one_based(),
            tracks: self
                .tracks
                .iter()
                .map(|track| Track::new(track, self.address(track.path)))
                .collect(),
        };
        super::json(&document)
    }

    fn reference(&self, name: &str, sequence: Sequence) -> Keyed<String> {
        let name = without_tags(name);
        let keys: &[&'static str] = match sequence.format {
            SequenceFormat::TwoBit => &["id", "name", "twoBitURL"],
            // The last has a value for bgzip alone.
            _ => &["id", "name", "fastaURL", "indexURL", "compressedIndexURL"],
        };
        let names = [name.clone(), name].into_iter();
        let addresses = sequence.paths().map(|path| self.address(&path));
        Keyed::new(keys, names.chain(addresses))
    }
}

/// A name that cannot be taken for markup. igv.js 3.8 puts the names of tracks into its page as
/// HTML (`trackLabelElement.innerHTML` in its `trackViewport.js`), so that a name could run a
/// script there; elsewhere it takes them for text, so that they cannot be escaped.
fn without_tags(name: &str) -> String {
    name.replace('<', "‹").replace('>', "›")
}

impl Track {
    fn new(track: &SessionTrack, url: String) -> Self {
        let color = format!("rgb({})", track.rgb);
        let look = match track.kind {
            Kind::Signal { min, max } => Look::Wig {
                format: "bigwig",
                color,
                autoscale: false,
                min,
                max,
                window_function: "max",
                height: 60,
            },
            Kind::Letters => Look::Letters {
                format: "bigwig",
                graph_type: "dynseq",
                color,
                autoscale: true,
                height: 80,
            },
            Kind::Scaled => Look::Scaled {
                format: "bigwig",
                color,
                autoscale: true,
                height: 60,
            },
            Kind::Regions | Kind::Plain => Look::Annotation {
                format: "bigbed",
                // With a colour of its own the track would hide those of its items.
                color: (track.kind == Kind::Plain).then_some(color),
                display_mode: "EXPANDED",
                height: 60,
            },
            // So would a colour those of arcs (`getColor` of its `InteractionTrack`).
            Kind::Arcs { .. } => Look::Interact {
                format: "biginteract",
                arc_type: "nested",
                height: 120,
            },
        };
        Self {
            name: without_tags(track.name),
            url,
            look,
        }
    }
}
