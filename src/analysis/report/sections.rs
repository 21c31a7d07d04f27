//! The page's figures and tables, one section for each figure of the paper.

use super::wording::{matrices, or_none, percent, small};
use crate::analysis::figures::{CAPTURED, CLASSES, Figures, OCCUPIED, PROFILE, TF_PAIRS};
use crate::analysis::report::document::{Block, Column, Section, Statement, Table};
use crate::analysis::result::{Analysis, Known, ProfileSummary};
use crate::attention::TOP;
use crate::element::Element;
use crate::enrichment::FootprintSettings;
use crate::enrichment::captured::{Captured, Comparison, FEWEST_WINDOWS};
use crate::enrichment::interactome::Order;
use crate::enrichment::profile::{CENTRE, FLANKS, Normalisation};
use crate::enrichment::tf_pairs::{Clustering, TfPairRow, TfPairs};
use crate::statistics::Interval;

/// Rows of a table on the page; the files have all.
const ROWS: usize = 20;

pub(super) fn captured(analysis: &Analysis, figures: &mut Figures) -> Section {
    let text = format!(
        "Of each matrix's sites in the windows, the part that lies whole inside one of the {TOP} top \
         regions, beside mock regions: as many of the same length, placed at random over {} draws. \
         A statement takes sites in {FEWEST_WINDOWS} distinct windows; q is adjusted within a side \
         and class. Figures colour what exceeds untrained networks too, where there are any; grey lines \
         reach from the least to the most that these capture.",
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
    blocks.extend(Element::BOTH.map(|element| Block::Table(captured_table(analysis, element))));
    Section::new("Motifs in top regions", blocks)
}

fn captured_table(analysis: &Analysis, element: Element) -> Table {
    let stated = analysis.enrichment.group(element, true).stated();
    let row = |(captured, made): &(&Captured, &Comparison)| {
        let Interval { value, low, high } = made.by_chance;
        let fold = made.fold().map(|fold| format!("{fold:.2}"));
        let untrained = analysis
            .controls
            .captured((element, true), false, captured.matrix);
        let untrained = untrained.map(|span| format!("{:.4}–{:.4}", span.low, span.high));
        let among = &analysis.among_untrained;
        let among = among.get((element, true), false, captured.matrix);
        vec![
            analysis.factor(captured.matrix),
            analysis.id(captured.matrix).to_string(),
            captured.sites.to_string(),
            format!("{:.4}", made.fraction),
            format!("{value:.4} ({low:.4}–{high:.4})"),
            untrained.unwrap_or("–".to_string()),
            among.map_or("–".to_string(), |among| small(among.q)),
            fold.unwrap_or("–".to_string()),
            small(made.p),
            small(made.q),
        ]
    };
    let side = element.name();
    let logo = |(captured, _): &(&Captured, &Comparison)| analysis.logo(captured.matrix);
    Table {
        logos: stated.iter().take(ROWS).map(logo).collect(),
        caption: format!("Matrices with the smallest p-values, {side}s of positive pairs"),
        columns: vec![
            Column::text("factor"),
            Column::text("matrix"),
            Column::number("sites"),
            Column::number("captured part"),
            Column::number("by chance (95 %)"),
            Column::number("untrained networks"),
            Column::number("q among them"),
            Column::number("fold"),
            Column::number("p"),
            Column::number("q"),
        ],
        rows: stated.iter().take(ROWS).map(row).collect(),
        note: shown(stated.len()),
        files: vec!["captured.tsv".to_string()],
    }
}

pub(super) fn occupancy(analysis: &Analysis, figures: &mut Figures) -> Section {
    let Some(settings) = analysis.made.occupancy else {
        let about = "The occupancy of top regions (figure 3 of the paper)";
        let statement = Statement::unmade(about, "no footprints were given");
        return Section::new("Footprints", vec![Block::Statement(statement)]);
    };
    let text = format!(
        "The mean occupancy (−log₁₀ p of a footprint) around the centres of top regions and of mock \
         regions of the same windows, up to {} bases to either side or the window's end. {} Bands hold \
         95 % of resamples of the genome's stretches, or of mock draws; dashed lines, if any, are \
         untrained networks.{} A site is occupied where one of its bases has an occupancy of at least {}.",
        settings.flank,
        in_profile(analysis, settings),
        heights(analysis),
        settings.minimum,
    );
    let few = "too few windows, or mock regions to compare with, have an occupied base";
    let profile = "Mean occupancy around top regions of positive pairs (figure 3A of the paper)";
    let sites = "The captured part of all sites and of occupied sites (figure 3B of the paper)";
    let why = "too few windows have occupied sites";
    let blocks = vec![
        Block::Text(text),
        figure(figures, PROFILE, "occupancy_profile.tsv", profile, few),
        figure(figures, OCCUPIED, "captured.tsv", sites, why),
    ];
    Section::new("Footprints", blocks)
}

/// How high the profiles of positive pairs are in their centres.
fn heights(analysis: &Analysis) -> String {
    let height = |element: Element| {
        let profile = ProfileSummary::of(analysis.enrichment.group(element, true))?;
        let (top, mock) = (
            profile.centre_over_flanks?,
            profile.mock_centre_over_flanks?,
        );
        Some(format!("{}s {top:.2} (mock {mock:.2})", element.name()))
    };
    let heights: Vec<String> = Element::BOTH.into_iter().filter_map(height).collect();
    if heights.is_empty() {
        return String::new();
    }
    let (first, last) = FLANKS.into_inner();
    format!(
        " The mean within {CENTRE} bases of the centre over that {first} to {last} bases away: {}.",
        heights.join(", ")
    )
}

/// Which regions are in the profile, and how they are made comparable.
fn in_profile(analysis: &Analysis, settings: FootprintSettings) -> String {
    let minimum = settings.minimum;
    let how = match settings.normalisation {
        Normalisation::WindowMedian => {
            let median = |element: Element| {
                let profile = analysis.enrichment.group(element, true).profile.as_ref()?;
                let median = profile.median_highest?;
                Some(format!(
                    "{median:.2} in {} {}s",
                    profile.windows,
                    element.name()
                ))
            };
            let medians: Vec<String> = Element::BOTH.into_iter().filter_map(median).collect();
            return format!(
                "As in the paper, all regions of windows with a base of at least {minimum} are in it, \
                 and each window is scaled so that its highest base is as high as the median of these \
                 windows' highest ({}).",
                or_none(&medians.join(", "))
            );
        }
        Normalisation::None => "as they are",
        Normalisation::RegionPeak => {
            "each divided by its highest value: mock regions have a peak as well, because what lies \
             inside decides"
        }
        Normalisation::RegionMean => "each divided by the mean of what is shown around it",
    };
    format!("Regions with a base of at least {minimum} inside are in it, {how}.")
}

pub(super) fn tf_pairs(analysis: &Analysis, figures: &mut Figures) -> Section {
    let pairs = &analysis.tf_pairs;
    let caption = format!(
        "Factors of the most enriched pairs (figure 4 of the paper), {}, clustered; dots are what is \
         called a pair, borders known interactions",
        matrices(pairs.rules.combine)
    );
    let why = "fewer than two factors on a side have an enriched pair";
    let mut blocks = vec![
        Block::Text(together(pairs)),
        Block::Text(compared(pairs)),
        figure(figures, TF_PAIRS, "tf_pairs.tsv", &caption, why),
        Block::Table(tf_pairs_table(analysis)),
    ];
    if let Some(known) = &analysis.known {
        blocks.push(Block::Text(interactome(known, pairs.factors.names().len())));
    }
    Section::new("Pairs of factors", blocks)
}

/// What is counted, and what the two results mean.
fn together(pairs: &TfPairs) -> String {
    format!(
        "Two factors stand together in a pair where one has a site whole inside the enhancer's top \
         regions and the other inside the promoter's, {}. A pair of factors is enriched where positive \
         pairs have it more often than negative ones, which one frequent factor brings about by \
         itself. It is called a pair of factors where each matters though the other is given: of pairs \
         with the one, those with the other too are positive more often, both ways. Where one stretch of \
         DNA is a site of several factors, the strongest pair of factors has it: the others are tested \
         again without what overlaps it by half of the shorter site, and are explained by it if their q \
         is above {} then. {} pairs of factors were seen in fewer than {} pairs and not tested.",
        matrices(pairs.rules.combine),
        pairs.rules.called,
        pairs.too_rare,
        pairs.rules.min_observations
    )
}

/// What is independent, and what the numbers are compared with.
fn compared(pairs: &TfPairs) -> String {
    let Clustering {
        by,
        clusters,
        positive_clusters,
        components,
        elements,
    } = pairs.clusters;
    format!(
        "Pairs that share an element are not independent of each other: these stand on {} enhancers and \
         {} promoters in {components} connected components. Statistics are differences over their \
         deviation between clusters of pairs, and labels are permuted by cluster, {} times; a cluster \
         is a {}: {clusters}, {positive_clusters} of them with a positive pair. No p- or q-value can be \
         below {}. The table tells how many distinct enhancers, promoters and components stand behind \
         the positive pairs of a row.",
        elements.enhancer,
        elements.promoter,
        pairs.rules.permutations,
        by.name(),
        small(pairs.rules.smallest())
    )
}

fn tf_pairs_table(analysis: &Analysis) -> Table {
    let orders = analysis.known.as_ref().map(|known| &known.orders);
    let rows = analysis.tf_pairs.rows(orders).take(ROWS);
    let row = |row: TfPairRow| {
        let interaction = match row.interaction {
            Some(Order::First) => "direct",
            Some(Order::Second) => "second order",
            None => "–",
        };
        let best = row.enhancer_matrix.zip(row.promoter_matrix);
        let best = best.map(|(enhancer, promoter)| format!("{enhancer} ~ {promoter}"));
        let explained_by = row.explained_by.map(|by| by.replace('~', " ~ "));
        let with = |pairs: u32, part: f64| format!("{pairs} ({})", percent(part));
        vec![
            row.enhancer_tf.to_string(),
            row.promoter_tf.to_string(),
            with(row.positive_pairs, row.positive_frequency),
            with(row.negative_pairs, row.negative_frequency),
            format!("{}, {}, {}", row.enhancers, row.promoters, row.components),
            format!("{:.2}", row.odds_ratio),
            small(row.q_enriched),
            small(row.p_conditional),
            small(row.q_conditional),
            explained_by.unwrap_or("–".to_string()),
            best.unwrap_or("–".to_string()),
            interaction.to_string(),
        ]
    };
    Table {
        logos: Vec::new(),
        caption: "Pairs of factors by how much each matters given the other".to_string(),
        columns: vec![
            Column::text("in the enhancer"),
            Column::text("in the promoter"),
            Column::number("positive pairs"),
            Column::number("negative pairs"),
            Column::number("enhancers, promoters, components"),
            Column::number("odds ratio"),
            Column::number("q, enriched"),
            Column::number("p, given the other"),
            Column::number("q, given the other"),
            Column::text("explained by"),
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
         duplicates merged: {}, genes that bind themselves: {}.",
        summary.interactions,
        summary.genes,
        known.orders.genes_named(),
        summary.duplicates,
        summary.self_interacting
    )
}

/// A figure, or why there is none.
fn figure(figures: &mut Figures, name: &str, table: &str, caption: &str, why: &str) -> Block {
    match figures.take(name) {
        Some(figure) => Block::Figure {
            caption: caption.to_string(),
            figure,
            files: [&crate::figures::files(name)[..], &[table.to_string()]].concat(),
        },
        None => Block::Statement(Statement::unmade(caption, why)),
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
