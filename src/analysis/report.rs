//! The numbers as a page to read.

use super::figures::{CAPTURED, CLASSES, Figures, OCCUPIED, PROFILE, TF_PAIRS};
use super::{Analysis, Known, SIGNIFICANT};
use crate::attention::{Element, TOP};
use crate::enrichment::captured::{Captured, Comparison, FEWEST_WINDOWS};
use crate::enrichment::tf_pairs::{HEAT_MAP_FACTORS, MOST_ENRICHED, Share};
use crate::error::Result;
use crate::provenance::Input;
use crate::report::{Block, Column, Report, Section, Statement, Table};

/// Rows of a table on the page; the files have all.
const ROWS: usize = 20;
const SIDES: [Element; 2] = [Element::Enhancer, Element::Promoter];

/// The page.
pub fn html(analysis: &Analysis, mut figures: Figures) -> Result<String> {
    let [positive, negative] = analysis.pairs();
    let figures = &mut figures;
    let report = Report {
        title: format!("What lies under the attention of {}", analysis.name),
        about: format!(
            "{positive} positive and {negative} negative pairs ({}); {} matrices",
            analysis
                .made
                .part
                .map_or("all of the run's".to_string(), |part| format!(
                    "{part} part"
                )),
            analysis.motifs.matrices.len()
        ),
        summary: summary(analysis),
        sections: vec![
            captured(analysis, figures),
            occupancy(analysis, figures),
            tf_pairs(analysis, figures),
        ],
        methods: methods(analysis),
        inputs: inputs(analysis),
        settings: settings(analysis),
        version: analysis.made.version.clone(),
    };
    report.html()
}

fn summary(analysis: &Analysis) -> Vec<Statement> {
    let mut statements: Vec<Statement> = SIDES.map(|side| enriched(analysis, side)).to_vec();
    statements.push(occupied(analysis));
    statements.push(pairs_statement(analysis));
    statements.push(known_statement(analysis));
    statements
}

/// The matrices of a side of the positive pairs about which a statement is made, the smallest
/// p-value first.
fn stated(analysis: &Analysis, element: Element) -> Vec<(&Captured, Comparison)> {
    let group = analysis.enrichment.group(element, true);
    let all = group.map_or(&[][..], |group| &group.all);
    let mut stated: Vec<(&Captured, Comparison)> = all
        .iter()
        .filter_map(|captured| Some((captured, *captured.statement.comparison()?)))
        .collect();
    stated.sort_by(|a, b| a.1.p.total_cmp(&b.1.p).then(a.0.matrix.cmp(&b.0.matrix)));
    stated
}

fn enriched(analysis: &Analysis, element: Element) -> Statement {
    let side = element.name();
    let stated = stated(analysis, element);
    if stated.is_empty() {
        return Statement::unmade(
            format!("Motif sites in the top regions of {side}s"),
            format!("no matrix has sites in {FEWEST_WINDOWS} distinct windows of positive pairs"),
        );
    }
    let enriched: Vec<&(&Captured, Comparison)> = stated
        .iter()
        .filter(|(_, made)| made.q <= SIGNIFICANT)
        .collect();
    let mut names: Vec<String> = Vec::new();
    for (captured, _) in &enriched {
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
        "{} of {} matrices have more sites in the top regions of {side}s than by chance",
        enriched.len(),
        stated.len()
    );
    let detail = format!("positive pairs, q ≤ {SIGNIFICANT}: {}", or_none(&list));
    Statement::made(finding, detail)
}

fn or_none(list: &str) -> &str {
    if list.is_empty() { "none" } else { list }
}

fn occupied(analysis: &Analysis) -> Statement {
    let about = "Occupied top regions";
    if analysis.made.footprints.is_none() {
        return Statement::unmade(about, "no footprints were given");
    }
    let parts: Vec<String> = SIDES
        .into_iter()
        .filter_map(|element| {
            let group = analysis.enrichment.group(element, true)?;
            let profile = group.profile.as_ref()?;
            let (top, mock) = (profile.kept_part?, profile.kept_part_by_chance?);
            Some(format!(
                "{}s {} against {} by chance",
                element.name(),
                percent(top.value),
                percent(mock.value)
            ))
        })
        .collect();
    if parts.is_empty() {
        return Statement::unmade(about, "there is no top region");
    }
    let minimum = analysis
        .made
        .occupancy
        .map_or(0.0, |occupancy| occupancy.minimum);
    Statement::made(
        format!(
            "Top regions that a footprint occupies: {}",
            parts.join(", ")
        ),
        format!("positive pairs; at least one base with −log₁₀ p ≥ {minimum}"),
    )
}

fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}

fn pairs_statement(analysis: &Analysis) -> Statement {
    let tested = &analysis.tf_pairs.tested;
    let about = "Pairs of factors";
    if tested.is_empty() {
        return Statement::unmade(
            about,
            format!(
                "no two factors stand together in {} pairs",
                analysis.made.min_observations
            ),
        );
    }
    let rows = analysis.tf_pairs.rows(None).take(5);
    let top = rows.filter(|row| row.q_enriched <= SIGNIFICANT);
    let top: Vec<String> = top
        .map(|row| {
            format!(
                "{} with {} (odds ratio {:.2}, q {})",
                row.enhancer_tf,
                row.promoter_tf,
                row.odds_ratio,
                small(row.q_enriched)
            )
        })
        .collect();
    Statement::made(
        format!(
            "{} of {} tested pairs of factors are enriched among positive pairs",
            analysis.tf_pairs.significant(SIGNIFICANT),
            tested.len()
        ),
        format!(
            "q ≤ {SIGNIFICANT}; enhancer's factor first: {}",
            or_none(&top.join("; "))
        ),
    )
}

fn known_statement(analysis: &Analysis) -> Statement {
    let about = "Known interactions among the most enriched pairs of factors";
    let Some(known) = &analysis.known else {
        return Statement::unmade(about, "no interactome was given");
    };
    let Some(most) = &known.most_enriched else {
        let why = format!("fewer than {MOST_ENRICHED} pairs of named factors are enriched");
        return Statement::unmade(about, why);
    };
    let part = |share: Share, part: fn(&Share) -> f64| percent(part(&share));
    Statement::made(
        format!(
            "Of the {} most enriched pairs of factors {} interact directly and {} through a third \
             protein, of all {} tested {} and {}",
            most.most_enriched.pairs,
            part(most.most_enriched, Share::first_order_fraction),
            part(most.most_enriched, Share::second_order_fraction),
            most.tested.pairs,
            part(most.tested, Share::first_order_fraction),
            part(most.tested, Share::second_order_fraction),
        ),
        format!(
            "{} of them with q ≤ {SIGNIFICANT}; one-sided hypergeometric p {} and {}; the paper: 3 % \
             against 1 %, 49 % against 29 %",
            most.significant,
            small(most.p_first_order),
            small(most.p_second_order)
        ),
    )
}

/// A number near 0, in few characters.
fn small(number: f64) -> String {
    if number == 0.0 || number >= 0.001 {
        format!("{number:.3}")
    } else {
        format!("{number:.1e}")
    }
}

/// The files of a figure and of what it is drawn from.
fn files(name: &str, table: &str) -> Vec<String> {
    vec![
        format!("{name}.svg"),
        format!("{name}.png"),
        table.to_string(),
    ]
}

/// A figure, or why there is none.
fn figure(figures: &mut Figures, name: &str, table: &str, caption: &str, why: &str) -> Block {
    match figures.take(name) {
        Some(figure) => Block::Figure {
            caption: caption.to_string(),
            figure,
            files: files(name, table),
        },
        None => Block::Statement(Statement::unmade(caption, why)),
    }
}

fn captured(analysis: &Analysis, figures: &mut Figures) -> Section {
    let text = format!(
        "Of each matrix's sites in the windows, the part that lies whole inside one of the {TOP} top \
         regions, beside mock regions: as many of the same length, placed at random over {} draws. \
         A statement takes sites in {FEWEST_WINDOWS} distinct windows; q is adjusted within a side \
         and class.",
        analysis.made.draws
    );
    let why = "no matrix has sites in enough windows";
    let mut blocks = vec![Block::Text(text)];
    let captions = [
        "Positive pairs: sites captured by top regions (figure 2 of the paper)",
        "Negative pairs: sites captured by top regions",
    ];
    for (name, caption) in CAPTURED.into_iter().zip(captions) {
        blocks.push(figure(figures, name, "captured.tsv", caption, why));
    }
    let caption = "The captured part among positive and among negative pairs";
    blocks.push(figure(figures, CLASSES, "captured.tsv", caption, why));
    blocks.extend(SIDES.map(|element| Block::Table(captured_table(analysis, element))));
    Section {
        heading: "Motifs in top regions".to_string(),
        blocks,
    }
}

