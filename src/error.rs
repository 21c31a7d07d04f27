//! What can go wrong, in words that a user can act on.

mod difference;
mod row;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use difference::Difference;
use difference::lines;
use row::bad_rows;
pub use row::{BadRow, RowProblem};

/// The result of every fallible function of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error with the file, and where there is one the line, that it is about.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file is not what its format asks for.
    #[error("{}: {message}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// An address that cannot be listened on, most often because another program does.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// Rows of a table are wrong; all of them are counted, the first of each kind listed.
    #[error("{}", bad_rows(path, rows))]
    BadRows {
        /// The table.
        path: PathBuf,
        /// Every bad row, in the table's order.
        rows: Vec<BadRow>,
    },
    /// Several tables are wrong; each says how.
    #[error("{}", several(.0))]
    Several(Vec<Error>),
    /// A setting that makes no sense, alone or together with another.
    #[error("{0}")]
    Configuration(String),
    /// An input that something needs and that was not given.
    #[error("{what}")]
    Missing {
        /// What needs it.
        what: String,
        /// The input.
        input: MissingInput,
    },
    /// A folder that holds the work of other settings, inputs or another device.
    #[error("{}: holds {work} of other settings, inputs or another device{}", path.display(), lines(differences))]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// `a run` or `a search`.
        work: &'static str,
        /// What differs, as far as it is known.
        differences: Vec<Difference>,
    },
    /// A place that another process writes to.
    #[error("{}: {holder}", path.display())]
    Busy {
        /// The folder or file.
        path: PathBuf,
        /// The process, its machine, and for how long it has been writing.
        holder: String,
    },
    /// A checkpoint of other settings, inputs or another device.
    #[error("{}: belongs to a run of other settings, inputs or another device{}", path.display(), lines(differences))]
    OtherCheckpoint {
        /// The checkpoint.
        path: PathBuf,
        /// What differs, as far as it is known.
        differences: Vec<Difference>,
    },
    /// A training that is past the epochs that are asked for: of those before, only the best was kept.
    #[error("{}: the training has reached epoch {reached}, and which was the best of the first {asked} is not kept", path.display())]
    TooFewEpochs {
        /// The run, or its checkpoint.
        path: PathBuf,
        /// The epoch that it is in or has completed, from 1.
        reached: usize,
        /// The epochs that are asked for.
        asked: usize,
    },
    /// A run that cannot be trained further.
    #[error("{}: the training ended after {trained} epochs, and its state, checkpoint.safetensors, is not there any more", path.display())]
    NoCheckpoint {
        /// The run.
        path: PathBuf,
        /// The epochs that it has trained.
        trained: usize,
    },
    /// A checkpoint that cannot be read any more.
    #[error("{}: was written by another version of the program", path.display())]
    OldCheckpoint {
        /// The checkpoint.
        path: PathBuf,
    },
    /// A device that failed.
    #[error("{0}")]
    Device(String),
    /// WGPU was asked for and has no adapter that works.
    #[error("WGPU finds no adapter here")]
    NoAdapter,
    /// Shards that were computed by machines whose last digits may differ.
    #[error("the shards were computed by {}, whose last digits may differ", machines.join(" and by "))]
    MixedMachines {
        /// What each calls itself.
        machines: Vec<String>,
    },
    /// A number that cannot be computed from these data.
    #[error("{0}")]
    Undefined(String),
    /// A computation that left the real numbers.
    #[error("{0}")]
    NotFinite(String),
    /// A training that left the real numbers, as those with too large steps do.
    #[error("{0}")]
    Diverged(String),
    /// A search of which every training did.
    #[error("the training of every trial diverged")]
    EveryTrialDiverged,
}

/// An input that something needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingInput {
    /// Where the elements and genes of BENGI's tables lie.
    BengiAnnotation,
    /// The names of STRING's proteins.
    StringNames,
    /// TargetFinder's features of a cell line, or the assays to compute them from.
    Features {
        /// The cell line.
        cell: String,
    },
    /// What is known of pairs beside their sequence.
    Context,
    /// Motifs whose sites are counted.
    Motifs,
    /// Motifs that filters start as.
    InitialMotifs,
    /// An activity that the network learns.
    Activity,
}

impl Error {
    /// All bad rows of some tables that belong together.
    ///
    /// # Errors
    ///
    /// Where any of them has one: [`Error::BadRows`], or [`Error::Several`] of them.
    pub fn bad_rows<const N: usize>(tables: [(&Path, Vec<BadRow>); N]) -> Result<()> {
        let bad = tables.into_iter().filter(|(_, rows)| !rows.is_empty());
        let errors = bad.map(|(path, rows)| Self::BadRows {
            path: path.to_path_buf(),
            rows,
        });
        Self::all(errors.collect())
    }

    /// All of some errors together.
    ///
    /// # Errors
    ///
    /// Where there is any: it, or [`Error::Several`] of them.
    pub fn all(mut errors: Vec<Self>) -> Result<()> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Several(errors)),
        }
    }

    /// A [`Error::Format`] about `path`.
    pub fn format(path: impl Into<PathBuf>, message: impl fmt::Display) -> Self {
        Self::Format {
            path: path.into(),
            message: message.to_string(),
        }
    }
}

/// Adds the path to an [`io::Error`], which alone never names its file.
pub trait IoContext<T> {
    /// Turns the error into [`Error::Io`] about `path`.
    fn at(self, path: impl AsRef<Path>) -> Result<T>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn at(self, path: impl AsRef<Path>) -> Result<T> {
        self.map_err(|source| Error::Io {
            path: path.as_ref().to_path_buf(),
            source: match source.kind() {
                io::ErrorKind::UnexpectedEof => io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the file is truncated: it ends in the middle",
                ),
                _ => source,
            },
        })
    }
}

fn several(errors: &[Error]) -> String {
    let errors: Vec<String> = errors.iter().map(Error::to_string).collect();
    errors.join("\n")
}
