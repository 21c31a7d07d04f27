//! One shoulder with one width of a footprint, laid over every base of a region.

use crate::statistics::binomial::Tails;

/// A shoulder with a width.
pub struct Shape {
    shoulder: usize,
    /// Bases of the footprint.
    pub width: usize,
    /// The chance of a cut of both to lie on the shoulder.
    pub p: f64,
    tails: Tails,
}

/// Running sums of the cuts of a strand: `[i]` is the sum of all left of base i. They wrap around;
/// that of a shape's bases does not, as few cuts as a base may count (`cuts::counts::MOST`).
#[derive(Default)]
pub struct Sums(Vec<u32>);

impl Sums {
    /// Takes the place of the sums of other counts.
    pub fn of(&mut self, counts: &[u32]) {
        let mut sum = 0u32;
        self.0.clear();
        self.0.push(0);
        self.0.extend(counts.iter().map(|&count| {
            sum = sum.wrapping_add(count);
            sum
        }));
    }
}

/// The sums at the edges of a shape, from its leftmost place in the region to its rightmost.
pub struct Edges<'a> {
    /// Where the shoulder, the footprint and what follows begin, of the forward strand.
    forward: [&'a [u32]; 3],
    /// Where the footprint, the shoulder and what follows begin, of the reverse strand.
    reverse: [&'a [u32]; 3],
}

impl Edges<'_> {
    /// The most cuts of a strand at any place, shoulder and footprint.
    fn most(&self) -> f32 {
        let most = |[left, _, right]: [&[u32]; 3]| {
            let cuts = left.iter().zip(right);
            cuts.fold(0, |most, (left, right)| most.max(right.wrapping_sub(*left)))
        };
        most(self.forward).max(most(self.reverse)) as f32
    }
}

impl Shape {
    /// With tables of tails of so many rows.
    pub fn new(shoulder: u32, width: u32, rows: usize) -> Self {
        let p = f64::from(shoulder) / f64::from(shoulder + width);
        Self {
            shoulder: shoulder as usize,
            width: width as usize,
            p,
            tails: Tails::new(p, rows),
        }
    }

    /// Bases on either side of the central one.
    pub fn reach(&self) -> usize {
        self.shoulder + self.width / 2
    }

    /// The shape in all its places; none in a region that is too short.
    pub fn edges<'a>(&self, forward: &'a Sums, reverse: &'a Sums) -> Option<Edges<'a>> {
        let whole = 2 * self.shoulder + self.width;
        let places = forward.0.len().min(reverse.0.len()).checked_sub(whole)?;
        let right = self.shoulder + self.width;
        let at = |sums: &'a Sums, edge: usize| &sums.0[edge..][..places];
        Some(Edges {
            forward: [0, self.shoulder, right].map(|edge| at(forward, edge)),
            reverse: [self.shoulder, right, whole].map(|edge| at(reverse, edge)),
        })
    }

    /// The score of one place.
    pub fn score(&self, edges: &Edges, place: usize) -> f32 {
        // Of the cuts on a shoulder, among those there and in the footprint.
        let tail = |x: u32, n: u32| self.tails.ln(x.into(), n.into());
        let [shoulder, footprint, end] = edges.forward.map(|sums| sums[place]);
        let forward = tail(footprint.wrapping_sub(shoulder), end.wrapping_sub(shoulder));
        let [footprint, shoulder, end] = edges.reverse.map(|sums| sums[place]);
        forward + tail(end.wrapping_sub(shoulder), end.wrapping_sub(footprint))
    }

    /// At which places the score may be below `bound`: computing it takes much longer.
    ///
    /// A tail is not below exp(−n D) / √(2n), D the divergence of x / n from p if that is smaller,
    /// else 0 (Ash 1965, Information Theory, lemma 4.7.2). D is half the square of the distance of
    /// the two, divided by some λ(1 − λ) between them, and at most that square divided by p(1 − p).
    pub fn promising(&self, edges: &Edges, bound: f32, promising: &mut Vec<bool>) {
        let [p, spread] = [self.p, self.p * (1.0 - self.p)].map(|number| number as f32);
        let larger = |a: f32, b: f32| if a > b { a } else { b };
        let smaller = |a: f32, b: f32| if a < b { a } else { b };
        let exponent = |x: f32, n: f32| {
            let excess = larger(x - p * n, 0.0);
            let least = spread * n * n;
            let divisor = larger(smaller(2.0 * x * (n - x), 2.0 * least), least);
            excess * excess * n / divisor
        };
        // A little less, for what is rounded.
        let needed = -0.999 * bound - (2.0 * edges.most()).ln();
        // Plain loops over slices of one length: the compiler takes several places at a time.
        let places = edges.forward[0].len();
        let [f_shoulder, f_footprint, f_end] = edges.forward.map(|sums| &sums[..places]);
        let [r_footprint, r_shoulder, r_end] = edges.reverse.map(|sums| &sums[..places]);
        // Signed, which the processor turns into real numbers at once.
        let cuts = |from: u32, to: u32| to.wrapping_sub(from) as i32 as f32;
        promising.clear();
        promising.resize(places, false);
        for (place, promising) in promising.iter_mut().enumerate() {
            let x_forward = cuts(f_shoulder[place], f_footprint[place]);
            let n_forward = cuts(f_shoulder[place], f_end[place]);
            let x_reverse = cuts(r_shoulder[place], r_end[place]);
            let n_reverse = cuts(r_footprint[place], r_end[place]);
            let sum = exponent(x_forward, n_forward) + exponent(x_reverse, n_reverse);
            *promising = (x_forward > 0.0) & (x_reverse > 0.0) & (sum >= needed);
        }
    }
}
