//! The numbers as figures.

use std::path::Path;

use super::result::{Analysis, SIGNIFICANT};
use crate::element::{Element, Sides};
use crate::enrichment::Group;
use crate::enrichment::captured::Captured;
use crate::enrichment::interactome::Order;
use crate::enrichment::profile::Normalisation;
use crate::enrichment::tf_pairs::Axis;
use crate::error::Result;
use crate::figures::{
    self, CapturedMatrix, Classes, Clustered, Figure, Interaction, Merge, Profile, ProfilePoint,
    TfPairCell, TwoFractions,
};
use crate::statistics::quantile;

/// What is drawn: each with the name of its files; none of what the data are too few for.
pub struct Figures(pub Vec<(&'static str, Figure)>);

impl Figures {
    /// Writes each figure as SVG and as PNG.
    pub fn write(&self, dir: &Path) -> Result<()> {
        for (name, figure) in &self.0 {
            figure.write(&dir.join(format!("{name}.svg")))?;
            figure.write(&dir.join(format!("{name}.png")))?;
        }
        Ok(())
    }

    /// Takes a figure out.
    pub fn take(&mut self, name: &str) -> Option<Figure> {
        let place = self.0.iter().position(|(other, _)| *other == name)?;
        Some(self.0.remove(place).1)
    }
}

/// The names of the figures' files.
pub const CAPTURED: [&str; 2] = ["captured_positive", "captured_negative"];
/// See [`CAPTURED`].
pub const CLASSES: &str = "captured_classes";
/// See [`CAPTURED`].
pub const PROFILE: &str = "occupancy_profile";
/// See [`CAPTURED`].
pub const OCCUPIED: &str = "captured_occupied";
/// See [`CAPTURED`].
pub const TF_PAIRS: &str = "tf_pairs";

/// The names of all figures' files, without their endings.
pub const NAMES: [&str; 6] = [
    CAPTURED[0],
    CAPTURED[1],
    CLASSES,
    PROFILE,
    OCCUPIED,
    TF_PAIRS,
];

/// Draws what there is enough data for.
pub fn draw(analysis: &Analysis) -> Result<Figures> {
    let drawn = [
        (CAPTURED[0], captured(analysis, true)?),
        (CAPTURED[1], captured(analysis, false)?),
        (CLASSES, classes(analysis)?),
        (PROFILE, profile(analysis)?),
        (OCCUPIED, occupied(analysis)?),
        (TF_PAIRS, tf_pairs(analysis)?),
    ];
    let there = drawn
        .into_iter()
        .filter_map(|(name, figure)| Some((name, figure?)));
    Ok(Figures(there.collect()))
}

/// One thing of the enhancers and one of the promoters.
fn sides<T>(each: impl FnMut(Element) -> T) -> Sides<T> {
    let [enhancer, promoter] = [Element::Enhancer, Element::Promoter].map(each);
    Sides { enhancer, promoter }
}

fn slices<T>(sides: &Sides<Vec<T>>) -> Sides<&[T]> {
    Sides {
        enhancer: &sides.enhancer,
        promoter: &sides.promoter,
    }
}

fn captured(analysis: &Analysis, positive: bool) -> Result<Option<Figure>> {
    let names: Vec<String> = analysis.factors();
    let of = |element| {
        let group = analysis.enrichment.group(element, positive);
        let all = group.map_or(&[][..], |group| &group.all);
        let matrix = |captured: &Captured| {
            let made = captured.statement.comparison()?;
            Some(CapturedMatrix {
                name: &names[captured.matrix as usize],
                sites: captured.sites,
                captured: made.fraction,
                expected: made.by_chance,
                q: made.q,
            })
        };
        all.iter().filter_map(matrix).collect::<Vec<_>>()
    };
    let sides = sides(of);
    if sides.enhancer.is_empty() && sides.promoter.is_empty() {
        return Ok(None);
    }
    let class = if positive { "positive" } else { "negative" };
    let title = format!("{}: sites in top regions, {class} pairs", analysis.name);
    let draws = analysis.made.draws as usize;
    figures::captured_fractions(&title, draws, slices(&sides)).map(Some)
}

/// What two groups of sites have captured of each matrix about which both make a statement; the
/// first decides what is significant.
fn two<'a>(names: &'a [String], x: &[Captured], y: &[Captured]) -> Vec<TwoFractions<'a>> {
    let both = x.iter().zip(y);
    let point = |(x, y): (&Captured, &Captured)| {
        let (first, second) = (x.statement.comparison()?, y.statement.comparison()?);
        Some(TwoFractions {
            name: &names[x.matrix as usize],
            x: first.fraction,
            y: second.fraction,
            significant: first.q <= SIGNIFICANT,
        })
    };
    both.filter_map(point).collect()
}

fn drawn(
    sides: &Sides<Vec<TwoFractions>>,
    draw: impl FnOnce(Sides<&[TwoFractions]>) -> Result<Figure>,
) -> Result<Option<Figure>> {
    if sides.enhancer.is_empty() && sides.promoter.is_empty() {
        return Ok(None);
    }
    draw(slices(sides)).map(Some)
}

fn classes(analysis: &Analysis) -> Result<Option<Figure>> {
    let names = analysis.factors();
    let sides = sides(|element| {
        let group = |positive| analysis.enrichment.group(element, positive);
        match (group(true), group(false)) {
            (Some(positive), Some(negative)) => two(&names, &positive.all, &negative.all),
            _ => Vec::new(),
        }
    });
    let [positive, negative] = analysis.pairs().map(|pairs| pairs as usize);
    let title = format!("{}: sites in top regions, by class", analysis.name);
    let significant = format!("enriched in positive pairs, q ≤ {SIGNIFICANT}");
    drawn(&sides, |sides| {
        figures::captured_classes(&title, Classes { positive, negative }, &significant, sides)
    })
}

