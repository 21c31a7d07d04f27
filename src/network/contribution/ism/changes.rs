//! The logit's changes by the substitutions that reach one set of bins.

use std::ops::Range;

use super::interactions::{Changed, Interactions};
use super::known::Known;
use super::partner::Answers;
use super::rest::Rest;
use super::window::{Reach, Substitution, Window};
use crate::network::kernels::flex::part;

/// The substitutions of a reach that change an activation, and what each does to the logit.
pub fn changes(known: &Known, window: &Window, reach: &Reach) -> Vec<(Substitution, f32)> {
    let substituted = window.substituted(reach);
    if substituted.of.is_empty() {
        return Vec::new();
    }
    let answers = known.partner.answers(&substituted.activations);
    let logits = logits(known, &reach.bins, &answers);
    let changes = logits[1..].iter().map(|logit| logit - logits[0]);
    substituted.of.into_iter().zip(changes).collect()
}

/// The logit with each of some changes of the same bins.
///
/// - answers: of these bins, change after change: `[changes·bins, m]`
fn logits(known: &Known, bins: &Range<usize>, answers: &Answers) -> Vec<f32> {
    let rest = Rest::new(known, bins);
    let [l, m] = known.answers.products.shape();
    let [rows, _] = answers.products.shape();
    let size = bins.len();
    // [rows, m] · [m, l] and [rows, m] · [m, m]
    let weighted = answers
        .products
        .times(&known.answers.attention.transposed());
    let by_rest = answers.attention.times(&rest.products.transposed());
    let mut interactions = Interactions::new(size, [l, m]);
    let (mut largest, mut hidden) = (Vec::new(), Vec::new());
    let network = known.network;
    (0..rows / size)
        .map(|change| {
            let changed = Changed {
                bins: bins.clone(),
                scores: part(&answers.scores, change, size * m),
                attention: part(answers.attention.values(), change, size * m),
                products: part(answers.products.values(), change, size * m),
                weighted: part(weighted.values(), change, size * l),
                by_rest: part(by_rest.values(), change, size * m),
            };
            let strongest = interactions.strongest(&rest, &changed, &known.strongest);
            largest.clear();
            largest.extend(strongest.iter().map(|value| value + network.bias));
            network.classifier.logit(&largest, &mut hidden)
        })
        .collect()
}
