//! Several networks of one form as one: what they say in the mean, and how far they disagree.
//!
//! The probability of an ensemble is the mean of its members' (Lakshminarayanan, Pritzel & Blundell
//! 2017, <https://arxiv.org/abs/1612.01474>), its logit the log-odds of that; attention is the mean
//! attention, beside its standard deviation over the members.

use super::{Beside, PairAttention, Predictor, for_each_of, probability, with_context};
use crate::attention::{Rank, marginal};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::{Reference, Region, Sequences};
use crate::network::contribution::{Contribution, Method};
use crate::network::model::ModelConfig;

/// Networks of one form, at least one.
pub struct Ensemble {
    members: Vec<Predictor>,
}

/// What an ensemble says about a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Averaged {
    /// In the mean; of a single network what it says.
    pub mean: PairAttention,
    /// The standard deviation (n − 1) over the members of the marginal attention of each bin, `l_E`
    /// and `l_P` values; none of a single network.
    pub sd: Option<Sides<Vec<f32>>>,
    /// The standard deviation of what each base adds to the logit, where that was asked for.
    pub contributions_sd: Option<Sides<Vec<f32>>>,
    /// The standard deviation of what is predicted of the activities, where that was asked for.
    pub activity_sd: Option<Sides<Vec<f32>>>,
}

impl Averaged {
    /// The same with what is known of the pair beside its sequence, if something is: of the answer alone, as
    /// attention and contributions are about sequence.
    pub fn with_context(self, beside: Option<Beside>) -> Self {
        if beside.is_none() {
            return self;
        }
        let logit = with_context(self.mean.logit, beside);
        let mean = PairAttention {
            logit,
            probability: probability(logit),
            ..self.mean
        };
        Self { mean, ..self }
    }
}

/// Both attentions of a pair, in the mean over an ensemble.
#[derive(Debug, Clone, PartialEq)]
pub struct Attentions {
    /// `l_E` rows of `l_P` values each, row by row.
    pub matrices: Sides<Vec<f32>>,
    /// Marginal attention of each bin, `l_E` and `l_P` values: the mean of the members' own.
    pub marginal: Sides<Vec<f32>>,
}

impl Ensemble {
    /// Of some networks.
    ///
    /// # Panics
    ///
    /// No network.
    pub fn new(members: Vec<Predictor>) -> Self {
        assert!(!members.is_empty(), "an ensemble of no network");
        Self { members }
    }

    /// The same, whose members tell contributions too: see [`Predictor::with_contributions`].
    pub fn with_contributions(self, contributions: Option<Method>, rank: Rank) -> Self {
        let members = self.members.into_iter();
        let members = members.map(|member| member.with_contributions(contributions, rank));
        Self {
            members: members.collect(),
        }
    }

    /// The same, whose members tell activities too, or do not: see [`Predictor::with_activity`].
    pub fn with_activity(self, tells_activity: bool) -> Self {
        let members = self.members.into_iter();
        let members = members.map(|member| member.with_activity(tells_activity));
        Self {
            members: members.collect(),
        }
    }

    /// The networks' configuration.
    pub fn config(&self) -> &ModelConfig {
        self.members[0].config()
    }

    /// The networks.
    pub fn members(&self) -> &[Predictor] {
        &self.members
    }

    /// What it says about each pair of windows, in order: see [`for_each_of`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn for_each(
        &self,
        reference: &mut Reference,
        windows: &[Sides<Region>],
        mut each: impl FnMut(usize, Averaged) -> Result<()>,
    ) -> Result<()> {
        let ensembles = std::slice::from_ref(self);
        for_each_ensemble(ensembles, reference, windows, |place, _, found| {
            each(place, found)
        })
    }

    /// The same of pairs of each of which something is known beside its sequence.
    ///
    /// # Errors
    ///
    /// As [`for_each`](Self::for_each).
    pub fn for_each_with(
        &self,
        reference: &mut Reference,
        (windows, known): (&[Sides<Region>], Option<&[Beside]>),
        mut each: impl FnMut(usize, Averaged) -> Result<()>,
    ) -> Result<()> {
        self.for_each(reference, windows, |place, said| {
            let beside = known.map(|known| known[place]);
            each(place, said.with_context(beside))
        })
    }

    /// The logits of pairs whose sequence is in memory, by sequence alone.
    ///
    /// # Errors
    ///
    /// A logit that is not a number.
    pub fn logits(&self, sequences: &Sequences, windows: &[Sides<Region>]) -> Result<Vec<f32>> {
        let all = self.members.iter().map(|of| of.logits(sequences, windows));
        let all: Vec<Vec<f32>> = all.collect::<Result<_>>()?;
        let of_pair = |pair: usize| {
            let logits: Vec<f32> = all.iter().map(|of| of[pair]).collect();
            mean_logit(&logits)
        };
        Ok((0..windows.len()).map(of_pair).collect())
    }

    /// The contributions of both windows of pairs whose base codes are given, in the mean over the
    /// members: see [`Predictor::contributions`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn contributions(
        &self,
        method: Method,
        windows: &[Sides<&[u8]>],
    ) -> Result<Vec<Sides<Contribution>>> {
        let members = self.members.iter();
        let members = members.map(|member| member.contributions(method, windows));
        let members: Vec<Vec<Sides<Contribution>>> = members.collect::<Result<_>>()?;
        let of_pair = |pair: usize| {
            Sides::from_fn(|element| {
                let all = members.iter().map(|of| of[pair].get(element));
                Contribution::mean(&all.collect::<Vec<_>>())
            })
        };
        Ok((0..windows.len()).map(of_pair).collect())
    }

    /// Both attentions of a pair.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn attentions(
        &self,
        reference: &mut Reference,
        windows: Sides<Region>,
    ) -> Result<Attentions> {
        let bins = self.config().bins().promoter.count();
        let (mut matrices, mut marginals) = (Vec::new(), Vec::new());
        for member in &self.members {
            let found = member.matrices(reference, windows)?;
            marginals.push(marginal(found.as_ref().map(Vec::as_slice), bins));
            matrices.push(found);
        }
        let mean = |of: &[Sides<Vec<f32>>]| statistics(of).map(|(mean, _)| mean);
        Ok(Attentions {
            matrices: mean(&matrices),
            marginal: mean(&marginals),
        })
    }
}

