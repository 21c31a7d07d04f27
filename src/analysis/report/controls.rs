//! What the page says about the network itself, and about what its numbers are beside those of
//! controls.

use super::wording::percent;
use crate::analysis::controls::{Beside, ControlKind, Measure, PERMUTATIONS, Span};
use crate::analysis::report::document::{Block, Column, Section, Statement, Table};
use crate::analysis::result::{Analysis, SIGNIFICANT, class};
use crate::element::Element;
use crate::enrichment::tf_pairs::TfPair;
use crate::statistics::student::FEWEST_OTHERS;

/// Rows of the table of pairs of factors.
const ROWS: usize = 20;

/// The page's first sentence: whether the network predicts, without which nothing is a finding.
pub(super) fn headline(analysis: &Analysis) -> Statement {
    let Some(predicts) = analysis.predicts else {
        let about = "Whether the network predicts pairs that it was not trained on";
        return Statement::unmade(
            about,
            "there is no evaluation of these weights; where it does not, nothing below is a finding",
        );
    };
    let held_out = match predicts.chromosomes {
        true => "held-out chromosomes",
        false => "held-out pairs",
    };
    let says = match (predicts.better_than_chance(), predicts.auroc.interval()) {
        (true, _) => format!("it predicts {held_out} better than chance"),
        (false, Some(_)) => format!(
            "it does not predict {held_out} better than chance, and nothing below is a finding"
        ),
        (false, None) => format!(
            "whether it predicts {held_out} better than chance cannot be told from so few, and \
             nothing below is a finding"
        ),
    };
    let (positives, negatives) = (predicts.positives, predicts.negatives);
    let chance = positives as f64 / (positives + negatives) as f64;
    let mut detail = format!(
        "the test part, {positives} positive and {negatives} negative pairs; 0.5 is chance; AUPRC {}, \
         {chance:.3} is chance",
        predicts.auprc
    );
    if !predicts.chromosomes {
        detail += "; the parts are no whole chromosomes, so that elements of the test part may stand in \
                   the training too";
    }
    if analysis.made.part.is_none() {
        detail += "; below are all pairs of the run, and what it was trained on cannot be taken for a \
                   finding about these pairs";
    }
    if let (Some(_), Some(doubt)) = (predicts.auroc.interval(), predicts.support.doubt()) {
        detail += &format!("; {doubt}");
    }
    let auroc = predicts.auroc_in_words();
    Statement::made(
        format!("The network's AUROC on pairs that it was not trained on is {auroc}: {says}"),
        detail,
    )
}

/// What the network knows beyond what is known of the pairs without their sequence; nothing where no evaluation
/// tells.
pub(super) fn beyond_context(analysis: &Analysis) -> Option<Statement> {
    let ablation = analysis.predicts?.ablation?;
    let measures = ablation
        .rows()
        .map(|(name, [_, auprc])| format!("{name} {auprc}"));
    let verdict = ablation.verdict();
    // The first letter is one of ASCII.
    let finding = format!("{}{}", verdict[..1].to_uppercase(), &verdict[1..]);
    Some(Statement::made(
        finding,
        format!("the test part; AUPRC: {}", measures.join(", ")),
    ))
}

/// What the controls give of a number, to be added to its statement; nothing without controls. A side
/// is one of positive pairs.
pub(super) fn beside(analysis: &Analysis, measure: Measure, element: Option<Element>) -> String {
    let positive = element.map(|_| true);
    let same = |of: &&Beside| {
        let number = of.number;
        (number.measure, number.element, number.positive) == (measure, element, positive)
    };
    let all = analysis.beside_controls();
    let Some(of) = all.iter().find(same) else {
        return String::new();
    };
    let spans = [
        ("untrained networks", of.untrained),
        ("shuffled labels", of.shuffled_labels),
    ];
    let given = spans.into_iter().filter_map(|(name, span)| {
        let span = words_of(measure, span?);
        Some(format!("; {name}: {span}"))
    });
    given.collect()
}

/// What of the untrained networks is to be put behind `than by chance`; nothing without any.
pub(super) fn than_untrained(analysis: &Analysis) -> String {
    match analysis.controls_of(ControlKind::Untrained) {
        0 => String::new(),
        1 => " and than in an untrained network".to_string(),
        count if count < FEWEST_OTHERS => {
            format!(" and than in each of {count} untrained networks")
        }
        count => format!(" and than {count} untrained networks make likely"),
    }
}

/// What is to be put behind what a called pair of factors is; nothing without controls.
pub(super) fn than_controls(analysis: &Analysis) -> &'static str {
    match analysis.controls.0.is_empty() {
        true => "",
        false => ", and more so than in every control",
    }
}

