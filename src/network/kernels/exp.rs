//! The exponential function in a form that compilers turn into vector instructions.

/// `eˣ` to about one unit in the last place. Below −87 and above 88, where the result would leave
/// the normal numbers, that of the nearer bound; NaN of NaN.
///
/// `eˣ = 2ⁿ · eʳ` with `n = round(x / ln 2)` and `|r| ≤ ln 2 / 2`; the polynomial for `eʳ` is that
/// of `expf` in the Cephes library (Moshier 1989).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// 1.5 · 2²³: added to a small number, it leaves that number's nearest integer in the low bits.
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // Comparisons that keep NaN, which `max` and `min` do not.
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN2_HIGH - n * LN2_LOW;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_2e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    (p * r * r + r + 1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for step in -87_000..=88_000 {
            let x = step as f32 / 1000.0;
            let wanted = f64::from(x).exp();
            let miss = (f64::from(exp(x)) - wanted).abs() / wanted;
            assert!(miss < 2e-7, "exp({x}) is off by {miss}");
        }
    }

    #[test]
    fn ends() {
        assert!(exp(f32::NAN).is_nan());
        assert_eq!(exp(f32::NEG_INFINITY), exp(-87.0));
        assert_eq!(exp(1e30), exp(88.0));
        assert_eq!(exp(0.0), 1.0);
    }
}
