//! WashU's data hub: a list of tracks
//! (<https://epigenomegateway.readthedocs.io/en/latest/datahub.html>), for assemblies that the browser
//! has.
//!
//! Relative addresses are relative to the list. WashU reads the bigInteract of the arcs as it is.

use serde::Serialize;

use super::{Kind, Session, SessionGenome, SessionTrack};
use crate::text::escape;

/// From where a list with paths opens.
const RELATIVE: &str = "Addresses are relative to this list: it opens where it lies on the web beside the \
    files that it names.";
/// The browser.
const BROWSER: &str = "https://epigenomegateway.wustl.edu/browser/";

#[derive(Serialize)]
struct Track<'a> {
    r#type: &'static str,
    name: &'a str,
    url: String,
    #[serde(rename = "showOnHubLoad")]
    shown: bool,
    options: Options,
    details: Details,
}

/// What the browser shows where a reader asks for more about a track.
#[derive(Serialize)]
struct Details {
    note: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    color: String,
    height: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    y_scale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y_min: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y_max: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aggregate_method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_mode: Option<&'static str>,
}

impl Session<'_> {
    /// The session for WashU's browser, as a file whose name ends in `.json`; none for a genome of one's
    /// own, which a list of tracks cannot bring along.
    pub fn washu(&self) -> Option<String> {
        let SessionGenome::Known(_) = self.genome else {
            return None;
        };
        let note = self.note(RELATIVE);
        let tracks = self.tracks.iter();
        let tracks: Vec<Track> = tracks
            .map(|track| Track::new(track, self.address(track.path), note))
            .collect();
        Some(super::json(&tracks))
    }

    /// The address that opens WashU's browser with its list of this name, where the folder's address and
    /// the genome are known.
    pub fn washu_address(&self, file: &str) -> Option<String> {
        let (SessionGenome::Known(genome), Some(base)) = (self.genome, self.base) else {
            return None;
        };
        let (genome, hub) = (escape::query(genome), escape::query(&base.join(file)?));
        let position = escape::query(&self.locus.one_based());
        Some(format!(
            "{BROWSER}?genome={genome}&position={position}&hub={hub}"
        ))
    }
}

impl<'a> Track<'a> {
    fn new(track: &SessionTrack<'a>, url: String, note: &'static str) -> Self {
        let (r#type, height) = match track.kind {
            Kind::Signal { .. } | Kind::Scaled => ("bigwig", 60),
            Kind::Letters => ("dynseq", 80),
            Kind::Regions | Kind::Plain => ("bigbed", 60),
            Kind::Arcs { .. } => ("biginteract", 120),
        };
        let range = match track.kind {
            Kind::Signal { min, max } => Some((min, max)),
            _ => None,
        };
        let is_arcs = matches!(track.kind, Kind::Arcs { .. });
        Self {
            r#type,
            name: track.name,
            url,
            shown: true,
            options: Options {
                color: format!("rgb({})", track.rgb),
                height,
                y_scale: range.map(|_| "fixed"),
                y_min: range.map(|(min, _)| min),
                y_max: range.map(|(_, max)| max),
                // A peak stays in sight from afar.
                aggregate_method: range.map(|_| "MAX"),
                display_mode: is_arcs.then_some("arc"),
            },
            details: Details { note },
        }
    }
}
