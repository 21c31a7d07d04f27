//! The two operations that most of the model's time goes into.
//!
//! Each is written here as a composition of plain tensor operations: the readable reference that
//! any faster form has to agree with, in its values and in its gradients.

pub mod additive_attention;
pub mod sequence_encoder;
