//! What is computed of two items, an enhancer's and a promoter's, and a labelling.
//!
//! Three differences, each over the root of its sum of squares over clusters g (Liang & Zeger 1986,
//! <https://doi.org/10.1093/biomet/73.1.13>), so that what one cluster brings counts once. Of all n
//! pairs N are positive; with both items are m_g pairs of a cluster, s_g of them positive; with the
//! one that is given M_g and S_g; sums over clusters have no index.
//!
//! * Enriched: Σ u_g with u_g = s_g − ȳ·m_g, ȳ = N / n.
//! * One item given the other: Σ u_g = s − r·m with r = S / M, which is estimated from the same
//!   pairs: u_g = (s_g − h·S_g) − r·(m_g − h·M_g), h = m / M.

use super::sums::{Cell, Moments, Shared, Sums};
use crate::element::Sides;

/// Sums of squares under this part of their terms are nothing but rounding.
const NOTHING: f64 = 1e-9;

/// The statistics of a cell, each about normal with deviation 1 if there is nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Statistic {
    /// Whether pairs with both items are positive more often than pairs at large.
    pub enriched: f64,
    /// Given the item of this side, whether pairs with the other item too are positive more often.
    pub given: Sides<f64>,
}

impl Statistic {
    /// Of the cell at a place. `all` are the sums if all pairs were positive, `share` is the part of
    /// the pairs that are.
    pub fn of(place: usize, items: Sides<u32>, sums: &Sums, all: &Sums, share: f64) -> Self {
        let (cell, all_cell) = (&sums.cells[place], &all.cells[place]);
        let given = Sides::from_fn(|element| {
            let item = *items.get(element) as usize;
            let one = |sums: &Sums| sums.alone.get(element)[item];
            let shared = |cell: &Cell| *cell.with.get(element);
            Given {
                both: cell.both,
                one: one(sums),
                shared: shared(cell),
                all_both: all_cell.both,
                all_one: one(all),
                all_shared: shared(all_cell),
            }
            .statistic()
        });
        Self {
            enriched: enriched(&cell.both, &all_cell.both, share),
            given,
        }
    }

    /// Whether each item matters where the other is given: the smaller statistic of the two.
    pub fn pair(&self) -> f64 {
        self.given.enhancer.min(self.given.promoter)
    }
}

fn enriched(both: &Moments, all: &Moments, share: f64) -> f64 {
    let [s, ss, sm] = both.numbers();
    let [m, mm, _] = all.numbers();
    let squares = ss - 2.0 * share * sm + share * share * mm;
    studentised(s - share * m, squares, ss + share * share * mm)
}

/// The sums that one item given the other takes: of the labels, and if all pairs were positive.
struct Given {
    both: Moments,
    one: Moments,
    shared: Shared,
    all_both: Moments,
    all_one: Moments,
    all_shared: Shared,
}

impl Given {
    fn statistic(&self) -> f64 {
        let [s, ss, sm] = self.both.numbers();
        let [one, one_squares, one_products] = self.one.numbers();
        let [m, mm, _] = self.all_both.numbers();
        let [all_one, all_one_squares, _] = self.all_one.numbers();
        let (r, h) = (one / all_one, m / all_one);
        let vv = ss - 2.0 * h * self.shared.positives as f64 + h * h * one_squares;
        let vw = sm - h * self.shared.products as f64 + h * h * one_products;
        let ww = mm - 2.0 * h * self.all_shared.positives as f64 + h * h * all_one_squares;
        let squares = vv - 2.0 * r * vw + r * r * ww;
        studentised(s - r * m, squares, ss + r * r * mm)
    }
}

/// A difference over the root of its sum of squares; 0 where these are nothing beside `terms`.
fn studentised(difference: f64, squares: f64, terms: f64) -> f64 {
    if squares > NOTHING * terms {
        difference / squares.sqrt()
    } else {
        0.0
    }
}

impl Moments {
    fn numbers(&self) -> [f64; 3] {
        [self.positives, self.squares, self.products].map(|sum| sum as f64)
    }
}
