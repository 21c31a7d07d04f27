//! epitrack turns DNA sequence into genome-browser tracks of enhancer–promoter interactions.
//!
//! The rooms, each of which knows only those above it. Only `kernels`, `model`, `device`,
//! `inference`, `training` and `bench` touch burn, only `genome`, `footprints`, `browser` and
//! `simulate` noodles, only `browser` bigtools, only `figures` tiny-skia, only `serve` the network.

pub mod error;
pub mod escape;
pub mod output;
pub mod progress;
pub mod provenance;
pub mod quantile;
pub mod seed;
pub mod text;

pub mod genome;
pub mod motifs;
pub mod pairs;

pub mod kernels;
pub mod model;

pub mod attention;
pub mod browser;
pub mod evaluation;
pub mod figures;
pub mod report;

pub mod baselines;
pub mod enrichment;
pub mod footprints;
pub mod scan;

pub mod annotation;

pub mod device;
pub mod inference;
pub mod training;

pub mod bench;
pub mod run;
pub mod serve;
pub mod tracks;
pub mod tune;

pub mod benchmark;

pub mod analysis;
pub mod plot;

pub mod simulate;

pub mod demo;
