//! Everything that needs more than one module, a file or the program itself.

mod advice;
mod architecture;
mod baselines;
mod browser;
mod choices;
mod commands;
mod compare;
mod devices;
mod enrich;
mod figure1;
mod footprints;
mod genome;
mod hub;
mod kernels;
mod motifs;
mod network;
mod pairing;
mod pairs;
mod pairs_make;
mod real_data;
mod reference;
mod resume;
mod simulate;
mod support;
mod tracks;
mod tune;
