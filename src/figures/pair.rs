//! What the figures of one pair show.

use std::ops::Range;

use super::chart::ticks::Ticks;
use super::check;
use super::drawing::font;
use super::track::{Track, share_a_base};
use crate::element::Sides;
use crate::error::{Error, Result};

/// A pair and what the network says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct PairFigure<'a> {
    /// The pair's name.
    pub name: &'a str,
    /// The predicted probability, 0–1.
    pub probability: f32,
    /// What the context alone says, where the network has one.
    pub context: Option<f32>,
    /// Whether the table calls the pair positive, where it says so.
    pub label: Option<bool>,
    /// The windows, whose tracks are of the same kinds.
    pub windows: Sides<WindowFigure<'a>>,
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
    pub edges: Vec<u32>,
    /// Marginal attention of each bin, 0–1.
    pub marginal: &'a [f32],
    /// The top regions with their ranks; each shares a base with the window.
    pub top: Vec<(Range<u32>, u8)>,
    /// What else lies in the window, from top to bottom.
    pub tracks: Vec<Track>,
}

/// Both attention matrices of a pair: for each enhancer bin a row of the promoter's bins. That of
/// the enhancer is a softmax over its bins, so that each column sums to 1; of the promoter's each
/// row does.
pub type Matrices<'a> = Sides<&'a [f32]>;

impl PairFigure<'_> {
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
        let alone = self.context.map(|of| format!(" (context alone {of:.3})"));
        let alone = alone.unwrap_or_default();
        format!(
            "predicted probability {:.3}{alone}, {label}",
            self.probability
        )
    }

    /// Refuses a pair of which there is no figure, with the reason.
    pub(super) fn check(&self) -> Result<()> {
        if !(0.0..=1.0).contains(&self.probability) {
            let message = format!("the probability of {:?} is {}", self.name, self.probability);
            return Err(Error::NotFinite(message));
        }
        for (element, window) in self.windows.iter() {
            window.check(self.name, element.name())?;
        }
        let kinds = self.windows.as_ref().map(|window| {
            let kinds = window.tracks.iter().map(|track| track.signal().is_some());
            kinds.collect::<Vec<bool>>()
        });
        check::refuse_if(kinds.enhancer != kinds.promoter, || {
            format!("the windows of {:?} have other tracks", self.name)
        })
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

    /// The highest value of [`WindowFigure::bins`], or 1.
    pub(super) fn highest(&self) -> f64 {
        self.bins().map(|bin| bin.2).fold(1.0, f64::max)
    }

    /// Ticks from 0 past [`WindowFigure::highest`].
    pub(super) fn value_ticks(&self, most: usize) -> Ticks {
        Ticks::covering(0.0, self.highest(), most)
    }

    fn check(&self, pair: &str, element: &str) -> Result<()> {
        let refuse_if = |wrong: bool, what: &str| {
            check::refuse_if(wrong, || {
                format!("no figure of {pair:?}: in the {element} window {what}")
            })
        };
        let Range { start, end } = self.window;
        let inside = |part: &Range<u32>| share_a_base(&self.window, part);
        refuse_if(start >= end, "is no base")?;
        refuse_if(!inside(&self.element), "lies no base of the element")?;
        let ends = (self.edges.first(), self.edges.last());
        let ascending = self.edges.windows(2).all(|two| two[0] < two[1]);
        let covered = ascending && ends == (Some(&0), Some(&(end - start)));
        let bases = format!("the bins do not cover {} bases", end - start);
        refuse_if(!covered, &bases)?;
        let (bins, values) = (self.edges.len() - 1, self.marginal.len());
        let count = format!("{values} values stand for {bins} bins");
        refuse_if(bins != values, &count)?;
        let outside = self.top.iter().find(|(top, _)| !inside(top));
        let outside = outside.map(|(top, _)| format!("lies no base of {top:?}, a top region"));
        let mut tracks = self.tracks.iter();
        let problem = outside.or_else(|| tracks.find_map(|track| track.problem(&self.window)));
        refuse_if(problem.is_some(), &problem.unwrap_or_default())?;
        attention(self.marginal, || {
            format!("the {element}'s marginal attention of {pair:?}")
        })
    }
}

