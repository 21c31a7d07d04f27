//! What the file of `epitrack run` says of the steps after training.

use std::path::PathBuf;

use anyhow::{Result, bail};
use epitrack::analysis::{AnalysisRequest, UNTRAINED};
use epitrack::attention::{Aggregate, Bins, Rank, TopCount};
use epitrack::browser::tracks::annotation::AnnotationRequest;
use epitrack::browser::tracks::{HubRequest, NOBODY, Selection, TracksRequest};
use epitrack::element::Sides;
use epitrack::enrichment::FootprintSettings;
use epitrack::enrichment::interactome::InteractomeSource;
use epitrack::enrichment::profile::Normalisation;
use epitrack::enrichment::tf_pairs::{Combine, MIN_OBSERVATIONS, PERMUTATIONS};
use epitrack::motifs::{BackgroundRule, CollectionRequest, P_VALUE, Threshold};
use epitrack::network::contribution::Method;
use epitrack::pairs::Part;
use epitrack::pipeline::PageRequest;
use epitrack::text::BaseUrl;
use serde::Deserialize;

/// `[sites]`: which matrices are looked for, and what counts as a site, for tracks and analysis.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SitesPlan {
    /// Names or accessions; all matrices by default.
    pub motif: Vec<String>,
    p_value: Option<f64>,
    homer: bool,
    score: Option<f64>,
    background: BackgroundRule,
    symbols: Option<PathBuf>,
}

impl SitesPlan {
    /// The files that it names.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.symbols.iter_mut()
    }

    /// What to look for with the matrices of some files, if there are any.
    pub fn request(&self, files: &[PathBuf]) -> Result<Option<CollectionRequest>> {
        if files.is_empty() {
            return Ok(None);
        }
        let threshold = match (self.p_value, self.homer, self.score) {
            (p, false, None) => Threshold::PValue(p.unwrap_or(P_VALUE)),
            (None, true, None) => Threshold::Homer,
            (None, false, Some(bits)) => Threshold::Score(bits),
            _ => bail!("[sites] has more than one of p_value, homer and score"),
        };
        Ok(Some(CollectionRequest {
            only: self.motif.clone(),
            symbols: self.symbols.clone(),
            threshold,
            background: self.background,
            ..CollectionRequest::new(files.to_vec())
        }))
    }
}

/// `[tracks]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TracksPlan {
    pairs: Selection,
    aggregate: Aggregate,
    contributions: Option<Method>,
    /// What top regions have most of.
    pub rank: Rank,
    top_regions: TopCount,
}

impl TracksPlan {
    /// Checks that windows of these bins have room for the top regions.
    pub fn check(&self, bins: Sides<Bins>) -> Result<()> {
        Ok(self.top_regions.check(bins)?)
    }

    /// The tracks, with sites of these motifs in their top regions.
    pub fn request(&self, motifs: Option<CollectionRequest>) -> TracksRequest {
        let implied = (self.rank == Rank::Contribution).then(Method::default);
        TracksRequest {
            selection: self.pairs,
            aggregate: self.aggregate,
            contributions: self.contributions.or(implied),
            rank: self.rank,
            top_regions: self.top_regions,
            annotation: AnnotationRequest {
                motifs,
                footprints: None,
            },
            ..TracksRequest::default()
        }
    }
}

/// `[enrich]`
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnrichPlan {
    /// Whether there is an analysis, where there are motifs.
    enabled: bool,
    interactome: Option<PathBuf>,
    string_info: Option<PathBuf>,
    genetic: bool,
    taxon: Option<u32>,
    string_score: Option<u32>,
    occupancy: f32,
    normalise: Normalisation,
    part: Option<Part>,
    draws: Option<u32>,
    min_pairs: u32,
    combine: Combine,
    controls: u32,
    permutations: u32,
    shuffled_labels: u32,
}

