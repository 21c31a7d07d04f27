//! `epitrack sessions`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use epitrack::browser::tracks::{self, Folder, SessionsRequest};
use epitrack::text::BaseUrl;

use super::added_args::AddedArgs;
use super::stdout::print;

/// Write the sessions of a folder of tracks anew: with tracks of your own, or to open from anywhere
///
/// epitrack tracks writes sessions for IGV, igv.js, JBrowse 2 and WashU that find their files by paths,
/// and so open where they lie beside them. With --base-url they open from anywhere, once the folder is
/// there:
///
///   epitrack sessions tracks/K562 --base-url https://lab.example.org/K562 --add DNase=dnase.bw
///
/// Tracks of your own go into the folder added of the tracks, as links where the disk allows it; BED and
/// narrowPeak become bigBeds. Prints the files, and the address that opens WashU's browser.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder of tracks
    dir: PathBuf,

    /// Where the folder lies on the web, or will lie
    #[arg(long, value_name = "URL")]
    base_url: Option<BaseUrl>,

    #[command(flatten)]
    added: AddedArgs,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
}

impl Args {
    /// Writes the sessions.
    pub fn run(self) -> Result<()> {
        let folder = Folder::open(&self.dir)?;
        let request = SessionsRequest {
            added: self.added.add,
            base_url: self.base_url,
            reference: self.reference,
        };
        let summary = tracks::write_sessions(&folder, &request)
            .with_context(|| format!("writing the sessions of {}", self.dir.display()))?;
        if summary.files.is_empty() {
            bail!("{}: there can be no sessions", self.dir.display());
        }
        for file in &summary.files {
            print(file.display())?;
        }
        match summary.washu {
            Some(address) => print(address),
            None => Ok(()),
        }
    }
}
