//! What a value of a track means, in words.

use crate::attention::Aggregate;
use crate::network::activity::{Kind, Source};
use crate::network::contribution::Method;

/// What a value of the tracks of contributions means.
pub fn contribution_description(method: Method, aggregate: Aggregate) -> String {
    let how = match method {
        Method::Gradient => {
            "the gradient of the logit with respect to the base, less its mean over the four letters"
        }
        Method::Ism => "minus the logit's mean change over the three substitutions of the base",
    };
    let over = match aggregate {
        Aggregate::Max => {
            "the value of largest magnitude of the pairs whose windows cover the base".to_string()
        }
        other => other.to_string(),
    };
    format!(
        "What the base adds to the network's log-odds of an interaction, in logits: {how}. Above 0 it speaks for \
         the interaction, below 0 against it. Where the windows of several pairs cover a base: {over}. \
         Bases that no window covers have no value."
    )
}

/// What a value of the tracks of an activity means.
pub fn activity_description(source: &Source, aggregate: Aggregate) -> String {
    let Source { name, kind, .. } = source;
    let what = match kind {
        Kind::Peaks => {
            format!("the probability that the base's pooling bin lies in a peak of {name}")
        }
        Kind::Signal => {
            format!("the natural logarithm of 1 + {name}, of its mean in the base's pooling bin")
        }
    };
    format!(
        "What the network predicts from the sequence alone: {what}. Where the windows of several pairs \
         cover a base: {aggregate}. Bases that no window covers have no value."
    )
}

/// What a value of the tracks means.
pub fn value_description(aggregate: Aggregate, ensemble: usize) -> String {
    let mean = match ensemble {
        1 => String::new(),
        members => format!(
            " Attention is the mean over {members} networks; the tracks of its standard deviation over \
             them are made of bins and pairs as those of attention."
        ),
    };
    format!(
        "Marginal attention of the base's pooling bin times the number of bins in the window: 1 \
         is no preference, 3 is three times its share. Where the windows of several pairs cover \
         a base: {aggregate}. Bases that no window covers have no value.{mean}"
    )
}
