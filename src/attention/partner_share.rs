//! How much a window's attention owes to its partner.

/// Sums over windows that each stand beside several partners, from which the part of the variance of
/// their marginal attention over bins and partners follows that the partner explains:
/// `Σ (m − m̄_wb)² / Σ (m − m̄_w)²` with `m` the attention of window `w` beside partner `p` to bin
/// `b`, `m̄_wb` its mean over the partners and `m̄_w` that over partners and bins.
///
/// 0 where a window has the same attention beside every partner; 1 where its bins differ in nothing
/// but the partner.
#[derive(Debug, Clone)]
pub struct PartnerShare {
    windows: Vec<Window>,
}

/// A window: partners so far, and of each bin the mean and the sum of squared differences from it,
/// kept as each partner comes (Welford 1962, doi:10.1080/00401706.1962.10490022).
#[derive(Debug, Clone)]
struct Window {
    partners: f64,
    mean: Vec<f64>,
    squares: Vec<f64>,
}

impl PartnerShare {
    /// Nothing yet of so many windows of so many bins.
    pub fn new(windows: usize, bins: usize) -> Self {
        let none = Window {
            partners: 0.0,
            mean: vec![0.0; bins],
            squares: vec![0.0; bins],
        };
        Self {
            windows: vec![none; windows],
        }
    }

    /// Adds the marginal attention of a window beside one more partner.
    ///
    /// # Shapes
    ///
    /// - marginal: `[l]`
    pub fn add(&mut self, window: usize, marginal: &[f32]) {
        let window = &mut self.windows[window];
        assert_eq!(marginal.len(), window.mean.len());
        window.partners += 1.0;
        let bins = window.mean.iter_mut().zip(&mut window.squares);
        for ((mean, squares), &value) in bins.zip(marginal) {
            let before = f64::from(value) - *mean;
            *mean += before / window.partners;
            *squares += before * (f64::from(value) - *mean);
        }
    }

    /// The share; none where no window has two partners, or nothing varies.
    pub fn share(&self) -> Option<f64> {
        let (mut by_partner, mut by_bin) = (0.0, 0.0);
        for window in self.windows.iter().filter(|of| of.partners >= 2.0) {
            let bins = window.mean.len() as f64;
            let middle = window.mean.iter().sum::<f64>() / bins;
            let squares = window.mean.iter().map(|mean| (mean - middle).powi(2));
            by_bin += window.partners * squares.sum::<f64>();
            by_partner += window.squares.iter().sum::<f64>();
        }
        let all = by_partner + by_bin;
        (all > 0.0).then(|| by_partner / all)
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::seed::{Purpose, stream};

    /// The attention of windows, each `[partners][bins]`, given partner by partner.
    fn share(windows: &[Vec<Vec<f32>>]) -> Option<f64> {
        let mut share = PartnerShare::new(windows.len(), windows[0][0].len());
        for partner in 0..windows[0].len() {
            for (place, window) in windows.iter().enumerate() {
                share.add(place, &window[partner]);
            }
        }
        share.share()
    }

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let values: Vec<f64> = values.collect();
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn sums_as_they_come_are_those_of_the_formula() {
        let mut rng = stream(3, Purpose::Simulation, 0);
        let (partners, bins) = (5, 7);
        let mut row = || (0..bins).map(|_| rng.random::<f32>()).collect::<Vec<f32>>();
        let mut window = || (0..partners).map(|_| row()).collect::<Vec<_>>();
        let windows = [window(), window(), window()];
        let (mut by_partner, mut all) = (0.0, 0.0);
        for window in &windows {
            let value = |partner: usize, bin: usize| f64::from(window[partner][bin]);
            let of_window = mean((0..partners * bins).map(|at| value(at / bins, at % bins)));
            for bin in 0..bins {
                let of_bin = mean((0..partners).map(|partner| value(partner, bin)));
                for partner in 0..partners {
                    by_partner += (value(partner, bin) - of_bin).powi(2);
                    all += (value(partner, bin) - of_window).powi(2);
                }
            }
        }
        let found = share(&windows).unwrap();
        assert!((found - by_partner / all).abs() < 1e-12, "{found}");
        assert!(found > 0.5 && found < 1.0);
    }

    #[test]
    fn the_ends() {
        // The same beside every partner, and nothing but the partner.
        let same = vec![vec![0.1, 0.7, 0.2]; 4];
        assert_eq!(share(&[same.clone(), same]), Some(0.0));
        let partner: Vec<Vec<f32>> = [0.1, 0.5, 0.3].map(|value| vec![value; 4]).into();
        let found = share(&[partner]).unwrap();
        assert!((found - 1.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn one_partner_explains_nothing_and_neither_does_what_never_varies() {
        assert_eq!(share(&[vec![vec![0.1, 0.9]]]), None);
        assert_eq!(share(&[vec![vec![0.5, 0.5]; 3]]), None);
    }
}
