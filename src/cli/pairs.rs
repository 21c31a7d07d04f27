//! `epitrack pairs`

mod leakage;
mod make;
mod reference;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Command {
    Make(Box<make::Args>),
    Leakage(Box<leakage::Args>),
}
