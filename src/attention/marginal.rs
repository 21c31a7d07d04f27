//! From attention between bins to that of each bin.

use crate::element::Sides;

/// The marginal attention of each bin: the most that any bin of the other side pays it.
///
/// # Shapes
///
/// - matrices: `l_E` rows of `l_P` values each, row by row
/// - promoter_bins: `l_P`
/// - returns: `[l_E]` and `[l_P]`
pub fn marginal(matrices: Sides<&[f32]>, promoter_bins: usize) -> Sides<Vec<f32>> {
    let most = |value: f32, next: &f32| value.max(*next);
    let rows = matrices.enhancer.chunks(promoter_bins);
    let columns = (0..promoter_bins).map(|bin| {
        let column = matrices.promoter.iter().skip(bin);
        column.step_by(promoter_bins)
    });
    Sides::new(
        rows.map(|row| row.iter().fold(0.0, most)).collect(),
        columns.map(|column| column.fold(0.0, most)).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_give_their_largest() {
        let [enhancer, promoter] = [
            [0.1, 0.4, 0.3, 0.2, 0.6, 0.4],
            [0.5, 0.2, 0.3, 0.1, 0.8, 0.1],
        ];
        let found = marginal(Sides::new(&enhancer, &promoter), 3);
        assert_eq!(found, Sides::new(vec![0.4, 0.6], vec![0.5, 0.8, 0.3]));
    }
}
