//! What an allele does to a pair, as files have it.

use std::rc::Rc;

use super::motifs::Turnover;
use super::null;
use super::queue::Said;
use crate::element::Element;
use crate::formats::info_text;
use crate::network::inference::{Beside, mean_logit, probability};

/// The fields of an effect, in the order of every file.
const FIELDS: [&str; 14] = [
    "allele",
    "pair",
    "element",
    "dlogit",
    "dprob",
    "ref_logit",
    "alt_logit",
    "ref_prob",
    "alt_prob",
    "dattention",
    "dlogit_sd",
    "p_null",
    "gained",
    "lost",
];

/// What they mean.
const MEANING: &str = "allele: of ALT; pair: enhancer~promoter, 0-based half-open; element: whose \
    window holds the variant; dlogit, dprob: logit and probability of an interaction with the allele less \
    those of the reference, which follow; dattention: the largest marginal attention of the window's bins \
    times their number, with the allele less that of the reference; dlogit_sd: standard deviation of dlogit \
    over the run's networks; p_null: part of random variants of the same length in the same window whose \
    dlogit is at least as far from 0, this one among them; gained, lost: matrices with a site on this \
    allele alone, or on the reference alone";

/// The field of runs that have a context, behind all others, and what it means.
const CONTEXT: &str = "context";
const CONTEXT_MEANING: &str = "; context: probability of an interaction by the pair's context alone; \
    dprob and ref_logit to alt_prob are with it, dlogit is of the network's own log-odds, of which they take \
    outcome.sum.sequence of run.json";

/// The fields of an effect, of a run that has a context or none.
pub fn fields(context: bool) -> Vec<&'static str> {
    let context = context.then_some(CONTEXT);
    FIELDS.into_iter().chain(context).collect()
}

/// What they mean.
pub fn meaning(context: bool) -> String {
    let context = if context { CONTEXT_MEANING } else { "" };
    format!("{MEANING}{context}")
}

/// What an allele does to a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The number of its record.
    pub record: usize,
    /// Its place in ALT.
    pub allele: usize,
    /// The pair's place in the table.
    pub pair: usize,
    /// Whose window holds it.
    pub element: Element,
    /// With the reference's bases.
    pub reference: Mean,
    /// With the allele's.
    pub alternate: Mean,
    /// The standard deviation of the difference of logits over several networks.
    pub deviation: Option<f64>,
    /// The part of random variants that do as much.
    pub share: Option<f64>,
    /// What happens to motif sites.
    pub turnover: Option<Rc<Turnover>>,
    /// The probability by the context alone, of a run that has one.
    pub context: Option<f32>,
}

/// What networks say on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// Log-odds of an interaction by sequence.
    pub by_sequence: f64,
    /// Log-odds of an interaction.
    pub logit: f64,
    /// Its probability.
    pub probability: f64,
    /// The log-odds of that, which a probability that is rounded to 1 no longer tells.
    pub log_odds: f32,
    /// The largest marginal attention of the element's bins, times their number.
    pub largest: f64,
}

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Records with an entry of INFO.
    Vcf,
    /// A row for each effect.
    Table,
}

impl Mean {
    /// Over what each network says of one pair of windows.
    pub fn of(said: &[Vec<Said>], job: usize, element: Element) -> Self {
        let mean = |value: &dyn Fn(&Said) -> f32| {
            let values = said.iter().map(|network| f64::from(value(&network[job])));
            values.sum::<f64>() / said.len() as f64
        };
        let logits: Vec<f32> = said.iter().map(|network| network[job].logit).collect();
        let logit = mean(&|said| said.logit);
        Self {
            by_sequence: logit,
            logit,
            probability: mean(&|said| said.probability),
            log_odds: mean_logit(&logits),
            largest: mean(&|said| *said.largest.get(element)),
        }
    }

    /// The same with what the pair's context says, if it has one.
    pub fn with_context(self, beside: Option<Beside>) -> Self {
        let Some(beside) = beside else {
            return self;
        };
        let log_odds = beside.log_odds(self.log_odds);
        Self {
            logit: f64::from(beside.weight) * self.logit + f64::from(beside.offset),
            probability: f64::from(probability(log_odds)),
            log_odds,
            ..self
        }
    }
}

/// How much the difference of two jobs' logits differs between networks; nothing of one network.
pub fn deviation(said: &[Vec<Said>], reference: usize, alternate: usize) -> Option<f64> {
    let n = said.len() as f64;
    let difference = |network: &Vec<Said>| {
        f64::from(network[alternate].logit) - f64::from(network[reference].logit)
    };
    let mean = said.iter().map(difference).sum::<f64>() / n;
    let squares = said
        .iter()
        .map(|network| (difference(network) - mean).powi(2));
    (said.len() > 1).then(|| (squares.sum::<f64>() / (n - 1.0)).sqrt())
}

/// The part of random variants, by their jobs, that change the logit as much.
pub fn share(
    said: &[Vec<Said>],
    reference: usize,
    alternate: usize,
    drawn: impl Iterator<Item = usize>,
) -> f64 {
    let n = said.len() as f64;
    let logit = |job: usize| {
        said.iter()
            .map(|network| f64::from(network[job].logit))
            .sum::<f64>()
            / n
    };
    let of_reference = logit(reference);
    let difference = |job: usize| logit(job) - of_reference;
    null::share(difference(alternate), drawn.map(difference))
}

