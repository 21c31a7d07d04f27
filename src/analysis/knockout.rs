//! Which factors a network's answer needs: their sites are replaced, and the logit is asked for again.
//!
//! Every site of a factor is replaced by sequence with the window's own dinucleotides, in enhancers, in
//! promoters and in both. What that changes is compared with as many places of the same lengths, moved
//! within the window to where the factor has no site, replaced in the same way: any change of sequence
//! changes a logit. Two factors are needed together where taking both out changes something other than the
//! sum of what each changes (ΔΔ).

mod apart;
mod draws;
mod edits;
mod figures;
mod folder;
mod request;
mod rows;
mod selected;
mod sites;
mod tested;
#[cfg(test)]
mod tests;
mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rand::seq::SliceRandom;
use rayon::prelude::*;
use tracing::{info, warn};

use super::factors::factors;
use crate::element::{Element, Sides};
use crate::enrichment::tf_pairs::{CALLED, Factors};
use crate::error::{Error, Result};
use crate::genome::Reference;
use crate::motifs::Collection;
use crate::network::device::ComputeDevice;
use crate::network::inference::Predictor;
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind};
use crate::progress::Progress;
use crate::run::Run;
use crate::seed::{Purpose, stream};

use apart::set_apart;
use edits::{Editor, Sited};
pub use figures::{factors as factors_figure, pairs as pairs_in_words, pairs_of_factors};
pub use folder::{FACTORS, Knockout, KnockoutSummary, PAIRS, SUMMARY};
pub use request::{DRAWS, Knock, KnockoutMade, KnockoutRequest, MAX_PAIRS, MOST_TOP, Place, TOP};
use rows::adjust;
pub use rows::{FactorRow, LEAST, PairRow};
use selected::Selected;
use sites::Finder;
use tested::{Named, Pairs};

