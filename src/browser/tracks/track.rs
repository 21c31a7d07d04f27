//! The bigWigs of a folder of tracks, as its summary has them.

use serde::{Deserialize, Serialize};

use super::of_activity::OfActivity;
use crate::browser::signal_range;
use crate::element::{Element, Sides};
use crate::formats::Summary;
use crate::network::activity::Kind;
use crate::network::contribution::Method;

/// A bigWig.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// The file's name.
    pub file: String,
    /// Distinct windows behind it.
    pub windows: usize,
    /// Its values.
    #[serde(flatten)]
    pub summary: Summary,
}

/// Tracks of what each base adds to the logits of the pairs over it, or to the activity that is predicted of
/// their elements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contributed {
    /// How it was computed.
    pub method: Method,
    /// The activity that it was computed of, if it is not the logit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<OfActivity>,
    /// What a value means.
    pub value: String,
    /// The enhancers' and the promoters' track.
    #[serde(flatten)]
    pub tracks: Sides<Track>,
    /// How far the members of an ensemble disagree: the standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Sides<Track>>,
}

impl Contributed {
    /// What the names of the tracks end in.
    pub fn measure(&self) -> &'static str {
        match self.activity {
            None => "contribution",
            Some(_) => "activity_contribution",
        }
    }

    /// The unit of the values.
    pub fn unit(&self) -> &'static str {
        self.activity.as_ref().map_or("logits", OfActivity::unit)
    }
}

/// Tracks of an activity that the network predicts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// Which activity, by its name.
    pub source: String,
    /// What was measured.
    pub kind: Kind,
    /// What a value means.
    pub value: String,
    /// The enhancers' and the promoters' track.
    #[serde(flatten)]
    pub tracks: Sides<Track>,
    /// How far the members of an ensemble disagree: the standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Sides<Track>>,
}

impl Predicted {
    /// What the track of an element is called.
    pub fn name(&self, element: Element) -> String {
        format!("{} {} predicted", element.name(), self.source)
    }

    /// The upper end of its scale, whose lower one is 0: the same in every browser and on a page.
    pub fn upper(&self) -> f64 {
        match self.kind {
            Kind::Peaks => 1.0,
            Kind::Signal => upper_end(&self.tracks),
        }
    }
}

/// The upper end of the scale of two tracks that are there to be compared, the lower of which is 0: the same in
/// every browser and on a page.
pub fn upper_end(tracks: &Sides<Track>) -> f64 {
    let of = tracks.as_ref().map(|track| track.summary);
    let mean = of.enhancer.mean.max(of.promoter.mean);
    let max = of.enhancer.max.max(of.promoter.max);
    signal_range(mean, f64::from(max)).upper
}
