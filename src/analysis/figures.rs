//! The numbers as figures.

use std::path::Path;

use super::controls::{Beside, Measure, Span};
use super::result::{Analysis, SIGNIFICANT, class};
use crate::element::{Element, Sides};
use crate::enrichment::Group;
use crate::enrichment::captured::Captured;
use crate::enrichment::clustering;
use crate::enrichment::interactome::Order;
use crate::enrichment::profile::{Normalisation, Point};
use crate::enrichment::tf_pairs::{Cell, Combine};
use crate::error::Result;
use crate::figures::{
    self, CapturedMatrix, Clustered, Figure, Interaction, Merge, Profile, ProfilePoint, TfPairCell,
    TwoFractions,
};
use crate::statistics::quantile;

/// What is drawn: each with the name of its files; none of what the data are too few for.
pub struct Figures(pub Vec<(&'static str, Figure)>);

impl Figures {
    /// Writes each figure in every form.
    pub fn write(&self, dir: &Path) -> Result<()> {
        for (name, figure) in &self.0 {
            figure.write_all(dir, name)?;
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

/// Draws a figure, if there is enough data for it.
type Draw = fn(&Analysis) -> Result<Option<Figure>>;

/// All figures: the names of their files, without endings, and how they are drawn.
pub const ALL: [(&str, Draw); 6] = [
    (CAPTURED[0], |analysis| captured(analysis, true)),
    (CAPTURED[1], |analysis| captured(analysis, false)),
    (CLASSES, classes),
    (PROFILE, profile),
    (OCCUPIED, occupied),
    (TF_PAIRS, tf_pairs),
];

/// Draws what there is enough data for.
pub fn draw(analysis: &Analysis) -> Result<Figures> {
    let mut figures = Vec::new();
    for (name, draw) in ALL {
        figures.extend(draw(analysis)?.map(|figure| (name, figure)));
    }
    Ok(Figures(figures))
}

/// A figure of both elements, if there is something of one of them.
fn drawn<T>(
    sides: &Sides<Vec<T>>,
    draw: impl FnOnce(Sides<&[T]>) -> Result<Figure>,
) -> Result<Option<Figure>> {
    let empty = sides.enhancer.is_empty() && sides.promoter.is_empty();
    (!empty)
        .then(|| draw(sides.as_ref().map(Vec::as_slice)))
        .transpose()
}

fn captured(analysis: &Analysis, positive: bool) -> Result<Option<Figure>> {
    let names = analysis.factors();
    let matrix = |group: &Group, captured: &Captured| {
        let made = captured.statement.comparison()?;
        let side = (group.element, group.positive);
        let untrained = analysis.controls.captured(side, false, captured.matrix);
        let among = &analysis.among_untrained;
        let among = among.get(side, false, captured.matrix);
        Some(CapturedMatrix {
            name: &names[captured.matrix as usize],
            sites: captured.sites,
            captured: made.fraction,
            expected: made.by_chance,
            untrained: untrained.map(|span| (span.low, span.high)),
            // It has to be more than chance, and more than untrained networks': of few, than each.
            q: made.q.max(match (among, untrained) {
                (Some(among), _) => among.q,
                (None, Some(span)) if made.fraction <= span.high => 1.0,
                _ => 0.0,
            }),
        })
    };
    let sides = Sides::from_fn(|element| {
        let group = analysis.enrichment.group(element, positive);
        let all = group.all.iter();
        all.filter_map(|captured| matrix(group, captured))
            .collect::<Vec<_>>()
    });
    let what = format!("sites in top regions, {} pairs", class(positive));
    let title = title(analysis, &what);
    let draws = analysis.made.draws as usize;
    drawn(&sides, |sides| {
        figures::captured_fractions(&title, draws, sides)
    })
}

fn title(analysis: &Analysis, what: &str) -> String {
    format!("{}: {what}", analysis.name)
}

/// What a group's sites and others have captured of each matrix about which both make a statement; the
/// group's decide what is significant.
fn two<'a>(
    analysis: &Analysis,
    names: &'a [String],
    group: &Group,
    others: &[Captured],
) -> Vec<TwoFractions<'a>> {
    let both = group.all.iter().zip(others);
    let point = |(x, y): (&Captured, &Captured)| {
        let (first, second) = (x.statement.comparison()?, y.statement.comparison()?);
        Some(TwoFractions {
            name: &names[x.matrix as usize],
            x: first.fraction,
            y: second.fraction,
            significant: analysis.enriched(group, &(x, first)),
        })
    };
    both.filter_map(point).collect()
}

fn classes(analysis: &Analysis) -> Result<Option<Figure>> {
    let names = analysis.factors();
    let sides = Sides::from_fn(|element| {
        let [positive, negative] =
            [true, false].map(|positive| analysis.enrichment.group(element, positive));
        two(analysis, &names, positive, &negative.all)
    });
    let pairs = analysis.pairs().map(|pairs| pairs as usize);
    let title = title(analysis, "sites in top regions, by class");
    let significant = format!("enriched in positive pairs, q ≤ {SIGNIFICANT}");
    drawn(&sides, |sides| {
        figures::captured_classes(&title, pairs, &significant, sides)
    })
}

fn occupied(analysis: &Analysis) -> Result<Option<Figure>> {
    let names = analysis.factors();
    let sides = Sides::from_fn(|element| {
        let group = analysis.enrichment.group(element, true);
        let occupied = group.occupied.as_ref();
        occupied.map_or(Vec::new(), |occupied| {
            two(analysis, &names, group, occupied)
        })
    });
    let title = title(analysis, "occupied sites in top regions, positive pairs");
    let significant = format!("all sites enriched, q ≤ {SIGNIFICANT}");
    drawn(&sides, |sides| {
        figures::occupied_capture(&title, &significant, sides)
    })
}

fn profile(analysis: &Analysis) -> Result<Option<Figure>> {
    let Some(occupancy) = analysis.made.occupancy else {
        return Ok(None);
    };
    let sides = Sides::from_fn(|element| {
        let Some(profile) = &analysis.enrichment.group(element, true).profile else {
            return Profile::default();
        };
        let all = profile.points.iter().flatten();
        let point = |point: &Point| {
            Some(ProfilePoint {
                position: point.offset,
                top: point.top?.occupancy,
                mock: point.mock?.occupancy,
            })
        };
        let mut points: Vec<ProfilePoint> = all.clone().filter_map(point).collect();
        // A line takes two points.
        if points.len() < 2 {
            points.clear();
        }
        let centre = all.clone().find(|point| point.offset == 0);
        let mock = centre.and_then(|point| Some(point.mock?.n.round() as usize));
        Profile {
            points,
            regions: profile.kept as usize,
            mock_regions: mock.unwrap_or_default(),
            untrained: untrained(analysis, element),
        }
    });
    if sides.enhancer.points.is_empty() && sides.promoter.points.is_empty() {
        return Ok(None);
    }
    let measure = match occupancy.normalisation {
        Normalisation::WindowMedian => "scaled footprint score, −log₁₀ p",
        Normalisation::None => "footprint score, −log₁₀ p",
        Normalisation::RegionPeak => "footprint score / the region's highest",
        Normalisation::RegionMean => "footprint score / mean around the region",
    };
    let title = title(analysis, "occupancy around top regions, positive pairs");
    figures::occupancy_profile(&title, measure, analysis.region, sides).map(Some)
}

/// The profile of each untrained network around its top regions of positive pairs.
fn untrained(analysis: &Analysis, element: Element) -> Vec<Vec<(i32, f64)>> {
    let curves = analysis.controls.untrained().filter_map(|findings| {
        let profile = findings.group(element, true).profile.as_ref()?;
        let points = profile.points.as_ref()?.iter();
        let point = |point: &Point| Some((point.offset, point.top?.occupancy.value));
        Some(points.filter_map(point).collect::<Vec<_>>())
    });
    curves.filter(|curve| curve.len() > 1).collect()
}

fn tf_pairs(analysis: &Analysis) -> Result<Option<Figure>> {
    let Some(map) = &analysis.heat_map else {
        return Ok(None);
    };
    let cell = |cell: &Option<Cell>| TfPairCell {
        value: cell.map(|cell| cell.ln_odds_ratio),
        significant: cell.is_some_and(|cell| cell.called),
        interaction: match cell.and_then(|cell| cell.interaction) {
            Some(Order::First) => Interaction::First,
            Some(Order::Second) => Interaction::Second,
            None => Interaction::Unknown,
        },
    };
    let cells: Vec<TfPairCell> = map.cells.iter().flatten().map(cell).collect();
    let merge = |merge: &clustering::Merge| Merge {
        left: merge.first,
        right: merge.second,
        height: merge.height,
    };
    let [positive, negative] = analysis.pairs().map(|pairs| pairs as usize);
    let pairs = figures::TfPairs {
        factors: map.axes.as_ref().map(|axis| Clustered {
            names: axis.factors.iter().map(String::as_str).collect(),
            merges: axis.merges.iter().map(merge).collect(),
        }),
        cells: &cells,
        limit: furthest(&cells),
        positive,
        negative,
        controls: &controls(analysis),
    };
    let what = match analysis.made.combine {
        Combine::Union => "pairs of factors in top regions, by any matrix of each",
        Combine::Max => "pairs of factors in top regions, by their most enriched matrices",
    };
    let title = title(analysis, what);
    figures::tf_pair_heat_map(&title, &pairs).map(Some)
}

/// How many pairs of factors the controls have by q alone; empty without any.
fn controls(analysis: &Analysis) -> String {
    let all = analysis.beside_controls();
    let called = |of: &&Beside| of.number.measure == Measure::TfPairsCalled;
    let Some(called) = all.iter().find(called) else {
        return String::new();
    };
    let spans = [
        ("untrained networks", called.untrained),
        ("shuffled labels", called.shuffled_labels),
    ];
    let given = spans.into_iter().filter_map(|(name, span)| {
        let Span { low, high } = span?;
        Some(format!("{low:.0} to {high:.0} with {name}"))
    });
    let given: Vec<String> = given.collect();
    if given.is_empty() {
        return String::new();
    }
    format!("called in controls: {}", given.join(", "))
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
