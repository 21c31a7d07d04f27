//! Quantiles as NumPy's default defines them.

/// The value below which a part `q` (0–1) of some sorted values lies, interpolated between its two
/// neighbours; nothing where there is no value.
///
/// Method 7 of Hyndman & Fan 1996 (doi:10.2307/2684934), with the arithmetic of `numpy.quantile`,
/// so that a value that falls on an edge falls on the same side of it here and there.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? as f64 * q.clamp(0.0, 1.0);
    let below = place.floor();
    let (part, below) = (place - below, below as usize);
    let (low, high) = (sorted[below], sorted[(below + 1).min(sorted.len() - 1)]);
    Some(if part < 0.5 {
        low + (high - low) * part
    } else {
        high - (high - low) * (1.0 - part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_numpys() {
        let values = [1.0, 2.0, 4.0, 8.0];
        let got: Vec<f64> = [0.0, 0.25, 0.5, 0.9, 1.0]
            .into_iter()
            .filter_map(|q| quantile(&values, q))
            .collect();
        // numpy.quantile([1, 2, 4, 8], [0, .25, .5, .9, 1])
        assert_eq!(got, [1.0, 1.75, 3.0, 6.800_000_000_000_001, 8.0]);
        assert_eq!(quantile(&[3.0], 0.7), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
