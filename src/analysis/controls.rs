//! What networks that never trained give, and labels that mean nothing: what a finding has to
//! exceed.

mod untrained;

use std::collections::{BTreeMap, HashMap};

use rand::RngExt;
use rand::seq::SliceRandom;
use serde::Serialize;

use super::collect::Counted;
use super::request::AnalysisRequest;
use crate::element::{Element, Sides};
use crate::enrichment::interactome::Orders;
use crate::enrichment::profile::centre_over_flanks;
use crate::enrichment::tf_pairs::{KnownInteractions, MOST_ENRICHED, TestRules, TfPair, TfPairs};
use crate::enrichment::{Findings, FootprintSettings, Settings};
use crate::error::Result;
use crate::genome::Region;
use crate::pairs::Pair;
use crate::progress::Progress;
use crate::seed::{Purpose, stream};
pub use untrained::Among;

/// The most draws of mock regions that a control is compared with: its numbers need no more.
const DRAWS: u32 = 200;
/// The most draws behind its profile, of which only the means are used.
const PROFILE_DRAWS: u32 = 100;
/// The most permutations of the labels that its pairs of factors are compared with.
pub const PERMUTATIONS: u32 = 200;

/// What is other than in the analysis itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlKind {
    /// The network has the weights from before training, of another seed.
    Untrained,
    /// The labels are dealt out anew, those of a promoter's pairs together.
    ShuffledLabels,
}

impl ControlKind {
    /// What tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Untrained => "untrained",
            Self::ShuffledLabels => "shuffled_labels",
        }
    }
}

/// A control that is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// What is other.
    pub kind: ControlKind,
    /// The seed of the weights, or the number of the shuffle.
    pub seed: u64,
}

/// A control.
pub struct Control {
    /// What it is.
    pub made: Planned,
    /// Its numbers, in the order of [`numbers`].
    pub numbers: Vec<Number>,
    enrichment: Findings,
    /// The conditional statistics of the pairs of factors that were tested.
    statistics: HashMap<Sides<u32>, f64>,
}

/// All controls of an analysis.
pub struct Controls(pub Vec<Control>);

/// A number that the analysis states.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Number {
    /// What it is.
    pub measure: Measure,
    /// The side, where it is of one.
    pub element: Option<Element>,
    /// The class, where it is of one.
    pub positive: Option<bool>,
    /// None where the data are too few.
    pub value: Option<f64>,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Matrices whose sites the top regions capture more often than by chance.
    MatricesEnriched,
    /// The part of the top regions that a footprint occupies.
    RegionsOccupied,
    /// The mean occupancy around the centres of top regions over that in their flanks.
    CentreOverFlanks,
    /// Pairs of factors that were tested.
    TfPairsTested,
    /// Those that are called pairs: enriched among positive pairs, each factor given the other.
    TfPairsCalled,
    /// Those that are enriched for whatever reason.
    TfPairsMarginallyEnriched,
    /// The part of the most enriched ones that is known to interact directly.
    FirstOrder,
    /// The part of them that is known to interact through a third protein.
    SecondOrder,
}

/// A number beside what the controls give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Beside {
    /// That of the analysis.
    #[serde(flatten)]
    pub number: Number,
    /// Over untrained networks.
    pub untrained: Option<Span>,
    /// Over shuffled labels.
    pub shuffled_labels: Option<Span>,
}

/// The smallest and the largest of some numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Span {
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
}

impl Span {
    /// Of some numbers; none of none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let spans = values.into_iter().map(|value| Self {
            low: value,
            high: value,
        });
        spans.reduce(|one, other| Self {
            low: one.low.min(other.low),
            high: one.high.max(other.high),
        })
    }
}

impl Planned {
    /// The controls that are asked for.
    pub fn all(request: &AnalysisRequest) -> Vec<Self> {
        let untrained = (0..u64::from(request.untrained)).map(|index| Self {
            kind: ControlKind::Untrained,
            seed: stream(request.seed, Purpose::Controls, index).random(),
        });
        let shuffled = (0..u64::from(request.shuffled_labels)).map(|index| Self {
            kind: ControlKind::ShuffledLabels,
            seed: index,
        });
        untrained.chain(shuffled).collect()
    }

