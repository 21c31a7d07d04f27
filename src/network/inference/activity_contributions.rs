//! What each base of windows adds to an activity that networks predict.

use super::ensemble::mean_and_sd;
use super::{Ensemble, Predictor};
use crate::element::Element;
use crate::error::Result;
use crate::network::contribution::{ActivityGradients, ActivityWindow, Contribution};

/// What the bases of a window add to an activity that an ensemble predicts.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityContribution {
    /// In the mean over the members; of a single network what it says.
    pub mean: Contribution,
    /// The standard deviation (n − 1) over the members of what each base adds, `[L]`; none of a single
    /// network.
    pub sd: Option<Vec<f32>>,
}

impl Predictor {
    /// What each base of windows of one side adds to the mean activity of some of their bins, by gradient, of
    /// a source by its place: in log-odds of peaks, in standard deviations of ln(1 + signal). In order; what
    /// is found of a window does not depend on those beside it. A window's take 48 kB at the published size:
    /// of many windows some at a time are asked for.
    ///
    /// # Errors
    ///
    /// A network that has not learnt this activity, a contribution that is not a number, a device that failed.
    pub fn activity_contributions(
        &self,
        source: usize,
        side: Element,
        windows: &[ActivityWindow],
    ) -> Result<Vec<Contribution>> {
        let (network, by_element) = (&self.network, &self.by_element);
        let gradients = ActivityGradients::new(network, by_element, source, &self.device)?;
        gradients.of_windows(side, windows)
    }
}

impl Ensemble {
    /// The same over the members: see [`Predictor::activity_contributions`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn activity_contributions(
        &self,
        source: usize,
        side: Element,
        windows: &[ActivityWindow],
    ) -> Result<Vec<ActivityContribution>> {
        let members = self.members().iter();
        let members = members.map(|member| member.activity_contributions(source, side, windows));
        let members: Vec<Vec<Contribution>> = members.collect::<Result<_>>()?;
        let of_window = |(place, window): (usize, &ActivityWindow)| {
            let all: Vec<&Contribution> = members.iter().map(|of| &of[place]).collect();
            let bases = all.iter().map(|of| of.of_bases(window.codes));
            let bases: Vec<Vec<f32>> = bases.collect();
            let bases: Vec<&[f32]> = bases.iter().map(Vec::as_slice).collect();
            ActivityContribution {
                mean: Contribution::mean(&all),
                sd: (all.len() > 1).then(|| mean_and_sd(&bases).1),
            }
        };
        Ok(windows.iter().enumerate().map(of_window).collect())
    }
}
