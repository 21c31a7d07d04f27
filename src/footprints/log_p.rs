//! Probabilities on the two logarithmic scales.

/// A natural logarithm of a probability as −log10 p, which is what files show.
pub fn neg_log10(ln_p: f64) -> f64 {
    // Adding zero makes −0 a 0.
    -ln_p / std::f64::consts::LN_10 + 0.0
}

/// −log10 p as the natural logarithm of p.
pub fn ln(neg_log10: f64) -> f64 {
    -neg_log10 * std::f64::consts::LN_10
}
