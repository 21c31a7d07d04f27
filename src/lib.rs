//! epitrack turns DNA sequence into genome-browser tracks of enhancer–promoter interactions.
//!
//! The rooms stand floor by floor, each of which knows only those above it in this list.
//! `tests/architecture.rs` holds them to it, and to who may name which library.

// What every room stands on.
pub mod error;
pub mod output;
pub mod progress;
pub mod seed;
pub mod text;

// The genome, and numbers.
pub mod element;
pub mod genome;
pub mod statistics;

pub mod attention;
pub mod evaluation;
pub mod pairs;

pub mod formats;

pub mod footprints;
pub mod motifs;

pub mod network;

pub mod enrichment;
pub mod figures;

pub mod run;

pub mod browser;

pub mod analysis;
pub mod compare;
pub mod tune;

pub mod simulate;

pub mod pipeline;
