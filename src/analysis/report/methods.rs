//! How the page's numbers were computed, from what, and with which settings.

use crate::analysis::controls::ControlKind;
use crate::analysis::result::Analysis;
use crate::attention::Rank;
use crate::enrichment::tf_pairs::HEAT_MAP_FACTORS;
use crate::motifs::Threshold;
use crate::output::provenance::Input;
use crate::text::choice::Choice;

/// How the page's numbers were computed, a paragraph each.
pub(super) fn methods(analysis: &Analysis) -> Vec<String> {
    let background = analysis.made.background.frequencies();
    let [a, c, g, t] = background.map(|frequency| format!("{frequency:.3}"));
    vec![
        regions(analysis.made.rank).to_string(),
        format!(
            "Sites were looked for in whole windows on both strands, with a zero-order background of \
             {a} A, {c} C, {g} G, {t} T and exact p-values; N never matches. A palindrome counts once. \
             A matrix wider than a region can have no site in one."
        ),
        "Mock regions are chosen in their window one after the other at random, each where there is \
         room, as top regions are. Those of a window are the same in all its pairs, and windows that \
         overlap share theirs, so that the spread of the draws holds what repeated windows add. The p-value is the share of draws that capture as many sites, or, where few do, \
         the tail of a gamma distribution with the draws' mean, variance and skewness."
            .to_string(),
        format!(
            "q-values of matrices are Benjamini and Hochberg's. Those of pairs of factors are the mean \
             number of pairs of factors that permuted labels bring above a statistic over the number \
             found (Tusher, Tibshirani & Chu 2001), and at least the part of permutations that have one \
             as small. p is the part of permutations that reach the statistic; of the two conditional \
             statistics the smaller counts, with the larger p. The heat map takes up to {HEAT_MAP_FACTORS} factors \
             of each side, with the most enriched pairs, clustered by the logarithms of their odds \
             ratios (0.5 added to each count; average linkage, Euclidean distance). Interactions of second order go through one \
             third protein; pairs with a factor that the interactome does not name are left out of the \
             comparison with known interactions, whose p is the part of permutations of the factors' names that \
             bring as many among the most enriched."
        ),
        untrained(analysis),
    ]
}

/// What the top regions are.
fn regions(rank: Rank) -> &'static str {
    match rank {
        Rank::Attention => {
            "Windows, top regions and their attention are those of the network: of each window the bins \
             with the most marginal attention whose regions do not overlap (Mao, Kostka & Chikina 2017). \
             Attention is where in an element the network collects what it knows. It depends little on \
             the other element, and not at all on the weights that make an answer of what was collected: \
             it does not show what the answer rests on."
        }
        Rank::Contribution => {
            "Windows and top regions are those of the network: of each window of a pair the bins whose \
             regions do not overlap and add most to the pair's log-odds, the sum over a region's bases of \
             gradient × input, less the gradient's mean over the four letters (Majdandzic et al. 2023). \
             Regions of untrained networks were ranked in the same way. The paper ranks by attention."
        }
        Rank::Activity => {
            "Windows and top regions are those of the network: of each window the bins whose regions do not \
             overlap and of which it predicts the highest activity from the sequence, of several activities \
             that of the run's first source. Regions of untrained networks were ranked in the same way. The \
             paper ranks by attention."
        }
    }
}

/// What the untrained networks are, and how this one is compared with them.
fn untrained(analysis: &Analysis) -> String {
    let compared = match analysis.controls_of(ControlKind::Untrained) {
        0 => return "No untrained networks were made.".to_string(),
        1 | 2 => {
            "What this one captures of a matrix's sites has to be more than any of so few does."
        }
        _ => {
            "What this one captures of a matrix's sites is compared with what they do by Student's t on \
             the scale arcsin √part, whose variance is at least that of sampling as many windows; q is \
             adjusted over all matrices of both sides and classes."
        }
    };
    format!(
        "Untrained networks have the form of this one and its weights as they were before training, \
         drawn with other seeds; where its filters started as motifs, so did theirs. They are counted \
         and tested as this one is, with up to 200 draws of mock regions and 200 permutations. {compared}"
    )
}

pub(super) fn inputs(analysis: &Analysis) -> Vec<(&'static str, Input)> {
    let made = &analysis.made;
    let mut inputs = vec![
        ("network", &made.weights),
        ("pairs", &made.pairs),
        ("reference", &made.reference),
    ];
    inputs.extend(made.motifs.files.iter().map(|file| ("motifs", file)));
    inputs.extend(made.motifs.symbols.iter().map(|file| ("symbols", file)));
    inputs.extend(made.footprints.iter().map(|file| ("footprints", file)));
    if let Some(interactome) = &made.interactome {
        let names = interactome.string_info.iter();
        inputs.push(("interactome", &interactome.file));
        inputs.extend(names.map(|file| ("names of proteins", file)));
    }
    inputs.extend(made.knockout.iter().map(|file| ("knock-out", file)));
    let owned = inputs.into_iter();
    owned.map(|(name, input)| (name, input.clone())).collect()
}

pub(super) fn settings(analysis: &Analysis) -> Vec<(&'static str, String)> {
    let made = &analysis.made;
    let threshold = match made.motifs.threshold {
        Threshold::PValue(p) => format!("p ≤ {p}"),
        Threshold::Homer => "HOMER's own".to_string(),
        Threshold::Score(bits) => format!("{bits} bits"),
    };
    let observations = made.min_observations.to_string();
    let mut settings = vec![
        ("what counts as a site", threshold),
        ("top regions by", made.rank.name().to_string()),
        ("mock draws", made.draws.to_string()),
        ("seed", made.seed.to_string()),
        ("untrained networks", made.untrained_networks.to_string()),
        ("shuffles of the labels", made.shuffled_labels.to_string()),
        ("fewest pairs of a tested pair of factors", observations),
        (
            "matrices of a pair of factors",
            made.combine.name().to_string(),
        ),
        ("permutations", made.permutations.to_string()),
        ("device", made.device.to_string()),
    ];
    if let Some(interactome) = &made.interactome {
        let genetic = match interactome.genetic {
            true => "physical and genetic",
            false => "physical",
        };
        let score = interactome.string_score.to_string();
        settings.extend([
            ("interactions", genetic.to_string()),
            ("NCBI taxon", interactome.taxon.to_string()),
            ("smallest score of STRING", score),
        ]);
    }
    settings
}
