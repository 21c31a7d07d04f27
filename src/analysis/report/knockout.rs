//! What the page says about factors whose sites were taken out.

use super::wording::{or_none, percent, small};
use crate::analysis::knockout::{
    FACTORS, FactorRow, Knock, Knockout, LEAST, PAIRS, PairRow, factors_figure, pairs_in_words,
    pairs_of_factors,
};
use crate::analysis::report::document::{Block, Column, Section, Statement, Table};
use crate::analysis::result::{Analysis, SIGNIFICANT};
use crate::error::Result;
use crate::figures::Figure;

/// Rows of a table on the page; the files have all.
const ROWS: usize = 20;
const HEADING: &str = "What the answer needs: sites taken out";

/// The results of a knock-out, or that none was given.
pub(super) fn section(analysis: &Analysis) -> Result<Section> {
    let Some(knockout) = &analysis.knockout else {
        let about = "Which factors’ sites the network’s answer needs";
        let statement = Statement::unmade(about, "no knock-out was given");
        return Ok(Section::new(HEADING, vec![Block::Statement(statement)]));
    };
    let mut blocks = vec![
        Block::Text(how(knockout)),
        Block::Statement(singly(knockout)),
    ];
    let caption = "What factors’ sites contribute to the logit";
    blocks.extend(figure(factors_figure(knockout)?, caption));
    blocks.push(Block::Table(factors_table(knockout)));
    blocks.push(Block::Statement(together(knockout)));
    let caption = "What two factors’ sites contribute together";
    blocks.extend(figure(pairs_of_factors(knockout)?, caption));
    if !knockout.pairs.is_empty() {
        blocks.push(Block::Table(pairs_table(knockout)));
    }
    Ok(Section::new(HEADING, blocks))
}

/// The files of the figures are in the knock-out's folder.
fn figure(figure: Option<Figure>, caption: &str) -> Option<Block> {
    Some(Block::Figure {
        caption: caption.to_string(),
        figure: figure?,
        files: Vec::new(),
    })
}

fn how(knockout: &Knockout) -> String {
    let made = &knockout.summary.made;
    format!(
        "Every site of a factor was replaced by sequence with its window’s own dinucleotides, and the logit \
         asked for again ({} draws averaged; {}; at most {} pairs each). Above 0, the sites support an \
         interaction. What that changes is compared with as many places of the same lengths without a site, \
         replaced in the same way: p is of the difference, with signs flipped by connected component of \
         shared elements, and q is adjusted over all factors and sides.{}",
        made.draws,
        pairs_in_words(knockout),
        made.max_pairs,
        crowded(knockout)
    )
}

/// That places to compare with could lie in sites of other factors, if they could.
fn crowded(knockout: &Knockout) -> String {
    let sum = |number: fn(&FactorRow) -> f64| knockout.factors.iter().map(number).sum::<f64>();
    let crowded = sum(|row| row.crowded * row.pairs as f64);
    if crowded == 0.0 {
        return String::new();
    }
    let part = crowded / sum(|row| row.pairs as f64);
    format!(
        " {} of the moved places could lie in sites of other factors, as there was no other room: where those \
         count, a factor whose sites carry nothing has a difference below 0.",
        percent(part)
    )
}

fn singly(knockout: &Knockout) -> Statement {
    let summary = &knockout.summary;
    let about = "Which factors’ sites the network’s answer needs";
    if summary.tests == 0 {
        return Statement::unmade(
            about,
            "too few components of pairs have a site of any factor, and room for moved places",
        );
    }
    let called = knockout.factors.iter();
    let called = called.filter(|row| row.is_called());
    let (supporting, opposing): (Vec<&FactorRow>, Vec<&FactorRow>) =
        called.partition(|row| row.difference > 0.0);
    let mut says = format!(
        "q ≤ {SIGNIFICANT} and {LEAST} logits or more: for an interaction {}; against one {}; {} of {} factors have no site in any of \
         these pairs",
        or_none(&listed(&supporting)),
        or_none(&listed(&opposing)),
        summary.factors_without_sites,
        summary.factors_searched
    );
    if summary.without_room > 0 {
        let more = "knock-outs were not made, as moved places found no room";
        says += &format!("; {} {more}", summary.without_room);
    }
    Statement::made(
        format!(
            "{} of {} knock-outs change the logit otherwise than moved places do",
            summary.significant, summary.tests
        ),
        says,
    )
}

/// The factors of rows, each once, and eight of them at most.
fn listed(rows: &[&FactorRow]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        if !names.contains(&row.factor.as_str()) {
            names.push(&row.factor);
        }
    }
    let more = names.len().saturating_sub(8);
    names.truncate(8);
    let mut list = names.join(", ");
    if more > 0 {
        list += &format!(" and {more} more");
    }
    list
}

