//! The page's first lines: what was found, or why nothing can be said.

use super::controls::{beside, beyond_context, headline, than_controls, than_untrained};
use super::wording::{matrices, or_none, percent, small};
use crate::analysis::controls::Measure;
use crate::analysis::report::document::Statement;
use crate::analysis::result::{Analysis, SIGNIFICANT};
use crate::element::Element;
use crate::enrichment::captured::FEWEST_WINDOWS;
use crate::enrichment::tf_pairs::{KnownInteractions, MOST_ENRICHED, Share};

pub(super) fn summary(analysis: &Analysis) -> Vec<Statement> {
    let [enhancers, promoters] = Element::BOTH.map(|element| enriched(analysis, element));
    let mut statements = vec![headline(analysis)];
    statements.extend(beyond_context(analysis));
    statements.extend(partners(analysis));
    statements.extend([
        enhancers,
        promoters,
        occupied(analysis),
        pairs_statement(analysis),
    ]);
    statements.extend(known_statements(analysis));
    statements
}

/// What attention owes to the partner; nothing where no evaluation tells.
fn partners(analysis: &Analysis) -> Option<Statement> {
    let share = analysis.predicts?.partner_share;
    // Near nothing, so with a digit more than other parts, as the table of an evaluation has it.
    let [enhancers, promoters] =
        [share.enhancer?, share.promoter?].map(|part| format!("{:.2} %", 100.0 * part));
    Some(Statement::made(
        format!(
            "{enhancers} of the variance of enhancers' attention ({promoters} of promoters') is \
             explained by the partner"
        ),
        "held-out windows, each beside several others; where it is near 0 %, a window's attention is \
         nearly the same whatever its partner",
    ))
}

fn enriched(analysis: &Analysis, element: Element) -> Statement {
    let side = element.name();
    let group = analysis.enrichment.group(element, true);
    let stated = group.stated();
    if stated.is_empty() {
        return Statement::unmade(
            &format!("Motif sites in the top regions of {side}s"),
            &format!("no matrix has sites in {FEWEST_WINDOWS} distinct windows of positive pairs"),
        );
    }
    let (mut enriched, mut names) = (0, Vec::new());
    let beyond = stated.iter();
    for (captured, _) in beyond.filter(|found| analysis.enriched(group, found)) {
        enriched += 1;
        let name = analysis.factor(captured.matrix);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(8);
    names.truncate(8);
    let mut list = names.join(", ");
    if more > 0 {
        list += &format!(" and {more} more");
    }
    let finding = format!(
        "{enriched} of {} matrices have more sites in the top regions of {side}s than by chance{}",
        stated.len(),
        than_untrained(analysis)
    );
    let by_chance = stated.iter().filter(|(_, made)| made.q <= SIGNIFICANT);
    let mut detail = format!("positive pairs, q ≤ {SIGNIFICANT}: {}", or_none(&list));
    let controls = beside(analysis, Measure::MatricesEnriched, Some(element));
    if !controls.is_empty() {
        let all = by_chance.count();
        detail += &format!("; by q alone, this network: {all}{controls}");
    }
    Statement::made(finding, detail)
}

fn occupied(analysis: &Analysis) -> Statement {
    let about = "Occupied top regions";
    let Some(settings) = analysis.made.occupancy else {
        return Statement::unmade(about, "no footprints were given");
    };
    let part = |element: Element| {
        let profile = analysis.enrichment.group(element, true).profile.as_ref()?;
        let [top, mock] = [profile.occupied_part?, profile.occupied_part_by_chance?];
        let [top, mock] = [top, mock].map(|part| percent(part.value));
        let side = element.name();
        let controls = beside(analysis, Measure::RegionsOccupied, Some(element));
        Some((
            format!("{side}s {top} against {mock} by chance"),
            (side, controls),
        ))
    };
    let found = Element::BOTH.into_iter().filter_map(part);
    let (parts, controls): (Vec<String>, Vec<(&str, String)>) = found.unzip();
    if parts.is_empty() {
        return Statement::unmade(about, "there is no top region");
    }
    let (parts, minimum) = (parts.join(", "), settings.minimum);
    Statement::made(
        format!("Top regions that a footprint occupies: {parts}"),
        format!(
            "positive pairs; at least one base with −log₁₀ p ≥ {minimum}{}",
            of_sides(&controls)
        ),
    )
}

/// What the controls give of both sides, to be added to a statement.
fn of_sides(controls: &[(&str, String)]) -> String {
    let given = controls.iter().filter(|(_, controls)| !controls.is_empty());
    let given = given.map(|(side, controls)| {
        let controls = controls.trim_start_matches("; ");
        format!("; {side}s of {controls}")
    });
    given.collect()
}

fn pairs_statement(analysis: &Analysis) -> Statement {
    let tested = &analysis.tf_pairs.tested;
    let about = "Pairs of factors";
    if tested.is_empty() {
        let fewest = analysis.made.min_observations;
        let why = format!("no two factors stand together in {fewest} pairs");
        return Statement::unmade(about, &why);
    }
    let rows = analysis.tf_pairs.rows(None).zip(tested);
    let called = rows.filter(|(_, pair)| pair.is_pair(SIGNIFICANT) && analysis.beyond(pair));
    let top: Vec<String> = called
        .take(5)
        .map(|(row, _)| {
            format!(
                "{} with {} (odds ratio {:.2}, q {})",
                row.enhancer_tf,
                row.promoter_tf,
                row.odds_ratio,
                small(row.q_conditional)
            )
        })
        .collect();
    let by_q = match beside(analysis, Measure::TfPairsCalled, None) {
        none if none.is_empty() => none,
        controls => {
            let called = analysis.tf_pairs.significant(SIGNIFICANT);
            format!(
                "; pairs by q alone, that no stronger one explains, this network: {called}{controls}"
            )
        }
    };
    Statement::made(
        format!(
            "{} of {} tested pairs of factors are more than their parts: enriched among positive \
             pairs, each factor given the other{}",
            analysis.tf_pairs_called().count(),
            tested.len(),
            than_controls(analysis)
        ),
        format!(
            "q ≤ {SIGNIFICANT} of labels permuted by {}; enhancer's factor first: {}{}; {} are \
             enriched for whatever reason, be it one frequent factor{}{by_q}",
            analysis.tf_pairs.clusters.by.name(),
            or_none(&top.join("; ")),
            explained(analysis),
            analysis.tf_pairs.enriched(SIGNIFICANT),
            beside(analysis, Measure::TfPairsMarginallyEnriched, None)
        ),
    )
}

/// Which pairs of factors are not called so because a stronger one has their sites; nothing where there
/// are none.
fn explained(analysis: &Analysis) -> String {
    let pairs = &analysis.tf_pairs;
    let name = |factor: u32| pairs.factors.name(factor);
    let explained = pairs.tested.iter().filter_map(|pair| {
        let [by, of] = [pair.explained_by(&pairs.rules)?, pair.factors].map(|of| of.map(name));
        Some(format!(
            "{} with {} by {} with {}",
            of.enhancer, of.promoter, by.enhancer, by.promoter
        ))
    });
    let explained: Vec<String> = explained.collect();
    if explained.is_empty() {
        return String::new();
    }
    let first = explained.iter().take(5).cloned().collect::<Vec<_>>();
    let more = match explained.len() - first.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "; not called, as a stronger pair of factors has the same sites: {}{more}",
        first.join(", ")
    )
}