/// Refuses matrices that are not of the pair's bins.
pub(super) fn check_matrices(matrices: &Matrices, pair: &PairFigure) -> Result<()> {
    let Sides {
        enhancer: rows,
        promoter: columns,
    } = pair.windows.as_ref().map(|window| window.marginal.len());
    for (over, matrix) in matrices.iter() {
        let what = || format!("the attention of {:?} over {} bins", pair.name, over.name());
        let count = matrix.len();
        check::refuse_if(count != rows * columns, || {
            format!("{} has {count} values for {rows} × {columns}", what())
        })?;
        attention(matrix, what)?;
    }
    Ok(())
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
    use crate::figures::track::{Feature, Gene, TrackContent};
    use crate::genome::Strand;

    /// A track of one site on the reverse strand.
    pub fn sites(name: &str, site: &str, bases: Range<u32>) -> [Track; 1] {
        let strand = Some(Strand::Reverse);
        let name = name.to_string();
        let site = Feature {
            name: site.into(),
            bases,
            strand,
        };
        let content = TrackContent::Features(vec![site]);
        [Track::new(name, content)]
    }

    /// A gene of one exon that codes.
    pub fn gene(name: &str, bases: Range<u32>, strand: Strand) -> Gene {
        let feature = Feature {
            name: name.into(),
            bases: bases.clone(),
            strand: Some(strand),
        };
        Gene {
            feature,
            exons: std::iter::once(bases.clone()).collect(),
            coding: Some(bases),
        }
    }

    /// A track of a gene.
    pub fn genes(name: &str, gene_name: &str, bases: Range<u32>) -> [Track; 1] {
        let content = vec![gene(gene_name, bases, Strand::Forward)];
        [Track::new(name, TrackContent::Genes(content))]
    }

    /// A track of values.
    pub fn signal(name: &str, values: &[(Range<u32>, f32)]) -> [Track; 1] {
        let name = name.to_string();
        let content = TrackContent::Signal(values.to_vec());
        [Track::new(name, content)]
    }

    /// Three bins of 100 bases and two of 50.
    pub fn small() -> PairFigure<'static> {
        let nothing = Track::new("", TrackContent::Features(Vec::new()));
        let enhancer = WindowFigure {
            chrom: "chr1",
            window: 1000..1300,
            element: 1100..1200,
            edges: vec![0, 100, 200, 300],
            marginal: &[0.2, 0.9, 0.4],
            top: vec![(1100..1145, 1)],
            tracks: vec![nothing],
        };
        let promoter = WindowFigure {
            window: 5000..5100,
            element: 5050..5100,
            edges: vec![0, 50, 100],
            marginal: &[0.5, 0.7],
            top: Vec::new(),
            tracks: sites("", "CTCF", 5010..5029).to_vec(),
            ..enhancer.clone()
        };
        PairFigure {
            name: "small",
            probability: 0.75,
            context: None,
            label: Some(true),
            windows: Sides { enhancer, promoter },
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
        check_matrices(&SMALL_MATRICES, &pair).unwrap();
        let bins: Vec<_> = pair.windows.promoter.bins().collect();
        assert_eq!((bins[0].0, bins[1].1, bins[0].2), (5000.0, 5100.0, 1.0));
        assert_eq!(pair.windows.promoter.value_ticks(3).range().0, 0.0);
    }

    #[test]
    fn what_the_context_alone_says_stands_beside_the_probability() {
        let mut pair = small();
        let wanted = "predicted probability 0.750, labelled as interacting";
        assert_eq!(pair.remark(), wanted);
        pair.context = Some(0.125);
        let wanted = "predicted probability 0.750 (context alone 0.125), labelled as interacting";
        assert_eq!(pair.remark(), wanted);
    }

    #[test]
    fn what_cannot_be_shown_is_refused_with_the_reason() {
        let refuse = |change: &dyn Fn(&mut WindowFigure)| {
            let mut pair = small();
            change(&mut pair.windows.promoter);
            pair.check().unwrap_err().to_string()
        };
        assert!(refuse(&|w| w.window = 5100..5100).contains("no base"));
        assert!(refuse(&|w| w.element = 5100..5200).contains("element"));
        assert!(refuse(&|w| w.element = 5050..5050).contains("element"));
        for edges in [&[][..], &[0], &[0, 100, 100], &[0, 50, 99], &[1, 50, 100]] {
            assert!(
                refuse(&|w| w.edges = edges.to_vec()).contains("cover"),
                "{edges:?}"
            );
        }
        assert!(refuse(&|w| w.edges = vec![0, 100]).contains("2 values stand for 1"));
        assert!(refuse(&|w| w.marginal = &[]).contains("0 values"));
        for value in [f32::NAN, f32::INFINITY, -0.1, 1.5] {
            let marginal = [0.5, value];
            let mut pair = small();
            pair.windows.promoter.marginal = &marginal;
            assert!(matches!(pair.check(), Err(Error::NotFinite(_))), "{value}");
        }
        assert!(refuse(&|w| w.top = vec![(0..45, 1)]).contains("0..45"));
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
        let said = check_matrices(&short, &small()).unwrap_err().to_string();
        assert!(said.contains("3 × 2"), "{said}");
        let unknown = Matrices {
            enhancer: &[0.2, 0.1, f32::NAN, 0.9, 0.3, 0.0],
            ..SMALL_MATRICES
        };
        let refused = check_matrices(&unknown, &small());
        assert!(matches!(refused, Err(Error::NotFinite(_))));
    }

    #[test]
    fn tracks_that_cannot_be_shown_are_refused() {
        let refused = |tracks: Sides<&[Track]>| {
            let mut pair = small();
            pair.windows.enhancer.tracks = tracks.enhancer.to_vec();
            pair.windows.promoter.tracks = tracks.promoter.to_vec();
            pair.check().err().map(|error| error.to_string())
        };
        let signal = |values: &[(Range<u32>, f32)]| signal("DNase", values);
        let empty = signal(&[]);
        let of_promoter = |promoter: &[Track]| {
            refused(Sides {
                enhancer: &empty,
                promoter,
            })
        };
        let good = signal(&[(5000..5010, 1.0), (5010..5020, -2.0), (5090..5100, 0.0)]);
        assert_eq!(of_promoter(&good), None);
        assert!(of_promoter(&[]).unwrap().contains("other tracks"));
        for values in [
            &[(4999..5010, 1.0)][..],
            &[(5090..5101, 1.0)],
            &[(5010..5010, 1.0)],
            &[(5000..5010, 1.0), (5009..5012, 1.0)],
        ] {
            let said = of_promoter(&signal(values)).unwrap();
            assert!(said.contains("no place"), "{said}");
        }
        let unknown = of_promoter(&signal(&[(5000..5010, f32::NAN)])).unwrap();
        assert!(unknown.contains("is NaN"), "{unknown}");
        let features = sites("", "CTCF", 5100..5119);
        let said = refused(Sides {
            enhancer: &features,
            promoter: &features,
        })
        .unwrap();
        assert!(said.contains("no base of \"CTCF\""), "{said}");
    }
}