/// What several ensembles say about each pair of windows: the pairs in order, and for each of them the
/// ensembles in order, both by their places. Sequence is read once for all: see [`for_each_of`].
///
/// # Errors
///
/// As there.
pub fn for_each_ensemble(
    ensembles: &[Ensemble],
    reference: &mut Reference,
    windows: &[Sides<Region>],
    mut each: impl FnMut(usize, usize, Averaged) -> Result<()>,
) -> Result<()> {
    let members: Vec<&Predictor> = ensembles.iter().flat_map(|of| &of.members).collect();
    let owners = ensembles.iter().enumerate();
    let owners = owners.flat_map(|(place, of)| vec![place; of.members.len()]);
    let owners: Vec<usize> = owners.collect();
    let mut of_members = Vec::new();
    for_each_of(&members, reference, windows, |place, network, found| {
        of_members.push(found);
        let ensemble = owners[network];
        if of_members.len() < ensembles[ensemble].members.len() {
            return Ok(());
        }
        each(place, ensemble, averaged(std::mem::take(&mut of_members)))
    })
}

/// What members say together.
fn averaged(members: Vec<PairAttention>) -> Averaged {
    let (rank, mut members) = (members[0].rank, members);
    if members.len() == 1 {
        return Averaged {
            mean: members.remove(0),
            sd: None,
            contributions_sd: None,
            activity_sd: None,
        };
    }
    let logits: Vec<f32> = members.iter().map(|of| of.logit).collect();
    let logit = mean_logit(&logits);
    let contributions = members.iter_mut().map(|of| of.contributions.take());
    let (contributions, contributions_sd) = over(contributions);
    let activity = members.iter_mut().map(|of| of.activity.take());
    let (activity, activity_sd) = over(activity);
    let marginals: Vec<_> = members.into_iter().map(|of| of.marginal).collect();
    let (marginal, sd) = apart(statistics(&marginals));
    Averaged {
        mean: PairAttention {
            logit,
            probability: probability(logit),
            marginal,
            contributions,
            activity,
            rank,
        },
        sd: Some(sd),
        contributions_sd,
        activity_sd,
    }
}

/// Values of both windows.
type Values = Sides<Vec<f32>>;

/// Mean and standard deviation over the members of what all of them say; none where one does not.
fn over(members: impl Iterator<Item = Option<Values>>) -> (Option<Values>, Option<Values>) {
    let members: Option<Vec<_>> = members.collect();
    members.map(|of| apart(statistics(&of))).unzip()
}

/// The means and the standard deviations.
fn apart(of: Sides<(Vec<f32>, Vec<f32>)>) -> (Sides<Vec<f32>>, Sides<Vec<f32>>) {
    let Sides { enhancer, promoter } = of;
    (
        Sides::new(enhancer.0, promoter.0),
        Sides::new(enhancer.1, promoter.1),
    )
}

/// The log-odds of the mean of probabilities that are given by their log-odds:
/// `ln Σ σ(x) − ln Σ σ(−x)`, each from logarithms, so that no probability ends at 0 or 1.
pub fn mean_logit(logits: &[f32]) -> f32 {
    if let [only] = logits {
        return *only;
    }
    let log_sum = |sign: f64| {
        // ln σ(x) = −ln(1 + e^−x)
        let logs: Vec<f64> = logits
            .iter()
            .map(|&logit| -sign * f64::from(logit))
            .map(|x| -(x.max(0.0) + (-x.abs()).exp().ln_1p()))
            .collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most + logs.iter().map(|log| (log - most).exp()).sum::<f64>().ln()
    };
    (log_sum(1.0) - log_sum(-1.0)) as f32
}

/// The mean and the standard deviation of each value over the members, summed in their order; of one
/// member its values and zeros.
///
/// # Shapes
///
/// - members: `[n]` of `[l_E]` and `[l_P]`, or of any other lengths that all of them have
/// - returns: mean and standard deviation, each of the same lengths
fn statistics(members: &[Sides<Vec<f32>>]) -> Sides<(Vec<f32>, Vec<f32>)> {
    Sides::from_fn(|element: Element| {
        let side = members.iter().map(|of| of.get(element).as_slice());
        mean_and_sd(&side.collect::<Vec<_>>())
    })
}

/// The same of one array.
///
/// # Shapes
///
/// - members: `[n]` of any length that all of them have
/// - returns: mean and standard deviation, each of the same length
pub(super) fn mean_and_sd(members: &[&[f32]]) -> (Vec<f32>, Vec<f32>) {
    let n = members.len() as f64;
    let of_value = |at: usize| {
        let values = || members.iter().map(|of| f64::from(of[at]));
        let mean = values().sum::<f64>() / n;
        let squares = values().map(|value| (value - mean).powi(2)).sum::<f64>();
        (mean as f32, (squares / (n - 1.0).max(1.0)).sqrt() as f32)
    };
    (0..members[0].len()).map(of_value).unzip()
}

#[cfg(test)]
mod tests;
