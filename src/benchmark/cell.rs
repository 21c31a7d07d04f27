//! A cell line: its pairs, and what the methods know of them.

use serde::Serialize;

use super::Request;
use super::contender::{Contender, Learner, MethodName};
use crate::baselines::{
    Boosted, Distance, FeatureTable, Propensity, Regions, Scores, Wanted, assays, pep,
    targetfinder_features,
};
use crate::error::{Error, Result};
use crate::genome::{Chroms, Reference, Sequences};
use crate::motifs::{Collection, CollectionRequest};
use crate::pairs::{Labels, PairTable, TableSource};
use crate::progress::Progress;
use crate::provenance::Input;

/// The files of a cell line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellRequest {
    /// Its name in tables and figures.
    pub name: String,
    /// Its labelled pairs.
    pub table: TableSource,
    /// A ready table of TargetFinder's features.
    pub features: Option<Input>,
    /// A list of assays to compute them from, see [`assays`].
    pub assays: Option<Input>,
    /// Scores from elsewhere, each with the name of what made them.
    pub scores: Vec<(String, Input)>,
}

/// A cell line that is ready.
pub struct Cell<'a> {
    /// What was asked for.
    pub request: &'a CellRequest,
    /// The benchmark that it belongs to.
    pub benchmark: &'a Request,
    /// Its pairs.
    pub table: PairTable,
    /// The chromosomes.
    pub chroms: Chroms,
    /// The sequence that PEP describes; empty where PEP is not asked for.
    described: Sequences,
}

impl<'a> Cell<'a> {
    /// Reads the pairs and the sequence that PEP describes.
    pub fn open(request: &'a CellRequest, benchmark: &'a Request) -> Result<Self> {
        let mut reference = Reference::open(&benchmark.reference.path)?;
        let chroms = reference.chroms().clone();
        let lengths = benchmark.config.model.lengths();
        let table = request.table.read(&chroms, lengths, Labels::BothClasses)?;
        let pep = [MethodName::PepMotif, MethodName::PepWord];
        let described = if pep.iter().any(|method| benchmark.methods.contains(method)) {
            let regions = table
                .pairs
                .iter()
                .flat_map(|pair| pep::regions(pair, &chroms));
            Sequences::read(&mut reference, regions)?
        } else {
            Sequences::default()
        };
        Ok(Self {
            request,
            benchmark,
            table,
            chroms: (*chroms).clone(),
            described,
        })
    }

    /// The methods with all that they learn from, in the order of the tables; scores from elsewhere
    /// come last.
    pub fn contenders(&self, progress: &dyn Progress) -> Result<Vec<Contender<'_>>> {
        let mut contenders = Vec::new();
        for &method in &self.benchmark.methods {
            contenders.push(self.contender(method, progress)?);
        }
        for (name, file) in &self.request.scores {
            let scores = Scores::read(name.clone(), &file.path, self.wanted())?;
            contenders.push(Contender::new(
                name.clone(),
                vec![file.clone()],
                Learner::Baseline(Box::new(scores)),
            ));
        }
        Ok(contenders)
    }

    fn contender(&self, method: MethodName, progress: &dyn Progress) -> Result<Contender<'_>> {
        let Request {
            reference,
            motifs,
            init_motifs,
            ensemble,
            ..
        } = self.benchmark;
        let CellRequest {
            features, assays, ..
        } = self.request;
        let pairs = &self.table.pairs;
        let targetfinder = |regions| -> Result<_> {
            let inputs = features.iter().chain(assays).take(1).cloned().collect();
            Ok((
                inputs,
                Learner::Baseline(Box::new(Boosted::targetfinder(
                    self.features(regions)?,
                    regions,
                ))),
            ))
        };
        let sequence = || vec![reference.clone()];
        let epiann = |networks, planted| Learner::Epiann { networks, planted };
        let (inputs, learner) = match method {
            MethodName::Epiann => (sequence(), epiann(1, false)),
            MethodName::EpiannEnsemble => (sequence(), epiann(*ensemble, false)),
            MethodName::EpiannMotifs => ([&sequence()[..], init_motifs].concat(), epiann(1, true)),
            MethodName::TargetfinderEp => targetfinder(Regions::EnhancerPromoter)?,
            MethodName::TargetfinderEep => targetfinder(Regions::ExtendedEnhancerPromoter)?,
            MethodName::TargetfinderEpw => targetfinder(Regions::EnhancerPromoterWindow)?,
            MethodName::PepMotif => {
                let densities = self.motif_densities(progress)?;
                let inputs = [&sequence()[..], motifs].concat();
                (
                    inputs,
                    Learner::Baseline(Box::new(Boosted::pep_motif(densities))),
                )
            }
            MethodName::PepWord => {
                let words = pep::PepWord::new(pairs, &self.chroms, &self.described);
                (sequence(), Learner::Baseline(Box::new(words)))
            }
            MethodName::Distance => (
                Vec::new(),
                Learner::Baseline(Box::new(Distance::new(pairs))),
            ),
            MethodName::Propensity => (
                Vec::new(),
                Learner::Baseline(Box::new(Propensity::new(pairs))),
            ),
        };
        Ok(Contender::new(method.label(*ensemble), inputs, learner))
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            path: &self.request.table.file.path,
            pairs: &self.table.pairs,
            chroms: &self.chroms,
        }
    }

    fn features(&self, regions: Regions) -> Result<FeatureTable> {
        let CellRequest {
            name,
            features,
            assays: list,
            ..
        } = self.request;
        match (features, list) {
            (Some(table), _) => FeatureTable::read(&table.path, self.wanted(), regions),
            (None, Some(list)) => {
                let assays = assays(&list.path)?;
                targetfinder_features(&assays, &self.table.pairs, &self.chroms, regions)
            }
            (None, None) => Err(Error::Configuration(format!(
                "TargetFinder needs --features {name}=FILE or --assays {name}=FILE"
            ))),
        }
    }

    fn motif_densities(&self, progress: &dyn Progress) -> Result<FeatureTable> {
        let files = self.benchmark.motifs.iter().map(|file| file.path.clone());
        let request = CollectionRequest::new(files.collect());
        let mut reference = Reference::open(&self.benchmark.reference.path)?;
        let collection = Collection::open(&request, &mut reference, progress)?;
        let (pairs, chroms) = (&self.table.pairs, &self.chroms);
        pep::motif_features(&collection, pairs, chroms, &self.described, progress)
    }
}
