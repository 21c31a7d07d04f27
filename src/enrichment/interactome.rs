//! Which proteins are known to interact.
//!
//! The names of genes are compared in capitals. A row that names one gene twice makes no edge; it
//! says that the protein binds itself. Every format's own file states its rules.

mod biogrid;
mod builder;
mod graph;
mod options;
mod order;
mod reader;
mod row;
mod string;
mod two_column;

pub use graph::{Format, Interactome, Summary};
pub use options::ReadOptions;
pub use order::{Order, Orders};

#[cfg(test)]
mod tests;
