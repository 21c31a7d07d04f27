//! What the figures of a region of the genome show.

use std::ops::Range;

use super::chart::ticks::count;
use super::check;
use super::drawing::font;
use super::track::{Feature, Track, TrackContent, share_a_base};
use crate::element::Sides;
use crate::error::Result;

/// A region of a chromosome, and what a folder of tracks has of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionFigure {
    /// What it is called.
    pub name: String,
    /// The chromosome's name.
    pub chrom: String,
    /// The region.
    pub region: Range<u32>,
    /// The pairs of which an element shares a base with the region, the most probable first.
    pub pairs: Vec<RegionPair>,
    /// What there is of each element.
    pub sides: Sides<RegionSide>,
    /// What the top regions have most of, where that is not attention.
    pub top_by: Option<String>,
    /// What else lies in the region, from top to bottom.
    pub tracks: Vec<Track>,
}

/// A pair that lies in a region or reaches into it.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionPair {
    /// The annotated elements; none of one on another chromosome.
    pub elements: Sides<Option<Range<u32>>>,
    /// Whether the table calls the pair positive, where it says so.
    pub label: Option<bool>,
    /// Whether the network predicts that it interacts.
    pub predicted: bool,
}

/// What a folder of tracks has of one element in a region.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RegionSide {
    /// Attention × number of bins, of all pairs, from left to right; where no window is, a gap.
    pub attention: Vec<(Range<u32>, f32)>,
    /// The annotated elements of the pairs.
    pub elements: Vec<Feature>,
    /// The top regions of all pairs, those that overlap or touch as one. The first ones choose their places first.
    pub top: Vec<Feature>,
}

impl RegionFigure {
    /// The name as a heading has it.
    pub(super) fn title(&self) -> String {
        match font::drawable(&self.name) {
            name if name.is_empty() => "region without a name".to_string(),
            name => name,
        }
    }

    /// How many pairs there are.
    pub(super) fn remark(&self) -> String {
        let whole = |pair: &&RegionPair| {
            let mut elements = pair.elements.as_ref().into_iter();
            elements.all(|element| self.has(element))
        };
        let inside = self.pairs.iter().filter(whole).count();
        let others = self.pairs.len() - inside;
        format!(
            "pairs inside: {}; pairs that reach in from outside: {}",
            count(inside),
            count(others)
        )
    }

    /// Whether an element shares a base with the region.
    pub(super) fn has(&self, element: &Option<Range<u32>>) -> bool {
        let element = element.as_ref();
        element.is_some_and(|element| share_a_base(&self.region, element))
    }

    /// Refuses a region of which there is no figure, with the reason.
    pub(super) fn check(&self) -> Result<()> {
        let Range { start, end } = self.region;
        let refuse_if = |wrong: bool, what: &str| {
            check::refuse_if(wrong, || format!("no figure of {:?}: {what}", self.name))
        };
        refuse_if(start >= end, "it has no base")?;
        let far = |pair: &RegionPair| !pair.elements.as_ref().into_iter().any(|of| self.has(of));
        refuse_if(self.pairs.iter().any(far), "a pair has no element there")?;
        let of_sides = self.sides.iter().flat_map(|(element, side)| {
            let name = |what: &str| format!("{what} of {}s", element.name());
            [
                Track::new(
                    name("attention"),
                    TrackContent::Signal(side.attention.clone()),
                ),
                Track::new(
                    name("elements"),
                    TrackContent::Features(side.elements.clone()),
                ),
                Track::new(
                    name("top regions"),
                    TrackContent::Features(side.top.clone()),
                ),
            ]
        });
        let problem = of_sides
            .chain(self.tracks.iter().cloned())
            .find_map(|track| track.problem(&self.region))
            .map(|problem| format!("in the region {problem}"));
        refuse_if(problem.is_some(), &problem.unwrap_or_default())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::figures::pair::tests::{signal, sites};

    /// Ten kilobases with a pair inside, one that reaches out of it and one to another chromosome.
    pub fn small(name: &str) -> RegionFigure {
        let feature = |name: &str, bases: Range<u32>| Feature {
            name: name.into(),
            bases,
            strand: None,
        };
        let pair = |enhancer, promoter, label, predicted| RegionPair {
            elements: Sides::new(enhancer, promoter),
            label,
            predicted,
        };
        RegionFigure {
            name: name.to_string(),
            chrom: "chr1".to_string(),
            region: 10_000..20_000,
            pairs: vec![
                pair(Some(11_000..11_500), Some(18_000..18_400), Some(true), true),
                pair(Some(11_000..11_500), Some(90_000..90_400), None, false),
                pair(None, Some(18_000..18_400), Some(false), true),
            ],
            sides: Sides::new(
                RegionSide {
                    attention: vec![(10_000..12_000, 0.5), (12_000..12_030, 8.0)],
                    elements: vec![feature("", 11_000..11_500)],
                    top: vec![feature("×2", 11_990..12_060)],
                },
                RegionSide {
                    attention: vec![(17_000..19_000, 2.0)],
                    elements: vec![feature(name, 18_000..18_400)],
                    top: vec![feature("", 18_200..18_245)],
                },
            ),
            top_by: None,
            tracks: [
                sites(name, name, 12_000..12_019),
                signal(name, &[(15_000..15_100, 3.0)]),
            ]
            .concat(),
        }
    }

    #[test]
    fn pairs_are_counted_by_whether_they_lie_inside() {
        let region = small("a");
        region.check().unwrap();
        assert_eq!(
            region.remark(),
            "pairs inside: 1; pairs that reach in from outside: 2"
        );
        assert_eq!(small("").title(), "region without a name");
    }

    #[test]
    fn what_cannot_be_shown_is_refused_with_the_reason() {
        let refuse = |change: &dyn Fn(&mut RegionFigure)| {
            let mut region = small("a");
            change(&mut region);
            region.check().unwrap_err().to_string()
        };
        assert!(refuse(&|of| of.region = 5..5).contains("no base"));
        let far = Sides::new(Some(5..9), None);
        assert!(refuse(&|of| of.pairs[0].elements = far.clone()).contains("no element there"));
        let outside = refuse(&|of| of.sides.promoter.attention = vec![(9000..9001, 1.0)]);
        assert!(outside.contains("\"attention of promoters\" has no place for 9000..9001"));
        let unknown = refuse(&|of| of.sides.enhancer.attention[0].1 = f32::NAN);
        assert!(unknown.contains("NaN"), "{unknown}");
        assert!(refuse(&|of| of.sides.enhancer.top[0].bases = 0..5).contains("no base of \"×2\""));
        assert!(refuse(&|of| of.tracks = signal("x", &[(0..5, 1.0)]).to_vec()).contains("0..5"));
    }
}