fn captured_table(analysis: &Analysis, element: Element) -> Table {
    let stated = stated(analysis, element);
    let row = |(captured, made): &(&Captured, Comparison)| {
        vec![
            analysis.factor(captured.matrix),
            analysis.motifs.matrices[captured.matrix as usize]
                .id
                .clone(),
            captured.sites.to_string(),
            format!("{:.4}", made.fraction),
            format!(
                "{:.4} ({:.4}–{:.4})",
                made.by_chance.value, made.by_chance.low, made.by_chance.high
            ),
            made.fold()
                .map_or("–".to_string(), |fold| format!("{fold:.2}")),
            small(made.p),
            small(made.q),
        ]
    };
    Table {
        caption: format!(
            "Matrices with the smallest p-values, {}s of positive pairs",
            element.name()
        ),
        columns: vec![
            Column::text("factor"),
            Column::text("matrix"),
            Column::number("sites"),
            Column::number("captured part"),
            Column::number("by chance (95 %)"),
            Column::number("fold"),
            Column::number("p"),
            Column::number("q"),
        ],
        rows: stated.iter().take(ROWS).map(row).collect(),
        note: shown(stated.len()),
        files: vec!["captured.tsv".to_string()],
    }
}

/// What part of a table the page shows.
fn shown(rows: usize) -> String {
    if rows > ROWS {
        format!("The first {ROWS} of {rows}.")
    } else {
        String::new()
    }
}

fn occupancy(analysis: &Analysis, figures: &mut Figures) -> Section {
    let Some(settings) = analysis.made.occupancy else {
        return Section {
            heading: "Footprints".to_string(),
            blocks: vec![Block::Statement(Statement::unmade(
                "The occupancy of top regions (figure 3 of the paper)",
                "no footprints were given",
            ))],
        };
    };
    let text = format!(
        "Top regions with an occupancy of at least {} (−log₁₀ p of a footprint, on one base or more) \
         and the mean occupancy around their centres, up to {} bases to either side or the window's \
         end; each region's values are divided by {}. Bands hold 95 % of resamples of the genome's \
         stretches, or of mock draws. A site is occupied where one of its bases is.",
        settings.minimum,
        settings.flank,
        match settings.normalisation {
            crate::enrichment::profile::Normalisation::None => "nothing",
            crate::enrichment::profile::Normalisation::Peak => "the region's highest",
            crate::enrichment::profile::Normalisation::Mean => "their mean",
        }
    );
    let few = "too few top regions are occupied";
    let profile = "Mean occupancy around top regions of positive pairs (figure 3A of the paper)";
    let sites = "The captured part of all sites and of occupied sites (figure 3B of the paper)";
    let why = "too few windows have occupied sites";
    Section {
        heading: "Footprints".to_string(),
        blocks: vec![
            Block::Text(text),
            figure(figures, PROFILE, "occupancy_profile.tsv", profile, few),
            figure(figures, OCCUPIED, "captured.tsv", sites, why),
        ],
    }
}

fn tf_pairs(analysis: &Analysis, figures: &mut Figures) -> Section {
    let pairs = &analysis.tf_pairs;
    let text = format!(
        "Two factors stand together in a pair where one has a site whole inside the enhancer's top \
         regions and the other inside the promoter's. Their frequency among positive pairs is compared \
         with that among negative ones by Fisher's exact test, one-sided; {} pairs of factors were seen \
         in fewer than {} pairs and not tested. Pairs that share an element are not independent of each \
         other: the columns positive_enhancers and positive_promoters of the table tell how many \
         distinct elements stand behind a number.",
        pairs.too_rare, pairs.min_observations
    );
    let caption = "Factors of the most enriched pairs (figure 4 of the paper), clustered; borders are \
                   known interactions";
    let why = "fewer than two factors on a side have an enriched pair";
    let mut blocks = vec![
        Block::Text(text),
        figure(figures, TF_PAIRS, "tf_pairs.tsv", caption, why),
        Block::Table(tf_pairs_table(analysis)),
    ];
    if let Some(known) = &analysis.known {
        blocks.push(Block::Text(interactome(known, pairs.factors.names().len())));
    }
    Section {
        heading: "Pairs of factors".to_string(),
        blocks,
    }
}

