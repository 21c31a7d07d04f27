//! What the figures of one pair show.

use std::ops::Range;

use super::font;
use super::ticks::Ticks;
use crate::element::Element;
use crate::error::{Error, Result};

/// A pair and what the network says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct PairFigure<'a> {
    /// The pair's name.
    pub name: &'a str,
    /// The predicted probability, 0–1.
    pub probability: f32,
    /// Whether the table calls the pair positive, where it says so.
    pub label: Option<bool>,
    /// The enhancer's window.
    pub enhancer: WindowFigure<'a>,
    /// The promoter's window.
    pub promoter: WindowFigure<'a>,
}

/// A window and what lies in it. Positions are on the chromosome except for the bins' edges.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowFigure<'a> {
    /// The chromosome's name.
    pub chrom: &'a str,
    /// The window.
    pub window: Range<u32>,
    /// The annotated element, which shares a base with the window.
    pub element: Range<u32>,
    /// Where the bins begin and end, in bases from the window's first: 0, …, the window's length.
    pub edges: &'a [u32],
    /// Marginal attention of each bin, 0–1.
    pub marginal: &'a [f32],
    /// The top regions with their ranks; each shares a base with the window.
    pub top: &'a [(Range<u32>, u8)],
    /// What else lies in the window, such as motif sites; each shares a base with it.
    pub features: &'a [Feature<'a>],
}

/// Something named that lies in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature<'a> {
    /// Its name.
    pub name: &'a str,
    /// First base.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
    /// Its strand, if it has one.
    pub strand: Option<Strand>,
}

/// A strand of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strand {
    /// Towards higher positions.
    Forward,
    /// Towards lower positions.
    Reverse,
}

/// Both attention matrices of a pair: for each enhancer bin a row of the promoter's bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrices<'a> {
    /// Softmax over the enhancer's bins: each column sums to 1.
    pub enhancer: &'a [f32],
    /// Softmax over the promoter's bins: each row sums to 1.
    pub promoter: &'a [f32],
}

impl<'a> PairFigure<'a> {
    /// The window of an element.
    pub fn window(&self, element: Element) -> &WindowFigure<'a> {
        match element {
            Element::Enhancer => &self.enhancer,
            Element::Promoter => &self.promoter,
        }
    }

    /// The name as a heading has it.
    pub(super) fn title(&self) -> String {
        match font::drawable(self.name) {
            name if name.is_empty() => "pair without a name".to_string(),
            name => name,
        }
    }

    /// Probability and label.
    pub(super) fn remark(&self) -> String {
        let label = match self.label {
            Some(true) => "labelled as interacting",
            Some(false) => "labelled as not interacting",
            None => "no label",
        };
        format!("predicted probability {:.3}, {label}", self.probability)
    }

    /// Refuses a pair of which there is no figure, with the reason.
    pub(super) fn check(&self) -> Result<()> {
        if !(0.0..=1.0).contains(&self.probability) {
            let message = format!("the probability of {:?} is {}", self.name, self.probability);
            return Err(Error::NotFinite(message));
        }
        self.enhancer.check(self.name, "enhancer")?;
        self.promoter.check(self.name, "promoter")
    }
}

impl WindowFigure<'_> {
    /// The positions of the bins: where one begins and where it ends, with its value, marginal
    /// attention × number of bins. 1 means no preference.
    pub(super) fn bins(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let count = self.marginal.len() as f64;
        let position = |edge: u32| f64::from(self.window.start) + f64::from(edge);
        let values = self
            .marginal
            .iter()
            .map(move |value| f64::from(*value) * count);
        let bins = self.edges.windows(2).zip(values);
        bins.map(move |(edges, value)| (position(edges[0]), position(edges[1]), value))
    }

    /// Ticks from 0 past the highest value of [`WindowFigure::bins`] and past 1.
    pub(super) fn value_ticks(&self, most: usize) -> Ticks {
        Ticks::covering(0.0, self.bins().map(|bin| bin.2).fold(1.0, f64::max), most)
    }

    fn check(&self, pair: &str, element: &str) -> Result<()> {
        let undefined = |what: String| {
            let message = format!("no figure of {pair:?}: in the {element} window {what}");
            Err(Error::Undefined(message))
        };
        let Range { start, end } = self.window;
        let inside =
            |part: &Range<u32>| part.start < part.end && part.start < end && start < part.end;
        if start >= end {
            return undefined("is no base".to_string());
        }
        if !inside(&self.element) {
            return undefined("lies no base of the element".to_string());
        }
        let ascending = self.edges.windows(2).all(|two| two[0] < two[1]);
        if !ascending || self.edges.first() != Some(&0) || self.edges.last() != Some(&(end - start))
        {
            return undefined(format!("the bins do not cover {} bases", end - start));
        }
        let (bins, values) = (self.edges.len() - 1, self.marginal.len());
        if bins != values {
            return undefined(format!("{values} values stand for {bins} bins"));
        }
        if let Some((region, _)) = self.top.iter().find(|(top, _)| !inside(top)) {
            return undefined(format!("lies no base of {region:?}, a top region"));
        }
        if let Some(other) = self
            .features
            .iter()
            .find(|other| !inside(&(other.start..other.end)))
        {
            return undefined(format!("lies no base of {:?}", other.name));
        }
        attention(self.marginal, || {
            format!("the {element}'s marginal attention of {pair:?}")
        })
    }
}

