//! IGV desktop's session, an XML document.
//!
//! What is written is what `XMLSessionReader` (up to 2.19: `IGVSessionReader`) and the tracks'
//! `unmarshalXML` read, in 2.16, 2.19 and 3.0 (<https://github.com/igvteam/igv>). Relative paths
//! are sought beside the session, and a track's `id` is the path of its resource.

use super::{Kind, Session, SessionGenome, SessionTrack};
use crate::text::escape::markup;

/// The version of the format that IGV writes since 2.0.
const VERSION: u8 = 8;
/// Up to 2.19 a list of panels hides the sequence unless it is in it.
const SEQUENCE_TRACK: &str = "        <Track clazz=\"org.broad.igv.track.SequenceTrack\" \
    id=\"Reference sequence\" name=\"Reference sequence\" visible=\"true\"/>\n";

impl Session<'_> {
    /// The session for IGV desktop, as a file whose name ends in `.xml`.
    pub fn igv_desktop(&self) -> String {
        let genome = match self.genome {
            SessionGenome::Known(id) => id,
            SessionGenome::Own { sequence, .. } => sequence.path,
        };
        let (genome, locus) = (markup(genome), markup(&self.locus.one_based()));
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
             <Session genome=\"{genome}\" locus=\"{locus}\" version=\"{VERSION}\">\n    <Resources>\n"
        );
        xml.extend(self.tracks.iter().map(resource));
        xml.push_str("    </Resources>\n    <Panel name=\"DataPanel\">\n");
        let has_regions = |track: &&SessionTrack| track.kind == Kind::Regions;
        let (regions, data): (Vec<_>, Vec<_>) = self.tracks.iter().partition(has_regions);
        xml.extend(data.into_iter().map(element));
        xml.push_str("    </Panel>\n    <Panel name=\"FeaturePanel\">\n");
        xml.push_str(SEQUENCE_TRACK);
        xml.extend(regions.into_iter().map(element));
        xml.push_str("    </Panel>\n</Session>\n");
        xml
    }
}

/// The file that IGV desktop reads, and its format.
fn file<'a>(track: &SessionTrack<'a>) -> (&'a str, &'static str) {
    match track.kind {
        Kind::Signal { .. } => (track.path, "bigwig"),
        Kind::Regions => (track.path, "bigbed"),
        Kind::Arcs { bedpe } => (bedpe, "bedpe"),
    }
}

fn resource(track: &SessionTrack) -> String {
    let (path, format) = file(track);
    let (name, path) = (markup(track.name), markup(path));
    format!("        <Resource name=\"{name}\" path=\"{path}\" type=\"{format}\"/>\n")
}

/// How a track looks.
fn element(track: &SessionTrack) -> String {
    let (path, _) = file(track);
    let (name, id, rgb) = (markup(track.name), markup(path), track.rgb);
    let own = format!("id=\"{id}\" name=\"{name}\" visible=\"true\"");
    match track.kind {
        // The largest value of a pixel, not the mean: a peak stays in sight from afar.
        Kind::Signal { min, max } => format!(
            "        <Track clazz=\"org.broad.igv.track.DataSourceTrack\" {own} color=\"{rgb}\" \
             autoScale=\"false\" height=\"60\" renderer=\"BAR_CHART\" windowFunction=\"max\">\n            \
             <DataRange baseline=\"{}\" drawBaseline=\"true\" flipAxis=\"false\" maximum=\"{max}\" \
             minimum=\"{min}\" type=\"LINEAR\"/>\n        </Track>\n",
            0f32.clamp(min, max)
        ),
        Kind::Regions => format!(
            "        <Track clazz=\"org.broad.igv.track.FeatureTrack\" {own} displayMode=\"EXPANDED\"/>\n"
        ),
        Kind::Arcs { .. } => format!(
            "        <Track clazz=\"org.broad.igv.bedpe.InteractionTrack\" {own} color=\"{rgb}\" \
             direction=\"UP\" graphType=\"NESTED_ARC\" height=\"120\" showBlocks=\"true\" \
             thickness=\"1\"/>\n"
        ),
    }
}
