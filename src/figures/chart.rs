//! What stands on axes: scales and ticks, curves, marks, legends, panels.

pub mod axis;
pub mod colour_bar;
pub mod heat_map;
pub mod legend;
pub mod marker;
pub mod panels;
pub mod plot;
pub mod spread;
pub mod ticks;
pub mod unit_square;