fn known_statements(analysis: &Analysis) -> Vec<Statement> {
    let about = "Known interactions among the most enriched pairs of factors";
    if analysis.known.is_none() {
        return vec![Statement::unmade(about, "no interactome was given")];
    }
    let known = analysis.known_interactions();
    if known.is_empty() {
        let why = format!(
            "fewer than {MOST_ENRICHED} pairs of named factors are enriched given the other"
        );
        return vec![Statement::unmade(about, &why)];
    }
    let statement = |most| known_statement(analysis, most);
    known.iter().map(statement).collect()
}

fn known_statement(analysis: &Analysis, most: &KnownInteractions) -> Statement {
    let first = |share: Share| percent(share.first_order_fraction());
    let second = |share: Share| percent(share.second_order_fraction());
    Statement::made(
        format!(
            "Of the {} most enriched pairs of factors {} interact directly and {} through a third \
             protein, of all {} tested {} and {}",
            most.most_enriched.pairs,
            first(most.most_enriched),
            second(most.most_enriched),
            most.tested.pairs,
            first(most.tested),
            second(most.tested),
        ),
        format!(
            "{}; each factor given the other, {} of them called pairs by q; p {} and \
             {} of permuted names; the paper, by the most enriched matrices: 3 % against 1 %, \
             49 % against 29 %{}",
            matrices(most.combine),
            most.significant,
            small(most.p_first_order),
            small(most.p_second_order),
            of_orders(analysis, most)
        ),
    )
}

/// What the controls give of the parts that interact, to be added to their statement; they rank
/// pairs of factors by the rule of the analysis alone.
fn of_orders(analysis: &Analysis, most: &KnownInteractions) -> String {
    if most.combine != analysis.made.combine {
        return String::new();
    }
    let orders = [
        ("directly", Measure::FirstOrder),
        ("through a third", Measure::SecondOrder),
    ];
    let given = orders.map(|(how, measure)| match beside(analysis, measure, None) {
        none if none.is_empty() => none,
        controls => format!("; {how}{}", controls.replacen("; ", ", ", 1)),
    });
    given.concat()
}
