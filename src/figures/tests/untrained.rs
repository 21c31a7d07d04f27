//! What untrained networks capture, beside what this one does.

use super::analyses::{MATRIX, captured, left, refused};
use super::*;

fn beside(untrained: Option<(f64, f64)>) -> CapturedMatrix<'static> {
    CapturedMatrix {
        untrained,
        ..MATRIX
    }
}

#[test]
fn untrained_networks_stand_behind_a_matrix() {
    let known = |figure: &Figure| texts(figure).any(|text| text.letters.contains("untrained"));
    assert!(!known(&captured(&[MATRIX]).unwrap()));
    let figure = captured(&[beside(Some((0.3, 0.6)))]).unwrap();
    assert!(known(&figure));
    // The axis reaches as far as they do.
    assert!(left(&figure, "0.6") < left(&figure, "0.2"));
    assert!(refused(captured(&[beside(Some((0.3, 1.6)))])).contains("untrained"));
}
