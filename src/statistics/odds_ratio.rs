//! How much more often something is found in one group than in another.

/// Those of a group with something and those without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Members that have it.
    pub with: u32,
    /// Members that do not.
    pub without: u32,
}

impl Group {
    /// `with` of the `size` members have it; `with` is at most `size`.
    pub fn of(with: u32, size: u32) -> Self {
        Self {
            with,
            without: size.saturating_sub(with),
        }
    }

    fn odds(self) -> f64 {
        (f64::from(self.with) + 0.5) / (f64::from(self.without) + 0.5)
    }
}

/// The odds in the first group over those in the second, with 0.5 added to each of the four counts
/// (Haldane 1956, Anscombe 1956), so that it is finite and positive for all counts.
pub fn odds_ratio(one: Group, other: Group) -> f64 {
    one.odds() / other.odds()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_added_to_each_count() {
        let ratio = odds_ratio(Group::of(1, 3), Group::of(3, 7));
        assert!((ratio - (1.5 / 2.5) / (3.5 / 4.5)).abs() < 1e-15);
        assert!(odds_ratio(Group::of(0, 0), Group::of(5, 5)).is_finite());
    }
}
