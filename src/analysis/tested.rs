//! What was counted of a run and its controls, tested.

use super::collect::Counting;
use super::controls::{Controls, Planned};
use super::knockout::Knockout;
use super::predicts::Predicts;
use super::request::AnalysisRequest;
use super::result::{Analysis, AnalysisMade, Known, SIGNIFICANT};
use crate::enrichment;
use crate::enrichment::interactome::Interactome;
use crate::enrichment::tf_pairs::{HEAT_MAP_FACTORS, HeatMap, TfPair, TfPairs};
use crate::error::Result;
use crate::motifs::Collection;
use crate::progress::Progress;
use crate::run::Run;

/// What was counted, tested.
pub struct Tested {
    enrichment: enrichment::Findings,
    tf_pairs: TfPairs,
    known: Option<Known>,
    heat_map: Option<HeatMap>,
    controls: Controls,
}

impl Tested {
    /// Tests what was counted in one way, and in those that are planned beside it.
    ///
    /// # Errors
    ///
    /// Counts that no test can be made of.
    pub fn new<'a>(
        request: &AnalysisRequest,
        interactome: Option<&Interactome>,
        (planned, first, others): (Vec<Planned>, Counting<'a>, Vec<Counting<'a>>),
        progress: &dyn Progress,
    ) -> Result<Self> {
        let counted = first.counted;
        let tf_pairs = TfPairs::test(&counted.tf_pairs, request.rules(), progress)?;
        let known = interactome.map(|interactome| Known::of(interactome, &tf_pairs));
        let orders = known.as_ref().map(|known| &known.orders);
        let others = others.into_iter().map(|other| other.counted);
        let others = planned.into_iter().zip(others);
        let controls = Controls::new(others, request.rules(), (orders, SIGNIFICANT), progress)?;
        let called = |pair: &TfPair| pair.is_pair(SIGNIFICANT) && controls.exceeded_by(pair);
        let heat_map = HeatMap::draw(&tf_pairs, orders, (HEAT_MAP_FACTORS, SIGNIFICANT), called);
        Ok(Self {
            enrichment: counted.enrichment.finish()?,
            tf_pairs,
            known,
            heat_map,
            controls,
        })
    }

    /// The analysis of a run that has found this.
    pub fn analysis(
        self,
        run: &Run,
        made: AnalysisMade,
        (motifs, knockout): (Collection, Option<Knockout>),
    ) -> Analysis {
        let model = &run.record.settings.model;
        Analysis {
            name: run.name(),
            made,
            region: (model.filter_width + model.pool_width) as u32,
            among_untrained: self.controls.among_untrained(&self.enrichment),
            enrichment: self.enrichment,
            motifs,
            tf_pairs: self.tf_pairs,
            known: self.known,
            heat_map: self.heat_map,
            predicts: Predicts::of(run),
            controls: self.controls,
            knockout,
        }
    }
}
