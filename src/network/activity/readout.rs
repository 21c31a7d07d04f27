//! What the network's numbers of an activity mean.

use super::scale::Scale;
use super::source::Kind;

/// How what the network says of a source is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readout {
    /// What the source measures.
    pub kind: Kind,
    /// What its targets were standardised by.
    pub scale: Scale,
}

impl Readout {
    /// Of peaks the probability that the bin lies in one, from its log-odds; of a signal ln(1 + signal), from
    /// the same in standard deviations from its mean.
    pub fn value(&self, said: f32) -> f32 {
        match self.kind {
            Kind::Peaks => 1.0 / (1.0 + (-said).exp()),
            Kind::Signal => self.scale.target(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_become_probabilities_and_deviations_logarithms_of_signal() {
        let peaks = Readout {
            kind: Kind::Peaks,
            scale: Scale::NONE,
        };
        assert_eq!(peaks.value(0.0), 0.5);
        assert!((peaks.value(3f32.ln()) - 0.75).abs() < 1e-6);
        assert_eq!(peaks.value(-1000.0), 0.0);
        let signal = Readout {
            kind: Kind::Signal,
            scale: Scale { mean: 0.5, sd: 2.0 },
        };
        assert_eq!(
            [-1.0, 0.0, 1.5].map(|of| signal.value(of)),
            [-1.5, 0.5, 3.5]
        );
    }
}
