//! Stretches of sequence that answers rest on, and matrices of those that look alike.
//!
//! A simple form of what TF-MoDISco does (Shrikumar et al. 2018, arXiv:1811.00416): of each window the
//! stretches whose contributions sum to most, the strongest of all windows, and clusters of them by the
//! cosine of their hypothetical contributions at the best shift of the better strand. There are no random
//! numbers in it, and no null: a cluster says that many stretches look alike to the network.

mod cluster;

use crate::element::Element;
use cluster::{Aligned, clusters};

/// What a seqlet is longer than a filter, half of it on either side.
const MARGIN: usize = 6;
/// The most seqlets of a window, which do not overlap.
const OF_A_WINDOW: usize = 5;
/// The most seqlets of all windows, the strongest ones.
const MOST: usize = 2000;
/// The fewest seqlets of a cluster.
pub const FEWEST: usize = 20;

/// A window, and what its bases contribute to the logit of a pair.
#[derive(Debug, Clone)]
pub struct Contributed<'a> {
    /// Whose window it is.
    pub element: Element,
    /// Base codes: `[L]`.
    pub codes: &'a [u8],
    /// Contributions of the bases: `[L]`.
    pub bases: Vec<f32>,
    /// Hypothetical contributions of all letters: `[L][4]`.
    pub hypothetical: Vec<[f32; 4]>,
}

/// Seqlets that look alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// How often each base is at each position.
    pub counts: Vec<[u32; 4]>,
    /// Seqlets in enhancers and in promoters.
    pub elements: [usize; 2],
    /// The mean contribution of a seqlet's bases, in logits.
    pub contribution: f64,
}

/// A stretch of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seqlet {
    window: usize,
    start: usize,
    /// The sum of its bases' contributions but for the margins.
    sum: f32,
}

/// The clusters of the strongest seqlets of some windows, the largest cluster first; `width` is that of
/// a filter.
pub fn seqlets(windows: &[Contributed], width: usize) -> Vec<Cluster> {
    let span = width + MARGIN;
    let of_windows = windows.iter().enumerate();
    let mut all: Vec<Seqlet> = of_windows
        .flat_map(|(place, window)| strongest(place, &window.bases, width))
        .collect();
    all.sort_by(|a, b| b.sum.abs().total_cmp(&a.sum.abs()));
    all.truncate(MOST);
    let looks: Vec<Vec<f32>> = all
        .iter()
        .map(|seqlet| {
            let look = &windows[seqlet.window].hypothetical[seqlet.start..seqlet.start + span];
            look.as_flattened().to_vec()
        })
        .collect();
    let found = clusters(&looks, FEWEST);
    let counted = found.iter().map(|members| {
        let members = members.iter().map(|member| (all[member.place], *member));
        counted(windows, members, span)
    });
    counted.collect()
}

/// The strongest stretches of a window that do not overlap; of equally strong ones the first.
fn strongest(window: usize, bases: &[f32], width: usize) -> Vec<Seqlet> {
    let span = width + MARGIN;
    let starts = bases.len().saturating_sub(span - 1);
    let inner = |start: usize| &bases[start + MARGIN / 2..][..width];
    let seqlet = |start: usize| Seqlet {
        window,
        start,
        sum: inner(start).iter().sum(),
    };
    let mut free: Vec<Seqlet> = (0..starts).map(seqlet).collect();
    free.retain(|seqlet| seqlet.sum != 0.0);
    free.sort_by(|a, b| b.sum.abs().total_cmp(&a.sum.abs()));
    let mut taken: Vec<Seqlet> = Vec::new();
    for seqlet in free {
        if taken.len() == OF_A_WINDOW {
            break;
        }
        if taken
            .iter()
            .all(|of| of.start.abs_diff(seqlet.start) >= span)
        {
            taken.push(seqlet);
        }
    }
    taken
}

/// What the sequences of aligned seqlets have at each position; those that would leave their window
/// count in all but the letters.
fn counted(
    windows: &[Contributed],
    members: impl Iterator<Item = (Seqlet, Aligned)>,
    span: usize,
) -> Cluster {
    let mut counts = vec![[0; 4]; span];
    let mut elements = [0; 2];
    let mut sum = 0.0;
    for (seqlet, aligned) in members {
        let window = &windows[seqlet.window];
        elements[usize::from(window.element == Element::Promoter)] += 1;
        sum += f64::from(seqlet.sum);
        for (position, counts) in counts.iter_mut().enumerate() {
            let at = seqlet.start as i64 + aligned.source(position, span);
            let code = usize::try_from(at).ok().and_then(|at| window.codes.get(at));
            if let Some(code) = code.copied().filter(|code| *code < 4) {
                let code = if aligned.reverse { 3 - code } else { code };
                counts[usize::from(code)] += 1;
            }
        }
    }
    let count = elements[0] + elements[1];
    Cluster {
        counts,
        elements,
        contribution: sum / count as f64,
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::motifs::{Matrix, reverse_complement};
    use crate::seed::{Purpose, stream};

    const MOTIF: [u8; 9] = [0, 2, 3, 1, 1, 0, 0, 1, 2];

    /// A window that holds a motif at a place of a strand.
    type Planted = (Vec<u8>, usize, bool);

    /// Such windows, where the motif's letters contribute.
    fn windows(codes: &[Planted]) -> Vec<Contributed<'_>> {
        codes.iter().map(window).collect()
    }

    fn window((codes, at, reverse): &Planted) -> Contributed<'_> {
        let mut hypothetical = vec![[0.0; 4]; codes.len()];
        for (position, &code) in MOTIF.iter().enumerate() {
            let (place, letter) = match *reverse {
                false => (at + position, code),
                true => (at + 8 - position, 3 - code),
            };
            hypothetical[place] = [-0.25; 4];
            hypothetical[place][usize::from(letter)] = 0.75;
        }
        let own = codes.iter().zip(&hypothetical);
        Contributed {
            element: Element::Enhancer,
            codes,
            bases: own.map(|(&code, of)| of[usize::from(code)]).collect(),
            hypothetical,
        }
    }

    #[test]
    fn a_motif_on_both_strands_is_one_cluster() {
        let mut rng = stream(1, Purpose::Simulation, 0);
        let planted = |place: usize| -> Planted {
            let mut codes: Vec<u8> = (0..120).map(|_| rng.random_range(0..4)).collect();
            let at: usize = rng.random_range(20..90);
            let reverse = place.is_multiple_of(3);
            let site = match reverse {
                false => MOTIF.to_vec(),
                true => reverse_complement(&MOTIF),
            };
            codes[at..at + 9].copy_from_slice(&site);
            (codes, at, reverse)
        };
        let codes: Vec<Planted> = (0..60).map(planted).collect();
        let found = seqlets(&windows(&codes), 9);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].elements, [60, 0]);
        let columns = found[0].counts.iter().map(|counts| counts.map(f64::from));
        let consensus = Matrix::new("a", "a", columns.collect()).consensus();
        let ours = ["AGTCCAACG", "CGTTGGACT"];
        assert!(
            ours.iter().any(|site| consensus.contains(site)),
            "{consensus}"
        );
        assert!((found[0].contribution - 6.75).abs() < 0.5, "{found:?}");
        assert!(seqlets(&windows(&codes[..19]), 9).is_empty());
        assert!(seqlets(&[], 9).is_empty());
    }
}
