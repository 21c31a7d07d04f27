//! What an analysis has found, and what it was made from.

use serde::{Deserialize, Serialize};

use super::controls::{Among, Beside, ControlKind, Controls, Number, numbers};
use super::knockout::Knockout;
use super::predicts::Predicts;
use crate::attention::Rank;
use crate::element::Element;
use crate::enrichment::captured::{Captured, Comparison};
use crate::enrichment::interactome::{Interactome, InteractomeSource, Orders, Summary};
use crate::enrichment::profile::centre_over_flanks;
use crate::enrichment::tf_pairs::{
    CALLED, Clustering, Combine, HeatMap, KnownInteractions, MOST_ENRICHED, TfPair, TfPairRow,
    TfPairs,
};
use crate::enrichment::{self, FootprintSettings, Group};
use crate::figures::{self, Figure};
use crate::motifs::{Background, Collection, CollectionMade};
use crate::network::device::DeviceDescription;
use crate::output::provenance::Input;
use crate::pairs::Part;

/// What a class of pairs is called.
pub(super) fn class(positive: bool) -> &'static str {
    if positive { "positive" } else { "negative" }
}

/// The q-value up to which something is called significant.
pub const SIGNIFICANT: f64 = CALLED;

/// What an analysis was made from, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnalysisMade {
    /// The version of epitrack.
    pub version: String,
    /// The network's weights.
    pub weights: Input,
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// Motifs.
    pub motifs: CollectionMade,
    /// How often each base occurs where there is no site.
    pub background: Background,
    /// Footprints.
    pub footprints: Option<Input>,
    /// How they were looked at.
    pub occupancy: Option<FootprintSettings>,
    /// Known interactions.
    pub interactome: Option<InteractomeSource<Input>>,
    /// A knock-out that the report tells.
    pub knockout: Option<Input>,
    /// What the top regions have most of.
    #[serde(default, skip_serializing_if = "Rank::is_attention")]
    pub rank: Rank,
    /// The part of the run's split that the pairs are from; all of it where there is none.
    pub part: Option<Part>,
    /// Draws of mock regions.
    pub draws: u32,
    /// The fewest pairs that a tested pair of factors stands in.
    pub min_observations: u32,
    /// What of two factors' matrices counts.
    pub combine: Combine,
    /// Labellings, permuted by cluster, that pairs of factors are compared with.
    pub permutations: u32,
    /// Untrained networks that it is compared with.
    pub untrained_networks: u32,
    /// Shuffles of the labels that it is compared with.
    pub shuffled_labels: u32,
    /// The seed of mock regions, permutations and controls.
    pub seed: u64,
    /// Where the network ran.
    pub device: DeviceDescription,
}

/// Everything that was found.
pub struct Analysis {
    /// The run's name.
    pub name: String,
    /// What it was made from.
    pub made: AnalysisMade,
    /// Bases in a top region.
    pub region: u32,
    /// The motifs.
    pub motifs: Collection,
    /// Figures 2 and 3.
    pub enrichment: enrichment::Findings,
    /// Figure 4.
    pub tf_pairs: TfPairs,
    /// What the interactome holds, and how the factors interact.
    pub known: Option<Known>,
    /// The clustered factors, where enough pairs of them are enriched.
    pub heat_map: Option<HeatMap>,
    /// Whether the network predicts; none where no evaluation of it can be read.
    pub predicts: Option<Predicts>,
    /// What findings have to exceed.
    pub controls: Controls,
    /// How what the top regions capture stands among what those of untrained networks do.
    pub among_untrained: Among,
    /// What a knock-out of the same network has found, where one was given.
    pub knockout: Option<Knockout>,
}

/// How factors are known to interact.
pub struct Known {
    /// The interactome.
    pub summary: Summary,
    /// The order of each two factors.
    pub orders: Orders,
    /// The most enriched pairs beside all, by each rule of combination; none where there are too
    /// few.
    pub most_enriched: Vec<KnownInteractions>,
}

