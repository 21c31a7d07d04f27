//! JBrowse 2's configuration (<https://jbrowse.org/jb2/docs/config_guide/>).
//!
//! JBrowse takes relative addresses to be relative to the configuration. Versions 3 and 4 read the
//! forms that are used here.

use serde::Serialize;

use super::{Keyed, Kind, Sequence, Session, SessionGenome, SessionTrack};
use crate::genome::SequenceFormat;

/// From where a configuration with paths opens.
const RELATIVE: &str = "Paths are relative to this file: it opens where it lies beside the files that it \
    names.";

/// Where JBrowse keeps the genomes of its examples
/// (<https://jbrowse.org/jb2/docs/config_guides/assemblies/>).
const JBROWSE: &str = "https://jbrowse.org/genomes";
/// Where JBrowse keeps the other names of their chromosomes, such as 1 for chr1.
const ALIASES: &str = "https://s3.amazonaws.com/jbrowse.org/genomes";
/// Where UCSC keeps the sequence of each of its genomes.
const UCSC: &str = "https://hgdownload.soe.ucsc.edu/goldenPath";

/// The colour of each arc and of each region, in JBrowse's language of expressions
/// (<https://jbrowse.org/jb2/docs/config_guides/jexl/>): the BEDPE's column `color`, and BED's ninth, which UCSC's
/// schemas call `reserved`.
const OF_ARC: &str = "jexl:'rgb('+get(feature,'color')+')'";
const OF_REGION: &str = "jexl:'rgb('+(get(feature,'itemRgb')||get(feature,'reserved'))+')'";

const BGZIP_FASTA: &str = "BgzipFastaAdapter";
/// A sequence and its indexes, the second of which only one in bgzip form has.
const FASTA_FILES: &[&str] = &["fastaLocation", "faiLocation", "gziLocation"];
const TWO_BIT: &str = "TwoBitAdapter";
/// A sequence and the lengths, without which all of its index is read at the start.
const TWO_BIT_FILES: &[&str] = &["twoBitLocation", "chromSizesLocation"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration<'a> {
    /// JBrowse leaves out what it does not know.
    note: &'static str,
    assemblies: [Assembly<'a>; 1],
    tracks: Vec<Track<'a>>,
    default_session: DefaultSession<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Assembly<'a> {
    name: &'a str,
    sequence: SequenceTrack,
    #[serde(skip_serializing_if = "Option::is_none")]
    ref_name_aliases: Option<Keyed<Adapter>>,
}

#[derive(Serialize)]
#[serde(
    tag = "type",
    rename = "ReferenceSequenceTrack",
    rename_all = "camelCase"
)]
struct SequenceTrack {
    track_id: &'static str,
    adapter: Adapter,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Track<'a> {
    r#type: &'static str,
    track_id: String,
    name: &'a str,
    assembly_names: [&'a str; 1],
    adapter: Adapter,
    displays: [Display; 1],
}

/// What reads a track or a sequence: its type, and where its files are, by their keys.
#[derive(Serialize)]
struct Adapter {
    r#type: &'static str,
    #[serde(flatten)]
    files: Keyed<Location>,
}

/// How a track looks.
#[derive(Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
enum Display {
    #[serde(rename = "LinearWiggleDisplay")]
    Wiggle {
        display_id: String,
        /// Where there is none, what is in sight decides.
        #[serde(skip_serializing_if = "Option::is_none")]
        min_score: Option<f32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        max_score: Option<f32>,
        renderers: Keyed<XyPlot>,
    },
    #[serde(rename = "LinearBasicDisplay")]
    Basic { display_id: String, renderer: Svg },
    #[serde(rename = "LinearPairedArcDisplay")]
    PairedArc { display_id: String, color: String },
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "XYPlotRenderer")]
struct XyPlot {
    /// Version 4 reads this one, version 3 the other.
    color: String,
    #[serde(rename = "posColor")]
    positive: String,
}

/// How items look.
#[derive(Serialize)]
#[serde(tag = "type", rename = "SvgFeatureRenderer")]
struct Svg {
    color1: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    uri: String,
    location_type: &'static str,
}

#[derive(Serialize)]
struct DefaultSession<'a> {
    name: &'a str,
    views: [View<'a>; 1],
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "LinearGenomeView")]
struct View<'a> {
    id: &'static str,
    init: Init<'a>,
}

#[derive(Serialize)]
struct Init<'a> {
    assembly: &'a str,
    loc: String,
    tracks: Vec<String>,
}

