//! Discs.

use super::drawing::{Drawing, Paint, Point, Step};
use super::plot::circle;

/// Discs of one paint as one path.
pub fn discs(drawing: &mut Drawing, places: &[Point], radius: f64, paint: Paint) {
    let steps = places.iter().flat_map(|place| circle(*place, radius));
    let steps: Vec<Step> = steps.collect();
    drawing.path(steps, paint);
}
