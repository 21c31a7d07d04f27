//! A folder of tracks that is complete, and the run that it was made from.

use std::path::{Path, PathBuf};

use super::{TracksSummary, performance};
use crate::attention::{Attended, Bins, TopCount};
use crate::element::Sides;
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::genome::{Chroms, Reference, Region};
use crate::network::device::ComputeDevice;
use crate::output;
use crate::pairs::{Candidate, Gene, Pair, Part, called, centred};
use crate::run::Run;

/// A folder of tracks.
pub struct Folder {
    /// Where it is.
    pub dir: PathBuf,
    /// What it holds.
    pub summary: TracksSummary,
}

/// Where things are now that were elsewhere when the tracks were made.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    /// The run's folder.
    pub run: Option<PathBuf>,
    /// The reference.
    pub reference: Option<PathBuf>,
}

/// A pair that the folder shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShownPair {
    /// The pair; its line is that in `pairs.bedpe`.
    pub pair: Pair,
    /// The pair's windows.
    pub windows: Sides<Region>,
    /// Its predicted probability.
    pub probability: f32,
    /// Its rank by that among the folder's pairs, from 1; of equal ones the first comes first.
    pub rank: usize,
    /// What it was to the training; none of a pair that the run's table did not have.
    pub part: Option<Part>,
    /// The probability that the context alone gives it; none of a run without one.
    pub context: Option<f32>,
}

/// Everything about a pair, for pages and figures.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The pair.
    pub shown: ShownPair,
    /// Both attentions, `l_E` rows of `l_P` values each, row by row; of an ensemble their mean.
    pub matrices: Sides<Vec<f32>>,
    bins: Sides<Bins>,
    marginals: Sides<Vec<f32>>,
}

impl Detail {
    /// What the attentions say of each window, with the paper's number of top regions.
    pub fn sides(&self) -> Sides<Attended<'_>> {
        let count = TopCount::default();
        Attended::both(self.shown.windows, self.bins, &self.marginals, count)
    }
}

impl Folder {
    /// Opens a folder.
    ///
    /// # Errors
    ///
    /// A folder that `tracks` did not write to its end.
    pub fn open(dir: &Path) -> Result<Self> {
        let message = "holds no tracks: epitrack tracks makes such a folder";
        Ok(Self {
            dir: dir.to_path_buf(),
            summary: TracksSummary::read(dir).ok_or_else(|| Error::format(dir, message))?,
        })
    }

    /// What the folder's tracks are of, as far as its path says.
    pub fn name(&self) -> String {
        name_of(&self.dir)
    }

    /// The assembly's name: that of a known one, or else the reference's file name without its
    /// endings.
    pub fn genome(&self) -> String {
        let path = self.reference();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.split('.').next().unwrap_or_default().to_string();
        self.summary.genome.clone().unwrap_or(stem)
    }

    /// The run and the reference that the tracks were made from.
    ///
    /// # Errors
    ///
    /// No run there, or one of other weights; a reference that cannot be read.
    pub fn network(&self, moved: &Moved) -> Result<(Run, Reference)> {
        let run = self.run(moved.run.as_deref())?;
        let known = self.reference();
        let path = moved.reference.as_ref().unwrap_or(&known);
        let (reference, _) = run.open_reference(Some(path))?;
        Ok((run, reference))
    }

    pub(super) fn run(&self, moved: Option<&Path>) -> Result<Run> {
        let mut weights = self.summary.made.weights.clone();
        weights.found_from(&self.dir);
        let lost = || Error::format(&weights.path, "is no file of a run");
        let dir = moved.or(weights.path.parent()).ok_or_else(lost)?;
        let run = Run::open(dir)?;
        if run.weights()?.sha256 != weights.sha256 {
            let own = self.dir.display();
            let message = format!("is not the run whose tracks are in {own}");
            return Err(Error::format(dir, message));
        }
        Ok(run)
    }

    /// How the pairs of the folder's run were divided and how good it is on those that it has not seen,
    /// for people: names and descriptions.
    pub fn performance(&self) -> Vec<(String, String)> {
        match self.run(None) {
            Ok(run) => performance::rows(&run),
            Err(_) => vec![("AUROC, AUPRC".to_string(), performance::LOST.to_string())],
        }
    }

    /// Why the folder's tracks are no findings, where an evaluation of its run says so.
    pub fn doubt(&self) -> Option<String> {
        performance::doubt(&self.run(None).ok()?)
    }

    /// Where the reference is, as far as the folder knows.
    pub fn reference(&self) -> PathBuf {
        let mut reference = self.summary.made.reference.clone();
        reference.found_from(&self.dir);
        reference.path
    }

    /// The pairs of `pairs.bedpe`, in its order.
    ///
    /// # Errors
    ///
    /// Lines that `tracks` did not write, all of them.
    pub fn pairs(&self, chroms: &Chroms) -> Result<Vec<ShownPair>> {
        let path = self.dir.join("pairs.bedpe");
        let unreadable = |error: csv::Error| Error::format(&path, error);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b'\t')
            .quoting(false)
            .comment(Some(b'#'))
            .has_headers(false)
            .from_path(&path)
            .map_err(unreadable)?;
        let (mut pairs, mut rows) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            match shown_pair(&record, line, self.summary.model.lengths(), chroms) {
                Some(pair) => pairs.push(pair),
                None => rows.push(BadRow {
                    line,
                    problem: RowProblem::Unreadable("not a line of epitrack's".to_string()),
                }),
            }
        }
        Error::bad_rows([(path.as_path(), rows)])?;
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        let of = |place: &usize| pairs[*place].probability;
        order.sort_by(|a, b| of(b).total_cmp(&of(a)));
        for (rank, place) in order.into_iter().enumerate() {
            pairs[place].rank = rank + 1;
        }
        Ok(pairs)
    }
}