impl Matrices<'_> {
    /// Refuses matrices that are not of the pair's bins.
    pub(super) fn check(&self, pair: &PairFigure) -> Result<()> {
        let (rows, columns) = (pair.enhancer.marginal.len(), pair.promoter.marginal.len());
        for (matrix, over) in [(self.enhancer, "enhancer"), (self.promoter, "promoter")] {
            let what = || format!("the attention of {:?} over {over} bins", pair.name);
            if matrix.len() != rows * columns {
                let count = matrix.len();
                let message = format!("{} has {count} values for {rows} × {columns}", what());
                return Err(Error::Undefined(message));
            }
            attention(matrix, what)?;
        }
        Ok(())
    }
}

/// Refuses values that a softmax never has; its sums may miss 1 by a little.
fn attention(values: &[f32], what: impl Fn() -> String) -> Result<()> {
    match values.iter().find(|value| !(0.0..=1.001).contains(*value)) {
        Some(value) => Err(Error::NotFinite(format!(
            "{} has the value {value}",
            what()
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Three bins of 100 bases and two of 50.
    pub fn small() -> PairFigure<'static> {
        const TOP: &[(Range<u32>, u8)] = &[(1100..1145, 1)];
        const SITES: &[Feature] = &[Feature {
            name: "CTCF",
            start: 5010,
            end: 5029,
            strand: Some(Strand::Reverse),
        }];
        let enhancer = WindowFigure {
            chrom: "chr1",
            window: 1000..1300,
            element: 1100..1200,
            edges: &[0, 100, 200, 300],
            marginal: &[0.2, 0.9, 0.4],
            top: TOP,
            features: &[],
        };
        let promoter = WindowFigure {
            window: 5000..5100,
            element: 5050..5100,
            edges: &[0, 50, 100],
            marginal: &[0.5, 0.7],
            top: &[],
            features: SITES,
            ..enhancer.clone()
        };
        PairFigure {
            name: "small",
            probability: 0.75,
            label: Some(true),
            enhancer,
            promoter,
        }
    }

    pub const SMALL_MATRICES: Matrices = Matrices {
        enhancer: &[0.2, 0.1, 0.5, 0.9, 0.3, 0.0],
        promoter: &[0.5, 0.5, 0.3, 0.7, 0.6, 0.4],
    };

    #[test]
    fn values_are_attention_times_bins() {
        let pair = small();
        pair.check().unwrap();
        SMALL_MATRICES.check(&pair).unwrap();
        let bins: Vec<_> = pair.promoter.bins().collect();
        assert_eq!((bins[0].0, bins[1].1, bins[0].2), (5000.0, 5100.0, 1.0));
        assert_eq!(pair.promoter.value_ticks(3).range().0, 0.0);
    }

    #[test]
    fn what_cannot_be_shown_is_refused_with_the_reason() {
        let refuse = |change: &dyn Fn(&mut WindowFigure)| {
            let mut pair = small();
            change(&mut pair.promoter);
            pair.check().unwrap_err().to_string()
        };
        assert!(refuse(&|w| w.window = 5100..5100).contains("no base"));
        assert!(refuse(&|w| w.element = 5100..5200).contains("element"));
        assert!(refuse(&|w| w.element = 5050..5050).contains("element"));
        for edges in [&[][..], &[0], &[0, 100, 100], &[0, 50, 99], &[1, 50, 100]] {
            assert!(refuse(&|w| w.edges = edges).contains("cover"), "{edges:?}");
        }
        assert!(refuse(&|w| w.edges = &[0, 100]).contains("2 values stand for 1"));
        assert!(refuse(&|w| w.marginal = &[]).contains("0 values"));
        for value in [f32::NAN, f32::INFINITY, -0.1, 1.5] {
            let marginal = [0.5, value];
            let mut pair = small();
            pair.promoter.marginal = &marginal;
            assert!(matches!(pair.check(), Err(Error::NotFinite(_))), "{value}");
        }
        assert!(refuse(&|w| w.top = &[(0..45, 1)]).contains("0..45"));
        let mut pair = small();
        pair.probability = f32::NAN;
        assert!(pair.check().is_err());
    }

    #[test]
    fn matrices_of_other_bins_are_refused() {
        let short = Matrices {
            promoter: &[0.5; 5],
            ..SMALL_MATRICES
        };
        assert!(
            short
                .check(&small())
                .unwrap_err()
                .to_string()
                .contains("3 × 2")
        );
        let unknown = Matrices {
            enhancer: &[0.2, 0.1, f32::NAN, 0.9, 0.3, 0.0],
            ..SMALL_MATRICES
        };
        assert!(matches!(unknown.check(&small()), Err(Error::NotFinite(_))));
    }
}