    /// The labels of its pairs: those that they have, or, shuffled, those of the pairs of another
    /// promoter. Labels stand by promoter in a row, the promoters in another order than the pairs':
    /// pairs of one promoter stay alike, as they are.
    pub fn labels(&self, pairs: &[&Pair], request: &AnalysisRequest) -> Vec<bool> {
        let known: Vec<bool> = pairs.iter().map(|pair| pair.label == Some(true)).collect();
        if self.kind == ControlKind::Untrained {
            return known;
        }
        let mut of_promoter: BTreeMap<Region, Vec<usize>> = BTreeMap::new();
        for (place, pair) in pairs.iter().enumerate() {
            let places = of_promoter.entry(pair.elements.promoter).or_default();
            places.push(place);
        }
        let mut promoters: Vec<&Vec<usize>> = of_promoter.values().collect();
        // Shuffles have other numbers than untrained networks.
        let mut rng = stream(request.seed, Purpose::Controls, (1 << 32) + self.seed);
        promoters.shuffle(&mut rng);
        let dealt = promoters.into_iter().flatten().map(|&place| known[place]);
        let mut labels = vec![false; known.len()];
        for (&place, label) in of_promoter.values().flatten().zip(dealt) {
            labels[place] = label;
        }
        labels
    }
}

/// How a control is counted: as the analysis, with as many draws as its numbers need.
pub fn settings(settings: Settings) -> Settings {
    let fewer = |asked: FootprintSettings| FootprintSettings {
        draws: asked.draws.min(PROFILE_DRAWS),
        ..asked
    };
    Settings {
        draws: settings.draws.min(DRAWS),
        footprints: settings.footprints.map(fewer),
        ..settings
    }
}

/// How its pairs of factors are tested: as the analysis's, with permutations enough for its numbers.
fn fewer_permutations(rules: TestRules) -> TestRules {
    TestRules {
        permutations: rules.permutations.min(PERMUTATIONS),
        ..rules
    }
}

impl Control {
    fn new(
        made: Planned,
        counted: Counted,
        rules: TestRules,
        (orders, q): (Option<&Orders>, f64),
        progress: &dyn Progress,
    ) -> Result<Self> {
        let tf_pairs = TfPairs::test(&counted.tf_pairs, fewer_permutations(rules), progress)?;
        let enrichment = counted.enrichment.finish()?;
        let most = (MOST_ENRICHED, q);
        let count = |orders| KnownInteractions::count(&tf_pairs, rules.combine, orders, most);
        let known = orders.and_then(count);
        let tested = tf_pairs.tested.iter();
        let statistic = tested.map(|pair| (pair.factors, pair.conditional.statistic));
        Ok(Self {
            made,
            numbers: numbers(&enrichment, &tf_pairs, known.as_ref(), q),
            statistics: statistic.collect(),
            enrichment,
        })
    }
}

impl Controls {
    /// Tests what was counted for each by the rules of the analysis, with fewer permutations.
    /// `orders` are known interactions of the factors, and q-values up to `q` significant.
    ///
    /// # Errors
    ///
    /// As of [`TfPairs::test`] and [`Enrichment::finish`](crate::enrichment::Enrichment::finish).
    pub fn new<'a>(
        counted: impl Iterator<Item = (Planned, Counted<'a>)>,
        rules: TestRules,
        (orders, q): (Option<&Orders>, f64),
        progress: &dyn Progress,
    ) -> Result<Self> {
        let controls = counted
            .map(|(made, counted)| Control::new(made, counted, rules, (orders, q), progress));
        Ok(Self(controls.collect::<Result<_>>()?))
    }

    /// Those of a kind.
    pub fn of(&self, kind: ControlKind) -> impl Iterator<Item = &Control> {
        self.0
            .iter()
            .filter(move |control| control.made.kind == kind)
    }

