//! Everything that needs more than one module, a file or the program itself.

mod browser;
mod commands;
mod genome;
mod hub;
mod kernels;
mod network;
mod pairs;
mod real_data;
mod reference;
mod resume;
mod support;
mod tracks;