/// Knocks factors out and writes tables and figures into a folder, which is made.
///
/// Memory grows with the sequence of the pairs' windows, and with the sites of one factor at a time (of the
/// chosen ones together).
///
/// # Errors
///
/// Inputs that cannot be read or used, no pair of the selection, factors that no matrix stands for.
pub fn write(
    run: &Run,
    request: &KnockoutRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<KnockoutSummary> {
    request.check()?;
    let _claim = Claim::folder(dir, FolderKind::Knockouts)?;
    let knockout = knock_out(run, request, dir, device, progress)?;
    // What describes the files goes before they change and comes when they are all there.
    let path = dir.join(SUMMARY);
    output::remove_if_there(&path)?;
    knockout.write_tables(dir)?;
    let drawn = [factors_figure(&knockout)?, pairs_of_factors(&knockout)?];
    for (name, figure) in figures::NAMES.into_iter().zip(drawn) {
        match figure {
            Some(figure) => figure.write_all(dir, name)?,
            None => crate::figures::remove(dir, name)?,
        }
    }
    let summary = knockout.summary;
    output::write_json(path, &summary)?;
    info!(
        "{}: {} of {} knock-outs and {} of {} pairs of factors with q ≤ {CALLED} and {LEAST} logits",
        dir.display(),
        summary.significant,
        summary.tests,
        summary.pairs_significant,
        summary.pairs_tested
    );
    Ok(summary)
}

fn knock_out(
    run: &Run,
    request: &KnockoutRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Knockout> {
    let (mut reference, reference_file) = run.open_reference(request.reference.as_deref())?;
    let chroms = reference.chroms().clone();
    let table = run.read_table(request.table.as_deref(), &chroms)?;
    let split = run.split(&table, &chroms)?;
    let of_table = (table.pairs.as_slice(), true);
    let context = run.context(of_table, request.context.as_ref(), &chroms)?;
    let mut second = Reference::open(&reference_file.path)?;
    let motifs = Collection::open(&request.motifs, &mut second, progress)?;
    let all = factors(&motifs);
    let wanted = wanted(&all, &request.factors)?;
    let predictors = run.predictors(device)?;
    let in_part = |place: &usize| request.part.is_none_or(|part| split.part(*place) == part);
    let places: Vec<usize> = (0..table.pairs.len()).filter(in_part).collect();
    let threshold = run.record.outcome.threshold;
    let selected = Selected::new(
        (&table, places),
        (request.selection, threshold, context.as_ref()),
        &mut reference,
        &predictors,
    )?;
    let work = Work {
        request,
        motifs: &motifs,
        factors: &all,
        selected: &selected,
        predictors: &predictors,
    };
    let found = work.run(&wanted, progress)?;
    let networks = (predictors.len(), device);
    let made = made(run, request, dir, reference_file, networks)?;
    Ok(found.told(made, run.name(), &selected, wanted.len()))
}

/// The numbers of the factors of these names, ascending; of all where there is no name.
fn wanted(factors: &Factors, names: &[String]) -> Result<Vec<u32>> {
    let all = || (0..).take(factors.names().len());
    if names.is_empty() {
        return Ok(all().collect());
    }
    let number = |name: &String| {
        let alike = |&factor: &u32| factors.name(factor).eq_ignore_ascii_case(name);
        let found = all().find(|&factor| factors.name(factor) == name);
        let found = found.or_else(|| all().find(alike));
        let unknown = || format!("no matrix stands for the factor {name:?}");
        found.ok_or_else(|| Error::Configuration(unknown()))
    };
    let mut numbers: Vec<u32> = names.iter().map(number).collect::<Result<_>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// What is done with the selected pairs.
struct Work<'a> {
    request: &'a KnockoutRequest,
    motifs: &'a Collection,
    factors: &'a Factors,
    selected: &'a Selected,
    predictors: &'a [Predictor],
}

/// What came of it.
struct Found {
    factors: Vec<FactorRow>,
    without_sites: usize,
    without_room: usize,
    chosen: Sides<Vec<String>>,
    pairs: Vec<PairRow>,
    too_few: usize,
}

impl Work<'_> {
    fn run(&self, wanted: &[u32], progress: &dyn Progress) -> Result<Found> {
        let (request, selected) = (self.request, self.selected);
        let mut order: Vec<usize> = (0..selected.said.len()).collect();
        order.shuffle(&mut stream(request.seed, Purpose::Subsets, 0));
        let pairs = Pairs {
            said: &selected.said,
            clusters: &selected.clusters,
            order: &order,
            most: request.max_pairs,
        };
        let windows = &selected.windows;
        let covered = |element: Element| -> Vec<_> {
            let all = (0..windows.count(element)).into_par_iter();
            let of = |window| sites::covered(self.motifs, windows.codes(element, window));
            all.map(of).collect()
        };
        let editor = Editor {
            windows,
            covered: Sides::from_fn(covered),
            tops: (request.place == Place::Regions).then_some(&selected.tops),
            predictors: self.predictors,
            factors: self.factors.names().len(),
            draws: request.draws as usize,
            seed: request.seed,
        };
        let (rows, [without_sites, without_room]) =
            self.singly(&editor, &pairs, wanted, progress)?;
        let chosen = Sides::new(Knock::Enhancer, Knock::Promoter);
        let chosen = chosen.map(|side| chosen_of(&rows, side, request.top));
        let (together, too_few) = self.together(&editor, &pairs, &chosen, progress)?;
        Ok(Found {
            factors: rows,
            without_sites,
            without_room,
            chosen,
            pairs: together,
            too_few,
        })
    }

    /// A factor and its sites in the windows.
    fn sited(&self, editor: &Editor, factor: u32) -> Result<Sited> {
        let matrices = self.factors.matrices_of(factor);
        let finder = Finder::new(self.motifs, matrices, self.request.motifs.threshold)?;
        Ok(editor.sited(factor, finder))
    }

    /// Each factor by itself, how many have no site, and how many knock-outs no room for moved places.
    fn singly(
        &self,
        editor: &Editor,
        pairs: &Pairs,
        wanted: &[u32],
        progress: &dyn Progress,
    ) -> Result<(Vec<FactorRow>, [usize; 2])> {
        let (mut rows, mut without_sites, mut without_room) = (Vec::new(), 0, 0);
        progress.start("factors", wanted.len() as u64, 0);
        for &factor in wanted {
            let sited = self.sited(editor, factor)?;
            let name = self.factors.name(factor);
            let named = Named {
                sited: &sited,
                name,
            };
            let (found, crowded_out) = tested::factor(editor, pairs, named)?;
            without_sites += usize::from(found.is_empty() && crowded_out == 0);
            without_room += crowded_out;
            rows.extend(found);
            progress.advance(1, name);
        }
        progress.finish();
        adjust(&mut rows);
        if without_room > 0 {
            warn!(
                "{without_room} knock-outs are not made: their sites leave no room for as many moved places"
            );
        } else if rows.is_empty() {
            warn!("no pair has a site of any factor where sites are taken out");
        }
        Ok((rows, [without_sites, without_room]))
    }

    /// The pairs of the chosen factors, and how many too few components of pairs have.
    fn together(
        &self,
        editor: &Editor,
        pairs: &Pairs,
        chosen: &Sides<Vec<String>>,
        progress: &dyn Progress,
    ) -> Result<(Vec<PairRow>, usize)> {
        let names: BTreeSet<&String> = chosen.as_ref().into_iter().flatten().collect();
        let mut sited: BTreeMap<&str, Sited> = BTreeMap::new();
        for name in names {
            for number in wanted(self.factors, std::slice::from_ref(name))? {
                sited.insert(name.as_str(), self.sited(editor, number)?);
            }
        }
        let named = |name: &String| {
            let (&name, sited) = sited.get_key_value(name.as_str())?;
            Some(Named { sited, name })
        };
        let Sides { enhancer, promoter } = chosen.as_ref().map(|names| {
            let named = names.iter().filter_map(named);
            named.collect::<Vec<Named>>()
        });
        let (mut rows, mut too_few) = (Vec::new(), 0);
        let all = enhancer.len() * promoter.len();
        progress.start("pairs of factors", all as u64, 0);
        for &first in &enhancer {
            for &second in &promoter {
                let found = tested::two(editor, pairs, Sides::new(first, second))?;
                too_few += usize::from(found.is_none());
                rows.extend(found);
                progress.advance(1, "");
            }
        }
        progress.finish();
        adjust(&mut rows);
        set_apart(&mut rows, &sited, (editor, pairs))?;
        Ok((rows, too_few))
    }
}

/// The factors of a side with the smallest p-values by themselves, of equal ones with the largest
/// differences: that says nothing about what they do together.
fn chosen_of(rows: &[FactorRow], side: Knock, top: usize) -> Vec<String> {
    let tested = rows
        .iter()
        .filter(|row| row.side == side && row.p.is_some());
    tested.take(top).map(|row| row.factor.clone()).collect()
}

impl Found {
    fn told(
        self,
        made: KnockoutMade,
        name: String,
        selected: &Selected,
        searched: usize,
    ) -> Knockout {
        let tests = self.factors.iter().filter(|row| row.p.is_some());
        let called = |row: &&FactorRow| row.is_called();
        let summary = KnockoutSummary {
            made,
            name,
            pairs_selected: selected.said.len(),
            components: selected.clusters.distinct().components,
            factors_searched: searched,
            factors_without_sites: self.without_sites,
            without_room: self.without_room,
            tests: tests.clone().count(),
            significant: tests.filter(called).count(),
            chosen: self.chosen,
            pairs_tested: self.pairs.len(),
            pairs_too_few: self.too_few,
            pairs_significant: self.pairs.iter().filter(|row| row.is_called()).count(),
        };
        Knockout {
            summary,
            factors: self.factors,
            pairs: self.pairs,
        }
    }
}

/// What a knock-out in the folder `dir` is made from, by how many networks on which device.
fn made(
    run: &Run,
    request: &KnockoutRequest,
    dir: &Path,
    reference: Input,
    (networks, device): (usize, &ComputeDevice),
) -> Result<KnockoutMade> {
    let table = request.table.as_ref();
    let table = table.unwrap_or(&run.record.settings.table.file.path);
    Ok(KnockoutMade {
        version: VERSION.to_string(),
        weights: run.weights()?.seen_from(dir)?,
        pairs: Input::new(table)?.seen_from(dir)?,
        reference: reference.seen_from(dir)?,
        motifs: request.motifs.made(dir)?,
        factors: request.factors.clone(),
        selection: request.selection,
        part: request.part,
        place: request.place,
        draws: request.draws,
        max_pairs: request.max_pairs,
        top: request.top,
        seed: request.seed,
        networks,
        device: device.description.clone(),
        context: run.context_made(request.context.as_ref(), dir)?,
    })
}
