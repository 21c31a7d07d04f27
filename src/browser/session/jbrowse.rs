//! JBrowse 2's configuration (<https://jbrowse.org/jb2/docs/config_guide/>).
//!
//! JBrowse takes relative addresses to be relative to the configuration. Versions 3 and 4 read the
//! forms that are used here.

use serde::Serialize;

use super::{Kind, Sequence, Session, SessionGenome, SessionTrack};
use crate::text::escape;

/// Where JBrowse keeps the genomes of its examples
/// (<https://jbrowse.org/jb2/docs/config_guides/assemblies/>).
const JBROWSE: &str = "https://jbrowse.org/genomes";
/// Where JBrowse keeps the other names of their chromosomes, such as 1 for chr1.
const ALIASES: &str = "https://s3.amazonaws.com/jbrowse.org/genomes";
/// Where UCSC keeps the sequence of each of its genomes.
const UCSC: &str = "https://hgdownload.soe.ucsc.edu/goldenPath";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration<'a> {
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
    ref_name_aliases: Option<Aliases>,
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
struct Aliases {
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

/// What reads a file.
#[derive(Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
enum Adapter {
    #[serde(rename = "IndexedFastaAdapter")]
    Fasta {
        fasta_location: Location,
        fai_location: Location,
    },
    #[serde(rename = "BgzipFastaAdapter")]
    BgzipFasta {
        fasta_location: Location,
        fai_location: Location,
        gzi_location: Location,
    },
    #[serde(rename = "TwoBitAdapter")]
    TwoBit {
        two_bit_location: Location,
        /// Without it all of the sequence's index is read at the start.
        #[serde(skip_serializing_if = "Option::is_none")]
        chrom_sizes_location: Option<Location>,
    },
    #[serde(rename = "RefNameAliasAdapter")]
    RefNameAlias { location: Location },
    #[serde(rename = "BigWigAdapter")]
    BigWig { big_wig_location: Location },
    #[serde(rename = "BigBedAdapter")]
    BigBed { big_bed_location: Location },
    #[serde(rename = "BedpeAdapter")]
    Bedpe { bedpe_location: Location },
}

/// How a track looks.
#[derive(Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
enum Display {
    #[serde(rename = "LinearWiggleDisplay")]
    Wiggle {
        display_id: String,
        min_score: f32,
        max_score: f32,
        renderers: Renderers,
    },
    #[serde(rename = "LinearBasicDisplay")]
    Basic { display_id: String },
    #[serde(rename = "LinearPairedArcDisplay")]
    PairedArc { display_id: String, color: String },
}

#[derive(Serialize)]
struct Renderers {
    #[serde(rename = "XYPlotRenderer")]
    xy_plot: XyPlot,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "XYPlotRenderer")]
struct XyPlot {
    /// Version 4 reads this one, version 3 the other.
    color: String,
    #[serde(rename = "posColor")]
    positive: String,
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
            SessionGenome::Own { name, sequence } => (name, own(sequence), None),
        };
        let tracks: Vec<Track> = (1..)
            .zip(self.tracks)
            .map(|(number, track)| Track::new(track, number, name))
            .collect();
        let init = Init {
            assembly: name,
            loc: self.locus.one_based(),
            tracks: tracks.iter().map(|track| track.track_id.clone()).collect(),
        };
        super::json(&Configuration {
            assemblies: [Assembly {
                name,
                sequence: SequenceTrack {
                    track_id: "sequence",
                    adapter: sequence,
                },
                ref_name_aliases: aliases.map(|adapter| Aliases { adapter }),
            }],
            tracks,
            default_session: DefaultSession {
                name,
                views: [View { id: "view", init }],
            },
        })
    }
}

/// The sequence of a genome that UCSC has, and the other names of its chromosomes.
fn known(id: &str) -> (Adapter, Option<Adapter>) {
    let (fasta, aliases) = match id {
        "hg19" => ("hg19/fasta/hg19.fa.gz", "hg19/hg19_aliases.txt"),
        "hg38" => ("GRCh38/fasta/hg38.prefix.fa.gz", "GRCh38/hg38_aliases.txt"),
        _ => {
            let file = |extension| Location::new(format!("{UCSC}/{id}/bigZips/{id}.{extension}"));
            let sequence = Adapter::TwoBit {
                two_bit_location: file("2bit"),
                chrom_sizes_location: Some(file("chrom.sizes")),
            };
            return (sequence, None);
        }
    };
    let file = |extension| Location::new(format!("{JBROWSE}/{fasta}{extension}"));
    let sequence = Adapter::BgzipFasta {
        fasta_location: file(""),
        fai_location: file(".fai"),
        gzi_location: file(".gzi"),
    };
    let location = Location::new(format!("{ALIASES}/{aliases}"));
    (sequence, Some(Adapter::RefNameAlias { location }))
}

fn own(sequence: Sequence) -> Adapter {
    match sequence {
        Sequence::Fasta { path, index } => Adapter::Fasta {
            fasta_location: Location::of(path),
            fai_location: Location::of(index),
        },
        Sequence::BgzipFasta {
            path,
            index,
            blocks,
        } => Adapter::BgzipFasta {
            fasta_location: Location::of(path),
            fai_location: Location::of(index),
            gzi_location: Location::of(blocks),
        },
        Sequence::TwoBit { path } => Adapter::TwoBit {
            two_bit_location: Location::of(path),
            chrom_sizes_location: None,
        },
    }
}

impl<'a> Track<'a> {
    fn new(track: &SessionTrack<'a>, number: usize, assembly: &'a str) -> Self {
        let track_id = format!("track{number}");
        let display_id = format!("display{number}");
        let color = format!("rgb({})", track.rgb);
        let (r#type, adapter, display) = match track.kind {
            Kind::Signal { min, max } => (
                "QuantitativeTrack",
                Adapter::BigWig {
                    big_wig_location: Location::of(track.path),
                },
                Display::Wiggle {
                    display_id,
                    min_score: min,
                    max_score: max,
                    renderers: Renderers {
                        xy_plot: XyPlot {
                            positive: color.clone(),
                            color,
                        },
                    },
                },
            ),
            Kind::Regions => (
                "FeatureTrack",
                Adapter::BigBed {
                    big_bed_location: Location::of(track.path),
                },
                Display::Basic { display_id },
            ),
            // Arcs between the two ends of a line are drawn for this type alone.
            Kind::Arcs { bedpe } => (
                "VariantTrack",
                Adapter::Bedpe {
                    bedpe_location: Location::of(bedpe),
                },
                Display::PairedArc { display_id, color },
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

impl Location {
    /// A file by its path.
    fn of(path: &str) -> Self {
        Self::new(escape::path(path))
    }

    fn new(uri: String) -> Self {
        Self {
            uri,
            location_type: "UriLocation",
        }
    }
}