fn occupied(analysis: &Analysis) -> Result<Option<Figure>> {
    let names = analysis.factors();
    let sides = sides(|element| {
        let group = analysis.enrichment.group(element, true);
        let both = group.and_then(|group| Some((&group.all, group.occupied.as_ref()?)));
        both.map_or(Vec::new(), |(all, occupied)| two(&names, all, occupied))
    });
    let title = format!(
        "{}: occupied sites in top regions, positive pairs",
        analysis.name
    );
    let significant = format!("all sites enriched, q ≤ {SIGNIFICANT}");
    drawn(&sides, |sides| {
        figures::occupied_capture(&title, &significant, sides)
    })
}

fn profile(analysis: &Analysis) -> Result<Option<Figure>> {
    let Some(occupancy) = analysis.made.occupancy else {
        return Ok(None);
    };
    let points = sides(|element| {
        let group = analysis.enrichment.group(element, true);
        let profile = group.and_then(|group: &Group| group.profile.as_ref());
        let points = profile.and_then(|profile| profile.points.as_ref());
        let point = |point: &crate::enrichment::profile::Point| {
            Some(ProfilePoint {
                position: point.offset,
                top: point.top?.occupancy,
                mock: point.mock?.occupancy,
            })
        };
        let points = points.into_iter().flatten().filter_map(point);
        let points: Vec<ProfilePoint> = points.collect();
        let centre = profile.and_then(|profile| profile.points.as_ref());
        let centre = centre.and_then(|points| points.iter().find(|point| point.offset == 0));
        let mock = centre
            .and_then(|point| point.mock)
            .map_or(0.0, |mock| mock.n);
        (points, profile.map_or(0, |profile| profile.kept), mock)
    });
    let sides = Sides {
        enhancer: side(&points.enhancer),
        promoter: side(&points.promoter),
    };
    if sides.enhancer.points.is_empty() && sides.promoter.points.is_empty() {
        return Ok(None);
    }
    let measure = match occupancy.normalisation {
        Normalisation::None => "footprint score, −log₁₀ p",
        Normalisation::Peak => "footprint score / the region's highest",
        Normalisation::Mean => "footprint score / mean around the region",
    };
    let title = format!(
        "{}: occupancy around top regions, positive pairs",
        analysis.name
    );
    figures::occupancy_profile(&title, measure, analysis.region, sides).map(Some)
}

/// The points of a profile, the regions behind it, and the mock regions.
fn side((points, kept, mock): &(Vec<ProfilePoint>, u64, f64)) -> Profile<'_> {
    // A line takes two points.
    let enough = points.len() > 1;
    Profile {
        points: if enough { points } else { &[] },
        regions: *kept as usize,
        mock_regions: mock.round() as usize,
    }
}

fn tf_pairs(analysis: &Analysis) -> Result<Option<Figure>> {
    let Some(map) = &analysis.heat_map else {
        return Ok(None);
    };
    let cells: Vec<TfPairCell> = map
        .cells
        .iter()
        .flatten()
        .map(|cell| TfPairCell {
            value: cell.map(|cell| cell.ln_odds_ratio),
            significant: cell.is_some_and(|cell| cell.q <= SIGNIFICANT),
            interaction: match cell.and_then(|cell| cell.interaction) {
                Some(Order::First) => Interaction::First,
                Some(Order::Second) => Interaction::Second,
                None => Interaction::Unknown,
            },
        })
        .collect();
    let leaves = Sides::new(&map.enhancers, &map.promoters).map(Leaves::of);
    let [positive, negative] = analysis.pairs().map(|pairs| pairs as usize);
    let pairs = figures::TfPairs {
        factors: leaves.as_ref().map(Leaves::clustered),
        cells: &cells,
        limit: furthest(&cells),
        positive,
        negative,
    };
    let title = format!("{}: pairs of factors in top regions", analysis.name);
    figures::tf_pair_heat_map(&title, &pairs).map(Some)
}

/// How far the colours reach: as far as 95 % of the cells do, because the odds of one pair may be so
/// high that all others would look alike beside it.
fn furthest(cells: &[TfPairCell]) -> Option<f64> {
    let values = cells.iter().filter_map(|cell| cell.value);
    let mut sizes: Vec<f64> = values.map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    let furthest = quantile(&sizes, 0.95)?;
    (furthest > 0.0).then_some(furthest)
}

/// An axis as a figure borrows it.
struct Leaves<'a> {
    names: Vec<&'a str>,
    order: Vec<usize>,
    merges: Vec<Merge>,
}

impl<'a> Leaves<'a> {
    fn of(axis: &'a Axis) -> Self {
        let merge = |merge: &crate::enrichment::clustering::Merge| Merge {
            left: merge.first,
            right: merge.second,
            height: merge.height,
        };
        Self {
            names: axis.factors.iter().map(String::as_str).collect(),
            // They come in drawn order.
            order: (0..axis.factors.len()).collect(),
            merges: axis.merges.iter().map(merge).collect(),
        }
    }

    fn clustered(&self) -> Clustered<'_> {
        Clustered {
            names: &self.names,
            order: &self.order,
            merges: &self.merges,
        }
    }
}
