//! The numbers as tables.

use std::path::Path;

use serde::Serialize;

use super::controls::{ControlKind, Measure, Number};
use super::result::{Analysis, class};
use crate::element::Element;
use crate::enrichment::Group;
use crate::enrichment::captured::{Captured, Statement};
use crate::enrichment::profile::Level;
use crate::error::{Error, IoContext, Result};
use crate::output::Partial;
use crate::statistics::permutation::Basis;

/// A line of `captured.tsv`: what the top regions of one side and class capture of a matrix's
/// sites.
#[derive(Serialize)]
struct CapturedRow<'a> {
    element: Element,
    pairs: &'static str,
    sites_of: &'static str,
    matrix: &'a str,
    name: &'a str,
    factors: String,
    windows: u64,
    sites: u64,
    inside: u64,
    statement: &'static str,
    fraction: Option<f64>,
    by_chance: Option<f64>,
    by_chance_low: Option<f64>,
    by_chance_high: Option<f64>,
    fold: Option<f64>,
    p: Option<f64>,
    p_from: Option<Basis>,
    q: Option<f64>,
    untrained_low: Option<f64>,
    untrained_high: Option<f64>,
    p_untrained: Option<f64>,
    q_untrained: Option<f64>,
}

/// A line of `controls.tsv`: a number of the report, of the analysis or of a control.
#[derive(Serialize)]
struct ControlRow {
    control: &'static str,
    number: Option<usize>,
    seed: Option<u64>,
    element: Option<Element>,
    pairs: Option<&'static str>,
    measure: Measure,
    value: Option<f64>,
}

/// A line of `occupancy_profile.tsv`.
#[derive(Serialize)]
struct ProfileRow {
    element: Element,
    pairs: &'static str,
    offset: i32,
    regions: Option<f64>,
    occupancy: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    mock_regions: Option<f64>,
    mock_occupancy: Option<f64>,
    mock_low: Option<f64>,
    mock_high: Option<f64>,
}

/// The names of all tables; none is written where it would have no row.
pub const FILES: [&str; 4] = [
    "captured.tsv",
    "occupancy_profile.tsv",
    "tf_pairs.tsv",
    "controls.tsv",
];

/// Writes the tables.
pub fn write(analysis: &Analysis, dir: &Path) -> Result<()> {
    let orders = analysis.known.as_ref().map(|known| &known.orders);
    table(&dir.join("captured.tsv"), captured(analysis))?;
    table(&dir.join("occupancy_profile.tsv"), profile(analysis))?;
    table(&dir.join("tf_pairs.tsv"), analysis.tf_pairs.rows(orders))?;
    table(&dir.join("controls.tsv"), controls(analysis).into_iter())
}

/// Writes rows, if there is one, with the names of their fields as header, complete or not at all.
fn table(path: &Path, rows: impl Iterator<Item = impl Serialize>) -> Result<()> {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let file = Partial::new(path);
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .from_writer(file.create()?);
    for row in rows {
        let written = writer.serialize(row);
        written.map_err(|error| Error::format(path, error))?;
    }
    writer.flush().at(file.target())?;
    file.complete()
}

/// One for each matrix of each side and class, of all its sites and then of the occupied ones.
fn captured(analysis: &Analysis) -> impl Iterator<Item = CapturedRow<'_>> {
    analysis.enrichment.groups.iter().flat_map(move |group| {
        let all = group.all.iter().map(|captured| ("all", captured));
        let occupied = group.occupied.iter().flatten();
        let occupied = occupied.map(|captured| ("occupied", captured));
        let row = move |(sites_of, captured)| row(analysis, group, sites_of, captured);
        all.chain(occupied).map(row)
    })
}

fn row<'a>(
    analysis: &'a Analysis,
    group: &Group,
    sites_of: &'static str,
    captured: &Captured,
) -> CapturedRow<'a> {
    let matrix = &analysis.motifs.matrices[captured.matrix as usize];
    let comparison = captured.statement.comparison();
    let by_chance = comparison.map(|made| made.by_chance);
    let side = (group.element, group.positive);
    let occupied = sites_of == "occupied";
    let untrained = analysis.controls.captured(side, occupied, captured.matrix);
    let among = &analysis.among_untrained;
    let among = among.get(side, occupied, captured.matrix);
    CapturedRow {
        element: group.element,
        pairs: class(group.positive),
        sites_of,
        matrix: &matrix.id,
        name: &matrix.name,
        factors: analysis.factor(captured.matrix),
        windows: captured.windows,
        sites: captured.sites,
        inside: captured.inside,
        statement: match captured.statement {
            Statement::Made(_) => "made",
            Statement::NoSite => "no site",
            Statement::TooWide => "wider than a region",
            Statement::TooFewWindows => "too few windows",
        },
        fraction: comparison.map(|made| made.fraction),
        by_chance: by_chance.map(|part| part.value),
        by_chance_low: by_chance.map(|part| part.low),
        by_chance_high: by_chance.map(|part| part.high),
        fold: comparison.and_then(|made| made.fold()),
        p: comparison.map(|made| made.p),
        p_from: comparison.map(|made| made.basis),
        q: comparison.map(|made| made.q),
        untrained_low: untrained.map(|span| span.low),
        untrained_high: untrained.map(|span| span.high),
        p_untrained: among.map(|among| among.p),
        q_untrained: among.map(|among| among.q),
    }
}

/// The numbers of the analysis and then those of each control; none without controls.
fn controls(analysis: &Analysis) -> Vec<ControlRow> {
    let controls = &analysis.controls;
    if controls.0.is_empty() {
        return Vec::new();
    }
    let row = |of: &Number| ControlRow {
        control: "analysis",
        number: None,
        seed: None,
        element: of.element,
        pairs: of.positive.map(class),
        measure: of.measure,
        value: of.value,
    };
    let mut rows: Vec<ControlRow> = analysis.numbers().iter().map(row).collect();
    for kind in [ControlKind::Untrained, ControlKind::ShuffledLabels] {
        for (control, number) in controls.of(kind).zip(1..) {
            let seed = (kind == ControlKind::Untrained).then_some(control.made.seed);
            rows.extend(control.numbers.iter().map(|of| ControlRow {
                control: kind.name(),
                number: Some(number),
                seed,
                ..row(of)
            }));
        }
    }
    rows
}

fn profile(analysis: &Analysis) -> impl Iterator<Item = ProfileRow> {
    analysis.enrichment.groups.iter().flat_map(|group| {
        let profile = group.profile.as_ref();
        let points = profile.and_then(|profile| profile.points.as_ref());
        points.into_iter().flatten().map(|point| {
            let n = |level: Option<Level>| level.map(|level| level.n);
            let mean = |level: Option<Level>| level.map(|level| level.occupancy);
            let (top, mock) = (mean(point.top), mean(point.mock));
            ProfileRow {
                element: group.element,
                pairs: class(group.positive),
                offset: point.offset,
                regions: n(point.top),
                occupancy: top.map(|top| top.value),
                low: top.map(|top| top.low),
                high: top.map(|top| top.high),
                mock_regions: n(point.mock),
                mock_occupancy: mock.map(|mock| mock.value),
                mock_low: mock.map(|mock| mock.low),
                mock_high: mock.map(|mock| mock.high),
            }
        })
    })
}