fn together(knockout: &Knockout) -> Statement {
    let summary = &knockout.summary;
    let about = "Which two factors the network’s answer needs together";
    if summary.pairs_tested == 0 {
        return Statement::unmade(
            about,
            "too few components of pairs have sites of two factors",
        );
    }
    let called = knockout.pairs.iter();
    let called = called.filter(|row| row.is_called());
    let names = called
        .take(8)
        .map(|row| format!("{} ~ {}", row.enhancer_tf, row.promoter_tf));
    let names: Vec<String> = names.collect();
    let explained = knockout
        .pairs
        .iter()
        .filter(|row| row.explained_by.is_some());
    let explained = match explained.count() {
        0 => String::new(),
        count => format!("; {count} more on sites of a stronger pair, and not without these"),
    };
    let chosen = summary.chosen.as_ref().map(Vec::len);
    let (enhancers, promoters) = (chosen.enhancer, chosen.promoter);
    Statement::made(
        format!(
            "{} of {} pairs of factors change the logit by something other than the sum of what each changes",
            summary.pairs_significant, summary.pairs_tested
        ),
        format!(
            "q ≤ {SIGNIFICANT} and {LEAST} logits or more: {}{explained}; of the {enhancers} factors of enhancers and {promoters} of promoters with \
             the smallest p by themselves; ΔΔ below 0: each one’s sites matter more where the other’s are there",
            or_none(&names.join(", "))
        ),
    )
}

/// `0.123 (0.100–0.150)`, or without an interval.
fn with_interval(value: f64, low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{value:.3} ({low:.3}–{high:.3})"),
        _ => format!("{value:.3}"),
    }
}

fn or_dash(number: Option<f64>) -> String {
    number.map_or("–".to_string(), small)
}

/// What part of a table of the knock-out's folder the page shows.
fn shown(rows: usize, file: &str) -> String {
    match rows > ROWS {
        true => format!("The first {ROWS} of {rows}: {file} of the knock-out has all."),
        false => String::new(),
    }
}

fn factors_table(knockout: &Knockout) -> Table {
    let row = |row: &FactorRow| {
        let side = match row.side {
            Knock::Enhancer => "enhancer",
            Knock::Promoter => "promoter",
            Knock::Both => "both",
        };
        vec![
            row.factor.clone(),
            side.to_string(),
            row.sites.to_string(),
            format!("{}, {}", row.pairs, row.components),
            format!("{:.3}", row.mean_delta),
            format!("{:.3}", row.control),
            with_interval(row.difference, row.low, row.high),
            or_dash(row.p),
            or_dash(row.q),
            percent(row.not_removed),
        ]
    };
    Table {
        logos: Vec::new(),
        caption: "Factors by how sure it is that their sites count".to_string(),
        columns: vec![
            Column::text("factor"),
            Column::text("taken out of"),
            Column::number("sites"),
            Column::number("pairs, components"),
            Column::number("Δ logit"),
            Column::number("moved places"),
            Column::number("difference (95 %)"),
            Column::number("p"),
            Column::number("q"),
            Column::number("sites left"),
        ],
        rows: knockout.factors.iter().take(ROWS).map(row).collect(),
        note: shown(knockout.factors.len(), FACTORS),
        files: Vec::new(),
    }
}

fn pairs_table(knockout: &Knockout) -> Table {
    let row = |row: &PairRow| {
        let explained = row.explained_by.as_ref().map(|by| by.replace('~', " ~ "));
        vec![
            row.enhancer_tf.clone(),
            row.promoter_tf.clone(),
            format!("{}, {}", row.pairs, row.components),
            format!("{:.3}", row.delta_enhancer),
            format!("{:.3}", row.delta_promoter),
            format!("{:.3}", row.delta_both),
            format!("{:.3}", row.interaction),
            format!("{:.3}", row.control),
            with_interval(row.difference, row.low, row.high),
            or_dash(row.p),
            or_dash(row.q),
            or_dash(row.q_apart),
            explained.unwrap_or("–".to_string()),
        ]
    };
    Table {
        logos: Vec::new(),
        caption: "Pairs of factors by how sure it is that they count together".to_string(),
        columns: vec![
            Column::text("in the enhancer"),
            Column::text("in the promoter"),
            Column::number("pairs, components"),
            Column::number("Δ enhancer’s"),
            Column::number("Δ promoter’s"),
            Column::number("Δ both"),
            Column::number("ΔΔ"),
            Column::number("ΔΔ of moved places"),
            Column::number("difference (95 %)"),
            Column::number("p"),
            Column::number("q"),
            Column::number("q apart"),
            Column::text("explained by"),
        ],
        rows: knockout.pairs.iter().take(ROWS).map(row).collect(),
        note: shown(knockout.pairs.len(), PAIRS),
        files: Vec::new(),
    }
}
