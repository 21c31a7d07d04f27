//! `epitrack hub`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use epitrack::browser::hub::{self, Severity};
use epitrack::browser::tracks;
use epitrack::browser::tracks::{HubRequest, NOBODY};
use epitrack::text::BaseUrl;

use super::added_args::AddedArgs;
use super::genes_arg::GenesArg;
use super::stdout::print;

/// Make a UCSC track hub of folders of tracks, or check one
///
/// For one cell line or for several side by side:
///
///   epitrack hub --out hub GM12878=tracks/GM12878 K562=tracks/K562
///
/// Put the directory on a web server and give the browser the address of its hub.txt; with --base-url
/// the address that opens UCSC's browser with the hub is printed. An assembly that UCSC does not have is
/// brought along as 2bit, and with it the genes of --genes; those of other assemblies UCSC has.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// Folders of tracks, each with the cell line's name before it; the folder's name by default (that of the folder around it, if it is called tracks)
    #[arg(value_name = "[NAME=]DIR", required = true)]
    cells: Vec<String>,

    /// Directory to write into; made where missing
    #[arg(long, value_name = "DIR", required = true)]
    out: Option<PathBuf>,

    /// One word by which the browser knows the hub
    #[arg(long, default_value = "epitrack")]
    name: String,

    /// Its label in lists, at most 20 characters
    #[arg(long, value_name = "TEXT")]
    short_label: Option<String>,

    /// Its description in lists, at most 76 characters
    #[arg(long, value_name = "TEXT")]
    long_label: Option<String>,

    /// Whom to ask about it: browsers take no hub without an address
    #[arg(long, default_value = NOBODY)]
    email: String,

    #[command(flatten)]
    genes: GenesArg,

    #[command(flatten)]
    added: AddedArgs,

    /// The assembly, by UCSC's name, or with --sequence by one of your own; recognised from the
    /// chromosomes' lengths by default
    #[arg(long, value_name = "NAME")]
    genome: Option<String>,

    /// The sequence of an assembly that UCSC does not have; by default that of the first folder,
    /// where neither its chromosomes nor --genome say that UCSC has it
    #[arg(long, value_name = "FILE")]
    sequence: Option<PathBuf>,

    /// Write all settings into hub.txt
    #[arg(long)]
    one_file: bool,

    /// Where the directory lies on the web, or will lie: prints the address that opens it in UCSC's
    /// browser
    #[arg(long, value_name = "URL")]
    base_url: Option<BaseUrl>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(CheckArgs),
}

/// Check a hub without a network: settings, files, types, names, parents, subgroups, ranges
///
/// Follows the rules of UCSC's hubCheck, and fails where an error is found.
#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// The hub's directory, or its hub.txt
    dir: PathBuf,
}

impl Args {
    /// Writes or checks a hub.
    pub fn run(self) -> Result<()> {
        if let Some(Command::Check(args)) = self.command {
            return args.run();
        }
        let out = self.out.unwrap_or_default();
        let request = HubRequest {
            name: self.name,
            short_label: self.short_label,
            long_label: self.long_label,
            email: self.email,
            genome: self.genome,
            sequence: self.sequence,
            cells: self.cells.iter().map(|text| cell(text)).collect(),
            genes: self.genes.genes,
            added: self.added.add,
            one_file: self.one_file,
            base_url: self.base_url,
        };
        write(&request, &out)
    }
}

/// A cell line's name and folder. A folder whose path has an equals sign stands for itself.
fn cell(text: &str) -> (String, PathBuf) {
    let whole = Path::new(text);
    match text.split_once('=') {
        Some((name, dir)) if !whole.is_dir() => (name.to_string(), PathBuf::from(dir)),
        _ => (tracks::name_of(whole), whole.to_path_buf()),
    }
}

/// Writes the hub of one folder of tracks.
pub fn of_tracks(dir: &Path, out: &Path) -> Result<()> {
    let request = HubRequest {
        name: "epitrack".to_string(),
        email: NOBODY.to_string(),
        cells: vec![(tracks::name_of(dir), dir.to_path_buf())],
        ..HubRequest::default()
    };
    write(&request, out)
}

fn write(request: &HubRequest, out: &Path) -> Result<()> {
    let summary = tracks::write_hub(request, out)
        .with_context(|| format!("writing a hub into {}", out.display()))?;
    print(summary.hub.display())?;
    match summary.ucsc {
        Some(address) => print(address),
        None => Ok(()),
    }
}

impl CheckArgs {
    fn run(self) -> Result<()> {
        let findings = hub::check(&self.dir)?;
        for finding in &findings {
            print(finding)?;
        }
        let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let dir = self.dir.display();
        if errors > 0 {
            bail!("{dir}: {errors} errors, {warnings} warnings");
        }
        print(format_args!("{dir}: no errors, {warnings} warnings"))
    }
}
