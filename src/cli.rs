//! The command line. Each subcommand turns its arguments into a domain configuration and makes
//! one call into the library.

mod added_args;
mod advice;
mod annot;
mod annotation_args;
mod bench;
mod compare;
mod compare_tracks;
mod completions;
mod context_args;
mod contributions;
mod crispr;
mod demo;
mod device;
mod enrich;
mod evaluate;
mod filters;
mod footprints;
mod genes_arg;
mod given;
mod hub;
mod inputs;
mod knockout;
mod logging;
mod man;
mod memory;
mod merge;
mod motif_args;
mod motifs;
mod network;
mod one_of;
mod pairs;
mod plot;
mod probe_device;
mod progress;
mod provenance;
mod remote;
mod run;
mod schedule;
mod serve;
mod sessions;
mod simulate;
mod stdout;
mod stop;
mod tracks;
mod train;
mod tune;
mod variants;
mod view;

use std::ffi::OsString;

use anyhow::{Result, anyhow};
use clap::{CommandFactory, Parser, Subcommand};
use epitrack::output;
use tracing::warn;

pub use advice::in_words;

/// Turn DNA sequence into genome-browser tracks of enhancer–promoter interactions.
///
/// Trains EPIANN, an attention network (Mao, Kostka & Chikina 2017), on labelled
/// enhancer–promoter pairs, then runs every pair and writes what a genome browser shows: where in
/// each element the network collects what it knows, and how probable it finds an interaction.
///
/// Begin with `epitrack demo`, which needs no input.
#[derive(Debug, Parser)]
#[command(name = "epitrack", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Say more (-vv: still more)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,

    /// Wait where another command writes to the same place, instead of ending
    #[arg(long, global = true)]
    wait: bool,

    /// Say only what goes wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Threads to use; all cores by default
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Simulate(simulate::Args),
    /// Make tables of pairs, and see what a split of one leaks
    #[command(subcommand)]
    Pairs(pairs::Command),
    Train(Box<train::Args>),
    Tune(Box<tune::Args>),
    Compare(Box<compare::Args>),
    // What compare was called.
    #[command(hide = true)]
    Benchmark(Box<compare::Args>),
    Crispr(Box<crispr::Args>),
    Evaluate(evaluate::Args),
    Tracks(tracks::Args),
    Contributions(Box<contributions::Args>),
    Merge(merge::Args),
    Run(run::Args),
    /// Work with motifs of transcription factors
    #[command(subcommand)]
    Motifs(motifs::Command),
    /// Find where bound proteins keep DNase I or Tn5 from cutting
    #[command(subcommand)]
    Footprints(footprints::Command),
    Enrich(Box<enrich::Args>),
    CompareTracks(Box<compare_tracks::Args>),
    Filters(filters::Args),
    Variants(Box<variants::Args>),
    Annot(annot::Args),
    Knockout(Box<knockout::Args>),
    Hub(hub::Args),
    Sessions(sessions::Args),
    Provenance(provenance::Args),
    View(view::Args),
    Plot(plot::Args),
    Serve(serve::Args),
    Bench(bench::Args),
    Completions(completions::Args),
    Man(man::Args),
    #[command(hide = true)]
    ProbeDevice(probe_device::Args),
}

/// Parses the arguments and runs the command.
pub fn run() -> Result<()> {
    memory::keep_freed();
    let cli = Cli::parse();
    logging::set_up(cli.verbose, cli.quiet);
    if cli.wait {
        output::wait_for_others();
    }
    // A server ends in its own way.
    if !matches!(cli.command, Command::Serve(_)) {
        stop::set_up()?;
    }
    // None given, as many as there are cores; rayon would panic where they cannot be started.
    rayon::ThreadPoolBuilder::new()
        .num_threads(cli.threads.unwrap_or(0))
        .build_global()
        .map_err(|error| anyhow!("starting the threads: {error}"))?;
    let progress = progress::Bars::new(cli.quiet);
    // Only a command that makes sense has its inputs fetched.
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match remote::fetched(&arguments, &progress)? {
        Some(arguments) => Cli::parse_from(arguments),
        None => cli,
    };
    cli.command.run(&progress)
}

impl Command {
    fn run(self, progress: &progress::Bars) -> Result<()> {
        match self {
            Self::Demo(args) => args.run(progress),
            Self::Simulate(args) => args.run(),
            Self::Pairs(pairs::Command::Make(args)) => args.run(),
            Self::Pairs(pairs::Command::Leakage(args)) => args.run(progress),
            Self::Train(args) => args.run(progress),
            Self::Tune(args) => args.run(progress),
            Self::Compare(args) => args.run(progress),
            Self::Benchmark(args) => {
                warn!("epitrack benchmark is now called epitrack compare");
                args.run(progress)
            }
            Self::Crispr(args) => args.run(progress),
            Self::Evaluate(args) => args.run(progress),
            Self::Tracks(args) => args.run(progress),
            Self::Contributions(args) => args.run(progress),
            Self::Merge(args) => args.run(progress),
            Self::Run(args) => args.run(progress),
            Self::Motifs(motifs::Command::Scan(args)) => args.run(progress),
            Self::Footprints(footprints::Command::Call(args)) => args.run(progress),
            Self::Enrich(args) => args.run(progress),
            Self::CompareTracks(args) => args.run(progress),
            Self::Filters(args) => args.run(progress),
            Self::Variants(args) => args.run(progress),
            Self::Annot(args) => args.run(),
            Self::Knockout(args) => args.run(progress),
            Self::Hub(args) => args.run(),
            Self::Sessions(args) => args.run(),
            Self::Provenance(args) => args.run(),
            Self::View(args) => args.run(),
            Self::Plot(args) => args.run(progress),
            Self::Serve(args) => args.run(),
            Self::Bench(args) => args.run(progress),
            Self::Completions(args) => args.run(&mut Cli::command()),
            Self::Man(args) => args.run(Cli::command()),
            Self::ProbeDevice(args) => args.run(),
        }
    }
}