impl Effect {
    /// The difference of logits by sequence.
    pub fn dlogit(&self) -> f64 {
        self.alternate.by_sequence - self.reference.by_sequence
    }

    /// The fields, in the order of [`fields`], `.` for what was not asked for and for none.
    pub fn fields(&self, allele: &str, pair: &str, form: Form) -> Vec<String> {
        let (reference, alternate) = (&self.reference, &self.alternate);
        let number = |value: f64| (value as f32).to_string();
        let optional = |value: Option<f64>| value.map_or(".".to_string(), number);
        let names = |names: fn(&Turnover) -> &Vec<String>| {
            let names = self.turnover.as_deref().map(names);
            match (names.filter(|names| !names.is_empty()), form) {
                (None, _) => ".".to_string(),
                (Some(names), Form::Table) => names.join(","),
                (Some(names), Form::Vcf) => {
                    let names: Vec<String> = names.iter().map(|name| info_text(name)).collect();
                    names.join("&")
                }
            }
        };
        let fields: [String; FIELDS.len()] = [
            allele.to_string(),
            match form {
                Form::Vcf => info_text(pair),
                Form::Table => pair.to_string(),
            },
            self.element.name().to_string(),
            number(self.dlogit()),
            number(alternate.probability - reference.probability),
            number(reference.logit),
            number(alternate.logit),
            number(reference.probability),
            number(alternate.probability),
            number(alternate.largest - reference.largest),
            optional(self.deviation),
            optional(self.share),
            names(|turnover| &turnover.gained),
            names(|turnover| &turnover.lost),
        ];
        let context = self.context.map(|context| context.to_string());
        fields.into_iter().chain(context).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Sides;

    fn said(logits: &[f32]) -> Vec<Said> {
        let of = |&logit: &f32| Said {
            logit,
            probability: logit / 10.0,
            largest: Sides::new(logit, 2.0 * logit),
        };
        logits.iter().map(of).collect()
    }

    #[test]
    fn several_networks_are_averaged() {
        let said = [said(&[1.0, 2.0, 1.5, 9.0]), said(&[3.0, 6.0, 3.5, 9.0])];
        let mean = Mean::of(&said, 1, Element::Promoter);
        assert_eq!((mean.logit, mean.largest), (4.0, 8.0));
        assert!((deviation(&said, 0, 1).unwrap() - 2.0f64.sqrt()).abs() < 1e-12);
        assert_eq!(deviation(&said[..1], 0, 1), None);
        // The difference is 2, those of the drawn ones 0.5 and 7.
        assert_eq!(share(&said, 0, 1, [2, 3].into_iter()), 2.0 / 3.0);
    }

    #[test]
    fn fields_can_stand_in_both_files() {
        let mean = |logit| Mean {
            by_sequence: logit,
            logit,
            probability: 0.5,
            log_odds: 0.0,
            largest: 1.0,
        };
        let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        let turnover = Turnover {
            gained: names(&["A::B(x;1)", "C"]),
            lost: Vec::new(),
        };
        let effect = Effect {
            record: 0,
            allele: 0,
            pair: 0,
            element: Element::Enhancer,
            reference: mean(1.0),
            alternate: mean(-1.5),
            deviation: None,
            share: Some(0.25),
            turnover: Some(Rc::new(turnover)),
            context: None,
        };
        let vcf = effect.fields("T", "chr1:1-2~chr1:5-6", Form::Vcf).join("|");
        assert_eq!(
            vcf,
            "T|chr1:1-2~chr1:5-6|enhancer|-2.5|0|1|-1.5|0.5|0.5|0|.|0.25|A::B(x%3B1)&C|."
        );
        let table = effect.fields("T", "p", Form::Table);
        assert_eq!(table[12], "A::B(x;1),C");
        assert_eq!(table.len(), fields(false).len());
        let known = Effect {
            context: Some(0.125),
            ..effect
        };
        let table = known.fields("T", "p", Form::Table);
        assert_eq!(
            (table.len(), table[14].as_str()),
            (fields(true).len(), "0.125")
        );
    }

    #[test]
    fn a_context_moves_probabilities_and_no_difference_of_logits() {
        let mean = |logit: f64| Mean {
            by_sequence: logit,
            logit,
            probability: 1.0 / (1.0 + (-logit).exp()),
            log_odds: logit as f32,
            largest: 1.0,
        };
        assert_eq!(mean(0.5).with_context(None), mean(0.5));
        let beside = |weight, offset| Some(Beside { weight, offset });
        let [reference, alternate] =
            [0.5, 1.25].map(|logit| mean(logit).with_context(beside(2.0, -2.0)));
        assert_eq!(alternate.by_sequence - reference.by_sequence, 0.75);
        for (found, wanted) in [(reference, mean(-1.0)), (alternate, mean(0.5))] {
            assert_eq!(found.logit, wanted.logit);
            assert!(
                (found.probability - wanted.probability).abs() < 1e-6,
                "{found:?}"
            );
        }
        // However sure two networks are of themselves, a context that is surer counts.
        let sure = [said(&[200.0]), said(&[200.0])];
        let sure = Mean::of(&sure, 0, Element::Enhancer);
        assert_eq!(sure.with_context(beside(1.0, -300.0)).probability, 0.0);
        let undecided = sure.with_context(beside(1.0, -sure.log_odds)).probability;
        assert_eq!(undecided, 0.5);
    }
}