    /// Numbers of the analysis beside theirs.
    pub fn beside(&self, numbers: Vec<Number>) -> Vec<Beside> {
        let span = |kind, place: usize| {
            let values = self
                .of(kind)
                .filter_map(|control| control.numbers[place].value);
            Span::of(values)
        };
        let beside = |(place, number)| Beside {
            number,
            untrained: span(ControlKind::Untrained, place),
            shuffled_labels: span(ControlKind::ShuffledLabels, place),
        };
        numbers.into_iter().enumerate().map(beside).collect()
    }

    /// The part of a matrix's sites, or of its occupied ones, that untrained networks capture. Shuffled
    /// labels leave the regions as they are, and say nothing about it.
    pub fn captured(
        &self,
        (element, positive): (Element, bool),
        occupied: bool,
        matrix: u32,
    ) -> Option<Span> {
        let part = |control: &Control| {
            let group = control.enrichment.group(element, positive);
            let all = match occupied {
                true => group.occupied.as_ref()?,
                false => &group.all,
            };
            let captured = all.get(matrix as usize)?;
            Some(captured.statement.comparison()?.fraction)
        };
        Span::of(self.of(ControlKind::Untrained).filter_map(part))
    }

    /// What was found with each untrained network.
    pub fn untrained(&self) -> impl Iterator<Item = &Findings> {
        let untrained = self.of(ControlKind::Untrained);
        untrained.map(|control| &control.enrichment)
    }

    /// What a network captures among what untrained ones do.
    pub fn among_untrained(&self, own: &Findings) -> Among {
        Among::of(own, &self.untrained().collect::<Vec<_>>())
    }

    /// Whether the conditional statistic of two factors is larger than in every control.
    pub fn exceeded_by(&self, pair: &TfPair) -> bool {
        let all = self.statistic(pair.factors);
        all.is_none_or(|span| pair.conditional.statistic > span.high)
    }

    /// The conditional statistics that the controls give two factors, those of them that tested
    /// the two.
    pub fn statistic(&self, factors: Sides<u32>) -> Option<Span> {
        let statistics = self.0.iter().filter_map(|of| of.statistics.get(&factors));
        Span::of(statistics.copied())
    }
}

/// The numbers that an analysis states, whatever they are, in one order.
pub fn numbers(
    enrichment: &Findings,
    tf_pairs: &TfPairs,
    known: Option<&KnownInteractions>,
    q: f64,
) -> Vec<Number> {
    let mut numbers = Vec::new();
    for group in &enrichment.groups {
        let number = |measure, value| Number {
            measure,
            element: Some(group.element),
            positive: Some(group.positive),
            value,
        };
        let stated = group.stated();
        let enriched = stated.iter().filter(|(_, made)| made.q <= q).count() as f64;
        let enriched = (!stated.is_empty()).then_some(enriched);
        numbers.push(number(Measure::MatricesEnriched, enriched));
        let profile = group.profile.as_ref();
        let occupied = profile.and_then(|profile| profile.occupied_part);
        numbers.push(number(
            Measure::RegionsOccupied,
            occupied.map(|part| part.value),
        ));
        let points = profile.and_then(|profile| profile.points.as_ref());
        let height = points.and_then(|points| centre_over_flanks(points, |point| point.top));
        numbers.push(number(Measure::CentreOverFlanks, height));
    }
    let number = |measure, value| Number {
        measure,
        element: None,
        positive: None,
        value,
    };
    let tested = tf_pairs.tested.len();
    let of_tested = |count: usize| (tested > 0).then_some(count as f64);
    let share = known.map(|known| known.most_enriched);
    numbers.extend([
        number(Measure::TfPairsTested, Some(tested as f64)),
        number(Measure::TfPairsCalled, of_tested(tf_pairs.significant(q))),
        number(
            Measure::TfPairsMarginallyEnriched,
            of_tested(tf_pairs.enriched(q)),
        ),
        number(
            Measure::FirstOrder,
            share.map(|share| share.first_order_fraction()),
        ),
        number(
            Measure::SecondOrder,
            share.map(|share| share.second_order_fraction()),
        ),
    ]);
    numbers
}

#[cfg(test)]
mod tests;
