//! epitrack turns DNA sequence into genome-browser tracks of enhancer–promoter interactions.
//!
//! Each module knows only those above it in this list.

pub mod error;
pub mod output;
pub mod seed;

pub mod genome;
pub mod pairs;

pub mod device;
pub mod evaluation;
pub mod kernels;
pub mod model;
pub mod progress;

pub mod attention;
pub mod browser;
pub mod demo;
pub mod inference;
pub mod motifs;
pub mod provenance;
pub mod run;
pub mod simulate;
pub mod tracks;
pub mod training;
