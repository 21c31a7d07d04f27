//! A method as a comparison knows it.

use serde::{Deserialize, Serialize};

use crate::compare::baselines::Method;
use crate::output::provenance::Input;
use crate::run::ContextSource;
use crate::text::choice::{Choice, Named};

/// The methods that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MethodName {
    /// This program's network.
    Epiann,
    /// The mean probability of several networks that started from different seeds.
    EpiannEnsemble,
    /// A network whose filters start as motifs.
    EpiannMotifs,
    /// A network that is trained beside the context: what both say.
    EpiannContext,
    /// TargetFinder on its features of enhancer and promoter.
    TargetfinderEp,
    /// TargetFinder on extended enhancer and promoter.
    TargetfinderEep,
    /// TargetFinder on enhancer, promoter and the window between them.
    TargetfinderEpw,
    /// Boosted trees on the densities of motif sites.
    PepMotif,
    /// Boosted trees on vectors of the elements' words.
    PepWord,
    /// How far the two elements lie apart, nothing else.
    Distance,
    /// How often each of the two elements was positive in training, nothing else.
    Propensity,
    /// What is known of a pair beside its sequence, nothing else.
    Context,
}

impl Choice for MethodName {
    const ALL: &'static [Named<Self>] = &[
        (Self::Epiann, "epiann", "This program's network"),
        (
            Self::EpiannEnsemble,
            "epiann-ensemble",
            "The mean of several networks",
        ),
        (
            Self::EpiannMotifs,
            "epiann-motifs",
            "The network, its filters starting as motifs",
        ),
        (
            Self::EpiannContext,
            "epiann-context",
            "The network beside the context: what both say",
        ),
        (
            Self::TargetfinderEp,
            "targetfinder-ep",
            "TargetFinder on enhancer and promoter",
        ),
        (
            Self::TargetfinderEep,
            "targetfinder-eep",
            "TargetFinder on extended enhancer and promoter",
        ),
        (
            Self::TargetfinderEpw,
            "targetfinder-epw",
            "TargetFinder on enhancer, promoter and the window between them",
        ),
        (
            Self::PepMotif,
            "pep-motif",
            "PEP-Motif: boosted trees on motif densities",
        ),
        (
            Self::PepWord,
            "pep-word",
            "PEP-Word: boosted trees on 6-mer vectors",
        ),
        (
            Self::Distance,
            "distance",
            "How far the elements lie apart, nothing else",
        ),
        (
            Self::Propensity,
            "propensity",
            "How often each element was positive in training, nothing else",
        ),
        (
            Self::Context,
            "context",
            "Distance, what lies between, activity: all but the sequence",
        ),
    ];
}

impl MethodName {
    /// Whether networks are trained.
    pub fn is_epiann(self) -> bool {
        matches!(
            self,
            Self::Epiann | Self::EpiannEnsemble | Self::EpiannMotifs | Self::EpiannContext
        )
    }

    /// Whether networks are trained by sequence alone.
    pub fn is_sequence_alone(self) -> bool {
        self.is_epiann() && self != Self::EpiannContext
    }

    /// Whether a context is fitted.
    pub fn has_context(self) -> bool {
        matches!(self, Self::Context | Self::EpiannContext)
    }

    /// What the sum of networks that are trained by sequence alone and the distance is called.
    pub fn label_with_distance(self, ensemble: usize) -> String {
        format!("{} and distance", self.label(ensemble))
    }

    /// What stands in tables and figures.
    pub fn label(self, ensemble: usize) -> String {
        match self {
            Self::Epiann => "EPIANN",
            Self::EpiannEnsemble => return format!("EPIANN, {ensemble} seeds"),
            Self::EpiannMotifs => "EPIANN from motifs",
            Self::EpiannContext => "EPIANN and context",
            Self::TargetfinderEp => "TargetFinder E/P",
            Self::TargetfinderEep => "TargetFinder EE/P",
            Self::TargetfinderEpw => "TargetFinder E/P/W",
            Self::PepMotif => "PEP-Motif",
            Self::PepWord => "PEP-Word",
            Self::Distance => "distance only",
            Self::Propensity => "propensity only",
            Self::Context => "context only",
        }
        .to_string()
    }
}

/// A method that is ready to learn.
pub struct Contender<'a> {
    /// What stands in tables and figures.
    pub name: String,
    /// The files that its scores depend on, beside the pairs and the reference.
    pub inputs: Vec<Input>,
    /// What learns.
    pub learner: Learner<'a>,
}

/// What learns.
pub enum Learner<'a> {
    /// A method of other data, or none.
    Baseline(Box<dyn Method + 'a>),
    /// The network.
    Epiann {
        /// How many, of different seeds.
        networks: usize,
        /// Whether their filters start as motifs.
        planted: bool,
        /// What stands beside the sequence.
        kind: NetworkKind,
    },
}

/// What stands beside the sequence where networks score pairs.
pub enum NetworkKind {
    /// Nothing.
    Alone,
    /// The distance: the score is the sum of both, fitted on the pairs that stop the training.
    WithDistance,
    /// A context of this source, beside which the networks are trained.
    WithContext(ContextSource),
}

impl<'a> Learner<'a> {
    /// A method of other data, or none.
    pub fn of(method: impl Method + 'a) -> Self {
        Self::Baseline(Box::new(method))
    }

    /// Whether it scores with networks that the method before it has trained: whoever scores one scores both.
    pub fn has_networks_of_another(&self) -> bool {
        match self {
            Self::Epiann { kind, .. } => matches!(kind, NetworkKind::WithDistance),
            Self::Baseline(_) => false,
        }
    }
}