/// The name of a folder of tracks; where that is just `tracks`, the name of the folder around it.
pub fn name_of(dir: &Path) -> String {
    output::folder_name(dir, "tracks")
}

fn shown_pair(
    record: &csv::StringRecord,
    line: u64,
    lengths: Sides<u32>,
    chroms: &Chroms,
) -> Option<ShownPair> {
    let region = |first: usize| {
        let number = |at: usize| record.get(at)?.parse().ok();
        let (chrom, _) = chroms.find(record.get(first)?)?;
        let region = Region {
            chrom,
            start: number(first + 1)?,
            end: number(first + 2)?,
        };
        (region.start < region.end && region.end <= chroms.length(chrom)).then_some(region)
    };
    let label = match record.get(10)? {
        "1" => Some(true),
        "0" => Some(false),
        "." => None,
        _ => return None,
    };
    let elements = Sides::new(region(0)?, region(3)?);
    Some(ShownPair {
        windows: centred(elements, lengths, chroms).ok()?,
        pair: Pair {
            elements,
            label,
            line: line as u32,
            // Earlier versions wrote neither gene nor part.
            gene: record.get(12).and_then(Gene::new),
        },
        probability: record.get(11)?.parse().ok()?,
        rank: 0,
        part: match record.get(13) {
            None | Some(".") => None,
            Some(part) => Some(part.parse().ok()?),
        },
        // Behind the colour, of runs that have a context.
        context: match record.get(15) {
            None => None,
            Some(context) => Some(context.parse().ok()?),
        },
    })
}

/// The pairs that some words mean (see [`called`]), in their order, or else no more than `count` of the most
/// probable ones, before all others those that training never saw: what a network says of a pair that it was
/// trained on is no finding.
///
/// # Errors
///
/// Words that no pair answers to, or several.
pub fn choose(
    pairs: &[ShownPair],
    words: &[String],
    count: usize,
    chroms: &Chroms,
) -> Result<Vec<ShownPair>> {
    if words.is_empty() {
        let mut chosen = pairs.to_vec();
        let is_seen = |of: &ShownPair| of.part.is_some_and(Part::is_seen);
        chosen.sort_by_key(|of| (is_seen(of), of.rank));
        chosen.truncate(count);
        return Ok(chosen);
    }
    let candidates = pairs.iter().map(|shown| Candidate {
        pair: &shown.pair,
        probability: Some(shown.probability),
    });
    let places = called(candidates, chroms, words)?;
    Ok(places.into_iter().map(|place| pairs[place]).collect())
}

/// Runs pairs through the run's network.
///
/// # Errors
///
/// A reference that cannot be read.
pub fn details(
    run: &Run,
    reference: &mut Reference,
    pairs: &[ShownPair],
    device: &ComputeDevice,
) -> Result<Vec<Detail>> {
    let bins = run.record.settings.model.bins();
    let ensemble = run.ensemble(device)?;
    let detail = |&shown: &ShownPair| {
        let found = ensemble.attentions(reference, shown.windows)?;
        Ok(Detail {
            shown,
            bins,
            marginals: found.marginal,
            matrices: found.matrices,
        })
    };
    pairs.iter().map(detail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Prediction;
    use crate::genome::ChromId;

    #[test]
    fn a_shown_pair_keeps_its_gene_and_its_part() {
        let chroms = Chroms::new([("chr1".to_string(), 10_000)]).unwrap();
        let region = |start, end| Region::new(ChromId(0), start, end).unwrap();
        let lengths = Sides::new(300, 200);
        let read = |line: &str| {
            let record = csv::StringRecord::from(line.split('\t').collect::<Vec<_>>());
            shown_pair(&record, 7, lengths, &chroms)
        };
        for (gene, part) in [
            ("MYC", Some(Part::Test)),
            ("", None),
            ("A;B", Some(Part::None)),
        ] {
            let pair = Pair {
                elements: Sides::new(region(5000, 5200), region(100, 400)),
                label: Some(true),
                line: 7,
                gene: Gene::new(gene),
            };
            let prediction = Prediction {
                pair,
                probability: 0.75,
                logit: 1.1,
                part,
                context: None,
            };
            let line = prediction.bedpe(&chroms, 0.5).to_string();
            let shown = read(&line).unwrap();
            assert_eq!((shown.pair, shown.part), (pair, part));
            assert_eq!(shown.context, None);
            let context = Some(0.125);
            let known = Prediction {
                context,
                ..prediction
            };
            let known = known.bedpe(&chroms, 0.5).to_string();
            assert_eq!(read(&known), Some(ShownPair { context, ..shown }));
            // Twelve columns are what earlier versions wrote.
            let fields: Vec<&str> = line.split('\t').take(12).collect();
            let earlier = read(&fields.join("\t")).unwrap();
            assert_eq!((earlier.pair.gene, earlier.part), (None, None));
        }
        assert_eq!(
            read("chr1\t1\t2\tchr1\t3\t4\tx\t0\t.\t.\t1\t0.5\t.\tno"),
            None
        );
    }

    #[test]
    fn a_folder_called_tracks_is_named_after_the_one_around_it() {
        let dir = tempfile::tempdir().unwrap();
        for (path, name) in [("K562/tracks", "K562"), ("tracks/NHEK", "NHEK")] {
            let path = dir.path().join(path);
            std::fs::create_dir_all(&path).unwrap();
            assert_eq!(name_of(&path), name);
        }
    }
}
