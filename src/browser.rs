//! What a genome browser shows: tracks, hubs, sessions, a page, and the server that gives them out.

pub mod added;
mod genes;
pub mod hub;
pub mod serve;
pub mod session;
mod signal_range;
pub mod tracks;
pub mod view;

pub use signal_range::signal_range;
