//! EPIANN, the attention network, and all that touches the deep-learning framework.

pub mod activity;
pub mod bench;
mod block;
pub mod contribution;
pub mod device;
pub mod inference;
pub mod kernels;
pub mod model;
pub mod training;