/// `analysis.json`: the numbers that the report states.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnalysisSummary {
    /// What it was made from.
    #[serde(flatten)]
    pub made: AnalysisMade,
    /// How well the network predicts the test part; none where no evaluation of it can be read. Where it does
    /// so no better than chance, nothing else is a finding.
    pub predicts: Option<Predicts>,
    /// Positive pairs that were analysed.
    pub positive_pairs: u32,
    /// Negative ones.
    pub negative_pairs: u32,
    /// Matrices that were looked for.
    pub matrices: usize,
    /// For each side and class what the top regions capture.
    pub captured: Vec<CapturedSummary>,
    /// For each side and class whose regions lie in enough windows the occupancy around them.
    pub occupancy_profiles: Vec<ProfileSummary>,
    /// Pairs of factors that were tested.
    pub tf_pairs_tested: usize,
    /// Those that are called pairs, enriched among positive pairs, each factor given the other, on sites
    /// of their own, and exceed every control.
    pub tf_pairs_enriched: usize,
    /// Those that would be called pairs, did their sites not overlap those of stronger ones.
    pub tf_pairs_explained: usize,
    /// Those that are enriched for whatever reason, one factor alone among them.
    pub tf_pairs_marginally_enriched: usize,
    /// The first of them, by the smaller statistic of the two, the enhancer's factor first.
    pub tf_pairs_top: Vec<[String; 2]>,
    /// The smallest p- and q-value of pairs of factors that the permutations can give.
    pub tf_pairs_smallest_q: f64,
    /// What was permuted as one.
    pub tf_pairs_clusters: Clustering,
    /// The most enriched pairs of factors beside all that can be tested, by each rule of
    /// combination.
    pub known_interactions: Vec<KnownInteractions>,
    /// The numbers of the report beside those of the controls.
    pub controls: Vec<Beside>,
}

/// What the top regions of one side and class capture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapturedSummary {
    /// `enhancer` or `promoter`.
    pub element: Element,
    /// The class of the pairs.
    pub positive: bool,
    /// Matrices about which a statement is made.
    pub stated: usize,
    /// Accessions of those that are captured more often than by chance and than by untrained networks,
    /// the smallest p-value first.
    pub enriched: Vec<String>,
}

/// The occupancy around the regions of one side and class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileSummary {
    /// `enhancer` or `promoter`.
    pub element: Element,
    /// The class of the pairs.
    pub positive: bool,
    /// Top regions, those of a window once for each pair, and those in the profile.
    pub regions: u64,
    /// See `regions`.
    pub kept: u64,
    /// Distinct windows of the kept ones.
    pub windows: u64,
    /// The median of these windows' highest occupancies.
    pub median_highest: Option<f64>,
    /// How high the profile is around the centres of top regions, over its flanks.
    pub centre_over_flanks: Option<f64>,
    /// The same of mock regions.
    pub mock_centre_over_flanks: Option<f64>,
}

impl ProfileSummary {
    /// Of what was counted; none where the regions lie in too few windows.
    pub(super) fn of(group: &Group) -> Option<Self> {
        let profile = group.profile.as_ref()?;
        let points = profile.points.as_ref()?;
        Some(Self {
            element: group.element,
            positive: group.positive,
            regions: profile.regions,
            kept: profile.kept,
            windows: profile.windows,
            median_highest: profile.median_highest,
            centre_over_flanks: centre_over_flanks(points, |point| point.top),
            mock_centre_over_flanks: centre_over_flanks(points, |point| point.mock),
        })
    }
}

impl Known {
    /// How the factors of these pairs interact.
    pub(super) fn of(interactome: &Interactome, tf_pairs: &TfPairs) -> Self {
        let orders = interactome.orders(tf_pairs.factors.names());
        let most = (MOST_ENRICHED, SIGNIFICANT);
        let count = |rule| KnownInteractions::count(tf_pairs, rule, &orders, most);
        let rules = [Combine::Union, Combine::Max].into_iter();
        Self {
            summary: interactome.summary.clone(),
            most_enriched: rules.filter_map(count).collect(),
            orders,
        }
    }
}

impl Analysis {
    /// Positive and negative pairs.
    pub(super) fn pairs(&self) -> [u32; 2] {
        [self.tf_pairs.positives, self.tf_pairs.negatives]
    }

    /// The most enriched pairs of factors beside all that can be tested; empty without an
    /// interactome.
    pub(super) fn known_interactions(&self) -> &[KnownInteractions] {
        let known = self.known.as_ref();
        known.map_or(&[][..], |known| known.most_enriched.as_slice())
    }

    /// How each matrix's factors are called in figures.
    pub(super) fn factors(&self) -> Vec<String> {
        let matrices = 0..self.motifs.matrices.len() as u32;
        matrices.map(|matrix| self.factor(matrix)).collect()
    }

