//! What goes into the gradients of a pair's scores, and where they go.

/// The projections of a pair and what the gradients of its scores become.
pub struct Gradients<'a> {
    /// `[l_E, d]`
    pub enhancer: &'a [f32],
    /// `[l_P, d]`
    pub promoter: &'a [f32],
    /// `[d]`
    pub score: &'a [f32],
    /// The gradients of the scores: `[l_E, l_P]`.
    pub scores: &'a [f32],
    /// That of the enhancer's projections, to be filled in: `[l_E, d]`.
    pub gradient_e: &'a mut [f32],
    /// That of the promoter's, likewise: `[l_P, d]`.
    pub gradient_p: &'a mut [f32],
    /// That of the score, likewise: `[d]`.
    pub gradient_v: &'a mut [f32],
}
