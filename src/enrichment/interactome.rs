//! Which proteins are known to interact.
//!
//! The names of genes are compared in capitals. A row that names one gene twice makes no edge; it
//! says that the protein binds itself. Every format's own file states its rules.

mod biogrid;
mod builder;
mod graph;
mod order;
mod reader;
mod row;
mod source;
mod string;
mod two_column;

pub use graph::{Format, Interactome, Summary};
pub use order::{Order, Orders};
pub use source::InteractomeSource;

#[cfg(test)]
mod tests;