fn tf_pairs_table(analysis: &Analysis) -> Table {
    let orders = analysis.known.as_ref().map(|known| &known.orders);
    let rows = analysis.tf_pairs.rows(orders).take(ROWS);
    let row = |row: crate::enrichment::tf_pairs::TfPairRow| {
        let interaction = match row.interaction {
            Some(super::Order::First) => "direct",
            Some(super::Order::Second) => "second order",
            None => "–",
        };
        vec![
            row.enhancer_tf.to_string(),
            row.promoter_tf.to_string(),
            format!(
                "{} ({})",
                row.positive_pairs,
                percent(row.positive_frequency)
            ),
            format!(
                "{} ({})",
                row.negative_pairs,
                percent(row.negative_frequency)
            ),
            format!("{:.2}", row.odds_ratio),
            small(row.p_enriched),
            small(row.q_enriched),
            format!("{} ~ {}", row.enhancer_matrix, row.promoter_matrix),
            interaction.to_string(),
        ]
    };
    Table {
        caption: "The most enriched pairs of factors".to_string(),
        columns: vec![
            Column::text("in the enhancer"),
            Column::text("in the promoter"),
            Column::number("positive pairs"),
            Column::number("negative pairs"),
            Column::number("odds ratio"),
            Column::number("p"),
            Column::number("q"),
            Column::text("best matrices"),
            Column::text("interaction"),
        ],
        rows: rows.map(row).collect(),
        note: shown(analysis.tf_pairs.tested.len()),
        files: vec!["tf_pairs.tsv".to_string()],
    }
}

fn interactome(known: &Known, factors: usize) -> String {
    let summary = &known.summary;
    format!(
        "The interactome holds {} interactions of {} genes, and names {} of the {factors} factors; \
         {} duplicates were merged, {} genes bind themselves.",
        summary.interactions,
        summary.genes,
        known.orders.genes_named(),
        summary.duplicates,
        summary.self_interacting
    )
}

fn methods(analysis: &Analysis) -> Vec<String> {
    let background = analysis.made.background.frequencies();
    let [a, c, g, t] = background.map(|frequency| format!("{frequency:.3}"));
    vec![
        "Windows, top regions and their attention are those of the network: of each window the bins \
         with the most marginal attention whose regions do not overlap (Mao, Kostka & Chikina 2017)."
            .to_string(),
        format!(
            "Sites were looked for in whole windows on both strands, with a zero-order background of \
             {a} A, {c} C, {g} G, {t} T and exact p-values; N never matches. A palindrome counts once. \
             A matrix wider than a region can have no site in one."
        ),
        "Mock regions lie anywhere in their window without overlap, all arrangements alike. Those of a \
         window are the same in all its pairs, so that the spread of the draws holds what repeated \
         windows add. The p-value is the share of draws that capture as many sites, or, where few do, \
         the tail of a gamma distribution with the draws' mean, variance and skewness."
            .to_string(),
        format!(
            "q-values are Benjamini and Hochberg's. The heat map takes up to {HEAT_MAP_FACTORS} factors \
             of each side, with the most enriched pairs, clustered by the logarithms of their odds \
             ratios (average linkage, Euclidean distance). Interactions of second order go through one \
             third protein; pairs with a factor that the interactome does not name are left out of the \
             comparison with known interactions."
        ),
    ]
}

fn inputs(analysis: &Analysis) -> Vec<(String, Input)> {
    let made = &analysis.made;
    let mut inputs = vec![
        ("network".to_string(), made.weights.clone()),
        ("pairs".to_string(), made.pairs.clone()),
        ("reference".to_string(), made.reference.clone()),
    ];
    let mut add = |name: &str, input: &Input| inputs.push((name.to_string(), input.clone()));
    made.motifs
        .files
        .iter()
        .for_each(|file| add("motifs", file));
    made.motifs
        .symbols
        .iter()
        .for_each(|file| add("symbols", file));
    made.footprints
        .iter()
        .for_each(|file| add("footprints", file));
    made.interactome
        .iter()
        .for_each(|file| add("interactome", file));
    inputs
}

fn settings(analysis: &Analysis) -> Vec<(String, String)> {
    let made = &analysis.made;
    let threshold = match made.motifs.threshold {
        crate::motifs::Threshold::PValue(p) => format!("p ≤ {p}"),
        crate::motifs::Threshold::Homer => "HOMER's own".to_string(),
        crate::motifs::Threshold::Score(bits) => format!("{bits} bits"),
    };
    [
        ("what counts as a site", threshold),
        ("mock draws", made.draws.to_string()),
        ("seed", made.seed.to_string()),
        (
            "fewest pairs of a tested pair of factors",
            made.min_observations.to_string(),
        ),
        ("device", made.device.to_string()),
    ]
    .map(|(name, value)| (name.to_string(), value))
    .to_vec()
}
