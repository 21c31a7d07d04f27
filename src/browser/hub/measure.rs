//! What the bigWigs of a hub measure.

use super::CellTracks;

/// What is known of each base of the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Marginal attention.
    Attention,
    /// What the base adds to the logit.
    Contribution,
    /// What the base adds to a predicted activity.
    ActivityContribution,
    /// What is predicted of an activity.
    Activity,
}

impl Measure {
    /// All, in the order of the hub.
    pub const ALL: [Self; 4] = [
        Self::Attention,
        Self::Activity,
        Self::Contribution,
        Self::ActivityContribution,
    ];

    /// That of a cell line's contributions, if it has some.
    pub fn of_contributions(tracks: &CellTracks) -> Self {
        match tracks.contributions_of {
            None => Self::Contribution,
            Some(_) => Self::ActivityContribution,
        }
    }

    /// The name of its composite, and of its page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Contribution => "contribution",
            Self::ActivityContribution => "activity_contribution",
            Self::Activity => "activity",
        }
    }

    /// The name of the view in the composite.
    pub fn view(self) -> String {
        format!("{}_signal", self.name())
    }

    /// The composite's labels.
    pub fn labels(self) -> [&'static str; 2] {
        match self {
            Self::Attention => [
                "Attention",
                "EPIANN attention x bins in the window (1: no preference)",
            ],
            Self::Contribution => [
                "Contributions",
                "EPIANN: what each base adds to the log-odds of interaction",
            ],
            Self::ActivityContribution => [
                "Activity bases",
                "EPIANN: what each base adds to the predicted activity of its element",
            ],
            Self::Activity => [
                "Activity",
                "EPIANN: activity, predicted from the sequence alone",
            ],
        }
    }

    /// What the view's long label is.
    pub fn of_all(self) -> &'static str {
        match self {
            Self::Attention => "EPIANN attention x bins in the window, per cell line and element",
            Self::Contribution => "EPIANN contributions, per cell line and element",
            Self::ActivityContribution => {
                "EPIANN contributions to activity, per cell line and element"
            }
            Self::Activity => "EPIANN predicted activity, per cell line and element",
        }
    }

    /// What the label of an element's track ends with; of an activity by its name.
    pub fn of_element(self, element: &str, activity: &str) -> String {
        match self {
            Self::Attention => format!(": attention over {element}s, x bins (1: no preference)"),
            Self::Contribution => format!(": contribution of {element} bases, logits"),
            Self::ActivityContribution => {
                format!(": contribution of {element} bases to predicted activity")
            }
            Self::Activity => format!(": {activity} over {element}s, predicted from sequence"),
        }
    }
}
