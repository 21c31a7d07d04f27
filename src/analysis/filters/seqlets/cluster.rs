//! Seqlets that look alike.

use rayon::prelude::*;

/// The least cosine of two that look alike.
const ALIKE: f32 = 0.6;
/// They may be shifted against each other by their length divided by this.
const SHIFTED: usize = 3;

/// A seqlet as it lies over the centre of its cluster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aligned {
    /// Its place among all.
    pub place: usize,
    /// Where its first base, on its strand, lies over the centre.
    pub shift: i64,
    /// Whether it lies there with its other strand.
    pub reverse: bool,
    /// How alike they are.
    cosine: f32,
}

impl Aligned {
    /// Which of its own bases, from its first, lies over a position of the centre; beyond its ends the
    /// sequence goes on.
    pub fn source(&self, position: usize, span: usize) -> i64 {
        let along = position as i64 - self.shift;
        match self.reverse {
            false => along,
            true => span as i64 - 1 - along,
        }
    }
}

/// A cluster in the making.
struct Centre {
    /// The sum of its members, aligned.
    sum: Vec<f32>,
    members: usize,
}

/// Clusters of `fewest` or more, the largest first; each look is four letters at each position, as many
/// in all. The first ones found the clusters: each joins the one whose centre is most like it, or founds
/// one. Then all join the most similar of the large ones.
pub fn clusters(looks: &[Vec<f32>], fewest: usize) -> Vec<Vec<Aligned>> {
    let looks: Vec<Vec<f32>> = looks.iter().map(|look| normal(look)).collect();
    let mut centres: Vec<Centre> = Vec::new();
    for (place, look) in looks.iter().enumerate() {
        match nearest(look, place, &centres) {
            Some((centre, aligned)) => centres[centre].join(look, aligned),
            None => centres.push(Centre {
                sum: look.clone(),
                members: 1,
            }),
        }
    }
    centres.retain(|centre| centre.members >= fewest);
    let mut clusters: Vec<Vec<Aligned>> = centres.iter().map(|_| Vec::new()).collect();
    for (place, look) in looks.iter().enumerate() {
        if let Some((centre, aligned)) = nearest(look, place, &centres) {
            clusters[centre].push(aligned);
        }
    }
    clusters.retain(|cluster| cluster.len() >= fewest);
    clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.len()));
    clusters
}

impl Centre {
    fn join(&mut self, look: &[f32], aligned: Aligned) {
        let span = look.len() / 4;
        for position in 0..span {
            let source = aligned.source(position, span);
            let source = usize::try_from(source).ok().filter(|at| *at < span);
            let Some(source) = source else { continue };
            for base in 0..4 {
                let from = if aligned.reverse { 3 - base } else { base };
                self.sum[4 * position + base] += look[4 * source + from];
            }
        }
        self.members += 1;
    }
}

/// The centre that is most like a look, if one is; of equally similar ones the first.
fn nearest(look: &[f32], place: usize, centres: &[Centre]) -> Option<(usize, Aligned)> {
    let reverse: Vec<f32> = look.iter().rev().copied().collect();
    let strands: [&[f32]; 2] = [look, &reverse];
    let aligned = centres
        .par_iter()
        .map(|centre| align(&normal(&centre.sum), strands, place));
    // Compared in the order of the centres, however many threads there are.
    let aligned: Vec<Aligned> = aligned.collect();
    let mut best: Option<(usize, Aligned)> = None;
    for (centre, aligned) in aligned.into_iter().enumerate() {
        let least = best.map_or(ALIKE, |(_, best)| best.cosine);
        if aligned.cosine > least {
            best = Some((centre, aligned));
        }
    }
    best
}

/// How a look, of which both strands are given, lies best over a centre.
fn align(centre: &[f32], strands: [&[f32]; 2], place: usize) -> Aligned {
    let most = (centre.len() / 4 / SHIFTED) as i64;
    let mut best = Aligned {
        place,
        shift: 0,
        reverse: false,
        cosine: f32::NEG_INFINITY,
    };
    for (strand, reverse) in strands.into_iter().zip([false, true]) {
        for shift in -most..=most {
            let apart = 4 * shift.unsigned_abs() as usize;
            // Position i of the look lies over position i + shift of the centre.
            let (over, under) = match shift < 0 {
                true => (centre, &strand[apart..]),
                false => (&centre[apart..], strand),
            };
            let cosine: f32 = over.iter().zip(under).map(|(a, b)| a * b).sum();
            if cosine > best.cosine {
                best = Aligned {
                    shift,
                    reverse,
                    cosine,
                    ..best
                };
            }
        }
    }
    best
}

/// The same of length 1, so that the products of two are the cosine between them.
fn normal(look: &[f32]) -> Vec<f32> {
    let length = look.iter().map(|value| value * value).sum::<f32>().sqrt();
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    look.iter().map(|value| value * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine positions, of which some letters count.
    fn look(letters: &[(usize, usize)]) -> Vec<f32> {
        let mut look = vec![0.0; 36];
        for (position, base) in letters {
            look[4 * position + base] = 1.0;
        }
        look
    }

    #[test]
    fn shifted_and_turned_ones_are_found_over_each_other() {
        let one = look(&[(2, 0), (3, 1), (5, 2)]);
        let shifted = look(&[(4, 0), (5, 1), (7, 2)]);
        // Its other strand: position p is 8 − p, and A is T.
        let turned = look(&[(6, 3), (5, 2), (3, 1)]);
        let found = clusters(&[one, shifted, turned, look(&[(0, 3), (8, 3)])], 2);
        assert_eq!(found.len(), 1, "{found:?}");
        let told: Vec<_> = found[0]
            .iter()
            .map(|of| (of.place, of.shift, of.reverse))
            .collect();
        assert_eq!(told, [(0, 0, false), (1, -2, false), (2, 0, true)]);
        // The centre's position 2 is the shifted one's 4 and the turned one's 6.
        let sources: Vec<_> = found[0].iter().map(|of| of.source(2, 9)).collect();
        assert_eq!(sources, [2, 4, 6]);
    }
}
