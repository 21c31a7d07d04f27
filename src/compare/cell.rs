//! A cell line: its pairs, and what the methods know of them.

use super::contender::{Contender, Learner, MethodName, NetworkKind};
use super::request::{CellRequest, Request};
use crate::compare::baselines::{
    Boosted, Context, Distance, Propensity, Scores, pep, targetfinder_features,
};
use crate::error::{Error, MissingInput, Result};
use crate::evaluation::Support;
use crate::formats::assays;
use crate::genome::{Chroms, Reference, Sequences};
use crate::motifs::{Collection, CollectionRequest};
use crate::output::provenance::Input;
use crate::pairs::{FeatureTable, Labels, Pair, PairTable, Regions, Wanted};
use crate::progress::Progress;
use crate::statistics::boosting::Boosting;

/// A cell line that is ready.
pub struct Cell<'a> {
    /// What was asked for.
    pub request: &'a CellRequest,
    /// The comparison that it belongs to.
    pub comparison: &'a Request,
    /// Its pairs.
    pub table: PairTable,
    /// The chromosomes.
    pub chroms: Chroms,
    /// The sequence that PEP describes; empty where PEP is not asked for.
    described: Sequences,
}

impl<'a> Cell<'a> {
    /// Reads the pairs and the sequence that PEP describes.
    pub fn open(request: &'a CellRequest, comparison: &'a Request) -> Result<Self> {
        let mut reference = Reference::open(&comparison.reference.path)?;
        let chroms = reference.chroms().clone();
        let lengths = comparison.config.model.lengths();
        let table = request.table.read(&chroms, lengths, Labels::BothClasses)?;
        let pep = [MethodName::PepMotif, MethodName::PepWord];
        let described = if pep.iter().any(|method| comparison.methods.contains(method)) {
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
            comparison,
            table,
            chroms: (*chroms).clone(),
            described,
        })
    }

    /// What some of the pairs, by their places, rest on.
    pub fn support(&self, places: &[usize]) -> Support {
        let pairs = || places.iter().map(|&place| &self.table.pairs[place]);
        let positives = pairs().filter(|pair| pair.label == Some(true));
        Support {
            positives: Pair::clusters(positives).distinct().into(),
            all: Pair::clusters(pairs()).distinct().into(),
        }
    }

    /// The methods with all that they learn from, in the order of the tables; scores from elsewhere come last.
    /// Behind networks that are trained by sequence alone comes their sum with the distance, and behind all methods
    /// what networks are to be better than, where it was not asked for: without it nobody knows what the sequence adds.
    pub fn contenders(&self, progress: &dyn Progress) -> Result<Vec<Contender<'_>>> {
        let mut contenders = Vec::new();
        for method in self.comparison.compared() {
            contenders.push(self.contender(method, progress)?);
            if method.is_sequence_alone() {
                contenders.push(self.with_distance(method));
            }
        }
        for (name, file) in &self.request.scores {
            contenders.push(Contender {
                name: name.clone(),
                inputs: vec![file.clone()],
                learner: Learner::of(Scores::read(&file.path, self.wanted())?),
            });
        }
        Ok(contenders)
    }

    fn contender(&self, method: MethodName, progress: &dyn Progress) -> Result<Contender<'_>> {
        let ensemble = self.comparison.ensemble;
        let pairs = &self.table.pairs;
        let (inputs, learner) = match method {
            MethodName::Epiann | MethodName::EpiannEnsemble | MethodName::EpiannMotifs => {
                self.networks(method, NetworkKind::Alone)
            }
            MethodName::EpiannContext => self.beside_context(),
            MethodName::TargetfinderEp => self.targetfinder(Regions::EnhancerPromoter)?,
            MethodName::TargetfinderEep => self.targetfinder(Regions::ExtendedEnhancerPromoter)?,
            MethodName::TargetfinderEpw => self.targetfinder(Regions::EnhancerPromoterWindow)?,
            MethodName::PepMotif => {
                let method = Boosted {
                    table: self.motif_densities(progress)?,
                    settings: Boosting::PEP,
                };
                (self.comparison.motifs.clone(), Learner::of(method))
            }
            MethodName::PepWord => {
                let words = pep::PepWord::new(pairs, &self.chroms, &self.described);
                (Vec::new(), Learner::of(words))
            }
            MethodName::Distance => (Vec::new(), Learner::of(Distance::new(pairs))),
            MethodName::Propensity => (Vec::new(), Learner::of(Propensity::new(pairs))),
            MethodName::Context => self.context()?,
        };
        Ok(Contender {
            name: method.label(ensemble),
            inputs,
            learner,
        })
    }

    /// The sum of networks by sequence alone and the distance.
    fn with_distance(&self, method: MethodName) -> Contender<'_> {
        let (inputs, learner) = self.networks(method, NetworkKind::WithDistance);
        Contender {
            name: method.label_with_distance(self.comparison.ensemble),
            inputs,
            learner,
        }
    }

    /// Networks by sequence alone, and the files that they start from.
    fn networks(&self, method: MethodName, kind: NetworkKind) -> (Vec<Input>, Learner<'_>) {
        let planted = method == MethodName::EpiannMotifs;
        let inputs = planted.then(|| self.comparison.init_motifs.clone());
        let learner = Learner::Epiann {
            networks: match method {
                MethodName::EpiannEnsemble => self.comparison.ensemble,
                _ => 1,
            },
            planted,
            kind,
        };
        (inputs.unwrap_or_default(), learner)
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            path: &self.request.table.file.path,
            pairs: &self.table.pairs,
            chroms: &self.chroms,
        }
    }

    /// TargetFinder, and the files that its features come from.
    fn targetfinder(&self, regions: Regions) -> Result<(Vec<Input>, Learner<'_>)> {
        let (inputs, table) = if let Some(table) = &self.request.features {
            let features = FeatureTable::read(&table.path, self.wanted(), regions)?;
            (vec![table.clone()], features)
        } else if let Some(list) = &self.request.assays {
            let assays = assays(&list.path)?;
            let inputs = assays.iter().map(|assay| Input::new(&assay.path));
            let inputs = inputs.collect::<Result<_>>()?;
            let (pairs, chroms) = (&self.table.pairs, &self.chroms);
            let features = targetfinder_features(&assays, pairs, chroms, regions)?;
            (inputs, features)
        } else {
            let cell = self.request.name.clone();
            return Err(Error::Missing {
                what: format!("{cell} has no features for TargetFinder"),
                input: MissingInput::Features { cell },
            });
        };
        let settings = Boosting::TARGETFINDER;
        Ok((inputs, Learner::of(Boosted { table, settings })))
    }

    /// The network beside the context, and the files that this comes from.
    fn beside_context(&self) -> (Vec<Input>, Learner<'_>) {
        let mut source = self.request.context.clone();
        let inputs = source.inputs().map(|input| input.clone()).collect();
        let learner = Learner::Epiann {
            networks: 1,
            planted: false,
            kind: NetworkKind::WithContext(source),
        };
        (inputs, learner)
    }

    /// What is known of the pairs beside their sequence, and the files that it comes from.
    fn context(&self) -> Result<(Vec<Input>, Learner<'_>)> {
        let mut source = self.request.context.clone();
        let pairs = &self.table.pairs;
        let table = source.table(pairs, &self.chroms)?;
        let inputs = source.inputs().map(|input| input.clone()).collect();
        Ok((inputs, Learner::of(Context::new(pairs, table))))
    }

    fn motif_densities(&self, progress: &dyn Progress) -> Result<FeatureTable> {
        let files = self.comparison.motifs.iter().map(|file| file.path.clone());
        let request = CollectionRequest::new(files.collect());
        let mut reference = Reference::open(&self.comparison.reference.path)?;
        let collection = Collection::open(&request, &mut reference, progress)?;
        let (pairs, chroms) = (&self.table.pairs, &self.chroms);
        pep::motif_features(&collection, pairs, chroms, &self.described, progress)
    }
}