/// Every number of the page beside those of the controls.
pub(super) fn section(analysis: &Analysis) -> Section {
    let heading = "Controls";
    let [untrained, shuffled] = [ControlKind::Untrained, ControlKind::ShuffledLabels]
        .map(|kind| analysis.controls_of(kind));
    if untrained + shuffled == 0 {
        let about = "What is more than a network gives that never trained";
        let statement = Statement::unmade(about, "no controls were asked for");
        return Section::new(heading, vec![Block::Statement(statement)]);
    }
    let text = format!(
        "The same counts with {untrained} networks of the same form that never trained, and with \
         {shuffled} divisions of the labels among the pairs at random, those of a promoter's pairs \
         together. What the summary calls enriched, or a pair of factors, has q ≤ {SIGNIFICANT} and \
         exceeds them: a matrix has a part of its sites that is improbable among untrained networks \
         (q ≤ {SIGNIFICANT}; with fewer than {FEWEST_OTHERS}, one above that of each), a pair of factors a \
         conditional statistic above that in any control. Controls have {PERMUTATIONS} permutations \
         of the labels at most. Shuffled labels leave top regions where they are: they tell which of the \
         differences between positive and negative pairs are chance."
    );
    let mut blocks = vec![
        Block::Text(text),
        Block::Table(numbers(analysis, untrained, shuffled)),
    ];
    if analysis.tf_pairs.significant(SIGNIFICANT) > 0 {
        blocks.push(Block::Table(tf_pairs(analysis)));
    }
    Section::new(heading, blocks)
}

fn numbers(analysis: &Analysis, untrained: usize, shuffled: usize) -> Table {
    let all = analysis.beside_controls();
    let said = |of: &&Beside| {
        let values = [of.number.value.is_some(), of.untrained.is_some()];
        values.contains(&true) || of.shuffled_labels.is_some()
    };
    let none = || "–".to_string();
    let row = |of: &Beside| {
        let measure = of.number.measure;
        let span = |span: Option<Span>| span.map_or_else(none, |span| words_of(measure, span));
        let value = of.number.value.map(|value| words(measure, value));
        vec![
            name(of),
            value.unwrap_or_else(none),
            span(of.untrained),
            span(of.shuffled_labels),
        ]
    };
    Table {
        logos: Vec::new(),
        caption: "The numbers of this page beside those of the controls".to_string(),
        columns: vec![
            Column::text("number"),
            Column::number("this network"),
            Column::number(&format!("untrained networks ({untrained})")),
            Column::number(&format!("shuffled labels ({shuffled})")),
        ],
        rows: all.iter().filter(said).map(row).collect(),
        note: "From the least to the most that a control gives.".to_string(),
        files: vec!["controls.tsv".to_string()],
    }
}

fn tf_pairs(analysis: &Analysis) -> Table {
    let factors = &analysis.tf_pairs.factors;
    let called = analysis.tf_pairs.tested.iter();
    let called = called.filter(|pair| pair.is_pair(SIGNIFICANT));
    let row = |pair: &TfPair| {
        let names = pair.factors.map(|factor| factors.name(factor).to_string());
        let statistic = |span: Span| range(span, |statistic| format!("{statistic:.2}"));
        let controls = analysis.controls.statistic(pair.factors);
        let beyond = if analysis.beyond(pair) { "yes" } else { "no" };
        vec![
            names.enhancer,
            names.promoter,
            format!("{:.2}", pair.conditional.statistic),
            controls.map_or("not tested".to_string(), statistic),
            beyond.to_string(),
        ]
    };
    let all = called.clone().count();
    Table {
        logos: Vec::new(),
        caption: format!(
            "Pairs of factors with q ≤ {SIGNIFICANT}, each given the other, which no stronger one explains, beside the controls"
        ),
        columns: vec![
            Column::text("in the enhancer"),
            Column::text("in the promoter"),
            Column::number("conditional statistic"),
            Column::number("that in controls"),
            Column::text("beyond them"),
        ],
        rows: called.take(ROWS).map(row).collect(),
        note: match all > ROWS {
            true => format!("The first {ROWS} of {all}."),
            false => String::new(),
        },
        files: Vec::new(),
    }
}

/// What a number is of.
fn name(of: &Beside) -> String {
    let number = of.number;
    let what = match number.measure {
        Measure::MatricesEnriched => "matrices enriched over mock regions, by q alone",
        Measure::RegionsOccupied => "occupied top regions",
        Measure::CentreOverFlanks => "occupancy in the centre of top regions over the flanks",
        Measure::TfPairsTested => "tested pairs of factors",
        Measure::TfPairsCalled => {
            "pairs of factors, each given the other and unexplained, by q alone"
        }
        Measure::TfPairsMarginallyEnriched => {
            "pairs of factors enriched for whatever reason, by q alone"
        }
        Measure::FirstOrder => "most enriched pairs of factors that interact directly",
        Measure::SecondOrder => "most enriched pairs of factors that interact through a third",
    };
    match (number.element, number.positive) {
        (Some(element), Some(positive)) => {
            let (side, class) = (element.name(), class(positive));
            format!("{what}, {side}s of {class} pairs")
        }
        _ => what.to_string(),
    }
}

fn words(measure: Measure, value: f64) -> String {
    match measure {
        Measure::MatricesEnriched
        | Measure::TfPairsTested
        | Measure::TfPairsCalled
        | Measure::TfPairsMarginallyEnriched => format!("{value:.0}"),
        Measure::RegionsOccupied | Measure::FirstOrder | Measure::SecondOrder => percent(value),
        Measure::CentreOverFlanks => format!("{value:.2}"),
    }
}

fn words_of(measure: Measure, span: Span) -> String {
    range(span, |value| words(measure, value))
}

/// `least–most`, once where both read the same.
fn range(span: Span, words: impl Fn(f64) -> String) -> String {
    let [low, high] = [span.low, span.high].map(words);
    match low == high {
        true => low,
        false => format!("{low}–{high}"),
    }
}
