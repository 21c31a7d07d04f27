//! What the sequence adds to what is known of pairs without it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::difference::{Paired, difference};
use super::metrics::{Scored, auroc, average_precision};
use super::sum::Sum;
use super::support::Support;
use crate::error::Result;
use crate::statistics::{Clusters, Estimate, bootstrap};

/// What is known of pairs without their sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// How far apart the elements are, as far as trees learn from it.
    Distance,
    /// How near each other the elements are, where the training pairs do not allow to learn from that.
    Nearness,
    /// The context that the run was trained with.
    Context,
}

impl Known {
    /// As texts have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Distance => "distance",
            Self::Nearness => "nearness",
            Self::Context => "context",
        }
    }
}

/// A pair by three log-odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ablated {
    /// Without the sequence, g.
    pub context: f64,
    /// By the sequence, f.
    pub sequence: f64,
    /// By both.
    pub both: f64,
    /// The truth.
    pub positive: bool,
}

/// How well log-odds order a set of pairs, with 95 % intervals over enhancers and promoters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// Area under the receiver operating characteristic.
    pub auroc: Estimate,
    /// Average precision.
    pub auprc: Estimate,
}

/// What the sequence adds to what is known without it, on one set of pairs: each alone, both, and by how much
/// both are better than what is known without the sequence, from the same resamples of the pairs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ablation {
    /// What is known without the sequence.
    pub known: Known,
    /// How the two log-odds become one; none where they are added as they are, as in the training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<Sum>,
    /// What is known without the sequence, g alone.
    pub context: Ranking,
    /// The sequence, f alone: of a run with a context, which f was trained to complete, what that leaves to it.
    pub sequence: Ranking,
    /// Both.
    pub both: Ranking,
    /// `both` less `context`.
    pub difference: Ranking,
}

impl Ablation {
    /// Measures a set of pairs, whose enhancers and promoters are `clusters`.
    ///
    /// # Errors
    ///
    /// A set of only one class.
    pub fn new(
        (known, sum): (Known, Option<Sum>),
        set: &[Ablated],
        clusters: &Clusters,
        seed: u64,
    ) -> Result<Self> {
        let measured = Measured {
            set,
            clusters,
            seed,
        };
        let [context, both]: [fn(&Ablated) -> f64; 2] = [|of| of.context, |of| of.both];
        Ok(Self {
            known,
            sum,
            context: measured.ranking(context)?,
            sequence: measured.ranking(|of| of.sequence)?,
            both: measured.ranking(both)?,
            difference: measured.difference([both, context])?,
        })
    }

    /// Whether the whole interval of the AUPRC's difference lies above zero; where there is none, nobody can
    /// tell.
    pub fn adds(&self) -> bool {
        let interval = self.difference.auprc.interval();
        interval.is_some_and(|interval| interval.low > 0.0)
    }

    /// What it means for those who look at tracks.
    pub fn verdict(&self) -> String {
        let known = self.known.name();
        match self.adds() {
            true => format!(
                "the sequence adds to {known} on these pairs: AUPRC {}",
                signed(&self.difference.auprc)
            ),
            false => format!(
                "the sequence adds nothing that can be told over {known} on these pairs: its tracks are \
                 hypotheses about this cell line"
            ),
        }
    }

    /// What is known, the sequence and both, each as AUPRC and AUROC, and the difference.
    pub fn rows(&self) -> [(String, [String; 2]); 4] {
        let known = self.known.name();
        let plain = |of: &Ranking| [of.auroc, of.auprc].map(|of| of.to_string());
        let difference = [&self.difference.auroc, &self.difference.auprc].map(signed);
        let sequence = match self.known {
            Known::Context => "the sequence's part",
            Known::Distance | Known::Nearness => "sequence alone",
        };
        [
            (format!("{known} alone"), plain(&self.context)),
            (sequence.to_string(), plain(&self.sequence)),
            ("both".to_string(), plain(&self.both)),
            (format!("both − {known}"), difference),
        ]
    }
}

impl fmt::Display for Ablation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<22}{:<26}AUPRC", "ablation, test part", "AUROC")?;
        for (name, [auroc, auprc]) in self.rows() {
            let name = format!("  {name}");
            writeln!(f, "{name:<22}{auroc:<26}{auprc}")?;
        }
        match &self.sum {
            Some(sum) => writeln!(f, "  both: {sum}")?,
            None => writeln!(f, "  both: the sum of the two, as in the training")?,
        }
        write!(f, "{}", self.verdict())
    }
}

/// A difference with its interval, and the signs of both.
fn signed(of: &Estimate) -> String {
    let text = match of.interval() {
        Some(interval) => format!(
            "{:+.3} ({:+.3} to {:+.3})",
            interval.value, interval.low, interval.high
        ),
        None => format!("{:+.3} (no interval)", of.value),
    };
    text.replace('-', "−")
}

/// A set that is measured.
struct Measured<'a> {
    set: &'a [Ablated],
    clusters: &'a Clusters,
    seed: u64,
}

/// A measure of an order.
type Measure = fn(&[Scored]) -> Result<f64>;

