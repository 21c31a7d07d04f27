//! What untrained networks capture, beside what this one does.

use super::analyses::{MATRIX, captured, interval, left, refused};
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

#[test]
fn profiles_of_untrained_networks_are_drawn_and_checked() {
    let point = |position| ProfilePoint {
        position,
        top: interval(2.0),
        mock: interval(1.0),
    };
    let figure = |untrained: Vec<Vec<(i32, f64)>>| {
        let profile = Profile {
            points: vec![point(-400), point(400)],
            regions: 7,
            mock_regions: 70,
            untrained,
        };
        let sides = Sides::new(profile, Profile::default());
        occupancy_profile("figure", "occupancy", 45, sides)
    };
    let known = |figure: &Figure| texts(figure).any(|text| text.letters.contains("untrained"));
    assert!(!known(&figure(Vec::new()).unwrap()));
    let curve = |middle| vec![vec![(-400, 1.0), (0, middle), (400, 1.0)]];
    let drawn = figure(curve(8.0)).unwrap();
    assert!(known(&drawn));
    // The axis reaches as far as they do.
    assert!(left(&drawn, "8") < left(&drawn, "2"));
    assert!(refused(figure(curve(f64::NAN))).contains("untrained"));
}