impl Session<'_> {
    /// The configuration for JBrowse 2: a file named `config.json`.
    pub fn jbrowse(&self) -> String {
        let (name, sequence, aliases) = match self.genome {
            SessionGenome::Known(id) => {
                let (sequence, aliases) = known(id);
                (id, sequence, aliases)
            }
            SessionGenome::Own { name, sequence } => (name, self.own(sequence), None),
        };
        let tracks: Vec<Track> = (1..)
            .zip(self.tracks)
            .map(|(number, track)| {
                let path = match track.kind {
                    Kind::Arcs { bedpe } => bedpe,
                    _ => track.path,
                };
                Track::new(track, self.address(path), number, name)
            })
            .collect();
        let init = Init {
            assembly: name,
            loc: self.locus.one_based(),
            tracks: tracks.iter().map(|track| track.track_id.clone()).collect(),
        };
        super::json(&Configuration {
            note: self.note(RELATIVE),
            assemblies: [Assembly {
                name,
                sequence: SequenceTrack {
                    track_id: "sequence",
                    adapter: sequence,
                },
                ref_name_aliases: aliases.map(|adapter| Keyed::new(&["adapter"], [adapter])),
            }],
            tracks,
            default_session: DefaultSession {
                name,
                views: [View { id: "view", init }],
            },
        })
    }

    fn own(&self, sequence: Sequence) -> Adapter {
        let (r#type, keys) = match sequence.format {
            SequenceFormat::Fasta => ("IndexedFastaAdapter", FASTA_FILES),
            SequenceFormat::Bgzip => (BGZIP_FASTA, FASTA_FILES),
            SequenceFormat::TwoBit => (TWO_BIT, TWO_BIT_FILES),
        };
        let addresses = sequence.paths().map(|path| self.address(&path));
        Adapter::new(r#type, keys, addresses)
    }
}

/// The sequence of a genome that UCSC has, and the other names of its chromosomes.
fn known(id: &str) -> (Adapter, Option<Adapter>) {
    let (fasta, aliases) = match id {
        "hg19" => ("hg19/fasta/hg19.fa.gz", "hg19/hg19_aliases.txt"),
        "hg38" => ("GRCh38/fasta/hg38.prefix.fa.gz", "GRCh38/hg38_aliases.txt"),
        _ => {
            let file = |extension| format!("{UCSC}/{id}/bigZips/{id}.{extension}");
            let files = ["2bit", "chrom.sizes"].map(file);
            return (Adapter::new(TWO_BIT, TWO_BIT_FILES, files), None);
        }
    };
    let files = ["", ".fai", ".gzi"].map(|extension| format!("{JBROWSE}/{fasta}{extension}"));
    let names = [format!("{ALIASES}/{aliases}")];
    (
        Adapter::new(BGZIP_FASTA, FASTA_FILES, files),
        Some(Adapter::new("RefNameAliasAdapter", &["location"], names)),
    )
}

impl Adapter {
    /// Of files at these addresses, each of which has the key in its place.
    fn new(
        r#type: &'static str,
        keys: &[&'static str],
        addresses: impl IntoIterator<Item = String>,
    ) -> Self {
        let location = |uri| Location {
            uri,
            location_type: "UriLocation",
        };
        let locations = addresses.into_iter().map(location);
        Self {
            r#type,
            files: Keyed::new(keys, locations),
        }
    }
}

impl<'a> Track<'a> {
    fn new(track: &SessionTrack<'a>, address: String, number: usize, assembly: &'a str) -> Self {
        let track_id = format!("track{number}");
        let display_id = format!("display{number}");
        let color = format!("rgb({})", track.rgb);
        let plot = XyPlot {
            positive: color.clone(),
            color: color.clone(),
        };
        let scale = match track.kind {
            Kind::Signal { min, max } => Some([min, max]),
            _ => None,
        };
        let file = |r#type, key| Adapter::new(r#type, &[key], [address]);
        let (r#type, adapter, display) = match track.kind {
            Kind::Signal { .. } | Kind::Letters | Kind::Scaled => (
                "QuantitativeTrack",
                file("BigWigAdapter", "bigWigLocation"),
                Display::Wiggle {
                    display_id,
                    min_score: scale.map(|[min, _]| min),
                    max_score: scale.map(|[_, max]| max),
                    renderers: Keyed::new(&["XYPlotRenderer"], [plot]),
                },
            ),
            Kind::Regions | Kind::Plain => (
                "FeatureTrack",
                file("BigBedAdapter", "bigBedLocation"),
                Display::Basic {
                    display_id,
                    renderer: Svg {
                        color1: match track.kind {
                            Kind::Regions => OF_REGION.to_string(),
                            _ => color,
                        },
                    },
                },
            ),
            // Arcs between the two ends of a line are drawn for this type alone.
            Kind::Arcs { .. } => (
                "VariantTrack",
                file("BedpeAdapter", "bedpeLocation"),
                Display::PairedArc {
                    display_id,
                    color: OF_ARC.to_string(),
                },
            ),
        };
        Self {
            r#type,
            track_id,
            name: track.name,
            assembly_names: [assembly],
            adapter,
            displays: [display],
        }
    }
}