impl Default for EnrichPlan {
    fn default() -> Self {
        let footprints = FootprintSettings::default();
        Self {
            enabled: true,
            interactome: None,
            string_info: None,
            genetic: false,
            taxon: None,
            string_score: None,
            occupancy: footprints.minimum,
            normalise: footprints.normalisation,
            part: None,
            draws: None,
            min_pairs: MIN_OBSERVATIONS,
            combine: Combine::default(),
            controls: UNTRAINED,
            permutations: PERMUTATIONS,
            shuffled_labels: 0,
        }
    }
}

impl EnrichPlan {
    /// The files that it names.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.interactome.iter_mut().chain(&mut self.string_info)
    }

    /// The analysis with these motifs, of regions by this rank; none where there are no motifs or it is
    /// not wanted. Its numbers are checked.
    pub fn request(
        &self,
        motifs: Option<CollectionRequest>,
        rank: Rank,
        seed: u64,
    ) -> Result<Option<AnalysisRequest>> {
        if self.string_info.is_some() && self.interactome.is_none() {
            bail!(
                "[enrich] has string_info, which names the proteins of an interactome, and no interactome"
            );
        }
        let Some(motifs) = motifs.filter(|_| self.enabled) else {
            return Ok(None);
        };
        let usual = AnalysisRequest::new(motifs, seed);
        let request = AnalysisRequest {
            occupancy: FootprintSettings {
                minimum: self.occupancy,
                normalisation: self.normalise,
                ..FootprintSettings::default()
            },
            interactome: self.interactome.clone().map(|file| self.known(file)),
            rank,
            part: self.part,
            draws: self.draws.unwrap_or(usual.draws),
            min_observations: self.min_pairs,
            combine: self.combine,
            permutations: self.permutations,
            untrained: self.controls,
            shuffled_labels: self.shuffled_labels,
            ..usual
        };
        request.check()?;
        Ok(Some(request))
    }

    /// How the file of known interactions is read.
    fn known(&self, file: PathBuf) -> InteractomeSource {
        let usual = InteractomeSource::new(file);
        InteractomeSource {
            string_info: self.string_info.clone(),
            genetic: self.genetic,
            taxon: self.taxon.unwrap_or(usual.taxon),
            string_score: self.string_score.unwrap_or(usual.string_score),
            ..usual
        }
    }
}

/// `[view]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ViewPlan {
    /// The most pairs of a page.
    top: Option<u16>,
    igv_js: Option<PathBuf>,
}

impl ViewPlan {
    /// The files that it names.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.igv_js.iter_mut()
    }

    /// The page of each cell line, with these genes.
    pub fn request(&self, genes: Option<PathBuf>) -> Result<PageRequest> {
        let usual = PageRequest::default();
        let pairs = self.top.map_or(usual.pairs, usize::from);
        if pairs == 0 {
            bail!("[view] has a page of no pairs: top must be at least 1");
        }
        Ok(PageRequest {
            pairs,
            igv_js: self.igv_js.clone(),
            genes,
        })
    }
}

/// `[hub]`
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HubPlan {
    name: String,
    short_label: Option<String>,
    long_label: Option<String>,
    email: String,
    /// The assembly, where the chromosomes' lengths do not tell it.
    pub genome: Option<String>,
    /// The sequence of an assembly that UCSC does not have.
    sequence: Option<PathBuf>,
    /// Whether all settings go into hub.txt.
    one_file: bool,
    /// Where the hub will lie on the web.
    base_url: Option<BaseUrl>,
}

impl Default for HubPlan {
    fn default() -> Self {
        Self {
            name: "epitrack".to_string(),
            short_label: None,
            long_label: None,
            email: NOBODY.to_string(),
            genome: None,
            sequence: None,
            one_file: false,
            base_url: None,
        }
    }
}

impl HubPlan {
    /// The files that it names.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.sequence.iter_mut()
    }

    /// The hub of all cell lines.
    pub fn request(&self) -> HubRequest {
        HubRequest {
            name: self.name.clone(),
            short_label: self.short_label.clone(),
            long_label: self.long_label.clone(),
            email: self.email.clone(),
            genome: self.genome.clone(),
            sequence: self.sequence.clone(),
            one_file: self.one_file,
            base_url: self.base_url.clone(),
            ..HubRequest::default()
        }
    }
}