    /// How a matrix's factors are called in figures.
    pub(super) fn factor(&self, matrix: u32) -> String {
        self.motifs.symbols.get(matrix as usize).join("::")
    }

    /// A matrix as a logo; none where it cannot be drawn.
    pub(super) fn logo(&self, matrix: u32) -> Option<Figure> {
        let of = &self.motifs.matrices[matrix as usize];
        let columns = of.probabilities(&Background::uniform());
        figures::logo(&self.factor(matrix), &columns).ok()
    }

    /// A matrix's accession.
    pub(super) fn id(&self, matrix: u32) -> &str {
        &self.motifs.matrices[matrix as usize].id
    }

    /// Whether a matrix's sites are captured more often than by chance, and than by untrained networks:
    /// than by every one of them where they are too few for a test.
    pub(super) fn enriched(&self, group: &Group, found: &(&Captured, &Comparison)) -> bool {
        let (captured, made) = found;
        let side = (group.element, group.positive);
        let among = self.among_untrained.get(side, false, captured.matrix);
        let beyond = among.map(|among| among.q <= SIGNIFICANT);
        let beyond = beyond.unwrap_or_else(|| {
            let all = self.controls.captured(side, false, captured.matrix);
            all.is_none_or(|span| made.fraction > span.high)
        });
        made.q <= SIGNIFICANT && beyond
    }

    /// The pairs of factors that are called so and exceed every control, in order.
    pub(super) fn tf_pairs_called(&self) -> impl Iterator<Item = &TfPair> {
        let tested = self.tf_pairs.tested.iter();
        tested.filter(|pair| pair.is_pair(SIGNIFICANT) && self.beyond(pair))
    }

    /// Whether the conditional statistic of two factors is larger than in every control.
    pub(super) fn beyond(&self, pair: &TfPair) -> bool {
        self.controls.exceeded_by(pair)
    }

    /// The numbers of the report.
    pub(super) fn numbers(&self) -> Vec<Number> {
        let mut known = self.known_interactions().iter();
        let known = known.find(|known| known.combine == self.made.combine);
        numbers(&self.enrichment, &self.tf_pairs, known, SIGNIFICANT)
    }

    /// The numbers of the report beside those of the controls; none without controls.
    pub(super) fn beside_controls(&self) -> Vec<Beside> {
        match self.controls.0.is_empty() {
            true => Vec::new(),
            false => self.controls.beside(self.numbers()),
        }
    }

    /// How many controls of a kind there are.
    pub(super) fn controls_of(&self, kind: ControlKind) -> usize {
        self.controls.of(kind).count()
    }

    /// The numbers that the report states.
    pub(super) fn summary(&self) -> AnalysisSummary {
        let captured = self.enrichment.groups.iter().map(|group| {
            let stated = group.stated();
            let enriched = stated.iter();
            let enriched = enriched.filter(|found| self.enriched(group, found));
            CapturedSummary {
                element: group.element,
                positive: group.positive,
                stated: stated.len(),
                enriched: enriched
                    .map(|(captured, _)| self.id(captured.matrix).to_string())
                    .collect(),
            }
        });
        let profiles = self.enrichment.groups.iter();
        let top = |row: TfPairRow| [row.enhancer_tf, row.promoter_tf].map(str::to_string);
        let [positive_pairs, negative_pairs] = self.pairs();
        AnalysisSummary {
            made: self.made.clone(),
            predicts: self.predicts,
            positive_pairs,
            negative_pairs,
            matrices: self.motifs.matrices.len(),
            captured: captured.collect(),
            occupancy_profiles: profiles.filter_map(ProfileSummary::of).collect(),
            tf_pairs_tested: self.tf_pairs.tested.len(),
            tf_pairs_enriched: self.tf_pairs_called().count(),
            tf_pairs_explained: self.tf_pairs.explained(),
            tf_pairs_marginally_enriched: self.tf_pairs.enriched(SIGNIFICANT),
            tf_pairs_smallest_q: self.tf_pairs.rules.smallest(),
            tf_pairs_clusters: self.tf_pairs.clusters,
            tf_pairs_top: self.tf_pairs.rows(None).take(10).map(top).collect(),
            known_interactions: self.known_interactions().to_vec(),
            controls: self.beside_controls(),
        }
    }
}