impl Measured<'_> {
    fn scored(&self, score: fn(&Ablated) -> f64) -> Vec<Scored> {
        let of = |pair: &Ablated| Scored {
            score: score(pair),
            positive: pair.positive,
        };
        self.set.iter().map(of).collect()
    }

    /// The places by descending score, so that no resample has much to sort; and what lies there shares.
    fn ordered(&self, scored: &[Scored]) -> (Vec<usize>, Clusters) {
        let mut order: Vec<usize> = (0..scored.len()).collect();
        order.sort_by(|&a, &b| scored[b].score.total_cmp(&scored[a].score));
        let clusters = self.clusters.of(&order);
        (order, clusters)
    }

    /// The number of clusters that intervals rest on.
    fn independent(&self) -> usize {
        // Whatever the scores: labels alone decide.
        let scored = self.scored(|of| of.context);
        Support::new(&scored, self.clusters).independent()
    }

    fn ranking(&self, score: fn(&Ablated) -> f64) -> Result<Ranking> {
        let scored = self.scored(score);
        let (order, clusters) = self.ordered(&scored);
        let sorted: Vec<Scored> = order.iter().map(|&place| scored[place]).collect();
        let independent = self.independent();
        let estimate =
            |measure: Measure| bootstrap(&sorted, &clusters, independent, self.seed, measure);
        Ok(Ranking {
            auroc: estimate(auroc)?,
            auprc: estimate(average_precision)?,
        })
    }

    /// The first score's measures less the second's.
    fn difference(&self, scores: [fn(&Ablated) -> f64; 2]) -> Result<Ranking> {
        let pair = |of: &Ablated| Paired {
            scores: scores.map(|score| score(of)),
            positive: of.positive,
        };
        let pairs: Vec<Paired> = self.set.iter().map(pair).collect();
        let independent = self.independent();
        let estimate =
            |measure: Measure| difference(&pairs, self.clusters, independent, self.seed, measure);
        Ok(Ranking {
            auroc: estimate(auroc)?,
            auprc: estimate(average_precision)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many pairs that share nothing, one in four positive; the sequence knows as much as `told` of the
    /// label, the context something by itself.
    fn ablation(pairs: usize, told: f64) -> Ablation {
        let pair = |place: usize| {
            let positive = place.is_multiple_of(4);
            let noise = |factor: usize, of: usize| (place * factor % of) as f64 / of as f64;
            let context = noise(37, 101) + if positive { 0.3 } else { 0.0 };
            let sequence = noise(53, 97) + if positive { told } else { 0.0 };
            Ablated {
                context,
                sequence,
                both: context + sequence,
                positive,
            }
        };
        let set: Vec<Ablated> = (0..pairs).map(pair).collect();
        let clusters = Clusters::new((0..pairs).map(|place| (place, place)));
        Ablation::new((Known::Context, None), &set, &clusters, 1).unwrap()
    }

    #[test]
    fn a_sequence_that_knows_more_is_told_and_one_that_does_not_too() {
        let knows = ablation(400, 1.5);
        assert!(knows.adds(), "{knows}");
        assert!(
            knows
                .verdict()
                .contains("adds to context on these pairs: AUPRC +0.")
        );
        let difference = knows.both.auprc.value - knows.context.auprc.value;
        assert_eq!(knows.difference.auprc.value, difference);
        let does_not = ablation(400, 0.0);
        assert!(!does_not.adds(), "{does_not}");
        let text = does_not.to_string();
        for wanted in [
            "ablation, test part   AUROC                     AUPRC\n",
            "\n  context alone       0.",
            "\n  the sequence's part 0.",
            "\n  both                0.",
            "\n  both − context      ",
            "adds nothing that can be told over context on these pairs: its tracks are hypotheses about \
             this cell line",
        ] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
        // It adds noise: the difference, and its lower end, lie below zero, and are no part of 1.
        let interval = does_not.difference.auprc.interval().unwrap();
        assert!(interval.low < 0.0 && interval.value < 0.05, "{interval:?}");
        assert!(text.contains("(−0."), "{text}");
    }

    #[test]
    fn of_few_pairs_nobody_can_tell() {
        let few = ablation(12, 5.0);
        assert_eq!(few.difference.auprc.interval(), None);
        assert!(!few.adds());
        assert!(few.to_string().contains("(no interval)"), "{few}");
    }

    #[test]
    fn the_same_order_twice_differs_by_nothing() {
        let set: Vec<Ablated> = (0..60)
            .map(|place| Ablated {
                context: f64::from(place * 7 % 31),
                sequence: 0.0,
                both: 2.0 * f64::from(place * 7 % 31) - 1.0,
                positive: place % 3 == 0,
            })
            .collect();
        let clusters = Clusters::new((0..60).map(|place| (place, place)));
        let same = Ablation::new((Known::Distance, None), &set, &clusters, 1).unwrap();
        let interval = same.difference.auprc.interval().unwrap();
        assert_eq!((interval.low, interval.high), (0.0, 0.0));
        assert!(!same.adds());
        assert!(same.verdict().contains("over distance on these pairs"));
        assert_eq!(same.rows()[1].0, "sequence alone");
        let json = serde_json::to_value(same).unwrap();
        assert_eq!(json["known"], "distance");
        assert!(json.get("sum").is_none());
        assert_eq!(serde_json::from_value::<Ablation>(json).unwrap(), same);
    }
}
